//! Political birthdays over HTTP.

use actix_web::{
    HttpResponse, delete, get, post, put,
    web::{Data, Json, Path},
};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::{
    identity::{PartyKeeper, Resident},
    platform::{
        AppState,
        http::{
            Answer, Id, Input, Params, Problem, RetryKey, idempotency::create, problem::Refusals,
        },
    },
};

use super::{
    choice::{self, BirthdayChoice, MyBirthday},
    comrades,
    list::{self, BirthdayQuery, Birthdays},
    template::{self, WishTemplate, WishTemplateForm},
    view::{ComradeBirthday, WishView},
    wish::{self, WishForm},
};

/// 我的政治生日：下一次是哪天、多少周年，收到的寄语
#[utoipa::path(tag = "政治生日", security(("bearer" = [])), responses((status = 200, body = MyBirthday), Refusals))]
#[get("/me/birthday")]
async fn my_birthday(state: Data<AppState>, me: Resident) -> Result<Json<MyBirthday>, Problem> {
    Ok(Json(choice::view(&state, &me).await?))
}

/// 要不要祝福、要不要告诉支部的同志；要祝福就是同意这样使用日期，不要就是撤回
#[utoipa::path(tag = "政治生日", security(("bearer" = [])), request_body = BirthdayChoice, responses((status = 200, body = MyBirthday), Refusals))]
#[put("/me/birthday")]
async fn choose_birthday(
    state: Data<AppState>,
    me: Resident,
    input: Input<BirthdayChoice>,
) -> Result<Json<MyBirthday>, Problem> {
    Ok(Json(choice::change(&state, &me, input.value).await?))
}

/// 本支部三十天内过政治生日、并且愿意让同志们知道的人
#[utoipa::path(tag = "政治生日", security(("bearer" = [])), responses((status = 200, body = Vec<ComradeBirthday>), Refusals))]
#[get("/birthdays")]
async fn comrades_birthdays(
    state: Data<AppState>,
    me: Resident,
) -> Result<Json<Vec<ComradeBirthday>>, Problem> {
    Ok(Json(comrades::coming_up(&state, &me).await?))
}

/// 给本支部的同志写寄语：支部允许、对方愿意让同志们知道才能写；再写一次就是替换
#[utoipa::path(tag = "政治生日", security(("bearer" = [])), params(("id" = Uuid, Path)), request_body = WishForm, responses((status = 201, body = WishView), Refusals))]
#[post("/birthdays/{id}/wishes")]
async fn wish_comrade(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    key: RetryKey,
    input: Input<WishForm>,
) -> Result<Answer, Problem> {
    let Input { value, hash } = input;
    let checked = wish::check(&state, me.id(), &value).await?;
    let work = async |tx: &_| wish::of_comrade(tx, &state, &me, id.0, value, checked).await;
    create(&state, me.id(), &key, &hash, work).await
}

/// 书记让一条微信拿不准的寄语通过；不能审核自己写的。写入审计
#[utoipa::path(tag = "政治生日", security(("bearer" = ["secretary", "leader"])), params(("id" = Uuid, Path)), responses((status = 200, body = WishView), Refusals))]
#[post("/birthday-wishes/{id}/pass")]
async fn pass_wish(
    state: Data<AppState>,
    keeper: PartyKeeper,
    id: Id,
) -> Result<Json<WishView>, Problem> {
    Ok(Json(wish::pass(&state, &keeper, id.0).await?))
}

