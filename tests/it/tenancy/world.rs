//! 文化社区 in the middle of its week: rows in every state that something can be done with, everything about them
//! that is nobody else's business; and the people of another community in another district.

use std::collections::BTreeMap;

use linli::kernel::Day;
use serde_json::{Value, json};

use super::stars;
use crate::helpers::{Expect, OTHER_COMMUNITY, Person, TestApp, WENHUA, form, id, photo};

pub const PHONE: &str = "13900001234";
pub const ADDRESS: &str = "文化路 8 号 3 单元 502";
pub const DETAIL: &str = "膝盖手术后行走不便，要人陪同复查";
pub const EXCUSE: &str = "腰伤复发，这几天走不了路";
pub const COMPLAINT: &str = "每次巡查都要拍照打卡三遍";
pub const THEME: &str = "学习身边的榜样";
pub const JOINED: &str = "2001-12-01";
pub const WISH: &str = "二十五年如一日，向您学习";
pub const NOTES: &str = "九点在小区东门集合";

pub struct Ours {
    pub app: TestApp,
    /// People of 文化社区, by name.
    people: BTreeMap<&'static str, Person>,
    /// Rows of 文化社区, by the name of their folder in a path and their own.
    rows: BTreeMap<(&'static str, &'static str), String>,
    pub check_in_code: String,
    others: BTreeMap<&'static str, Person>,
}

/// Orgs are public; so is the task a published story is about.
const PUBLIC: &[(&str, &str)] = &[
    ("orgs", "community"),
    ("orgs", "branch"),
    ("neighbours", "happy"),
    ("categories", "care"),
    ("orgs", "second"),
    ("stories", "shown"),
    ("tasks", "told"),
];

impl Ours {
    pub async fn live() -> Self {
        let mut ours = Self {
            app: TestApp::spawn().await,
            people: BTreeMap::new(),
            rows: BTreeMap::new(),
            check_in_code: String::new(),
            others: BTreeMap::new(),
        };
        ours.sunday().await;
        ours.plans().await;
        ours.birthday().await;
        ours.neighbours().await;
        ours.theme_days().await;
        ours.monday().await;
        ours.records().await;
        ours.accounts().await;
        ours.gather_others().await;
        ours.app.settle().await;
        ours.messages().await;
        let told = ours.who("王阿姨").get("/inbox").await.ok();
        ours.keep("inbox", "told", id(&told["items"][0]));
        ours
    }

