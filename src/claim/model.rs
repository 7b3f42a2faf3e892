//! The rules of claiming: who may take a seat, when one may leave, when presence counts.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use ::entity::{
    claim::ClaimState,
    membership::{MembershipKind, MembershipState},
    task::TaskState,
};
use entity::At;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    dispatch::Card,
    kernel::{Day, day::spoken},
    org::OrgSettings,
    platform::http::{Kind, Problem},
};

use super::{
    ALREADY_CLAIMED, DAILY_LIMIT, NEEDS_SKILL, NOT_IN_AUDIENCE, OPENS_AT, TASK_CLOSED, TASK_FULL,
    TIME_CLASH, TOO_MANY_OPEN_CLAIMS,
};

/// Check-in opens this long before the start.
pub const EARLY: Duration = Duration::from_secs(30 * 60);

/// A task somebody already holds a seat of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Engagement {
    pub task_id: Uuid,
    pub title: String,
    pub starts_at: At,
    pub ends_at: At,
}

/// A place in an org and how sure it is.
#[derive(Clone, Debug)]
pub struct Belonging {
    /// The org and all orgs above it.
    pub rings: Vec<Uuid>,
    pub kind: MembershipKind,
    pub state: MembershipState,
}

/// What is known of a person who wants a seat.
#[derive(Clone, Debug, Default)]
pub struct Member {
    pub volunteer: bool,
    pub skills: HashSet<String>,
    /// When those run out that do.
    pub skill_ends: HashMap<String, At>,
    pub belongings: Vec<Belonging>,
    /// Tasks not yet over in which they hold a seat.
    pub engagements: Vec<Engagement>,
}

/// Why somebody does not get a seat, in the order it is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    AlreadyClaimed,
    TaskClosed,
    OpensAt(At),
    NotInAudience,
    NeedsSkill(Vec<String>),
    TimeClash(Engagement),
    TooManyOpenClaims(i32),
    DailyLimit(i32),
    TaskFull,
}

impl Refusal {
    pub fn kind(&self) -> Kind {
        match self {
            Self::AlreadyClaimed => ALREADY_CLAIMED,
            Self::TaskClosed => TASK_CLOSED,
            Self::OpensAt(_) => OPENS_AT,
            Self::NotInAudience => NOT_IN_AUDIENCE,
            Self::NeedsSkill(_) => NEEDS_SKILL,
            Self::TimeClash(_) => TIME_CLASH,
            Self::TooManyOpenClaims(_) => TOO_MANY_OPEN_CLAIMS,
            Self::DailyLimit(_) => DAILY_LIMIT,
            Self::TaskFull => TASK_FULL,
        }
    }

