//! 技能和证书: what a member is trusted to do, until when, and on what paper. A skill that runs out before a task
//! ends does not count for it.

use std::time::Duration;

use ::entity::{At, certificate, membership, person_skill};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, sea_query::OnConflict,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    identity::{Scope, people, within},
    kernel::{Day, Error},
    platform::{AppState, Tx, db::Step, http::input::readable},
};

use super::{memberships::PlaceError, party::civil_day, store};

/// A skill and the paper it stands on. No `Debug`.
#[derive(Serialize, ToSchema)]
pub struct SkillView {
    pub skill: String,
    /// The last day it counts, in Shanghai; null: it stays.
    #[schema(format = Date)]
    pub expires_on: Option<String>,
    pub expired: bool,
    pub certificate: Option<SkillCertificate>,
}

#[derive(Serialize, ToSchema)]
pub struct SkillCertificate {
    pub number: String,
    pub issuer: Option<String>,
}

/// A skill as it is to be, whole.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SkillChange {
    /// The last day it counts, as `2027-06-30`; absent: it stays.
    #[validate(custom(function = civil_day))]
    #[schema(format = Date)]
    pub expires_on: Option<String>,
    #[validate(nested)]
    pub certificate: Option<NewCertificate>,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCertificate {
    #[validate(length(min = 1, max = 40), custom(function = readable))]
    #[schema(min_length = 1, max_length = 40)]
    pub number: String,
    #[validate(length(min = 1, max = 60), custom(function = readable))]
    #[schema(min_length = 1, max_length = 60)]
    pub issuer: Option<String>,
}

/// A skill that runs out soon.
#[derive(Serialize, ToSchema)]
pub struct ExpiringView {
    pub person_id: Uuid,
    /// What the person is called.
    pub name: String,
    pub skill: String,
    #[schema(format = Date)]
    pub expires_on: String,
    pub expired: bool,
}

/// Whose skills, and who looks.
pub(super) struct Whose<'a> {
    pub scope: &'a Scope,
    pub org_id: Uuid,
    pub person_id: Uuid,
}

impl Whose<'_> {
    async fn check(&self, db: &impl ConnectionTrait) -> Result<(), PlaceError> {
        let member = store::member(db, self.scope, self.org_id, self.person_id).await?;
        member.map(drop).ok_or(PlaceError::NotFound)
    }
}

/// The last day an instant at its end leaves.
fn last_day(until: At) -> String {
    Day::of(until.minus(Duration::from_millis(1))).to_string()
}

/// Everything a member is trusted to do, also what has run out.
///
/// # Errors
/// `NotFound` for somebody who has no place there.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    state: &AppState,
    whose: &Whose<'_>,
) -> Result<Vec<SkillView>, PlaceError> {
    whose.check(db).await?;
    let skills = person_skill::Entity::find()
        .filter(person_skill::Column::PersonId.eq(whose.person_id))
        .order_by_asc(person_skill::Column::Skill)
        .all(db)
        .await
        .step("read skills")?;
    let papers = certificate::Entity::find()
        .filter(certificate::Column::PersonId.eq(whose.person_id))
        .all(db)
        .await
        .step("read certificates")?;
    let (crypto, now) = (&state.crypto, state.clock.now());
    let mut views = Vec::with_capacity(skills.len());
    for row in skills {
        let paper = papers.iter().find(|paper| paper.skill == row.skill);
        let paper = paper.map(|paper| {
            let issuer = paper.issuer.as_ref();
            Ok::<_, Error>(SkillCertificate {
                number: crypto.open("certificate.number", paper.id, &paper.number)?,
                issuer: crypto.open_some("certificate.issuer", paper.id, issuer)?,
            })
        });
        views.push(SkillView {
            expires_on: row.expires_at.map(last_day),
            expired: row.expires_at.is_some_and(|until| until <= now),
            certificate: paper.transpose()?,
            skill: row.skill,
        });
    }
    Ok(views)
}

