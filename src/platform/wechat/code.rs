//! 小程序码 · a mini program code without a limit to their number. It never expires and may be photographed, so `scene`
//! holds a short random id and nothing of a person.

use serde_json::json;

use super::{Call, Stage, Wechat, WechatError, ask::Ask, call};

const SCENE: usize = 32;
const SIGNS: &str = "!#$&'()*+,/:;=?@-._~";

/// What a code opens.
#[derive(Clone, Copy, Debug)]
pub struct UnlimitedCode<'a> {
    /// 1 to 32 digits, letters and ``!#$&'()*+,/:;=?@-._~``.
    pub scene: &'a str,
    /// Without a leading slash and without a query; None: the first page.
    pub page: Option<&'a str>,
    /// Pixels, 280 to 1280.
    pub width: u32,
}

impl Wechat {
    /// The code as an image, PNG or JPEG.
    ///
    /// # Errors
    /// `Value` where scene, page or width break a rule; `Template` where the page is not released; otherwise as
    /// [`Class`](super::Class) tells them apart.
    pub async fn unlimited_code(&self, code: UnlimitedCode<'_>) -> Result<Vec<u8>, WechatError> {
        if let Some((field, why)) = fault(code) {
            return Err(WechatError::Value { field: field.into(), why });
        }
        let mut body = json!({
            "scene": code.scene,
            "width": code.width,
            "env_version": self.stage.env_version(),
            // Before its first release no page is there to be found.
            "check_path": self.stage == Stage::Formal,
        });
        if let Some(page) = code.page {
            body["page"] = page.into();
        }
        self.ask(&Ask::post(Call::Code, &body), image).await
    }
}

fn fault(code: UnlimitedCode<'_>) -> Option<(&'static str, &'static str)> {
    let is_sign = |c: char| c.is_ascii_alphanumeric() || SIGNS.contains(c);
    let UnlimitedCode { scene, page, width } = code;
    if scene.is_empty() || scene.len() > SCENE || !scene.chars().all(is_sign) {
        return Some(("scene", "expected 1 to 32 digits, letters and a few signs"));
    }
    let is_page = |page: &str| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "/_-.".contains(c);
        !page.is_empty()
            && page.len() <= 128
            && !page.starts_with('/')
            && page.chars().all(is_plain)
    };
    if !page.is_none_or(is_page) {
        return Some(("page", "expected a page without leading slash and query"));
    }
    (!(280..=1280).contains(&width)).then_some(("width", "expected 280 to 1280"))
}

/// The image, or what the refusal says. Content types are not to be relied on: a refusal begins with a brace, and what
/// somebody in between says with an angle.
fn image(body: &[u8]) -> Result<Vec<u8>, WechatError> {
    match body.trim_ascii_start().first() {
        None | Some(b'<') => Err(WechatError::Decode("it is no image")),
        Some(b'{') => {
            call::decode::<serde_json::Value>(body)?;
            Err(WechatError::Decode("it is no image"))
        }
        Some(_) => Ok(body.to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::platform::wechat::{
        Class,
        testing::{Answer, Responder},
    };

    use super::*;

    const PATH: &str = "/wxa/getwxacodeunlimit";

    fn to(scene: &str) -> UnlimitedCode<'_> {
        UnlimitedCode { scene, page: Some("pages/checkin/index"), width: 430 }
    }

    #[tokio::test]
    async fn the_image_is_told_from_a_refusal_by_its_first_byte() {
        let responder = Responder::start(|_, _| Answer::Body(b"\x89PNG\r\n\x1a\n{".to_vec())).await;
        let image = responder.client().unlimited_code(to("K7Q2M9XP")).await.unwrap();
        assert_eq!(image, b"\x89PNG\r\n\x1a\n{");
        let body: Value = serde_json::from_str(&responder.asked(PATH)[0].body).unwrap();
        let expected = json!({"scene": "K7Q2M9XP", "page": "pages/checkin/index", "width": 430, "env_version": "trial", "check_path": false});
        assert_eq!(body, expected);
        let refused = r#" {"errcode":41030,"errmsg":"invalid page rid: 1"}"#;
        for (answer, class) in [
            (refused, Class::Template),
            ("", Class::Other),
            ("{}", Class::Other),
            ("<html>", Class::Other),
        ] {
            let responder = Responder::start(move |_, _| answer.into()).await;
            let error = responder.client().unlimited_code(to("a")).await.unwrap_err();
            assert_eq!(error.class(), class, "{answer}");
        }
    }

    #[test]
    fn scene_page_and_width_keep_their_rules() {
        let long = "a".repeat(33);
        let of = |scene, page, width| {
            fault(UnlimitedCode { scene, page, width }).map(|(field, _)| field)
        };
        assert_eq!(of("aZ9!#$&'()*+,/:;=?@-._~", Some("pages/a"), 430), None);
        assert_eq!(of(&long[..32], None, 1280), None);
        for scene in ["", &long, "a b", "a%20", "场景", "a\"b"] {
            assert_eq!(of(scene, None, 430), Some("scene"), "{scene}");
        }
        for page in ["", "/pages/a", "pages/a?b=1", "页"] {
            assert_eq!(of("a", Some(page), 430), Some("page"), "{page}");
        }
        assert_eq!([of("a", None, 279), of("a", None, 1281)], [Some("width"); 2]);
    }
}
