//! The database: who has it, reachable, schema current, writable, and whether its clock is ours.

use std::sync::Arc;

use migration::Migrator;

use crate::{
    alone, boot,
    kernel::{Clock, clock::SystemClock},
    letterbox,
    notify::crowd,
    platform::{
        Db,
        config::{Settings, without_password},
        cron::{self, ahead_of_us},
        db::Use,
        health,
    },
    relay,
};

use super::{Finding, Mark, bad, good, watch};

/// Milliseconds by which clocks may differ before it is worth a word, and before tokens are refused.
const WORTH_A_WORD: u64 = 1_000;
const TOO_FAR: u64 = 30_000;

pub async fn look(settings: &Settings) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Err(held) = alone::take(&settings.database.url) {
        let mend = "正在运行的 linli serve 就是这样，不用管；否则请停掉那个进程";
        let first = held.to_string().lines().next().unwrap_or_default().to_owned();
        findings.push(watch(format!("数据库 database: {first}"), mend));
    }
    let db = match boot::database(settings, Use::Service).await {
        Ok(db) => db,
        Err(error) => {
            findings.push(bad(format!("数据库 database: {error:#}"), "先让数据库能连上"));
            return findings;
        }
    };
    let address = without_password(&settings.database.url);
    findings.push(good(format!("数据库能连上 database: {address}")));
    findings.push(schema(&db).await);
    if findings.iter().all(|finding| finding.mark != Mark::Bad) {
        findings.push(facts(&db).await);
        findings.push(tellings(&db).await);
        findings.push(pushes(&db).await);
        findings.push(runs(&db).await);
    }
    if !db.is_sqlite() {
        findings.push(clock(&db).await);
    }
    db.close().await;
    findings
}

async fn schema(db: &Db) -> Finding {
    match Migrator::pending(db.read()).await {
        Err(error) => bad(format!("表结构读不了 schema: {error}"), "请检查数据库账号的权限"),
        Ok(pending) if !pending.is_empty() => {
            bad(format!("表结构还缺 {} 步 schema", pending.len()), "linli migrate")
        }
        Ok(_) => match health::probe(db).await {
            Ok(()) => good("表结构是最新的，也能写入 schema current, writable"),
            Err(error) => bad(
                format!("数据库写不进去 not writable: {error}"),
                "请检查磁盘空间、文件权限，或数据库账号的权限",
            ),
        },
    }
}

async fn facts(db: &Db) -> Finding {
    match relay::stuck(db).await {
        Ok(0) => good("没有卡住的事件 no stuck facts"),
        Ok(n) => bad(
            format!("{n} 个事件多次处理失败 stuck facts"),
            "看日志里的 \"a reaction failed\"；修好原因后把 event.attempts 改回 0",
        ),
        Err(error) => bad(format!("读不了事件 facts: {error}"), "请检查数据库账号的权限"),
    }
}

async fn tellings(db: &Db) -> Finding {
    match crowd::stuck(db.read()).await {
        Ok(0) => good("没有卡住的分段通知 no stuck tellings"),
        Ok(n) => bad(
            format!("{n} 件要告诉很多人的事多次失败 stuck tellings"),
            "看日志里的 \"a chunk of a telling failed\"；修好原因后把 telling.attempts 改回 0",
        ),
        Err(error) => bad(format!("读不了分段通知 tellings: {error}"), "请检查数据库账号的权限"),
    }
}

async fn pushes(db: &Db) -> Finding {
    match letterbox::stuck(db).await {
        Ok(0) => good("没有卡住的微信推送 no stuck pushes"),
        Ok(n) => bad(
            format!("{n} 条微信推送多次处理失败 stuck pushes"),
            "看日志里的 \"could not be seen to\"；修好原因后把 wechat_push.attempts 改回 0",
        ),
        Err(error) => bad(format!("读不了微信推送 pushes: {error}"), "请检查数据库账号的权限"),
    }
}

async fn runs(db: &Db) -> Finding {
    match cron::failed(db.read()).await {
        Ok(0) => good("没有卡住的定时任务 no failed jobs"),
        Ok(n) => bad(
            format!("{n} 次定时任务多次失败 failed jobs"),
            "linli jobs history --failed 看是哪些；修好原因后 linli jobs run 任务名 --date 日期",
        ),
        Err(error) => bad(format!("读不了定时任务 jobs: {error}"), "请检查数据库账号的权限"),
    }
}

async fn clock(db: &Db) -> Finding {
    match ahead_of_us(db, &(Arc::new(SystemClock) as Clock)).await {
        Err(error) => bad(format!("数据库的时钟读不了 clock: {error}"), "请检查数据库账号的权限"),
        Ok(ms) if ms.unsigned_abs() <= WORTH_A_WORD => {
            good(format!("数据库与本机的时钟相差 {ms} ms clock skew"))
        }
        Ok(ms) => {
            let what = format!("数据库与本机的时钟相差 {ms} ms clock skew");
            let mend = "两边都打开对时 (chrony / systemd-timesyncd)";
            if ms.unsigned_abs() < TOO_FAR { watch(what, mend) } else { bad(what, mend) }
        }
    }
}
