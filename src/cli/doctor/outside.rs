//! What lies outside the database: Redis, WeChat, and the addresses we want to listen on.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use crate::{
    kernel::{
        Rng,
        clock::{SystemClock, Tells},
    },
    notify::push,
    platform::{
        config::{Settings, without_password},
        redis::Redis,
        wechat::{Class, Wechat},
    },
    schedule::{self, Backup},
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
    let (clock, rng) = (Arc::new(SystemClock), Rng::from_system());
    let asked = match Wechat::new(&settings.wechat, clock, rng, None) {
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

/// How old the newest backup is, where it is known where they lie.
pub async fn backup(settings: &Settings) -> Finding {
    let folder = &settings.backup.folder;
    match schedule::backup(&settings.backup, SystemClock.now()).await {
        Backup::NotConfigured => watch(
            "没有说备份放在哪里 backup: not configured",
            "设 backup.folder，备份停了才会有人知道",
        ),
        Backup::Fresh(hours) => good(format!("最新的备份是 {hours} 小时以前的 backup: {folder}")),
        Backup::Old(hours) => bad(
            format!("最新的备份是 {hours} 小时以前的 backup is old: {folder}"),
            "看备份的任务为什么停了",
        ),
        Backup::Missing => bad(
            format!("备份的文件夹里没有备份 no backup: {folder}"),
            "看 backup.folder 对不对，备份有没有在做",
        ),
    }
}

/// Holds the settings of templates against what WeChat lists.
pub async fn templates(settings: &Settings) -> Vec<Finding> {
    let (clock, rng) = (Arc::new(SystemClock), Rng::from_system());
    let listed = match Wechat::new(&settings.wechat, clock, rng, None) {
        Ok(wechat) => wechat.templates().await.ok(),
        Err(_) => None,
    };
    let faults = push::faults(&settings.wechat, listed.as_deref());
    let named = settings.wechat.templates.values().filter(|set| !set.id.is_empty()).count();
    let mut found: Vec<_> = faults
        .into_iter()
        .map(|fault| bad(format!("消息模板 {fault}"), "小程序后台的“订阅消息”里有编号和栏位"))
        .collect();
    match listed {
        _ if !found.is_empty() => {}
        _ if named == 0 => found.push(watch(
            "没有配置消息模板 no message templates: inbox only",
            "不是必须；要响手机，请设置 wechat.templates",
        )),
        None => found.push(watch(
            "没能核对消息模板 templates could not be checked",
            "微信有应答以后再看一次",
        )),
        Some(_) => found.push(good(format!("{named} 种消息模板和微信一致 templates fit"))),
    }
    found
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
