//! Which templates to ask for at which tap.

use ::entity::message_template::{Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    kernel::Error,
    notify::push::{TemplateKind, settings_of},
    platform::{AppState, db::Step},
};

use super::live;

/// With so many messages still to come nobody is asked for more.
const ENOUGH: i32 = 3;

/// The tap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tap {
    /// 接单、候补
    Claim,
    /// 打开主题党日
    ThemeDay,
    /// 我的
    Profile,
    /// 提出需求
    Request,
    /// 工作台
    Desk,
}

impl Tap {
    /// What is asked for there, the more needed first.
    fn kinds(self) -> &'static [TemplateKind] {
        use TemplateKind::{
            ClaimResult, Duty, Greeting, Progress, Reminder, TaskCancel, TaskChange, ThemeDay,
        };
        match self {
            Self::Claim => &[TaskChange, Reminder, TaskCancel, ClaimResult],
            Self::ThemeDay => &[ThemeDay],
            Self::Profile => &[Greeting],
            Self::Request => &[Progress],
            Self::Desk => &[Duty],
        }
    }
}

/// What to ask for: at once, in this order. Empty: ask nothing.
#[derive(Debug, Serialize, ToSchema)]
pub struct Prompt {
    pub template_ids: Vec<String>,
}

/// What to ask a person for at that tap: what they have not enough of, and never one-time templates together with
/// long-term ones.
pub(super) async fn prompt(state: &AppState, person_id: Uuid, at: Tap) -> Result<Prompt, Error> {
    let db = state.db.read();
    let held = live(db, state, person_id).await?;
    let enough = |id: &str| held.get(id).is_some_and(|g| g.permanent || g.balance >= ENOUGH);
    let kinds = at.kinds().iter().filter_map(|kind| settings_of(state, *kind));
    let mut ids: Vec<_> = kinds.map(|set| set.id.clone()).filter(|id| !enough(id)).collect();
    let long: Vec<_> = Entity::find()
        .filter(Column::TemplateId.is_in(ids.iter().cloned()))
        .filter(Column::LongTerm.eq(true))
        .all(db)
        .await
        .step("read templates")?;
    let is_long = |id: &String| long.iter().any(|template| template.template_id == *id);
    let first = ids.first().map(is_long);
    ids.retain(|id| Some(is_long(id)) == first);
    ids.truncate(state.settings.wechat.prompt_most);
    Ok(Prompt { template_ids: ids })
}
