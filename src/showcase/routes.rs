//! Stories over HTTP.

use ::entity::{
    At,
    story::{Model, StoryState},
    story_person::Consent,
};
use actix_web::{
    HttpRequest, HttpResponse, get, post, put,
    web::{Data, Json},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

use crate::{
    identity::{Anyone, Resident, Reviewer, Scope},
    org,
    platform::{
        AppState,
        http::{
            Answer, Id, Input, Maybe, Page, PageQuery, Params, Problem, RetryKey, etag,
            idempotency,
            input::readable,
            page,
            problem::{NOT_FOUND, Refusals},
        },
    },
};

use super::{
    consent, review,
    store::{self, Filter},
    view::{self, StoryView},
    write::{self, StoryForm},
};

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StoryQuery {
    /// Of this org and all below it.
    org_id: Option<Uuid>,
    /// `published` when absent; of the others one sees one's own and those of one's offices.
    state: Option<StoryState>,
    /// 1 to 100, 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    #[validate(range(min = 1, max = 100))]
    limit: Option<u64>,
    #[param(max_length = 64)]
    #[validate(length(max = 64))]
    cursor: Option<String>,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectForm {
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    #[schema(min_length = 2, max_length = 200)]
    reason: String,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawForm {
    /// For the author and the office.
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    #[schema(min_length = 2, max_length = 200)]
    reason: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum YesOrNo {
    /// 同意
    Yes,
    /// 不同意
    No,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StoryConsentForm {
    answer: YesOrNo,
}

/// A story that shows me, and what I said to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoryConsentView {
    story: StoryView,
    consent: Consent,
    asked_at: At,
    answered_at: Option<At>,
}

async fn listed(
    app: &AppState,
    scope: &Scope,
    query: StoryQuery,
) -> Result<Page<StoryView>, Problem> {
    let db = app.db.read();
    let (after, limit) = (page::after(query.cursor.as_deref())?, page::limit(query.limit));
    let below = match query.org_id {
        None => None,
        Some(id) => match org::find(db, id).await? {
            None => return Ok(Page { items: Vec::new(), next_cursor: None }),
            Some(org) => Some(org.path),
        },
    };
    let state = query.state.unwrap_or(StoryState::Published);
    let rows = store::list(db, scope, Filter { below, state, after, limit }).await?;
    let page = Page::cut(rows, limit, |story| story.id);
    let items = view::many(db, app, scope, page.items).await?;
    Ok(Page { items, next_cursor: page.next_cursor })
}

async fn shown(state: &AppState, scope: &Scope, story: Model) -> Result<Json<StoryView>, Problem> {
    Ok(Json(view::one(state.db.read(), state, scope, story).await?))
}

/// 写晒单：任务上报后，由负责人或社区写；先是草稿。不写标题和正文，就按任务的事实起草
#[utoipa::path(tag = "晒单", security(("bearer" = [])), params(("id" = Uuid, Path)), request_body = StoryForm, responses((status = 201, body = StoryView), Refusals))]
#[post("/tasks/{id}/story")]
async fn draft_story(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    key: RetryKey,
    input: Input<StoryForm>,
) -> Result<Answer, Problem> {
    let Input { value, hash } = input;
    let checked = write::look(&state, me.id(), None, &value).await?;
    let work = async |tx: &_| write::draft(tx, &state, &me, id.0, value, checked).await;
    idempotency::create(&state, me.id(), &key, &hash, work).await
}

/// 修改自己的草稿或未通过的晒单；没写的字段不变
#[utoipa::path(tag = "晒单", security(("bearer" = [])), params(("id" = Uuid, Path)), request_body = StoryForm, responses((status = 200, body = StoryView), Refusals))]
#[put("/stories/{id}")]
async fn mend_story(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    input: Input<StoryForm>,
) -> Result<Json<StoryView>, Problem> {
    let story = write::mend(&state, &me, id.0, input.value).await?;
    shown(&state, &me.scope(), story).await
}

/// 提交审核（作者或社区）；出镜的人会收到询问，有照片时作者要先确认居民已同意
#[utoipa::path(tag = "晒单", security(("bearer" = [])), params(("id" = Uuid, Path)), responses((status = 200, body = StoryView), Refusals))]
#[post("/stories/{id}/submit")]
async fn submit_story(
    state: Data<AppState>,
    me: Resident,
    id: Id,
) -> Result<Json<StoryView>, Problem> {
    let story = write::submit(&state, &me, id.0).await?;
    shown(&state, &me.scope(), story).await
}

/// 审核通过并发布；不能审核自己写的，要等任务确认、需求办结、出镜的人都同意
#[utoipa::path(tag = "晒单", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), responses((status = 200, body = StoryView), Refusals))]
#[post("/stories/{id}/approve")]
async fn approve_story(
    state: Data<AppState>,
    reviewer: Reviewer,
    id: Id,
) -> Result<Json<StoryView>, Problem> {
    let story = review::approve(&state, &reviewer, id.0).await?;
    shown(&state, &reviewer.scope(), story).await
}

/// 审核不通过，说明理由；作者修改后可以再提交
#[utoipa::path(tag = "晒单", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), request_body = RejectForm, responses((status = 200, body = StoryView), Refusals))]
#[post("/stories/{id}/reject")]
async fn reject_story(
    state: Data<AppState>,
    reviewer: Reviewer,
    id: Id,
    input: Input<RejectForm>,
) -> Result<Json<StoryView>, Problem> {
    let reason = input.value.reason.trim().to_owned();
    let story = review::reject(&state, &reviewer, id.0, reason).await?;
    shown(&state, &reviewer.scope(), story).await
}

/// 撤下已发布的晒单（连同照片），或作废草稿；之后可以重新写
#[utoipa::path(tag = "晒单", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), request_body = Option<WithdrawForm>, responses((status = 200, body = StoryView), Refusals))]
#[post("/stories/{id}/withdraw")]
async fn withdraw_story(
    state: Data<AppState>,
    reviewer: Reviewer,
    id: Id,
    form: Maybe<WithdrawForm>,
) -> Result<Json<StoryView>, Problem> {
    let reason = form.0.and_then(|form| form.reason).map(|reason| reason.trim().to_owned());
    let story = review::withdraw(&state, &reviewer, id.0, reason).await?;
    shown(&state, &reviewer.scope(), story).await
}

/// 晒单墙：已发布的，人人可看；org_id 包含它下面的所有组织
#[utoipa::path(tag = "晒单", security(()), params(StoryQuery), responses((status = 200, body = Page<StoryView>), Refusals))]
#[get("/stories")]
async fn list_stories(
    state: Data<AppState>,
    who: Anyone,
    query: Params<StoryQuery>,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    Ok(etag::answer(&http, &listed(&state, &who.scope(), query.0).await?))
}

/// 一篇晒单；未发布的只有作者和社区能看
#[utoipa::path(tag = "晒单", security(()), params(("id" = Uuid, Path)), responses((status = 200, body = StoryView), Refusals))]
#[get("/stories/{id}")]
async fn one_story(
    state: Data<AppState>,
    who: Anyone,
    id: Id,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (db, scope) = (state.db.read(), who.scope());
    let story = store::find(db, &scope, id.0).await?.ok_or(NOT_FOUND)?;
    Ok(etag::answer(&http, &view::one(db, &state, &scope, story).await?))
}

/// 出镜的人同意或不同意；可以改。已发布的，一说不同意就不再公开，重新审核
#[utoipa::path(tag = "晒单", security(("bearer" = [])), params(("id" = Uuid, Path)), request_body = StoryConsentForm, responses((status = 200, body = StoryView), Refusals))]
#[post("/stories/{id}/consent")]
async fn consent_story(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    input: Input<StoryConsentForm>,
) -> Result<Json<StoryView>, Problem> {
    let yes = matches!(input.value.answer, YesOrNo::Yes);
    let story = consent::answer(&state, &me, id.0, yes).await?;
    shown(&state, &me.scope(), story).await
}

/// 有我出镜的晒单，和我的答复
#[utoipa::path(tag = "我的", security(("bearer" = [])), params(PageQuery), responses((status = 200, body = Page<StoryConsentView>), Refusals))]
#[get("/me/story-consents")]
async fn my_story_consents(
    state: Data<AppState>,
    me: Resident,
    query: Params<PageQuery>,
) -> Result<Json<Page<StoryConsentView>>, Problem> {
    let (db, scope, limit) = (state.db.read(), me.own_scope(), query.0.limit());
    let rows = store::consents_of(db, &scope, query.0.after()?, limit).await?;
    let page = Page::cut(rows, limit, |(story, _)| story.id);
    let (stories, consents): (Vec<_>, Vec<_>) = page.items.into_iter().unzip();
    let views = view::many(db, &state, &scope, stories).await?;
    let both = views.into_iter().zip(consents).filter_map(|(story, said)| {
        said.map(|said| StoryConsentView {
            story,
            consent: said.consent,
            asked_at: said.created_at,
            answered_at: said.answered_at,
        })
    });
    Ok(Json(Page { items: both.collect(), next_cursor: page.next_cursor }))
}

pub fn configure(routes: &mut ServiceConfig) {
    routes
        .service(draft_story)
        .service(mend_story)
        .service(submit_story)
        .service(approve_story)
        .service(reject_story)
        .service(withdraw_story)
        .service(list_stories)
        .service(one_story)
        .service(consent_story)
        .service(my_story_consents);
}
