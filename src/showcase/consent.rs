//! 出镜同意: whoever is shown or named is asked, and may change their mind for as long as the story stands.

use std::collections::HashSet;

use ::entity::{
    story::{Model, StoryState},
    story_person::{ActiveModel, Column, Consent, Entity},
    task,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{
    claim,
    identity::{Resident, Scope},
    kernel::{Error, Event},
    platform::{AppState, Tx, db::Step, outbox},
    request,
};

use super::{
    change::{By, StoryError, apply, fact},
    model::Command,
    store,
};

/// Sets who is shown in a story. Only people who had to do with its task can be named; what somebody said before
/// stays said.
///
/// # Errors
/// `Stranger` for anybody else.
pub(super) async fn set_shown(
    tx: &Tx,
    state: &AppState,
    (story, task): (&Model, &task::Model),
    people: &[Uuid],
) -> Result<(), StoryError> {
    let concerned = concerned(tx, task).await?;
    if let Some(stranger) = people.iter().find(|id| !concerned.contains(id)) {
        return Err(StoryError::Stranger(*stranger));
    }
    let known = store::shown_in(&**tx, story.id).await?;
    Entity::update_many()
        .col_expr(Column::Shown, Expr::col(Column::PersonId).is_in(people.iter().copied()))
        .filter(Column::StoryId.eq(story.id))
        .exec(&**tx)
        .await
        .step("change who is shown")?;
    let fresh: HashSet<_> = people.iter().copied().collect();
    let fresh = fresh.into_iter().filter(|id| known.iter().all(|one| one.person_id != *id));
    let rows: Vec<_> = fresh
        .map(|person| ActiveModel {
            story_id: Set(story.id),
            person_id: Set(person),
            shown: Set(true),
            consent: Set(Consent::Asked),
            created_at: Set(state.clock.now()),
            answered_at: Set(None),
        })
        .collect();
    if !rows.is_empty() {
        Entity::insert_many(rows).exec_without_returning(&**tx).await.step("name who is shown")?;
    }
    Ok(())
}

/// Those who came, who led, who asked, and who was helped.
async fn concerned(tx: &Tx, task: &task::Model) -> Result<HashSet<Uuid>, Error> {
    let house = Scope::house();
    let mut people: HashSet<_> =
        claim::holders(&**tx, &house, task.id).await?.into_iter().collect();
    people.extend(task.lead_id);
    if let Some(id) = task.request_id
        && let Some(row) = request::find(&**tx, &house, id).await?
    {
        people.extend(request::parties(&**tx, &row).await?);
    }
    Ok(people)
}

/// Those who have not answered are asked; with every submission, so that a forgotten question comes up again.
pub(super) async fn ask(tx: &Tx, state: &AppState, story: &Model, by: &By) -> Result<(), Error> {
    if store::consents(&**tx, story.id).await?.open == 0 {
        return Ok(());
    }
    let by = By { actor: by.actor, words: None };
    outbox::record(&**tx, state, [fact(story, Event::StoryConsentAsked, by)]).await
}

/// Says yes or no to being shown. A no to a published story takes it out of sight at once, until it was reviewed again.
///
/// # Errors
/// `NotFound` for whoever is not shown in it, and while it is being written.
pub(super) async fn answer(
    state: &AppState,
    me: &Resident,
    id: Uuid,
    yes: bool,
) -> Result<Model, StoryError> {
    let tx = state.db.write().await?;
    let story = store::locked_for_shown(&tx, &me.own_scope(), id).await?;
    let story = say(&tx, state, story.ok_or(StoryError::NotFound)?, me.id(), yes).await?;
    tx.commit().await?;
    Ok(story)
}

/// The same of a locked story, in the caller's transaction.
pub(super) async fn say(
    tx: &Tx,
    state: &AppState,
    story: Model,
    person: Uuid,
    yes: bool,
) -> Result<Model, StoryError> {
    let (consent, event) = match yes {
        true => (Consent::Given, Event::StoryConsentGiven),
        false => (Consent::Refused, Event::StoryConsentRefused),
    };
    let before = store::shown_in(&**tx, story.id).await?;
    if before.iter().any(|one| one.person_id == person && one.consent == consent) {
        return Ok(story);
    }
    let row = ActiveModel {
        story_id: Set(story.id),
        person_id: Set(person),
        consent: Set(consent),
        answered_at: Set(Some(state.clock.now())),
        ..Default::default()
    };
    row.update(&**tx).await.step("store a consent")?;
    let by = By { actor: person, words: None };
    outbox::record(&**tx, state, [fact(&story, event, by.clone())]).await?;
    match (yes, story.state) {
        (false, StoryState::Published) => {
            apply(tx, state, story, Command::Return, by, |_| ()).await
        }
        _ => Ok(story),
    }
}
