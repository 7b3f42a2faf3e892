//! The forms in which WeChat words one and the same thing, as the stand-in sends them.

use fake_wechat::{PushState, PushTarget, Spoil, Wording};
use serde_json::json;

use super::{KEY, TOKEN, called, shelf};
use crate::helpers::{Expect, TestApp, eventually};

fn target(app: &TestApp, aes_key: Option<&str>, wording: Wording) -> PushTarget {
    PushTarget {
        url: format!("{}/wechat/push", app.url),
        token: TOKEN.into(),
        aes_key: aes_key.map(ToOwned::to_owned),
        wording,
    }
}

async fn sent(app: &TestApp, id: u64) -> PushState {
    let state = || {
        let push = app.wechat.pushes().into_iter().find(|push| push.id == id);
        push.map(|push| push.state)
    };
    eventually("the stand-in has told it", async || {
        matches!(state(), Some(PushState::Taken | PushState::GivenUp))
    })
    .await;
    state().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_json_and_xml_sealed_and_in_the_clear_it_means_the_same() {
    let app = TestApp::with(&[("wechat.push_modes", "safe, plain".to_owned())]).await;
    let (her, openid) = (app.resident("王阿姨").await, app.wechat.openid("王阿姨"));
    let mut n = 0;
    for aes_key in [Some(KEY), None] {
        for (xml, numbers_as_text) in [(false, false), (false, true), (true, false), (true, true)] {
            her.put("/me", json!({"name": "王姐"})).await.ok();
            n += 1;
            let wording = Wording { xml, numbers_as_text, nested: false };
            app.wechat.push_to(Some(target(&app, aes_key, wording)));
            let fields = json!({"OpenID": openid, "RevokeInfo": "6", "Number": n});
            let id = app.wechat.push("oPlatform", "user_authorization_revoke", fields, None);
            assert_eq!(sent(&app, id).await, PushState::Taken, "{wording:?}");
            app.settle().await;
            assert_ne!(called(&her).await, "王姐", "{aes_key:?} {wording:?}");
        }
    }
    assert_eq!(shelf(&app).await.len(), n);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_only_a_forger_sends_is_not_taken_and_a_replay_changes_nothing() {
    let app = TestApp::spawn().await;
    app.wechat.push_to(Some(target(&app, Some(KEY), Wording::default())));
    for spoil in [Spoil::Signature, Spoil::AppId, Spoil::Truncated, Spoil::Flipped, Spoil::Stale] {
        let id = app.wechat.push("o1", "of_tomorrow", json!({}), Some(spoil));
        assert_eq!(sent(&app, id).await, PushState::GivenUp, "{spoil:?}");
        let push = app.wechat.pushes().into_iter().find(|push| push.id == id).unwrap();
        assert_eq!(push.tries.last().unwrap().status, Some(403), "{spoil:?}");
    }
    assert!(shelf(&app).await.is_empty());
    let id = app.wechat.push("o1", "of_tomorrow", json!({}), None);
    assert_eq!(sent(&app, id).await, PushState::Taken);
    let again = app.wechat.replay(id).await.unwrap();
    assert_eq!((again.status, again.said.as_str()), (Some(200), "success"));
    assert_eq!(shelf(&app).await.len(), 1);
}
