//! 花名册: the people of an org, entered by it or confirmed by it, and what they are trusted to do.

use ::entity::{
    membership::{MemberClass, MembershipKind, MembershipState, Model},
    person, person_skill,
    role_grant::Role,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    sea_query::OnConflict,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use crate::{
    identity::{
        Scope,
        people::{self, NewPerson},
    },
    kernel::{Error, Trouble},
    platform::{
        AppState, Tx,
        db::{Step, is_duplicate},
        http::{Page, input::readable},
    },
};

use super::{
    memberships::{NewPlace, PlaceError, place},
    model, store,
};

/// A line of the roster, for those who keep it. It names people, so it has no `Debug`.
#[derive(Serialize, ToSchema)]
pub struct MemberView {
    /// Of the membership.
    pub id: Uuid,
    /// Where the place is.
    pub org_id: Uuid,
    pub org_name: String,
    pub person_id: Uuid,
    /// What the person is called: of a roster name its first sign, `张*`, until they say themselves. The name in full
    /// is revealed one by one, with a reason.
    pub name: String,
    /// `138****5678`; null: not known.
    pub phone: Option<String>,
    pub kind: MembershipKind,
    pub state: MembershipState,
    pub class: MemberClass,
    /// What they are trusted to do now; what has run out is not among it.
    pub skills: Vec<String>,
    /// Roles they hold at this org, above or below it, as far as you reach.
    pub roles: Vec<Role>,
}

/// A person to enter.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    /// Name on the roster. Others see its first sign alone, until the person says what to be called.
    #[schema(min_length = 1, max_length = 30)]
    #[validate(length(min = 1, max = 30), custom(function = readable))]
    pub name: String,
    /// Mainland mobile number; a person who is known by it already is taken, not doubled.
    #[schema(max_length = 20)]
    #[validate(length(max = 20))]
    pub phone: Option<String>,
    /// `home_branch` when absent.
    #[serde(default = "home_branch")]
    pub kind: MembershipKind,
    /// `ordinary` when absent.
    #[serde(default)]
    pub class: MemberClass,
    /// 技能, at most 20 of 20 signs, e.g. 「急救」「电工」.
    #[serde(default)]
    #[schema(max_items = 20)]
    #[validate(length(max = 20), custom(function = skills))]
    pub skills: Vec<String>,
}

fn home_branch() -> MembershipKind {
    MembershipKind::HomeBranch
}

fn skills(skills: &[String]) -> Result<(), ValidationError> {
    skills.iter().try_for_each(|skill| match skill.chars().count() {
        ..=20 => readable(skill),
        _ => Err(ValidationError::new("skill")),
    })
}

/// Enters a person in an org in reach, with a confirmed place, in the caller's transaction.
///
/// # Errors
/// `Phone`, `NotFound`, `Unfit`, `Exists`.
pub(super) async fn add(
    tx: &Tx,
    state: &AppState,
    scope: &Scope,
    by: Uuid,
    org_id: Uuid,
    new: NewMember,
) -> Result<MemberView, PlaceError> {
    if new.phone.as_deref().is_some_and(|phone| !people::is_mobile(phone)) {
        return Err(PlaceError::Phone);
    }
    let org = store::within_reach(&**tx, scope, org_id).await?.ok_or(PlaceError::NotFound)?;
    let person = person_of(tx, state, new.name.trim(), new.phone.clone()).await?;
    let NewMember { kind, class, skills, .. } = new;
    let new = NewPlace { person_id: person, kind, class, by: Some(by), moved_from: None };
    let row = place(tx, state, &org, new).await?;
    trust(tx, state, by, person, &skills).await?;
    let view = views(&**tx, state, scope, vec![row]).await?.pop();
    Ok(view.ok_or_else(|| Error::impossible("read the new member"))?)
}

/// The person with that phone, or a new one.
async fn person_of(
    tx: &DatabaseTransaction,
    state: &AppState,
    name: &str,
    phone: Option<String>,
) -> Result<Uuid, Error> {
    let known = match &phone {
        Some(phone) => people::by_phone(tx, state, phone).await?,
        None => None,
    };
    let Some(known) = known else {
        let new =
            NewPerson { name: Some(model::veiled(name)), real_name: Some(name.to_owned()), phone };
        return people::add(tx, state, new).await.map_err(entered_at_once);
    };
    if known.real_name.is_none() {
        let row = person::ActiveModel {
            id: Set(known.id),
            real_name: Set(Some(state.crypto.seal("person.real_name", known.id, name))),
            updated_at: Set(state.clock.now()),
            ..Default::default()
        };
        row.update(tx).await.step("note the roster name")?;
    }
    Ok(known.id)
}

