//! Every change of a story's state: one function, so that row, timeline and outbox always move together.

use ::entity::{
    points_rule::PointsTrigger,
    story::{ActiveModel, Model, StoryState},
    task::TaskState,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use crate::{
    audit::{self, Act, Deed},
    content::{ContentError, Held, photo::HeldPhotos},
    dispatch,
    file::{self, AttachError, Attached},
    identity::Scope,
    kernel::{Day, Error, Event, Fact},
    ledger::points::{self, Merit},
    platform::{
        AppState, Tx,
        db::Step,
        http::{Problem, problem::NOT_FOUND},
        outbox,
    },
};

use super::{
    OWN_STORY, STORY_EXISTS, STORY_WAITS,
    model::{self, Command, Consents, Refused, Waits},
    store,
};

#[derive(Debug, thiserror::Error)]
pub enum StoryError {
    #[error("no such story or task in this scope")]
    NotFound,
    #[error("the task is {0:?}: nothing to show yet")]
    NoResult(TaskState),
    #[error("the task has a living story")]
    Exists,
    #[error("photos, and no word that the residents in them agreed")]
    Residents,
    #[error("{0} had nothing to do with the task")]
    Stranger(Uuid),
    #[error(transparent)]
    Words(#[from] ContentError),
    #[error(transparent)]
    Held(#[from] Held),
    #[error(transparent)]
    HeldPhotos(#[from] HeldPhotos),
    #[error(transparent)]
    Photos(#[from] AttachError),
    #[error("refused: {0:?}")]
    Refused(Refused),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<StoryError> for Problem {
    fn from(error: StoryError) -> Self {
        match error {
            StoryError::NotFound => NOT_FOUND.into(),
            StoryError::NoResult(task) => Self::state(
                task,
                format!("任务现在是「{}」，上报结果后才能晒单", dispatch::spoken(task)),
                "A story is written once the task was reported",
            ),
            StoryError::Exists => STORY_EXISTS.into(),
            StoryError::Residents => Self::field(
                "resident_consents",
                "required",
                "有照片时请确认：照片里的居民都已同意，未成年人由监护人同意",
                "With photos: say that the residents in them agreed, for minors their guardians",
            ),
            StoryError::Stranger(_) => Self::field(
                "shown",
                "value",
                "出镜的人要是这个任务的志愿者、负责人或提出需求的居民",
                "Only those who served, led or asked can be named",
            ),
            StoryError::Words(error) => error.into(),
            StoryError::Held(held) => held.into(),
            StoryError::HeldPhotos(held) => held.into(),
            StoryError::Photos(error) => error.into(),
            StoryError::Refused(refused) => because(refused),
            StoryError::Broken(error) => error.into(),
        }
    }
}

fn because(refused: Refused) -> Problem {
    match refused {
        Refused::OwnWork => OWN_STORY.into(),
        Refused::Waits(Waits::Task(state)) => Problem::from(STORY_WAITS)
            .say(
                format!("任务现在是「{}」，确认后才能发布", dispatch::spoken(state)),
                "It waits for the task to be confirmed",
            )
            .with("task_state", state),
        Refused::Waits(Waits::Request(state)) => Problem::from(STORY_WAITS)
            .say("居民评价办好、需求办结后才能发布", "It waits for the request to be closed")
            .with("request_state", state),
        Refused::Waits(Waits::People(consents)) => Problem::from(STORY_WAITS)
            .say(
                match consents {
                    Consents { refused: 0, open } => format!("还有 {open} 位出镜的人没有回复"),
                    Consents { refused, .. } => {
                        format!("有 {refused} 位出镜的人不同意，请退回修改")
                    }
                },
                "It waits for the consent of the people shown",
            )
            .with("consents_open", consents.open)
            .with("consents_refused", consents.refused),
        Refused::NotNow { state, command } => {
            let (zh, en) = match command {
                Command::Mend => {
                    ("只能修改草稿和未通过的", "Only drafts and rejected ones are mended")
                }
                Command::Submit => {
                    ("只能提交草稿和未通过的", "Only drafts and rejected ones are submitted")
                }
                Command::Approve { .. } | Command::Reject => {
                    ("只能审核待审核的", "Only submitted stories are reviewed")
                }
                Command::Withdraw => (
                    "待审核的请先退回，已撤下的不用再撤",
                    "Not while it is reviewed, and only once",
                ),
                Command::Return => ("只有已发布的会重新审核", "Only published ones are returned"),
            };
            let now = model::spoken(state);
            Problem::state(state, format!("晒单现在是「{now}」：{zh}"), en)
        }
    }
}

/// Who does something, and what they say with it.
#[derive(Clone, Debug)]
pub(super) struct By {
    pub actor: Uuid,
    pub words: Option<String>,
}

/// A fact about a story.
pub(super) fn fact(story: &Model, event: Event, by: By) -> Fact {
    Fact {
        event,
        org_id: story.org_id,
        request_id: story.request_id,
        task_id: Some(story.task_id),
        subject_id: story.id,
        actor_id: Some(by.actor),
        words: by.words,
    }
}

/// Moves a locked story with its photos, records the fact, and the audit line last; `change` sets what else the step
/// brings.
pub(super) async fn apply(
    tx: &Tx,
    state: &AppState,
    story: Model,
    command: Command,
    by: By,
    change: impl FnOnce(&mut ActiveModel),
) -> Result<Model, StoryError> {
    let own = by.actor == story.author_id;
    let (next, event) = model::step(story.state, command, own).map_err(StoryError::Refused)?;
    let was = story.state;
    let mut row: ActiveModel = story.into();
    row.state = Set(next);
    row.updated_at = Set(state.clock.now());
    change(&mut row);
    let story = row.update(&**tx).await.step("change a story")?;
    show(tx, state, was, &story).await?;
    let deed = audited(command).map(|act| Deed {
        act,
        actor_id: Some(by.actor),
        org_id: Some(story.org_id),
        subject_id: Some(story.id),
        why: by.words.clone(),
    });
    outbox::record(&**tx, state, event.map(|event| fact(&story, event, by))).await?;
    if let Some(deed) = deed {
        audit::record(tx, state, deed).await?;
    }
    Ok(story)
}

/// Photos are as public as their story; those of a withdrawn one are given up. What is shown counts for its author
/// once, however often it was returned; taken down for good it does not count.
async fn show(tx: &Tx, state: &AppState, was: StoryState, story: &Model) -> Result<(), Error> {
    match (was, story.state) {
        (_, StoryState::Published) => {
            points::award_for(tx, state, &[merit(state, story)]).await?;
            file::publish(tx, Attached::Story, story.id).await
        }
        (_, StoryState::Withdrawn) => {
            points::take_back(tx, state, PointsTrigger::Story, story.id).await?;
            file::detach_all(tx, Attached::Story, story.id).await
        }
        (StoryState::Published, _) => file::unpublish(tx, Attached::Story, story.id).await,
        _ => Ok(()),
    }
}

fn merit(state: &AppState, story: &Model) -> Merit {
    Merit {
        trigger: PointsTrigger::Story,
        source_id: story.id,
        person_id: story.author_id,
        org_id: story.org_id,
        claim_id: None,
        task_id: Some(story.task_id),
        day: Day::of(state.clock.now()),
        measure: 0,
    }
}

/// What is done in the organisation's name.
fn audited(command: Command) -> Option<Act> {
    match command {
        Command::Approve { .. } => Some(Act::StoryPublished),
        Command::Reject => Some(Act::StoryRejected),
        Command::Withdraw => Some(Act::StoryWithdrawn),
        Command::Mend | Command::Submit | Command::Return => None,
    }
}

/// Finds, locks, moves and commits: the whole of a simple step.
///
/// # Errors
/// `NotFound` outside the scope; `Refused` by the rules.
pub(super) async fn act(
    state: &AppState,
    scope: &Scope,
    id: Uuid,
    command: Command,
    by: By,
    change: impl FnOnce(&mut ActiveModel),
) -> Result<Model, StoryError> {
    let tx = state.db.write().await?;
    let story = store::locked(&tx, scope, id).await?.ok_or(StoryError::NotFound)?;
    let story = apply(&tx, state, story, command, by, change).await?;
    tx.commit().await?;
    Ok(story)
}
