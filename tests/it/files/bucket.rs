//! Photos in a bucket: a small server speaks the few calls of S3 that are used, and looks at how they are signed.

use std::{
    collections::HashMap,
    net::TcpListener,
    sync::{Arc, Mutex},
    time::Duration,
};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    web::{self, Bytes, Data, PayloadConfig},
};
use linli::file;

use crate::helpers::{Expect, TestApp, photo};

use super::behind;

type Shelf = Arc<Mutex<HashMap<String, Bytes>>>;

/// Objects by path, as an S3-compatible service keeps them.
async fn serve(http: HttpRequest, body: Bytes, shelf: Data<Shelf>) -> HttpResponse {
    let signed = http.headers().get("Authorization").and_then(|value| value.to_str().ok());
    let signed = signed.unwrap_or_default();
    if !signed.starts_with("AWS4-HMAC-SHA256 Credential=linli-key/")
        || !signed.contains("/guizhou/s3/aws4_request")
    {
        return HttpResponse::Forbidden().finish();
    }
    let (path, mut shelf) = (http.path().to_owned(), shelf.lock().unwrap());
    match http.method().as_str() {
        "PUT" => {
            shelf.insert(path, body);
            HttpResponse::Ok().insert_header(("ETag", "\"1\"")).finish()
        }
        "GET" => match shelf.get(&path) {
            Some(object) => HttpResponse::Ok()
                .insert_header(("ETag", "\"1\""))
                .insert_header(("Last-Modified", "Sun, 22 Nov 2026 02:00:00 GMT"))
                .body(object.clone()),
            None => HttpResponse::NotFound().body("<Error><Code>NoSuchKey</Code></Error>"),
        },
        "DELETE" => {
            shelf.remove(&path);
            HttpResponse::NoContent().finish()
        }
        _ => HttpResponse::NotImplemented().finish(),
    }
}

/// The server's address; it ends with the test process.
fn bucket(shelf: &Shelf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let shelf = shelf.clone();
    let server = HttpServer::new(move || {
        App::new()
            .app_data(Data::new(shelf.clone()))
            .app_data(PayloadConfig::new(16 << 20))
            .default_service(web::to(serve))
    });
    tokio::spawn(server.workers(1).disable_signals().listen(listener).unwrap().run());
    url
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn photos_rest_in_a_bucket_and_leave_it() {
    for virtual_hosted in [false, true] {
        let shelf = Shelf::default();
        let app = TestApp::with(&[
            ("files.store", "s3://photos".into()),
            ("files.endpoint", bucket(&shelf)),
            ("files.region", "guizhou".into()),
            ("files.key_id", "linli-key".into()),
            ("files.secret", "hush".into()),
            ("files.virtual_hosted", virtual_hosted.to_string()),
        ])
        .await;
        let wang = app.resident("王阿姨").await;
        let taken = wang.uploads_as("file", "/files", &photo()).await.ok();
        let names: Vec<_> = shelf.lock().unwrap().keys().cloned().collect();
        assert_eq!(names.len(), 2);
        let within = if virtual_hosted { "/" } else { "/photos/" };
        assert!(names.iter().all(|name| name.starts_with(within)), "{names:?}");
        assert!(!names.iter().any(|name| name.contains(taken["id"].as_str().unwrap())));
        assert_eq!(behind(&app, &taken["url"]).await.status, 200);
        app.advance(Duration::from_secs(25 * 3600));
        assert_eq!(file::tidy(&app.state).await.unwrap(), 1);
        assert_eq!(shelf.lock().unwrap().len(), 0);
    }
}
