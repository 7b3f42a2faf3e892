//! 口令: how staff prove who they are. Argon2id at rest; each wrong try makes the account wait longer.

use std::net::IpAddr;

use ::entity::credential::Entity;
use actix_web::web;
use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier},
};
use sea_orm::EntityTrait;

use crate::{
    kernel::Error,
    platform::{
        AppState,
        db::Step,
        http::{Problem, problem::TOO_FAST},
    },
};

use super::{
    WRONG_PASSWORD,
    session::{self, Life, Tokens},
    tries::{self, By},
};

/// Checked where the user name is unknown, so that both cases take the same time.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWF0LWFsbA$0Q2cGjTqDYfyBn0S3gwqDYaCPr0eBVUjtEZ1gMBLMxY";

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
            PasswordError::Wait(seconds) => Self::from(TOO_FAST)
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
    address: IpAddr,
    username: &str,
    password: String,
) -> Result<Tokens, PasswordError> {
    let username = username.trim().to_lowercase();
    let counted = [By::Name(&username), By::Address(address)];
    for by in counted {
        if let Some(seconds) = tries::wait_for(state, by).await? {
            return Err(PasswordError::Wait(seconds));
        }
    }
    let found = Entity::find_by_id(username.clone()).one(state.db.read()).await;
    let found = found.step("read the credential")?;
    let phc = found.as_ref().map_or_else(|| NOBODY.to_owned(), |found| found.password_hash.clone());
    let good = web::block(move || matches(&password, &phc))
        .await
        .map_err(|error| Error::broken("check a password", error))?;

    let tx = state.db.write().await?;
    // Always the name first, so that two sign-ins never wait for each other.
    let mut tried = Vec::new();
    for by in counted {
        let (row, wait) = tries::lock(&tx, state, by).await?;
        if let Some(seconds) = wait {
            return Err(PasswordError::Wait(seconds));
        }
        tried.push((by, row));
    }
    let outcome = match found.filter(|_| good) {
        Some(found) => Ok(session::open(&tx, state, found.person_id, Life::Desk).await?),
        None => Err(PasswordError::Wrong),
    };
    for (by, row) in tried {
        tries::count(&tx, state, by, row, outcome.is_ok()).await?;
    }
    tx.commit().await?;
    outcome
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
}
