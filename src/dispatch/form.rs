//! The task form: what an office writes when it dispatches, and the rules its times and seats keep.

use std::time::Duration;

use ::entity::org::OrgKind;
use entity::At;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    kernel::day::spoken,
    platform::http::{input::readable, problem::FieldFault},
    request::PlaceForm,
};

use super::keep::Keep;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Who may claim.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// Members of which ring around the org: its own (absent), or the street, district or city it lies in.
    pub ring: Option<OrgKind>,
    /// Members of this one org instead, a branch for instance; within the office's reach.
    pub org_id: Option<Uuid>,
    /// 定向任务: these people alone see it and may claim. They have a place in the ring.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_items = 1, max_items = 200)]
    pub people: Option<Vec<Uuid>>,
    /// 群众参与: registered volunteers of the ring too, where the org's switch allows it.
    #[serde(default)]
    pub volunteers: bool,
    /// 坐不满时范围扩大到哪一级: it goes there step by step while seats are free; absent: it stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub widens_to: Option<OrgKind>,
}

/// A task as it is written. Absent times get sensible ones.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskForm {
    /// Whose plan it is; for `POST /tasks` alone, a dispatched request brings its own.
    pub org_id: Option<Uuid>,
    /// Absent when dispatching: the request's title.
    #[schema(min_length = 2, max_length = 40)]
    #[validate(length(min = 2, max = 40), custom(function = readable))]
    pub title: Option<String>,
    #[schema(minimum = 1, maximum = 500)]
    #[validate(range(min = 1, max = 500))]
    pub slots: i32,
    /// Fewer than that and the office thinks again.
    #[schema(minimum = 1, maximum = 500)]
    #[validate(range(min = 1, max = 500))]
    pub min_turnout: Option<i32>,
    pub starts_at: At,
    pub ends_at: At,
    /// Nobody can claim before; now when absent.
    pub opens_at: Option<At>,
    /// Nobody can claim after; the start when absent.
    pub claim_until: Option<At>,
    /// Claimants may release until then; two hours before the start when absent.
    pub leave_until: Option<At>,
    /// Who leads on the spot and reports.
    pub lead_id: Option<Uuid>,
    /// All of them are needed.
    #[schema(max_items = 10)]
    #[validate(length(max = 10), custom(function = skill_names))]
    pub skills: Option<Vec<String>>,
    #[validate(nested)]
    pub audience: Option<Audience>,
    /// Planned base points.
    #[schema(minimum = 0, maximum = 100)]
    #[validate(range(min = 0, max = 100))]
    pub points: Option<i32>,
    #[validate(nested)]
    pub place: Option<PlaceForm>,
    /// For those who claim: where to meet, what to bring.
    #[schema(min_length = 1, max_length = 1000)]
    #[validate(length(min = 1, max = 1000), custom(function = readable))]
    pub notes: Option<String>,
    /// Seats that are not for everybody at first.
    #[validate(nested)]
    pub keep: Option<Keep>,
    /// 抽签: people sign up until then, and chance decides instead of the fastest finger; absent: who comes first.
    pub draw_at: Option<At>,
    /// Open it at once instead of keeping a draft.
    #[serde(default)]
    pub publish: bool,
}

pub(super) fn skill_names(skills: &[String]) -> Result<(), validator::ValidationError> {
    for skill in skills {
        if skill.chars().count() > 20 {
            return Err(validator::ValidationError::new("text"));
        }
        readable(skill)?;
    }
    Ok(())
}

impl TaskForm {
    /// The people it names, each once.
    pub(super) fn people(&self) -> Vec<Uuid> {
        let named = self.audience.as_ref().and_then(|audience| audience.people.clone());
        let mut people = named.unwrap_or_default();
        people.sort_unstable();
        people.dedup();
        people
    }
}

/// The times of a task, all settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    pub starts_at: At,
    pub ends_at: At,
    pub opens_at: At,
    pub claim_until: At,
    pub leave_until: At,
}

fn fault(field: &str, zh: impl Into<String>, en: &str) -> FieldFault {
    FieldFault { field: field.into(), code: "time", zh: zh.into(), en: en.into() }
}

