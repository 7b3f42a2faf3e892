//! `POST /wxa/business/getuserphonenumber`: a phone code for a number.
//!
//! A code `dev:<11 digits>` is that mainland number as often as wanted; the others come from the controls.

use std::collections::HashMap;

use actix_web::{
    HttpResponse,
    web::{Bytes, Data, Query},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    answer::{Refused, read},
    controls::Controls,
    world::World,
};

/// A number as WeChat keeps it.
#[derive(Clone, Debug)]
pub(crate) struct Number {
    pub(crate) country_code: String,
    pub(crate) pure: String,
}

#[derive(Deserialize)]
struct Ask {
    #[serde(default)]
    code: String,
}

pub(crate) async fn getuserphonenumber(
    controls: Data<Controls>,
    query: Query<HashMap<String, String>>,
    body: Bytes,
) -> HttpResponse {
    controls
        .answer_holder(&query, |world, now_ms| Ok(tell(world, &read::<Ask>(&body)?.code, now_ms)?))
}

fn tell(world: &mut World, code: &str, now_ms: i64) -> Result<Value, Refused> {
    let Number { country_code, pure } = match code.strip_prefix("dev:") {
        Some(pure) if pure.len() == 11 && pure.bytes().all(|b| b.is_ascii_digit()) => {
            Number { country_code: "86".into(), pure: pure.into() }
        }
        Some(_) => return Err(Refused(40029)),
        None => world.phone_codes.redeem(code, now_ms).map_err(|_| Refused(40029))?,
    };
    // Only numbers from abroad carry their country in the full form.
    let full = if country_code == "86" { pure.clone() } else { format!("+{country_code}{pure}") };
    Ok(json!({
        "errcode": 0,
        "errmsg": "ok",
        "phone_info": {
            "phoneNumber": full,
            "purePhoneNumber": pure,
            "countryCode": country_code,
            "watermark": { "timestamp": now_ms / 1000, "appid": world.app.id },
        },
    }))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::testing::{self, APP_ID, PHONE, controls, token};

    use super::*;

    async fn phone(controls: &Controls, token: &str, code: &str) -> Value {
        let uri = format!("{PHONE}?access_token={token}");
        testing::post(controls, &uri, json!({ "code": code })).await.json
    }

    #[actix_web::test]
    async fn a_code_gives_its_number_once() {
        let controls = controls();
        let token = token(&controls).await;
        let told = phone(&controls, &token, "dev:13800001111").await;
        assert_eq!(told["phone_info"]["phoneNumber"], "13800001111");
        assert_eq!(told["phone_info"]["watermark"]["appid"], APP_ID);

        let (one, two) = (controls.phone_code("852", "61234567"), controls.phone_code("86", "x"));
        let told = phone(&controls, &token, &one).await;
        assert_eq!(told["phone_info"]["phoneNumber"], "+85261234567");
        assert_eq!(told["phone_info"]["purePhoneNumber"], "61234567");
        assert_eq!(phone(&controls, &token, &one).await["errcode"], 40029);
        controls.advance(Duration::from_secs(300));
        assert_eq!(phone(&controls, &token, &two).await["errcode"], 40029);
        assert_eq!(phone(&controls, &token, "dev:138").await["errcode"], 40029);
    }

    #[actix_web::test]
    async fn a_bad_token_is_refused_before_the_code_is_spent() {
        let controls = controls();
        let (old, code) = (token(&controls).await, controls.phone_code("86", "13800001111"));
        assert_eq!(phone(&controls, "", &code).await["errcode"], 41001);
        assert_eq!(phone(&controls, "made-up", &code).await["errcode"], 40001);
        controls.expire_tokens();
        assert_eq!(phone(&controls, &old, &code).await["errcode"], 42001);
        let fresh = token(&controls).await;
        assert_eq!(phone(&controls, &fresh, &code).await["errcode"], 0);
    }
}
