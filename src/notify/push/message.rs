//! What a phone shows of a notice: coarse and public. Whoever looks over a shoulder learns that there is a task, when
//! and at which public place; what it is about, for whom and why is read after a tap, signed in.

use entity::At;

use crate::{
    kernel::{
        Day,
        day::{written, written_day},
    },
    notify::{Notice, Subject},
};

use super::TemplateKind;

/// Stands where something is not for a lock screen.
const INSIDE: &str = "请打开小程序查看";

/// What the message says, by the names of `TemplateKind::parts`. `now`: when it is told.
pub(super) fn values(kind: TemplateKind, notice: &Notice, now: At) -> Vec<(&'static str, String)> {
    kind.parts().iter().map(|part| (*part, value(part, notice, now))).collect()
}

fn value(part: &str, notice: &Notice, now: At) -> String {
    let (subject, matter) = (notice.subject, &notice.matter);
    let planned = matter.task.as_ref().map(|(_, at)| *at).or(matter.theme_day_at);
    let start = notice.begins_at.or(planned).unwrap_or(now);
    match part {
        // A resident's task is called after what they asked for.
        "task" if notice.request_id.is_some() => "邻里服务任务".to_owned(),
        "task" => matter.task.as_ref().map_or_else(|| "服务任务".to_owned(), |(t, _)| t.clone()),
        "theme" => matter.theme_day.clone().unwrap_or_else(|| "主题活动".to_owned()),
        "place" if notice.request_id.is_some() => INSIDE.to_owned(),
        "place" => matter.place.clone().unwrap_or_else(|| INSIDE.to_owned()),
        "start" => written(start),
        "at" => written(now),
        "date" => written_day(Day::of(now)),
        "change" if subject == Subject::TaskRescheduled => "时间改了，请打开看一看".to_owned(),
        "change" => "安排有更新，请打开看一看".to_owned(),
        "result" => result(subject).to_owned(),
        "step" => step(subject).to_owned(),
        "matter" if notice.subject == Subject::TaskShort => "接单人数不够，请决定".to_owned(),
        "matter" => subject.title().to_owned(),
        "wish" => "愿您平安喜乐".to_owned(),
        "from" => "邻里".to_owned(),
        "count" => "1".to_owned(),
        // "reason", "tip", "note": written by people, so nobody knows what stands in them.
        _ => INSIDE.to_owned(),
    }
}

/// At most five Chinese signs, as WeChat asks of a phrase.
fn result(subject: Subject) -> &'static str {
    match subject {
        Subject::TaskForYou | Subject::TaskAsked => "请您帮忙",
        Subject::YouLead => "请您带队",
        Subject::ClaimAssigned => "已有安排",
        Subject::OfferMade => "名额待确认",
        Subject::Promoted => "候补成功",
        Subject::ClaimHandedOver => "已经转交",
        Subject::HandOverDeclined => "转交未成",
        Subject::ClaimLapsed => "名额已让出",
        _ => "有新消息",
    }
}

fn step(subject: Subject) -> &'static str {
    match subject {
        Subject::RequestAsked => "需要补充",
        Subject::RequestDeclined => "没有受理",
        Subject::RequestDispatched => "已经安排",
        Subject::RequestFulfilled => "请您评价",
        Subject::RequestPassed => "转别处办理",
        Subject::RequestReferred => "已转热线",
        Subject::SomebodyComes => "有人接单",
        Subject::RequestMoved => "时间有变",
        _ => "有新进展",
    }
}

/// All that a part can say, where that is a closed list.
pub(super) fn said_by(part: &str) -> Vec<&'static str> {
    match part {
        "result" => Subject::ALL.iter().map(|subject| result(*subject)).collect(),
        "step" => Subject::ALL.iter().map(|subject| step(*subject)).collect(),
        _ => Vec::new(),
    }
}

/// What a tap opens: a path of the mini program with ids, nothing else.
pub(super) fn page(kind: TemplateKind, notice: &Notice) -> String {
    match (kind, notice.task_id, notice.request_id) {
        (TemplateKind::ThemeDay, ..) => {
            format!("pages/theme-day/theme-day?id={}", notice.subject_id)
        }
        (TemplateKind::Greeting, ..) => "pages/inbox/inbox".to_owned(),
        (TemplateKind::Progress, _, Some(id)) => format!("pages/request/request?id={id}"),
        (_, Some(id), _) => format!("pages/task/task?id={id}"),
        (_, None, Some(id)) => format!("pages/request/request?id={id}"),
        (_, None, None) => "pages/inbox/inbox".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use crate::{
        notify::{Matter, push::ring},
        platform::wechat::Data,
    };

    use super::*;

    /// What nobody may read on a lock screen.
    const SECRETS: [&str; 4] = ["陪李奶奶透析", "癌症", "王家院子三楼", "入党"];

    fn notice(subject: Subject, request_id: Option<Uuid>) -> Notice {
        Notice {
            subject,
            matter: Matter {
                request: Some(SECRETS[0].into()),
                task: Some((SECRETS[0].into(), At(1_795_824_000_000))),
                words: Some(SECRETS[1].into()),
                place: Some(SECRETS[2].into()),
                ..Matter::default()
            },
            occasion: "x".into(),
            org_id: Uuid::nil(),
            request_id,
            task_id: Some(Uuid::nil()),
            subject_id: Uuid::nil(),
            begins_at: None,
        }
    }

    #[test]
    fn nothing_a_resident_wrote_is_shown_on_a_lock_screen() {
        for subject in Subject::ALL {
            let Some(ring) = ring(*subject) else { continue };
            let notice = notice(*subject, Some(Uuid::nil()));
            let mut said = page(ring.template, &notice);
            for (_, value) in values(ring.template, &notice, At(0)) {
                said.push_str(&value);
            }
            for secret in SECRETS {
                assert!(!said.contains(secret), "{said}");
            }
        }
    }

    #[test]
    fn every_message_reads_as_written_here_and_can_be_sent() {
        let keys = |part: &str| match part {
            "start" | "at" => "time1",
            "date" => "date1",
            "result" | "step" => "phrase1",
            "count" => "number1",
            _ => "thing1",
        };
        let mut all = Vec::new();
        for subject in Subject::ALL {
            let Some(ring) = ring(*subject) else { continue };
            let values = values(ring.template, &notice(*subject, None), At(1_795_824_000_000));
            for (part, value) in &values {
                assert!(Data::default().with(keys(part), value).is_ok(), "{part} {value}");
                assert!(value.chars().count() <= 20, "{value}");
            }
            let values: Vec<_> =
                values.iter().map(|(part, value)| format!("{part}={value}")).collect();
            all.push(format!("{} · {}", subject.name(), values.join(" · ")));
        }
        insta::assert_snapshot!(all.join("\n"));
    }
}
