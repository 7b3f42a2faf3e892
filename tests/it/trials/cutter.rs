//! A line that breaks: passes requests on whole and cuts each reply after a number of bytes that chance draws.

use linli::kernel::Rng;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, tcp::OwnedReadHalf},
    task::JoinHandle,
};

use super::place::draw;

/// Twice the length of a claim's reply: about every other one arrives whole.
const LONGEST: usize = 4_000;

/// A way to a replica that cuts; it ends with its value.
pub struct Cutter {
    pub url: String,
    listens: JoinHandle<()>,
}

impl Cutter {
    pub async fn before(url: &str, rng: &Rng) -> Self {
        let there = url.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let rng = rng.clone();
        let listens = tokio::spawn(async move {
            while let Ok((here, _)) = listener.accept().await {
                let (there, cut) = (there.clone(), draw(&rng, LONGEST));
                tokio::spawn(async move { passes(here, &there, cut).await });
            }
        });
        Self { url, listens }
    }
}

impl Drop for Cutter {
    fn drop(&mut self) {
        self.listens.abort();
    }
}

/// The request reaches the service whole, whatever becomes of the reply.
async fn passes(here: TcpStream, there: &str, cut: usize) -> Option<()> {
    let there = TcpStream::connect(there).await.ok()?;
    let (mut from_phone, mut to_phone) = here.into_split();
    let (from_service, mut to_service) = there.into_split();
    let asks = tokio::spawn(async move {
        drop(tokio::io::copy(&mut from_phone, &mut to_service).await);
    });
    let mut reply = up_to(from_service, cut).await;
    reply.truncate(cut);
    drop(to_phone.write_all(&reply).await);
    asks.abort();
    Some(())
}

async fn up_to(mut from: OwnedReadHalf, cut: usize) -> Vec<u8> {
    let (mut read, mut chunk) = (Vec::new(), [0; 512]);
    while read.len() < cut {
        match from.read(&mut chunk).await {
            Ok(n) if n > 0 => read.extend_from_slice(&chunk[..n]),
            _ => break,
        }
    }
    read
}
