//! Phones as plain as can be: each a connection that is kept open, requests written as bytes, answers read by their
//! length. On few cores a comfortable client would cost more than the service it measures.

use std::time::Duration;

use futures_util::future::join_all;
use linli::kernel::clock::{Stopwatch, pause};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// One phone.
pub struct Phone {
    line: TcpStream,
    read: Vec<u8>,
}

impl Phone {
    /// # Panics
    /// When nobody listens at `address`, `host:port`.
    pub async fn at(address: &str) -> Self {
        let line = TcpStream::connect(address).await.expect("somebody listens");
        line.set_nodelay(true).expect("a socket");
        Self { line, read: Vec::with_capacity(4096) }
    }

    /// Sends a request and waits for the whole answer; its status.
    ///
    /// # Panics
    /// When the line breaks.
    pub async fn asks(&mut self, request: &[u8]) -> u16 {
        self.line.write_all(request).await.expect("the line holds");
        self.read.clear();
        loop {
            let more = self.line.read_buf(&mut self.read).await.expect("the line holds");
            assert!(more > 0, "the line was closed");
            if let Some(status) = whole(&self.read) {
                return status;
            }
        }
    }
}

/// The status of an answer that has arrived whole.
fn whole(read: &[u8]) -> Option<u16> {
    let end = read.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&read[..end]).expect("a head of text");
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    let status = head.get(9..12).and_then(|three| three.parse().ok()).expect("a status");
    // One that says that nothing changed has no body.
    let length = length.or_else(|| (status == 304).then_some(0));
    let length = length.expect("an answer says how long it is");
    (read.len() >= end + 4 + length).then_some(status)
}

/// The bytes of a request without a body.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: linli\r\nContent-Length: 0\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.into_bytes()
}

/// What came of many requests.
pub struct Told {
    pub a_second: f64,
    /// Milliseconds each took.
    pub waits: Vec<f64>,
    /// Status, and when it was heard, milliseconds after the first request.
    pub heard: Vec<(u16, f64)>,
}

/// Each list of requests over a connection of its own, one after another, all lists at once.
///
/// # Panics
/// When the service cannot be reached.
pub async fn ask_all(address: &str, lists: Vec<Vec<Vec<u8>>>) -> Told {
    ask(address, lists, None).await
}

/// The same, so many a second in all. Each counts from the moment at which it was due, so that none that had to wait is
/// left out.
///
/// # Panics
/// When the service cannot be reached.
pub async fn ask_paced(address: &str, lists: Vec<Vec<Vec<u8>>>, rate: f64) -> Told {
    ask(address, lists, Some(rate)).await
}

#[allow(clippy::cast_precision_loss)]
async fn ask(address: &str, lists: Vec<Vec<Vec<u8>>>, rate: Option<f64>) -> Told {
    let phones = join_all(lists.iter().map(|_| Phone::at(address))).await;
    let (watch, lines) = (Stopwatch::start(), lists.len());
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    let asked = phones.into_iter().zip(lists).enumerate().map(|(line, (mut phone, list))| {
        tokio::spawn(async move {
            let mut all = Vec::with_capacity(list.len());
            for (place, request) in list.into_iter().enumerate() {
                let mut began = watch.elapsed();
                if let Some(rate) = rate {
                    let due = Duration::from_secs_f64((place * lines + line) as f64 / rate);
                    pause(due.saturating_sub(began)).await;
                    began = due;
                }
                let status = phone.asks(&request).await;
                let heard = watch.elapsed();
                all.push((status, ms(heard), ms(heard.saturating_sub(began))));
            }
            all
        })
    });
    let all: Vec<_> =
        join_all(asked).await.into_iter().flat_map(|one| one.expect("it ends")).collect();
    Told {
        a_second: all.len() as f64 / watch.elapsed().as_secs_f64(),
        waits: all.iter().map(|(_, _, wait)| *wait).collect(),
        heard: all.iter().map(|(status, heard, _)| (*status, *heard)).collect(),
    }
}
