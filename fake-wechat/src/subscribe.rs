//! `POST /cgi-bin/message/subscribe/send`: one message to one user's phone.

use std::collections::{BTreeMap, HashMap};

use actix_web::{
    HttpResponse,
    web::{Bytes, Data, Query},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    answer::{Refusal, Refused, read},
    clock::pause,
    controls::Controls,
    events::Event,
    templates::Template,
    values,
    world::World,
};

/// A message as it lies on a phone.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    pub msg_id: u64,
    pub openid: String,
    pub template_id: String,
    pub title: &'static str,
    /// When it was taken on, in milliseconds since 1970.
    pub at_ms: i64,
    /// What a tap on it opens.
    pub page: Option<String>,
    /// What each line is called and what it says, in the template's order.
    pub lines: Vec<(&'static str, String)>,
    /// It was taken on and got lost on WeChat's side.
    pub failed: bool,
}

/// What becomes of a message after it was taken on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fate {
    /// Of the sent event; 0: delivered, and told so.
    pub error_code: i64,
    #[serde(default)]
    pub error_status: String,
    /// When the event comes, by the stand-in's clock.
    #[serde(default)]
    pub after_seconds: u32,
}

/// Kept on the answer until it left: so long, the message is on its way.
struct OnItsWay {
    controls: Controls,
    openid: String,
}

impl Drop for OnItsWay {
    fn drop(&mut self) {
        self.controls.with(|world, _| world.grants.arrived(&self.openid));
    }
}

#[derive(Deserialize)]
struct Ask {
    #[serde(default)]
    touser: String,
    #[serde(default)]
    template_id: String,
    page: Option<String>,
    miniprogram_state: Option<String>,
    lang: Option<String>,
    #[serde(default)]
    data: BTreeMap<String, Said>,
}

#[derive(Deserialize)]
struct Said {
    value: Value,
}

pub(crate) async fn send(
    controls: Data<Controls>,
    query: Query<HashMap<String, String>>,
    body: Bytes,
) -> HttpResponse {
    let mut on_its_way = None;
    let mut answer = controls.answer_holder(&query, |world, now_ms| {
        let message = take_on(world, read(&body)?, now_ms)?;
        on_its_way = Some(message.openid.clone());
        let answer = json!({ "errcode": 0, "errmsg": "ok", "msgid": message.msg_id });
        world.messages.push(message);
        Ok(answer)
    });
    if let Some(openid) = on_its_way {
        let controls = controls.get_ref().clone();
        let way = OnItsWay { openid, controls: controls.clone() };
        pause(controls.with(|world, _| world.send_takes)).await;
        answer.extensions_mut().insert(way);
    }
    answer
}

/// Holds a message against everything WeChat looks at, and spends an acceptance for it.
fn take_on(world: &mut World, ask: Ask, now_ms: i64) -> Result<Message, Refusal> {
    let Ask { touser: openid, template_id, page, .. } = &ask;
    if !world.users.contains_key(openid) {
        return Err(Refused(40003).into());
    }
    let template = Template::of_id(template_id).ok_or(Refused(40037))?;
    let is_one_of = |given: &Option<String>, known: &[&str]| {
        given.as_deref().is_none_or(|given| known.contains(&given))
    };
    if !is_one_of(&ask.miniprogram_state, &["developer", "trial", "formal"])
        || !is_one_of(&ask.lang, &["zh_CN", "en_US", "zh_HK", "zh_TW"])
    {
        return Err(Refused(40097).into());
    }
    let path = page.as_deref().map(|page| page.split('?').next().unwrap_or_default());
    if path.is_some_and(|path| !path.is_empty() && !world.pages.released(path)) {
        return Err(Refused(41030).into());
    }
    let lines = lines(template, &ask.data)?;
    world.grants.spend(openid, template)?;
    let (msg_id, fate) = (world.ids.message(), world.fates.pop_front());
    if let Some(Fate { error_code, error_status, after_seconds }) = &fate {
        let event = Event::sent(openid, &template.id, msg_id, *error_code, error_status);
        world.pushes.tell(now_ms + i64::from(*after_seconds) * 1000, event);
    }
    Ok(Message {
        msg_id,
        openid: openid.clone(),
        template_id: template.id.clone(),
        title: template.title,
        at_ms: now_ms,
        page: ask.page,
        lines,
        failed: fate.is_some_and(|fate| fate.error_code != 0),
    })
}

/// Every field of the template, and none beside.
fn lines(
    template: &Template,
    data: &BTreeMap<String, Said>,
) -> Result<Vec<(&'static str, String)>, Refusal> {
    let invalid = |key: &str| Refusal {
        code: 47003,
        words: format!("argument invalid! data.{key}.value invalid").into(),
    };
    let known = |key: &str| template.fields.iter().any(|(_, of, _)| *of == key);
    if let Some(stranger) = data.keys().find(|key| !known(key)) {
        return Err(invalid(stranger));
    }
    let line = |(called, key, _): &(&'static str, &'static str, _)| {
        let said = data.get(*key).map(|said| match &said.value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        });
        let said = said.filter(|said| values::fits(template, key, said));
        said.map(|said| (*called, said)).ok_or_else(|| invalid(key))
    };
    template.fields.iter().map(line).collect()
}

#[cfg(test)]
mod tests;
