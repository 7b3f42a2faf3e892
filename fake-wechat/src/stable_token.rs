//! `POST /cgi-bin/stable_token`: the same access token for every caller.

use actix_web::{
    HttpResponse,
    web::{Bytes, Data},
};
use serde::Deserialize;
use serde_json::json;

use crate::{
    answer::{Refused, read},
    controls::Controls,
};

#[derive(Deserialize)]
struct Ask {
    grant_type: Option<String>,
    appid: Option<String>,
    secret: Option<String>,
    #[serde(default)]
    force_refresh: bool,
}

pub(crate) async fn stable_token(controls: Data<Controls>, body: Bytes) -> HttpResponse {
    controls.answer(|world, now_ms| {
        let ask: Ask = read(&body)?;
        if ask.grant_type.as_deref() != Some("client_credential") {
            return Err(Refused(40002));
        }
        world.app.check(ask.appid.as_deref(), ask.secret.as_deref())?;
        let granted = world.tokens.stable(ask.force_refresh, &mut world.ids, now_ms)?;
        Ok(json!({ "access_token": granted.token, "expires_in": granted.expires_in }))
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use actix_web::test::TestRequest;
    use serde_json::Value;

    use crate::testing::{self, APP_ID, SECRET, controls};

    use super::*;

    const PATH: &str = "/cgi-bin/stable_token";

    fn ask(force: bool) -> Value {
        json!({ "grant_type": "client_credential", "appid": APP_ID, "secret": SECRET,
                "force_refresh": force })
    }

    #[actix_web::test]
    async fn it_repeats_itself_until_the_last_five_minutes() {
        let controls = controls();
        let first = testing::post(&controls, PATH, ask(false)).await;
        assert_eq!(first.content_type, "application/json; encoding=utf-8");
        assert_eq!(first.json["expires_in"], 7200);
        assert_eq!(first.json["errcode"], Value::Null, "success carries no errcode here");

        controls.advance(Duration::from_secs(6899));
        let same = testing::post(&controls, PATH, ask(false)).await.json;
        assert_eq!(
            (&same["access_token"], &same["expires_in"]),
            (&first.json["access_token"], &301.into())
        );
        controls.advance(Duration::from_secs(1));
        let renewed = testing::post(&controls, PATH, ask(false)).await.json;
        assert_ne!(renewed["access_token"], same["access_token"]);
    }

    #[actix_web::test]
    async fn what_is_not_json_or_not_ours_is_refused() {
        let controls = controls();
        let odd = TestRequest::post().uri(PATH).set_payload("grant_type=client_credential");
        assert_eq!(testing::send(&controls, odd).await.json["errcode"], 47001);
        assert_eq!(testing::post(&controls, PATH, json!({})).await.json["errcode"], 40002);
        let mut foreign = ask(true);
        foreign["secret"] = "wrong".into();
        assert_eq!(testing::post(&controls, PATH, foreign).await.json["errcode"], 40125);
    }
}
