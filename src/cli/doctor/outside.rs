//! What lies outside the database: Redis, WeChat, and the addresses we want to listen on.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use crate::{
    kernel::clock::SystemClock,
    platform::{
        config::{Settings, without_password},
        redis::Redis,
        wechat::{Class, Wechat},
    },
};

use super::{Finding, bad, good, watch};

pub async fn redis(settings: &Settings) -> Finding {
    let Some(url) = settings.redis_url() else {
        return watch("没有配置 Redis redis: absent", "不是必须；要让列表更快，请设置 redis.url");
    };
    let shown = without_password(url);
    match Redis::new(url, &settings.redis.prefix) {
        Err(error) => bad(
            format!("redis.url 写得不对 cannot be understood: {}", error.category()),
            "redis://host:6379 或 redis+unix:///path.sock",
        ),
        Ok(redis) if redis.ping().await => good(format!("Redis 有应答 redis: {shown}")),
        Ok(_) => watch(
            format!("Redis 没有应答 redis does not answer: {shown}"),
            "没有它也能用，只是慢些；请看它是否在运行、地址和密码对不对",
        ),
    }
}

/// Asks with a code that cannot be one: only who has a token is told that the code is wrong.
pub async fn wechat(settings: &Settings) -> Finding {
    let base = &settings.wechat.base_url;
    let asked = match Wechat::new(&settings.wechat, Arc::new(SystemClock)) {
        Ok(wechat) => wechat.phone("doctor").await.map(drop),
        Err(error) => Err(error),
    };
    match asked.map_err(|error| error.class()) {
        Ok(()) | Err(Class::CodeInvalid | Class::TooFast | Class::Quota) => {
            good(format!("微信认得这个小程序 wechat: {base}"))
        }
        Err(Class::Busy) => watch(
            format!("连不上微信 wechat cannot be reached (busy): {base}"),
            "登录和绑定手机会失败；请检查网络和 wechat.base_url，开发时先运行 linli fake-wechat",
        ),
        Err(class) => bad(
            format!("微信不接受这个小程序的设置 wechat refuses ({class:?}): {base}"),
            "请检查 wechat.app_id、wechat.secret，以及小程序后台的 IP 白名单",
        ),
    }
}

pub async fn port(key: &str, address: &str) -> Finding {
    match TcpListener::bind(address) {
        Ok(_) => good(format!("{key} = {address} 可以监听 free")),
        Err(_) if is_linli(address).await => {
            good(format!("{key} = {address} 上 linli 正在运行 linli answers there"))
        }
        Err(error) => bad(
            format!("{key} = {address} 不能监听 cannot be listened on: {error}"),
            format!("停掉占用它的程序，或把 {key} 换一个端口"),
        ),
    }
}

/// Whether what listens there answers `/live` as we do.
async fn is_linli(address: &str) -> bool {
    let Ok(mut address) = address.parse::<SocketAddr>() else { return false };
    if address.ip().is_unspecified() {
        address.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    let client = reqwest::Client::builder().timeout(Duration::from_secs(2)).no_proxy();
    let Ok(client) = client.tls_certs_only([]).build() else { return false };
    let Ok(answer) = client.get(format!("http://{address}/live")).send().await else {
        return false;
    };
    let body: Option<serde_json::Value> = answer.json().await.ok();
    body.is_some_and(|body| body["status"] == "ok" && body["version"].is_string())
}
