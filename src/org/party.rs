//! 党员档案: what a branch keeps of a member as a Party member. Sealed as one, apart from the person, shown to
//! the branch's secretary and leaders alone, on a page of its own, and each look at it is audited.

use ::entity::party_record::{ActiveModel, Column, Entity};
use entity::{At, Sealed};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use crate::{
    audit::{self, Act, Deed},
    identity::PartyKeeper,
    kernel::{Day, Error},
    platform::{AppState, Tx, db::Step, http::input::readable},
};

use super::{
    anniversary::{
        self,
        Which::{Full, Joined},
    },
    memberships::PlaceError,
    store,
};

const FACTS: &str = "party_record.facts";

/// 性别
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Gender {
    Male,
    Female,
}

/// What is kept; days as `2019-07-01` in Shanghai. No `Debug`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct PartyFacts {
    pub gender: Option<Gender>,
    /// 出生日期
    #[schema(format = Date)]
    pub born_on: Option<String>,
    /// 入党日期
    #[schema(format = Date)]
    pub joined_on: Option<String>,
    /// 转正日期
    #[schema(format = Date)]
    pub full_on: Option<String>,
    /// 备注
    pub note: Option<String>,
}

impl PartyFacts {
    /// Takes over what the other says; what it leaves out stays. Tells whether anything is new.
    pub(super) fn learn(&mut self, other: &Self) -> bool {
        let before = self.clone();
        self.gender = other.gender.or(self.gender);
        let own = [
            (&mut self.born_on, &other.born_on),
            (&mut self.joined_on, &other.joined_on),
            (&mut self.full_on, &other.full_on),
            (&mut self.note, &other.note),
        ];
        for (mine, theirs) in own {
            if theirs.is_some() {
                mine.clone_from(theirs);
            }
        }
        *self != before
    }

    /// The row of these facts as of now, with the fingerprints anniversaries are found by. Both are made here alone,
    /// so that they cannot drift apart.
    pub(super) fn row(&self, state: &AppState, person_id: Uuid) -> Result<ActiveModel, Error> {
        let text = serde_json::to_string(self)
            .map_err(|error| Error::broken("write a party record", error))?;
        let now = state.clock.now();
        Ok(ActiveModel {
            person_id: Set(person_id),
            facts: Set(state.crypto.seal(FACTS, person_id, &text)),
            joined_index: Set(anniversary::index(state, Joined, self.joined_on.as_deref())),
            full_index: Set(anniversary::index(state, Full, self.full_on.as_deref())),
            indexed_at: Set(Some(now)),
            updated_at: Set(now),
            ..Default::default()
        })
    }

    pub(super) fn open(state: &AppState, person_id: Uuid, facts: &Sealed) -> Result<Self, Error> {
        let text = state.crypto.open(FACTS, person_id, facts)?;
        serde_json::from_str(&text).map_err(|error| Error::broken("read a party record", error))
    }
}

/// A record as its keepers see it.
#[derive(Serialize, ToSchema)]
pub struct PartyView {
    pub person_id: Uuid,
    #[serde(flatten)]
    pub facts: PartyFacts,
    /// When the person agreed to its use for anniversaries (政治生日); null: they have not.
    pub consented_at: Option<At>,
    /// Since when no cheerful notices go out to them; null: they do.
    pub quiet_at: Option<At>,
    /// null: nothing is kept yet.
    pub updated_at: Option<At>,
}

/// A record as it is to be, whole.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartyChange {
    pub gender: Option<Gender>,
    #[validate(custom(function = civil_day))]
    #[schema(format = Date)]
    pub born_on: Option<String>,
    #[validate(custom(function = civil_day))]
    #[schema(format = Date)]
    pub joined_on: Option<String>,
    #[validate(custom(function = civil_day))]
    #[schema(format = Date)]
    pub full_on: Option<String>,
    #[validate(length(min = 1, max = 200), custom(function = readable))]
    #[schema(min_length = 1, max_length = 200)]
    pub note: Option<String>,
    /// Whether the person has agreed to its use for anniversaries.
    pub consented: bool,
}

/// A day written as `2019-07-01`.
///
/// # Errors
/// `day` for anything else.
pub(super) fn civil_day(text: &str) -> Result<(), ValidationError> {
    let good = text.len() == 10 && text.parse::<Day>().is_ok();
    if good { Ok(()) } else { Err(ValidationError::new("day")) }
}

