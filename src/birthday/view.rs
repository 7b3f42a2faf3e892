//! Birthdays and wishes as people see them.

use ::entity::{At, birthday_wish, wish_template::Milestone};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    content::{self, Mark},
    identity::people,
    kernel::{Error, day::spoken_day},
    org,
    platform::AppState,
};

use super::{celebrants::Celebrant, model::milestone, store};

pub(super) const WORDS: &str = "birthday_wish.words";

/// A wish. No `Debug`.
#[derive(Serialize, ToSchema)]
pub struct WishView {
    pub id: Uuid,
    pub person_id: Uuid,
    pub year: i32,
    /// The branch for one in its name, else what its author is called.
    pub from: String,
    /// In the branch's name.
    pub of_branch: bool,
    pub words: String,
    /// `pending` while the branch's keeper has yet to let it pass; until then nobody but its author and they read it.
    pub content: Option<Mark>,
    pub written_at: At,
}

/// Wishes with their senders and what holds them back, in three queries.
///
/// # Errors
/// When names cannot be read or words do not open.
pub(super) async fn wishes(
    db: &impl ConnectionTrait,
    state: &AppState,
    rows: Vec<birthday_wish::Model>,
) -> Result<Vec<WishView>, Error> {
    let orgs = org::names(db, rows.iter().map(|row| row.org_id)).await?;
    let people = people::names(db, rows.iter().map(|row| row.author_id)).await?;
    let marks = content::marks(db, rows.iter().map(|row| row.id)).await?;
    let view = |row: birthday_wish::Model| {
        let branch = orgs.get(&row.org_id).cloned();
        let author = people.get(&row.author_id).cloned();
        Ok(WishView {
            words: state.crypto.open(WORDS, row.id, &row.words)?,
            from: if row.of_branch { branch } else { author }.unwrap_or_default(),
            content: marks.get(&row.id).copied(),
            id: row.id,
            person_id: row.person_id,
            year: row.year,
            of_branch: row.of_branch,
            written_at: row.written_at,
        })
    };
    rows.into_iter().map(view).collect()
}

/// Somebody with a political birthday, as the branch's keeper sees it. No `Debug`.
#[derive(Serialize, ToSchema)]
pub struct BirthdayView {
    pub person_id: Uuid,
    /// What the person is called: of a roster name its first sign.
    pub name: String,
    pub branch_id: Uuid,
    pub branch_name: String,
    #[schema(format = Date)]
    pub on: String,
    pub years: u32,
    pub fits: Milestone,
    /// Whether the comrades of the branch may know.
    pub tell_branch: bool,
    /// Wishes written for it so far.
    pub wishes: i64,
}

/// Celebrants with their names and numbers of wishes, in three queries.
///
/// # Errors
/// When rows cannot be read.
pub(super) async fn birthdays(
    db: &impl ConnectionTrait,
    all: &[Celebrant],
) -> Result<Vec<BirthdayView>, Error> {
    let names = people::names(db, all.iter().map(|who| who.person_id)).await?;
    let orgs = org::names(db, all.iter().map(|who| who.branch_id)).await?;
    let wishes = store::count_wishes(db, all.iter().map(|who| who.person_id).collect()).await?;
    let view = |who: &Celebrant| BirthdayView {
        person_id: who.person_id,
        name: names.get(&who.person_id).cloned().unwrap_or_default(),
        branch_id: who.branch_id,
        branch_name: orgs.get(&who.branch_id).cloned().unwrap_or_default(),
        on: who.on.to_string(),
        years: who.years,
        fits: milestone(who.years),
        tell_branch: who.tell_branch,
        wishes: wishes.get(&(who.person_id, who.on.year())).copied().unwrap_or_default(),
    };
    Ok(all.iter().map(view).collect())
}

/// A comrade's day, as members of the branch may know it: no years, they would tell when somebody joined. No `Debug`.
#[derive(Serialize, ToSchema)]
pub struct ComradeBirthday {
    pub person_id: Uuid,
    pub name: String,
    #[schema(format = Date)]
    pub on: String,
}

/// `李*（11月23日，25 周年）、…`
pub(super) fn told(all: &[BirthdayView], with_day: bool) -> String {
    let day = |who: &BirthdayView| {
        let day = who.on.parse().map(spoken_day).unwrap_or_default();
        if with_day { format!("{day}，") } else { String::new() }
    };
    let each = all.iter().map(|who| format!("{}（{}{} 周年）", who.name, day(who), who.years));
    each.collect::<Vec<_>>().join("、")
}
