//! A theme day as members and staff see it.

use std::collections::HashMap;

use ::entity::{
    At,
    theme_day::{Model, ThemeDayState},
    theme_day_person::{self, Attendance},
};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    file::{self, Attached, FileView},
    identity::{Resident, Scope},
    kernel::Error,
    notify::crowd::{self, Progress},
    org,
    platform::AppState,
};

use super::{
    attend, model,
    outline::{AgendaStep, Outline, Rests},
    plan,
    record::RECORD,
    store::{self, Tally},
};

#[derive(Debug, Serialize, ToSchema)]
pub struct ThemeDayView {
    pub id: Uuid,
    pub org_id: Uuid,
    pub org_name: String,
    #[schema(example = "2026-11")]
    pub month: String,
    pub theme: String,
    pub starts_at: At,
    pub ends_at: At,
    pub place: Option<String>,
    pub steps: Vec<AgendaStep>,
    pub materials: Vec<MaterialView>,
    pub bring: Vec<String>,
    pub notes: Option<String>,
    pub state: ThemeDayState,
    /// The state in people's words.
    pub state_text: &'static str,
    /// Why it was cancelled or returned.
    pub reason: Option<String>,
    /// Grows with every change of time or place.
    pub rev: i32,
    /// 四有
    pub has: HasView,
    /// What the caller said and whether they came; null: nothing yet.
    pub mine: Option<MyAttendance>,
    /// The record, once it was handed in.
    pub record: Option<RecordView>,
    /// For the secretary, of one day: the code for the wall, and how many said what.
    pub desk: Option<DeskView>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MaterialView {
    pub title: String,
    pub text: Option<String>,
    pub photo: Option<FileView>,
}

/// 四有: plan, theme, arrangement, illustrated record.
#[derive(Debug, Serialize, ToSchema)]
pub struct HasView {
    /// 有计划
    pub plan: bool,
    /// 有主题
    pub theme: bool,
    /// 有安排：when, where, in which steps
    pub arrangement: bool,
    /// 有记录：words, and photos where there are any
    pub record: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MyAttendance {
    pub answer: Option<Attendance>,
    pub reason: Option<String>,
    pub came_at: Option<At>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RecordView {
    pub words: String,
    pub photos: Vec<FileView>,
    /// How many should have come and how many came, when it was handed in.
    pub expected: Option<i32>,
    pub came: Option<i32>,
    pub recorded_at: Option<At>,
    /// By when it was in time.
    pub due_at: At,
    pub on_time: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DeskView {
    pub check_in_code: String,
    /// Members invited now.
    pub expected: u64,
    pub yes: i64,
    pub no: i64,
    pub leave: i64,
    /// Who has not answered.
    pub open: i64,
    pub came: i64,
    /// How far telling the members what was said of it last has come; null: nobody is told yet.
    pub telling: Option<Progress>,
}

/// The photos and the caller's answers of many days.
struct Around {
    names: HashMap<Uuid, String>,
    materials: HashMap<Uuid, Vec<FileView>>,
    records: HashMap<Uuid, Vec<FileView>>,
    mine: HashMap<Uuid, theme_day_person::Model>,
}

/// Many days, in four queries.
pub(super) async fn many(
    db: &impl ConnectionTrait,
    state: &AppState,
    me: Uuid,
    days: Vec<Model>,
) -> Result<Vec<ThemeDayView>, Error> {
    let ids: Vec<_> = days.iter().map(|day| day.id).collect();
    let mut around = Around {
        names: org::names(db, days.iter().map(|day| day.org_id)).await?,
        materials: file::views(db, state, Attached::ThemeMaterial, &ids).await?,
        records: file::views(db, state, Attached::ThemeRecord, &ids).await?,
        mine: store::of_person(db, ids, me).await?,
    };
    days.into_iter().map(|day| view(state, &mut around, day)).collect()
}

fn view(state: &AppState, around: &mut Around, day: Model) -> Result<ThemeDayView, Error> {
    let outline = Outline::open(state, Rests::Day, day.id, &day.outline)?;
    let pictures = around.materials.remove(&day.id).unwrap_or_default();
    let material = |one: super::outline::Material| MaterialView {
        photo: pictures.iter().find(|photo| Some(photo.id) == one.photo_id).cloned(),
        title: one.title,
        text: one.text,
    };
    let mine = around.mine.remove(&day.id).map(|row| {
        Ok::<_, Error>(MyAttendance {
            answer: row.answer,
            reason: state.crypto.open_some(attend::REASON, row.id, row.reason.as_ref())?,
            came_at: row.came_at,
        })
    });
    let photos = around.records.remove(&day.id).unwrap_or_default();
    let words = state.crypto.open_some(RECORD, day.id, day.record.as_ref())?;
    let held = model::Held {
        state: day.state,
        starts_at: day.starts_at,
        first_recorded_at: day.first_recorded_at,
    };
    Ok(ThemeDayView {
        has: HasView {
            plan: day.state != ThemeDayState::Cancelled,
            theme: !outline.theme.is_empty(),
            arrangement: outline.place.is_some() && !outline.steps.is_empty(),
            record: words.is_some(),
        },
        record: words.map(|words| RecordView {
            words,
            photos,
            expected: day.expected,
            came: day.came,
            recorded_at: day.recorded_at,
            due_at: model::record_by(day.starts_at),
            on_time: model::on_time(held),
        }),
        org_name: around.names.get(&day.org_id).cloned().unwrap_or_default(),
        state_text: model::spoken(day.state),
        reason: state.crypto.open_some(plan::REASON, day.id, day.reason.as_ref())?,
        mine: mine.transpose()?,
        materials: outline.materials.into_iter().map(material).collect(),
        theme: outline.theme,
        place: outline.place,
        steps: outline.steps,
        bring: outline.bring,
        notes: outline.notes,
        id: day.id,
        org_id: day.org_id,
        month: day.month,
        starts_at: day.starts_at,
        ends_at: day.ends_at,
        state: day.state,
        rev: day.rev,
        desk: None,
    })
}

/// One day, with the desk's side where the caller keeps it.
pub(super) async fn one(
    db: &impl ConnectionTrait,
    state: &AppState,
    me: &Resident,
    day: Model,
) -> Result<ThemeDayView, Error> {
    let (id, org_id, code) = (day.id, day.org_id, day.check_in_code.clone());
    let mut views = many(db, state, me.id(), vec![day]).await?;
    let mut view = views.pop().ok_or_else(|| Error::impossible("view a theme day"))?;
    let org = org::find(db, org_id).await?;
    let keeper = me.as_party_keeper();
    if let Some(org) = org.filter(|org| keeper.is_some_and(|one| one.scope().covers(&org.path))) {
        let expected = org::count_branch_members(db, &Scope::house(), &org.path).await?;
        let Tally { yes, no, leave, came } = store::tally(db, id).await?;
        let open = i64::try_from(expected).unwrap_or(i64::MAX) - yes - no - leave;
        let open = open.max(0);
        let telling = crowd::progress(db, id).await?;
        let check_in_code = code;
        view.desk = Some(DeskView { check_in_code, expected, yes, no, leave, open, came, telling });
    }
    Ok(view)
}
