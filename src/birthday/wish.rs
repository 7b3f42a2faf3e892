//! 送寄语: the branch's keeper writes in its name; comrades may where the branch allows it and the person lets them
//! know. Written within the hundred days before the day, read by the person from the greeting on. What one writes
//! again replaces one's older words for that year. WeChat looks at the words first; what it doubts of a comrade's the
//! keeper lets pass, or takes away: until then nobody else reads it. Words of the branch are the branch's to answer for.

use ::entity::{birthday_wish::Model, content_check::ContentKind};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    audit::{self, Act, Deed},
    content::{self, Checked, ContentError, OWN_CONTENT, Subject},
    identity::{PartyKeeper, Resident, Scope},
    kernel::{Day, Error},
    org,
    platform::{
        AppState, Tx,
        http::{
            Problem,
            input::readable,
            problem::{FORBIDDEN, NOT_FOUND},
        },
        wechat::Scene,
    },
};

use super::{
    NOT_NEAR,
    celebrants::{self, Celebrant},
    comrades, store,
    view::{self, WishView},
};

/// How many days ahead somebody's day is near.
const NEAR: i64 = 100;

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WishForm {
    /// One's own words, or those of a template.
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    #[schema(min_length = 2, max_length = 200)]
    pub words: String,
}

#[derive(Debug, thiserror::Error)]
pub enum WishError {
    #[error("no such person, org or wish, or out of reach")]
    NotFound,
    #[error("their day is not near")]
    NotNear,
    #[error("the branch does not let members write wishes")]
    Closed,
    #[error("one's own wish")]
    Own,
    #[error(transparent)]
    Words(#[from] ContentError),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<WishError> for Problem {
    fn from(error: WishError) -> Self {
        match error {
            WishError::NotFound => NOT_FOUND.into(),
            WishError::NotNear => NOT_NEAR.into(),
            WishError::Closed => FORBIDDEN.into(),
            WishError::Own => OWN_CONTENT.into(),
            WishError::Words(error) => error.into(),
            WishError::Broken(error) => error.into(),
        }
    }
}

/// What WeChat makes of a wish, before the transaction.
///
/// # Errors
/// `Rejected` for words it finds risky.
pub(super) async fn check(
    state: &AppState,
    me: Uuid,
    form: &WishForm,
) -> Result<Option<Checked>, ContentError> {
    content::check(state, me, Scene::Comment, form.words.trim()).await
}

/// Somebody below an org within reach who has a day to come and wants it greeted.
async fn celebrant(
    tx: &Tx,
    state: &AppState,
    scope: &Scope,
    org_id: Uuid,
    person_id: Uuid,
) -> Result<Celebrant, WishError> {
    let org = org::find(&**tx, org_id).await?.filter(|org| scope.covers(&org.path));
    let path = org.ok_or(WishError::NotFound)?.path;
    let found = celebrants::next_of(&**tx, state, scope, Some(&path), person_id).await?;
    found.filter(|who| who.greet).ok_or(WishError::NotFound)
}

/// Writes a wish in the branch's name, in the caller's transaction.
///
/// # Errors
/// `NotFound`; `NotNear`.
pub(super) async fn of_branch(
    tx: &Tx,
    state: &AppState,
    keeper: &PartyKeeper,
    (org_id, person_id): (Uuid, Uuid),
    form: WishForm,
) -> Result<WishView, WishError> {
    let who = celebrant(tx, state, &keeper.scope(), org_id, person_id).await?;
    let view = write(tx, state, &who, keeper.id(), None, &form.words).await?;
    let deed = Deed {
        act: Act::WishWritten,
        actor_id: Some(keeper.id()),
        org_id: Some(who.branch_id),
        subject_id: Some(person_id),
        why: None,
    };
    audit::record(tx, state, deed).await?;
    Ok(view)
}

/// The wishes written for somebody's next day, as the keeper sees them.
///
/// # Errors
/// `NotFound`.
pub(super) async fn for_next(
    state: &AppState,
    keeper: &PartyKeeper,
    org_id: Uuid,
    person_id: Uuid,
) -> Result<Vec<WishView>, WishError> {
    let tx = state.db.write().await?;
    let who = celebrant(&tx, state, &keeper.scope(), org_id, person_id).await?;
    let rows = store::wishes(&*tx, person_id, who.on.year()).await?;
    let views = view::wishes(&*tx, state, rows).await?;
    let deed = Deed {
        act: Act::BirthdaysRead,
        actor_id: Some(keeper.id()),
        org_id: Some(who.branch_id),
        subject_id: Some(person_id),
        why: None,
    };
    audit::record(&tx, state, deed).await?;
    tx.commit().await?;
    Ok(views)
}

/// Writes a comrade's wish, in the caller's transaction; `checked` is what WeChat made of it.
///
/// # Errors
/// `NotFound` for who is of another branch, or does not want the branch to know; `Closed`; `NotNear`.
pub(super) async fn of_comrade(
    tx: &Tx,
    state: &AppState,
    me: &Resident,
    person_id: Uuid,
    form: WishForm,
    checked: Option<Checked>,
) -> Result<WishView, WishError> {
    let found = celebrants::next_of(&**tx, state, &Scope::house(), None, person_id).await?;
    let who = found.filter(|who| who.tell_branch && person_id != me.id());
    let who = who.ok_or(WishError::NotFound)?;
    let mine = comrades::branch_of(&**tx, me).await?;
    let branch = mine.filter(|branch| branch.id == who.branch_id).ok_or(WishError::NotFound)?;
    let rules = org::settings_of(&**tx, [branch.id]).await?.remove(&branch.id);
    if !rules.unwrap_or_default().birthday_wishes_by_members {
        return Err(WishError::Closed);
    }
    write(tx, state, &who, me.id(), Some(checked), &form.words).await
}

/// `checked` is a comrade's; None: it is the branch's own.
async fn write(
    tx: &Tx,
    state: &AppState,
    who: &Celebrant,
    author_id: Uuid,
    checked: Option<Option<Checked>>,
    words: &str,
) -> Result<WishView, WishError> {
    let now = state.clock.now();
    if who.on > Day::of(now).plus(NEAR) {
        return Err(WishError::NotNear);
    }
    let id = state.rng.id(now);
    let row = Model {
        id,
        person_id: who.person_id,
        year: who.on.year(),
        org_id: who.branch_id,
        author_id,
        of_branch: checked.is_none(),
        words: state.crypto.seal(view::WORDS, id, words.trim()),
        written_at: now,
    };
    if let Some(older) = store::keep_wish(tx, row.clone()).await? {
        content::forget(tx, older).await?;
    }
    if let Some(checked) = checked {
        let (kind, org_id) = (ContentKind::Wish, who.branch_id);
        let subject = Subject { kind, id, org_id, author_id };
        content::keep(tx, state, subject, checked, words.trim()).await?;
    }
    let view = view::wishes(&**tx, state, vec![row]).await?.pop();
    Ok(view.ok_or_else(|| Error::impossible("show a wish"))?)
}

/// Lets a comrade's wish pass that WeChat would not judge; audited.
///
/// # Errors
/// `NotFound` out of reach; `Own`.
pub(super) async fn pass(
    state: &AppState,
    keeper: &PartyKeeper,
    id: Uuid,
) -> Result<WishView, WishError> {
    let tx = state.db.write().await?;
    let row = store::wish_within(&tx, &keeper.scope(), id).await?.ok_or(WishError::NotFound)?;
    if row.author_id == keeper.id() {
        return Err(WishError::Own);
    }
    if content::pass(&tx, state, keeper.id(), id).await? {
        let deed = Deed {
            act: Act::ContentPassed,
            actor_id: Some(keeper.id()),
            org_id: Some(row.org_id),
            subject_id: Some(id),
            why: None,
        };
        audit::record(&tx, state, deed).await?;
    }
    let view = view::wishes(&*tx, state, vec![row]).await?.pop();
    tx.commit().await?;
    Ok(view.ok_or_else(|| Error::impossible("show a wish"))?)
}

/// Takes a wish away: one's own, or as a keeper one written for somebody of one's branch, which is audited.
///
/// # Errors
/// `NotFound`.
pub(super) async fn remove(state: &AppState, me: &Resident, id: Uuid) -> Result<(), WishError> {
    let keeper = me.as_party_keeper().map(|keeper| keeper.scope());
    let tx = state.db.write().await?;
    let row = store::wish(&tx, &me.own_scope(), keeper.as_ref(), id).await?;
    let row = row.ok_or(WishError::NotFound)?;
    store::drop_wish(&tx, id).await?;
    content::forget(&tx, id).await?;
    if row.author_id != me.id() || row.of_branch {
        let deed = Deed {
            act: Act::WishRemoved,
            actor_id: Some(me.id()),
            org_id: Some(row.org_id),
            subject_id: Some(row.person_id),
            why: None,
        };
        audit::record(&tx, state, deed).await?;
    }
    Ok(tx.commit().await?)
}
