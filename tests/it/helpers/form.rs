//! A file sent as a browser's form sends it.

use linli::stage::Reply;
use reqwest::{Method, RequestBuilder};

use super::Person;

const EDGE: &str = "--linli-test-edge";

/// The body of a form with one file, called `file`.
pub fn of(name: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!(
        "--{EDGE}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    [head.as_bytes(), bytes, format!("\r\n--{EDGE}--\r\n").as_bytes()].concat()
}

pub fn onto(request: RequestBuilder, form: Vec<u8>) -> RequestBuilder {
    let kind = format!("multipart/form-data; boundary={EDGE}");
    request.header("Content-Type", kind).body(form)
}

/// Sends a form; `path` below `/api/v1`.
pub async fn send(who: &Person, path: &str, form: Vec<u8>) -> Reply {
    let request = onto(who.request(Method::POST, path), form);
    who.send(request).await.expect("an answer")
}
