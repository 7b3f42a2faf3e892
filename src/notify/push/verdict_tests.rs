use proptest::prelude::*;

use super::*;

/// 22 November 2026, 10:00 in Shanghai.
const NOW: At = At(1_795_312_800_000);

fn flight() -> Flight {
    Flight {
        attempts: 1,
        resend: false,
        spent: false,
        useful_until: NOW.plus(Duration::from_secs(48 * 3600)),
    }
}

fn api(code: i64) -> WechatError {
    WechatError::answered(code)
}

fn of(error: &WechatError, flight: Flight) -> (PushState, Grant) {
    let verdict = verdict(Some(error), flight, NOW, |most| most - 1);
    (verdict.state, verdict.grant)
}

#[test]
fn every_answer_has_its_end() {
    use PushState::{Dead, Refused, Retry, Unknown};
    for (error, end) in [
        (api(43101), (Refused, Grant::None)),
        (api(47003), (Dead, Grant::Back)),
        (api(45168), (Dead, Grant::Back)),
        (api(40037), (Dead, Grant::Back)),
        (api(43107), (Dead, Grant::Back)),
        (api(40003), (Dead, Grant::Back)),
        (api(-1), (Retry, Grant::Back)),
        (api(43108), (Retry, Grant::Back)),
        (api(45009), (Retry, Grant::Back)),
        (WechatError::Held(Class::Template), (Retry, Grant::Back)),
        (WechatError::Timeout { sent: false }, (Retry, Grant::Back)),
        (WechatError::Timeout { sent: true }, (Unknown, Grant::Spent)),
        (WechatError::Status(502), (Unknown, Grant::Spent)),
    ] {
        assert_eq!(of(&error, flight()), end, "{error}");
    }
    assert_eq!(verdict(None, flight(), NOW, |_| 0).state, PushState::Sent);
}

#[test]
fn better_twice_than_never_only_where_the_kind_says_so() {
    let lost = WechatError::Timeout { sent: true };
    let twice = Flight { resend: true, ..flight() };
    assert_eq!(of(&lost, twice), (PushState::Retry, Grant::Spent));
    assert_eq!(of(&lost, Flight { attempts: TRIES, ..twice }).0, PushState::Unknown);
}

#[test]
fn two_to_one_person_at_once_wait_a_second_and_a_used_up_day_until_midnight() {
    let wait = |code| verdict(Some(&api(code)), flight(), NOW, |most| most - 1).next_at;
    assert_eq!(wait(43108), NOW.plus(Duration::from_secs(1)));
    assert_eq!(wait(45009), Day::of(NOW).end());
}

#[test]
fn who_was_not_asked_has_not_tried() {
    let held = WechatError::Held(Class::Busy);
    let verdict = verdict(Some(&held), Flight { attempts: TRIES, ..flight() }, NOW, |_| 0);
    assert_eq!((verdict.state, verdict.tried), (PushState::Retry, false));
}

#[test]
fn nobody_is_told_of_what_has_begun() {
    let soon = Flight { useful_until: NOW.plus(Duration::from_millis(500)), ..flight() };
    assert_eq!(of(&api(43108), soon).0, PushState::Refused);
}

proptest! {
    /// A try that failed comes again after at most ten minutes, and after eight no more.
    #[test]
    fn tries_spread_out_and_end(attempts in 1i32..20, chance in 0u64..u64::MAX) {
        let one = Flight { attempts, ..flight() };
        let verdict = verdict(Some(&api(-1)), one, NOW, |most| chance % most);
        let longest = Duration::from_secs(2 << (attempts - 1)).min(CAP).max(Duration::from_secs(1));
        prop_assert!(NOW < verdict.next_at && verdict.next_at <= NOW.plus(longest));
        prop_assert_eq!(verdict.state == PushState::Retry, attempts < TRIES);
    }
}
