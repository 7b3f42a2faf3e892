//! What is known of a person who looks for or wants a seat; a handful of queries, whatever the number of tasks.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

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
    let person = person::Entity::find_by_id(id).one(db).await.step("read the person")?;
    let person = person.ok_or_else(|| Error::impossible("read the person"))?;
    let skills: Vec<(String, Option<At>)> = person_skill::Entity::find()
        .select_only()
        .columns([person_skill::Column::Skill, person_skill::Column::ExpiresAt])
        .filter(person_skill::Column::PersonId.eq(id))
        .into_tuple()
        .all(db)
        .await
        .step("read the skills")?;
    let (engagements, served) = engagements(db, id, now).await?;
    Ok(Member {
        volunteer: person.volunteer,
        phone: person.phone_index.is_some(),
        skill_ends: skills
            .iter()
            .filter_map(|(skill, end)| Some((skill.clone(), (*end)?)))
            .collect(),
        skills: skills.into_iter().map(|(skill, _)| skill).collect(),
        belongings: belongings(db, id).await?,
        engagements,
        served,
        misses: absence::misses(db, id).await?,
        named_for: named_for(db, id).await?,
    })
}

/// Whether a person has a confirmed place in the ring of a task, or in an org that lends its people to it.
pub async fn in_ring(db: &impl ConnectionTrait, id: Uuid, card: &Card) -> Result<bool, Error> {
    let held = belongings(db, id).await?;
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
    Ok(here && (!card.named || named_for(db, id).await?.contains(&task.id)))
}

/// Open tasks the person was named for.
async fn named_for(db: &impl ConnectionTrait, id: Uuid) -> Result<HashSet<Uuid>, Error> {
    let of_task: RelationDef = task_person::Entity::belongs_to(task::Entity)
        .from(task_person::Column::TaskId)
        .to(task::Column::Id)
        .into();
    let rows: Vec<Uuid> = task_person::Entity::find()
        .select_only()
        .column(task_person::Column::TaskId)
        .join(JoinType::InnerJoin, of_task)
        .filter(task_person::Column::PersonId.eq(id))
        .filter(task::Column::State.eq(task::TaskState::Open))
        .into_tuple()
        .all(db)
        .await
        .step("read what they were named for")?;
    Ok(rows.into_iter().collect())
}

async fn belongings(db: &impl ConnectionTrait, id: Uuid) -> Result<Vec<Belonging>, Error> {
    let places = people::places(db, id).await?;
    let ids = ring_ids(db, places.iter().map(|place| place.org_path.as_str())).await?;
    let rings = |path: &str| upward(path).iter().filter_map(|p| ids.get(*p).copied()).collect();
    Ok(places
        .iter()
        .map(|place| Belonging {
            rings: rings(&place.org_path),
            kind: place.kind,
            state: place.state,
        })
        .collect())
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

/// Tasks in which the person holds a seat and which are not over; and those of the last week that are settled.
/// Claims of cancelled tasks do not count, even before the reaction has moved them.
async fn engagements(
    db: &impl ConnectionTrait,
    id: Uuid,
    now: At,
) -> Result<(Vec<Engagement>, Vec<Engagement>), Error> {
    use claim::ClaimState::{Active, CheckedIn, CheckedOut, Confirmed};
    use task::TaskState::{Open, Reported};
    let ahead = Condition::all()
        .add(claim::Column::State.is_in([Active, CheckedIn, CheckedOut]))
        .add(task::Column::State.is_in([Open, Reported]));
    let settled = Condition::all()
        .add(claim::Column::State.eq(Confirmed))
        .add(task::Column::StartsAt.gt(now.minus(WEEK)));
    let rows: Vec<(claim::ClaimState, Uuid, String, At, At)> = claim::Entity::find()
        .select_only()
        .column(claim::Column::State)
        .columns([task::Column::Id])
        .columns([task::Column::Title])
        .columns([task::Column::StartsAt, task::Column::EndsAt])
        .join(JoinType::InnerJoin, of_task())
        .filter(claim::Column::PersonId.eq(id))
        .filter(Condition::any().add(ahead).add(settled))
        .into_tuple()
        .all(db)
        .await
        .step("read what they have claimed")?;
    let (served, ahead): (Vec<_>, Vec<_>) =
        rows.into_iter().partition(|(state, ..)| *state == Confirmed);
    let engagement =
        |(_, task_id, title, starts_at, ends_at)| Engagement { task_id, title, starts_at, ends_at };
    Ok((ahead.into_iter().map(engagement).collect(), served.into_iter().map(engagement).collect()))
}
