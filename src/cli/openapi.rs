//! `linli openapi`.

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::Context;
use clap::Args;

use crate::{app, document};

#[derive(Debug, Args)]
pub struct Openapi {
    /// 写到文件，不写到屏幕 (write it to a file)
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Openapi {
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let text = document::text(&app::routes_and_document())?;
        match &self.out {
            None => print!("{text}"),
            Some(file) => fs::write(file, text)
                .with_context(|| format!("写不了 {} (cannot be written)", file.display()))?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
