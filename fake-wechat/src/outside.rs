//! What the stand-in asks of others: pictures it is to look at, and the receiver of its push. It goes straight to
//! them, through no proxy.

use std::time::Duration;

use actix_web::web::Bytes;
use reqwest::{Client, header::CONTENT_TYPE, redirect};

use crate::pushes::{Letter, Try};

/// As patient as WeChat with a picture.
const PATIENCE: Duration = Duration::from_secs(10);
/// And with the receiver of its push.
const DEADLINE: Duration = Duration::from_secs(5);

fn client() -> Result<Client, String> {
    // Installed already is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().no_proxy().redirect(redirect::Policy::none());
    client.tls_certs_only([]).build().map_err(|error| error.to_string())
}

/// Hands a push over.
pub(crate) async fn post(letter: &Letter) -> Try {
    let answered = async {
        let request = client()?.post(&letter.url).timeout(DEADLINE);
        let request = request.header(CONTENT_TYPE, letter.content_type).body(letter.body.clone());
        let answer = request.send().await.map_err(why)?;
        Ok::<_, String>((answer.status().as_u16(), answer.text().await.map_err(why)?))
    };
    match answered.await {
        Ok((status, said)) => Try { status: Some(status), said: said.trim().to_owned() },
        Err(said) => Try { status: None, said },
    }
}

fn why(error: reqwest::Error) -> String {
    match () {
        () if error.is_timeout() => "没有及时回答 (no answer in time)".into(),
        () if error.is_connect() => "连不上 (nobody there)".into(),
        () => error.without_url().to_string(),
    }
}

/// Fetches what lies at `url`, up to that many bytes.
pub(crate) async fn fetch(url: &str, most: usize) -> Result<Bytes, String> {
    let answer = client()?.get(url).timeout(PATIENCE).send().await.map_err(why)?;
    let answer = answer.error_for_status().map_err(why)?;
    let bytes = answer.bytes().await.map_err(why)?;
    if bytes.is_empty() || bytes.len() > most {
        Err("empty or too large".into())
    } else {
        Ok(bytes)
    }
}
