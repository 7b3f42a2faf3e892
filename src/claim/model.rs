//! The rules of claiming: who may take a seat, when one may leave, when presence counts.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use ::entity::{
    claim::ClaimState,
    membership::{MembershipKind, MembershipState},
    offer::{self, OfferKind},
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
    ALREADY_CLAIMED, DAILY_LIMIT, NEEDS_PHONE, NEEDS_REST, NEEDS_SKILL, NOT_IN_AUDIENCE, OPENS_AT,
    SUSPENDED_UNTIL, TASK_CLOSED, TASK_FULL, TIME_CLASH, TOO_MANY_OPEN_CLAIMS, WEEKLY_LIMIT,
    absence::suspension,
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
    /// They have bound a phone.
    pub phone: bool,
    pub skills: HashSet<String>,
    /// When those run out that do.
    pub skill_ends: HashMap<String, At>,
    pub belongings: Vec<Belonging>,
    /// Open tasks they were named for.
    pub named_for: HashSet<Uuid>,
    /// Tasks not yet over in which they hold a seat.
    pub engagements: Vec<Engagement>,
    /// Tasks of the last week that they have served and that are settled.
    pub served: Vec<Engagement>,
    /// When work they missed began, without an excuse that holds.
    pub misses: Vec<At>,
}

/// Why somebody does not get a seat, in the order it is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    AlreadyClaimed,
    TaskClosed,
    OpensAt(At),
    NotInAudience,
    SuspendedUntil(At),
    NeedsPhone,
    NeedsSkill(Vec<String>),
    TimeClash(Engagement),
    NeedsRest { other: Engagement, hours: i32 },
    TooManyOpenClaims(i32),
    DailyLimit(i32),
    WeeklyLimit(i32),
    TaskFull,
}

impl Refusal {
    pub fn kind(&self) -> Kind {
        match self {
            Self::AlreadyClaimed => ALREADY_CLAIMED,
            Self::TaskClosed => TASK_CLOSED,
            Self::OpensAt(_) => OPENS_AT,
            Self::NotInAudience => NOT_IN_AUDIENCE,
            Self::SuspendedUntil(_) => SUSPENDED_UNTIL,
            Self::NeedsPhone => NEEDS_PHONE,
            Self::NeedsSkill(_) => NEEDS_SKILL,
            Self::TimeClash(_) => TIME_CLASH,
            Self::NeedsRest { .. } => NEEDS_REST,
            Self::TooManyOpenClaims(_) => TOO_MANY_OPEN_CLAIMS,
            Self::DailyLimit(_) => DAILY_LIMIT,
            Self::WeeklyLimit(_) => WEEKLY_LIMIT,
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
        )
    }

