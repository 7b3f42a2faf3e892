//! The world each test starts in: 文化社区 of 新中街道 and its neighbours, an operator, two offices, two branches.

use std::sync::Arc;

use ::entity::{At, org, role_grant::Role};
use linli::{
    boot,
    identity::{hash_password, roles},
    kernel::{Rng, clock::HandClock},
    org::import::import_divisions,
    platform::{AppState, Db},
    schema::{self, Way},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::stack::settings;

/// Division code of 文化社区.
pub const WENHUA: &str = "520302014004";
/// Division code of a community in another street and district.
pub const OTHER_COMMUNITY: &str = "520303001001";
/// Everybody's password.
pub const PASSWORD: &str = "linli-test-2026";
/// Sunday 22 November 2026, 10:00 in Shanghai.
pub const NOW: At = At(1_795_312_800_000);

const TREE: &str = "code,parent_code,level,name
52,,province,贵州省
5203,52,city,遵义市
520302,5203,district,红花岗区
520302014,520302,street,新中街道
520302014004,520302014,community,文化社区
520302014005,520302014,community,幸福社区
520303,5203,district,汇川区
520303001,520303,street,上海路街道
520303001001,520303001,community,茅草铺社区
";

/// Staff: user name, what they are called, role, org by division code.
const STAFF: &[(&str, &str, Role, &str)] = &[
    ("operator", "运维老周", Role::Operator, "52"),
    ("leader", "周区长", Role::Leader, "520302"),
    ("wenhua", "文化社区小陈", Role::Dispatcher, WENHUA),
    ("wenhua2", "文化社区小吴", Role::Dispatcher, WENHUA),
    ("secretary", "李书记", Role::Secretary, WENHUA),
    ("maocaopu", "茅草铺小杨", Role::Dispatcher, OTHER_COMMUNITY),
    ("maocaopu2", "茅草铺小郑", Role::Dispatcher, OTHER_COMMUNITY),
];

/// Fills an empty database.
pub async fn create(url: &str, db: &Db) {
    let settings = settings(&[("database.url", url.to_owned())]);
    schema::migrate(&settings, Way::Up, None, |_| ()).await.expect("migrate");
    let rng = Rng::from_seed(2026);
    let clock: linli::kernel::Clock = HandClock::at(NOW);
    let imported =
        import_divisions(db, &rng, &clock, TREE.as_bytes(), |_| ()).await.expect("import the tree");
    assert_eq!(imported.added, 9);
    let parts = boot::Parts { clock, rng };
    let state = boot::assemble(settings, parts, db.clone()).expect("assemble");
    for (code, name) in [(WENHUA, "文化社区第一党支部"), (OTHER_COMMUNITY, "茅草铺社区党支部")]
    {
        add_branch(&state, code, name).await;
    }
    let phc = Arc::new(hash_password(PASSWORD).expect("hash"));
    let tx = db.write().await.expect("begin");
    for (username, name, role, code) in STAFF {
        let org = by_code(&state, code).await;
        let person = roles::add_account(&tx, &state, username, name, phc.to_string()).await;
        let person = person.expect("add staff");
        roles::grant(&tx, &state, None, person, &org, *role).await.expect("grant");
    }
    tx.commit().await.expect("commit");
}

pub async fn by_code(state: &AppState, code: &str) -> org::Model {
    let found = org::Entity::find().filter(org::Column::Code.eq(code)).one(state.db.read()).await;
    found.expect("read an org").expect("the org exists")
}

async fn add_branch(state: &AppState, parent: &str, name: &str) {
    let parent = by_code(state, parent).await;
    let id = state.rng.id(NOW);
    let tail = &id.simple().to_string()[20..];
    let row = org::ActiveModel {
        id: Set(id),
        parent_id: Set(Some(parent.id)),
        kind: Set(org::OrgKind::Branch),
        code: Set(None),
        name: Set(name.to_owned()),
        path: Set(format!("{}{tail}/", parent.path)),
        created_at: Set(NOW),
    };
    row.insert(state.db.read()).await.expect("add a branch");
}
