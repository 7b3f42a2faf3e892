//! 派单: what an office does with tasks besides posting them.

mod bulk;
mod by_name;
mod changes;
mod loans;
mod safety;
mod series;
mod templates;
mod turnout;

use serde_json::{Value, json};

use crate::helpers::{Expect, Person, TestApp, WENHUA, id};

impl TestApp {
    /// A form for a task of 文化社区 next Saturday from 9 to 11, with some fields written differently.
    async fn task_form(&self, changes: Value) -> Value {
        let mut form = json!({
            "org_id": self.org_id(WENHUA).await, "title": "消防安全巡查", "slots": 5,
            "starts_at": self.saturday(9), "ends_at": self.saturday(11),
        });
        for (field, value) in changes.as_object().into_iter().flatten() {
            form[field] = value.clone();
        }
        form
    }

    /// The office of 幸福社区, the community next door.
    async fn next_door(&self) -> Person {
        let operator = self.staff("operator").await;
        let account = json!({"username": "xingfu", "name": "小郭", "password": "linli-test-2026"});
        let grant = json!({"account": account, "role": "dispatcher"});
        let happy = self.org_id(NEXT_DOOR).await;
        operator.post(&format!("/orgs/{happy}/roles"), grant).await.ok();
        self.staff("xingfu").await
    }

    /// Somebody who lives in 幸福社区 and helps there.
    async fn neighbour(&self, name: &str) -> Person {
        let neighbour = self.resident(name).await;
        let place = json!({"org_id": self.org_id(NEXT_DOOR).await, "kind": "residence"});
        let place = id(&neighbour.post("/me/memberships", place).await.ok());
        let leader = self.staff("leader").await;
        leader.does(&format!("/memberships/{place}/confirm")).await.ok();
        neighbour.put("/me", json!({"volunteer": true})).await.ok();
        neighbour
    }

    /// The words of the facts of one kind, in order.
    async fn words(&self, kind: &str) -> Vec<String> {
        use ::entity::event::{Column, Entity};
        use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
        let facts = Entity::find().filter(Column::Kind.eq(kind)).order_by_asc(Column::Id);
        let facts = facts.all(self.state.db.read()).await.expect("read the facts");
        let open = |fact: ::entity::event::Model| {
            let words = fact.words.as_ref();
            let words = self.state.crypto.open_some("event.words", fact.id, words);
            words.expect("open the words").unwrap_or_default()
        };
        facts.into_iter().map(open).collect()
    }
}

/// Division code of 幸福社区.
const NEXT_DOOR: &str = "520302014005";

/// The ids a list shows, in its order.
fn ids(list: &Value) -> Vec<String> {
    list["items"].as_array().unwrap().iter().map(id).collect()
}
