//! `linli fake-wechat`: the stand-in for WeChat, for the mini program of the settings.

use std::{net::TcpListener, process::ExitCode};

use anyhow::bail;
use clap::Args;
use fake_wechat::{Clock, Controls, Options, PushTarget, Wording};

use crate::{lifecycle::Signals, platform::wechat::WechatSettings, server::explain};

use super::Globals;

#[derive(Debug, Args)]
pub struct FakeWechat {
    /// 监听的地址 (where to listen)
    #[arg(long, default_value = "127.0.0.1:8090", value_name = "ADDRESS")]
    listen: String,
    /// 消息推送的地址，例如 http://127.0.0.1:8080/wechat/push；不写就不推送 (where to push)
    #[arg(long, value_name = "URL")]
    push_url: Option<String>,
    /// 推送的 Token，默认同配置 wechat.push_token (its token)
    #[arg(long, value_name = "TOKEN")]
    push_token: Option<String>,
    /// 推送的 EncodingAESKey，默认是 wechat.push_keys 的第一把；写空串就是明文模式 (its key, empty for plaintext)
    #[arg(long, value_name = "KEY")]
    push_key: Option<String>,
    /// 用 XML 推送，不用 JSON (XML instead of JSON)
    #[arg(long)]
    push_xml: bool,
}

impl FakeWechat {
    /// What would stand in WeChat's console; the server reads it by the same settings.
    fn push_target(&self, settings: &WechatSettings) -> Option<PushTarget> {
        let newest = settings.push_keys.split(',').next().unwrap_or_default().trim();
        let key = self.push_key.as_deref().unwrap_or(newest);
        Some(PushTarget {
            url: self.push_url.clone()?,
            token: self.push_token.clone().unwrap_or_else(|| settings.push_token.clone()),
            aes_key: (!key.is_empty()).then(|| key.to_owned()),
            wording: Wording { xml: self.push_xml, ..Wording::default() },
        })
    }

    pub async fn run(&self, globals: &Globals) -> anyhow::Result<ExitCode> {
        let settings = globals.begin()?;
        if settings.is_production() {
            bail!("生产环境不用替身 (there is no stand-in in production)");
        }
        let bound = TcpListener::bind(&self.listen);
        let listener = explain(bound, &self.listen, "--listen 127.0.0.1:18090")?;
        let mut signals = Signals::listen()?;
        let controls: Controls = Options {
            app_id: settings.wechat.app_id.clone(),
            secret: settings.wechat.secret.clone(),
            clock: Clock::system(),
        }
        .into();
        controls.push_to(self.push_target(&settings.wechat));
        let mut server = fake_wechat::serve(listener, controls)?;
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
