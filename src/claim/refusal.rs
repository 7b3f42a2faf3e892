//! Why somebody does not get a seat: as a kind, in words, and whether the office may set it aside.

use entity::At;

use crate::{
    kernel::day::spoken,
    platform::http::{Kind, Problem},
};

use super::{
    ALREADY_CLAIMED, BY_DRAW, DAILY_LIMIT, NEEDS_PHONE, NEEDS_REST, NEEDS_SKILL, NOT_IN_AUDIENCE,
    OPENS_AT, SEATS_KEPT, SUSPENDED_UNTIL, TASK_CLOSED, TASK_FULL, TIME_CLASH,
    TOO_MANY_OPEN_CLAIMS, WEEKLY_LIMIT, model::Engagement,
};

/// Why somebody does not get a seat, in the order it is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    AlreadyClaimed,
    TaskClosed,
    OpensAt(At),
    /// One signs up for it until then.
    ByDraw(At),
    NotInAudience,
    SuspendedUntil(At),
    NeedsPhone,
    NeedsSkill(Vec<String>),
    TimeClash(Engagement),
    NeedsRest {
        other: Engagement,
        hours: i32,
    },
    TooManyOpenClaims(i32),
    DailyLimit(i32),
    WeeklyLimit(i32),
    /// What is left is kept for others, until then.
    SeatsKept {
        first_timers: i32,
        lead: bool,
        until: At,
    },
    TaskFull,
}

impl Refusal {
    pub fn kind(&self) -> Kind {
        match self {
            Self::AlreadyClaimed => ALREADY_CLAIMED,
            Self::TaskClosed => TASK_CLOSED,
            Self::OpensAt(_) => OPENS_AT,
            Self::ByDraw(_) => BY_DRAW,
            Self::NotInAudience => NOT_IN_AUDIENCE,
            Self::SuspendedUntil(_) => SUSPENDED_UNTIL,
            Self::NeedsPhone => NEEDS_PHONE,
            Self::NeedsSkill(_) => NEEDS_SKILL,
            Self::TimeClash(_) => TIME_CLASH,
            Self::NeedsRest { .. } => NEEDS_REST,
            Self::TooManyOpenClaims(_) => TOO_MANY_OPEN_CLAIMS,
            Self::DailyLimit(_) => DAILY_LIMIT,
            Self::WeeklyLimit(_) => WEEKLY_LIMIT,
            Self::SeatsKept { .. } => SEATS_KEPT,
            Self::TaskFull => TASK_FULL,
        }
    }

    /// Whether the office may set it aside, with a reason: rules that look after people, not what the task needs.
    pub fn is_soft(&self) -> bool {
        matches!(
            self,
            Self::NotInAudience
                | Self::TimeClash(_)
                | Self::NeedsRest { .. }
                | Self::TooManyOpenClaims(_)
                | Self::DailyLimit(_)
                | Self::WeeklyLimit(_)
                | Self::SuspendedUntil(_)
                | Self::SeatsKept { .. }
        )
    }

    /// Whether nothing but a seat is missing.
    pub fn is_of_seats(&self) -> bool {
        matches!(self, Self::TaskFull | Self::SeatsKept { .. })
    }

    /// In words a person understands.
    pub fn zh(&self) -> String {
        match self {
            Self::OpensAt(at) => format!("{} 开放接单", spoken(*at)),
            Self::ByDraw(at) => format!("这一单抽签，{} 前报名", spoken(*at)),
            Self::SuspendedUntil(at) => format!(
                "近期几次接了单没有到场，{} 以后可以再接；说明情况并被认可的，马上恢复",
                spoken(*at)
            ),
            Self::NeedsSkill(missing) => format!("这个任务需要：{}", missing.join("、")),
            Self::TimeClash(with) => {
                format!("和「{}」（{}）时间冲突", with.title, spoken(with.starts_at))
            }
            Self::NeedsRest { other, hours } => {
                format!("和「{}」之间要留出 {hours} 小时休息", other.title)
            }
            Self::TooManyOpenClaims(most) => format!("您手上已有 {most} 个任务，完成后再接"),
            Self::DailyLimit(most) => format!("一天最多接 {most} 个任务，注意休息"),
            Self::WeeklyLimit(most) => format!("一周最多接 {most} 个任务，注意休息"),
            Self::SeatsKept { first_timers, lead, until } => {
                let first =
                    (*first_timers > 0).then(|| format!("{first_timers} 个留给第一次参加的人"));
                let lead = lead.then(|| "1 个留给有经验的人".to_owned());
                let whom: Vec<_> = first.into_iter().chain(lead).collect();
                format!("剩下的名额{}，{} 向大家开放", whom.join("，"), spoken(*until))
            }
            other => other.kind().zh.to_owned(),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let problem = Self::from(refusal.kind()).say(refusal.zh(), refusal.kind().en);
        match refusal {
            Refusal::OpensAt(at) => problem.with("opens_at", at),
            Refusal::ByDraw(at) => problem.with("draw_at", at),
            Refusal::SuspendedUntil(at) => problem.with("until", at),
            Refusal::SeatsKept { until, .. } => problem.with("until", until),
            Refusal::NeedsSkill(missing) => problem.with("missing", missing),
            Refusal::TimeClash(with) => problem.with("clash", with),
            Refusal::NeedsRest { other, hours } => {
                problem.with("clash", other).with("rest_hours", hours)
            }
            Refusal::TooManyOpenClaims(most)
            | Refusal::DailyLimit(most)
            | Refusal::WeeklyLimit(most) => problem.with("limit", most),
            _ => problem,
        }
    }
}
