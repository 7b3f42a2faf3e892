//! All that the page shows, at once.

use actix_web::web::{Data, Json};
use serde_json::{Value, json};

use crate::{
    controls::{Controls, subscriptions::on_phone},
    templates::TEMPLATES,
    world::{User, World},
};

/// A load test logs in thousands; a person looks at a few.
const PHONES: usize = 50;
const MESSAGES: usize = 20;
const PUSHES: usize = 30;

pub(super) async fn show(controls: Data<Controls>) -> Json<Value> {
    let pushes = controls.pushes();
    let recent: Vec<_> = pushes.iter().rev().take(PUSHES).collect();
    let moved_s = controls.clock().moved().as_secs();
    let templates: Vec<_> = TEMPLATES.iter().map(|template| template.title).collect();
    Json(controls.with(|world, now_ms| {
        json!({
            "app_id": world.app.id,
            "now_ms": now_ms,
            "moved_seconds": moved_s,
            "people": world.users.len(),
            "phones": phones(world),
            "templates": templates,
            "calls": world.calls,
            "recent": world.recent,
            "faults": world.faults.values().map(|queue| queue.len()).sum::<usize>(),
            "push_url": world.pushes.target.as_ref().map(|target| &target.url),
            "pushes": recent,
            "told": pushes.len(),
        })
    }))
}

/// Whoever logged in last comes first.
fn phones(world: &World) -> Vec<Value> {
    let mut users: Vec<_> = world.users.iter().collect();
    users.sort_by_key(|(_, user)| std::cmp::Reverse(user.last_ms));
    users.into_iter().take(PHONES).map(|(openid, user)| phone(world, openid, user)).collect()
}

fn phone(world: &World, openid: &str, user: &User) -> Value {
    let mut messages: Vec<_> = on_phone(world, openid).collect();
    messages.reverse();
    messages.truncate(MESSAGES);
    let prompts = world.prompts.values().filter(|prompt| prompt.openid == openid);
    let prompts = prompts.map(|prompt| {
        let asked = TEMPLATES.iter().filter(|template| prompt.templates.contains(&template.id));
        let asked: Vec<_> = asked.map(|template| template.title).collect();
        json!({ "id": prompt.id, "templates": asked })
    });
    let held = TEMPLATES.iter().map(|one| (one.title, world.grants.balance(openid, &one.id)));
    let held = held.filter(|(_, balance)| *balance > 0);
    let held = held.map(|(title, balance)| json!({ "title": title, "balance": balance }));
    json!({
        "name": user.name,
        "openid": openid,
        "logins": user.logins,
        "last_ms": user.last_ms,
        "blocked": world.blocked.contains(openid),
        "off": world.grants.is_off(openid),
        "prompts": prompts.collect::<Vec<_>>(),
        "grants": held.collect::<Vec<_>>(),
        "messages": messages,
    })
}
