//! 安排: what a theme day is about: theme, place, steps (1+N: at least one fixed, the rest chosen), materials, what to
//! bring. Sealed as one, for the rule's usual plan and for each day.

use ::entity::Sealed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use crate::{
    kernel::Error,
    platform::{AppState, http::input::readable},
};

/// The usual five steps (1): an org adds its own (N).
const USUAL: [&str; 5] = ["唱歌曲", "讲党课", "学模范", "过生日", "齐行动"];

/// One step of the agenda.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgendaStep {
    #[validate(length(min = 1, max = 40), custom(function = readable))]
    #[schema(min_length = 1, max_length = 40)]
    pub title: String,
    /// 固定动作 (1) rather than 自选动作 (N).
    #[serde(default)]
    pub fixed: bool,
    #[validate(length(min = 1, max = 200), custom(function = readable))]
    #[schema(min_length = 1, max_length = 200)]
    pub note: Option<String>,
}

/// Something to read before. Nothing is fetched from elsewhere: it is written here, or a photo of it is uploaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Material {
    #[validate(length(min = 1, max = 60), custom(function = readable))]
    #[schema(min_length = 1, max_length = 60)]
    pub title: String,
    #[validate(length(min = 1, max = 4000), custom(function = readable))]
    #[schema(min_length = 1, max_length = 4000)]
    pub text: Option<String>,
    /// One's own upload.
    pub photo_id: Option<Uuid>,
}

/// What is planned, as it rests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Outline {
    pub theme: String,
    pub place: Option<String>,
    pub steps: Vec<AgendaStep>,
    pub materials: Vec<Material>,
    pub bring: Vec<String>,
    pub notes: Option<String>,
}

/// Where an outline rests.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rests {
    Day,
    Rule,
}

impl Rests {
    fn column(self) -> &'static str {
        match self {
            Self::Day => "theme_day.outline",
            Self::Rule => "theme_day_rule.outline",
        }
    }
}

impl Outline {
    /// What an org does that has said nothing else.
    pub fn usual() -> Self {
        let step = |title: &str| AgendaStep { title: title.to_owned(), fixed: true, note: None };
        Self { steps: USUAL.map(step).to_vec(), ..Self::default() }
    }

    pub fn seal(&self, state: &AppState, rests: Rests, id: Uuid) -> Result<Sealed, Error> {
        let text = serde_json::to_string(self)
            .map_err(|error| Error::broken("write the plan of a theme day", error))?;
        Ok(state.crypto.seal(rests.column(), id, &text))
    }

    pub fn open(state: &AppState, rests: Rests, id: Uuid, sealed: &Sealed) -> Result<Self, Error> {
        let text = state.crypto.open(rests.column(), id, sealed)?;
        serde_json::from_str(&text)
            .map_err(|error| Error::broken("read the plan of a theme day", error))
    }

    /// The photos of the materials.
    pub fn photos(&self) -> Vec<Uuid> {
        self.materials.iter().filter_map(|one| one.photo_id).collect()
    }
}

/// 1+N: at least one step is fixed.
///
/// # Errors
/// `steps` where none is.
pub(super) fn one_and_more(steps: &[AgendaStep]) -> Result<(), ValidationError> {
    if steps.iter().any(|step| step.fixed) { Ok(()) } else { Err(ValidationError::new("steps")) }
}

/// What to bring: each a few words.
///
/// # Errors
/// `bring` for an empty or long one.
pub(super) fn few_words(words: &[String]) -> Result<(), ValidationError> {
    words.iter().try_for_each(|word| match word.chars().count() {
        1..=30 => readable(word),
        _ => Err(ValidationError::new("bring")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_agenda_has_the_five_steps_and_they_are_fixed() {
        let usual = Outline::usual();
        let titles: Vec<_> = usual.steps.iter().map(|step| step.title.as_str()).collect();
        assert_eq!(titles, ["唱歌曲", "讲党课", "学模范", "过生日", "齐行动"]);
        assert!(one_and_more(&usual.steps).is_ok());
    }

    #[test]
    fn an_agenda_of_chosen_steps_alone_is_none() {
        let chosen = AgendaStep { title: "走访".into(), fixed: false, note: None };
        assert!(one_and_more(&[chosen]).is_err() && one_and_more(&[]).is_err());
    }
}
