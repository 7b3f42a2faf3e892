//! What the board keeps: the newest card, and nothing that is not offered.

use serde_json::json;

use super::{Board, cancels, right};
use crate::helpers::{Expect, OTHER_COMMUNITY, TestApp, WENHUA, id};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_is_made_from_the_cards_in_redis() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let task = app.open_task(&office, 3).await;
    app.settle().await;
    let Some(mut board) = Board::of(&app).await else { return drop(right(&app, &li).await) };
    board.mark(&task).await;
    assert_eq!(right(&app, &li).await["items"][0]["title"], "来自 Redis");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_emptied_board_is_missed_at_once_and_built_again_in_the_next_round() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let task = app.open_task(&office, 3).await;
    li.claims(&app.open_task_at(&office, 3, (14, 15)).await).await.ok();
    app.settle().await;
    let Some(mut board) = Board::of(&app).await else { return drop(right(&app, &li).await) };
    board.mark(&task).await;
    board.empty().await;
    let list = right(&app, &li).await;
    assert_eq!(list["items"][0]["title"], "消防安全巡查", "from SQL");

    // One more task is posted while the board is half there: the rest must not be forgotten.
    app.open_task_at(&office, 3, (16, 17)).await;
    linli::dispatch::board::show(&app.state, vec![task.parse().unwrap()]).await.unwrap();
    assert_eq!(right(&app, &li).await["items"].as_array().unwrap().len(), 3);
    app.settle().await;
    right(&app, &li).await;
    board.mark(&task).await;
    assert_eq!(right(&app, &li).await["items"][0]["title"], "来自 Redis", "the board is back");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_card_never_lies_over_a_newer_one() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let task = app.open_task(&office, 3).await;
    app.settle().await;
    let Some(mut board) = Board::of(&app).await else { return drop(right(&app, &li).await) };
    let (version, mut card) = board.card(&task).await.unwrap();
    // Another replica has shown what we have not read yet.
    card["filled"] = json!(2);
    card["ver"] = json!(version + 1);
    board.put(&task, version + 1, &card).await;
    linli::dispatch::board::show(&app.state, vec![task.parse().unwrap()]).await.unwrap();
    app.settle().await;
    assert_eq!(li.get("/tasks").await.ok()["items"][0]["filled"], 2);
    li.claims(&task).await.ok();
    app.settle().await;
    assert_eq!(board.card(&task).await.unwrap().0, version + 1, "as new is not newer");
    let zhao = app.member("赵敏").await;
    zhao.claims(&task).await.ok();
    app.settle().await;
    right(&app, &li).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_stays_in_a_pool_by_mistake_is_not_shown() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let (off, expired) = (app.open_task(&office, 3).await, app.open_task(&office, 3).await);
    let foreign = json!({"org_id": app.org_id(OTHER_COMMUNITY).await, "title": "别处的任务", "slots": 3,
        "starts_at": app.saturday(9), "ends_at": app.saturday(10), "publish": true});
    let foreign = id(&app.staff("maocaopu").await.post("/tasks", foreign).await.ok());
    cancels(&office, &off).await;
    app.settle().await;
    let Some(mut board) = Board::of(&app).await else { return drop(right(&app, &li).await) };
    let wenhua = app.org_id(WENHUA).await;
    for task in [&off, &foreign, &uuid::Uuid::nil().to_string()] {
        board.add_to_pool(&wenhua, task).await;
    }
    right(&app, &li).await;
    // Without their cards, too: what is missing is read from SQL.
    board.lose(&off).await;
    board.lose(&foreign).await;
    right(&app, &li).await;
    board.add_to_pool(&wenhua, &expired).await;
    app.clock.set(app.saturday(9));
    let li = app.sign_in("李建国").await;
    assert_eq!(right(&app, &li).await["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_or_broken_card_is_read_from_sql() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let tasks = [app.open_task(&office, 3).await, app.open_task(&office, 3).await];
    app.settle().await;
    let Some(mut board) = Board::of(&app).await else { return drop(right(&app, &li).await) };
    board.lose(&tasks[0]).await;
    board.put(&tasks[1], 7, &json!("no card at all")).await;
    right(&app, &li).await;
}
