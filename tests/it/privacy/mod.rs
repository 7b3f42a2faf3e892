//! 个人信息: what the house knows of a person, who sees it, and that nothing is left when they leave.

mod busy;
mod closing;
mod consents;
mod keys;
mod leaving;
mod own;
mod retention;
mod reveals;
mod schema;
mod shown;

use linli::{platform::AppState, privacy::SEALED};
use sea_orm::{
    ConnectionTrait,
    sea_query::{Alias, Expr, ExprTrait, Query},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Expect, Person, TestApp, WENHUA, dump, id};

/// What the whole house holds: every row of every table, every sealed field opened, and all of Redis.
pub async fn everything(app: &TestApp) -> String {
    let mut held = vec![dump::everything(app.state.db.read()).await, busy::files(app)];
    held.push(opened(&app.state).await.join("\n"));
    if let Some(url) = app.state.settings.redis_url() {
        let mut line =
            redis::Client::open(url).unwrap().get_multiplexed_async_connection().await.unwrap();
        let keys = app.state.redis.as_ref().unwrap().key("*");
        let keys: Vec<String> = redis::cmd("KEYS").arg(keys).query_async(&mut line).await.unwrap();
        for key in keys {
            let dumped: Vec<u8> =
                redis::cmd("DUMP").arg(&key).query_async(&mut line).await.unwrap();
            held.push(format!("{key} {}", String::from_utf8_lossy(&dumped)));
        }
    }
    held.join("\n")
}

/// Every sealed field in the clear.
async fn opened(state: &AppState) -> Vec<String> {
    let mut texts = Vec::new();
    for (table, column, row) in SEALED {
        let mut all = Query::select();
        all.columns([Alias::new(*row), Alias::new(*column)]).from(Alias::new(*table));
        all.and_where(Expr::col(Alias::new(*column)).is_not_null());
        for one in state.db.read().query_all(&all).await.unwrap() {
            let for_row: Uuid = one.try_get_by_index(0).unwrap();
            let sealed = entity::Sealed(one.try_get_by_index(1).unwrap());
            let label = format!("{table}.{column}");
            texts
                .push(format!("{label}: {}", state.crypto.open(&label, for_row, &sealed).unwrap()));
        }
    }
    texts.sort();
    texts
}

/// 柳青青: a member who asks for help herself, is helped, answers, serves, and is spoken of by others.
struct Liu {
    app: TestApp,
    /// The task she serves in.
    served: String,
    request: String,
}

const NAME: &str = "柳青青";
const PHONE: &str = "13987654321";

impl Liu {
    async fn herself(&self) -> Person {
        self.app.sign_in(NAME).await
    }

    /// What nobody may find once she has left.
    fn canaries(&self) -> Vec<String> {
        let openid = self.app.wechat.openid(NAME);
        [
            "柳青",
            "青姐",
            PHONE,
            "桃溪",
            "27.70123",
            "帕金森",
            "几楼",
            "很满意",
            "核对复查",
            "带上门禁卡",
            "急救",
        ]
        .map(ToOwned::to_owned)
        .into_iter()
        .chain([openid])
        .collect()
    }

    async fn check_in_and_out(&self, who: &Person, claim: &str, task: &str, hours: (u32, u32)) {
        let office = self.app.office().await;
        let code = office.get(&format!("/tasks/{task}")).await.ok()["check_in_code"].clone();
        who.post(&format!("/claims/{claim}/check-in"), json!({"code": code})).await.ok();
        self.app.clock.set(self.app.saturday_of_the_story(hours.1));
        let again = self.app.sign_in(&who.name).await;
        again.does(&format!("/claims/{claim}/check-out")).await.ok();
    }

