//! 花名册导入: a workbook as people keep it, mended, and once more.

use ::entity::{membership, person};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::helpers::{Expect, OTHER_COMMUNITY, Person, TestApp, WENHUA, eventually, form};

async fn import(who: &Person, org: &str, name: &str, file: &[u8]) -> Value {
    let sent = form::send(who, &format!("/orgs/{org}/imports"), form::of(name, file)).await;
    settled(who, sent.ok()).await
}

/// The import once it is no longer running.
async fn settled(who: &Person, mut import: Value) -> Value {
    let page = format!("/imports/{}", import["import_id"].as_str().unwrap());
    eventually("the import is done", async || {
        if import["state"] == "running" {
            import = who.get(&page).await.ok();
        }
        import["state"] != "running"
    })
    .await;
    import
}

pub(super) fn faults(import: &Value) -> Vec<(u64, String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let one =
        |one: &Value| (one["row"].as_u64().unwrap(), text(&one["column"]), text(&one["code"]));
    import["errors"].as_array().unwrap().iter().map(one).collect()
}

pub(super) async fn people(app: &TestApp) -> (u64, u64) {
    let db = app.state.db.read();
    let places = membership::Entity::find().count(db).await.unwrap();
    (person::Entity::find().count(db).await.unwrap(), places)
}

/// A workbook with a merged title, a note above the headings, headings in an order of their own, a branch merged over all its members,
/// dates and phones in every manner, blank lines between and words at the end. The row `bad` as Excel shows it and the two
/// after it are wrong, each in its own way.
pub(super) fn workbook(people: u32, bad: Option<u32>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let (plain, date) = (Format::new(), Format::new().set_num_format("yyyy/m/d"));
    sheet.merge_range(0, 0, 0, 6, "文化社区党员花名册（2026年）", &plain)?;
    sheet.write(1, 0, "填表单位：文化社区党委")?;
    let headings =
        ["序号", "所在党支部", "联系电话", " 姓　名", "入党时间", "身份证号", "党员类别"];
    for (column, heading) in (0..).zip(headings) {
        sheet.write(2, column, heading)?;
    }
    let mut row = 3;
    for n in 0..people {
        if n > 0 && n % 1_000 == 0 {
            row += 2;
        }
        sheet.write(row, 0, n + 1)?;
        let phone = format!("139{n:08}");
        match n % 4 {
            0 => sheet.write(row, 2, phone.parse::<f64>().unwrap_or_default())?,
            1 => sheet.write(
                row,
                2,
                format!("+86 {}-{}-{}", &phone[..3], &phone[3..7], &phone[7..]),
            )?,
            2 => {
                let wide = phone.chars().filter_map(|sign| char::from_u32(sign as u32 + 0xfee0));
                sheet.write(row, 2, wide.collect::<String>())?
            }
            _ => sheet.write(row, 2, phone)?,
        };
        sheet.write(row, 3, format!("张　{}", char::from_u32(0x4e00 + n % 2_000).unwrap()))?;
        match n % 4 {
            0 => sheet.write_with_format(row, 4, 43_647, &date)?,
            1 => sheet.write(row, 4, "2019.7.1")?,
            2 => sheet.write(row, 4, "２０１９年７月１日")?,
            _ => sheet.write(row, 4, "2019-07-01")?,
        };
        sheet.write(row, 6, if n % 2 == 0 { "在职" } else { "夕阳红" })?;
        row += 1;
    }
    if let Some(bad) = bad {
        sheet.write(bad - 1, 4, "2019.13.1")?;
        sheet.write(bad, 2, "13900000000")?;
        sheet.write_blank(bad + 1, 3, &plain)?;
    }
    sheet.merge_range(3, 1, row - 1, 1, "文化社区第一党支部", &plain)?;
    sheet.write(row + 1, 0, "注：以上人员均已核对。")?;
    book.save_to_buffer()
}