/// Two offices entered the same phone in the same moment: the next try finds the person.
fn entered_at_once(error: Error) -> Error {
    let duplicate = error.cause.downcast_ref::<DbErr>().is_some_and(is_duplicate);
    if duplicate { Error { trouble: Trouble::Busy, ..error } } else { error }
}

async fn trust(
    tx: &DatabaseTransaction,
    state: &AppState,
    by: Uuid,
    person_id: Uuid,
    skills: &[String],
) -> Result<(), Error> {
    let rows = skills.iter().map(|skill| person_skill::ActiveModel {
        person_id: Set(person_id),
        skill: Set(skill.trim().to_owned()),
        recorded_by: Set(by),
        recorded_at: Set(state.clock.now()),
        expires_at: Set(None),
    });
    let once = OnConflict::new().do_nothing().to_owned();
    let stored = person_skill::Entity::insert_many(rows).on_conflict(once);
    stored.exec_without_returning(tx).await.step("record skills").map(drop)
}

/// Which lines of a roster.
#[derive(Debug, Default)]
pub(super) struct MemberFilter {
    /// None: places that are held or asked for now.
    pub state: Option<MembershipState>,
    pub class: Option<MemberClass>,
    /// A part of the name. Names rest sealed, so this reads the org's whole roster.
    pub name: Option<String>,
    /// The rosters of all orgs below it too.
    pub below: bool,
}

/// One page of an org's roster.
///
/// # Errors
/// `NotFound` for an org out of reach.
pub(super) async fn list(
    state: &AppState,
    scope: &Scope,
    org_id: Uuid,
    filter: MemberFilter,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Page<MemberView>, PlaceError> {
    let db = state.db.read();
    let org = store::within_reach(db, scope, org_id).await?.ok_or(PlaceError::NotFound)?;
    let read =
        async |after, limit| store::memberships(db, scope, &org, &filter, after, limit).await;
    let rows = match &filter.name {
        None => read(after, limit).await?,
        Some(part) => {
            let (mut found, mut after) = (Vec::new(), after);
            loop {
                let rows = read(after, SCANNED).await?;
                let more = rows.len() as u64 > SCANNED;
                after = rows.last().map(|row| row.id);
                found.extend(named(db, state, rows, part).await?);
                if !more || found.len() as u64 > limit {
                    break found;
                }
            }
        }
    };
    let page = Page::cut(rows, limit, |row| row.id);
    let items = views(db, state, scope, page.items).await?;
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// Lines read at a time when names are sought.
const SCANNED: u64 = 500;

/// Those whose name on the roster has this part.
async fn named(
    db: &impl ConnectionTrait,
    state: &AppState,
    rows: Vec<Model>,
    part: &str,
) -> Result<Vec<Model>, Error> {
    let people = store::people_of(db, &rows).await?;
    let mut found = Vec::new();
    for row in rows {
        let person = people.get(&row.person_id);
        let person = person.ok_or_else(|| Error::impossible("read a member's person"))?;
        if name_of(state, person)?.contains(part) {
            found.push(row);
        }
    }
    Ok(found)
}

fn name_of(state: &AppState, person: &person::Model) -> Result<String, Error> {
    let real = person.real_name.as_ref();
    let real = state.crypto.open_some("person.real_name", person.id, real)?;
    Ok(real.unwrap_or_else(|| person.name.clone()))
}

async fn views(
    db: &impl ConnectionTrait,
    state: &AppState,
    scope: &Scope,
    rows: Vec<Model>,
) -> Result<Vec<MemberView>, Error> {
    let people = store::people_of(db, &rows).await?;
    let mut skills = store::skills_of(db, &rows, state.clock.now()).await?;
    let mut roles = store::roles_of(db, scope, &rows).await?;
    let orgs = store::names(db, rows.iter().map(|row| row.org_id)).await?;
    let view = |row: Model| {
        let person = people.get(&row.person_id);
        let person = person.ok_or_else(|| Error::impossible("read a member's person"))?;
        let phone = state.crypto.open_some("person.phone", person.id, person.phone.as_ref())?;
        Ok(MemberView {
            id: row.id,
            org_id: row.org_id,
            org_name: orgs.get(&row.org_id).cloned().unwrap_or_default(),
            person_id: row.person_id,
            name: person.name.clone(),
            phone: phone.as_deref().map(people::masked),
            kind: row.kind,
            state: row.state,
            class: row.class,
            skills: skills.remove(&row.person_id).unwrap_or_default(),
            roles: roles.remove(&row.person_id).unwrap_or_default(),
        })
    };
    rows.into_iter().map(view).collect()
}