    /// Her week, up to Saturday night.
    async fn lives(app: TestApp) -> Self {
        let mut liu = Self { app, served: String::new(), request: String::new() };
        let app = &liu.app;
        let (secretary, office) = (app.staff("secretary").await, app.office().await);
        let branch = app.branch_id(WENHUA).await;
        let row = json!({"name": NAME, "phone": PHONE, "skills": ["急救"]});
        secretary.post(&format!("/orgs/{branch}/members"), row).await.ok();
        let code = json!({"code": format!("dev:{PHONE}")});
        app.sign_in(NAME).await.post("/me/phone", code).await.ok();
        let her = app.sign_in(NAME).await;
        her.put("/me", json!({"name": "青姐", "volunteer": true})).await.ok();
        let agrees = json!({"purpose": "photo", "version": "2026-11"});
        her.post_keyed("/me/consents", "柳-agrees-1".replace('柳', "liu").as_str(), &agrees)
            .await
            .ok();

        let org = app.org_id(WENHUA).await;
        shown::points_count(app, &org).await;
        let ask = json!({"org_id": org, "category": "助老", "title": "陪柳青青母亲复查",
            "detail": "母亲患有帕金森", "place": {"name": "桃溪小区", "lat": 27.70123, "lng": 106.93871,
            "address": "桃溪路 8 号"}});
        let request = id(&her.post_keyed("/requests", "liu-asks-1", &ask).await.ok());
        let question = json!({"question": "柳青青家住几楼"});
        office.post(&format!("/requests/{request}/ask"), question).await.ok();
        her.put(&format!("/requests/{request}"), json!({"detail": "母亲患有帕金森，住三楼"}))
            .await
            .ok();
        let form = json!({"slots": 1, "starts_at": app.saturday(13), "ends_at": app.saturday(14),
            "notes": "到桃溪小区找青姐，带上门禁卡", "publish": true});
        let helped = id(&office.post(&format!("/requests/{request}/dispatch"), form).await.ok());
        let zhao = app.member("赵敏").await;
        let helps = id(&zhao.claims(&helped).await.ok());
        let served = app.open_task(&office, 3).await;
        let serves = id(&her.claims(&served).await.ok());
        (liu.served, liu.request) = (served, request);

        liu.app.clock.set(liu.app.saturday_of_the_story(9));
        liu.check_in_and_out(&liu.herself().await, &serves, &liu.served, (9, 11)).await;
        liu.app.clock.set(liu.app.saturday_of_the_story(13));
        let zhao = liu.app.sign_in("赵敏").await;
        liu.check_in_and_out(&zhao, &helps, &helped, (13, 14)).await;
        let (office, second) = (liu.app.office().await, liu.app.staff("wenhua2").await);
        for (task, words) in [(&liu.served, "巡查完毕"), (&helped, "柳青青那边已办妥")]
        {
            let words = json!({"words": words});
            office.post(&format!("/tasks/{task}/report"), words).await.ok();
            second.does(&format!("/tasks/{task}/confirm")).await.ok();
        }
        liu
    }

    /// She says how it was, and the office looks her phone up.
    async fn is_content(&self) {
        let her = self.herself().await;
        let says = json!({"verdict": "done", "stars": 5, "words": "柳青青很满意"});
        her.post(&format!("/requests/{}/answer", self.request), says).await.ok();
        let why = json!({"field": "phone", "reason": "找柳青青核对复查时间"});
        self.app.office().await.post(&format!("/people/{}/reveal", her.id), why).await.ok();
    }
}

impl TestApp {
    /// The Saturday after the day the world begins, whatever the clock says by now.
    fn saturday_of_the_story(&self, hour: u32) -> entity::At {
        linli::kernel::Day::of(crate::helpers::NOW).next_saturday().time(hour, 0)
    }
}

/// `DELETE /me`, meaning it.
async fn leaves(who: &Person) -> linli::stage::Reply {
    let request = who.request(reqwest::Method::DELETE, "/me").header("Confirm-Leaving", "yes");
    who.send(request).await.unwrap()
}

fn texts(list: &Value, field: &str) -> Vec<String> {
    let items = list["items"].as_array().unwrap();
    items.iter().map(|item| item[field].as_str().unwrap_or_default().to_owned()).collect()
}
