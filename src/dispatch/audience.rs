//! Who a task is for: a ring around its org, one org, or people by name; and the lead, who belongs there too.

use std::collections::HashSet;

use ::entity::{
    membership::{self, MembershipState},
    org::Model as Org,
    task, task_person,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QuerySelect,
};
use uuid::Uuid;

use crate::{
    identity::{Scope, within},
    kernel::Error,
    org,
    platform::{Tx, db::Step},
    request::PersonRef,
};

use super::{
    form::{Audience, TaskForm},
    post::{DispatchError, fault},
    widen::widens_to,
};

/// The org whose pool the task sits in; the people named and the lead belong there.
///
/// # Errors
/// The field of the first who does not, or of an org that cannot be.
pub(super) async fn settle(
    tx: &Tx,
    scope: &Scope,
    org: &Org,
    form: &TaskForm,
) -> Result<Org, DispatchError> {
    let ring = ring(tx, scope, org, form.audience.as_ref()).await?;
    check_wider(tx, &ring, form.audience.as_ref()).await?;
    let people = form.people();
    if !people.is_empty() {
        let here = belonging(tx, &[&ring], &people).await?;
        if here.len() < people.len() {
            let zh = "指定的人要是这个范围里的成员";
            let en = "The people named must belong to the ring";
            return Err(fault("audience.people", "value", zh, en).into());
        }
    }
    if let Some(lead) = form.lead_id {
        check_lead(tx, lead, &[org, &ring]).await?;
    }
    Ok(ring)
}

/// Whom a task is for, as the form that made it could have said.
///
/// # Errors
/// When its orgs cannot be read.
pub(super) async fn written(
    db: &impl ConnectionTrait,
    task: &task::Model,
    people: &[PersonRef],
) -> Result<Audience, Error> {
    let people = people.iter().map(|person| person.id).collect();
    let people = task.named.then_some(people);
    let (volunteers, widens_to) = (task.volunteers, widens_to(task));
    let mut audience = Audience { people, volunteers, widens_to, ..Audience::default() };
    if task.ring_org_id != task.org_id {
        let own = org::find(db, task.org_id).await?;
        match org::find(db, task.ring_org_id).await?.zip(own) {
            Some((ring, own)) if own.path.starts_with(&ring.path) => {
                audience.ring = Some(ring.kind)
            }
            _ => audience.org_id = Some(task.ring_org_id),
        }
    }
    Ok(audience)
}

/// The ring a task may widen to is its own, which matters where people are named, or lies above it.
async fn check_wider(
    tx: &Tx,
    ring: &Org,
    audience: Option<&Audience>,
) -> Result<(), DispatchError> {
    let Some(kind) = audience.and_then(|audience| audience.widens_to) else { return Ok(()) };
    if kind != ring.kind && org::ancestor_of_kind(&**tx, ring, kind).await?.is_none() {
        let zh = "只能向上一级扩大，上级组织里没有这一级";
        return Err(fault("audience.widens_to", "value", zh, "No such org above").into());
    }
    Ok(())
}

/// Its own org, the one above it of the kind asked for, or the one asked for by id.
async fn ring(
    tx: &Tx,
    scope: &Scope,
    org: &Org,
    audience: Option<&Audience>,
) -> Result<Org, DispatchError> {
    let (kind, org_id) = audience.map_or((None, None), |asked| (asked.ring, asked.org_id));
    match (kind, org_id) {
        (Some(_), Some(_)) => {
            let zh = "面向范围请在 ring 和 org_id 里选一个填";
            Err(fault("audience.org_id", "value", zh, "Either ring or org_id").into())
        }
        (None, Some(id)) => {
            let found = org::find(&**tx, id).await?.filter(|found| scope.covers(&found.path));
            Ok(found.ok_or_else(|| {
                let zh = "这个组织不在您负责的范围里";
                fault("audience.org_id", "value", zh, "This org is out of your reach")
            })?)
        }
        (Some(kind), None) if kind != org.kind => {
            let found = org::ancestor_of_kind(&**tx, org, kind).await?;
            Ok(found.ok_or_else(|| {
                let zh = "上级组织里没有这一级，请改选范围";
                fault("audience.ring", "value", zh, "No such org above")
            })?)
        }
        _ => Ok(org.clone()),
    }
}

/// A lead has a confirmed place in one of these orgs or below.
///
/// # Errors
/// A fault of `lead_id`.
pub(super) async fn check_lead(tx: &Tx, lead: Uuid, orgs: &[&Org]) -> Result<(), DispatchError> {
    if !belonging(tx, orgs, &[lead]).await?.is_empty() {
        return Ok(());
    }
    let zh = "负责人要是这个范围里的成员";
    Err(fault("lead_id", "value", zh, "The lead must belong to the ring").into())
}

/// Leaves out who has left since an outline was written, so that it can still be used. Where nobody named is left
/// the form keeps them, and is refused: it must not become a task for everybody.
pub(super) async fn fit(
    tx: &Tx,
    scope: &Scope,
    org: &Org,
    form: &mut TaskForm,
) -> Result<(), DispatchError> {
    let ring = ring(tx, scope, org, form.audience.as_ref()).await?;
    if let Some(lead) = form.lead_id
        && belonging(tx, &[org, &ring], &[lead]).await?.is_empty()
    {
        form.lead_id = None;
    }
    if let Some(people) = form.audience.as_mut().and_then(|audience| audience.people.as_mut()) {
        let here = belonging(tx, &[&ring], people).await?;
        if !here.is_empty() {
            people.retain(|person| here.contains(person));
        }
    }
    Ok(())
}

/// Which of the people have a confirmed place in one of these orgs or below, in one query.
async fn belonging(
    tx: &DatabaseTransaction,
    orgs: &[&Org],
    people: &[Uuid],
) -> Result<HashSet<Uuid>, Error> {
    use membership::Column as Member;
    let paths: Vec<_> = orgs.iter().map(|org| org.path.clone()).collect();
    let rows: Vec<Uuid> = membership::Entity::find()
        .select_only()
        .column(Member::PersonId)
        .filter(Member::PersonId.is_in(people.iter().copied()))
        .filter(Member::State.eq(MembershipState::Confirmed))
        .filter(within(Member::OrgId, &paths))
        .into_tuple()
        .all(tx)
        .await
        .step("see who belongs there")?;
    Ok(rows.into_iter().collect())
}

/// Keeps whom the task is for, in place of those written before.
pub(super) async fn keep(
    tx: &DatabaseTransaction,
    task_id: Uuid,
    people: Vec<Uuid>,
) -> Result<(), Error> {
    use task_person::{ActiveModel, Column, Entity};
    let before = Entity::delete_many().filter(Column::TaskId.eq(task_id)).exec(tx).await;
    before.step("forget who was named")?;
    if people.is_empty() {
        return Ok(());
    }
    let rows = people
        .into_iter()
        .map(|person| ActiveModel { task_id: Set(task_id), person_id: Set(person) });
    Entity::insert_many(rows).exec_without_returning(tx).await.step("name people for a task")?;
    Ok(())
}
