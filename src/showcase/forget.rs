//! Somebody leaves the neighbourhood: they are shown nowhere any more, neither by picture nor by name. Nobody knows
//! which of a story's photos they are in, so all of those that showed them go; the story waits for another review.

use ::entity::{
    story::{ActiveModel, Model},
    story_person,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use crate::{
    file::{self, Attached},
    identity::people,
    kernel::Error,
    platform::{AppState, Tx, db::Step},
};

use super::{change::StoryError, consent, model, store};

/// A story that spoke of somebody, and the task it tells of.
#[derive(Clone, Copy, Debug)]
pub struct Spoken {
    pub story_id: Uuid,
    pub task_id: Uuid,
}

/// Takes somebody out of every story. Answers the stories that spoke of them, so that whoever keeps copies forgets
/// those too.
///
/// # Errors
/// When it cannot be stored.
pub async fn forget(tx: &Tx, state: &AppState, person: Uuid) -> Result<Vec<Spoken>, StoryError> {
    let names = called(tx, state, person).await?;
    let mut spoken = Vec::new();
    for (story, part) in store::with(tx, person).await? {
        spoken.push(Spoken { story_id: story.id, task_id: story.task_id });
        let story = without(tx, story, &names).await?;
        if part.shown {
            file::detach_all(tx, Attached::Story, story.id).await?;
            no_longer(tx, state, story, &part).await?;
        }
    }
    Ok(spoken)
}

/// What they are called by themselves and on the roster, the longest first.
async fn called(tx: &Tx, state: &AppState, person: Uuid) -> Result<Vec<String>, Error> {
    let name = people::names(&**tx, [person]).await?.remove(&person);
    let real = people::real_name(&**tx, state, person).await?;
    let mut names: Vec<_> = name.into_iter().chain(real).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    Ok(names)
}

async fn without(tx: &Tx, story: Model, names: &[String]) -> Result<Model, Error> {
    let title = model::unnamed(&story.title, names);
    let words = model::unnamed(&story.words, names);
    let reason = story.reason.as_ref().map(|reason| model::unnamed(reason, names));
    if (&title, &words, &reason) == (&story.title, &story.words, &story.reason) {
        return Ok(story);
    }
    let mut row: ActiveModel = story.into();
    (row.title, row.words, row.reason) = (Set(title), Set(words), Set(reason));
    row.update(&**tx).await.step("take a name out of a story")
}

/// A no to what stands; one that was taken down asks nobody any more.
async fn no_longer(
    tx: &Tx,
    state: &AppState,
    story: Model,
    part: &story_person::Model,
) -> Result<(), StoryError> {
    if model::stands(story.state) {
        consent::say(tx, state, story, part.person_id, false).await?;
    }
    Ok(())
}
