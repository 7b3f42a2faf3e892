//! Which template carries a kind of message: what the settings say, held against what WeChat lists.

use std::{collections::HashSet, time::Duration};

use ::entity::message_template::{ActiveModel, Column, Entity};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, sea_query::OnConflict,
};

use crate::{
    kernel::Error,
    platform::{
        AppState,
        db::Step,
        wechat::{Data, Template, TemplateSettings, WechatError, WechatSettings},
    },
};

use super::{TemplateKind, message::said_by};

/// How long WeChat's list is believed.
const BELIEVED: Duration = Duration::from_secs(24 * 3600);

/// The template of a kind; None: that kind goes to the inbox alone.
pub fn settings_of(state: &AppState, kind: TemplateKind) -> Option<&TemplateSettings> {
    let set = state.settings.wechat.templates.get(kind.name())?;
    Some(set).filter(|set| !set.id.is_empty())
}

/// The kind a template carries; None: it is none of ours.
pub fn kind_of(state: &AppState, template_id: &str) -> Option<TemplateKind> {
    let is = |kind: &TemplateKind| settings_of(state, *kind).is_some_and(|s| s.id == template_id);
    TemplateKind::ALL.into_iter().find(is)
}

/// The message's words in the template's fields.
pub(super) fn filled(
    set: &TemplateSettings,
    words: &[(String, String)],
) -> Result<Data, WechatError> {
    let unknown = || WechatError::Value { field: "fields".into(), why: "cannot be understood" };
    let mut data = Data::default();
    for (field, part) in set.each_field().ok_or_else(unknown)? {
        let said = words.iter().find(|(of, _)| of == part).ok_or_else(unknown)?;
        data = data.with(field, &said.1)?;
    }
    Ok(data)
}

/// What is wrong with the settings of templates, each fault beginning with the key it is about. `listed`: what WeChat
/// lists, where it was asked.
pub fn faults(settings: &WechatSettings, listed: Option<&[Template]>) -> Vec<String> {
    let strangers = settings.templates.keys().filter(|name| TemplateKind::named(name).is_none());
    let strange = strangers.map(|name| format!("wechat.templates.{name}: no such kind"));
    let each = TemplateKind::ALL.into_iter().filter_map(|kind| {
        let set = settings.templates.get(kind.name()).filter(|set| !set.id.is_empty())?;
        let why = fault(kind, set, listed)?;
        Some(format!("wechat.templates.{}: {why}", kind.name()))
    });
    strange.chain(each).collect()
}

fn fault(
    kind: TemplateKind,
    set: &TemplateSettings,
    listed: Option<&[Template]>,
) -> Option<String> {
    let Some(fields) = set.each_field() else {
        return Some("fields: expected thing1=task, time3=start".into());
    };
    if let Some((_, part)) = fields.iter().find(|(_, part)| !kind.parts().contains(part)) {
        return Some(format!("fields: {part:?} is none of {}", kind.parts().join(", ")));
    }
    let Some(template) = listed?.iter().find(|one| one.id == set.id) else {
        return Some("WeChat does not list this template".into());
    };
    let (asked, given): (HashSet<_>, HashSet<_>) =
        (template.keys().collect(), fields.iter().map(|(field, _)| *field).collect());
    if let Some(missing) = asked.difference(&given).min() {
        return Some(format!("fields: {missing} of the template is not filled"));
    }
    if let Some(more) = given.difference(&asked).min() {
        return Some(format!("fields: the template has no {more}"));
    }
    let unfit = |(field, part): &&(&str, &str)| {
        let choices = template.choices(field);
        let known = |known: &[String]| {
            let said = said_by(part);
            said.is_empty() || said.iter().any(|one| !known.iter().any(|known| known == one))
        };
        choices.is_some_and(known)
    };
    let (field, part) = fields.iter().find(unfit)?;
    Some(format!("fields: {field} is a list that does not have every value of {part}"))
}

/// Asks WeChat for its list and keeps it, where the one kept is a day old. How many templates it listed.
///
/// # Errors
/// When the list cannot be kept. That WeChat does not answer is no fault of ours: the next round asks again.
pub async fn refresh(state: &AppState) -> Result<usize, Error> {
    let set = &state.settings.wechat;
    let ours: Vec<_> =
        TemplateKind::ALL.into_iter().filter_map(|kind| settings_of(state, kind)).collect();
    let now = state.clock.now();
    let fresh = Entity::find()
        .filter(Column::TemplateId.is_in(ours.iter().map(|set| set.id.as_str())))
        .filter(Column::SeenAt.gt(now.minus(BELIEVED)))
        .count(state.db.read())
        .await
        .step("look at the templates")?;
    if fresh >= ours.len() as u64 {
        return Ok(0);
    }
    let listed = match state.wechat.templates().await {
        Ok(listed) => listed,
        Err(error) => {
            tracing::warn!(%error, "WeChat does not list its templates");
            return Ok(0);
        }
    };
    for fault in faults(set, Some(&listed)) {
        tracing::error!(fault, "a message template does not fit its settings");
    }
    let rows: Vec<_> = listed
        .iter()
        .map(|one| ActiveModel {
            template_id: Set(one.id.clone()),
            title: Set(one.title.clone()),
            long_term: Set(one.is_long_term),
            fault: Set(kind_of(state, &one.id)
                .and_then(|kind| fault(kind, settings_of(state, kind)?, Some(&listed)))
                .unwrap_or_default()),
            seen_at: Set(now),
        })
        .collect();
    let count = rows.len();
    if count > 0 {
        let tx = state.db.write().await?;
        let again = OnConflict::column(Column::TemplateId)
            .update_columns([Column::Title, Column::LongTerm, Column::Fault, Column::SeenAt])
            .to_owned();
        let kept = Entity::insert_many(rows).on_conflict(again).exec_without_returning(&*tx).await;
        kept.step("keep the templates")?;
        tx.commit().await?;
    }
    Ok(count)
}
