//! `GET /wxaapi/newtmpl/gettemplate`: the templates of this mini program, as if they had been chosen in the console.
//! The set is fixed, and so are the ids; `title` stands over the card that a phone shows.

use std::{collections::HashMap, sync::LazyLock};

use actix_web::{
    HttpResponse,
    web::{Data, Query},
};
use serde_json::{Value, json};

use crate::{controls::Controls, ids};

/// One field of a template: what it is called on the card, its key, an example.
pub(crate) type Field = (&'static str, &'static str, &'static str);

/// A template and what it asks for.
#[derive(Debug)]
pub(crate) struct Template {
    pub(crate) id: String,
    pub(crate) title: &'static str,
    /// One acceptance for any number of messages, instead of one for one.
    pub(crate) long_term: bool,
    pub(crate) fields: &'static [Field],
    /// What the fields of kind `enum` may say, by key.
    pub(crate) choices: &'static [(&'static str, &'static [&'static str])],
}

/// All there are.
pub(crate) static TEMPLATES: LazyLock<Vec<Template>> = LazyLock::new(|| {
    [
        once(
            "任务变更提醒",
            &[
                ("任务名称", "thing1", "陪李奶奶去医院"),
                ("变更内容", "thing2", "集合地点改为东门"),
                ("开始时间", "time3", "2026年11月25日 09:00"),
                ("地点", "thing4", "丁字口社区服务站"),
            ],
        ),
        once(
            "任务取消通知",
            &[
                ("任务名称", "thing1", "陪李奶奶去医院"),
                ("取消原因", "thing2", "雨天改期"),
                ("原定时间", "time3", "2026年11月25日 09:00"),
            ],
        ),
        once(
            "接单结果通知",
            &[
                ("任务名称", "thing1", "楼道大扫除"),
                ("接单结果", "phrase2", "候补成功"),
                ("开始时间", "time3", "2026年11月25日 09:00"),
                ("温馨提示", "thing4", "请按时到场"),
            ],
        ),
        once(
            "活动开始提醒",
            &[
                ("活动名称", "thing1", "楼道大扫除"),
                ("开始时间", "time2", "2026年11月25日 09:00"),
                ("活动地点", "thing3", "丁字口社区服务站"),
                ("温馨提示", "thing4", "请带手套"),
            ],
        ),
        once(
            "服务进度提醒",
            &[
                ("服务事项", "thing1", "修楼道灯"),
                ("当前进度", "phrase2", "已经安排"),
                ("更新时间", "time3", "2026年11月25日 09:00"),
                ("备注", "thing4", "师傅明天上午到"),
            ],
        ),
        once(
            "主题党日提醒",
            &[
                ("主题", "thing1", "学习与志愿服务"),
                ("时间", "time2", "2026年11月25日 14:30~16:30"),
                ("地点", "thing3", "社区三楼会议室"),
                ("温馨提示", "thing4", "请带学习资料"),
            ],
        ),
        once(
            "生日祝福提醒",
            &[
                ("祝福语", "thing1", "愿您平安喜乐"),
                ("日期", "date2", "2026年11月25日"),
                ("送祝福的", "thing3", "丁字口社区"),
            ],
        ),
        once(
            "待办事项提醒",
            &[
                ("事项", "thing1", "有新的需求等待处理"),
                ("提交时间", "time2", "2026年11月25日 09:00"),
                ("数量", "number3", "3"),
            ],
        ),
        Template {
            long_term: true,
            choices: &[("enum2", &["已受理", "办理中", "已办结"])],
            ..once(
                "政务服务进度通知",
                &[
                    ("办理事项", "thing1", "高龄津贴申请"),
                    ("办理状态", "enum2", "已受理"),
                    ("更新时间", "time3", "2026年11月25日 09:00"),
                    ("业务编号", "character_string4", "LL20261125001"),
                ],
            )
        },
    ]
    .into()
});

fn once(title: &'static str, fields: &'static [Field]) -> Template {
    Template { id: ids::template(title), title, long_term: false, fields, choices: &[] }
}

impl Template {
    /// The one of that id.
    pub(crate) fn of_id(id: &str) -> Option<&'static Self> {
        TEMPLATES.iter().find(|template| template.id == id)
    }

    /// The one of that title, or of that id.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        TEMPLATES.iter().find(|template| template.title == name || template.id == name)
    }

    /// As WeChat lists it.
    fn told(&self) -> Value {
        let lines = |value: &dyn Fn(&Field) -> String| -> String {
            self.fields.iter().map(|field| format!("{}:{}\n", field.0, value(field))).collect()
        };
        let mut told = json!({
            "priTmplId": self.id,
            "title": self.title,
            "content": lines(&|(_, key, _)| format!("{{{{{key}.DATA}}}}")),
            "example": lines(&|(_, _, example)| (*example).to_owned()),
            "type": if self.long_term { 3 } else { 2 },
        });
        if !self.choices.is_empty() {
            let choices = self.choices.iter().map(|(key, values)| {
                json!({ "keywordCode": format!("{key}.DATA"), "enumValueList": values })
            });
            told["keywordEnumValueList"] = choices.collect();
        }
        told
    }
}

pub(crate) async fn gettemplate(
    controls: Data<Controls>,
    query: Query<HashMap<String, String>>,
) -> HttpResponse {
    controls.answer_holder(&query, |_, _| {
        let all: Vec<Value> = TEMPLATES.iter().map(Template::told).collect();
        Ok(json!({ "errcode": 0, "errmsg": "ok", "data": all }))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use crate::{
        testing::{controls, get, token},
        values,
    };

    use super::*;

    #[test]
    fn each_template_keeps_its_own_rules() {
        let ids: HashSet<_> = TEMPLATES.iter().map(|template| &template.id).collect();
        assert_eq!(ids.len(), TEMPLATES.len());
        for template in TEMPLATES.iter() {
            for (_, key, example) in template.fields {
                assert!(values::fits(template, key, example), "{} {key} {example}", template.title);
            }
        }
    }

    #[test]
    fn ids_stay_what_they_are() {
        // Written down: settings of a developer's machine name them.
        let first = &TEMPLATES[0];
        assert_eq!(
            (first.title, first.id.as_str()),
            ("任务变更提醒", "3q1r6ybRweL6-KmXxMFaI_hIAp_Jv4YsvRSwAuYHYdE")
        );
    }

    #[actix_web::test]
    async fn the_list_reads_as_wechats_does() {
        let controls = controls();
        let token = token(&controls).await;
        let uri = format!("/wxaapi/newtmpl/gettemplate?access_token={token}");
        let told = get(&controls, &uri).await.json;
        let first = &told["data"][0];
        assert_eq!(first["type"], 2);
        assert!(first["content"].as_str().unwrap().starts_with("任务名称:{{thing1.DATA}}\n变更"));
        let last = told["data"].as_array().unwrap().last().unwrap();
        assert_eq!(
            (&last["type"], &last["keywordEnumValueList"][0]["enumValueList"][0]),
            (&json!(3), &json!("已受理"))
        );
    }
}
