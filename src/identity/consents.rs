//! 同意: what a person agreed to, in which words, and taking it back. A line is never changed but for the time it was
//! taken back, so that what was agreed to when can be shown.
//!
//! New words for a purpose: change `words` and move `version` on; whoever agreed to older words is asked again.

use std::collections::HashSet;

use ::entity::{
    At,
    consent::{ActiveModel, Column, Entity, Model},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    kernel::Error,
    platform::{AppState, Tx, crypto::sha256_b64, db::Step, http::Problem},
};

use super::{CONSENT_OUTDATED, Resident, people};

/// Declares what may be agreed to, with the words people read.
macro_rules! purposes {
    ($($(#[doc = $doc:literal])* $purpose:ident = $name:literal, $version:literal, $words:literal;)*) => {
        /// What a consent is for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Purpose { $($(#[doc = $doc])* $purpose),* }

        impl Purpose {
            /// Every purpose, in the order they are shown.
            pub const ALL: &'static [Self] = &[$(Self::$purpose),*];

            /// The stable name, as stored and as in paths.
            pub fn name(self) -> &'static str {
                match self { $(Self::$purpose => $name),* }
            }

            /// The version of the words that are shown now.
            pub fn version(self) -> &'static str {
                match self { $(Self::$purpose => $version),* }
            }

            /// What is agreed to, as people read it.
            pub fn words(self) -> &'static str {
                match self { $(Self::$purpose => $words),* }
            }
        }
    };
}

purposes! {
    /// 隐私政策
    PrivacyPolicy = "privacy_policy", "2026-11", "我读过并同意《邻里隐私政策》。";
    /// 实名
    RealName = "real_name", "2026-11", "同意所在组织登记我的真实姓名，只给负责登记的工作人员看。";
    /// 党员信息
    PartyData = "party_data", "2026-11", "同意党支部登记我的党员信息，只用于支部工作，只有支部的书记看得到。";
    /// 排行榜
    Ranking = "ranking", "2026-11", "同意在排行榜上显示我的称呼和服务时长。";
    /// 照片
    Photo = "photo", "2026-11", "同意在晒单的照片里出现我。";
    /// 位置
    Location = "location", "2026-11", "同意签到时核对我的位置，只记是否到场，不留轨迹。";
}

impl Purpose {
    /// The purpose of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|purpose| purpose.name() == name)
    }
}

/// What a person says to one purpose.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentView {
    pub purpose: Purpose,
    /// What is agreed to, and the version of these words.
    pub words: &'static str,
    pub version: &'static str,
    /// Whether it holds: agreed to, and not taken back.
    pub holds: bool,
    /// The version that was agreed to; another than `version`: ask again.
    pub given_version: Option<String>,
    pub given_at: Option<At>,
    pub withdrawn_at: Option<At>,
}

