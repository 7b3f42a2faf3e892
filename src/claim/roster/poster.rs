//! 签到海报: an A4 page with the code as a QR and as large letters. The picture holds no Chinese, because no font is
//! shipped; the page around it (`page`) is set by the browser that prints it.

use ::entity::task;
use base64::{Engine, engine::general_purpose::STANDARD as B64};
use image::{GrayImage, ImageFormat, Luma, imageops};
use qrcode::{EcLevel, QrCode};

use crate::{
    kernel::{Error, day::spoken},
    platform::http::html::{self, escaped},
};

use super::letters;

/// A4 at 150 dots per inch.
const PAGE: (u32, u32) = (1240, 1754);
const QR_SIDE: u32 = 900;
const INK: Luma<u8> = Luma([0]);
const PAPER: Luma<u8> = Luma([255]);

/// What the QR says: scanned in the mini program it fills in the task and the code.
fn spoken_by_qr(task: &task::Model) -> String {
    format!("linli:check-in:{}:{}", task.id, task.check_in_code)
}

/// An ordinary QR.
fn plain(task: &task::Model) -> Result<GrayImage, Error> {
    let qr = QrCode::with_error_correction_level(spoken_by_qr(task), EcLevel::Q)
        .map_err(|error| Error::broken("draw the code", error))?;
    let mut drawn = qr.render::<Luma<u8>>();
    Ok(drawn.dark_color(INK).light_color(PAPER).max_dimensions(QR_SIDE, QR_SIDE).build())
}

/// The poster as PNG, with the mini program's own code where there is a picture of it that can be opened.
///
/// # Errors
/// When the picture cannot be made.
pub(super) fn png(task: &task::Model, mini_code: Option<&[u8]>) -> Result<Vec<u8>, Error> {
    let mut paper = GrayImage::from_pixel(PAGE.0, PAGE.1, PAPER);
    let mini = mini_code.and_then(|bytes| image::load_from_memory(bytes).ok());
    let qr = match mini {
        Some(mini) => mini.resize(QR_SIDE, QR_SIDE, imageops::FilterType::Triangle).to_luma8(),
        None => plain(task)?,
    };
    let left = i64::from((PAGE.0 - qr.width()) / 2);
    imageops::replace(&mut paper, &qr, left, 300);
    letters::write(&mut paper, &task.check_in_code, 1300, 18, INK);
    let wall = |at: ::entity::At| at.to_string().replacen('T', " ", 1)[..16].to_owned();
    let times = format!("{} - {}", wall(task.starts_at), &wall(task.ends_at)[5..]);
    letters::write(&mut paper, &times, 160, 5, INK);
    let mut bytes = std::io::Cursor::new(Vec::new());
    paper
        .write_to(&mut bytes, ImageFormat::Png)
        .map_err(|error| Error::broken("write the poster", error))?;
    Ok(bytes.into_inner())
}

const STYLE: &str = "@page{size:A4;margin:12mm}\
body{font-family:'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;text-align:center;color:#000;margin:0}\
h1{font-size:34pt;margin:6mm 0 4mm}p{font-size:17pt;margin:2mm 0}\
img{width:150mm;max-width:100%}.how{font-size:14pt;margin-top:6mm}";

/// The page to print: title, time and place in words around the picture.
pub(super) fn page(task: &task::Model, org: &str, png: &[u8]) -> String {
    let (title, org) = (escaped(&task.title), escaped(org));
    let place = escaped(task.place_name.as_deref().unwrap_or("见任务说明"));
    let (from, to) = (spoken(task.starts_at), spoken(task.ends_at));
    let body = format!(
        "<h1>{title}</h1><p>{org}</p><p>{from} 至 {to}</p><p>{place}</p>\
         <img alt=\"签到码\" src=\"data:image/png;base64,{}\">\
         <p class=\"how\">打开小程序扫一扫，或在任务页输入签到码。走时别忘了签退。</p>",
        B64.encode(png)
    );
    html::page(&format!("签到海报 · {}", task.title), STYLE, &body)
}
