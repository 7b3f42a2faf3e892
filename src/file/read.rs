//! 看照片: by those who may, with headers that let a picture be a picture and nothing else.

use ::entity::file::Model;
use actix_web::{
    HttpResponse,
    http::header::{
        CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, ETAG, HeaderMap, IF_NONE_MATCH,
    },
};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

use crate::{
    kernel::Error,
    platform::{AppState, http::Problem, http::problem::NOT_FOUND},
};

use super::{
    links,
    model::{self, Sees, Size},
    store,
};

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FileQuery {
    /// `full` when absent.
    #[param(inline)]
    pub size: Option<Size>,
    /// From the link: until when it is good.
    pub until: Option<i64>,
    /// From the link: its signature.
    #[param(max_length = 64)]
    #[validate(length(max = 64))]
    pub sig: Option<String>,
}

/// A photo somebody may see.
#[derive(Debug)]
pub(super) struct Found {
    file: Model,
    size: Size,
    sees: Sees,
}

/// # Errors
/// `not_found` for what is not there and what the caller may not see alike.
pub(super) async fn find(
    state: &AppState,
    caller: Option<Uuid>,
    id: Uuid,
    query: &FileQuery,
) -> Result<Found, Problem> {
    let size = query.size.unwrap_or(Size::Full);
    let (file, uses) = store::find(state.db.read(), id).await?.ok_or(NOT_FOUND)?;
    let linked = match (query.until, &query.sig) {
        (Some(until), Some(sig)) => links::holds(state, id, size, until, sig),
        _ => false,
    };
    let sees = model::sees(&file, &uses, caller, linked).ok_or(NOT_FOUND)?;
    Ok(Found { file, size, sees })
}

/// The picture, or 304 where the client has it: the pixels behind an id never change.
///
/// # Errors
/// `not_found` where the file store has lost it; `overloaded` while it does not answer.
pub(super) async fn send(
    state: &AppState,
    found: &Found,
    headers: &HeaderMap,
) -> Result<HttpResponse, Problem> {
    let tag = format!("\"{}-{}\"", found.file.id.simple(), found.size.name());
    let cache = match found.sees {
        Sees::Everybody => "public, max-age=300",
        Sees::Them => "private, max-age=300",
    };
    let known = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let known = known.is_some_and(|known| known.split(',').any(|one| one.trim() == tag));
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, cache));
    if known {
        return Ok(response.finish());
    }
    let bytes = state.vault.get(&found.size.stored(&found.file.name)).await?;
    let bytes = bytes.ok_or_else(|| Error::impossible("find the picture of a photo"))?;
    Ok(response
        .content_type("image/jpeg")
        .insert_header((CONTENT_DISPOSITION, "inline"))
        .insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .body(bytes))
}
