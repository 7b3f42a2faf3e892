//! `GET /sns/jscode2session`: a login code for an openid and a session key.
//!
//! A code `dev:<name>` is that user's at any time, as often as wanted; the others come from the controls.

use std::collections::HashMap;

use actix_web::{
    HttpResponse,
    web::{Data, Query},
};
use serde_json::{Value, json};

use crate::{answer::Refused, codes::Unusable, controls::Controls, ids, world::World};

pub(crate) async fn jscode2session(
    controls: Data<Controls>,
    query: Query<HashMap<String, String>>,
) -> HttpResponse {
    controls.answer(|world, now_ms| log_in(world, &query, now_ms))
}

fn log_in(
    world: &mut World,
    query: &HashMap<String, String>,
    now_ms: i64,
) -> Result<Value, Refused> {
    let sent = |key: &str| query.get(key).map(String::as_str);
    world.app.check(sent("appid"), sent("secret"))?;
    if sent("grant_type") != Some("authorization_code") {
        return Err(Refused(40002));
    }
    let name = match sent("js_code").unwrap_or_default() {
        "" => return Err(Refused(41008)),
        code => whose(world, code, now_ms)?,
    };
    let openid = ids::openid(&name);
    if world.blocked.contains(&openid) {
        return Err(Refused(40226));
    }
    let user = world.users.entry(openid.clone()).or_default();
    user.name = name;
    user.logins += 1;
    user.last_ms = now_ms;
    Ok(json!({ "session_key": world.ids.session_key(), "openid": openid }))
}

fn whose(world: &mut World, code: &str, now_ms: i64) -> Result<String, Refused> {
    match code.strip_prefix("dev:") {
        Some("") => Err(Refused(40029)),
        Some(name) => Ok(name.to_owned()),
        None => world.login_codes.redeem(code, now_ms).map_err(|why| match why {
            Unusable::Unknown => Refused(40029),
            Unusable::Used => Refused(40163),
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::testing::{APP_ID, LOGIN, SECRET, controls, get};

    use super::*;

    fn uri(app_id: &str, secret: &str, code: &str) -> String {
        let secret = secret.replace(' ', "%20");
        format!(
            "{LOGIN}?appid={app_id}&secret={secret}&js_code={code}&grant_type=authorization_code"
        )
    }

    async fn log_in(controls: &Controls, code: &str) -> Value {
        get(controls, &uri(APP_ID, SECRET, code)).await.json
    }

    #[actix_web::test]
    async fn a_development_code_is_always_the_same_user() {
        let controls = controls();
        let seen = get(&controls, &uri(APP_ID, SECRET, "dev:%E5%BC%A0%E4%B8%89")).await;
        assert_eq!((seen.status, seen.content_type.as_str()), (200, "text/plain"));
        assert_eq!(seen.json["openid"], controls.openid("张三"));
        let again = log_in(&controls, "dev:%E5%BC%A0%E4%B8%89").await;
        assert_eq!(again["openid"], seen.json["openid"]);
        assert_ne!(again["session_key"], seen.json["session_key"]);
        assert_eq!(log_in(&controls, "dev:").await["errcode"], 40029);
    }

    #[actix_web::test]
    async fn a_phones_code_works_once_and_dies_after_five_minutes() {
        let controls = controls();
        let (one, two) = (controls.login_code("张三"), controls.login_code("张三"));
        assert_eq!(log_in(&controls, &one).await["openid"], controls.openid("张三"));
        assert_eq!(log_in(&controls, &one).await["errcode"], 40163);
        controls.advance(Duration::from_secs(300));
        assert_eq!(log_in(&controls, &two).await["errcode"], 40029);
    }

    #[actix_web::test]
    async fn a_blocked_user_does_not_get_in() {
        let controls = controls();
        controls.block("张三");
        let refused = log_in(&controls, "dev:%E5%BC%A0%E4%B8%89").await;
        assert_eq!(refused["errcode"], 40226);
        assert!(refused["errmsg"].as_str().unwrap().starts_with("code blocked rid: "));
        assert!(log_in(&controls, "dev:x").await["openid"].is_string());
    }

    #[actix_web::test]
    async fn another_app_or_a_wrong_secret_is_refused() {
        let controls = controls();
        assert_eq!(get(&controls, &uri("wx9", SECRET, "dev:x")).await.json["errcode"], 40013);
        assert_eq!(get(&controls, &uri(APP_ID, "wrong", "dev:x")).await.json["errcode"], 40125);
        let bare = get(&controls, LOGIN).await;
        assert_eq!((bare.status, &bare.json["errcode"]), (200, &Value::from(41002)));
    }
}
