//! Photos: what goes in, who sees them, what becomes of those nobody uses, and the bucket they may rest in.

mod attached;
mod bucket;
mod seen;
mod taken;

use linli::stage::Reply;

use crate::helpers::TestApp;

/// What is behind a link of a view, for whoever has the link.
async fn behind(app: &TestApp, link: &serde_json::Value) -> Reply {
    app.get(link.as_str().unwrap()).await
}
