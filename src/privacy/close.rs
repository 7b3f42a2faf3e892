//! 微信注销: WeChat says that somebody closed their account. The law gives no time to end first what they have begun, so the
//! house ends it for them: seats go back to the next in line, what they asked for is withdrawn, who they led is told, roles
//! are handed back. Then they leave as anybody does. One transaction; again, it finds nobody.

use uuid::Uuid;

use crate::{
    audit::{self, Act, Deed},
    claim, dispatch,
    identity::{Scope, people, roles},
    kernel::Error,
    platform::{AppState, Tx},
    request,
};

use super::leave;

/// Closes the account of a person in the caller's transaction. Answers the tasks whose cards have to be shown anew.
///
/// # Errors
/// When it cannot be stored; nothing happened then.
pub async fn close(tx: &Tx, state: &AppState, person: Uuid) -> Result<Vec<Uuid>, Error> {
    let own = Scope::of_member(person);
    people::lock(tx, person).await?;
    // All at once and in their order, as everybody does who holds more than one.
    let mut tasks = claim::tasks_of(&**tx, &own).await?;
    tasks.extend(dispatch::led(&**tx, &own).await?);
    for id in tasks {
        dispatch::lock(tx, &Scope::house(), id).await?;
    }
    claim::give_up(tx, state, &own).await?;
    dispatch::stop_leading(tx, state, &own).await?;
    request::give_up(tx, state, &own).await?;
    let cards = leave::go(tx, state, &own, person).await?;
    roles::revoke_all(tx, state, person).await?;
    let deed = Deed {
        act: Act::AccountClosed,
        actor_id: None,
        org_id: None,
        subject_id: Some(person),
        why: None,
    };
    audit::record(tx, state, deed).await?;
    Ok(cards)
}
