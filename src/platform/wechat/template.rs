//! 模板 · the message templates of this mini program, with their fields and, for lists, the values there are.

use std::{collections::BTreeMap, time::Duration};

use entity::At;
use serde::Deserialize;
use tokio::sync::Mutex;

use super::{Call, Wechat, WechatError, ask::Ask, call};

/// How long the list is believed, and how long a list that could not be had is not asked for again.
const BELIEVED: Duration = Duration::from_secs(600);
const MISSED: Duration = Duration::from_secs(60);

/// One template.
#[derive(Clone, Debug)]
pub struct Template {
    pub id: String,
    pub title: String,
    /// As WeChat shows it: `任务:{{thing1.DATA}}`.
    pub content: String,
    pub example: String,
    /// Accepted once, it may be sent many times. Only public services have such.
    pub is_long_term: bool,
    enums: BTreeMap<String, Vec<String>>,
}

impl Template {
    /// The keys of its fields.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.content.split("{{").skip(1).filter_map(|rest| rest.split(".DATA}}").next())
    }

    /// The values a field of a list may have; None: it is no list.
    pub fn choices(&self, key: &str) -> Option<&[String]> {
        self.enums.get(key).map(Vec::as_slice)
    }
}

/// The list as it was last had; None within: it could not be had.
#[derive(Debug, Default)]
pub(super) struct Known(Mutex<Option<(At, Option<Vec<Template>>)>>);

#[derive(Deserialize)]
struct Reply {
    #[serde(default)]
    data: Option<Vec<Row>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    pri_tmpl_id: String,
    #[serde(default, deserialize_with = "call::text")]
    title: String,
    #[serde(default, deserialize_with = "call::text")]
    content: String,
    #[serde(default, deserialize_with = "call::text")]
    example: String,
    #[serde(default, rename = "type", deserialize_with = "call::number")]
    kind: i64,
    #[serde(default)]
    keyword_enum_value_list: Option<Vec<Choice>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Choice {
    #[serde(default)]
    keyword_code: String,
    #[serde(default)]
    enum_value_list: Vec<String>,
}

impl From<Row> for Template {
    fn from(row: Row) -> Self {
        let choices = row.keyword_enum_value_list.unwrap_or_default();
        let name = |code: &str| code.strip_suffix(".DATA").unwrap_or(code).to_owned();
        Self {
            id: row.pri_tmpl_id,
            title: row.title,
            content: row.content,
            example: row.example,
            is_long_term: row.kind == 3,
            enums: choices
                .into_iter()
                .map(|c| (name(&c.keyword_code), c.enum_value_list))
                .collect(),
        }
    }
}

impl Wechat {
    /// The templates this mini program has chosen.
    ///
    /// # Errors
    /// As [`Class`](super::Class) tells them apart.
    pub async fn templates(&self) -> Result<Vec<Template>, WechatError> {
        let ask = Ask { call: Call::Templates, template: None, body: None };
        let reply: Reply = self.ask(&ask, call::decode).await?;
        Ok(reply.data.unwrap_or_default().into_iter().map(Template::from).collect())
    }

    /// A template as far as we know it. None: WeChat will say what it thinks of it.
    pub(super) async fn known_template(&self, id: &str) -> Option<Template> {
        let mut known = self.templates.0.lock().await;
        let now = self.clock.now();
        let is_fresh = known.as_ref().is_some_and(|(at, list)| {
            let life = if list.is_some() { BELIEVED } else { MISSED };
            *at <= now && now < at.plus(life)
        });
        if !is_fresh {
            let list = self.templates().await;
            let list = list.inspect_err(|error| tracing::warn!(%error, "templates are not known"));
            *known = Some((now, list.ok()));
        }
        let (_, list) = known.as_ref()?;
        list.as_ref()?.iter().find(|template| template.id == id).cloned()
    }
}

#[cfg(test)]
mod tests {
    use crate::platform::wechat::testing::Responder;

    const LIST: &str = "/wxaapi/newtmpl/gettemplate";

    #[tokio::test]
    async fn templates_say_their_fields_and_values() {
        let responder = Responder::start(|_, _| {
            r#"{"errcode":0,"errmsg":"ok","data":[
                {"priTmplId":"A","title":"活动提醒","content":"活动:{{thing1.DATA}}\n时间:{{time02.DATA}}\n","example":"x","type":"3"},
                {"priTmplId":"B","title":"结果","content":"","type":2,"keywordEnumValueList":[{"keywordCode":"enum1","enumValueList":["是","否"]}]}]}"#
                .into()
        })
        .await;
        let client = responder.client();
        let list = client.templates().await.unwrap();
        assert_eq!(list[0].keys().collect::<Vec<_>>(), ["thing1", "time02"]);
        assert_eq!((list[0].is_long_term, list[1].is_long_term), (true, false));
        assert_eq!(list[1].choices("enum1").unwrap(), ["是", "否"]);
        assert_eq!(list[1].choices("thing1"), None);
        assert!(responder.asked(LIST)[0].head.starts_with("GET "));

        assert!(client.known_template("A").await.is_some());
        assert!(client.known_template("B").await.is_some());
        assert!(client.known_template("C").await.is_none());
        assert_eq!(responder.asked(LIST).len(), 2, "the list is believed for a while");
    }

    #[tokio::test]
    async fn no_templates_are_no_fault() {
        let responder = Responder::start(|_, _| r#"{"errcode":0,"data":null}"#.into()).await;
        assert!(responder.client().templates().await.unwrap().is_empty());
    }
}
