//! 改期: moving an open task. All its times move along, and those who claimed are asked by a time whether they
//! still come.

use std::time::Duration;

use ::entity::{At, task::Model};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use crate::{
    kernel::day::{spoken, spoken_with_weekday},
    platform::{AppState, Tx, http::problem::FieldFault},
};

use super::{
    STARTED,
    change::{TaskError, apply},
    form::{Times, window},
    model::{self, Command},
    post::{Author, DispatchError, fault},
    store,
};

/// The times of a moved task: claiming and leaving keep their distance to the start, as far as that still lies
/// ahead. Whoever is asked to reconfirm may leave until then.
///
/// # Errors
/// Names the field that cannot be.
fn moved(
    old: Times,
    starts_at: At,
    ends_at: At,
    reconfirm_by: At,
    now: At,
) -> Result<Times, FieldFault> {
    window(starts_at, ends_at, now)?;
    if (starts_at, ends_at) == (old.starts_at, old.ends_at) {
        return Err(fault("starts_at", "value", "时间没有变化", "The times are the same"));
    }
    if reconfirm_by <= now || reconfirm_by > starts_at {
        let zh = "重新确认的期限要在现在和新的开始时间之间";
        return Err(fault("reconfirm_by", "time", zh, "Between now and the new start"));
    }
    let along = |at: At| {
        let by = starts_at.ms() - old.starts_at.ms();
        if by >= 0 {
            at.plus(Duration::from_millis(by.unsigned_abs()))
        } else {
            at.minus(Duration::from_millis(by.unsigned_abs()))
        }
    };
    let claim_until = match along(old.claim_until).min(ends_at) {
        until if until > now => until,
        _ => starts_at,
    };
    let opens_at = if old.opens_at < claim_until { old.opens_at } else { now };
    let leave_until = along(old.leave_until).max(reconfirm_by).min(starts_at);
    Ok(Times { starts_at, ends_at, opens_at, claim_until, leave_until })
}

/// A draw that would come after claiming has ended comes half-way there.
fn soon_enough(draw_at: At, now: At, times: &Times) -> At {
    let half = At(now.ms() + (times.claim_until.ms() - now.ms()) / 2);
    if draw_at < times.claim_until { draw_at } else { half }
}

/// Moves an open task that has not begun.
///
/// # Errors
/// `NotFound`, `NotNow` unless it is open, `STARTED`, a field that cannot be.
pub(super) async fn reschedule(
    tx: &Tx,
    state: &AppState,
    author: &Author,
    id: Uuid,
    (starts_at, ends_at): (At, At),
    reconfirm_by: At,
) -> Result<Model, DispatchError> {
    let task = store::lock(tx, &author.scope, id).await?.ok_or(TaskError::NotFound)?;
    model::step(task.state, Command::Reschedule).map_err(TaskError::NotNow)?;
    let now = state.clock.now();
    if task.starts_at <= now {
        return Err(TaskError::Refused(STARTED).into());
    }
    let old = Times {
        starts_at: task.starts_at,
        ends_at: task.ends_at,
        opens_at: task.opens_at,
        claim_until: task.claim_until,
        leave_until: task.leave_until,
    };
    let times = moved(old, starts_at, ends_at, reconfirm_by, now)?;
    let words = format!(
        "时间：{} → {}，到 {} 结束；已接单的请在 {} 前确认还能不能来",
        spoken_with_weekday(task.starts_at),
        spoken_with_weekday(starts_at),
        spoken(ends_at),
        spoken(reconfirm_by)
    );
    let keep_until = task.keep_until.map(|until| Ord::min(until, times.claim_until));
    let draw_at =
        task.draw_at.filter(|_| task.awaits_draw()).map(|at| soon_enough(at, now, &times));
    let (rev, by) = (task.rev, (author.actor(), Some(words)));
    let moved = apply(tx, state, task, Command::Reschedule, by, |row| {
        row.rev = Set(rev + 1);
        row.starts_at = Set(times.starts_at);
        row.ends_at = Set(times.ends_at);
        row.opens_at = Set(times.opens_at);
        row.claim_until = Set(times.claim_until);
        row.leave_until = Set(times.leave_until);
        row.keep_until = Set(keep_until);
        if draw_at.is_some() {
            row.draw_at = Set(draw_at);
        }
        row.reconfirm_by = Set(Some(reconfirm_by));
        row.short_at = Set(None);
    });
    Ok(moved.await?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: At = At(1_764_000_000_000);

    fn hour(h: i64) -> At {
        At(NOW.ms() + h * 3_600_000)
    }

    proptest! {
        /// Wherever it is moved to, its times stay in order, and whoever is asked may still say no.
        #[test]
        fn moved_times_stay_in_order(
            start in 1i64..500, claim in -1i64..3, leave in 0i64..50, opens in -40i64..400,
            to in -10i64..600, long in -2i64..80, reconfirm in -5i64..600,
        ) {
            let old = Times {
                starts_at: hour(start), ends_at: hour(start + 2), opens_at: hour(opens.min(start - 2)),
                claim_until: hour(start + claim), leave_until: hour(start - leave),
            };
            if let Ok(new) = moved(old, hour(to), hour(to + long), hour(reconfirm), NOW) {
                prop_assert!(NOW < new.starts_at && new.starts_at < new.ends_at);
                prop_assert!(NOW < new.claim_until && new.claim_until <= new.ends_at);
                prop_assert!(new.opens_at < new.claim_until);
                prop_assert!(hour(reconfirm) <= new.leave_until && new.leave_until <= new.starts_at);
            }
        }
    }

    #[test]
    fn claiming_and_leaving_keep_their_distance() {
        let old = Times {
            starts_at: hour(24),
            ends_at: hour(26),
            opens_at: NOW,
            claim_until: hour(20),
            leave_until: hour(22),
        };
        let new = moved(old, hour(48), hour(51), hour(30), NOW).unwrap();
        assert_eq!((new.claim_until, new.leave_until), (hour(44), hour(46)));
        let same = moved(old, hour(24), hour(26), hour(20), NOW).unwrap_err();
        assert_eq!((same.field.as_str(), same.code), ("starts_at", "value"));
        let late = moved(old, hour(48), hour(51), hour(49), NOW).unwrap_err();
        assert_eq!(late.field, "reconfirm_by");
    }
}
