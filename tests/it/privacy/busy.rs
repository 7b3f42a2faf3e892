//! 柳青青 in the middle of many things: what waits, what was explained, complained of, drafted and shown, with words
//! in each place that nobody may find afterwards.

use std::fs;

use ::entity::task;
use sea_orm::EntityTrait;
use serde_json::json;
use uuid::Uuid;

use super::{Liu, NAME, PHONE};
use crate::helpers::{Expect, TestApp, WENHUA, id, photo};

/// Each is typed in one place, by her or about her.
pub(super) const CANARIES: [&str; 9] = [
    "投诉里的萤火虫",
    "草稿里的石榴花",
    "请假条里的杜鹃",
    "答复里的猫头鹰",
    "更正里的白鹭",
    "加分里的锦鲤",
    "代求里的百灵",
    "调解里的蜻蜓",
    "驳回里的喜鹊",
];

/// Where she stands when she leaves.
pub(super) struct Busy {
    /// A seat of it is kept for her; 孙立 waits behind her.
    pub offered: String,
    /// She waits for a seat of it, the first in line.
    pub awaited: String,
}

impl Liu {
    /// Saturday afternoon and evening; after `lives`.
    pub(super) async fn is_busy(&self) -> Busy {
        let app = &self.app;
        let (her, office) = (self.herself().await, app.office().await);
        let second = app.staff("wenhua2").await;
        let org = app.org_id(WENHUA).await;
        let complaint = json!({"org_id": org, "about": "burden", "words": CANARIES[0]});
        her.post("/complaints", complaint).await.ok();
        her.put("/me/request-draft", json!({"org_id": org, "detail": CANARIES[1]})).await.ok();
        her.uploads(&photo()).await;

        let [coming, offered, awaited] =
            [(9, 3), (13, 1), (17, 1)].map(|hour| self.tomorrow(&office, hour));
        let (coming, offered, awaited) = (coming.await, offered.await, awaited.await);
        let claim = id(&her.claims(&coming).await.ok());
        her.post(&format!("/claims/{claim}/excuse"), json!({"reason": CANARIES[2]})).await.ok();
        let answer = json!({"reason": CANARIES[3]});
        office.post(&format!("/claims/{claim}/excuse/accept"), answer).await.ok();

        let (li, sun) = (app.member("李建国").await, app.member("孙立").await);
        let gives_up = id(&li.claims(&offered).await.ok());
        li.claims(&awaited).await.ok();
        for (who, task) in [(&her, &offered), (&her, &awaited), (&sun, &offered)] {
            who.post(&format!("/tasks/{task}/waitlist"), json!({})).await.ok();
        }
        assert_eq!(li.delete(&format!("/claims/{gives_up}")).await.status, 204);
        assert_eq!(seats(app, &offered).await, (0, 1), "kept for her");

        let served = her.get("/me/claims").await.ok();
        let served = served["items"].as_array().unwrap().iter();
        let served = id(served.clone().find(|claim| claim["state"] == "confirmed").unwrap());
        let correction = json!({"minutes": 90, "reason": CANARIES[4]});
        office.post(&format!("/claims/{served}/correct"), correction).await.ok();
        let on = json!({"points_enabled": true});
        office.put(&format!("/orgs/{org}/settings"), on).await.ok();
        for (reason, verdict) in [(CANARIES[5], None), (CANARIES[7], Some(CANARIES[8]))] {
            let points =
                json!({"user_id": her.id, "kind": "pioneer", "amount": 3, "reason": reason});
            let points = id(&office.post(&format!("/orgs/{org}/points"), points).await.ok());
            if let Some(reason) = verdict {
                let reason = json!({"reason": reason});
                second.post(&format!("/points/{points}/refuse"), reason).await.ok();
            }
        }

        let wang = app.resident("王阿姨").await;
        let behalf = json!({"org_id": org, "category": "维修", "title": "灯坏了", "detail": "楼道灯不亮",
            "on_behalf_of": {"name": NAME, "phone": PHONE, "consent": CANARIES[6]}});
        let behalf = id(&wang.post("/requests", behalf).await.ok());
        wang.does(&format!("/requests/{behalf}/withdraw")).await.ok();
        Busy { offered, awaited }
    }

    /// A task of the day after the story's Saturday.
    async fn tomorrow(&self, office: &crate::helpers::Person, (hour, slots): (u32, i32)) -> String {
        let day = linli::kernel::Day::of(self.app.saturday_of_the_story(9)).plus(1);
        let form = json!({"org_id": self.app.org_id(WENHUA).await, "title": "社区任务", "slots": slots,
            "starts_at": day.time(hour, 0), "ends_at": day.time(hour + 1, 0), "publish": true});
        id(&office.post("/tasks", form).await.ok())
    }
}

/// Seats that are used and held.
pub(super) async fn seats(app: &TestApp, task: &str) -> (i32, i32) {
    let task: Uuid = task.parse().unwrap();
    let row = task::Entity::find_by_id(task).one(app.state.db.read()).await.unwrap().unwrap();
    (row.used, row.held)
}

/// Every file in the store, as text.
pub(super) fn files(app: &TestApp) -> String {
    let mut held = Vec::new();
    let store = app.state.settings.files.store.strip_prefix("file://").unwrap().to_owned();
    let mut folders = vec![std::path::PathBuf::from(store)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                held.push(format!("{}: {}", path.display(), lossy(&fs::read(&path).unwrap())));
            }
        }
    }
    held.join("\n")
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
