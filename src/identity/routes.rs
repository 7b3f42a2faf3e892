//! Signing in and one's own profile, over HTTP.

use actix_web::{
    HttpRequest, HttpResponse, delete, get, post, put,
    web::{Data, Json, Path},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::platform::{
    AppState,
    http::{
        Answer, Input, Problem, RetryKey, address,
        idempotency::create,
        input::readable,
        problem::{NOT_FOUND, RELOGIN, Refusals},
    },
};

use super::{
    Resident,
    consents::{self, ConsentView, Purpose},
    login,
    me::{self, ProfileChange, UserView},
    password,
    phone::{self, Bound},
    session::{self, Tokens},
};

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// One-time code from `wx.login` or the phone button.
    #[schema(min_length = 1, max_length = 200)]
    #[validate(length(min = 1, max = 200))]
    code: String,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Password {
    #[schema(min_length = 1, max_length = 64)]
    #[validate(length(min = 1, max = 64), custom(function = readable))]
    username: String,
    #[schema(min_length = 1, max_length = 200)]
    #[validate(length(min = 1, max = 200))]
    password: String,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    #[schema(min_length = 1, max_length = 200)]
    #[validate(length(min = 1, max = 200))]
    refresh_token: String,
}

#[derive(Serialize, ToSchema)]
pub struct SignedIn {
    access_token: String,
    refresh_token: String,
    /// Life of the access token, seconds.
    expires_in: u64,
    user: UserView,
}

#[derive(Serialize, ToSchema)]
pub struct PhoneBound {
    /// The roster knew this number: sign in again to be that person.
    relogin: bool,
    user: UserView,
}

async fn signed_in(state: &AppState, tokens: Tokens) -> Result<Json<SignedIn>, Problem> {
    let user = me::profile(state, tokens.person_id).await?;
    Ok(Json(SignedIn {
        access_token: tokens.access,
        refresh_token: tokens.refresh,
        expires_in: tokens.expires_in,
        user,
    }))
}

/// 微信登录：用 wx.login 的 code 换令牌
#[utoipa::path(tag = "身份", security(()), request_body = Code, responses((status = 200, body = SignedIn), Refusals))]
#[post("/auth/wechat")]
async fn with_wechat(state: Data<AppState>, input: Input<Code>) -> Result<Json<SignedIn>, Problem> {
    let tokens = login::with_wechat(&state, &input.value.code).await?;
    signed_in(&state, tokens).await
}

/// 工作人员用户名密码登录
#[utoipa::path(tag = "身份", security(()), request_body = Password, responses((status = 200, body = SignedIn), Refusals))]
#[post("/auth/password")]
async fn with_password(
    state: Data<AppState>,
    http: HttpRequest,
    input: Input<Password>,
) -> Result<Json<SignedIn>, Problem> {
    let Password { username, password } = input.value;
    let from = address::of_request(&http, &state.limits.trusted);
    let tokens = password::sign_in(&state, from, &username, password).await?;
    signed_in(&state, tokens).await
}

/// 刷新令牌；回包丢失时用同一令牌再来一次，得到同样的结果
#[utoipa::path(tag = "身份", security(()), request_body = Refresh, responses((status = 200, body = SignedIn), Refusals))]
#[post("/auth/refresh")]
async fn refresh(state: Data<AppState>, input: Input<Refresh>) -> Result<Json<SignedIn>, Problem> {
    let tx = state.db.write().await?;
    let tokens = session::renew(&tx, &state, &input.value.refresh_token).await?;
    tx.commit().await?;
    signed_in(&state, tokens.ok_or(RELOGIN)?).await
}

/// 退出登录
#[utoipa::path(tag = "身份", security(("bearer" = [])), responses((status = 204), Refusals))]
#[post("/auth/logout")]
async fn logout(state: Data<AppState>, me: Resident) -> Result<HttpResponse, Problem> {
    let tx = state.db.write().await?;
    session::end(&tx, &state, me.caller().session_id).await?;
    tx.commit().await?;
    Ok(HttpResponse::NoContent().finish())
}

/// 我的资料
#[utoipa::path(tag = "我的", security(("bearer" = [])), responses((status = 200, body = UserView), Refusals))]
#[get("/me")]
async fn profile(state: Data<AppState>, me: Resident) -> Result<Json<UserView>, Problem> {
    Ok(Json(me::profile(&state, me.id()).await?))
}

/// 修改我的资料；没写的字段不变
#[utoipa::path(tag = "我的", security(("bearer" = [])), request_body = ProfileChange, responses((status = 200, body = UserView), Refusals))]
#[put("/me")]
async fn change_profile(
    state: Data<AppState>,
    me: Resident,
    input: Input<ProfileChange>,
) -> Result<Json<UserView>, Problem> {
    Ok(Json(me::change(&state, me.id(), input.value).await?))
}

/// 绑定手机号：用手机号按钮的 code
#[utoipa::path(tag = "我的", security(("bearer" = [])), request_body = Code, responses((status = 200, body = PhoneBound), Refusals))]
#[post("/me/phone")]
async fn bind_phone(
    state: Data<AppState>,
    me: Resident,
    input: Input<Code>,
) -> Result<Json<PhoneBound>, Problem> {
    let bound = phone::bind(&state, me.id(), &input.value.code).await?;
    let (relogin, person) = match bound {
        Bound::Here => (false, me.id()),
        Bound::ToRoster(person) => (true, person),
    };
    Ok(Json(PhoneBound { relogin, user: me::profile(&state, person).await? }))
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentForm {
    purpose: Purpose,
    /// The version of the words that were shown.
    #[validate(length(min = 1, max = 20))]
    #[schema(min_length = 1, max_length = 20)]
    version: String,
}

/// 我的各项同意，附上现在的内容和版本
#[utoipa::path(tag = "我的", security(("bearer" = [])), responses((status = 200, body = Vec<ConsentView>), Refusals))]
#[get("/me/consents")]
async fn my_consents(
    state: Data<AppState>,
    me: Resident,
) -> Result<Json<Vec<ConsentView>>, Problem> {
    Ok(Json(consents::all(state.db.read(), me.id()).await?))
}

/// 同意一项；内容更新以后要重新同意
#[utoipa::path(tag = "我的", security(("bearer" = [])), request_body = ConsentForm, responses((status = 201, body = ConsentView), Refusals))]
#[post("/me/consents")]
async fn give_consent(
    state: Data<AppState>,
    me: Resident,
    key: RetryKey,
    input: Input<ConsentForm>,
) -> Result<Answer, Problem> {
    let Input { value, hash } = input;
    let said = (value.purpose, value.version.as_str());
    let work = async |tx: &_| consents::give(tx, &state, &me, said).await;
    create(&state, me.id(), &key, &hash, work).await
}

/// 撤回一项同意
#[utoipa::path(tag = "我的", security(("bearer" = [])), params(("purpose" = Purpose, Path)), responses((status = 204), Refusals))]
#[delete("/me/consents/{purpose}")]
async fn withdraw_consent(
    state: Data<AppState>,
    me: Resident,
    purpose: Path<String>,
) -> Result<HttpResponse, Problem> {
    let purpose = Purpose::named(&purpose).ok_or(NOT_FOUND)?;
    consents::withdraw(&state, me.id(), purpose).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub fn configure(routes: &mut ServiceConfig) {
    routes
        .service(with_wechat)
        .service(with_password)
        .service(refresh)
        .service(logout)
        .service(profile)
        .service(change_profile)
        .service(bind_phone)
        .service(my_consents)
        .service(give_consent)
        .service(withdraw_consent);
}
