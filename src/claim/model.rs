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
    dispatch::{Card, Reserve},
    kernel::{Day, Quiet},
    org::OrgSettings,
};

use super::{absence::suspension, refusal::Refusal};

/// Check-in opens this long before the start.
pub const EARLY: Duration = Duration::from_secs(30 * 60);

/// Whoever has served so often may take the seat that is kept for somebody experienced.
pub const EXPERIENCED: u64 = 5;

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
    /// Tasks they have served, ever, that are confirmed.
    pub confirmed: u64,
    /// When work they missed began, without an excuse that holds.
    pub misses: Vec<At>,
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
    if task.free(true) <= 0 {
        against.push(Refusal::TaskFull);
    } else if task.free(false) <= 0 && reserve(task, member).is_none() {
        against.push(Refusal::SeatsKept {
            first_timers: task.keep_new,
            lead: task.keep_lead > 0,
            until: task.keep_until.unwrap_or(task.claim_until),
        });
    }
    against
}

/// The kept seat this person would be given: whoever serves for the first time, and has no other seat, one for
/// first-timers; whoever has served often, the one for somebody experienced.
pub fn reserve(task: &Card, member: &Member) -> Option<Reserve> {
    if task.keep_new > 0 && member.confirmed == 0 && member.engagements.is_empty() {
        return Some(Reserve::FirstTimer);
    }
    (task.keep_lead > 0 && member.confirmed >= EXPERIENCED).then_some(Reserve::Lead)
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
    if let Some(at) = task.draw_at.filter(|_| task.drawn_at.is_none()) {
        against.push(Refusal::ByDraw(at));
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
/// that is less, so that others can still be asked; five minutes at least, and never past `until`. No time runs out
/// while it is quiet.
pub fn answer_by(now: At, until: At, minutes: i32, quiet: Quiet) -> At {
    let left = u64::try_from(until.ms() - now.ms()).unwrap_or(0);
    let quarter = Duration::from_millis(left / 4).max(minutes_of(5));
    quiet.awake_after(now, minutes_of(minutes).min(quarter)).min(until)
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
mod tests;