    /// In words a person understands.
    pub fn zh(&self) -> String {
        match self {
            Self::OpensAt(at) => format!("{} 开放接单", spoken(*at)),
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
            other => other.kind().zh.to_owned(),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let problem = Self::from(refusal.kind()).say(refusal.zh(), refusal.kind().en);
        match refusal {
            Refusal::OpensAt(at) => problem.with("opens_at", at),
            Refusal::SuspendedUntil(at) => problem.with("until", at),
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

/// The card as the one sees it for whom a live offer keeps a seat: that seat is free to them. A seat that is handed
/// over is not: it waits behind the offer alone.
pub fn open_on(card: &mut Card, offer: Option<&offer::Model>, now: At) {
    let keeps = |offer: &&offer::Model| offer.kind != OfferKind::HandOver && offer.expires_at > now;
    if offer.filter(keeps).is_some() {
        card.held -= 1;
    }
}

/// Whether this person may take a seat of this task now. Asked for the card and again inside the transaction.
///
/// # Errors
/// The first reason against it.
pub fn judge(task: &Card, member: &Member, rules: &OrgSettings, now: At) -> Result<(), Refusal> {
    reasons(task, member, rules, now).into_iter().next().map_or(Ok(()), Err)
}

/// Everything that speaks against it, in the order it is judged.
pub fn reasons(task: &Card, member: &Member, rules: &OrgSettings, now: At) -> Vec<Refusal> {
    let mut against = of_the_task(task, member, rules, now);
    against.extend(of_their_time(task, member, rules));
    if task.filled + task.held >= task.slots {
        against.push(Refusal::TaskFull);
    }
    against
}

/// What the task itself asks for.
fn of_the_task(task: &Card, member: &Member, rules: &OrgSettings, now: At) -> Vec<Refusal> {
    let mut against = Vec::new();
    if member.engagements.iter().any(|held| held.task_id == task.id) {
        against.push(Refusal::AlreadyClaimed);
    }
    if task.state != TaskState::Open || now >= task.claim_until {
        against.push(Refusal::TaskClosed);
    } else if now < task.opens_at {
        against.push(Refusal::OpensAt(task.opens_at));
    }
    if !in_audience(task, member, rules) {
        against.push(Refusal::NotInAudience);
    }
    if let Some(until) = suspension(&member.misses, rules, now) {
        against.push(Refusal::SuspendedUntil(until));
    }
    if rules.phone_required && !member.phone {
        against.push(Refusal::NeedsPhone);
    }
    let runs_out =
        |skill: &String| member.skill_ends.get(skill).is_some_and(|end| *end < task.ends_at);
    let lacks = |skill: &&String| !member.skills.contains(*skill) || runs_out(skill);
    let missing: Vec<_> = task.skills.iter().filter(lacks).cloned().collect();
    if !missing.is_empty() {
        against.push(Refusal::NeedsSkill(missing));
    }
    against
}

/// What else they have to do, and how much one may ask of them.
fn of_their_time(task: &Card, member: &Member, rules: &OrgSettings) -> Vec<Refusal> {
    let mut against = Vec::new();
    let others = || member.engagements.iter().filter(|held| held.task_id != task.id);
    let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let clash = others().find(|held| closer(held, task, minutes_of(rules.travel_buffer_minutes)));
    against.extend(clash.cloned().map(Refusal::TimeClash));
    if clash.is_none() {
        let rest = minutes_of(rules.rest_hours * 60);
        let day = |at| Day::of(at);
        let short = others()
            .find(|held| day(held.starts_at) != day(task.starts_at) && closer(held, task, rest));
        let tired = |other: &Engagement| Refusal::NeedsRest {
            other: other.clone(),
            hours: rules.rest_hours,
        };
        against.extend(short.map(tired));
    }
    if count(others().count()) >= rules.open_claims_max {
        against.push(Refusal::TooManyOpenClaims(rules.open_claims_max));
    }
    let day = Day::of(task.starts_at);
    let days = || others().chain(&member.served).map(|held| Day::of(held.starts_at));
    if count(days().filter(|other| *other == day).count()) >= rules.daily_claims_max {
        against.push(Refusal::DailyLimit(rules.daily_claims_max));
    }
    let week = days().filter(|other| other.monday() == day.monday()).count();
    if count(week) >= rules.weekly_claims_max {
        against.push(Refusal::WeeklyLimit(rules.weekly_claims_max));
    }
    against
}

fn minutes_of(minutes: i32) -> Duration {
    Duration::from_secs(u64::try_from(minutes).unwrap_or(0) * 60)
}

/// Whether less than `apart` lies between the two.
fn closer(held: &Engagement, task: &Card, apart: Duration) -> bool {
    held.starts_at < task.ends_at.plus(apart) && task.starts_at < held.ends_at.plus(apart)
}

/// By when an offer is to be answered: after `minutes`, or a quarter of the time that is left for claiming where
/// that is less, so that others can still be asked; five minutes at least, and never past `until`.
pub fn answer_by(now: At, until: At, minutes: i32) -> At {
    let left = u64::try_from(until.ms() - now.ms()).unwrap_or(0);
    let quarter = Duration::from_millis(left / 4).max(minutes_of(5));
    now.plus(minutes_of(minutes).min(quarter)).min(until)
}

/// Members of a branch with a confirmed place in the ring, or in an org that lends its people; registered
/// volunteers too, where task and org say so or the office named them. A task for named people is for them alone.
fn in_audience(task: &Card, member: &Member, rules: &OrgSettings) -> bool {
    let named = member.named_for.contains(&task.id);
    if task.named && !named {
        return false;
    }
    let confirmed = |held: &&Belonging| held.state == MembershipState::Confirmed;
    let here = member.belongings.iter().filter(confirmed).any(|held| task.is_within(&held.rings));
    let is_member = member
        .belongings
        .iter()
        .filter(confirmed)
        .any(|held| held.kind == MembershipKind::HomeBranch);
    let welcome = task.volunteers || (task.named && named);
    let as_volunteer = member.volunteer && welcome && rules.volunteers_may_claim;
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
            lent_by: vec![],
            volunteers: false,
            named: false,
            reconfirm_by: None,
            points: 0,
            safety: None,
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
    fn a_task_for_named_people_is_for_them_alone() {
        let mut by_name = task(24, 26);
        by_name.named = true;
        assert_eq!(verdict(&by_name, &party_member()), Err(Refusal::NotInAudience));
        let mut called = party_member();
        called.named_for.insert(by_name.id);
        assert_eq!(verdict(&by_name, &called), Ok(()));
        let mut neighbour = member(MembershipKind::Residence, MembershipState::Confirmed);
        neighbour.named_for.insert(by_name.id);
        assert_eq!(verdict(&by_name, &neighbour), Err(Refusal::NotInAudience), "no volunteer");
        neighbour.volunteer = true;
        assert_eq!(verdict(&by_name, &neighbour), Ok(()), "the office's word is enough");
    }

    #[test]
    fn people_that_another_community_lends_are_in_the_audience() {
        let mut elsewhere = task(24, 26);
        elsewhere.ring_org_id = Uuid::from_u128(70);
        assert_eq!(verdict(&elsewhere, &party_member()), Err(Refusal::NotInAudience));
        elsewhere.lent_by = vec![RING];
        assert_eq!(verdict(&elsewhere, &party_member()), Ok(()));
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
        busy.engagements = vec![held(10, 14)];
        assert_eq!(verdict(&task(14, 16), &busy), Err(Refusal::TimeClash(held(10, 14))));
        assert_eq!(verdict(&task(15, 16), &busy), Ok(()));
    }

    #[test]
    fn a_night_lies_between_the_evening_and_the_morning() {
        // NOW is 2025-11-25 00:00 in Shanghai, so hours count from midnight.
        let mut tired = party_member();
        tired.engagements = vec![held(20, 23)];
        let early = Refusal::NeedsRest { other: held(20, 23), hours: 8 };
        assert_eq!(verdict(&task(24 + 6, 24 + 7), &tired), Err(early));
        assert_eq!(verdict(&task(24 + 7, 24 + 8), &tired), Ok(()));
        tired.engagements = vec![held(8, 12)];
        assert_eq!(verdict(&task(13, 15), &tired), Ok(()), "within a day the way is enough");
    }

    #[test]
    fn a_week_has_room_for_so_many_and_ends_on_sunday() {
        let rules = OrgSettings { weekly_claims_max: 2, ..OrgSettings::default() };
        let mut busy = party_member();
        // Tuesday; one settled, one to come on Thursday.
        busy.served = vec![held(1, 2)];
        busy.engagements = vec![held(48, 50)];
        let sunday = task(24 * 5 + 9, 24 * 5 + 10);
        assert_eq!(judge(&sunday, &busy, &rules, NOW), Err(Refusal::WeeklyLimit(2)));
        let monday = task(24 * 6 + 9, 24 * 6 + 10);
        assert_eq!(judge(&monday, &busy, &rules, NOW), Ok(()));
    }

    #[test]
    fn the_office_sees_every_reason_and_may_set_aside_only_the_soft_ones() {
        let mut busy = party_member();
        busy.engagements = vec![held(24, 26)];
        let mut full = task(25, 27);
        (full.filled, full.slots, full.skills) = (1, 1, vec!["急救".into()]);
        let against = reasons(&full, &busy, &OrgSettings::default(), NOW);
        let soft: Vec<_> = against.iter().map(Refusal::is_soft).collect();
        assert_eq!(soft, [false, true, false], "{against:?}");
        assert_eq!(against[1], Refusal::TimeClash(held(24, 26)));
    }

    proptest! {
        /// However little time is left, an offer ends after now and not after claiming does.
        #[test]
        fn an_offer_ends_in_time(left in 1i64..10_000_000_000, minutes in 5i32..720) {
            let until = At(NOW.ms() + left);
            let by = answer_by(NOW, until, minutes);
            prop_assert!(NOW < by && by <= until && by <= NOW.plus(minutes_of(minutes)));
        }

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
