//! 到期清除: what is kept no longer than it is needed, on one page. A run compares what is there with what should be,
//! so it may run at any time and twice; `linli retention --dry-run` only counts.

use std::time::Duration;

use ::entity::{
    At, answer, content_check, event, file, idempotency_key, media_check, media_verdict, push,
    request, schedule_run, session, sign_in_try, story, subscribe_event, task, wechat_push,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityName, EntityTrait, IdenStatic, QueryFilter,
    QuerySelect, QueryTrait,
    sea_query::{Alias, Expr, Query, SimpleExpr},
};

use crate::{
    kernel::Error,
    platform::{AppState, db::Step},
};

const DAY: Duration = Duration::from_secs(24 * 3600);
/// What the timetable did; far longer than any job may be late, so that no period comes back.
const RUNS: Duration = Duration::from_secs(400 * 24 * 3600);
/// Answers to retries.
const ANSWERS: Duration = Duration::from_secs(7 * 24 * 3600);

/// What is done to rows that are due: these columns are overwritten; none: the rows are deleted.
type Blanks = Vec<(&'static str, SimpleExpr)>;

/// One thing that is kept so long and no longer.
struct Rule {
    /// In words for an operator.
    what: &'static str,
    table: &'static str,
    due: Condition,
    blanks: Blanks,
}

/// What a run did, or would do, to one kind of thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Swept {
    pub what: &'static str,
    pub rows: u64,
}

fn blank(column: impl IdenStatic) -> (&'static str, SimpleExpr) {
    (column.as_str(), Expr::null())
}

/// The whole of it, in the order in which it is done.
fn rules(state: &AppState) -> Vec<Rule> {
    use content_check::ContentState::{Passed, Pending, Refused, Replaced};
    use media_check::MediaState;
    use request::RequestState::{Closed, Declined, Merged, Withdrawn};
    let (now, privacy) = (state.clock.now(), &state.settings.privacy);
    let months = now.minus(DAY * 30 * privacy.keep_request_months);
    let drafts = now.minus(DAY * privacy.keep_draft_days);
    let cleared = || {
        let cleared = request::Entity::find().filter(request::Column::Detail.eq(""));
        cleared.select_only().column(request::Column::Id).into_query()
    };
    let photos = file::Entity::find().select_only().column(file::Column::Id).into_query();
    let before = |column: &dyn Fn(At) -> SimpleExpr, at: At| Condition::all().add(column(at));
    vec![
        Rule {
            what: "办结已久的需求：详情、地点和理由",
            table: request::Entity.table_name(),
            due: before(&|at| request::Column::UpdatedAt.lt(at), months)
                .add(request::Column::State.is_in([Closed, Declined, Merged, Withdrawn]))
                .add(request::Column::Detail.ne("")),
            blanks: vec![
                (request::Column::Detail.as_str(), Expr::value("")),
                blank(request::Column::PlaceName),
                blank(request::Column::Address),
                blank(request::Column::Lat),
                blank(request::Column::Lng),
                blank(request::Column::Reason),
                blank(request::Column::Answers),
            ],
        },
        Rule {
            what: "这些需求的评价留言",
            table: answer::Entity.table_name(),
            due: Condition::all()
                .add(answer::Column::Words.is_not_null())
                .add(answer::Column::RequestId.in_subquery(cleared())),
            blanks: vec![blank(answer::Column::Words)],
        },
        Rule {
            what: "这些需求时间线上的话",
            table: event::Entity.table_name(),
            due: Condition::all()
                .add(event::Column::Words.is_not_null())
                .add(event::Column::RequestId.in_subquery(cleared())),
            blanks: vec![blank(event::Column::Words)],
        },
        Rule {
            what: "这些需求的任务地址",
            table: task::Entity.table_name(),
            due: Condition::all()
                .add(task::Column::Address.is_not_null())
                .add(task::Column::RequestId.in_subquery(cleared())),
            blanks: vec![blank(task::Column::Address)],
        },
        Rule {
            what: "没有发布的旧稿",
            table: story::Entity.table_name(),
            due: before(&|at| story::Column::UpdatedAt.lt(at), drafts).add(
                story::Column::State.is_in([story::StoryState::Draft, story::StoryState::Rejected]),
            ),
            blanks: vec![
                (story::Column::State.as_str(), Expr::value("withdrawn")),
                (story::Column::Title.as_str(), Expr::value("过期的草稿")),
                (story::Column::Words.as_str(), Expr::value("")),
                blank(story::Column::Reason),
            ],
        },
        Rule {
            what: "半年以前核对完的话",
            table: content_check::Entity.table_name(),
            due: before(&|at| content_check::Column::CreatedAt.lt(at), now.minus(DAY * 180))
                .add(content_check::Column::State.is_in([Passed, Replaced])),
            blanks: Vec::new(),
        },
        Rule {
            // The mark stays: what nobody passed is not shown after all.
            what: "没有通过的旧话",
            table: content_check::Entity.table_name(),
            due: before(&|at| content_check::Column::CreatedAt.lt(at), months)
                .add(content_check::Column::State.is_in([Pending, Refused]))
                .add(
                    Condition::any()
                        .add(content_check::Column::Words.is_not_null())
                        .add(content_check::Column::Reason.is_not_null()),
                ),
            blanks: vec![blank(content_check::Column::Words), blank(content_check::Column::Reason)],
        },
        Rule {
            what: "照片已经不在的图片核对",
            table: media_check::Entity.table_name(),
            due: Condition::any().add(media_check::Column::ObjectId.not_in_subquery(photos)).add(
                before(&|at| media_check::Column::CreatedAt.lt(at), now.minus(DAY * 180))
                    .add(media_check::Column::State.eq(MediaState::Expired)),
            ),
            blanks: Vec::new(),
        },
        Rule {
            what: "没有通过的旧照片的理由",
            table: media_check::Entity.table_name(),
            due: before(&|at| media_check::Column::CreatedAt.lt(at), months)
                .add(media_check::Column::Reason.is_not_null()),
            blanks: vec![blank(media_check::Column::Reason)],
        },
        Rule {
            what: "一天以前对不上照片的结论",
            table: media_verdict::Entity.table_name(),
            due: before(&|at| media_verdict::Column::HeardAt.lt(at), now.minus(DAY)),
            blanks: Vec::new(),
        },
        Rule {
            what: "半年以前的手机消息",
            table: push::Entity.table_name(),
            due: before(&|at| push::Column::UpdatedAt.lt(at), now.minus(DAY * 180)),
            blanks: Vec::new(),
        },
        Rule {
            what: "一年以前的订阅记录",
            table: subscribe_event::Entity.table_name(),
            due: before(&|at| subscribe_event::Column::At.lt(at), now.minus(DAY * 365)),
            blanks: Vec::new(),
        },
        Rule {
            what: "过期的登录",
            table: session::Entity.table_name(),
            due: before(&|at| session::Column::ExpiresAt.lt(at), now),
            blanks: Vec::new(),
        },
        Rule {
            what: "一天以前的登录失败次数",
            table: sign_in_try::Entity.table_name(),
            due: before(&|at| sign_in_try::Column::UpdatedAt.lt(at), now.minus(DAY)),
            blanks: Vec::new(),
        },
        Rule {
            what: "一天以前处理完的微信推送",
            table: wechat_push::Entity.table_name(),
            due: before(&|at| wechat_push::Column::HandledAt.lt(at), now.minus(DAY)),
            blanks: Vec::new(),
        },
        Rule {
            what: "七天以前的重试回答",
            table: idempotency_key::Entity.table_name(),
            due: before(&|at| idempotency_key::Column::CreatedAt.lt(at), now.minus(ANSWERS)),
            blanks: Vec::new(),
        },
        Rule {
            what: "四百天以前的定时任务记录",
            table: schedule_run::Entity.table_name(),
            due: before(&|at| schedule_run::Column::EndedAt.lt(at), now.minus(RUNS)),
            blanks: Vec::new(),
        },
    ]
}

