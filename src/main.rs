//! The command line: `linli --help`.

use std::{process::ExitCode, time::Duration};

use clap::Parser;
use linli::{cli::Cli, identity};

fn main() -> ExitCode {
    // Before anything that speaks TLS or reads a token; installed already is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    identity::install_token_crypto();
    let cli = Cli::parse();
    if cli.only_tells() {
        // Whoever reads it may stop reading.
        sigpipe::reset();
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("✗ 启动不了运行时 (cannot start the runtime): {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(cli.run());
    runtime.shutdown_timeout(Duration::from_secs(1));
    code
}
