//! 图片核对: photos are shown to strangers once somebody looked at them, and every way in which nobody does ends with
//! people.

use std::{cell::Cell, time::Duration};

use ::entity::{file, media_check, media_check::MediaState, media_verdict};
use fake_wechat::Fault;
use futures_util::future::join_all;
use linli::{content::photo, privacy::retention};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DatabaseConnection, DbBackend,
    EntityTrait, IntoActiveModel, PaginatorTrait, QueryOrder, Statement,
};
use serde_json::{Value, json};

use super::Served;
use crate::{
    helpers::{Expect, WENHUA, eventually, id, photo as pixels},
    pushed::{event, told},
};

const CHECK: &str = "/wxa/media_check_async";
const MINUTE: Duration = Duration::from_secs(60);

/// A task whose lead 李建国 wrote a story with one photo and handed it in.
struct Shown {
    served: Served,
    photo: String,
    story: String,
}

impl Shown {
    async fn live() -> Self {
        Self::over(Served::set(true, &[("http.public_url", "http://127.0.0.1:0".into())]).await)
            .await
    }

    async fn over(served: Served) -> Self {
        let li = served.li().await;
        let photo = li.uploads(&pixels()).await;
        let form = json!({"title": "巡查", "words": "查完了", "photo_ids": [photo], "resident_consents": true});
        let story = id(&li.post(&format!("/tasks/{}/story", served.task), form).await.ok());
        li.does(&format!("/stories/{story}/submit")).await.ok();
        Self { served, photo, story }
    }

    /// One round.
    async fn look(&self) -> usize {
        photo::ask(&self.served.app.state).await.unwrap()
    }

    async fn asked(&self) -> u64 {
        self.served.app.wechat.calls().get(CHECK).copied().unwrap_or_default()
    }

    async fn row(&self) -> media_check::Model {
        let newest = media_check::Entity::find().order_by_desc(media_check::Column::Id);
        newest.one(self.served.app.state.db.read()).await.unwrap().unwrap()
    }

    /// WeChat says that of the photo asked about last.
    async fn hears(&self, code: i64, suggest: &str, label: i64) {
        let trace = self.row().await.trace_id.unwrap();
        self.hears_of(&trace, code, suggest, label).await;
    }

    async fn hears_of(&self, trace: &str, code: i64, suggest: &str, label: i64) {
        let mut fields = json!({"trace_id": trace, "version": 2, "errcode": code});
        if code == 0 {
            fields["result"] = json!({"suggest": suggest, "label": label});
        }
        told(&self.served.app, &event("wxa_media_check", "", fields)).await;
    }

    async fn is(&self, state: MediaState) {
        assert_eq!(self.row().await.state, state);
    }

    async fn publishing_is_refused(&self, code: &str) {
        let path = format!("/stories/{}/approve", self.story);
        self.served.second().await.does(&path).await.refused(409, code);
    }

    async fn is_published(&self) {
        let path = format!("/stories/{}/approve", self.story);
        assert_eq!(self.served.second().await.does(&path).await.ok()["state"], "published");
    }

