//! What checks find, and which pages there are.

use std::iter::repeat_n;

use actix_web::web::{Data, Json, ServiceConfig, post};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{controls::Controls, media_check::MediaVerdict, text_check::Word};

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .route("/words", post().to(word))
        .route("/media-verdicts", post().to(media))
        .route("/pages", post().to(page));
}

#[derive(Deserialize)]
struct Verdicts {
    times: usize,
    #[serde(flatten)]
    verdict: MediaVerdict,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    page: String,
    released: bool,
}

async fn word(controls: Data<Controls>, Json(word): Json<Word>) -> Json<Value> {
    controls.add_word(word);
    Json(json!({}))
}

async fn media(controls: Data<Controls>, verdicts: Json<Verdicts>) -> Json<Value> {
    controls.media_verdicts(repeat_n(verdicts.verdict, verdicts.times));
    Json(json!({}))
}

async fn page(controls: Data<Controls>, page: Json<Page>) -> Json<Value> {
    controls.release(&page.page, page.released);
    Json(json!({}))
}

#[cfg(test)]
mod tests {
    use crate::testing::{self, controls};

    use super::*;

    #[actix_web::test]
    async fn words_verdicts_and_pages_can_be_said_before() {
        let controls = controls();
        let before = controls.with(|world, _| world.words.len());
        for (path, body) in [
            ("/__fake/words", json!({ "word": "x", "suggest": "review", "label": 21000 })),
            ("/__fake/media-verdicts", json!({ "times": 2, "suggest": "risky", "label": 20002 })),
            ("/__fake/pages", json!({ "page": "pages/new/index", "released": false })),
        ] {
            assert_eq!(testing::post(&controls, path, body).await.status, 200, "{path}");
        }
        controls.with(|world, _| {
            assert_eq!(world.words.len(), before + 1);
            assert_eq!((world.media_verdicts.len(), world.media_verdicts[1].copies), (2, 1));
            assert!(!world.pages.released("pages/new/index"));
        });
    }
}
