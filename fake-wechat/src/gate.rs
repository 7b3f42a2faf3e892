//! What every call of WeChat's passes: it is counted, a chunked body is refused, a fault asked for is played,
//! and the answer leaves under WeChat's own content types.

use std::{io, time::Duration};

use actix_web::{
    Error, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue, TRANSFER_ENCODING},
    middleware::Next,
    web::{Bytes, Data},
};
use futures_util::stream;

use crate::{
    answer::Refused,
    clock::pause,
    controls::{Controls, Fault},
};

/// Longer than any caller waits.
const LONGEST: Duration = Duration::from_secs(120);

pub(crate) async fn pass(
    controls: Data<Controls>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, Error> {
    let path = request.path().to_owned();
    let fault = controls.with(|world, now_ms| world.called(&path, now_ms));
    if request.headers().contains_key(TRANSFER_ENCODING) {
        return Ok(request.into_response(HttpResponse::PreconditionFailed().finish()));
    }
    let mut response = match fault {
        Some(Fault::Errcode(code)) => {
            request.into_response(controls.answer(|_, _| Err(Refused(code))))
        }
        Some(Fault::Lose) => return Ok(request.into_response(dropped())),
        _ => next.call(request).await?.map_into_boxed_body(),
    };
    match fault {
        Some(Fault::SlowMs(ms)) => pause(Duration::from_millis(ms)).await,
        Some(Fault::Drop) => return Ok(response.into_response(dropped())),
        Some(Fault::Hang) => {
            // Over for WeChat: whoever it was for may be sent the next one.
            response = response.into_response(dropped());
            pause(LONGEST).await;
            return Ok(response);
        }
        Some(Fault::Errcode(_) | Fault::Lose) | None => {}
    }
    if response.status().is_success() && !response.headers().contains_key(CONTENT_DISPOSITION) {
        response.headers_mut().insert(CONTENT_TYPE, content_type(&path));
    }
    Ok(response)
}

/// Login is served as text; everything else says `encoding` where others say `charset`.
fn content_type(path: &str) -> HeaderValue {
    HeaderValue::from_static(if path.starts_with("/sns/") {
        "text/plain"
    } else {
        "application/json; encoding=utf-8"
    })
}

/// actix writes the head together with the first of the body; where that fails, nothing leaves at all.
fn dropped() -> HttpResponse {
    let cut = io::Error::new(io::ErrorKind::ConnectionAborted, "dropped on command");
    HttpResponse::Ok().streaming(stream::once(async { Err::<Bytes, _>(cut) }))
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::{SocketAddr, TcpListener, TcpStream},
    };

    use actix_web::{rt, test::TestRequest, web::block};
    use serde_json::json;

    use crate::testing::{self, APP_ID, LOGIN, PHONE, controls};

    use super::*;

    #[actix_web::test]
    async fn a_chunked_body_is_refused() {
        let controls = controls();
        let request = TestRequest::post()
            .uri("/cgi-bin/stable_token")
            .insert_header((TRANSFER_ENCODING, "chunked"))
            .set_payload("{}");
        assert_eq!(testing::send(&controls, request).await.status, 412);
        assert_eq!(controls.calls()["/cgi-bin/stable_token"], 1);
    }

    #[actix_web::test]
    async fn faults_are_played_in_order_and_then_over() {
        let controls = controls();
        controls.fault(PHONE, 2, Fault::Errcode(-1));
        controls.fault(PHONE, 1, Fault::Errcode(45011));
        for code in [-1, -1, 45011, 41001] {
            let seen = testing::post(&controls, PHONE, json!({ "code": "x" })).await;
            assert_eq!(seen.json["errcode"], code);
        }
        assert_eq!(controls.calls()[PHONE], 4);
    }

    /// Logs that user in over a socket, and reads until nothing comes any more.
    async fn log_in(address: SocketAddr, name: &str) -> Vec<u8> {
        let query = format!("appid={APP_ID}&secret=not%20a%20secret&js_code=dev:{name}");
        let head = format!("GET {LOGIN}?{query}&grant_type=authorization_code HTTP/1.1");
        let read = block(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.set_read_timeout(Some(Duration::from_millis(400))).unwrap();
            write!(stream, "{head}\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
            let mut answer = Vec::new();
            // A reset is no answer either, nor is silence.
            let _ = stream.read_to_end(&mut answer);
            answer
        });
        read.await.unwrap()
    }

    #[actix_web::test]
    async fn without_an_answer_a_call_may_have_been_carried_out_or_not() {
        let controls = controls();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = crate::serve(listener, controls.clone()).unwrap();
        let handle = server.handle();
        rt::spawn(server);

        for (name, fault, done) in
            [("a", Fault::Drop, true), ("b", Fault::Hang, true), ("c", Fault::Lose, false)]
        {
            controls.fault(LOGIN, 1, fault);
            assert_eq!(log_in(address, name).await, b"", "{fault:?}");
            let known = controls.with(|world, _| world.users.contains_key(&controls.openid(name)));
            assert_eq!(known, done, "{fault:?}");
        }
        assert!(log_in(address, "d").await.starts_with(b"HTTP/1.1 200 OK"));
        assert_eq!(controls.calls()[LOGIN], 4);
        handle.stop(false).await;
    }
}