/// What is to be told of a workbook whose row `bad` and the next two are wrong.
pub(super) fn faults_from(bad: u64) -> [(u64, String, String); 3] {
    let owned = |row, column: &str, code: &str| (row, column.to_owned(), code.to_owned());
    [
        owned(bad, "入党时间", "date"),
        owned(bad + 1, "联系电话", "duplicate"),
        owned(bad + 2, "姓 名", "required"),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_messy_workbook_names_every_fault_the_mended_one_comes_in_and_once_more_changes_nothing()
{
    let app = TestApp::spawn().await;
    let (office, wenhua) = (app.office().await, app.org_id(WENHUA).await);
    let before = people(&app).await;
    let bad = import(&office, &wenhua, "花名册.xlsx", &workbook(300, Some(6)).unwrap()).await;
    assert_eq!(bad["state"], "refused", "{bad}");
    assert_eq!(faults(&bad), faults_from(6), "{bad}");
    assert_eq!(people(&app).await, before, "nothing half done");
    assert_eq!(bad["ignored_columns"], json!(["序号", "身份证号"]));

    let mended = workbook(300, None).unwrap();
    let trial = format!("/orgs/{wenhua}/imports?dry_run=true");
    let tried = form::send(&office, &trial, form::of("花名册.xlsx", &mended)).await.ok();
    let tried = settled(&office, tried).await;
    assert_eq!((&tried["state"], &tried["added"]), (&json!("done"), &json!(300)));
    assert_eq!(people(&app).await, before, "only tried");
    let good = import(&office, &wenhua, "花名册.xlsx", &mended).await;
    let counts = |one: &Value| {
        ["rows", "added", "changed", "unchanged"].map(|key| one[key].as_i64().unwrap())
    };
    assert_eq!(counts(&good), [300, 300, 0, 0], "{good}");
    assert_eq!(people(&app).await, (before.0 + 300, before.1 + 300));
    let again = import(&office, &wenhua, "花名册.xlsx", &mended).await;
    assert_eq!(counts(&again), [300, 0, 0, 300], "{again}");
    assert_eq!(people(&app).await, (before.0 + 300, before.1 + 300));

    let branch = app.branch_id(WENHUA).await;
    let page = office.get(&format!("/orgs/{branch}/members?limit=1&class=employed")).await.ok();
    let member = &page["items"][0];
    assert_eq!((&member["state"], &member["class"]), (&json!("confirmed"), &json!("employed")));
    let record = format!("/orgs/{branch}/members/{}/party", member["person_id"].as_str().unwrap());
    let record = app.staff("secretary").await.get(&record).await.ok();
    assert_eq!(record["joined_on"], "2019-07-01");
    let listed = office.get(&format!("/orgs/{wenhua}/imports")).await.ok();
    assert_eq!(listed["items"].as_array().unwrap().len(), 4);
    let roster = crate::helpers::dump::texts(
        app.state.db.read(),
        "SELECT CAST(count(*) AS text) FROM audit_entry WHERE action = 'roster.imported'",
    );
    assert_eq!(roster.await, ["2"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn csv_from_every_program_reads_alike_and_the_phone_opens_the_account() {
    let app = TestApp::spawn().await;
    let (secretary, branch) = (app.staff("secretary").await, app.branch_id(WENHUA).await);
    let file = "姓名,手机号,居住社区,技能\n欧阳建国,13987654321,幸福社区居民委员会,急救、电工\n";
    let first = import(&secretary, &branch, "a.csv", file.as_bytes()).await;
    assert_eq!(first["added"], 1, "{first}");
    let (gb, _, _) = encoding_rs::GB18030.encode(file);
    let marked = [b"\xef\xbb\xbf", file.as_bytes()].concat();
    for same in [&gb[..], &marked] {
        let again = import(&secretary, &branch, "b.csv", same).await;
        assert_eq!((&again["added"], &again["unchanged"]), (&json!(0), &json!(1)), "{again}");
    }
    app.sign_in("小欧").await.post("/me/phone", json!({"code": "dev:13987654321"})).await.ok();
    let me = app.sign_in("小欧").await.get("/me").await.ok();
    let places = me["memberships"].as_array().unwrap();
    assert_eq!(places.len(), 2, "{me}");
    let lives = places.iter().find(|place| place["kind"] == "residence").unwrap();
    assert_eq!(lives["state"], "pending", "the community says yes: {me}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_merged_with_somebody_else() {
    let app = TestApp::spawn().await;
    let (secretary, branch) = (app.staff("secretary").await, app.branch_id(WENHUA).await);
    let send = async |file: &str| import(&secretary, &branch, "a.csv", file.as_bytes()).await;
    let first = send("姓名,手机号\n张三,13900000001\n李四,\n王五,\n").await;
    assert_eq!(first["added"], 3, "{first}");
    let before = people(&app).await;

    // A namesake with another phone; twice the same person; a phone of another name.
    let told = send("姓名,手机号\n张三,13900000009\n李四,13900000002\n李四,\n").await;
    let codes: Vec<_> = faults(&told).into_iter().map(|(row, _, code)| (row, code)).collect();
    assert_eq!(codes, [(2, "same_name".to_owned()), (4, "duplicate".to_owned())], "{told}");
    let told = send("姓名,手机号\n赵六,13900000001\n").await;
    assert_eq!(faults(&told)[0].2, "other_name", "{told}");
    let text = told.to_string();
    assert!(!text.contains("13900000001") && !text.contains("张三"), "nothing comes back: {told}");
    assert_eq!(people(&app).await, before);

    // Who had no phone gets one, and it is said.
    let told = send("姓名,手机号\n张三,13900000001\n李四,13900000002\n王五,\n").await;
    assert_eq!((&told["changed"], &told["unchanged"]), (&json!(1), &json!(2)), "{told}");
    assert_eq!(told["notes"][0]["code"], "matched_by_name");

    // Whoever belongs to another branch is moved, not imported.
    let far = app.staff("maocaopu").await;
    let there = app.branch_id(OTHER_COMMUNITY).await;
    let told = import(&far, &there, "a.csv", "姓名,手机号\n张三,13900000001\n".as_bytes()).await;
    assert_eq!(faults(&told)[0].2, "elsewhere", "{told}");
    assert!(!told.to_string().contains("文化社区"), "{told}");
    assert_eq!(people(&app).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_roster_is_refused_in_words() {
    let app = TestApp::spawn().await;
    let (secretary, branch) = (app.staff("secretary").await, app.branch_id(WENHUA).await);
    let path = format!("/orgs/{branch}/imports");
    let send = async |file: &[u8]| form::send(&secretary, &path, form::of("a", file)).await;
    for file in [
        &b"\xd0\xcf\x11\xe0"[..],
        b"\x89PNG\r\n\x1a\n\0\0",
        b"PK\x03\x04broken",
        b"a,b\n1,2\n",
        b"",
    ] {
        send(file).await.refused_field("file", "value");
    }
    send("姓名,手机号,电话\n张三,1,2\n".as_bytes()).await.refused_field("file", "value");
    send(&vec![b'x'; (8 << 20) + 1]).await.refused(413, "body.too_large");
    secretary.post(&path, json!({"file": "x"})).await.refused_field("file", "type");
    let wenhua = app.org_id(WENHUA).await;
    let (office, file) = (app.office().await, "姓名,手机号,支部\n张三,,\n李四,,第九支部\n");
    let told = import(&office, &wenhua, "a.csv", file.as_bytes()).await;
    let codes: Vec<_> = faults(&told).into_iter().map(|(row, _, code)| (row, code)).collect();
    assert_eq!(codes, [(2, "required".to_owned()), (3, "branch".to_owned())]);
    let template = secretary.get(&format!("{path}/template")).await;
    assert!(
        template.is_success()
            && template.headers["content-disposition"].to_str().unwrap().contains(".xlsx")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_offices_import_the_same_people_at_once_and_each_is_there_once() {
    let app = TestApp::spawn().await;
    let (office, secretary) = (app.office().await, app.staff("secretary").await);
    let (wenhua, branch) = (app.org_id(WENHUA).await, app.branch_id(WENHUA).await);
    let before = people(&app).await;
    let lines: String = (0..60).map(|n| format!("张{n},,文化社区第一党支部\n")).collect();
    let file = format!("姓名,手机号,支部\n{lines}");
    let (one, two) = tokio::join!(
        import(&office, &wenhua, "a.csv", file.as_bytes()),
        import(&secretary, &branch, "a.csv", file.as_bytes()),
    );
    assert_eq!((&one["state"], &two["state"]), (&json!("done"), &json!("done")), "{one}\n{two}");
    assert_eq!(people(&app).await, (before.0 + 60, before.1 + 60));
}
