//! What is known of a person who looks for or wants a seat; three queries, whatever the number of tasks.

use std::collections::HashMap;

use ::entity::{At, claim, membership::MembershipState, org, person, person_skill, task};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationDef,
};
use uuid::Uuid;

use crate::{
    identity::{people, upward},
    kernel::Error,
    platform::db::Step,
};

use super::model::{Belonging, Engagement, Member};

/// Everything `judge` asks of a person.
pub async fn member(db: &impl ConnectionTrait, id: Uuid) -> Result<Member, Error> {
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
    Ok(Member {
        volunteer: person.volunteer,
        skill_ends: skills
            .iter()
            .filter_map(|(skill, end)| Some((skill.clone(), (*end)?)))
            .collect(),
        skills: skills.into_iter().map(|(skill, _)| skill).collect(),
        belongings: belongings(db, id).await?,
        engagements: engagements(db, id).await?,
    })
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

/// Tasks in which the person holds a seat and which are not over. Claims of cancelled tasks do not count, even
/// before the reaction has moved them.
async fn engagements(db: &impl ConnectionTrait, id: Uuid) -> Result<Vec<Engagement>, Error> {
    use claim::ClaimState::{Active, CheckedIn, CheckedOut};
    use task::TaskState::{Open, Reported};
    let rows: Vec<(Uuid, String, ::entity::At, ::entity::At)> = claim::Entity::find()
        .select_only()
        .columns([task::Column::Id])
        .columns([task::Column::Title])
        .columns([task::Column::StartsAt, task::Column::EndsAt])
        .join(JoinType::InnerJoin, of_task())
        .filter(claim::Column::PersonId.eq(id))
        .filter(claim::Column::State.is_in([Active, CheckedIn, CheckedOut]))
        .filter(task::Column::State.is_in([Open, Reported]))
        .into_tuple()
        .all(db)
        .await
        .step("read what they have claimed")?;
    Ok(rows
        .into_iter()
        .map(|(task_id, title, starts_at, ends_at)| Engagement {
            task_id,
            title,
            starts_at,
            ends_at,
        })
        .collect())
}