    /// What waits for the office, or is in another state.
    async fn queue(&self, state: &str) -> Vec<Value> {
        let org = self.served.app.org_id(WENHUA).await;
        let path = format!("/orgs/{org}/content?state={state}");
        let list = self.served.second().await.get(&path).await.ok();
        list["items"].as_array().unwrap().clone()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_story_waits_until_wechat_has_fetched_its_photo_and_passed_it() {
    let shown = Shown::live().await;
    shown.publishing_is_refused("content.photos_pending").await;
    assert_eq!(shown.look().await, 1);
    assert_eq!(shown.look().await, 0, "a version is asked about once");
    assert_eq!(shown.asked().await, 1);
    shown.is(MediaState::Pending).await;
    assert!(shown.queue("pending").await.is_empty(), "not people's work yet");
    // The stand-in opened the link.
    let app = &shown.served.app;
    eventually("it was fetched", async || {
        app.wechat.told().iter().any(|told| told["errcode"] == 0)
    })
    .await;
    shown.publishing_is_refused("content.photos_pending").await;
    shown.hears(0, "pass", 100).await;
    shown.is_published().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_link_wechat_gets_is_good_for_longer_than_it_may_take() {
    let shown = Shown::live().await;
    let app = &shown.served.app;
    let link = linli::file::lasting_link(&app.state, shown.photo.parse().unwrap());
    let path = link.strip_prefix(&app.url).unwrap().to_owned();
    app.clock.advance(MINUTE * 31);
    assert_eq!(app.get(&path).await.status, 200);
    app.clock.advance(MINUTE * 10);
    app.get(&path).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_risky_photo_is_not_published_and_what_is_said_later_or_again_changes_nothing() {
    let shown = Shown::live().await;
    shown.look().await;
    shown.hears(0, "risky", 20002).await;
    let first = shown.row().await;
    assert_eq!((first.state, first.label), (MediaState::Refused, Some(20002)));
    shown.publishing_is_refused("content.photos_refused").await;
    shown.hears(0, "risky", 20002).await;
    shown.hears(0, "pass", 100).await;
    shown.hears(-1008, "", 0).await;
    assert_eq!(shown.row().await, first);
    shown.publishing_is_refused("content.photos_refused").await;
    // People may see it otherwise, and are then the ones who did.
    let refused = shown.queue("refused").await;
    assert_eq!((&refused[0]["kind"], &refused[0]["label"]), (&json!("photo"), &json!(20002)));
    let second = shown.served.second().await;
    second.does(&format!("/content/{}/pass", id(&refused[0]))).await.ok();
    shown.is_published().await;
    let why = json!({"reason": "还是不合适"});
    let refuse = format!("/content/{}/refuse", id(&refused[0]));
    second.post(&refuse, why).await.refused(409, "state.conflict");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_verdict_that_comes_before_we_know_its_number_finds_its_photo_later() {
    let shown = Shown::live().await;
    shown.look().await;
    let row = shown.row().await;
    let trace = row.trace_id.clone().unwrap();
    let db = shown.served.app.state.db.read();
    // As it is while the answer with the number is still on its way.
    let mut unknown = row.into_active_model();
    unknown.trace_id = Set(None);
    let row = unknown.update(db).await.unwrap();
    for _ in 0..2 {
        shown.hears_of(&trace, 0, "pass", 100).await;
    }
    shown.is(MediaState::Pending).await;
    assert_eq!(media_verdict::Entity::find().count(db).await.unwrap(), 1);
    assert_eq!(shown.look().await, 0, "nothing knows it yet");
    let mut known = row.into_active_model();
    known.trace_id = Set(Some(trace));
    known.update(db).await.unwrap();
    assert_eq!(shown.look().await, 1);
    shown.is(MediaState::Passed).await;
    assert_eq!(media_verdict::Entity::find().count(db).await.unwrap(), 0);
    // One that belongs to nothing goes after a day.
    shown.hears_of("nobody", 0, "pass", 100).await;
    shown.served.app.clock.advance(MINUTE * 60 * 25);
    retention::run(&shown.served.app.state, false).await.unwrap();
    assert_eq!(media_verdict::Entity::find().count(db).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_wechat_could_not_fetch_was_not_looked_at_and_waits_for_people() {
    let shown = Shown::live().await;
    shown.look().await;
    shown.hears(-1008, "", 0).await;
    shown.is(MediaState::Review).await;
    shown.publishing_is_refused("content.photos_pending").await;
    let waits = shown.queue("pending").await;
    assert_eq!((&waits[0]["kind"], &waits[0]["suggest"]), (&json!("photo"), &Value::Null));
    assert_eq!(waits[0]["subject_id"], shown.photo);
    let link = waits[0]["photo"]["url"].as_str().unwrap();
    let path = link.strip_prefix(&shown.served.app.url).unwrap();
    assert_eq!(shown.served.app.get(path).await.status, 200, "they see what they decide over");
    let why = json!({"reason": "看不清楚"});
    let second = shown.served.second().await;
    second.post(&format!("/content/{}/refuse", id(&waits[0])), why).await.ok();
    shown.publishing_is_refused("content.photos_refused").await;
    second.does(&format!("/content/{}/pass", id(&waits[0]))).await.ok();
    shown.is_published().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_thirty_five_minutes_of_silence_people_look() {
    let shown = Shown::live().await;
    shown.look().await;
    let app = &shown.served.app;
    app.clock.advance(MINUTE * 35);
    assert_eq!(shown.look().await, 0, "not a moment too early");
    app.clock.advance(MINUTE);
    assert_eq!(shown.look().await, 1);
    shown.is(MediaState::Review).await;
    assert_eq!(shown.asked().await, 1, "nor is it asked again");
    shown.publishing_is_refused("content.photos_pending").await;
    // Late is better than never, where nobody has looked meanwhile.
    shown.hears(0, "pass", 100).await;
    shown.is_published().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_verdict_counts_for_the_version_it_was_asked_about_and_no_other() {
    let shown = Shown::live().await;
    shown.look().await;
    let db = shown.served.app.state.db.read();
    let photo = file::Entity::find_by_id(shown.photo.parse::<uuid::Uuid>().unwrap());
    let mut photo = photo.one(db).await.unwrap().unwrap().into_active_model();
    photo.digest = Set(Some("other pixels".into()));
    photo.update(db).await.unwrap();
    shown.hears(0, "pass", 100).await;
    shown.is(MediaState::Expired).await;
    shown.publishing_is_refused("content.photos_pending").await;
    assert_eq!((shown.look().await, shown.asked().await), (1, 2), "the new one is asked about");
    shown.hears(0, "pass", 100).await;
    shown.is_published().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_wechat_will_not_look_at_waits_for_people_and_it_is_not_asked_again() {
    for errcode in [61010, 45009, 48001] {
        let shown = Shown::live().await;
        shown.served.app.wechat.fault(CHECK, 1, Fault::Errcode(errcode));
        shown.look().await;
        shown.is(MediaState::Review).await;
        assert_eq!((shown.look().await, shown.asked().await), (0, 1), "{errcode}");
        assert_eq!(shown.queue("pending").await.len(), 1);
        shown.publishing_is_refused("content.photos_pending").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_pixels_it_was_sent_before_the_earlier_verdict_stands() {
    for (suggest, state) in [("pass", MediaState::Passed), ("risky", MediaState::Refused)] {
        let shown = Shown::live().await;
        shown.look().await;
        shown.hears(0, suggest, 100).await;
        let li = shown.served.li().await;
        let again = li.uploads(&pixels()).await;
        let task = json!({"title": "再来一张", "photo_ids": [shown.photo, again]});
        let second = shown.served.second().await;
        second
            .post(&format!("/stories/{}/reject", shown.story), json!({"reason": "少一张"}))
            .await
            .ok();
        li.put(&format!("/stories/{}", shown.story), task).await.ok();
        shown.served.app.wechat.fault(CHECK, 1, Fault::Errcode(87020));
        shown.look().await;
        assert_eq!(shown.row().await.object_id.to_string(), again);
        shown.is(state).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn switched_off_the_second_person_who_publishes_is_the_one_who_looks() {
    let off =
        [("http.public_url", "http://127.0.0.1:0".into()), ("wechat.check_photos", "false".into())];
    for round_came_first in [false, true] {
        let shown = Shown::over(Served::set(true, &off).await).await;
        if round_came_first {
            shown.look().await;
            assert_eq!(shown.queue("pending").await.len(), 1, "the office may look earlier");
        }
        shown.is_published().await;
        assert_eq!(shown.asked().await, 0);
        let row = shown.row().await;
        assert_eq!(row.decided_by, Some(shown.served.second().await.id));
        shown.look().await;
        shown.is(MediaState::Passed).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_wechat_was_not_asked_in_time_passes_with_the_second_person_who_saw_it() {
    let shown = Shown::live().await;
    let app = &shown.served.app;
    app.clock.advance(MINUTE * 35);
    shown.publishing_is_refused("content.photos_pending").await;
    app.clock.advance(MINUTE);
    shown.is_published().await;
    assert_eq!(shown.row().await.decided_by, Some(shown.served.second().await.id));
    shown.look().await;
    assert_eq!(shown.asked().await, 0, "nobody is asked about what people decided");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_rounds_at_once_ask_about_a_photo_once() {
    let shown = Shown::live().await;
    join_all((0..4).map(|_| shown.look())).await;
    assert_eq!(shown.asked().await, 1);
    shown.is(MediaState::Pending).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_refused_in_the_moment_of_approval_is_not_published() {
    let shown = Shown::live().await;
    shown.look().await;
    shown.hears(0, "pass", 100).await;
    let (state, second) = (&shown.served.app.state, shown.served.second().await);
    // Refused, but not committed yet, while the approval is on its way.
    let refusal = state.db.write().await.unwrap();
    let mut row = shown.row().await.into_active_model();
    row.state = Set(MediaState::Refused);
    row.update(&*refusal).await.unwrap();
    let (path, answered) = (format!("/stories/{}/approve", shown.story), Cell::new(false));
    let approval = async {
        let reply = second.does(&path).await;
        answered.set(true);
        reply
    };
    let commit = async {
        eventually("the approval waits for the photo", async || {
            answered.get() || (state.lanes.inside() > 0 && blocked(state.db.read()).await)
        })
        .await;
        refusal.commit().await.unwrap();
    };
    let (reply, ()) = tokio::join!(approval, commit);
    reply.refused(409, "content.photos_refused");
}

/// Whether somebody waits for a lock; SQLite has one writer, and whoever is not it waits.
async fn blocked(db: &DatabaseConnection) -> bool {
    if db.get_database_backend() == DbBackend::Sqlite {
        return true;
    }
    let waits = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    let found = db.query_one_raw(Statement::from_string(DbBackend::Postgres, waits)).await;
    found.unwrap().is_some()
}
