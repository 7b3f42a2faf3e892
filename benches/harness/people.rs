//! Very many members, put into the database directly: a hundred thousand take seconds.

use ::entity::{
    At,
    membership::{self, MemberClass, MembershipKind, MembershipState},
    org::{self, OrgKind},
    person, wechat_identity,
};
use linli::{kernel::Rng, platform::Db};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

const CHUNK: usize = 500;
/// Members of a branch.
const BRANCH: usize = 2000;

/// Members in branches below an org. Each has opened the mini program once, so that messages are written for them.
///
/// # Panics
/// When the database refuses them.
pub async fn crowd(db: &Db, rng: &Rng, now: At, (code, app_id): (&str, &str), n: usize) {
    let above = org::Entity::find().filter(org::Column::Code.eq(code)).one(db.read()).await;
    let above = above.expect("orgs").expect("the community");
    let mut left = n;
    while left > 0 {
        let branch = branch(db, rng, now, &above).await;
        let many = left.min(BRANCH);
        for from in (0..many).step_by(CHUNK) {
            let some: Vec<_> = (from..many.min(from + CHUNK)).map(|_| rng.id(now)).collect();
            add(db, rng, now, (branch, app_id), &some).await;
        }
        left -= many;
    }
}

async fn branch(db: &Db, rng: &Rng, now: At, above: &org::Model) -> Uuid {
    let id = rng.id(now);
    let row = org::ActiveModel {
        id: Set(id),
        parent_id: Set(Some(above.id)),
        kind: Set(OrgKind::Branch),
        code: Set(None),
        name: Set("支部".into()),
        path: Set(format!("{}{}/", above.path, &id.simple().to_string()[20..])),
        created_at: Set(now),
    };
    org::Entity::insert(row).exec_without_returning(db.read()).await.expect("a branch");
    id
}

async fn add(db: &Db, rng: &Rng, now: At, (branch, app_id): (Uuid, &str), people: &[Uuid]) {
    let tx = db.write().await.expect("begin");
    let persons = people.iter().map(|id| person::ActiveModel {
        id: Set(*id),
        name: Set("居民".into()),
        volunteer: Set(false),
        ranked: Set(false),
        created_at: Set(now),
        updated_at: Set(now),
        real_name: Set(None),
        phone: Set(None),
        phone_index: Set(None),
        left_at: Set(None),
    });
    person::Entity::insert_many(persons).exec_without_returning(&*tx).await.expect("people");
    let accounts = people.iter().map(|id| wechat_identity::ActiveModel {
        app_id: Set(app_id.to_owned()),
        openid: Set(format!("crowd-{id}")),
        person_id: Set(*id),
        created_at: Set(now),
    });
    let accounts = wechat_identity::Entity::insert_many(accounts);
    accounts.exec_without_returning(&*tx).await.expect("accounts");
    let places = people.iter().map(|person| place(rng, now, *person, branch));
    membership::Entity::insert_many(places).exec_without_returning(&*tx).await.expect("places");
    tx.commit().await.expect("commit");
}

fn place(rng: &Rng, now: At, person: Uuid, org: Uuid) -> membership::ActiveModel {
    membership::ActiveModel {
        id: Set(rng.id(now)),
        person_id: Set(person),
        org_id: Set(org),
        kind: Set(MembershipKind::HomeBranch),
        state: Set(MembershipState::Confirmed),
        reason: Set(None),
        decided_by: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
        class: Set(MemberClass::Ordinary),
        moved_from: Set(None),
    }
}

/// Makes people who have signed in members of an org.
///
/// # Panics
/// When the database refuses them.
pub async fn enlist(db: &Db, rng: &Rng, now: At, org: Uuid, people: &[Uuid]) {
    let places = people.iter().map(|person| place(rng, now, *person, org));
    membership::Entity::insert_many(places)
        .exec_without_returning(db.read())
        .await
        .expect("places");
}
