//! The floors of a benchmark: the same program once more, in a process of its own like the service.

use std::process::{Child, Command};

use crate::helpers::{self, process::free_address, servers};

/// It ends with its value.
pub struct Bare {
    child: Child,
    pub address: String,
}

impl Bare {
    /// Starts `floors <address> <args>` of this program.
    ///
    /// # Panics
    /// When it does not answer.
    pub async fn start(args: &[&str]) -> Self {
        let address = free_address();
        let mut bare = Command::new(std::env::current_exe().expect("this program"));
        let child = bare.args(["floors", &address]).args(args).spawn().expect("it starts");
        servers::note_process("floors", child.id());
        helpers::eventually("the floors answer", async || {
            tokio::net::TcpStream::connect(&address).await.is_ok()
        })
        .await;
        Self { child, address }
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
