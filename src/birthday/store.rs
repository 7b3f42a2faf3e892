//! Choices, greetings, wishes and templates. Whose choices are asked for, and whose wishes, was found within a scope
//! before; what is read by itself takes one.

use std::collections::HashMap;

use ::entity::{
    birthday_choice, birthday_greeting, birthday_named, birthday_wish, org, wish_template,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use crate::{
    identity::{Scope, upward},
    kernel::Error,
    platform::db::Step,
};

/// What people who were found want of it; who has not said is not among them.
pub(super) async fn choices(
    db: &impl ConnectionTrait,
    people: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, birthday_choice::Model>, Error> {
    let people: Vec<_> = people.into_iter().collect();
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let said = birthday_choice::Entity::find();
    let rows = said.filter(birthday_choice::Column::PersonId.is_in(people)).all(db).await;
    Ok(rows.step("read choices")?.into_iter().map(|row| (row.person_id, row)).collect())
}

/// Keeps a choice in place of an older one.
pub(super) async fn choose(
    tx: &DatabaseTransaction,
    choice: birthday_choice::Model,
) -> Result<(), Error> {
    use birthday_choice::Column::{Greet, PersonId, TellBranch, UpdatedAt};
    let anew =
        OnConflict::column(PersonId).update_columns([Greet, TellBranch, UpdatedAt]).to_owned();
    let row = birthday_choice::ActiveModel {
        person_id: Set(choice.person_id),
        greet: Set(choice.greet),
        tell_branch: Set(choice.tell_branch),
        updated_at: Set(choice.updated_at),
    };
    let stored = birthday_choice::Entity::insert(row).on_conflict(anew);
    stored.exec_without_returning(tx).await.step("keep a choice").map(drop)
}

/// Notes that a person is greeted in a year; whether nobody has greeted them in it before.
pub(super) async fn greet_once(
    tx: &DatabaseTransaction,
    person_id: Uuid,
    year: i32,
) -> Result<bool, Error> {
    use birthday_greeting::Column::{PersonId, Year};
    let row = birthday_greeting::ActiveModel { person_id: Set(person_id), year: Set(year) };
    let once = OnConflict::columns([PersonId, Year]).do_nothing().to_owned();
    let noted = birthday_greeting::Entity::insert_many([row]).on_conflict(once);
    Ok(noted.exec_without_returning(tx).await.step("note a greeting")? > 0)
}

/// Notes who is named in a notice to others.
pub(super) async fn name_in(
    tx: &DatabaseTransaction,
    told_id: Uuid,
    people: impl IntoIterator<Item = Uuid>,
) -> Result<(), Error> {
    let rows = people.into_iter().map(|person_id| birthday_named::ActiveModel {
        told_id: Set(told_id),
        person_id: Set(person_id),
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return Ok(());
    }
    let noted = birthday_named::Entity::insert_many(rows).exec_without_returning(tx).await;
    noted.step("note who is named").map(drop)
}

/// Who is named in it.
pub(super) async fn named_in(db: &impl ConnectionTrait, told_id: Uuid) -> Result<Vec<Uuid>, Error> {
    birthday_named::Entity::find()
        .select_only()
        .column(birthday_named::Column::PersonId)
        .filter(birthday_named::Column::ToldId.eq(told_id))
        .into_tuple()
        .all(db)
        .await
        .step("read who is named")
}

/// Wishes for somebody, newest first; an author has one a year, so a branch never has more than a hundred that count.
const WISHES: u64 = 100;

/// The wishes for one year of somebody who was found within a scope.
pub(super) async fn wishes(
    db: &impl ConnectionTrait,
    person_id: Uuid,
    year: i32,
) -> Result<Vec<birthday_wish::Model>, Error> {
    let all = birthday_wish::Entity::find()
        .filter(birthday_wish::Column::PersonId.eq(person_id))
        .filter(birthday_wish::Column::Year.eq(year))
        .order_by_desc(birthday_wish::Column::Id)
        .limit(WISHES);
    all.all(db).await.step("read wishes")
}

/// One's own wishes, of the years one was greeted in.
pub(super) async fn own_wishes(
    db: &impl ConnectionTrait,
    scope: &Scope,
) -> Result<Vec<birthday_wish::Model>, Error> {
    let greeted = birthday_greeting::Entity::find()
        .select_only()
        .column(birthday_greeting::Column::Year)
        .filter(scope.own(birthday_greeting::Column::PersonId))
        .into_query();
    let all = birthday_wish::Entity::find()
        .filter(scope.own(birthday_wish::Column::PersonId))
        .filter(birthday_wish::Column::Year.in_subquery(greeted))
        .order_by_desc(birthday_wish::Column::Id)
        .limit(WISHES);
    all.all(db).await.step("read one's own wishes")
}

#[derive(FromQueryResult)]
struct Counted {
    person_id: Uuid,
    year: i32,
    wishes: i64,
}

/// How many wishes each of those has who were found within a scope, by person and year.
pub(super) async fn count_wishes(
    db: &impl ConnectionTrait,
    people: Vec<Uuid>,
) -> Result<HashMap<(Uuid, i32), i64>, Error> {
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let counted = birthday_wish::Entity::find()
        .select_only()
        .columns([birthday_wish::Column::PersonId, birthday_wish::Column::Year])
        .column_as(Expr::col(birthday_wish::Column::Id).count(), "wishes")
        .filter(birthday_wish::Column::PersonId.is_in(people))
        .group_by(birthday_wish::Column::PersonId)
        .group_by(birthday_wish::Column::Year);
    let rows = counted.into_model::<Counted>().all(db).await.step("count wishes")?;
    Ok(rows.into_iter().map(|row| ((row.person_id, row.year), row.wishes)).collect())
}

/// Keeps a wish in place of an older one of the same author for the same year, whose id it answers.
pub(super) async fn keep_wish(
    tx: &DatabaseTransaction,
    wish: birthday_wish::Model,
) -> Result<Option<Uuid>, Error> {
    use birthday_wish::Column::{AuthorId, PersonId, Year};
    let older = birthday_wish::Entity::find()
        .filter(PersonId.eq(wish.person_id))
        .filter(Year.eq(wish.year))
        .filter(AuthorId.eq(wish.author_id));
    let older = older.one(tx).await.step("look for an older wish")?.map(|older| older.id);
    if let Some(older) = older {
        drop_wish(tx, older).await?;
    }
    let row = birthday_wish::ActiveModel::from(wish);
    let stored = birthday_wish::Entity::insert(row).exec_without_returning(tx).await;
    stored.step("keep a wish").map(|_| older)
}

/// A wish one wrote, or one for somebody within the keeper's reach.
pub(super) async fn wish(
    tx: &DatabaseTransaction,
    own: &Scope,
    keeper: Option<&Scope>,
    id: Uuid,
) -> Result<Option<birthday_wish::Model>, Error> {
    let mut mine = Condition::any().add(own.own(birthday_wish::Column::AuthorId));
    if let Some(keeper) = keeper {
        mine = mine.add(keeper.reach(birthday_wish::Column::OrgId));
    }
    let found = birthday_wish::Entity::find_by_id(id).filter(mine);
    found.one(tx).await.step("read a wish")
}

/// A wish for somebody within the keeper's reach.
pub(super) async fn wish_within(
    tx: &DatabaseTransaction,
    keeper: &Scope,
    id: Uuid,
) -> Result<Option<birthday_wish::Model>, Error> {
    let reach = keeper.reach(birthday_wish::Column::OrgId);
    let found = birthday_wish::Entity::find_by_id(id).filter(reach);
    found.one(tx).await.step("read a wish of the branch")
}

/// Drops a wish that was found before.
pub(super) async fn drop_wish(tx: &DatabaseTransaction, id: Uuid) -> Result<(), Error> {
    birthday_wish::Entity::delete_by_id(id).exec(tx).await.step("drop a wish").map(drop)
}

/// The templates of an org and those above it, its own last. Words of an org, not of a person.
pub(super) async fn templates(
    db: &impl ConnectionTrait,
    path: &str,
) -> Result<Vec<wish_template::Model>, Error> {
    let way = org::Entity::find()
        .select_only()
        .column(org::Column::Id)
        .filter(org::Column::Path.is_in(upward(path)))
        .into_query();
    wish_template::Entity::find()
        .filter(wish_template::Column::OrgId.in_subquery(way))
        .order_by_asc(wish_template::Column::Id)
        .all(db)
        .await
        .step("read templates of wishes")
}

/// A template of an org within reach.
pub(super) async fn template(
    tx: &DatabaseTransaction,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<wish_template::Model>, Error> {
    let reach = scope.reach(wish_template::Column::OrgId);
    let found = wish_template::Entity::find_by_id(id).filter(reach);
    found.one(tx).await.step("read a template of wishes")
}
