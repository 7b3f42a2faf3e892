//! 导入区划: the real file of Zunyi, on whichever database.

use ::entity::org;
use linli::{
    kernel::{Clock, Rng, clock::HandClock},
    org::import::{ImportError, Imported, import_divisions},
    platform::Db,
    schema::{self, Way},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::helpers::{NOW, Stack, stack};

const ZUNYI: &[u8] = include_bytes!("../../../data/divisions_zunyi.csv");

async fn migrated() -> Db {
    let url = Stack::from_env().empty_database().await;
    let settings = stack::settings(&[("database.url", url.clone())]);
    schema::migrate(&settings, Way::Up, None, |_| ()).await.unwrap();
    stack::open(&url).await
}

async fn import(db: &Db, file: &[u8]) -> Result<Imported, ImportError> {
    let clock: Clock = HandClock::at(NOW);
    import_divisions(db, &Rng::from_seed(1), &clock, file, |_| ()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn zunyi_comes_in_whole_and_a_second_time_adds_nothing() {
    let db = migrated().await;
    assert_eq!(import(&db, ZUNYI).await.unwrap(), Imported { added: 2363, known: 0 });
    assert_eq!(import(&db, ZUNYI).await.unwrap(), Imported { added: 0, known: 2363 });
    assert_eq!(org::Entity::find().count(db.read()).await.unwrap(), 2363);

    let wenhua = org::Entity::find().filter(org::Column::Code.eq("520302014004"));
    let wenhua = wenhua.one(db.read()).await.unwrap().unwrap();
    assert_eq!(wenhua.name, "文化社区居民委员会");
    let above = org::Entity::find_by_id(wenhua.parent_id.unwrap());
    let above = above.one(db.read()).await.unwrap().unwrap();
    assert_eq!((above.name.as_str(), above.code.as_deref()), ("新中街道", Some("520302014")));
    assert!(wenhua.path.starts_with(&above.path));
    db.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_file_names_its_row_and_nothing_of_it_is_stored() {
    let db = migrated().await;
    let whole = std::str::from_utf8(ZUNYI).unwrap();
    let (line, _) = whole.match_indices('\n').nth(1800).unwrap();
    let broken = format!("{}\n5203029,,hamlet,无名村{}", &whole[..line], &whole[line..]);
    let told = import(&db, broken.as_bytes()).await.unwrap_err().to_string();
    assert!(told.contains("nothing was imported") && told.contains("row 1802:"), "{told}");
    let orphan = format!("{whole}\n999999999999,999999999,community,无主社区\n");
    let told = import(&db, orphan.as_bytes()).await.unwrap_err().to_string();
    assert!(told.contains("its parent 999999999 is neither"), "{told}");
    assert_eq!(org::Entity::find().count(db.read()).await.unwrap(), 0);
    db.close().await;
}
