//! The facts of one request, in the order they happened.

use ::entity::{
    event::{Column, Entity, Model},
    request,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::{Error, Event},
    platform::db::Step,
};

use super::model::{FOLLOWED, INTERNAL, See};

/// What concerns the one who asked. That a story was taken down is news only to those who could see it.
fn for_resident(request_id: Uuid) -> Condition {
    let shown = Entity::find()
        .select_only()
        .column(Column::SubjectId)
        .filter(Column::RequestId.eq(request_id))
        .filter(Column::Kind.eq(Event::StoryPublished.name()))
        .into_query();
    let taken_down = Condition::any()
        .add(Column::Kind.ne(Event::StoryWithdrawn.name()))
        .add(Column::SubjectId.in_subquery(shown));
    Condition::all()
        .add(Column::Kind.is_not_in(INTERNAL.iter().map(|event| event.name())))
        .add(taken_down)
}

/// A page of a request's facts, oldest first, one more than asked where there are more; the request was found by
/// scope. One that was merged into another follows the other's progress.
pub(super) async fn of_request(
    db: &impl ConnectionTrait,
    _scope: &Scope,
    request: &request::Model,
    see: See,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Model>, Error> {
    let mut own = Condition::all().add(Column::RequestId.eq(request.id));
    if see == See::Resident {
        own = own.add(for_resident(request.id));
    }
    let mut told = Condition::any().add(own);
    if let Some(target) = request.merged_into {
        let progress = Column::Kind.is_in(FOLLOWED.map(Event::name));
        told = told.add(Condition::all().add(Column::RequestId.eq(target)).add(progress));
    }
    let mut query = Entity::find().filter(told);
    if let Some(after) = after {
        query = query.filter(Column::Id.gt(after));
    }
    query.order_by_asc(Column::Id).limit(limit + 1).all(db).await.step("read the timeline")
}
