//! 小程序码 for posters: fetched once for a task and a code, kept in the file store, and left out where WeChat has none
//! for us: then the poster carries an ordinary QR that says the same.

use ::entity::task;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};

use crate::platform::{AppState, wechat::UnlimitedCode};

/// Pixels; the poster prints it at that size or a little larger.
const WIDTH: u32 = 860;

/// What the mini program is opened with: the task's id (22 signs) and the check-in code (8). The code is what counts: it
/// is random, can be renewed, and is worth nothing outside the task's window or without a claim.
fn scene(task: &task::Model) -> String {
    format!("{}{}", B64.encode(task.id.as_bytes()), task.check_in_code)
}

/// The picture of a task's code; None: this installation has none, or WeChat gives none now.
pub(super) async fn picture(state: &AppState, task: &task::Model) -> Option<Vec<u8>> {
    let page = state.settings.wechat.poster_page.as_str();
    if page.is_empty() {
        return None;
    }
    let scene = scene(task);
    // One for each task: a renewed code takes the place of the old one.
    let name = format!("codes/{}", task.id.simple());
    let head = format!("{page}\n{scene}\n").into_bytes();
    match state.vault.get(&name).await {
        Ok(Some(kept)) if kept.starts_with(&head) => return Some(kept[head.len()..].to_vec()),
        Ok(_) => {}
        Err(error) => tracing::warn!(task.id = %task.id, %error, "a kept code cannot be read"),
    }
    let code = UnlimitedCode { scene: &scene, page: Some(page), width: WIDTH };
    match state.wechat.unlimited_code(code).await {
        Ok(picture) => {
            let kept = [head, picture.clone()].concat();
            if let Err(error) = state.vault.put(&name, kept).await {
                tracing::warn!(task.id = %task.id, %error, "a code cannot be kept");
            }
            Some(picture)
        }
        Err(error) => {
            let class = error.class().name();
            tracing::warn!(task.id = %task.id, class, "the poster gets an ordinary code: {error}");
            None
        }
    }
}