    /// In words a person understands.
    pub fn zh(&self) -> String {
        match self {
            Self::OpensAt(at) => format!("{} 开放接单", spoken(*at)),
            Self::NeedsSkill(missing) => format!("这个任务需要：{}", missing.join("、")),
            Self::TimeClash(with) => {
                format!("和「{}」（{}）时间冲突", with.title, spoken(with.starts_at))
            }
            Self::TooManyOpenClaims(most) => format!("您手上已有 {most} 个任务，完成后再接"),
            Self::DailyLimit(most) => format!("一天最多接 {most} 个任务，注意休息"),
            other => other.kind().zh.to_owned(),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let problem = Self::from(refusal.kind()).say(refusal.zh(), refusal.kind().en);
        match refusal {
            Refusal::OpensAt(at) => problem.with("opens_at", at),
            Refusal::NeedsSkill(missing) => problem.with("missing", missing),
            Refusal::TimeClash(with) => problem.with("clash", with),
            Refusal::TooManyOpenClaims(most) | Refusal::DailyLimit(most) => {
                problem.with("limit", most)
            }
            _ => problem,
        }
    }
}

/// Whether this person may take a seat of this task now. Asked for the card and again inside the transaction.
///
/// # Errors
/// The first reason against it.
pub fn judge(task: &Card, member: &Member, rules: &OrgSettings, now: At) -> Result<(), Refusal> {
    if member.engagements.iter().any(|held| held.task_id == task.id) {
        return Err(Refusal::AlreadyClaimed);
    }
    if task.state != TaskState::Open || now >= task.claim_until {
        return Err(Refusal::TaskClosed);
    }
    if now < task.opens_at {
        return Err(Refusal::OpensAt(task.opens_at));
    }
    if !in_audience(task, member, rules) {
        return Err(Refusal::NotInAudience);
    }
    let runs_out =
        |skill: &String| member.skill_ends.get(skill).is_some_and(|end| *end < task.ends_at);
    let lacks = |skill: &&String| !member.skills.contains(*skill) || runs_out(skill);
    let missing: Vec<_> = task.skills.iter().filter(lacks).cloned().collect();
    if !missing.is_empty() {
        return Err(Refusal::NeedsSkill(missing));
    }
    let buffer = Duration::from_secs(u64::try_from(rules.travel_buffer_minutes).unwrap_or(0) * 60);
    let clashes = |held: &&Engagement| {
        held.starts_at < task.ends_at.plus(buffer) && task.starts_at < held.ends_at.plus(buffer)
    };
    if let Some(with) = member.engagements.iter().find(clashes) {
        return Err(Refusal::TimeClash(with.clone()));
    }
    let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    if count(member.engagements.len()) >= rules.open_claims_max {
        return Err(Refusal::TooManyOpenClaims(rules.open_claims_max));
    }
    let day = Day::of(task.starts_at);
    let same_day = member.engagements.iter().filter(|held| Day::of(held.starts_at) == day).count();
    if count(same_day) >= rules.daily_claims_max {
        return Err(Refusal::DailyLimit(rules.daily_claims_max));
    }
    if task.filled + task.held >= task.slots {
        return Err(Refusal::TaskFull);
    }
    Ok(())
}

/// Members of a branch with a confirmed place in the ring; registered volunteers too, where task and org say so.
fn in_audience(task: &Card, member: &Member, rules: &OrgSettings) -> bool {
    let confirmed = |held: &&Belonging| held.state == MembershipState::Confirmed;
    let here =
        member.belongings.iter().filter(confirmed).any(|b| b.rings.contains(&task.ring_org_id));
    let is_member = member
        .belongings
        .iter()
        .filter(confirmed)
        .any(|held| held.kind == MembershipKind::HomeBranch);
    let as_volunteer = member.volunteer && task.volunteers && rules.volunteers_may_claim;
    here && (is_member || as_volunteer)
}

/// Whole minutes of presence within the task's window.
pub fn minutes(window: (At, At), came: At, left: At) -> i32 {
    let from = came.max(window.0);
    let to = left.min(window.1);
    i32::try_from((to.ms() - from.ms()).max(0) / 60_000).unwrap_or(i32::MAX)
}

/// Whether a claim in this state holds a seat.
pub fn holds_seat(state: ClaimState) -> bool {
    !matches!(state, ClaimState::Released | ClaimState::Cancelled)
}

/// A state in people's words.
pub fn said(state: ClaimState) -> &'static str {
    match state {
        ClaimState::Active => "已接单",
        ClaimState::CheckedIn => "已签到",
        ClaimState::CheckedOut => "已签退",
        ClaimState::Confirmed => "已确认",
        ClaimState::Released => "已退出",
        ClaimState::NoShow => "未到场",
        ClaimState::Cancelled => "随任务取消",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RING: Uuid = Uuid::from_u128(7);
    const NOW: At = At(1_764_000_000_000);

    fn hour(h: i64) -> At {
        At(NOW.ms() + h * 3_600_000)
    }

    fn task(from: i64, to: i64) -> Card {
        Card {
            id: Uuid::from_u128(1),
            org_id: RING,
            org_name: "文化社区".into(),
            title: "消防巡查".into(),
            place: None,
            slots: 20,
            filled: 0,
            held: 0,
            state: TaskState::Open,
            starts_at: hour(from),
            ends_at: hour(to),
            opens_at: NOW,
            claim_until: hour(from),
            leave_until: hour(from),
            skills: vec![],
            ring_org_id: RING,
            volunteers: false,
            points: 0,
            ver: 1,
        }
    }

    fn member(kind: MembershipKind, state: MembershipState) -> Member {
        let belongings = vec![Belonging { rings: vec![Uuid::from_u128(8), RING], kind, state }];
        Member { belongings, ..Member::default() }
    }

    fn party_member() -> Member {
        member(MembershipKind::HomeBranch, MembershipState::Confirmed)
    }

    fn held(from: i64, to: i64) -> Engagement {
        let (starts_at, ends_at) = (hour(from), hour(to));
        Engagement {
            task_id: Uuid::from_u128(99), title: "结对走访".into(), starts_at, ends_at
        }
    }

    fn verdict(task: &Card, member: &Member) -> Result<(), Refusal> {
        judge(task, member, &OrgSettings::default(), NOW)
    }

    #[test]
    fn a_party_member_of_the_ring_gets_a_seat_and_a_pending_one_does_not() {
        assert_eq!(verdict(&task(24, 26), &party_member()), Ok(()));
        let pending = member(MembershipKind::HomeBranch, MembershipState::Pending);
        assert_eq!(verdict(&task(24, 26), &pending), Err(Refusal::NotInAudience));
    }

    #[test]
    fn a_volunteer_needs_the_tasks_word_and_the_orgs() {
        let mut neighbour = member(MembershipKind::Residence, MembershipState::Confirmed);
        neighbour.volunteer = true;
        let mut open = task(24, 26);
        assert_eq!(verdict(&open, &neighbour), Err(Refusal::NotInAudience));
        open.volunteers = true;
        assert_eq!(verdict(&open, &neighbour), Ok(()));
        let closed = OrgSettings { volunteers_may_claim: false, ..OrgSettings::default() };
        assert_eq!(judge(&open, &neighbour, &closed, NOW), Err(Refusal::NotInAudience));
    }

    #[test]
    fn the_missing_skill_is_named() {
        let mut first_aid = task(24, 26);
        first_aid.skills = vec!["急救".into(), "驾驶".into()];
        let mut driver = party_member();
        driver.skills.insert("驾驶".into());
        assert_eq!(verdict(&first_aid, &driver), Err(Refusal::NeedsSkill(vec!["急救".into()])));
    }

    #[test]
    fn a_skill_that_runs_out_before_the_task_ends_does_not_count() {
        let mut first_aid = task(24, 26);
        first_aid.skills = vec!["急救".into()];
        let mut nurse = party_member();
        nurse.skills.insert("急救".into());
        nurse.skill_ends.insert("急救".into(), first_aid.ends_at);
        assert_eq!(verdict(&first_aid, &nurse), Ok(()), "valid through the very end");
        let sooner = first_aid.ends_at.minus(Duration::from_millis(1));
        nurse.skill_ends.insert("急救".into(), sooner);
        assert_eq!(verdict(&first_aid, &nurse), Err(Refusal::NeedsSkill(vec!["急救".into()])));
    }

    #[test]
    fn the_way_between_two_tasks_counts() {
        let mut busy = party_member();
        busy.engagements = vec![held(20, 24)];
        assert_eq!(verdict(&task(24, 26), &busy), Err(Refusal::TimeClash(held(20, 24))));
        assert_eq!(verdict(&task(25, 26), &busy), Ok(()));
    }

    proptest! {
        /// Two tasks either clash both ways or not at all.
        #[test]
        fn clashing_is_mutual(a in 10i64..200, la in 1i64..10, b in 10i64..200, lb in 1i64..10) {
            let with = |task_from, task_to, held_from, held_to| {
                let mut busy = party_member();
                busy.engagements = vec![held(held_from, held_to)];
                matches!(verdict(&task(task_from, task_to), &busy), Err(Refusal::TimeClash(_)))
            };
            prop_assert_eq!(with(a, a + la, b, b + lb), with(b, b + lb, a, a + la));
        }

        /// Presence earns at most the window, and never less than nothing.
        #[test]
        fn minutes_stay_within_the_window(came in -500i64..500, left in -500i64..500, long in 1i64..300) {
            let at = |m: i64| At(NOW.ms() + m * 60_000);
            let earned = minutes((at(0), at(long)), at(came), at(left));
            prop_assert!((0..=long as i32).contains(&earned));
            if came <= 0 && left >= long {
                prop_assert_eq!(i64::from(earned), long);
            }
        }
    }
}
