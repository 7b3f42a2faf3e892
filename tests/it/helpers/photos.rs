//! Photos to upload, and the form they travel in.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use reqwest::RequestBuilder;

/// A picture of that size, its left half red and its right half blue.
pub fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let half = |x| if x < width / 2 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) };
    let image = RgbImage::from_fn(width, height, |x, _| half(x));
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(image).write_to(&mut bytes, format).expect("a picture");
    bytes.into_inner()
}

/// A small photo.
pub fn photo() -> Vec<u8> {
    picture(64, 48, ImageFormat::Jpeg)
}

/// A request that carries a form with one file.
pub fn form(request: RequestBuilder, field: &str, bytes: &[u8]) -> RequestBuilder {
    let head = format!(
        "--linli-form\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"../照片.jpg\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    let body = [head.as_bytes(), bytes, b"\r\n--linli-form--\r\n"].concat();
    request.header("Content-Type", "multipart/form-data; boundary=linli-form").body(body)
}
