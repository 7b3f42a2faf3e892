//! What is known of a person who looks for or wants a seat; a handful of queries, whatever the number of tasks.

use std::{collections::HashMap, time::Duration};

use ::entity::{
    At, claim, membership::MembershipState, org, person, person_skill, task, task_person,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect,
    RelationDef,
};
use uuid::Uuid;

use crate::{
    dispatch::{Card, cards},
    identity::{people, upward},
    kernel::Error,
    platform::db::Step,
};

use super::{
    absence,
    model::{Belonging, Engagement, Member},
};

const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);

/// Everything `judge` asks of a person.
pub async fn member(db: &impl ConnectionTrait, id: Uuid, now: At) -> Result<Member, Error> {
    let found = members(db, &[id], now).await?.remove(&id);
    found.ok_or_else(|| Error::impossible("read the person"))
}

/// The same of many people, in as many queries as of one.
pub async fn members(
    db: &impl ConnectionTrait,
    ids: &[Uuid],
    now: At,
) -> Result<HashMap<Uuid, Member>, Error> {
    let people = person::Entity::find().filter(person::Column::Id.is_in(ids.iter().copied()));
    let people = people.all(db).await.step("read the people")?;
    let mut skills = grouped(skills(db, ids).await?);
    let mut belongings = belongings(db, ids).await?;
    let mut engagements = engagements(db, ids, now).await?;
    let confirmed: HashMap<_, _> = confirmed(db, ids).await?.into_iter().collect();
    let mut misses = grouped(absence::misses(db, ids).await?);
    let mut named_for = grouped(named_for(db, ids).await?);
    let member = |person: person::Model| {
        let id = person.id;
        let skills = skills.remove(&id).unwrap_or_default();
        let (engagements, served) = engagements.remove(&id).unwrap_or_default();
        let member = Member {
            volunteer: person.volunteer,
            phone: person.phone_index.is_some(),
            skill_ends: skills
                .iter()
                .filter_map(|(skill, end)| Some((skill.clone(), (*end)?)))
                .collect(),
            skills: skills.into_iter().map(|(skill, _)| skill).collect(),
            belongings: belongings.remove(&id).unwrap_or_default(),
            engagements,
            served,
            confirmed: confirmed.get(&id).map_or(0, |n| u64::try_from(*n).unwrap_or(0)),
            misses: misses.remove(&id).unwrap_or_default(),
            named_for: named_for.remove(&id).unwrap_or_default().into_iter().collect(),
        };
        (id, member)
    };
    Ok(people.into_iter().map(member).collect())
}

fn grouped<T>(rows: Vec<(Uuid, T)>) -> HashMap<Uuid, Vec<T>> {
    let mut by_person: HashMap<Uuid, Vec<T>> = HashMap::new();
    for (person, one) in rows {
        by_person.entry(person).or_default().push(one);
    }
    by_person
}

