//! 任务池: the list a phone sees, and what it says before the tap.

mod leaving;
mod list;
mod near;
mod refusals;

use serde_json::{Value, json};

use crate::helpers::{Expect, Person, TestApp, WENHUA, id};

impl TestApp {
    /// An open task of 文化社区 with some of its fields written differently, on the board.
    async fn posts(&self, office: &Person, changes: Value) -> String {
        let mut task = json!({
            "org_id": self.org_id(WENHUA).await, "title": "消防安全巡查", "slots": 5,
            "starts_at": self.saturday(9), "ends_at": self.saturday(11), "publish": true,
        });
        for (field, value) in changes.as_object().into_iter().flatten() {
            task[field] = value.clone();
        }
        let task = id(&office.post("/tasks", task).await.ok());
        self.settle().await;
        task
    }
}

/// The ids a list shows, in its order.
fn ids(list: &Value) -> Vec<String> {
    list["items"].as_array().unwrap().iter().map(id).collect()
}
