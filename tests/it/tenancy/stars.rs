//! 李建国's stars of three half years: one to appeal, two appealed.

use ::entity::star_rating;
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::json;

use super::world::Ours;
use crate::helpers::{Expect, id};

/// Folder, name and id of each row.
pub async fn rated(ours: &Ours) -> Vec<(&'static str, &'static str, String)> {
    let (state, li) = (&ours.app.state, ours.who("李建国"));
    let now = state.clock.now();
    let mut rows = Vec::new();
    for (name, period) in [("rated", "2026-H1"), ("asked", "2025-H2"), ("asked too", "2025-H1")] {
        let rating = state.rng.id(now);
        let row = star_rating::ActiveModel {
            id: Set(rating),
            org_id: Set(ours.row("orgs", "community").parse().unwrap()),
            person_id: Set(li.id),
            period: Set(period.to_owned()),
            points: Set(31),
            stars: Set(2),
            rated_at: Set(now),
        };
        star_rating::Entity::insert(row)
            .exec_without_returning(state.db.read())
            .await
            .expect("rate");
        if name == "rated" {
            rows.push(("stars", name, rating.to_string()));
        } else {
            let reason = json!({"reason": "漏了一次夜间值守"});
            let path = format!("/stars/{rating}/appeal");
            rows.push(("star-appeals", name, id(&li.post(&path, reason).await.ok())));
        }
    }
    rows
}