#[derive(Debug, thiserror::Error)]
pub enum ConsentError {
    #[error("other words are shown by now")]
    Outdated(Purpose),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<ConsentError> for Problem {
    fn from(error: ConsentError) -> Self {
        match error {
            ConsentError::Outdated(purpose) => {
                Self::from(CONSENT_OUTDATED).with("version", purpose.version())
            }
            ConsentError::Broken(error) => error.into(),
        }
    }
}

/// Whether a person's consent to a purpose holds now.
///
/// # Errors
/// When it cannot be read.
pub async fn holds(
    db: &impl ConnectionTrait,
    person: Uuid,
    purpose: Purpose,
) -> Result<bool, Error> {
    Ok(held(db, person, purpose).await?.is_some())
}

/// Those of them who took their consent to a purpose back, and have not given it again.
///
/// # Errors
/// When the rows cannot be read.
pub async fn taken_back(
    db: &impl ConnectionTrait,
    people: impl IntoIterator<Item = Uuid>,
    purpose: Purpose,
) -> Result<HashSet<Uuid>, Error> {
    let people: Vec<_> = people.into_iter().collect();
    if people.is_empty() {
        return Ok(HashSet::new());
    }
    let said: Vec<(Uuid, Option<At>)> = Entity::find()
        .select_only()
        .columns([Column::PersonId, Column::WithdrawnAt])
        .filter(Column::PersonId.is_in(people))
        .filter(Column::Purpose.eq(purpose.name()))
        .into_tuple()
        .all(db)
        .await
        .step("read who took a consent back")?;
    let (gone, held): (Vec<_>, Vec<_>) = said.into_iter().partition(|(_, gone)| gone.is_some());
    let mut taken: HashSet<_> = gone.into_iter().map(|(person, _)| person).collect();
    for (person, _) in held {
        taken.remove(&person);
    }
    Ok(taken)
}

async fn held(
    db: &impl ConnectionTrait,
    person: Uuid,
    purpose: Purpose,
) -> Result<Option<Model>, Error> {
    Entity::find()
        .filter(Column::PersonId.eq(person))
        .filter(Column::Purpose.eq(purpose.name()))
        .filter(Column::WithdrawnAt.is_null())
        .one(db)
        .await
        .step("read a consent")
}

/// Every purpose, with what the person last said to it.
pub(super) async fn all(
    db: &impl ConnectionTrait,
    person: Uuid,
) -> Result<Vec<ConsentView>, Error> {
    let said = Entity::find().filter(Column::PersonId.eq(person)).order_by_desc(Column::Id);
    let said = said.all(db).await.step("read the consents")?;
    let last = |purpose: &Purpose| said.iter().find(|row| row.purpose == purpose.name()).cloned();
    Ok(Purpose::ALL.iter().map(|purpose| view(*purpose, last(purpose))).collect())
}

fn view(purpose: Purpose, last: Option<Model>) -> ConsentView {
    ConsentView {
        purpose,
        words: purpose.words(),
        version: purpose.version(),
        holds: last.as_ref().is_some_and(|last| last.withdrawn_at.is_none()),
        given_at: last.as_ref().map(|last| last.given_at),
        withdrawn_at: last.as_ref().and_then(|last| last.withdrawn_at),
        given_version: last.map(|last| last.version),
    }
}

/// Notes that a person agrees, in the caller's transaction; the same again changes nothing.
///
/// # Errors
/// `Outdated` when other words are shown by now.
pub(super) async fn give(
    tx: &Tx,
    state: &AppState,
    me: &Resident,
    (purpose, version): (Purpose, &str),
) -> Result<ConsentView, ConsentError> {
    if version != purpose.version() {
        return Err(ConsentError::Outdated(purpose));
    }
    people::lock(tx, me.id()).await?;
    match held(&**tx, me.id(), purpose).await? {
        Some(same) if same.version == version => return Ok(view(purpose, Some(same))),
        Some(_) => end(tx, state, me.id(), purpose).await?,
        None => {}
    }
    let now = state.clock.now();
    let session = me.caller().session_id.simple();
    let row = Model {
        id: state.rng.id(now),
        person_id: me.id(),
        purpose: purpose.name().to_owned(),
        version: version.to_owned(),
        evidence: format!("words {} session {session}", sha256_b64(purpose.words().as_bytes())),
        given_at: now,
        withdrawn_at: None,
    };
    let stored = Entity::insert(ActiveModel::from(row.clone()));
    stored.exec_without_returning(&**tx).await.step("note a consent")?;
    Ok(view(purpose, Some(row)))
}

/// Takes a consent back; one that does not hold stays as it is.
pub(super) async fn withdraw(state: &AppState, me: Uuid, purpose: Purpose) -> Result<(), Error> {
    let tx = state.db.write().await?;
    people::lock(&tx, me).await?;
    end(&tx, state, me, purpose).await?;
    tx.commit().await
}

/// Ends a consent in the caller's transaction; one that does not hold stays as it is.
///
/// # Errors
/// When it cannot be stored.
pub async fn end(tx: &Tx, state: &AppState, person: Uuid, purpose: Purpose) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::WithdrawnAt, Expr::value(state.clock.now().ms()))
        .filter(Column::PersonId.eq(person))
        .filter(Column::Purpose.eq(purpose.name()))
        .filter(Column::WithdrawnAt.is_null())
        .exec(&**tx)
        .await
        .step("take a consent back")
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_purpose_is_found_by_its_name_and_says_what_it_is_in_chinese() {
        for purpose in Purpose::ALL {
            assert_eq!(Purpose::named(purpose.name()), Some(*purpose));
            assert_eq!(serde_json::to_value(purpose).unwrap(), purpose.name());
            assert!(purpose.words().contains("同意"), "{purpose:?}");
        }
        assert_eq!(Purpose::named("everything"), None);
    }
}
