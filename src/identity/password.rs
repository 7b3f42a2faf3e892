//! 口令: how staff prove who they are. Argon2id at rest; each wrong try makes the account wait longer.

use std::time::Duration;

use ::entity::credential::{ActiveModel, Entity};
use actix_web::web;
use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QuerySelect, sea_query::LockType};

use crate::{
    kernel::Error,
    platform::{AppState, db::Step, http::Problem},
};

use super::{
    TOO_MANY_TRIES, WRONG_PASSWORD,
    session::{self, Life, Tokens},
};

/// Checked where the user name is unknown, so that both cases take the same time.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWF0LWFsbA$0Q2cGjTqDYfyBn0S3gwqDYaCPr0eBVUjtEZ1gMBLMxY";
/// Free tries before waiting begins.
const FREE_TRIES: i32 = 3;

#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    #[error("wrong user name or password")]
    Wrong,
    #[error("wait {0} seconds")]
    Wait(u32),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<PasswordError> for Problem {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Wrong => WRONG_PASSWORD.into(),
            PasswordError::Wait(seconds) => Self::from(TOO_MANY_TRIES)
                .say(
                    format!("密码错了太多次，请 {seconds} 秒后再试"),
                    format!("Too many wrong passwords, wait {seconds} seconds"),
                )
                .retry_after(seconds),
            PasswordError::Broken(error) => error.into(),
        }
    }
}

/// The PHC string of a password. Takes tens of milliseconds on purpose: call it off the async threads.
pub fn hash(password: &str) -> Result<String, Error> {
    let hashed = Argon2::default().hash_password(password.as_bytes());
    hashed
        .map(|hash| hash.to_string())
        .map_err(|error| Error::broken("hash a password", anyhow::anyhow!("{error}")))
}

fn matches(password: &str, phc: &str) -> bool {
    Argon2::default().verify_password(password.as_bytes(), phc).is_ok()
}

/// Signs a member of staff in.
///
/// # Errors
/// `Wrong` without saying which of the two; `Wait` when tries come too fast.
pub async fn sign_in(
    state: &AppState,
    username: &str,
    password: String,
) -> Result<Tokens, PasswordError> {
    let username = username.trim().to_lowercase();
    let found = Entity::find_by_id(username.clone()).one(state.db.read()).await;
    let found = found.step("read the credential")?;
    let now = state.clock.now();
    if let Some(until) = found.as_ref().and_then(|found| found.locked_until).filter(|u| *u > now) {
        let seconds = (until.ms() - now.ms()).div_euclid(1000) + 1;
        return Err(PasswordError::Wait(u32::try_from(seconds).unwrap_or(u32::MAX)));
    }
    let phc = found.as_ref().map_or_else(|| NOBODY.to_owned(), |found| found.password_hash.clone());
    let good = web::block(move || matches(&password, &phc))
        .await
        .map_err(|error| Error::broken("check a password", error))?;

    let tx = state.db.write().await?;
    let row = Entity::find_by_id(username.clone()).lock(LockType::NoKeyUpdate).one(&*tx).await;
    let Some(row) = row.step("lock the credential")? else { return Err(PasswordError::Wrong) };
    let failures = if good { 0 } else { row.failures.saturating_add(1) };
    let change = ActiveModel {
        username: Set(username),
        failures: Set(failures),
        locked_until: Set(wait(failures).map(|wait| now.plus(wait))),
        updated_at: Set(now),
        ..Default::default()
    };
    change.update(&*tx).await.step("count the try")?;
    let outcome = if good {
        Ok(session::open(&tx, state, row.person_id, Life::Desk).await?)
    } else {
        Err(PasswordError::Wrong)
    };
    tx.commit().await?;
    outcome
}

/// How long after that many failures in a row: 2, 4, 8 … seconds, at most a quarter of an hour.
fn wait(failures: i32) -> Option<Duration> {
    let over = u32::try_from(failures - FREE_TRIES).ok().filter(|over| *over > 0)?;
    Some(Duration::from_secs(2u64.saturating_pow(over).min(900)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_matches_its_own_hash_alone() {
        let phc = hash("邻里-2026").unwrap();
        assert!(phc.starts_with("$argon2id$"));
        assert!(matches("邻里-2026", &phc) && !matches("邻里-2025", &phc));
        assert!(!matches("anything", NOBODY));
    }

    #[test]
    fn waiting_grows_and_ends_at_a_quarter_of_an_hour() {
        assert_eq!(wait(3), None);
        assert_eq!(wait(4), Some(Duration::from_secs(2)));
        assert_eq!(wait(6), Some(Duration::from_secs(8)));
        assert_eq!(wait(1000), Some(Duration::from_secs(900)));
    }
}
