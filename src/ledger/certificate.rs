//! 服务证明: what a person has served, on paper. Whoever is shown the paper checks its code and reads a masked name,
//! the hours, the org and the day; the code is random and says nothing by itself.

use ::entity::{
    membership::{MembershipKind, MembershipState},
    person,
    service_certificate::{ActiveModel, Column, Entity, Model},
};
use entity::At;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    identity::{Resident, people},
    kernel::{Day, Error},
    org,
    platform::{
        AppState, Tx,
        db::Step,
        http::{Problem, html, problem::NOT_FOUND},
    },
};

use super::hours;

/// A4, black on white, nothing outside the page.
const STYLE: &str = "body{font-family:serif;max-width:42em;margin:2em auto;color:#000}h1{text-align:center}\
table{width:100%;border-collapse:collapse}th,td{border:1px solid #000;padding:.6em;text-align:left}\
th{width:8em;font-weight:normal}@page{size:A4;margin:2cm}";

/// Signs of a code: too many to guess, few enough to type.
const CODE: usize = 16;

/// One's own certificate: what it would say today, and the last one issued.
#[derive(Debug, Serialize, ToSchema)]
pub struct CertificateView {
    /// The roster's name where there is one.
    pub name: String,
    /// The home branch, else the community of residence.
    pub org_name: Option<String>,
    /// Whole minutes so far, corrections included.
    pub total_minutes: i64,
    /// From how many claims.
    pub total_claims: i64,
    pub issued: Option<IssuedView>,
}

/// A certificate that was issued; its figures stay.
#[derive(Debug, Serialize, ToSchema)]
pub struct IssuedView {
    /// Whoever has it may check the certificate.
    pub code: String,
    /// Where it is checked and printed, below the base address.
    #[schema(example = "/api/v1/certificates/7K2M9PQRSTUV3456")]
    pub path: String,
    pub minutes: i64,
    pub claims: i64,
    pub issued_at: At,
}

impl From<Model> for IssuedView {
    fn from(row: Model) -> Self {
        let path = format!("/api/v1/certificates/{}", row.code);
        let Model { code, minutes, claims, issued_at, .. } = row;
        Self { code, path, minutes, claims, issued_at }
    }
}

/// Where a person belongs, for the paper.
fn home(me: &Resident) -> Option<Uuid> {
    let places = me.caller().places.iter();
    let held = places.filter(|place| place.state == MembershipState::Confirmed);
    held.min_by_key(|place| place.kind != MembershipKind::HomeBranch).map(|place| place.org_id)
}

async fn org_name(db: &impl ConnectionTrait, id: Option<Uuid>) -> Result<Option<String>, Error> {
    let Some(id) = id else { return Ok(None) };
    Ok(org::names(db, [id]).await?.remove(&id))
}

/// The name on the roster, else what the person wants to be called.
async fn name_of(db: &impl ConnectionTrait, state: &AppState, id: Uuid) -> Result<String, Error> {
    let found = person::Entity::find_by_id(id).one(db).await.step("read a name")?;
    let found = found.ok_or_else(|| Error::impossible("read a name"))?;
    let real = state.crypto.open_some("person.real_name", id, found.real_name.as_ref())?;
    Ok(real.unwrap_or(found.name))
}

async fn latest(db: &impl ConnectionTrait, me: &Resident) -> Result<Option<Model>, Error> {
    let mine = Entity::find().filter(me.own_scope().own(Column::PersonId));
    mine.order_by_desc(Column::Id).one(db).await.step("read the last certificate")
}

/// What one's certificate says.
pub(super) async fn mine(state: &AppState, me: &Resident) -> Result<CertificateView, Error> {
    let db = state.db.read();
    let totals = hours::earned(db, &me.own_scope()).await?;
    Ok(CertificateView {
        name: name_of(db, state, me.id()).await?,
        org_name: org_name(db, home(me)).await?,
        total_minutes: totals.minutes,
        total_claims: totals.people,
        issued: latest(db, me).await?.map(IssuedView::from),
    })
}

/// Issues a certificate with the figures of this moment, in the caller's transaction.
pub(super) async fn issue(tx: &Tx, state: &AppState, me: &Resident) -> Result<IssuedView, Error> {
    people::lock(tx, me.id()).await?;
    let totals = hours::earned(&**tx, &me.own_scope()).await?;
    let known = latest(&**tx, me).await?;
    let same = |row: &Model| {
        (row.minutes, row.claims, row.org_id) == (totals.minutes, totals.people, home(me))
    };
    if let Some(row) = known.filter(same) {
        return Ok(row.into());
    }
    let now = state.clock.now();
    let row = ActiveModel {
        id: Set(state.rng.id(now)),
        code: Set(state.rng.code(CODE)),
        person_id: Set(me.id()),
        org_id: Set(home(me)),
        minutes: Set(totals.minutes),
        claims: Set(totals.people),
        issued_at: Set(now),
    };
    Ok(row.insert(&**tx).await.step("issue a certificate")?.into())
}

/// The page anybody with the code reads and prints. Public by its code.
///
/// # Errors
/// `not_found` for a code nobody was given.
pub(super) async fn page(state: &AppState, code: &str) -> Result<String, Problem> {
    let db = state.db.read();
    let code = code.trim().to_ascii_uppercase();
    let found = Entity::find().filter(Column::Code.eq(&code)).one(db).await;
    let row = found.step("look a certificate up")?.ok_or(NOT_FOUND)?;
    let name = org::veiled(&name_of(db, state, row.person_id).await?);
    let org = org_name(db, row.org_id).await?.unwrap_or_else(|| "未登记".to_owned());
    let (hours, minutes) = (row.minutes / 60, row.minutes % 60);
    let lines = [
        ("姓名", name),
        ("所在组织", org),
        ("服务时长", format!("{hours} 小时 {minutes} 分钟")),
        ("服务次数", format!("{} 次", row.claims)),
        ("出具日期", Day::of(row.issued_at).to_string()),
        ("核验码", row.code),
    ];
    let rows = lines.map(|(label, text)| {
        format!("<tr><th scope=\"row\">{label}</th><td>{}</td></tr>", html::escaped(&text))
    });
    let body = format!(
        "<h1>志愿服务证明</h1><table>{}</table><p>以上时长由签到签退核定，数字以出具当日为准。\
         本页即核验结果；与纸面不符的，以本页为准。</p>",
        rows.concat()
    );
    Ok(html::page("志愿服务证明", STYLE, &body))
}
