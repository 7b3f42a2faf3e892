//! Waiting, offers, assigning, handing over and saying again that one comes, over HTTP.

use actix_web::{
    HttpResponse, delete, get, post,
    web::{Data, Json},
};
use entity::At;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

use crate::{
    dispatch::{See, TaskView},
    identity::{Dispatcher, Resident},
    platform::{
        AppState, Tx,
        crypto::sha256_b64,
        http::{
            Answer, Id, Input, Page, PageQuery, Params, Problem, RetryKey, idempotency,
            input::readable, problem::Refusals,
        },
    },
    request::PersonRef,
};

use super::{
    assign, colleagues,
    grant::{By, GrantError},
    hand_over,
    invite::{self, AskedView, WaitingView},
    offer_view::{self, OfferView, WaitView},
    offers, pool, queue, reconfirm, resize,
    view::{self, ClaimView, task_page},
    waitlist,
    why::{self, WhyView},
};

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WaitForm {
    /// Take a seat that frees without asking me again.
    #[serde(default)]
    at_once: bool,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOverForm {
    /// Somebody of the task's ring.
    user_id: Uuid,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeatForm {
    user_id: Uuid,
    /// Set soft rules aside: limits, rest, clashes, audience. Never a full or closed task.
    #[serde(default)]
    r#override: bool,
    /// Why; needed with `override`, audited.
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    #[schema(min_length = 2, max_length = 200)]
    reason: Option<String>,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResizeForm {
    #[validate(range(min = 1, max = 500))]
    #[schema(minimum = 1, maximum = 500)]
    slots: i32,
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WhyQuery {
    user_id: Uuid,
}

/// 请这些人来，名额留到什么时候
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferForm {
    #[schema(min_items = 1, max_items = 50)]
    #[validate(length(min = 1, max = 50))]
    user_ids: Vec<Uuid>,
    /// Their seats are kept until then.
    expires_at: At,
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ColleagueQuery {
    /// A part of the name, as people say it.
    #[param(min_length = 1, max_length = 20)]
    #[validate(length(min = 1, max = 20), custom(function = readable))]
    q: String,
}

/// 候补：任务满员时排队，有名额时按先后递补
#[utoipa::path(tag = "接单", security(("bearer" = [])), params(("id" = Uuid, Path)), request_body = WaitForm, responses((status = 201, body = WaitView), Refusals))]
#[post("/tasks/{id}/waitlist")]
async fn join_waitlist(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    key: RetryKey,
    input: Input<WaitForm>,
) -> Result<Answer, Problem> {
    let Input { value, hash } = input;
    let work = async |tx: &Tx| waitlist::join(tx, &state, &me, id.0, value.at_once).await;
    idempotency::create(&state, me.id(), &key, &hash, work).await
}

/// 退出候补
#[utoipa::path(tag = "接单", security(("bearer" = [])), params(("id" = Uuid, Path)), responses((status = 204), Refusals))]
#[delete("/tasks/{id}/waitlist")]
async fn leave_waitlist(
    state: Data<AppState>,
    me: Resident,
    id: Id,
) -> Result<HttpResponse, Problem> {
    waitlist::leave(&state, &me, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// 我的候补
#[utoipa::path(tag = "我的", security(("bearer" = [])), params(PageQuery), responses((status = 200, body = Page<WaitView>), Refusals))]
#[get("/me/waitlist")]
async fn my_waitlist(
    state: Data<AppState>,
    me: Resident,
    query: Params<PageQuery>,
) -> Result<Json<Page<WaitView>>, Problem> {
    let (db, own, limit) = (state.db.read(), me.own_scope(), query.0.limit());
    let rows = queue::my_places(db, &own, query.0.after()?, limit).await?;
    let page = Page::cut(rows, limit, |place| place.id);
    let items = offer_view::places(db, &own, page.items).await?;
    Ok(Json(Page { items, next_cursor: page.next_cursor }))
}

/// 留给我的名额：递补、转交、定向派单，先到期的在前
#[utoipa::path(tag = "我的", security(("bearer" = [])), responses((status = 200, body = Page<OfferView>), Refusals))]
#[get("/me/offers")]
async fn my_offers(state: Data<AppState>, me: Resident) -> Result<Json<Page<OfferView>>, Problem> {
    let db = state.db.read();
    let rows = queue::my_live(db, &me.own_scope(), pool::OFFERS).await?;
    Ok(Json(Page { items: offer_view::offers(db, rows).await?, next_cursor: None }))
}

/// 接受留出的名额
#[utoipa::path(tag = "接单", security(("bearer" = [])), params(("id" = Uuid, Path)), responses((status = 201, body = ClaimView), Refusals))]
#[post("/offers/{id}/accept")]
async fn accept_offer(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    key: RetryKey,
) -> Result<Answer, Problem> {
    let work = async |tx: &Tx| {
        let own = me.own_scope();
        let granted = offers::accept(tx, &state, me.id(), &own, id.0, By::Themselves).await;
        let (claim, task) = granted?;
        Ok::<_, GrantError>(view::one(&**tx, claim, task).await?)
    };
    idempotency::create(&state, me.id(), &key, &sha256_b64(b""), work).await
}

/// 谢绝留出的名额，让给下一位
#[utoipa::path(tag = "接单", security(("bearer" = [])), params(("id" = Uuid, Path)), responses((status = 200, body = OfferView), Refusals))]
#[post("/offers/{id}/decline")]
async fn decline_offer(
    state: Data<AppState>,
    me: Resident,
    id: Id,
) -> Result<Json<OfferView>, Problem> {
    let offer = offers::decline(&state, me.id(), &me.own_scope(), id.0).await?;
    Ok(Json(offer_view::offers(state.db.read(), vec![offer]).await?.remove(0)))
}

/// 定向派单：请这些人来，名额给他们留到期限；有一个人不行就都不发，说明是谁、为什么
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), request_body = OfferForm, responses((status = 201, body = Page<AskedView>), Refusals))]
#[post("/tasks/{id}/offers")]
async fn invite_people(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    key: RetryKey,
    input: Input<OfferForm>,
) -> Result<Answer, Problem> {
    let Input { value: OfferForm { user_ids, expires_at }, hash } = input;
    let work = async |tx: &Tx| {
        let items = invite::invite(tx, &state, &office, id.0, user_ids, expires_at).await?;
        Ok::<_, Problem>(Page { items, next_cursor: None })
    };
    idempotency::create(&state, office.id(), &key, &hash, work).await
}

/// 谁在候补，先到的在前
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), responses((status = 200, body = Page<WaitingView>), Refusals))]
#[get("/tasks/{id}/waitlist")]
async fn list_waiting(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
) -> Result<Json<Page<WaitingView>>, Problem> {
    let items = invite::waiting(&state, &office, id.0).await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// 请过谁、回复没有，后请的在前
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), responses((status = 200, body = Page<AskedView>), Refusals))]
#[get("/tasks/{id}/offers")]
async fn list_asked(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
) -> Result<Json<Page<AskedView>>, Problem> {
    let items = invite::asked(&state, &office, id.0).await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// 找同伴：转交给谁，按姓名找自己支部、社区里的人
#[utoipa::path(tag = "接单", security(("bearer" = [])), params(("id" = Uuid, Path), ColleagueQuery), responses((status = 200, body = Page<PersonRef>), Refusals))]
#[get("/claims/{id}/colleagues")]
async fn find_colleagues(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    query: Params<ColleagueQuery>,
) -> Result<Json<Page<PersonRef>>, Problem> {
    let items = colleagues::find(&state, &me, id.0, query.0.q.trim()).await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// 转交：把名额交给一位同伴，对方接受前名额仍在您这里
#[utoipa::path(tag = "接单", security(("bearer" = [])), params(("id" = Uuid, Path)), request_body = HandOverForm, responses((status = 201, body = OfferView), Refusals))]
#[post("/claims/{id}/hand-over")]
async fn hand_over_claim(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    key: RetryKey,
    input: Input<HandOverForm>,
) -> Result<Answer, Problem> {
    let Input { value, hash } = input;
    let work = async |tx: &Tx| hand_over::offer_to(tx, &state, &me, id.0, value.user_id).await;
    idempotency::create(&state, me.id(), &key, &hash, work).await
}

/// 再次确认：改了时间以后，仍然会到场
#[utoipa::path(tag = "接单", security(("bearer" = [])), params(("id" = Uuid, Path)), responses((status = 200, body = ClaimView), Refusals))]
#[post("/claims/{id}/reconfirm")]
async fn reconfirm_claim(
    state: Data<AppState>,
    me: Resident,
    id: Id,
) -> Result<Json<ClaimView>, Problem> {
    let (claim, task) = reconfirm::reconfirm(&state, &me, id.0).await?;
    Ok(Json(view::one(state.db.read(), claim, task).await?))
}

/// 安排人员：社区直接给一位志愿者名额；越过规则要说明理由，会留下审计记录
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), request_body = SeatForm, responses((status = 201, body = ClaimView), Refusals))]
#[post("/tasks/{id}/assign")]
async fn assign_task(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    key: RetryKey,
    input: Input<SeatForm>,
) -> Result<Answer, Problem> {
    let Input { value: SeatForm { user_id, r#override: force, reason }, hash } = input;
    if force && reason.is_none() {
        let zh = "越过规则安排人员，请写明理由";
        return Err(Problem::field("reason", "required", zh, "Say why the rules are set aside"));
    }
    let force = reason.filter(|_| force).map(|reason| reason.trim().to_owned());
    let work =
        async |tx: &Tx| assign::assign(tx, &state, &office, id.0, user_id, force.clone()).await;
    idempotency::create(&state, office.id(), &key, &hash, work).await
}

/// 某人为什么能接或不能接这个任务
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path), WhyQuery), responses((status = 200, body = WhyView), Refusals))]
#[get("/tasks/{id}/why")]
async fn why_not(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    query: Params<WhyQuery>,
) -> Result<Json<WhyView>, Problem> {
    Ok(Json(why::why(&state, &office, id.0, query.0.user_id).await?))
}

/// 增减名额，不能少于已占用的；新增的名额先留给候补
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), request_body = ResizeForm, responses((status = 200, body = TaskView), Refusals))]
#[post("/tasks/{id}/resize")]
async fn resize_task(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    input: Input<ResizeForm>,
) -> Result<Json<TaskView>, Problem> {
    let task = resize::resize(&state, &office, id.0, input.value.slots).await?;
    Ok(Json(task_page(&state, task, See::Staff).await?))
}

pub(super) fn configure(routes: &mut ServiceConfig) {
    routes
        .service(join_waitlist)
        .service(leave_waitlist)
        .service(my_waitlist)
        .service(my_offers)
        .service(accept_offer)
        .service(decline_offer)
        .service(invite_people)
        .service(list_asked)
        .service(list_waiting)
        .service(find_colleagues)
        .service(find_colleagues)
        .service(hand_over_claim)
        .service(reconfirm_claim)
        .service(assign_task)
        .service(why_not)
        .service(resize_task);
}
