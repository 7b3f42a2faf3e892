//! `POST /wxa/msg_sec_check`: looks for words. What stands for politics, advertising and the like here is made up
//! and printed below; a test may add words of its own.

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

/// Only those who were here so lately can be checked for.
const FRESH_MS: i64 = 2 * 3600 * 1000;
const LONGEST: usize = 2500;

/// A word, and what WeChat says where it stands.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Word {
    pub word: String,
    /// `review` or `risky`.
    pub suggest: Suggest,
    /// 10001 advertising, 20001 politics, 20002 pornography, 20003 abuse, 20006 crime, 20008 fraud, 20012 vulgar,
    /// 20013 copyright, 21000 other.
    pub label: i64,
}

/// What to do with something that was looked at, the gravest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Suggest {
    Pass,
    Review,
    Risky,
}

impl Suggest {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Review => "review",
            Self::Risky => "risky",
        }
    }
}

/// The words it starts with.
pub(crate) fn words() -> Vec<Word> {
    use Suggest::{Review, Risky};
    let word = |(word, suggest, label): (&str, _, _)| Word { word: word.into(), suggest, label };
    [
        ("违规词", Risky, 20006),
        ("赌博", Risky, 20006),
        ("刷单返利", Risky, 20008),
        ("骂人的话", Risky, 20003),
        ("色情", Risky, 20002),
        ("加微信领红包", Risky, 10001),
        ("存疑词", Review, 21000),
        ("时政", Review, 20001),
        ("优惠", Review, 10001),
    ]
    .map(word)
    .into()
}

#[derive(Deserialize)]
struct Ask {
    #[serde(default)]
    version: i64,
    #[serde(default)]
    openid: String,
    #[serde(default)]
    scene: i64,
    #[serde(default)]
    content: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    nickname: String,
    #[serde(default)]
    signature: String,
}

pub(crate) async fn msg_sec_check(
    controls: Data<Controls>,
    query: Query<HashMap<String, String>>,
    body: Bytes,
) -> HttpResponse {
    controls.answer_holder(&query, |world, now_ms| Ok(look(world, &read(&body)?, now_ms)?))
}

/// Whether that user was here lately enough for a check in their name.
pub(crate) fn fresh(world: &World, openid: &str, now_ms: i64) -> Result<(), Refused> {
    let user = world.users.get(openid).ok_or(Refused(40003))?;
    if now_ms - user.last_ms > FRESH_MS { Err(Refused(61010)) } else { Ok(()) }
}

fn look(world: &mut World, ask: &Ask, now_ms: i64) -> Result<Value, Refused> {
    match () {
        () if ask.version != 2 || ask.content.is_empty() => return Err(Refused(40097)),
        () if !(1..=4).contains(&ask.scene) => return Err(Refused(40129)),
        () if ask.content.chars().count() > LONGEST => return Err(Refused(45002)),
        () => fresh(world, &ask.openid, now_ms)?,
    }
    let said = [&ask.title, &ask.content, &ask.nickname, &ask.signature].map(String::as_str);
    let said = said.join("\n");
    let found: Vec<_> = world.words.iter().filter(|word| said.contains(&word.word)).collect();
    let gravest = found.iter().max_by_key(|word| word.suggest);
    let (suggest, label) = gravest.map_or((Suggest::Pass, 100), |word| (word.suggest, word.label));
    // The model always says something; words that were found have a row each. A strategy may also have failed,
    // and then says nothing worth reading.
    let mut detail = vec![
        json!({ "strategy": "content_model", "errcode": 0, "suggest": suggest.name(),
                "label": label, "prob": 90 }),
        json!({ "strategy": "keyword", "errcode": -1, "suggest": "risky", "label": 21000 }),
    ];
    if !found.is_empty() {
        detail.pop();
    }
    detail.extend(found.iter().map(|word| {
        json!({ "strategy": "keyword", "errcode": 0, "suggest": word.suggest.name(),
                "label": word.label, "level": 20, "keyword": word.word })
    }));
    Ok(json!({
        "errcode": 0,
        "errmsg": "ok",
        "detail": detail,
        "trace_id": world.ids.rid(now_ms),
        "result": { "suggest": suggest.name(), "label": label },
    }))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::testing::{call, controls, logged_in};

    use super::*;

    const CHECK: &str = "/wxa/msg_sec_check";

    fn text(openid: &str, content: &str) -> Value {
        json!({ "version": 2, "openid": openid, "scene": 3, "content": content })
    }

    #[actix_web::test]
    async fn the_gravest_word_decides() {
        let controls = controls();
        let openid = logged_in(&controls, "张三").await;
        for (content, suggest, label) in [
            ("楼道灯坏了", "pass", 100),
            ("有优惠", "review", 10001),
            ("有优惠，来赌博", "risky", 20006),
        ] {
            let told = call(&controls, CHECK, text(&openid, content)).await;
            assert_eq!(told["result"], json!({ "suggest": suggest, "label": label }));
        }
        controls.add_word(Word { word: "楼道".into(), suggest: Suggest::Review, label: 21000 });
        let told = call(&controls, CHECK, text(&openid, "楼道灯坏了")).await;
        assert_eq!(told["detail"][1]["keyword"], "楼道");
    }

    #[actix_web::test]
    async fn only_for_those_who_were_here_within_two_hours() {
        let controls = controls();
        let openid = logged_in(&controls, "张三").await;
        let check = || call(&controls, CHECK, text(&openid, "好"));
        controls.advance(Duration::from_secs(7200));
        assert_eq!(check().await["errcode"], 0);
        controls.advance(Duration::from_secs(1));
        assert_eq!(check().await["errcode"], 61010);
        logged_in(&controls, "张三").await;
        assert_eq!(check().await["errcode"], 0);
        assert_eq!(call(&controls, CHECK, text("oNobody", "好")).await["errcode"], 40003);
    }

    #[actix_web::test]
    async fn a_call_of_the_wrong_form_is_refused() {
        let controls = controls();
        let openid = logged_in(&controls, "张三").await;
        let with = |key: &str, value: Value| {
            let mut ask = text(&openid, "好");
            ask[key] = value;
            ask
        };
        for (ask, code) in [
            (with("version", 1.into()), 40097),
            (with("scene", 5.into()), 40129),
            (with("content", "长".repeat(2501).into()), 45002),
            (with("content", "".into()), 40097),
        ] {
            assert_eq!(call(&controls, CHECK, ask).await["errcode"], code);
        }
        assert_eq!(call(&controls, CHECK, text(&openid, &"长".repeat(2500))).await["errcode"], 0);
    }
}
