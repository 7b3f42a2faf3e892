//! A first text from what the house knows already, so that nobody begins with an empty page. Plain facts: when,
//! where about, how many, how long, and what the resident said; no names.

use ::entity::{At, task};
use sea_orm::ConnectionTrait;

use crate::{
    dispatch,
    identity::Scope,
    kernel::{Error, day},
    ledger, org,
};

use super::store;

/// What a first text is made of.
#[derive(Clone, Debug, Default)]
struct Known {
    task: String,
    starts_at: Option<At>,
    place: Option<String>,
    people: i64,
    minutes: i64,
    stars: Option<i32>,
}

/// Title and words. The task was found by scope; a lead, who reaches no office, may know what it brought.
pub(super) async fn of_task(
    db: &impl ConnectionTrait,
    task: &task::Model,
) -> Result<(String, String), Error> {
    let totals = ledger::totals(db, &Scope::house(), task.id).await?;
    let names = org::names(db, [task.org_id]).await?;
    let org = names.get(&task.org_id).map_or("", String::as_str);
    let known = Known {
        task: task.title.clone(),
        starts_at: Some(task.starts_at),
        place: dispatch::place_named(task, org),
        people: totals.people,
        minutes: totals.minutes,
        stars: store::stars(db, task.id).await?,
    };
    Ok((task.title.clone(), words(&known)))
}

fn words(known: &Known) -> String {
    let when = known.starts_at.map(|at| format!("{}，", day::spoken_part(at))).unwrap_or_default();
    let who = match known.people {
        0 => "志愿者".to_owned(),
        n => format!("{n} 名志愿者"),
    };
    let place = known.place.as_ref().map(|place| format!("在{place}")).unwrap_or_default();
    let mut text = format!("{when}{who}{place}完成了「{}」", known.task);
    if known.minutes > 0 {
        text.push_str(&format!("，服务时长合计 {}", spoken_minutes(known.minutes)));
    }
    text.push('。');
    if let Some(stars) = known.stars {
        text.push_str(&format!("\n\n居民评价：{stars} 星。"));
    }
    text
}

/// `2 小时 30 分钟`
pub(super) fn spoken_minutes(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, rest) => format!("{rest} 分钟"),
        (hours, 0) => format!("{hours} 小时"),
        (hours, rest) => format!("{hours} 小时 {rest} 分钟"),
    }
}

#[cfg(test)]
mod tests {
    use crate::kernel::Day;

    use super::*;

    #[test]
    fn a_first_text_says_what_is_known_and_no_more() {
        let saturday = Day::of(At(1_795_312_800_000)).next_saturday();
        let full = Known {
            task: "消防安全巡查".into(),
            starts_at: Some(saturday.time(9, 0)),
            place: Some("文化广场".into()),
            people: 20,
            minutes: 2430,
            stars: Some(5),
        };
        assert_eq!(
            words(&full),
            "11月28日上午，20 名志愿者在文化广场完成了「消防安全巡查」，服务时长合计 40 小时 30 分钟。\
             \n\n居民评价：5 星。"
        );
        let little = Known { task: "陪诊".into(), ..Known::default() };
        assert_eq!(words(&little), "志愿者完成了「陪诊」。");
        assert_eq!([45, 60, 90].map(spoken_minutes), ["45 分钟", "1 小时", "1 小时 30 分钟"]);
    }
}
