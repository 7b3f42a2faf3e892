//! The live screens over HTTP: an upgrade, and what it may be refused for.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{HeaderValue, SEC_WEBSOCKET_PROTOCOL},
    web::{Data, Payload},
};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    identity::{LIVE_PROTOCOL, Resident},
    org,
    platform::{
        AppState,
        http::{
            Id, Problem,
            problem::{NOT_FOUND, Refusals},
        },
        live::Hearing,
    },
};

use super::{LIVE_FULL, LIVE_UPGRADE, feed, socket};

/// 实时画面：WebSocket，这个组织里什么变了
///
/// 每条是一句 JSON：`{"kind":"task.changed","id":"…"}`，`kind` 是 `task.changed`、`request.changed`、`story.published`
/// 之一；收到后重新读要显示的内容。工作人员听到辖区里的全部，其他人听到这个组织公开的任务和晒单。
/// 令牌放在 `Authorization` 里；浏览器不能设请求头的，用子协议 `linli` 和 `bearer.<令牌>`，服务端选 `linli`。
/// 关闭码 4401：请续登录后再连；4408：来不及读，请再连。
#[utoipa::path(tag = "组织", security(("bearer" = [])), params(("id" = Uuid, Path)), responses((status = 101, description = "升级为 WebSocket"), Refusals))]
#[get("/stream/orgs/{id}")]
async fn listen(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    request: HttpRequest,
    body: Payload,
) -> Result<HttpResponse, Problem> {
    let org = org::find(state.db.read(), id.0).await?.ok_or(NOT_FOUND)?;
    let office = me.scope().covers(&org.path);
    let hearing = Hearing { org: org.id, path: org.path, office };
    let upgrade = actix_ws::handle(&request, body).map_err(|_| LIVE_UPGRADE)?;
    let seat = state.live.sit(hearing).ok_or_else(|| Problem::from(LIVE_FULL).retry_after(30))?;
    feed::begin(&state);
    let (mut response, session, messages) = upgrade;
    if request.headers().contains_key(SEC_WEBSOCKET_PROTOCOL) {
        let chosen = HeaderValue::from_static(LIVE_PROTOCOL);
        response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, chosen);
    }
    let until = me.token_ends();
    actix_web::rt::spawn(socket::serve(
        state.get_ref().clone(),
        me,
        until,
        seat,
        session,
        messages,
    ));
    Ok(response)
}

pub fn configure(routes: &mut ServiceConfig) {
    routes.service(listen);
}
