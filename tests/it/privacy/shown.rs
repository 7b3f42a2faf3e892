//! 柳青青 in front of everybody: points of every kind on her account, and a story with her name and her photo.

use serde_json::json;

use super::{Liu, busy};
use crate::helpers::{Expect, TestApp, WENHUA, id, photo};

/// Typed about her into the story, and into what was said on its way.
pub(super) const CANARIES: [&str; 2] = ["青姐带着大家", "退回里的翠鸟"];

/// A published story.
pub(super) struct Shown {
    pub story: String,
}

/// 文化社区 counts points for serving, and for a story.
pub(super) async fn points_count(app: &TestApp, org: &str) {
    let office = app.office().await;
    office.put(&format!("/orgs/{org}/settings"), json!({"points_enabled": true})).await.ok();
    let rules = json!({"rules": [
        {"kind": "base", "trigger": "service_hour", "amount": 2},
        {"kind": "base", "trigger": "task_confirmed", "amount": 3},
        {"kind": "pioneer", "trigger": "story", "amount": 4},
    ]});
    office.put(&format!("/orgs/{org}/points-rules"), rules).await.ok();
}

impl Liu {
    /// Points given and taken by two people, and a story of the task she served in; after `lives`.
    pub(super) async fn is_shown(&self) -> Shown {
        let app = &self.app;
        let (her, office) = (self.herself().await, app.office().await);
        let second = app.staff("wenhua2").await;
        let org = app.org_id(WENHUA).await;
        for (kind, amount) in [("pioneer", 7), ("deduction", 2)] {
            let why =
                json!({"user_id": her.id, "kind": kind, "amount": amount, "reason": "两人商定"});
            let points = id(&office.post(&format!("/orgs/{org}/points"), why).await.ok());
            second.does(&format!("/points/{points}/approve")).await.ok();
        }
        let earned = her.get("/me/points").await.ok();
        assert_eq!(earned["total"], 2 * 2 + 3 + 7 - 2, "hours, the task, a gift, a deduction");

        let own = office.uploads(&photo()).await;
        let form = json!({"title": "柳青青带队巡查", "words": format!("{}，桃李不言。", CANARIES[0]),
            "photo_ids": [own], "shown": [her.id], "resident_consents": true});
        let story = id(&office.post(&format!("/tasks/{}/story", self.served), form).await.ok());
        let path = format!("/stories/{story}");
        office.does(&format!("{path}/submit")).await.ok();
        let reason = json!({"reason": format!("柳青青那张要裁一下，{}", CANARIES[1])});
        second.post(&format!("{path}/reject"), reason).await.ok();
        office.does(&format!("{path}/submit")).await.ok();
        her.post(&format!("{path}/consent"), json!({"answer": "yes"})).await.ok();
        second.does(&format!("{path}/approve")).await.ok();
        let page = app.get(&format!("/s/{story}")).await;
        assert!(page.status == 200 && page.text.contains(CANARIES[0]), "{page:?}");
        assert_eq!(
            app.get(&format!("/api/v1/files/{own}")).await.status,
            200,
            "everybody sees her"
        );
        app.settle().await;
        let told = office.get("/inbox").await.ok().to_string();
        assert!(told.contains("柳青青带队巡查"), "{told}");
        Shown { story }
    }

    /// The story after she has left: nobody sees it, and who reviews it again finds neither her name nor a photo.
    pub(super) async fn is_shown_no_longer(&self, shown: &Shown) {
        let app = &self.app;
        let path = format!("/stories/{}", shown.story);
        assert_eq!(app.get(&format!("/s/{}", shown.story)).await.status, 404);
        app.get(&format!("/api/v1{path}")).await.refused(404, "not_found");
        let seen = app.office().await.get(&path).await.ok();
        assert_eq!(seen["title"], "一位邻居带队巡查");
        assert_eq!((&seen["state"], &seen["photos"]), (&json!("pending_review"), &json!([])));
        app.clock.advance(std::time::Duration::from_secs(25 * 3600));
        linli::file::tidy(&app.state).await.unwrap();
        assert_eq!(busy::files(app), "", "the pictures are gone too");
    }
}
