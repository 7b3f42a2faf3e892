//! Drawing a photo anew: only pixels get through. Where and when it was taken, by which phone, and whatever else was
//! hidden in the file stays behind.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder, ImageReader, Limits, RgbImage, codecs::jpeg::JpegEncoder,
    imageops::FilterType,
};

use super::model::{Size, format};

const QUALITY: u8 = 80;

/// A photo, drawn anew in both sizes, as JPEG.
#[derive(Debug)]
pub(super) struct Drawn {
    pub full: Vec<u8>,
    pub thumb: Vec<u8>,
    /// Pixels of the full size.
    pub width: u32,
    pub height: u32,
}

/// Decodes, turns upright, shrinks and encodes; takes a while, so never on a thread that answers.
///
/// None: not a photo, broken, or with more than `max_pixels`.
pub(super) fn draw(bytes: &[u8], max_pixels: u64) -> Option<Drawn> {
    let upright = decode(bytes, max_pixels)?;
    let full = shrink(upright, Size::Full);
    let (width, height) = (full.width(), full.height());
    let full_bytes = encode(&full)?;
    let thumb = encode(&shrink(full, Size::Thumb))?;
    Some(Drawn { full: full_bytes, thumb, width, height })
}

fn decode(bytes: &[u8], max_pixels: u64) -> Option<DynamicImage> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format(bytes)?);
    let mut limits = Limits::default();
    // Up to eight bytes a pixel (16 bits, four channels), and what decoding itself takes.
    limits.max_alloc = Some(max_pixels.saturating_mul(12));
    limits.max_image_width = Some(30_000);
    limits.max_image_height = Some(30_000);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > max_pixels {
        return None;
    }
    let orientation = decoder.orientation().ok()?;
    let mut image = DynamicImage::from_decoder(decoder).ok()?;
    image.apply_orientation(orientation);
    Some(image)
}

/// At most as long as the size allows; a smaller one stays as it is.
fn shrink(image: DynamicImage, size: Size) -> DynamicImage {
    let edge = size.edge();
    if image.width().max(image.height()) <= edge {
        return image;
    }
    image.resize(edge, edge, FilterType::Triangle)
}

/// As JPEG; what is see-through becomes white.
fn encode(image: &DynamicImage) -> Option<Vec<u8>> {
    let flat = if image.color().has_alpha() { on_white(image) } else { image.to_rgb8() };
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&flat).ok()?;
    Some(bytes)
}

fn on_white(image: &DynamicImage) -> RgbImage {
    let clear = image.to_rgba8();
    RgbImage::from_fn(clear.width(), clear.height(), |x, y| {
        let [r, g, b, a] = clear.get_pixel(x, y).0;
        let over = |one: u8| {
            let mixed = u16::from(one) * u16::from(a) + 255 * (255 - u16::from(a));
            u8::try_from(mixed / 255).unwrap_or(u8::MAX)
        };
        image::Rgb([over(r), over(g), over(b)])
    })
}

#[cfg(test)]
mod tests {
    use image::{ImageFormat, Rgba, RgbaImage};

    use super::*;

    const MOST: u64 = 40_000_000;

    fn written(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn every_format_comes_out_as_jpeg_no_longer_than_allowed() {
        let image = DynamicImage::ImageRgb8(RgbImage::new(3000, 1500));
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let drawn = draw(&written(&image, format), MOST).unwrap();
            assert_eq!((drawn.width, drawn.height), (2048, 1024), "{format:?}");
            let thumb = image::load_from_memory_with_format(&drawn.thumb, ImageFormat::Jpeg);
            assert_eq!(thumb.unwrap().width(), 400);
        }
    }

    #[test]
    fn what_is_see_through_becomes_white() {
        let clear = RgbaImage::from_pixel(8, 8, Rgba([0, 0, 0, 0]));
        let drawn = draw(&written(&clear.into(), ImageFormat::Png), MOST).unwrap();
        let flat = image::load_from_memory(&drawn.full).unwrap().to_rgb8();
        assert!(flat.pixels().all(|pixel| pixel.0.iter().all(|one| *one > 250)));
    }

    #[test]
    fn what_is_broken_too_large_or_no_photo_is_not_drawn() {
        let good = written(&DynamicImage::new_rgb8(100, 100), ImageFormat::Png);
        assert!(draw(&good, MOST).is_some());
        assert!(draw(&good, 9_999).is_none(), "more pixels than allowed");
        assert!(draw(&good[..good.len() / 2], MOST).is_none(), "cut short");
        assert!(draw(b"\x89PNG\r\n\x1a\n<script>alert(1)</script>", MOST).is_none());
        assert!(draw(b"GIF89a", MOST).is_none());
    }
}
