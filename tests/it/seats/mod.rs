//! 名额: who gets a seat that is not simply free: by waiting, by being asked, by the office, from a colleague's hand.

mod arranged;
mod drawn;
mod handed;
mod kept;
mod named;
mod offers;
mod races;
mod together;
mod waiting;

use ::entity::task;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Expect, Person, TestApp, dump::texts, id};

/// Tasks whose counters are not the counts, or that gave more seats than they have; in one statement, so that it
/// may be asked at any moment.
const WRONG: &str = "SELECT title || ': ' || used || ' ' || held FROM task WHERE used + held > slots \
    OR used <> (SELECT COUNT(*) FROM claim c WHERE c.task_id = task.id \
        AND c.state NOT IN ('released', 'cancelled')) \
    OR held <> (SELECT COUNT(*) FROM offer o WHERE o.task_id = task.id \
        AND o.state = 'live' AND o.kind <> 'hand_over')";

impl TestApp {
    /// Counters equal counts and nobody sits on a seat that is not there, in every task.
    async fn exact(&self) {
        assert_eq!(texts(self.state.db.read(), WRONG).await, [""; 0]);
    }

    /// Seats that are used and held.
    async fn seats(&self, task: &str) -> (i32, i32) {
        let id: Uuid = task.parse().unwrap();
        let row = task::Entity::find_by_id(id).one(self.state.db.read()).await.unwrap().unwrap();
        self.exact().await;
        (row.used, row.held)
    }

    /// One round over what nobody answered; how many cases it handled.
    async fn sweep(&self) -> usize {
        let swept = linli::claim::sweep(&self.state).await.unwrap();
        assert_eq!(swept.failed, 0);
        swept.handled
    }

    /// A full task of one seat; who holds it by which claim.
    async fn full(&self, office: &Person, holder: &Person) -> (String, String) {
        let task = self.open_task(office, 1).await;
        let claim = id(&holder.claims(&task).await.ok());
        (task, claim)
    }
}

impl Person {
    async fn waits(&self, task: &str) -> Value {
        self.post(&format!("/tasks/{task}/waitlist"), json!({})).await.ok()
    }

    async fn waits_at_once(&self, task: &str) -> Value {
        self.post(&format!("/tasks/{task}/waitlist"), json!({"at_once": true})).await.ok()
    }

    async fn page(&self, task: &str) -> Value {
        self.get(&format!("/tasks/{task}")).await.ok()
    }

    /// The offer on the task's page.
    async fn offer(&self, task: &str) -> String {
        let page = self.page(task).await;
        assert_eq!(page["my_offer"]["state"], "live", "{page}");
        id(&page["my_offer"])
    }
}
