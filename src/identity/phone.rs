//! 绑定手机号: a phone verified by WeChat. If the roster already knows the number, the roster's row becomes the
//! account; nothing else is ever merged.

use ::entity::{claim, membership, person, request, role_grant, session, wechat_identity};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait,
    PaginatorTrait, QueryFilter, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    kernel::Error,
    platform::{
        AppState,
        db::{Step, is_duplicate},
        http::Problem,
        wechat::WechatError,
    },
};

use super::{PHONE_TAKEN, login::phone_problem, people};

#[derive(Debug, thiserror::Error)]
pub enum PhoneError {
    #[error("the number belongs to another account")]
    Taken,
    #[error(transparent)]
    Wechat(#[from] WechatError),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<PhoneError> for Problem {
    fn from(error: PhoneError) -> Self {
        match error {
            PhoneError::Taken => PHONE_TAKEN.into(),
            PhoneError::Wechat(error) => phone_problem(&error),
            PhoneError::Broken(error) => error.into(),
        }
    }
}

/// What binding led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The number is now on this account.
    Here,
    /// The roster knew the number: the sign-in now opens that person, and the client signs in again.
    ToRoster(Uuid),
}

/// Binds the phone behind the code of the phone button.
///
/// # Errors
/// `Taken` when the number belongs to an account in use, or this account already has a history of its own.
pub async fn bind(state: &AppState, me: Uuid, code: &str) -> Result<Bound, PhoneError> {
    let phone = state.wechat.phone(code).await?;
    let tx = state.db.write().await?;
    let owner = people::by_phone(&*tx, state, phone.as_str()).await?;
    let bound = match owner {
        Some(owner) if owner.id == me => Bound::Here,
        Some(owner) => {
            if has_wechat(&tx, owner.id).await? || has_history(&tx, me).await? {
                return Err(PhoneError::Taken);
            }
            move_sign_in(&tx, state, me, owner.id).await?;
            Bound::ToRoster(owner.id)
        }
        None => {
            let row = person::ActiveModel {
                id: Set(me),
                phone: Set(Some(state.crypto.seal("person.phone", me, phone.as_str()))),
                phone_index: Set(Some(people::phone_index(state, phone.as_str()))),
                updated_at: Set(state.clock.now()),
                ..Default::default()
            };
            match row.update(&*tx).await {
                // Somebody else bound it in the same moment.
                Err(error) if is_duplicate(&error) => return Err(PhoneError::Taken),
                other => other.step("bind the phone")?,
            };
            Bound::Here
        }
    };
    tx.commit().await?;
    Ok(bound)
}

async fn has_wechat(tx: &DatabaseTransaction, person: Uuid) -> Result<bool, Error> {
    let identities = wechat_identity::Entity::find()
        .filter(wechat_identity::Column::PersonId.eq(person))
        .count(tx)
        .await
        .step("look for a sign-in")?;
    Ok(identities > 0)
}

/// Whether an account has done anything that would be lost by leaving it.
async fn has_history(tx: &DatabaseTransaction, person: Uuid) -> Result<bool, Error> {
    let (requests, claims, places, roles) = (
        request::Entity::find().filter(request::Column::RequesterId.eq(person)).count(tx).await,
        claim::Entity::find().filter(claim::Column::PersonId.eq(person)).count(tx).await,
        membership::Entity::find().filter(membership::Column::PersonId.eq(person)).count(tx).await,
        role_grant::Entity::find().filter(role_grant::Column::PersonId.eq(person)).count(tx).await,
    );
    let found = requests.step("count requests")? + claims.step("count claims")?;
    let held = places.step("count places")? + roles.step("count roles")?;
    Ok(found + held > 0)
}

async fn move_sign_in(
    tx: &DatabaseTransaction,
    state: &AppState,
    from: Uuid,
    to: Uuid,
) -> Result<(), Error> {
    wechat_identity::Entity::update_many()
        .col_expr(wechat_identity::Column::PersonId, Expr::value(to))
        .filter(wechat_identity::Column::PersonId.eq(from))
        .exec(tx)
        .await
        .step("move the sign-in")?;
    session::Entity::update_many()
        .col_expr(session::Column::RevokedAt, Expr::value(state.clock.now().ms()))
        .filter(session::Column::PersonId.eq(from))
        .exec(tx)
        .await
        .step("end the old sessions")?;
    Ok(())
}