/// When the work itself is: ahead, within a year, a week long at most.
///
/// # Errors
/// Names the field that cannot be.
pub(super) fn window(starts_at: At, ends_at: At, now: At) -> Result<(), FieldFault> {
    if starts_at <= now {
        let zh = format!("开始时间已经过去了（现在是 {}）", spoken(now));
        return Err(fault("starts_at", zh, "The start has passed"));
    }
    if starts_at > now.plus(DAY * 366) {
        return Err(fault("starts_at", "开始时间太远了，请选一年以内", "Start within a year"));
    }
    if ends_at <= starts_at {
        return Err(fault("ends_at", "结束时间要晚于开始时间", "The end must be after the start"));
    }
    if ends_at > starts_at.plus(DAY * 7) {
        return Err(fault("ends_at", "一次任务最长七天", "A task lasts seven days at most"));
    }
    Ok(())
}

/// Settles the times, or names the first that cannot be.
///
/// # Errors
/// A start in the past or over a year ahead; an end not after the start or over a week later; opening,
/// claiming or leaving outside of what makes sense.
pub fn times(form: &TaskForm, now: At) -> Result<Times, FieldFault> {
    let (starts_at, ends_at) = (form.starts_at, form.ends_at);
    window(starts_at, ends_at, now)?;
    let opens_at = form.opens_at.unwrap_or(now).max(now);
    let claim_until = form.claim_until.unwrap_or(starts_at);
    if claim_until <= opens_at {
        let zh = "接单截止要晚于现在和开放接单的时间";
        return Err(fault("claim_until", zh, "Claiming must end after it opens"));
    }
    if claim_until > ends_at {
        return Err(fault("claim_until", "接单截止不能晚于任务结束", "Not after the task's end"));
    }
    let usual = starts_at.minus(Duration::from_secs(2 * 3600)).max(now);
    let leave_until = form.leave_until.unwrap_or(usual);
    if leave_until > starts_at {
        return Err(fault("leave_until", "退出截止不能晚于任务开始", "Not after the start"));
    }
    Ok(Times { starts_at, ends_at, opens_at, claim_until, leave_until })
}

/// A minimum turnout that the seats can reach.
///
/// # Errors
/// More people wanted than seats.
pub fn turnout(form: &TaskForm) -> Result<(), FieldFault> {
    if form.min_turnout.is_some_and(|least| least > form.slots) {
        return Err(FieldFault {
            field: "min_turnout".into(),
            code: "range",
            zh: format!("最少人数不能超过名额 {}", form.slots),
            en: "Not more than the slots".into(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn form(starts: i64, ends: i64) -> TaskForm {
        let json =
            format!(r#"{{"slots": 5, "starts_at": "{}", "ends_at": "{}"}}"#, At(starts), At(ends));
        serde_json::from_str(&json).unwrap()
    }

    proptest! {
        /// Whatever is written, settled times are in order and lie ahead.
        #[test]
        fn settled_times_are_in_order(
            start in -1000i64..1000, length in -100i64..400, opens in proptest::option::of(-50i64..300),
            until in proptest::option::of(-50i64..500), leave in proptest::option::of(-50i64..500),
        ) {
            let now = At(1_764_000_000_000);
            let hour = |h: i64| At(now.ms() + h * 3_600_000);
            let mut form = form(hour(start).ms(), hour(start + length).ms());
            form.opens_at = opens.map(hour);
            form.claim_until = until.map(hour);
            form.leave_until = leave.map(hour);
            if let Ok(t) = times(&form, now) {
                prop_assert!(now < t.starts_at && t.starts_at < t.ends_at);
                prop_assert!(now <= t.opens_at && t.opens_at < t.claim_until && t.claim_until <= t.ends_at);
                prop_assert!(t.leave_until <= t.starts_at);
            }
        }
    }

    #[test]
    fn the_field_at_fault_is_named() {
        let now = At(1_764_000_000_000);
        let hour = |h: i64| now.ms() + h * 3_600_000;
        assert_eq!(times(&form(hour(-1), hour(1)), now).unwrap_err().field, "starts_at");
        assert_eq!(times(&form(hour(2), hour(1)), now).unwrap_err().field, "ends_at");
        assert_eq!(times(&form(hour(2), hour(2 + 24 * 8)), now).unwrap_err().field, "ends_at");
        let mut late = form(hour(2), hour(3));
        late.claim_until = Some(At(hour(4)));
        assert_eq!(times(&late, now).unwrap_err().field, "claim_until");
    }
}
