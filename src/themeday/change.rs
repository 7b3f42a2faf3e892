//! Every change of a theme day's state: one function, so that row, fact and audit always move together.

use ::entity::theme_day::{ActiveModel, Model};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use crate::{
    audit::{self, Act, Deed},
    file::AttachError,
    kernel::{Error, Event, Fact},
    platform::{
        AppState, Tx,
        db::Step,
        http::{Problem, problem::NOT_FOUND},
        outbox,
    },
};

use super::{
    FROM_ABOVE, OWN_RECORD, THEME_DAY_EXISTS,
    model::{self, Command, Given, Refused},
};

#[derive(Debug, thiserror::Error)]
pub enum ThemeDayError {
    #[error("no such org or theme day, or out of reach")]
    NotFound,
    #[error("the org has its day of that month")]
    Exists,
    #[error("it is not reviewed at its own level")]
    FromAbove,
    #[error("{field}: {zh}")]
    Field { field: &'static str, code: &'static str, zh: &'static str, en: &'static str },
    #[error("not while it is {0:?}")]
    Closed(::entity::theme_day::ThemeDayState),
    #[error("refused: {0:?}")]
    Refused(Refused),
    #[error(transparent)]
    Photos(#[from] AttachError),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl ThemeDayError {
    /// A field that is not right, in both languages.
    pub(super) fn field(
        field: &'static str,
        code: &'static str,
        zh: &'static str,
        en: &'static str,
    ) -> Self {
        Self::Field { field, code, zh, en }
    }
}

impl From<ThemeDayError> for Problem {
    fn from(error: ThemeDayError) -> Self {
        match error {
            ThemeDayError::NotFound => NOT_FOUND.into(),
            ThemeDayError::Exists => THEME_DAY_EXISTS.into(),
            ThemeDayError::FromAbove => FROM_ABOVE.into(),
            ThemeDayError::Field { field, code, zh, en } => Self::field(field, code, zh, en),
            ThemeDayError::Closed(state) => {
                let now = model::spoken(state);
                let zh = format!("这次活动现在是「{now}」，现在还不能或者不能再这样做了");
                Self::state(state, zh, "Not at this time, or not any more")
            }
            ThemeDayError::Refused(refused) => because(refused),
            ThemeDayError::Photos(error) => error.into(),
            ThemeDayError::Broken(error) => error.into(),
        }
    }
}

fn because(refused: Refused) -> Problem {
    use ::entity::theme_day::ThemeDayState::Planned;
    match refused {
        Refused::OwnWork => OWN_RECORD.into(),
        Refused::Early => {
            Problem::state(Planned, "活动还没开始，开始以后再交记录", "It has not begun yet")
        }
        Refused::Begun => {
            Problem::state(Planned, "活动已经开始，安排不能再改", "It has begun: the plan stands")
        }
        Refused::NotNow { state, command } => {
            let (zh, en) = match command {
                Command::Change => ("只能修改已安排的", "Only a planned one is changed"),
                Command::Cancel => ("只能取消还没交记录的", "Only one without a record"),
                Command::Record => ("只能给已安排或退回的交记录", "Only planned or returned ones"),
                Command::Approve | Command::Return => {
                    ("只能审核待审核的", "Only a record that was handed in is reviewed")
                }
            };
            let now = model::spoken(state);
            Problem::state(state, format!("这次活动现在是「{now}」：{zh}"), en)
        }
    }
}

/// Who does something, and what they say with it.
#[derive(Clone, Debug)]
pub(super) struct By {
    pub actor: Uuid,
    pub words: Option<String>,
}

/// A fact about a theme day.
pub(super) fn fact(day: &Model, event: Event, by: By) -> Fact {
    Fact {
        event,
        org_id: day.org_id,
        request_id: None,
        task_id: None,
        subject_id: day.id,
        actor_id: Some(by.actor),
        words: by.words,
    }
}

/// Moves a locked day, records the fact where the step is worth one, and the audit line last; `change` sets what
/// else the step brings.
pub(super) async fn apply(
    tx: &Tx,
    state: &AppState,
    day: Model,
    (command, told): (Command, bool),
    by: By,
    change: impl FnOnce(&mut ActiveModel),
) -> Result<Model, ThemeDayError> {
    let now = state.clock.now();
    let given = Given { begun: now >= day.starts_at, own: day.recorded_by == Some(by.actor) };
    let (next, event) = model::step(day.state, command, given).map_err(ThemeDayError::Refused)?;
    let mut row: ActiveModel = day.into();
    row.state = Set(next);
    row.updated_at = Set(now);
    change(&mut row);
    let day = row.update(&**tx).await.step("change a theme day")?;
    let deed = audited(command).map(|act| Deed {
        act,
        actor_id: Some(by.actor),
        org_id: Some(day.org_id),
        subject_id: Some(day.id),
        why: by.words.clone(),
    });
    if told {
        outbox::record(&**tx, state, [fact(&day, event, by)]).await?;
    }
    if let Some(deed) = deed {
        audit::record(tx, state, deed).await?;
    }
    Ok(day)
}

/// What is done in the organisation's name.
fn audited(command: Command) -> Option<Act> {
    match command {
        Command::Approve => Some(Act::ThemeDayApproved),
        Command::Return => Some(Act::ThemeDayReturned),
        Command::Cancel => Some(Act::ThemeDayCancelled),
        Command::Change | Command::Record => None,
    }
}