/// Reads a record; the look is audited before anything is shown.
///
/// # Errors
/// `NotFound` for a person who has no place there, or an org out of reach.
pub(super) async fn read(
    state: &AppState,
    keeper: &PartyKeeper,
    org_id: Uuid,
    person_id: Uuid,
) -> Result<PartyView, PlaceError> {
    let tx = state.db.write().await?;
    store::member(&*tx, &keeper.scope(), org_id, person_id).await?.ok_or(PlaceError::NotFound)?;
    let view = view(&*tx, state, person_id).await?;
    let deed = deed(Act::PartyRecordRead, keeper, org_id, person_id);
    audit::record(&tx, state, deed).await?;
    tx.commit().await?;
    Ok(view)
}

/// Writes a record whole.
///
/// # Errors
/// As `read`.
pub(super) async fn change(
    state: &AppState,
    keeper: &PartyKeeper,
    org_id: Uuid,
    person_id: Uuid,
    change: PartyChange,
) -> Result<PartyView, PlaceError> {
    let tx = state.db.write().await?;
    store::member(&*tx, &keeper.scope(), org_id, person_id).await?.ok_or(PlaceError::NotFound)?;
    let before = view(&*tx, state, person_id).await?.consented_at;
    let now = state.clock.now();
    let PartyChange { gender, born_on, joined_on, full_on, note, consented } = change;
    let facts = PartyFacts { gender, born_on, joined_on, full_on, note };
    let row = ActiveModel {
        consented_at: Set(consented.then(|| before.unwrap_or(now))),
        updated_by: Set(keeper.id()),
        ..facts.row(state, person_id)?
    };
    let renew = replacing().update_column(Column::ConsentedAt).to_owned();
    let stored = Entity::insert(row).on_conflict(renew).exec_without_returning(&*tx).await;
    stored.step("keep a party record")?;
    let view = view(&*tx, state, person_id).await?;
    let deed = deed(Act::PartyRecordChanged, keeper, org_id, person_id);
    audit::record(&tx, state, deed).await?;
    tx.commit().await?;
    Ok(view)
}

/// Whether a person agreed to the use of their record for anniversaries; None: nothing is kept of them.
///
/// # Errors
/// When the record cannot be read.
pub async fn agreed(db: &impl ConnectionTrait, person_id: Uuid) -> Result<Option<bool>, Error> {
    let row = Entity::find_by_id(person_id).one(db).await.step("read a party record")?;
    Ok(row.map(|row| row.consented_at.is_some()))
}

/// Notes a person's own word on it, in the caller's transaction; where nothing is kept of them, nothing is noted.
///
/// # Errors
/// When the record cannot be written.
pub async fn agree(tx: &Tx, state: &AppState, person_id: Uuid, yes: bool) -> Result<(), Error> {
    let mine = Entity::update_many().filter(Column::PersonId.eq(person_id));
    let said = if yes {
        let now = Expr::value(state.clock.now().ms());
        mine.col_expr(Column::ConsentedAt, now).filter(Column::ConsentedAt.is_null())
    } else {
        mine.col_expr(Column::ConsentedAt, Expr::null())
    };
    said.exec(&**tx).await.step("note a consent to anniversaries").map(drop)
}

/// What a record's new facts replace; consent and quiet stay.
pub(super) fn replacing() -> OnConflict {
    use Column::{Facts, FullIndex, IndexedAt, JoinedIndex, PersonId, UpdatedAt, UpdatedBy};
    OnConflict::column(PersonId)
        .update_columns([Facts, JoinedIndex, FullIndex, IndexedAt, UpdatedBy, UpdatedAt])
        .to_owned()
}

pub(super) fn deed(act: Act, keeper: &PartyKeeper, org_id: Uuid, person_id: Uuid) -> Deed {
    let (actor_id, org_id, subject_id) = (Some(keeper.id()), Some(org_id), Some(person_id));
    Deed { act, actor_id, org_id, subject_id, why: None }
}

pub(super) async fn view(
    db: &impl ConnectionTrait,
    state: &AppState,
    person_id: Uuid,
) -> Result<PartyView, Error> {
    let row = Entity::find_by_id(person_id).one(db).await.step("read a party record")?;
    Ok(PartyView {
        person_id,
        facts: row
            .as_ref()
            .map(|row| PartyFacts::open(state, person_id, &row.facts))
            .transpose()?
            .unwrap_or_default(),
        consented_at: row.as_ref().and_then(|row| row.consented_at),
        quiet_at: row.as_ref().and_then(|row| row.quiet_at),
        updated_at: row.map(|row| row.updated_at),
    })
}
