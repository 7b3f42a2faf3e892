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
        keep_new: 0,
        keep_lead: 0,
        keep_until: None,
        draw_at: None,
        drawn_at: None,
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
    Engagement { task_id: Uuid::from_u128(99), title: "结对走访".into(), starts_at, ends_at }
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
        let by = answer_by(NOW, until, minutes, Quiet::default());
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
