//! The rules of photos: what is one, which sizes there are, who may see it.

use ::entity::{file, file_use};
use image::ImageFormat;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// How many photos one thing may have.
pub const PHOTOS_MAX: usize = 9;

/// The two sizes each photo is kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    /// 缩略图, long edge at most 400 pixels.
    Thumb,
    /// 大图, long edge at most 2048 pixels.
    Full,
}

impl Size {
    /// As it stands in a link.
    pub fn name(self) -> &'static str {
        match self {
            Self::Thumb => "thumb",
            Self::Full => "full",
        }
    }

    /// The longest an edge may be, pixels.
    pub fn edge(self) -> u32 {
        match self {
            Self::Thumb => 400,
            Self::Full => 2048,
        }
    }

    /// What this size of a photo is called in the file store; spread over folders by its first signs.
    pub fn stored(self, name: &str) -> String {
        format!("{}/{name}-{}.jpg", &name[..2.min(name.len())], self.name())
    }
}

/// The format by its first bytes; what a file is called or says of itself does not count.
pub fn format(bytes: &[u8]) -> Option<ImageFormat> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some(ImageFormat::Jpeg),
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some(ImageFormat::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(ImageFormat::WebP),
        _ => None,
    }
}

/// Why somebody sees a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sees {
    /// It was published: shared caches may keep it a while.
    Everybody,
    /// Their own, or by a link somebody was given who may.
    Them,
}

/// Whether and why a photo is shown: `linked` says that a good signature came with the request.
pub fn sees(
    file: &file::Model,
    uses: &[file_use::Model],
    caller: Option<Uuid>,
    linked: bool,
) -> Option<Sees> {
    if !file.ready || file.discarded_at.is_some() {
        return None;
    }
    if uses.iter().any(|one| one.published) {
        return Some(Sees::Everybody);
    }
    (linked || caller == Some(file.person_id)).then_some(Sees::Them)
}

#[cfg(test)]
mod tests {
    use ::entity::{At, file_use::Attached};

    use super::*;

    fn photo(ready: bool, discarded: bool) -> file::Model {
        file::Model {
            id: Uuid::from_u128(1),
            person_id: Uuid::from_u128(2),
            name: "abcd".into(),
            width: 1,
            height: 1,
            bytes: 1,
            digest: None,
            ready,
            discarded_at: discarded.then_some(At(1)),
            created_at: At(0),
        }
    }

    fn used(published: bool) -> file_use::Model {
        file_use::Model {
            file_id: Uuid::from_u128(1),
            kind: Attached::Story,
            owner_id: Uuid::from_u128(3),
            org_id: Uuid::from_u128(4),
            place: 0,
            published,
            created_at: At(0),
        }
    }

    #[test]
    fn a_photo_is_its_owners_until_it_is_published_or_a_link_is_given() {
        let (owner, other) = (Some(Uuid::from_u128(2)), Some(Uuid::from_u128(9)));
        let file = photo(true, false);
        assert_eq!(sees(&file, &[], owner, false), Some(Sees::Them));
        assert_eq!(sees(&file, &[used(false)], other, false), None);
        assert_eq!(sees(&file, &[], None, false), None);
        assert_eq!(sees(&file, &[], None, true), Some(Sees::Them));
        let uses = [used(false), used(true)];
        assert_eq!(sees(&file, &uses, None, false), Some(Sees::Everybody));
        for gone in [photo(false, false), photo(true, true)] {
            assert_eq!(sees(&gone, &uses, owner, true), None);
        }
    }

    #[test]
    fn only_three_formats_are_photos_whatever_they_are_called() {
        assert_eq!(format(&[0xff, 0xd8, 0xff, 0xe0]), Some(ImageFormat::Jpeg));
        assert_eq!(format(b"\x89PNG\r\n\x1a\n...."), Some(ImageFormat::Png));
        assert_eq!(format(b"RIFF....WEBPVP8 "), Some(ImageFormat::WebP));
        for odd in [&b"GIF89a"[..], b"<svg xmlns=", b"BM", b"", b"RIFF....WAVE", b"\xff\xd8"] {
            assert_eq!(format(odd), None);
        }
    }

    #[test]
    fn a_stored_name_is_a_folder_and_a_file() {
        assert_eq!(Size::Thumb.stored("abcdef"), "ab/abcdef-thumb.jpg");
        assert_eq!(Size::Full.stored("abcdef"), "ab/abcdef-full.jpg");
    }
}