/// One run, or with `dry` the count of what a run would do.
///
/// # Errors
/// When the database fails; what was done before stays done.
pub async fn run(state: &AppState, dry: bool) -> Result<Vec<Swept>, Error> {
    let mut all = Vec::new();
    for rule in rules(state) {
        let what = rule.what;
        let rows = if dry { count(state, rule).await? } else { sweep(state, rule).await? };
        all.push(Swept { what, rows });
    }
    Ok(all)
}

async fn count(state: &AppState, rule: Rule) -> Result<u64, Error> {
    let mut count = Query::select();
    count.expr(Expr::cust("count(*)")).from(Alias::new(rule.table)).cond_where(rule.due);
    let row = state.db.read().query_one(&count).await.step("count what is due")?;
    let row = row.ok_or_else(|| Error::impossible("count what is due"))?;
    let rows: i64 = row.try_get_by_index(0).step("count what is due")?;
    Ok(rows.unsigned_abs())
}

async fn sweep(state: &AppState, rule: Rule) -> Result<u64, Error> {
    let table = Alias::new(rule.table);
    let tx = state.db.write().await?;
    let done = if rule.blanks.is_empty() {
        tx.execute(Query::delete().from_table(table).cond_where(rule.due)).await
    } else {
        let mut update = Query::update();
        update.table(table).cond_where(rule.due);
        for (column, value) in rule.blanks {
            update.value(Alias::new(column), value);
        }
        tx.execute(&update).await
    };
    let rows = done.step("clear what is due")?.rows_affected();
    tx.commit().await?;
    Ok(rows)
}
