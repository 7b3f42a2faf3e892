//! Texts, photos and codes, as the stand-in answers them.

use std::time::Duration;

use fake_wechat::Fault;
use linli::platform::wechat::{
    Class, MediaCheck, Medium, Scene, Suggest, TextCheck, UnlimitedCode, Verdict, WechatError,
};

use super::World;

const CODE: &str = "/wxa/getwxacodeunlimit";
const CHECK: &str = "/wxa/msg_sec_check";

impl World {
    async fn looks_at(&self, openid: &str, content: &str) -> Result<Verdict, WechatError> {
        let (scene, none) = (Scene::Forum, None);
        let check =
            TextCheck { openid, scene, content, title: none, nickname: none, signature: none };
        self.replicas[0].check_text(&check).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_pass_are_doubted_or_refused_and_only_while_the_author_is_here() {
    let world = World::with(1, None);
    let openid = world.opens("王阿姨").await;
    for (words, suggest) in
        [("楼道灯坏了", Suggest::Pass), ("存疑词", Suggest::Review), ("来赌博", Suggest::Risky)]
    {
        let verdict = world.looks_at(&openid, words).await.unwrap();
        assert_eq!(verdict.suggest, suggest, "{words}");
        assert!(!verdict.trace_id.is_empty());
    }
    world.advance(Duration::from_secs(2 * 3600 + 1));
    let error = world.looks_at(&openid, "楼道灯坏了").await.unwrap_err();
    assert_eq!(error.class(), Class::Stale);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_is_gone_is_not_asked_by_everybody_in_turn() {
    let world = World::with(1, None);
    let openid = world.opens("王阿姨").await;
    world.looks_at(&openid, "好").await.unwrap();
    world.wechat.fault(CHECK, 50, Fault::Drop);
    let before = world.count(CHECK);
    for _ in 0..20 {
        assert!(world.looks_at(&openid, "好").await.is_err());
    }
    assert_eq!(world.count(CHECK) - before, 5, "then the fuse has blown");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_gets_a_trace_to_be_answered_under() {
    let world = World::with(1, None);
    let openid = world.opens("王阿姨").await;
    let photo = MediaCheck {
        openid: &openid,
        scene: Scene::Forum,
        url: "http://127.0.0.1:1/photo.jpg",
        medium: Medium::Image,
    };
    let first = world.replicas[0].check_media(&photo).await.unwrap();
    let second = world.replicas[0].check_media(&photo).await.unwrap();
    assert_ne!(first, second);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_is_an_image_and_a_wrong_page_is_told_in_words() {
    let world = World::with(1, None);
    let draw = async |page| {
        let code = UnlimitedCode { scene: "K7Q2M9XP", page: Some(page), width: 430 };
        world.replicas[0].unlimited_code(code).await
    };
    let image = draw("pages/checkin/checkin").await.unwrap();
    assert!(image.starts_with(b"\x89PNG"));
    world.wechat.fault(CODE, 1, Fault::Errcode(41030));
    assert_eq!(draw("pages/gone/gone").await.unwrap_err().class(), Class::Template);
    draw("pages/checkin/checkin").await.unwrap();
}