    /// A message that failed for good, and somebody to phone.
    async fn messages(&mut self) {
        use ::entity::push::{Column, Entity, PushState};
        use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};
        let urgent = Entity::find().filter(Column::Urgent.eq(true)).order_by_asc(Column::Id);
        let rows = urgent.all(self.app.state.db.read()).await.unwrap();
        let tx = self.app.state.db.write().await.unwrap();
        for (row, folder, name) in [(&rows[0], "pushes", "dead"), (&rows[1], "call-list", "missed")]
        {
            Entity::update_many()
                .col_expr(Column::State, Expr::value(PushState::Dead))
                .col_expr(Column::UsefulUntil, Expr::value(i64::MAX / 2))
                .filter(Column::Id.eq(row.id))
                .exec(&*tx)
                .await
                .unwrap();
            self.keep(folder, name, row.id.to_string());
        }
        tx.commit().await.unwrap();
    }

    pub fn who(&self, name: &str) -> &Person {
        &self.people[name]
    }

    pub fn row(&self, folder: &str, name: &str) -> &str {
        let row = self.rows.iter().find(|((of, called), _)| *of == folder && *called == name);
        row.map(|(_, id)| id.as_str()).expect("a row of that name")
    }

    /// All rows that a path with this folder may name.
    pub fn all(&self, folder: &str) -> Vec<&str> {
        let rows = self.rows.iter().filter(|((of, _), _)| *of == folder);
        rows.map(|(_, id)| id.as_str()).collect()
    }

    /// A path with the inner names filled in.
    pub fn inner(&self, pattern: &str) -> String {
        let member = self.who("李建国").id.to_string();
        pattern.replace("{person_id}", &member).replace("{skill}", "%E6%80%A5%E6%95%91")
    }

    /// Nobody outside may ever read any of these.
    pub fn secrets(&self) -> Vec<String> {
        let rows = self.rows.iter().filter(|(key, _)| !PUBLIC.contains(key));
        let ids = rows.map(|(_, id)| id.clone());
        let ids_of_people = self.people.values().map(|who| who.id.to_string());
        // User names of staff are words like `leader`, which stand elsewhere too.
        let names =
            self.people.values().map(|who| who.name.clone()).filter(|name| !name.is_ascii());
        let code = self.check_in_code.as_str();
        let words = [
            PHONE,
            "139****1234",
            ADDRESS,
            DETAIL,
            EXCUSE,
            NOTES,
            COMPLAINT,
            THEME,
            JOINED,
            WISH,
            code,
        ];
        ids.chain(ids_of_people).chain(names).chain(words.map(ToOwned::to_owned)).collect()
    }

    pub fn others(&self) -> impl Iterator<Item = (&'static str, &Person)> {
        self.others.iter().map(|(name, who)| (*name, who))
    }

    pub fn anyone(&self, name: &str) -> &Person {
        self.others.get(name).unwrap_or_else(|| self.who(name))
    }

    pub fn other(&self, name: &str) -> &Person {
        &self.others[name]
    }

    fn keep(&mut self, folder: &'static str, name: &'static str, id: String) {
        assert!(
            !id.is_empty() && self.rows.insert((folder, name), id).is_none(),
            "{folder} {name}"
        );
    }

    /// Everybody signs in again: access tokens live a quarter of an hour.
    async fn at(&mut self, day: i64, hour: u32) {
        let today = Day::of(linli::kernel::clock::Tells::now(&*self.app.clock));
        self.app.clock.set(today.plus(day).time(hour, 0));
        for (username, name) in [
            ("wenhua", "office"),
            ("wenhua2", "second"),
            ("secretary", "secretary"),
            ("leader", "leader"),
        ] {
            self.people.insert(name, self.app.staff(username).await);
        }
        for name in ["王阿姨", "钱大爷", "吴叔", "李建国", "赵敏", "孙立", "吴刚"]
        {
            self.people.insert(name, self.app.sign_in(name).await);
        }
    }

    /// Asking, dispatching, claiming.
    async fn sunday(&mut self) {
        let app = &self.app;
        let (wang, qian) = (app.resident("王阿姨").await, app.resident("钱大爷").await);
        let branch = ["李建国", "赵敏", "孙立", "吴刚"].map(str::to_owned);
        let branch = app.members(&branch).await;
        let (office, operator) = (app.office().await, app.staff("operator").await);
        let community = app.org_id(WENHUA).await;
        app.resident("吴叔").await;
        wang.post("/me/phone", json!({"code": format!("dev:{PHONE}")})).await.ok();
        let home = branch[0].get("/me").await.ok()["memberships"][0]["org_id"].clone();
        let home = home.as_str().unwrap().to_owned();
        let picture = wang.uploads(&photo()).await;
        let lives = json!({"org_id": community, "kind": "residence"});
        let lives = id(&wang.post("/me/memberships", lives).await.ok());
        let belongs = json!({"org_id": home, "kind": "home_branch"});
        let belongs = id(&qian.post("/me/memberships", belongs).await.ok());
        let account = json!({"username": "wenhua3", "name": "小何", "password": "linli-test-2026"});
        let grant = json!({"account": account, "role": "dispatcher"});
        let grant = id(&operator.post(&format!("/orgs/{community}/roles"), grant).await.ok());

        let care = json!({"name": "家政", "questions": [{"text": "住几楼？"}]});
        let care = id(&office.post(&format!("/orgs/{home}/categories"), care).await.ok());
        let second = json!({"parent_id": community, "kind": "branch", "name": "第二党支部"});
        let second = id(&operator.post("/orgs", second).await.ok());
        let moved = json!({"name": "周敏", "phone": "13900002222"});
        let secretary = app.staff("secretary").await;
        let moved = id(&secretary.post(&format!("/orgs/{second}/members"), moved).await.ok());
        let skills = format!("/orgs/{home}/members/{}/skills/%E6%80%A5%E6%95%91", branch[0].id);
        secretary.put(&skills, json!({"expires_on": "2026-12-31"})).await.ok();
        let form = form::of("花名册.csv", "姓名,手机号\n吴芳,13900007777\n".as_bytes());
        let tried = format!("/orgs/{home}/imports?dry_run=true");
        let tried = form::send(&secretary, &tried, form).await.ok();
        let tried = tried["import_id"].as_str().unwrap().to_owned();
        let complaint = json!({"org_id": community, "about": "burden", "words": COMPLAINT});
        let complaint = id(&wang.post("/complaints", complaint).await.ok());

        let mut doubted = Vec::new();
        for detail in ["存疑词", "还是存疑词"] {
            let ask = json!({"org_id": community, "category": "助老", "title": "陪同复查", "detail": detail});
            wang.post("/requests", ask).await.ok();
            let waits = office.get(&format!("/orgs/{community}/content")).await.ok();
            doubted.push(id(&waits["items"][0]));
        }

        let mut asked = BTreeMap::new();
        for name in ["asked", "spare", "given", "done", "elsewhere", "twin"] {
            let ask = json!({"org_id": community, "category": "助老", "title": "陪同复查", "detail": DETAIL,
                "place": {"name": "文化小区", "lat": 27.70123, "lng": 106.93871, "address": ADDRESS}});
            asked.insert(name, id(&wang.post("/requests", ask).await.ok()));
        }
        let today = Day::of(app.state.clock.now());
        let (monday, saturday) = (today.plus(1), today.next_saturday());
        let mut tasks = BTreeMap::new();
        for (name, from, to, request, publish) in [
            ("open", saturday.time(9, 0), saturday.time(11, 0), Some("given"), true),
            ("free", saturday.time(16, 0), saturday.time(18, 0), None, true),
            ("draft", saturday.time(13, 0), saturday.time(15, 0), None, false),
            ("served", monday.time(9, 0), monday.time(10, 0), Some("done"), true),
            ("told", monday.time(9, 0), monday.time(10, 0), None, true),
            ("told2", monday.time(9, 0), monday.time(10, 0), None, true),
            ("running", monday.time(11, 0), monday.time(13, 0), None, true),
            ("full", saturday.plus(1).time(9, 0), saturday.plus(1).time(10, 0), None, true),
            ("drawn", saturday.plus(1).time(18, 0), saturday.plus(1).time(19, 0), None, true),
            ("full2", saturday.plus(1).time(14, 0), saturday.plus(1).time(15, 0), None, true),
        ] {
            let slots = match name {
                "open" => 4,
                full if full.starts_with("full") => 1,
                _ => 3,
            };
            let mut form = json!({"title": "社区任务", "slots": slots, "starts_at": from, "ends_at": to,
                "notes": NOTES, "publish": publish});
            let path = match request {
                Some(request) => format!("/requests/{}/dispatch", asked[request]),
                None => "/tasks".to_owned(),
            };
            if request.is_none() {
                form["org_id"] = json!(community);
            }
            if name == "drawn" {
                form["draw_at"] = json!(saturday.time(20, 0));
            }
            tasks.insert(name, id(&office.post(&path, form).await.ok()));
        }
        let mut claims = BTreeMap::new();
        for (name, who, task) in [
            ("held", 0, "open"),
            ("loose", 1, "open"),
            ("told", 0, "told"),
            ("told2", 2, "told2"),
            ("served", 1, "served"),
            ("inside", 1, "running"),
            ("coming", 2, "running"),
            ("kept", 0, "full"),
            ("kept2", 1, "full2"),
            ("sorry", 3, "open"),
            ("appealed", 3, "free"),
            ("missing", 3, "served"),
        ] {
            claims.insert(name, id(&branch[who].claims(&tasks[task]).await.ok()));
        }
        for name in ["sorry", "appealed"] {
            let why = json!({"reason": EXCUSE});
            branch[3].post(&format!("/claims/{}/excuse", claims[name]), why).await.ok();
        }
        let appealed = format!("/claims/{}", claims["appealed"]);
        let why = json!({"reason": EXCUSE});
        office.post(&format!("{appealed}/excuse/refuse"), why.clone()).await.ok();
        branch[3].post(&format!("{appealed}/appeal"), why).await.ok();
        let page = office.get(&format!("/tasks/{}", tasks["running"])).await.ok();
        self.check_in_code = page["check_in_code"].as_str().unwrap().to_owned();
        self.keep("files", "wang", picture);
        self.keep("orgs", "second", second);
        self.keep("memberships", "second", moved);
        self.keep("imports", "tried", tried);
        self.keep("complaints", "filed", complaint);
        for (name, id) in ["doubted", "doubted too"].into_iter().zip(doubted) {
            self.keep("content", name, id);
        }
        let asker = wang.id.to_string();
        self.keep("people", "asker", asker);
        self.keep("orgs", "community", community);
        self.keep("orgs", "branch", home);
        self.keep("memberships", "lives", lives);
        self.keep("memberships", "belongs", belongs);
        self.keep("roles", "third", grant);
        self.keep("categories", "care", care);
        for (folder, rows) in [("requests", asked), ("tasks", tasks), ("claims", claims)] {
            for (name, id) in rows {
                self.keep(folder, name, id);
            }
        }
    }

    /// What the office posts again and again.
    async fn plans(&mut self) {
        let (app, community) = (&self.app, self.row("orgs", "community"));
        let office = app.office().await;
        let task = json!({"title": "每周巡查", "slots": 4, "minutes": 90, "notes": NOTES,
            "place": {"name": "文化小区", "address": ADDRESS}});
        let template = json!({"name": "巡查", "task": task});
        let template = office.post(&format!("/orgs/{community}/task-templates"), template).await;
        let series =
            json!({"task": task, "rule": "FREQ=WEEKLY;BYDAY=SA", "first": app.saturday(9)});
        let series = office.post(&format!("/orgs/{community}/task-series"), series).await;
        self.keep("task-templates", "monthly", id(&template.ok()));
        self.keep("task-series", "weekly", id(&series.ok()));
    }

    /// 主题党日 of this month and the next.
    async fn theme_days(&mut self) {
        let secretary = self.app.staff("secretary").await;
        let rule = json!({"kind": "date", "day": 25, "starts": "15:00", "minutes": 120});
        let mut made = Vec::new();
        for (name, org, from, to) in [
            ("coming", "branch", "2026-11-27T15:00:00+08:00", "2026-11-27T17:00:00+08:00"),
            ("spare", "branch", "2026-12-25T15:00:00+08:00", "2026-12-25T17:00:00+08:00"),
            ("held", "community", "2026-11-23T09:00:00+08:00", "2026-11-23T10:00:00+08:00"),
            ("waiting", "second", "2026-11-23T09:00:00+08:00", "2026-11-23T10:00:00+08:00"),
        ] {
            let org = format!("/orgs/{}", self.row("orgs", org));
            secretary.put(&format!("{org}/theme-day-rule"), rule.clone()).await.ok();
            let day = json!({"theme": THEME, "starts_at": from, "ends_at": to, "notes": NOTES});
            let day = secretary.post(&format!("{org}/theme-days"), day).await;
            made.push((name, id(&day.ok())));
        }
        for (name, id) in made {
            self.keep("theme-days", name, id);
        }
    }

    /// One of them waits for the org above.
    async fn records(&mut self) {
        let record = format!("/theme-days/{}/record", self.row("theme-days", "waiting"));
        self.who("secretary").post(&record, json!({"words": "集中学习，交流发言"})).await.ok();
    }

    /// A member's political birthday is near, and a comrade has written already.
    async fn birthday(&mut self) {
        let (app, branch) = (&self.app, self.row("orgs", "branch").to_owned());
        let secretary = app.staff("secretary").await;
        let (li, zhao) = (app.sign_in("李建国").await, app.sign_in("赵敏").await);
        let on = json!({"birthday_wishes_by_members": true});
        app.staff("leader").await.put(&format!("/orgs/{branch}/settings"), on).await.ok();
        let record = json!({"joined_on": JOINED, "consented": true});
        let page = format!("/orgs/{branch}/members/{}/party", li.id);
        secretary.put(&page, record).await.ok();
        li.put("/me/birthday", json!({"greet": true, "tell_branch": true})).await.ok();
        let wishes = format!("/birthdays/{}/wishes", li.id);
        let wish = id(&zhao.post(&wishes, json!({"words": WISH})).await.ok());
        let own = json!({"fits": "tenth", "words": "十年，谢谢您。"});
        let own = id(&secretary.post(&format!("/orgs/{branch}/wish-templates"), own).await.ok());
        self.keep("birthdays", "li", li.id.to_string());
        self.keep("birthday-wishes", "warm", wish);
        self.keep("wish-templates", "own", own);
    }

    /// 幸福社区 next door asks 文化社区 for its people.
    async fn neighbours(&mut self) {
        let app = &self.app;
        let (operator, happy) = (app.staff("operator").await, app.org_id("520302014005").await);
        let account = json!({"username": "xingfu", "name": "小郭", "password": "linli-test-2026"});
        let grant = json!({"account": account, "role": "dispatcher"});
        operator.post(&format!("/orgs/{happy}/roles"), grant).await.ok();
        let (next_door, community) = (app.staff("xingfu").await, self.row("orgs", "community"));
        let mut loans = Vec::new();
        for _ in 0..2 {
            let mut form = self.form(Some(&happy));
            form["publish"] = json!(true);
            let task = id(&next_door.post("/tasks", form).await.ok());
            let ask = json!({"org_id": community, "note": DETAIL});
            loans.push(id(&next_door.post(&format!("/tasks/{task}/borrow"), ask).await.ok()));
        }
        self.keep("neighbours", "happy", happy);
        let second = loans.pop().unwrap();
        self.keep("loans", "second", second);
        self.keep("loans", "first", loans.pop().unwrap());
    }

    /// Serving, reporting, telling.
    async fn monday(&mut self) {
        let served = [("李建国", "told"), ("孙立", "told2"), ("赵敏", "served")];
        self.at(1, 9).await;
        for (who, name) in served {
            self.check_in(who, name, name).await;
        }
        self.at(0, 10).await;
        for (who, claim) in served {
            let path = format!("/claims/{}/check-out", self.row("claims", claim));
            self.who(who).does(&path).await.ok();
        }
        for (who, name) in served {
            let path = format!("/tasks/{}", self.row("tasks", name));
            let words = json!({"words": "已完成"});
            self.who("office").post(&format!("{path}/report"), words).await.ok();
            if name != "served" {
                self.who("second").does(&format!("{path}/confirm")).await.ok();
            }
            let mut story = json!({"title": "周一的服务", "words": "大家都来了，来回平安。"});
            if name == "told2" {
                story["shown"] = json!([self.who(who).id]);
            }
            let story = id(&self.who("office").post(&format!("{path}/story"), story).await.ok());
            let name = match name {
                "told" => "shown",
                "told2" => "waiting",
                _ => "sketch",
            };
            if name != "sketch" {
                self.who("office").does(&format!("/stories/{story}/submit")).await.ok();
            }
            if name == "shown" {
                self.who("second").does(&format!("/stories/{story}/approve")).await.ok();
            }
            self.keep("stories", name, story);
        }
        self.at(0, 11).await;
        self.check_in("赵敏", "inside", "running").await;
        for (name, from, claim, to) in
            [("to_take", "李建国", "kept", "赵敏"), ("to_refuse", "赵敏", "kept2", "孙立")]
        {
            let path = format!("/claims/{}/hand-over", self.row("claims", claim));
            let to = json!({"user_id": self.who(to).id});
            let offer = id(&self.who(from).post(&path, to).await.ok());
            self.keep("offers", name, offer);
        }
    }

    /// Hours and points that wait for a second person.
    async fn accounts(&mut self) {
        let office = self.who("office");
        let community = format!("/orgs/{}", self.row("orgs", "community"));
        let on = json!({"points_enabled": true, "ranking_enabled": true});
        office.put(&format!("{community}/settings"), on).await.ok();
        let mut asked = Vec::new();
        for (name, claim) in [("asked", "told"), ("asked too", "told2")] {
            let path = format!("/claims/{}/correct", self.row("claims", claim));
            let minutes = json!({"minutes": 45, "reason": "晚到了一刻钟"});
            asked.push(("hours", name, id(&office.post(&path, minutes).await.ok())));
            let points = json!({"user_id": self.who("李建国").id, "kind": "pioneer", "amount": 3,
                "reason": "连夜值守"});
            let points = office.post(&format!("{community}/points"), points).await.ok();
            asked.push(("points", name, id(&points)));
        }
        asked.extend(stars::rated(self).await);
        for (folder, name, id) in asked {
            self.keep(folder, name, id);
        }
    }

    async fn check_in(&self, who: &str, claim: &'static str, task: &'static str) {
        let page = format!("/tasks/{}", self.row("tasks", task));
        let code = self.who("office").get(&page).await.ok()["check_in_code"].clone();
        let path = format!("/claims/{}/check-in", self.row("claims", claim));
        self.who(who).post(&path, json!({"code": code})).await.ok();
    }

    /// Those from elsewhere, each with every right where they are.
    async fn gather_others(&mut self) {
        let app = &self.app;
        let (operator, theirs) = (app.staff("operator").await, app.org_id(OTHER_COMMUNITY).await);
        let district = app.org_id("520303").await;
        for (username, role, org) in [
            ("huichuan", "leader", &district),
            ("maoshuji", "secretary", &theirs),
            ("huiyunwei", "operator", &district),
        ] {
            let account =
                json!({"username": username, "name": "外区", "password": "linli-test-2026"});
            let grant = json!({"account": account, "role": role});
            operator.post(&format!("/orgs/{org}/roles"), grant).await.ok();
        }
        let office = app.staff("maocaopu").await;
        let resident = app.resident("茅草铺居民").await;
        let lives = json!({"org_id": theirs, "kind": "residence"});
        let lives = id(&resident.post("/me/memberships", lives).await.ok());
        office.does(&format!("/memberships/{lives}/confirm")).await.ok();
        resident.put("/me", json!({"volunteer": true})).await.ok();
        let member = app.members_of(OTHER_COMMUNITY, &["茅草铺党员".into()]).await.remove(0);
        self.others = BTreeMap::from([
            ("a resident of the other community", resident),
            ("a member of the other community", member),
            ("a neighbour who belongs nowhere", app.resident("过路人").await),
            ("the other office", office),
            ("the other secretary", app.staff("maoshuji").await),
            ("the other district's leader", app.staff("huichuan").await),
            ("the other district's operator", app.staff("huiyunwei").await),
        ]);
    }

    /// A task of next Saturday evening, of the org where one is named.
    pub fn form(&self, org: Option<&str>) -> Value {
        let (from, to) = (self.app.saturday(19), self.app.saturday(20));
        let mut form = json!({"title": "夜间巡查", "slots": 2, "starts_at": from, "ends_at": to});
        if let Some(org) = org {
            form["org_id"] = json!(org);
        }
        form
    }
}