/// Sets a skill of a member, with its paper or without.
///
/// # Errors
/// `NotFound`.
pub(super) async fn set(
    state: &AppState,
    whose: &Whose<'_>,
    by: Uuid,
    skill: &str,
    change: SkillChange,
) -> Result<Vec<SkillView>, PlaceError> {
    let tx = state.db.write().await?;
    whose.check(&*tx).await?;
    let now = state.clock.now();
    let until = change.expires_on.as_deref().and_then(|day| day.parse::<Day>().ok()).map(Day::end);
    let row = person_skill::ActiveModel {
        person_id: Set(whose.person_id),
        skill: Set(skill.to_owned()),
        recorded_by: Set(by),
        recorded_at: Set(now),
        expires_at: Set(until),
    };
    use person_skill::Column::{ExpiresAt, PersonId, RecordedAt, RecordedBy, Skill};
    let again = OnConflict::columns([PersonId, Skill])
        .update_columns([ExpiresAt, RecordedBy, RecordedAt])
        .to_owned();
    let stored = person_skill::Entity::insert(row).on_conflict(again);
    stored.exec_without_returning(&*tx).await.step("record a skill")?;
    drop_paper(&tx, whose.person_id, skill).await?;
    if let Some(paper) = change.certificate {
        let (crypto, id) = (&state.crypto, state.rng.id(now));
        let issuer = paper.issuer.as_deref();
        let row = certificate::ActiveModel {
            id: Set(id),
            person_id: Set(whose.person_id),
            skill: Set(skill.to_owned()),
            number: Set(crypto.seal("certificate.number", id, &paper.number)),
            issuer: Set(issuer.map(|issuer| crypto.seal("certificate.issuer", id, issuer))),
            recorded_by: Set(by),
            recorded_at: Set(now),
        };
        let stored = certificate::Entity::insert(row).exec_without_returning(&*tx).await;
        stored.step("keep a certificate")?;
    }
    let views = list(&*tx, state, whose).await?;
    tx.commit().await?;
    Ok(views)
}

/// Takes a skill and its paper away.
///
/// # Errors
/// `NotFound` for the person or the skill.
pub(super) async fn remove(
    state: &AppState,
    whose: &Whose<'_>,
    skill: &str,
) -> Result<(), PlaceError> {
    let tx = state.db.write().await?;
    whose.check(&*tx).await?;
    let key = (whose.person_id, skill.to_owned());
    let gone = person_skill::Entity::delete_by_id(key).exec(&*tx).await.step("drop a skill")?;
    if gone.rows_affected == 0 {
        return Err(PlaceError::NotFound);
    }
    drop_paper(&tx, whose.person_id, skill).await?;
    Ok(tx.commit().await?)
}

async fn drop_paper(tx: &Tx, person_id: Uuid, skill: &str) -> Result<(), Error> {
    let gone = certificate::Entity::delete_many()
        .filter(certificate::Column::PersonId.eq(person_id))
        .filter(certificate::Column::Skill.eq(skill));
    gone.exec(&**tx).await.step("drop a certificate").map(drop)
}

/// The hundred skills of an org's people and of those below it that have run out or will within so many days, the
/// soonest first.
///
/// # Errors
/// `NotFound` for an org out of reach.
pub(super) async fn expiring(
    state: &AppState,
    scope: &Scope,
    org_id: Uuid,
    within_days: u64,
) -> Result<Vec<ExpiringView>, PlaceError> {
    let db = state.db.read();
    let org = store::within_reach(db, scope, org_id).await?.ok_or(PlaceError::NotFound)?;
    let now = state.clock.now();
    let until = now.plus(Duration::from_secs(within_days * 24 * 3600));
    use membership::{Column as Member, MembershipState::Confirmed};
    let members = membership::Entity::find()
        .select_only()
        .column(Member::PersonId)
        .filter(within(Member::OrgId, &[org.path]))
        .filter(Member::State.eq(Confirmed))
        .into_query();
    let soon = Condition::all()
        .add(person_skill::Column::ExpiresAt.lt(until))
        .add(person_skill::Column::PersonId.in_subquery(members));
    let rows = person_skill::Entity::find()
        .filter(soon)
        .order_by_asc(person_skill::Column::ExpiresAt)
        .order_by_asc(person_skill::Column::PersonId)
        .limit(100)
        .all(db)
        .await
        .step("list skills that run out")?;
    let names = people::names(db, rows.iter().map(|row| row.person_id)).await?;
    let view = |row: person_skill::Model| {
        let until = row.expires_at?;
        Some(ExpiringView {
            person_id: row.person_id,
            name: names.get(&row.person_id).cloned().unwrap_or_default(),
            skill: row.skill,
            expires_on: last_day(until),
            expired: until <= now,
        })
    };
    Ok(rows.into_iter().filter_map(view).collect())
}