/// Skill and when it ends, by person.
async fn skills(
    db: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<Vec<(Uuid, (String, Option<At>))>, Error> {
    use person_skill::Column as Skill;
    let rows: Vec<(Uuid, String, Option<At>)> = person_skill::Entity::find()
        .select_only()
        .columns([Skill::PersonId, Skill::Skill, Skill::ExpiresAt])
        .filter(Skill::PersonId.is_in(ids.iter().copied()))
        .into_tuple()
        .all(db)
        .await
        .step("read the skills")?;
    Ok(rows.into_iter().map(|(person, skill, end)| (person, (skill, end))).collect())
}

/// Whether a person has a confirmed place in the ring of a task, or in an org that lends its people to it.
pub async fn in_ring(db: &impl ConnectionTrait, id: Uuid, card: &Card) -> Result<bool, Error> {
    let held = belongings(db, &[id]).await?.remove(&id).unwrap_or_default();
    let confirmed = |held: &Belonging| held.state == MembershipState::Confirmed;
    Ok(held.iter().any(|held| confirmed(held) && card.is_within(&held.rings)))
}

/// Whether a seat of a task may pass to this person: of its ring, and where it is for named people one of them.
pub async fn may_be_handed(
    db: &impl ConnectionTrait,
    id: Uuid,
    task: &task::Model,
) -> Result<bool, Error> {
    let card = cards(db, std::slice::from_ref(task)).await?.remove(0);
    let here = in_ring(db, id, &card).await?;
    Ok(here && (!card.named || named_for(db, &[id]).await?.contains(&(id, task.id))))
}

/// How many tasks people have served that are confirmed; nobody who has served none.
async fn confirmed(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<(Uuid, i64)>, Error> {
    claim::Entity::find()
        .select_only()
        .column(claim::Column::PersonId)
        .column_as(claim::Column::Id.count(), "n")
        .filter(claim::Column::PersonId.is_in(ids.iter().copied()))
        .filter(claim::Column::State.eq(claim::ClaimState::Confirmed))
        .group_by(claim::Column::PersonId)
        .into_tuple()
        .all(db)
        .await
        .step("count what they have served")
}

/// Open tasks that people were named for.
async fn named_for(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>, Error> {
    let of_task: RelationDef = task_person::Entity::belongs_to(task::Entity)
        .from(task_person::Column::TaskId)
        .to(task::Column::Id)
        .into();
    task_person::Entity::find()
        .select_only()
        .columns([task_person::Column::PersonId, task_person::Column::TaskId])
        .join(JoinType::InnerJoin, of_task)
        .filter(task_person::Column::PersonId.is_in(ids.iter().copied()))
        .filter(task::Column::State.eq(task::TaskState::Open))
        .into_tuple()
        .all(db)
        .await
        .step("read what they were named for")
}

async fn belongings(
    db: &impl ConnectionTrait,
    people: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Belonging>>, Error> {
    let places = people::places_of(db, people).await?;
    let ids = ring_ids(db, places.iter().map(|(_, place)| place.org_path.as_str())).await?;
    let rings = |path: &str| upward(path).iter().filter_map(|p| ids.get(*p).copied()).collect();
    let held = places.iter().map(|(person, place)| {
        let rings = rings(&place.org_path);
        (*person, Belonging { rings, kind: place.kind, state: place.state })
    });
    Ok(grouped(held.collect()))
}

/// Path → id of every org on the way from these paths to the root.
async fn ring_ids<'a>(
    db: &impl ConnectionTrait,
    paths: impl Iterator<Item = &'a str>,
) -> Result<HashMap<String, Uuid>, Error> {
    let mut wanted: Vec<&str> = paths.flat_map(upward).collect();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(String, Uuid)> = org::Entity::find()
        .select_only()
        .columns([org::Column::Path, org::Column::Id])
        .filter(org::Column::Path.is_in(wanted))
        .into_tuple()
        .all(db)
        .await
        .step("read the rings")?;
    Ok(rows.into_iter().collect())
}

impl Member {
    /// The pools a person looks into: those of their confirmed places, as `Resident::scope` has them.
    pub fn rings(&self) -> Vec<Uuid> {
        let held = self.belongings.iter().filter(|held| held.state == MembershipState::Confirmed);
        let mut rings: Vec<_> = held.flat_map(|held| held.rings.clone()).collect();
        rings.sort_unstable();
        rings.dedup();
        rings
    }
}

fn of_task() -> RelationDef {
    claim::Entity::belongs_to(task::Entity).from(claim::Column::TaskId).to(task::Column::Id).into()
}

/// Tasks that are ahead of somebody, and those of the last week that they have served.
type Engagements = (Vec<Engagement>, Vec<Engagement>);

/// Tasks in which people hold a seat and which are not over; and those of the last week that are settled.
/// Claims of cancelled tasks do not count, even before the reaction has moved them.
async fn engagements(
    db: &impl ConnectionTrait,
    ids: &[Uuid],
    now: At,
) -> Result<HashMap<Uuid, Engagements>, Error> {
    use claim::ClaimState::{Active, CheckedIn, CheckedOut, Confirmed};
    use task::TaskState::{Open, Reported};
    let ahead = Condition::all()
        .add(claim::Column::State.is_in([Active, CheckedIn, CheckedOut]))
        .add(task::Column::State.is_in([Open, Reported]));
    let settled = Condition::all()
        .add(claim::Column::State.eq(Confirmed))
        .add(task::Column::StartsAt.gt(now.minus(WEEK)));
    let rows: Vec<(Uuid, claim::ClaimState, Uuid, String, At, At)> = claim::Entity::find()
        .select_only()
        .columns([claim::Column::PersonId, claim::Column::State])
        .columns([task::Column::Id])
        .columns([task::Column::Title])
        .columns([task::Column::StartsAt, task::Column::EndsAt])
        .join(JoinType::InnerJoin, of_task())
        .filter(claim::Column::PersonId.is_in(ids.iter().copied()))
        .filter(Condition::any().add(ahead).add(settled))
        .into_tuple()
        .all(db)
        .await
        .step("read what they have claimed")?;
    let mut held: HashMap<Uuid, Engagements> = HashMap::new();
    for (person, state, task_id, title, starts_at, ends_at) in rows {
        let (ahead, served) = held.entry(person).or_default();
        let which = if state == Confirmed { served } else { ahead };
        which.push(Engagement { task_id, title, starts_at, ends_at });
    }
    Ok(held)
}
