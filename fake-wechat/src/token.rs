//! `GET /cgi-bin/token`: the old call, a new access token each time.

use std::collections::HashMap;

use actix_web::{
    HttpResponse,
    web::{Data, Query},
};
use serde_json::json;

use crate::{answer::Refused, controls::Controls};

pub(crate) async fn token(
    controls: Data<Controls>,
    query: Query<HashMap<String, String>>,
) -> HttpResponse {
    let sent = |key: &str| query.get(key).map(String::as_str);
    controls.answer(|world, now_ms| {
        if sent("grant_type") != Some("client_credential") {
            return Err(Refused(40002));
        }
        world.app.check(sent("appid"), sent("secret"))?;
        let granted = world.tokens.plain(&mut world.ids, now_ms);
        Ok(json!({ "access_token": granted.token, "expires_in": granted.expires_in }))
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::{APP_ID, controls, get};

    #[actix_web::test]
    async fn it_gives_a_new_token_each_time() {
        let controls = controls();
        let uri = format!(
            "/cgi-bin/token?grant_type=client_credential&appid={APP_ID}&secret=not%20a%20secret"
        );
        let (one, two) = (get(&controls, &uri).await.json, get(&controls, &uri).await.json);
        assert_eq!(one["expires_in"], 7200);
        assert_ne!(one["access_token"], two["access_token"]);
    }
}
