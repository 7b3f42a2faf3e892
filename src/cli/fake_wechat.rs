//! `linli fake-wechat`: the stand-in for WeChat, for the mini program of the settings.

use std::{net::TcpListener, process::ExitCode};

use anyhow::bail;
use clap::Args;
use fake_wechat::{Clock, Options};

use crate::{lifecycle::Signals, server::explain};

use super::Globals;

#[derive(Debug, Args)]
pub struct FakeWechat {
    /// 监听的地址 (where to listen)
    #[arg(long, default_value = "127.0.0.1:8090", value_name = "ADDRESS")]
    listen: String,
}

impl FakeWechat {
    pub async fn run(&self, globals: &Globals) -> anyhow::Result<ExitCode> {
        let settings = globals.begin()?;
        if settings.is_production() {
            bail!("生产环境不用替身 (there is no stand-in in production)");
        }
        let bound = TcpListener::bind(&self.listen);
        let listener = explain(bound, &self.listen, "--listen 127.0.0.1:18090")?;
        let mut signals = Signals::listen()?;
        let options = Options {
            app_id: settings.wechat.app_id,
            secret: settings.wechat.secret,
            clock: Clock::system(),
        };
        let mut server = fake_wechat::serve(listener, options)?;
        println!("微信替身 stand-in for WeChat: http://{}", self.listen);
        tokio::select! {
            ended = &mut server => ended?,
            _ = signals.next() => {
                let stopping = server.handle().stop(true);
                tokio::join!(stopping, server).1?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
