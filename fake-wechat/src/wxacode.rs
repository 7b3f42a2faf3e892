//! `POST /wxa/getwxacodeunlimit`: a code for a page and a scene. The round code is WeChat's own; this one is an
//! ordinary QR of `page?scene=…`, which a test can read.

use std::{collections::HashMap, io::Cursor};

use actix_web::{
    HttpResponse,
    http::header::{CONTENT_DISPOSITION, ContentDisposition},
    web::{Bytes, Data, Query},
};
use image::{DynamicImage, ImageFormat, Luma};
use qrcode::QrCode;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    answer::{Refusal, Refused, read},
    controls::Controls,
    world::World,
};

const LONGEST: usize = 32;
const SIGNS: &str = "!#$&'()*+,/:;=?@-._~";
/// Of the mini program's first page.
const HOME: &str = "pages/index/index";

#[derive(Deserialize)]
struct Ask {
    #[serde(default)]
    scene: String,
    page: Option<String>,
    #[serde(default = "yes")]
    check_path: bool,
    env_version: Option<String>,
    #[serde(default = "usual")]
    width: u32,
}

fn yes() -> bool {
    true
}

fn usual() -> u32 {
    430
}

pub(crate) async fn getwxacodeunlimit(
    controls: Data<Controls>,
    query: Query<HashMap<String, String>>,
    body: Bytes,
) -> HttpResponse {
    let mut picture = None;
    let refused = controls.answer_holder(&query, |world, _| {
        let ask: Ask = read(&body)?;
        picture = Some(draw(&checked(world, &ask)?, ask.width)?);
        Ok(Value::Null)
    });
    let Some(picture) = picture else { return refused };
    HttpResponse::Ok()
        .content_type("image/png")
        .insert_header((CONTENT_DISPOSITION, ContentDisposition::attachment("QRCode.png")))
        .body(picture)
}

/// What the code will say.
fn checked(world: &World, ask: &Ask) -> Result<String, Refusal> {
    let Ask { scene, page, check_path, env_version, width } = ask;
    let page = page.as_deref().filter(|page| !page.is_empty()).unwrap_or(HOME);
    let fine = |c: char| c.is_ascii_alphanumeric() || SIGNS.contains(c);
    let code = match () {
        () if scene.contains("scancode_time") => 85096,
        () if scene.is_empty() || scene.len() > LONGEST || !scene.chars().all(fine) => 40169,
        () if env_version
            .as_deref()
            .is_some_and(|v| !["release", "trial", "develop"].contains(&v)) =>
        {
            40097
        }
        () if !(280..=1280).contains(width) => 40097,
        () if page.starts_with('/') || page.contains('?') => 41030,
        () if *check_path && !world.pages.released(page) => 41030,
        () => return Ok(format!("{page}?scene={scene}")),
    };
    Err(Refused(code).into())
}

fn draw(says: &str, width: u32) -> Result<Vec<u8>, Refusal> {
    let code = QrCode::new(says).map_err(|_| Refused(-1))?;
    let picture = code.render::<Luma<u8>>().min_dimensions(width, width).build();
    let mut png = Cursor::new(Vec::new());
    let written = DynamicImage::ImageLuma8(picture).write_to(&mut png, ImageFormat::Png);
    written.map_err(|_| Refused(-1))?;
    Ok(png.into_inner())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use serde_json::json;

    use crate::testing::{self, call, controls, token};

    use super::*;

    const CODE: &str = "/wxa/getwxacodeunlimit";

    #[actix_web::test]
    async fn a_code_is_a_picture() {
        let controls = controls();
        let uri = format!("{CODE}?access_token={}", token(&controls).await);
        let ask = json!({ "scene": "c=aZ09~", "page": "pages/task/index", "width": 280 });
        let seen = testing::send(&controls, TestRequest::post().uri(&uri).set_json(ask)).await;
        assert_eq!(seen.content_type, "image/png");
        let picture = image::load_from_memory(&seen.body).unwrap();
        assert!(picture.width() >= 280);
    }

    #[actix_web::test]
    async fn what_wechat_would_not_draw_is_refused_as_json() {
        let controls = controls();
        controls.release("pages/new/index", false);
        for (ask, code) in [
            (json!({ "scene": "" }), 40169),
            (json!({ "scene": "a".repeat(33) }), 40169),
            (json!({ "scene": "a%20b" }), 40169),
            (json!({ "scene": "中文" }), 40169),
            (json!({ "scene": "a", "page": "/pages/task/index" }), 41030),
            (json!({ "scene": "a", "page": "pages/task/index?a=1" }), 41030),
            (json!({ "scene": "a", "page": "pages/new/index" }), 41030),
            (json!({ "scene": "a", "env_version": "formal" }), 40097),
            (json!({ "scene": "a", "width": 100 }), 40097),
            (json!({ "scene": "scancode_time=1" }), 85096),
        ] {
            assert_eq!(call(&controls, CODE, ask.clone()).await["errcode"], code, "{ask}");
        }
        let ask = json!({ "scene": "a", "page": "pages/new/index", "check_path": false });
        assert_eq!(call(&controls, CODE, ask).await, Value::Null, "a picture, not JSON");
    }
}
