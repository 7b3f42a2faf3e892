//! Who is told what on a political birthday, and of those to come. Texts with names of members rest sealed in inboxes;
//! who is named in a notice to others is noted, so that leaving takes it away.

use std::collections::BTreeMap;

use ::entity::{org::Model as Org, role_grant::Role};
use uuid::Uuid;

use crate::{
    identity::{Scope, duty, people},
    kernel::{Day, Error},
    notify::{self, Matter, Notice, Subject},
    org,
    platform::{AppState, Tx},
};

use super::{
    celebrants::Celebrant,
    model::milestone,
    store,
    template::DEFAULTS,
    view::{WORDS, birthdays, told},
};

/// Names in one notice; more stand in the list.
const NAMED: usize = 50;

/// Greets those whom nobody has greeted this year, and gives back whom.
///
/// # Errors
/// When notices cannot be written.
pub(super) async fn greet(
    tx: &Tx,
    state: &AppState,
    branch: &Org,
    all: Vec<Celebrant>,
    passed: &mut BTreeMap<&'static str, u64>,
) -> Result<Vec<Celebrant>, Error> {
    let mut greeted = Vec::new();
    for who in all {
        if !store::greet_once(tx, who.person_id, who.on.year()).await? {
            *passed.entry("greeted_before").or_default() += 1;
            continue;
        }
        let notice = Notice {
            subject: Subject::BirthdayGreeting,
            matter: Matter {
                birthday: Some((who.on, who.years)),
                words: Some(wish(tx, state, &who).await?),
                ..Matter::default()
            },
            // By the year: a corrected date or another branch makes no second one.
            occasion: format!("birthday|{}", who.on.year()),
            org_id: branch.id,
            request_id: None,
            task_id: None,
            subject_id: who.person_id,
            // A greeting of yesterday rings nobody's phone.
            begins_at: Some(who.on.end()),
        };
        notify::tell(tx, state, &notice, &[who.person_id]).await?;
        greeted.push(who);
    }
    Ok(greeted)
}

/// The branch's own words for the day, or the house's for such a year.
async fn wish(tx: &Tx, state: &AppState, who: &Celebrant) -> Result<String, Error> {
    let written = store::wishes(&**tx, who.person_id, who.on.year()).await?;
    if let Some(of_branch) = written.iter().find(|wish| wish.of_branch) {
        let words = state.crypto.open(WORDS, of_branch.id, &of_branch.words)?;
        return Ok(format!("支部寄语：{words}"));
    }
    let fits = milestone(who.years);
    let fitting: Vec<_> = DEFAULTS.iter().filter(|(of, _)| *of == fits).collect();
    let turn = usize::try_from(who.years).unwrap_or_default() % fitting.len().max(1);
    Ok(fitting.get(turn).map(|(_, words)| (*words).to_owned()).unwrap_or_default())
}

/// Tells the branch's secretary who has a political birthday on that day.
///
/// # Errors
/// When notices cannot be written.
pub(super) async fn secretary_today(
    tx: &Tx,
    state: &AppState,
    branch: &Org,
    day: Day,
    all: &[Celebrant],
) -> Result<u64, Error> {
    let names = told(&birthdays(&**tx, all).await?, false);
    let notice = Notice {
        subject: Subject::BirthdayToday,
        matter: Matter { birthday: Some((day, 0)), words: Some(names), ..Matter::default() },
        occasion: format!("birthday.day|{}|{day}", branch.id),
        ..blank(state, branch)
    };
    to_secretaries(tx, state, branch, &notice, all).await
}

/// Tells the branch's secretary who has one in a month or quarter; nothing where nobody has.
///
/// # Errors
/// When notices cannot be written.
pub(super) async fn secretary_ahead(
    tx: &Tx,
    state: &AppState,
    branch: &Org,
    first: Day,
    all: &[Celebrant],
) -> Result<u64, Error> {
    let some = &all[..all.len().min(NAMED)];
    let mut names = told(&birthdays(&**tx, some).await?, true);
    if some.len() < all.len() {
        names.push_str(&format!("等 {} 位，完整的名单在“政治生日”里", all.len()));
    }
    let notice = Notice {
        subject: Subject::BirthdayList,
        matter: Matter { words: Some(names), ..Matter::default() },
        occasion: format!("birthday.list|{}|{first}", branch.id),
        ..blank(state, branch)
    };
    to_secretaries(tx, state, branch, &notice, some).await
}

async fn to_secretaries(
    tx: &Tx,
    state: &AppState,
    branch: &Org,
    notice: &Notice,
    named: &[Celebrant],
) -> Result<u64, Error> {
    if named.is_empty() {
        return Ok(0);
    }
    let hearers = duty::on_duty(&**tx, &branch.path, &[Role::Secretary]).await?;
    let heard = notify::tell(tx, state, notice, &hearers).await?;
    if heard > 0 {
        store::name_in(tx, notice.subject_id, named.iter().map(|who| who.person_id)).await?;
    }
    Ok(heard)
}

/// A notice to others, with an id of its own under which it is noted who is named.
fn blank(state: &AppState, branch: &Org) -> Notice {
    Notice {
        subject: Subject::BirthdayToday,
        matter: Matter::default(),
        occasion: String::new(),
        org_id: branch.id,
        request_id: None,
        task_id: None,
        subject_id: state.rng.id(state.clock.now()),
        begins_at: None,
    }
}

/// Notes whom the branch may hear of, for the notices to its members; None: of nobody.
///
/// # Errors
/// When it cannot be noted.
pub(super) async fn share(
    tx: &Tx,
    state: &AppState,
    greeted: &[Celebrant],
) -> Result<Option<Uuid>, Error> {
    let known: Vec<_> = greeted.iter().filter(|who| who.tell_branch).collect();
    if known.is_empty() {
        return Ok(None);
    }
    let told_id = state.rng.id(state.clock.now());
    store::name_in(tx, told_id, known.iter().map(|who| who.person_id)).await?;
    Ok(Some(told_id))
}

/// Tells a page of the branch's members of those noted by `share`; the last of the page where there are more.
///
/// # Errors
/// When notices cannot be written.
pub(super) async fn members_today(
    tx: &Tx,
    state: &AppState,
    branch: &Org,
    (day, told_id): (Day, Uuid),
    (after, limit): (Uuid, u64),
) -> Result<(u64, Option<Uuid>), Error> {
    let named = store::named_in(&**tx, told_id).await?;
    let names = people::names(&**tx, named.iter().copied()).await?;
    let house = Scope::house();
    let mut page = org::cheerful_members(&**tx, &house, &branch.path, after, limit).await?;
    let more = page.len() as u64 > limit;
    page.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let last = page.last().copied().filter(|_| more);
    page.retain(|person| !named.contains(person));
    let mut called: Vec<_> = names.into_values().collect();
    called.sort_unstable();
    let notice = Notice {
        subject: Subject::BirthdayShared,
        matter: Matter {
            birthday: Some((day, 0)),
            words: Some(called.join("、")),
            ..Matter::default()
        },
        occasion: format!("birthday.day|{}|{day}", branch.id),
        subject_id: told_id,
        ..blank(state, branch)
    };
    Ok((notify::tell(tx, state, &notice, &page).await?, last))
}