/// 撤下寄语：自己写的，或者书记撤下本支部的
#[utoipa::path(tag = "政治生日", security(("bearer" = [])), params(("id" = Uuid, Path)), responses((status = 204), Refusals))]
#[delete("/birthday-wishes/{id}")]
async fn remove_wish(state: Data<AppState>, me: Resident, id: Id) -> Result<HttpResponse, Problem> {
    wish::remove(&state, &me, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// 一个月或一个季度的政治生日名单；每次查看都记入审计
#[utoipa::path(tag = "政治生日", security(("bearer" = ["secretary", "leader"])), params(("id" = Uuid, Path), BirthdayQuery), responses((status = 200, body = Birthdays), Refusals))]
#[get("/orgs/{id}/birthdays")]
async fn list_birthdays(
    state: Data<AppState>,
    keeper: PartyKeeper,
    id: Id,
    query: Params<BirthdayQuery>,
) -> Result<Json<Birthdays>, Problem> {
    Ok(Json(list::list(&state, &keeper, id.0, &query.0).await?))
}

/// 给下一次政治生日写好的寄语；每次查看都记入审计
#[utoipa::path(tag = "政治生日", security(("bearer" = ["secretary", "leader"])), params(("id" = Uuid, Path), ("person_id" = Uuid, Path)), responses((status = 200, body = Vec<WishView>), Refusals))]
#[get("/orgs/{id}/birthdays/{person_id}/wishes")]
async fn list_wishes(
    state: Data<AppState>,
    keeper: PartyKeeper,
    ids: Path<(Uuid, Uuid)>,
) -> Result<Json<Vec<WishView>>, Problem> {
    let (org_id, person_id) = ids.into_inner();
    Ok(Json(wish::for_next(&state, &keeper, org_id, person_id).await?))
}

/// 以支部名义送寄语，当天和祝福一起送到；再写一次就是替换
#[utoipa::path(tag = "政治生日", security(("bearer" = ["secretary", "leader"])), params(("id" = Uuid, Path), ("person_id" = Uuid, Path)), request_body = WishForm, responses((status = 201, body = WishView), Refusals))]
#[post("/orgs/{id}/birthdays/{person_id}/wishes")]
async fn wish_in_name_of_branch(
    state: Data<AppState>,
    keeper: PartyKeeper,
    ids: Path<(Uuid, Uuid)>,
    key: RetryKey,
    input: Input<WishForm>,
) -> Result<Answer, Problem> {
    let (Input { value, hash }, ids) = (input, ids.into_inner());
    wish::check(&state, keeper.id(), &value).await?;
    let work = async |tx: &_| wish::of_branch(tx, &state, &keeper, ids, value).await;
    create(&state, keeper.id(), &key, &hash, work).await
}

/// 寄语模板：通用的、上级的、本组织的
#[utoipa::path(tag = "政治生日", security(("bearer" = ["secretary", "leader"])), params(("id" = Uuid, Path)), responses((status = 200, body = Vec<WishTemplate>), Refusals))]
#[get("/orgs/{id}/wish-templates")]
async fn list_wish_templates(
    state: Data<AppState>,
    keeper: PartyKeeper,
    id: Id,
) -> Result<Json<Vec<WishTemplate>>, Problem> {
    Ok(Json(template::list(&state, &keeper, id.0).await?))
}

/// 添加一条寄语模板
#[utoipa::path(tag = "政治生日", security(("bearer" = ["secretary", "leader"])), params(("id" = Uuid, Path)), request_body = WishTemplateForm, responses((status = 201, body = WishTemplate), Refusals))]
#[post("/orgs/{id}/wish-templates")]
async fn add_wish_template(
    state: Data<AppState>,
    keeper: PartyKeeper,
    id: Id,
    key: RetryKey,
    input: Input<WishTemplateForm>,
) -> Result<Answer, Problem> {
    let Input { value, hash } = input;
    let work = async |tx: &_| template::add(tx, &state, &keeper, id.0, value).await;
    create(&state, keeper.id(), &key, &hash, work).await
}

/// 删掉一条寄语模板
#[utoipa::path(tag = "政治生日", security(("bearer" = ["secretary", "leader"])), params(("id" = Uuid, Path)), responses((status = 204), Refusals))]
#[delete("/wish-templates/{id}")]
async fn remove_wish_template(
    state: Data<AppState>,
    keeper: PartyKeeper,
    id: Id,
) -> Result<HttpResponse, Problem> {
    template::remove(&state, &keeper, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub fn configure(routes: &mut ServiceConfig) {
    routes
        .service(my_birthday)
        .service(choose_birthday)
        .service(comrades_birthdays)
        .service(wish_comrade)
        .service(pass_wish)
        .service(remove_wish)
        .service(list_birthdays)
        .service(list_wishes)
        .service(wish_in_name_of_branch)
        .service(list_wish_templates)
        .service(add_wish_template)
        .service(remove_wish_template);
}
