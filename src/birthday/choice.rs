//! What a member wants of their own political birthday. Saying yes is also the consent to the use of the date, saying
//! no takes it back; what the branch notes later does not overrule a no.

use ::entity::{birthday_choice, birthday_wish, wish_template::Milestone};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    identity::{Resident, Scope, people},
    kernel::Error,
    org,
    platform::AppState,
};

use super::{
    celebrants,
    model::milestone,
    store,
    view::{WishView, wishes},
};

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BirthdayChoice {
    /// Whether to be greeted; false also keeps one out of every list.
    pub greet: bool,
    /// Whether the comrades of the branch may know of the day.
    pub tell_branch: bool,
}

/// One's own political birthday. No `Debug`.
#[derive(Serialize, ToSchema)]
pub struct MyBirthday {
    /// Whether the branch keeps a record of one at all.
    pub kept: bool,
    /// Whether the use of the date for anniversaries was agreed to.
    pub agreed: bool,
    pub greet: bool,
    pub tell_branch: bool,
    /// The next one; null: no date is kept, not agreed, or no branch.
    #[schema(format = Date)]
    pub next_on: Option<String>,
    /// How many years it makes.
    pub years: Option<u32>,
    pub fits: Option<Milestone>,
    /// Of the years one was greeted in, newest first; those for a day to come stay a surprise.
    pub wishes: Vec<WishView>,
}

/// One's own page.
///
/// # Errors
/// When rows cannot be read.
pub(super) async fn view(state: &AppState, me: &Resident) -> Result<MyBirthday, Error> {
    let db = state.db.read();
    let agreed = org::agreed(db, me.id()).await?;
    let chosen = store::choices(db, [me.id()]).await?.remove(&me.id());
    let next = celebrants::next_of(db, state, &Scope::house(), None, me.id()).await?;
    let read: Vec<birthday_wish::Model> = store::own_wishes(db, &me.own_scope()).await?;
    let mut passed = wishes(db, state, read).await?;
    passed.retain(|wish| wish.content.is_none());
    Ok(MyBirthday {
        kept: agreed.is_some(),
        agreed: agreed.unwrap_or_default(),
        greet: chosen.as_ref().is_none_or(|chosen| chosen.greet),
        tell_branch: chosen.is_some_and(|chosen| chosen.tell_branch),
        next_on: next.as_ref().map(|next| next.on.to_string()),
        years: next.as_ref().map(|next| next.years),
        fits: next.map(|next| milestone(next.years)),
        wishes: passed,
    })
}

/// Makes a choice.
///
/// # Errors
/// When it cannot be kept.
pub(super) async fn change(
    state: &AppState,
    me: &Resident,
    choice: BirthdayChoice,
) -> Result<MyBirthday, Error> {
    let BirthdayChoice { greet, tell_branch } = choice;
    let tx = state.db.write().await?;
    people::lock(&tx, me.id()).await?;
    let updated_at = state.clock.now();
    let row = birthday_choice::Model { person_id: me.id(), greet, tell_branch, updated_at };
    store::choose(&tx, row).await?;
    org::agree(&tx, state, me.id(), greet).await?;
    tx.commit().await?;
    view(state, me).await
}
