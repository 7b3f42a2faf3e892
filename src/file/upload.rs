//! 上传照片: read within a limit, drawn anew, kept in two sizes.

use ::entity::file::{ActiveModel, Model};
use actix_multipart::{Field, Multipart};
use futures_util::TryStreamExt;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::{
    identity::{Resident, people},
    kernel::{Day, Error},
    platform::{AppState, crypto::sha256_b64, db::Step, http::Problem, http::problem::OVERLOADED},
};

use super::{
    DAILY_LIMIT, NOT_A_PHOTO, TOO_LARGE,
    model::Size,
    photo::{self, Drawn},
    store,
};

/// Uploads read at the same time in this process; each may hold as much memory as a photo may have bytes.
static DESK: Semaphore = Semaphore::const_new(32);
/// Photos drawn at the same time in this process: each takes memory for all its pixels.
static EASEL: Semaphore = Semaphore::const_new(2);

#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    #[error("no field called file")]
    NoFile,
    #[error("the body could not be read")]
    Unread,
    #[error("more bytes than a photo may have")]
    TooLarge,
    #[error("not a photo")]
    NotAPhoto,
    #[error("enough for one day")]
    DailyLimit,
    #[error("too many uploads at once")]
    Crowded,
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<UploadError> for Problem {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::NoFile => {
                Self::field("file", "required", "请选一张照片", "A field called file is required")
            }
            UploadError::Unread => {
                Self::field("body", "type", "照片没有收全，请再传一次", "The body is not complete")
            }
            UploadError::TooLarge => TOO_LARGE.into(),
            UploadError::NotAPhoto => NOT_A_PHOTO.into(),
            UploadError::DailyLimit => DAILY_LIMIT.into(),
            UploadError::Crowded => Self::from(OVERLOADED).retry_after(2),
            UploadError::Broken(error) => error.into(),
        }
    }
}

/// Takes a photo in.
///
/// # Errors
/// `NoFile`, `Unread`, `TooLarge`, `NotAPhoto` by what came; `DailyLimit` by what came before; `Crowded`.
pub(super) async fn upload(
    state: &AppState,
    me: &Resident,
    form: Multipart,
) -> Result<Model, UploadError> {
    check_day(state, me.id()).await?;
    let drawn = {
        let _seat = DESK.try_acquire().map_err(|_| UploadError::Crowded)?;
        let bytes = read(form, state.settings.files.max_bytes).await?;
        draw(state, bytes).await?
    };
    // The row stands first, not ready: should we stop here, `tidy` knows which pictures to take away.
    let file = enter(state, me.id(), &drawn).await?;
    for (size, bytes) in [(Size::Full, drawn.full), (Size::Thumb, drawn.thumb)] {
        state.vault.put(&size.stored(&file.name), bytes).await?;
    }
    let tx = state.db.write().await?;
    let mut row: ActiveModel = file.into();
    row.ready = Set(true);
    let file = row.update(&*tx).await.step("finish a photo")?;
    tx.commit().await?;
    Ok(file)
}

/// Before anything is read: whoever is over the limit need not send.
async fn check_day(state: &AppState, person: Uuid) -> Result<(), UploadError> {
    let since = Day::of(state.clock.now()).start();
    let so_far = store::uploaded_since(state.db.read(), person, since).await?;
    if so_far < state.settings.files.per_day { Ok(()) } else { Err(UploadError::DailyLimit) }
}

/// The bytes of the field called `file`; what is too much is thrown away as it comes.
async fn read(mut form: Multipart, most: usize) -> Result<Vec<u8>, UploadError> {
    while let Some(field) = form.try_next().await.map_err(|_| UploadError::Unread)? {
        if field.name() == Some("file") {
            return whole(field, most).await;
        }
    }
    Err(UploadError::NoFile)
}

/// Stops reading with the first byte that is too many.
async fn whole(mut field: Field, most: usize) -> Result<Vec<u8>, UploadError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.try_next().await.map_err(|_| UploadError::Unread)? {
        if bytes.len() + chunk.len() > most {
            return Err(UploadError::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

async fn draw(state: &AppState, bytes: Vec<u8>) -> Result<Drawn, UploadError> {
    let most = u64::from(state.settings.files.max_megapixels) * 1_000_000;
    let turn = EASEL.acquire().await.map_err(|closed| Error::broken("wait to draw", closed))?;
    let drawn = tokio::task::spawn_blocking(move || {
        // Held here: a caller who hangs up must not let one more in while this one still draws.
        let _turn = turn;
        photo::draw(&bytes, most)
    });
    let drawn = drawn.await.map_err(|panic| Error::broken("draw a photo", panic))?;
    drawn.ok_or(UploadError::NotAPhoto)
}

/// The row, with the day's limit asked again under the person's lock.
async fn enter(state: &AppState, person: Uuid, drawn: &Drawn) -> Result<Model, UploadError> {
    let now = state.clock.now();
    let tx = state.db.write().await?;
    people::lock(&tx, person).await?;
    if store::uploaded_since(&*tx, person, Day::of(now).start()).await?
        >= state.settings.files.per_day
    {
        return Err(UploadError::DailyLimit);
    }
    let number = |n: usize| Set(i32::try_from(n).unwrap_or(i32::MAX));
    let name = Uuid::from_bytes(state.rng.bytes()).simple().to_string();
    let row = ActiveModel {
        id: Set(state.rng.id(now)),
        person_id: Set(person),
        name: Set(name),
        width: number(drawn.width as usize),
        height: number(drawn.height as usize),
        bytes: number(drawn.full.len()),
        digest: Set(Some(state.crypto.blind_index("file.digest", &sha256_b64(&drawn.full)))),
        ready: Set(false),
        discarded_at: Set(None),
        created_at: Set(now),
    };
    let file = row.insert(&*tx).await.step("enter a photo")?;
    tx.commit().await?;
    Ok(file)
}
