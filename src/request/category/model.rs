//! Which categories are in force, and whether what was answered fits what was asked.

use std::collections::HashMap;

use ::entity::category::{Model, Question};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::platform::http::{input::readable, problem::FieldFault};

/// What keeps people safe at such work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Safety {
    /// 上门服务两人同行
    pub two_people: bool,
    /// 未成年人参加须有成人陪同
    pub adult_with_minors: bool,
    /// 保险说明
    pub insurance_note: Option<String>,
}

impl From<&Model> for Safety {
    fn from(category: &Model) -> Self {
        Self {
            two_people: category.two_people,
            adult_with_minors: category.adult_with_minors,
            insurance_note: category.insurance_note.clone(),
        }
    }
}

/// What was answered to a question of the category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// The question, word for word.
    #[validate(length(min = 1, max = 60), custom(function = readable))]
    #[schema(min_length = 1, max_length = 60)]
    pub question: String,
    #[validate(length(min = 1, max = 200), custom(function = readable))]
    #[schema(min_length = 1, max_length = 200)]
    pub answer: String,
}

/// Of the categories set on the way to an org, from the root down, those in force there, by name.
pub fn nearest(on_the_way: &[Uuid], set: Vec<Model>) -> Vec<Model> {
    let depth: HashMap<_, _> = on_the_way.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let mut by_name: HashMap<String, Model> = HashMap::new();
    for one in set {
        let deeper = |known: &Model| depth.get(&known.org_id) < depth.get(&one.org_id);
        if by_name.get(&one.name).is_none_or(deeper) {
            by_name.insert(one.name.clone(), one);
        }
    }
    let mut nearest: Vec<_> = by_name.into_values().collect();
    nearest.sort_by_key(|one| (!one.active, one.id));
    nearest
}

/// Whether every answer belongs to a question, and every question that must be answered is.
///
/// # Errors
/// The fault of `answers`, with the question in words.
pub fn check_replies(questions: &[Question], replies: &[Reply]) -> Result<(), FieldFault> {
    let fault = |code, zh: String, en: &str| {
        Err(FieldFault { field: "answers".into(), code, zh, en: en.into() })
    };
    for (at, reply) in replies.iter().enumerate() {
        let asked = questions.iter().any(|question| question.text == reply.question);
        let twice = replies[..at].iter().any(|earlier| earlier.question == reply.question);
        if !asked || twice {
            let zh = format!("这个类别没有问「{}」，或者回答了两次", reply.question);
            return fault("value", zh, "Not a question of this category, or answered twice");
        }
    }
    let open = questions.iter().find(|question| {
        question.required && !replies.iter().any(|reply| reply.question == question.text)
    });
    match open {
        Some(question) => {
            let zh = format!("请回答：{}", question.text);
            fault("required", zh, "A question of this category is not answered")
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use ::entity::{At, category::Questions};

    use super::*;

    fn category(n: u128, org: u128, name: &str, active: bool) -> Model {
        Model {
            id: Uuid::from_u128(n),
            org_id: Uuid::from_u128(org),
            name: name.into(),
            questions: Questions::default(),
            promise_first_hours: None,
            promise_done_days: None,
            two_people: false,
            adult_with_minors: false,
            insurance_note: None,
            active,
            changed_by: Uuid::nil(),
            created_at: At(0),
            updated_at: At(0),
        }
    }

    #[test]
    fn the_nearest_of_a_name_has_the_last_word_in_whatever_order_they_come() {
        let way = [1, 2, 3].map(Uuid::from_u128);
        let mut set = vec![
            category(11, 1, "助老", true),
            category(12, 3, "助老", false),
            category(13, 2, "助老", true),
            category(14, 2, "维修", true),
        ];
        for _ in 0..4 {
            set.rotate_left(1);
            let ids: Vec<_> =
                nearest(&way, set.clone()).iter().map(|one| one.id.as_u128()).collect();
            assert_eq!(ids, [14, 12], "active ones first");
        }
    }

    #[test]
    fn answers_fit_the_questions() {
        let question = |text: &str, required| Question { text: text.into(), required };
        let asked = [question("住几楼？", true), question("养狗吗？", false)];
        let reply = |question: &str| Reply { question: question.into(), answer: "三楼".into() };
        let code = |replies: &[Reply]| check_replies(&asked, replies).map_err(|fault| fault.code);
        assert_eq!(code(&[reply("住几楼？")]), Ok(()));
        assert_eq!(code(&[reply("养狗吗？"), reply("住几楼？")]), Ok(()));
        assert_eq!(code(&[reply("养狗吗？")]), Err("required"));
        assert_eq!(code(&[reply("住几楼？"), reply("住几楼？")]), Err("value"));
        assert_eq!(code(&[reply("住几楼？"), reply("几点？")]), Err("value"));
        assert_eq!(check_replies(&[], &[]), Ok(()));
    }
}
