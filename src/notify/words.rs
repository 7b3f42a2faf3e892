//! What a notice says, from what it is about.

use entity::At;

use crate::kernel::{
    Day,
    day::{spoken, spoken_day, spoken_with_weekday},
};

use super::Subject;

/// What a notice can speak of; each kind uses what it needs.
#[derive(Clone, Debug, Default)]
pub struct Matter {
    /// Title of the request.
    pub request: Option<String>,
    /// Title of the task, and when it starts.
    pub task: Option<(String, At)>,
    /// Title of the story.
    pub story: Option<String>,
    /// What was said with the fact: a reason, a question, what changed.
    pub words: Option<String>,
    /// Whole minutes served.
    pub minutes: Option<i32>,
    /// A political birthday: the day, and how many years it makes.
    pub birthday: Option<(Day, u32)>,
    /// What a public place is called; never a resident's.
    pub place: Option<String>,
    /// Title of the theme day.
    pub theme_day: Option<String>,
    /// When it begins.
    pub theme_day_at: Option<At>,
}

impl Matter {
    fn request(&self) -> String {
        self.request.as_ref().map_or_else(|| "您的需求".to_owned(), |title| format!("「{title}」"))
    }

    fn task(&self) -> String {
        match &self.task {
            Some((title, at)) => format!("「{title}」（{}）", spoken(*at)),
            None => "任务".to_owned(),
        }
    }

    /// When the task starts, for what has named its title before: the task of a request is called as the request is.
    fn time(&self) -> String {
        self.task.as_ref().map_or_else(String::new, |(_, at)| format!("，{}开始", spoken(*at)))
    }

    fn story(&self) -> String {
        self.story.as_ref().map_or_else(|| "晒单".to_owned(), |title| format!("「{title}」"))
    }

    fn theme_day(&self) -> String {
        let Some(theme) = &self.theme_day else { return "组织活动".to_owned() };
        let when = self.theme_day_at.map(spoken_with_weekday);
        let known: Vec<_> = when.into_iter().chain(self.place.clone()).collect();
        if known.is_empty() {
            return format!("「{theme}」");
        }
        format!("「{theme}」（{}）", known.join("，"))
    }

    /// What is said to the member on the day; every fifth year has words of its own, every tenth too.
    fn birthday(&self) -> String {
        let Some((day, years)) = self.birthday else {
            return "您的政治生日到了。".to_owned();
        };
        let day = spoken_day(day);
        match years % 10 {
            0 => format!(
                "{day}是您的政治生日，整整 {years} 周年。岁月为证，您的坚持大家都看在眼里。"
            ),
            5 => format!("{day}是您的政治生日，{years} 周年，是个值得好好纪念的日子。"),
            _ => format!("{day}是您的政治生日，{years} 周年。"),
        }
    }

    /// The day of somebody's political birthday.
    fn day(&self) -> String {
        self.birthday.map_or_else(|| "今天".to_owned(), |(day, _)| spoken_day(day))
    }

    /// What was said, or else this.
    fn told<'a>(&'a self, else_: &'a str) -> &'a str {
        self.words.as_deref().unwrap_or(else_)
    }

    /// `：` and what was said, where something was.
    fn said(&self) -> String {
        self.words.as_ref().map_or_else(String::new, |words| format!("：{words}"))
    }
}

/// The text of a notice.
pub fn say(subject: Subject, matter: &Matter) -> String {
    let (request, task, story, said) =
        (matter.request(), matter.task(), matter.story(), matter.said());
    let day = matter.theme_day();
    match subject {
        Subject::RequestNew => format!("{request}，请尽快处理。"),
        Subject::RequestAmended => format!("{request}有了补充，请看一看。"),
        Subject::RequestAsked => format!("关于{request}{said}"),
        Subject::RequestDeclined => format!("{request}没有受理{said}"),
        Subject::RequestDispatched => format!("{request}已经派单，正在等志愿者接单。"),
        Subject::RequestReturned => format!("{request}的安排有变，社区正在重新安排{said}"),
        Subject::RequestFulfilled => {
            format!("{request}办得怎么样？请告诉我们：办好了、部分办好，还是没办好。")
        }
        Subject::RequestWithdrawn => format!("{request}已由居民撤回，不用再办。"),
        Subject::RequestReopened => format!("{request}回到了收件箱{said}"),
        Subject::RequestClosed => format!("{request}已办结{said}"),
        Subject::NeverAnswered => format!("{request}一直没有收到评价，已先行办结，记为未确认。"),
        Subject::AnswerDue => {
            format!("{request}还没有收到您的评价。办好了、部分办好，还是没办好，点一下就行。")
        }
        Subject::RequestsOverdue => {
            format!("有{}超过了承诺的时限，请尽快办理或答复。", matter.told("需求"))
        }
        Subject::OverdueBelow => format!("{}超过了承诺的时限。", matter.told("辖区内有需求")),
        Subject::WeekFigures => matter.told("上周的数字请在小程序里查看。").to_owned(),
        Subject::UpkeepWarning => {
            format!("{}。请运行 linli doctor 查看。", matter.told("夜间核对发现问题"))
        }
        Subject::TaskReminder => format!("{task}快开始了。来不了请尽早退出，把名额让给别人。"),
        Subject::RequestYours => format!("{request}从现在起请您负责，直到办结。"),
        Subject::RequestAssigned => format!("{request}现在有人专门负责，直到办结。"),
        Subject::ClosedUnconfirmed => {
            format!(
                "{request}一直没有收到您的评价，先行办结；如果没办好，三十天内仍可评价，会重新办理。"
            )
        }
        Subject::RequestPassed => format!("{request}转给别的社区或街道办理{said}"),
        Subject::RequestReferred => format!("{request}已转市民热线办理{said}"),
        Subject::RequestMerged => {
            format!("{request}和邻居同样的需求合在一起办理，进展照样能看到。")
        }
        Subject::RequestJoined => format!("{request}有邻居提出了同样的需求，一起办理。"),
        Subject::RequestSeparated => {
            format!("和{request}合在一起的那个需求撤回了，您的需求单独办理。")
        }
        Subject::AskedForYou => {
            format!("邻居替您提出了{request}，进展会告诉您；不需要的话请告诉社区。")
        }
        Subject::RequestCalledOff => format!("{request}已经撤回，不再办理。"),
        Subject::RequestAgain => format!("{request}还没办好，社区会重新办理。"),
        Subject::RequestDone => format!("{request}办好了，已经办结。"),
        Subject::RequestStory => {
            format!("{request}的晒单发布了：{story}，请看一看；有不妥的地方请告诉社区。")
        }
        Subject::SomebodyComes => format!("{request}有志愿者接单了{}。", matter.time()),
        Subject::RequestMoved => format!("{request}的服务时间改了{}。", matter.time()),
        Subject::TaskAsked => format!("{task}还缺人，想请您来。能来请接单，来不了也请说一声。"),
        Subject::TaskForYou => format!("{task}是专门请您来的，请看一看能不能接。"),
        Subject::YouLead => {
            format!("{task}请您带队：您能看到谁来，到场后请提醒大家签到，结束后由您上报。")
        }
        Subject::TaskChanged => format!("{task}有更新{said}"),
        Subject::TaskRescheduled => format!("{task}改期了{said}"),
        Subject::TaskShort => {
            format!("{task}接单已截止，人数不够{said}。请决定改期、借人还是取消。")
        }
        Subject::TaskCallsDue => {
            format!("{task}能看到的人都问过了，人还不够{said}。请看建议人选，打电话请人。")
        }
        Subject::LoanAsked => format!("邻近社区想为{task}借人，请答复。"),
        Subject::LoanAccepted => format!("{task}借到人了{said}"),
        Subject::LoanRefused => format!("{task}没有借到人{said}"),
        Subject::TaskCancelled => format!("{task}取消了，您不用来了{said}"),
        Subject::TaskReported => format!("{task}已上报，请另一位同事确认。"),
        Subject::ClaimAssigned => format!("{task}，请按时到场；来不了请尽早在小程序里退出。"),
        Subject::ClaimReleased => format!("有人退出了{task}，名额已经放出。"),
        Subject::ClaimConfirmed => match matter.minutes {
            Some(minutes) => format!("{task}核定 {minutes} 分钟，谢谢您。"),
            None => format!("{task}的时长已核定，谢谢您。"),
        },
        Subject::ClaimMissed => format!("{task}没有您的签到。如果有特殊情况，可以在小程序里说明。"),
        Subject::ClaimLapsed => format!("{task}改时间后没有等到您的确认，名额已让给别人。"),
        Subject::ClaimHandedOver => format!("{task}由同伴接过，您不用来了。"),
        Subject::OfferMade => format!("{task}有一个名额留给您{said}，能来请接受，来不了请谢绝。"),
        Subject::Promoted => format!("{task}轮到您了，请按时到场；来不了请尽早在小程序里退出。"),
        Subject::OfferOver => format!("{task}留给您的名额已失效。"),
        Subject::HandOverDeclined => format!("{task}没有转交成功，名额仍是您的。"),
        Subject::WaitlistPassed => format!("{task}没有等到名额，谢谢您愿意来。"),
        Subject::CodeRenewed => format!("{task}换了签到码，请重新打印海报，旧的已经作废。"),
        Subject::ExcuseWaiting => format!("有人说明了不能参加{task}的情况，请答复。"),
        Subject::AppealWaiting => {
            format!("关于{task}的缺席有一份申诉，请没有答复过的同事决定。")
        }
        Subject::ExcuseRefused => {
            format!("您对{task}的说明没有被认可。如果不同意，可以申诉一次，由另一位同事决定。")
        }
        Subject::AppealRefused => format!("您对{task}的申诉没有通过，详情请在小程序里查看。"),
        Subject::AbsenceExcused => format!("您对{task}的说明已认可，不计缺席。"),
        Subject::CorrectionAsked => {
            format!("{task}的服务时长有人提出更正，要由另一个人审批；理由在“我的时长”里。")
        }
        Subject::HoursCorrected => match matter.minutes {
            Some(minutes) => format!("{task}的服务时长更正为 {minutes} 分钟，两个人经手。"),
            None => format!("{task}的服务时长已更正，两个人经手。"),
        },
        Subject::CorrectionRefused => format!("{task}的服务时长不作更正，仍按原来的算。"),
        Subject::CorrectionWaiting => {
            format!("{task}有一条时长更正，请没有参加服务的另一位同事审批。")
        }
        Subject::StoryWaiting => format!("{story}等待审核。"),
        Subject::StoryRejected => format!("{story}没有通过{said}"),
        Subject::StoryPublished => format!("{story}已经发布，谢谢您的付出。"),
        Subject::StoryWithdrawn => format!("{story}已撤下{said}"),
        Subject::StoryConsentRefused => {
            format!("{story}里有人不同意出镜，请把照片和名字去掉后再提交。")
        }
        Subject::StoryReturned => {
            format!("有人撤回了出镜同意，{story}已经不再公开，请修改后重新审核。")
        }
        Subject::ThemeDayPlanned => format!("{day}，请看一看，能不能来都请答复一下。"),
        Subject::ThemeDayChanged => format!("{day}有变动{said}。改了时间的请重新答复。"),
        Subject::ThemeDayCancelled => format!("{day}取消了{said}"),
        Subject::ThemeDayReminder => format!("{day}，您已答复参加，请按时到。"),
        Subject::ThemeDayAsk => format!("{day}，您还没有答复，点一下就好。"),
        Subject::ThemeDayUnanswered => format!("{day}没有答复的{said}，名单在活动页里。"),
        Subject::ThemeDayUnplanned => format!("{day}快到了，还没有安排。"),
        Subject::ThemeDayRecordDue => {
            format!("{day}已经结束，请交一段记录；谁到了已有签到，不用再填。")
        }
        Subject::ThemeDayReturned => format!("{day}的记录退回补充{said}"),
        Subject::ThemeDayApproved => format!("{day}的记录已通过审核。"),
        Subject::ThemeDayRecorded => format!("{day}的记录等待审核。"),
        Subject::ThemeDayOverdue => format!("{day}的记录逾期未交{said}。全部见逾期清单。"),
        Subject::WechatPenalty => {
            "微信平台对小程序作出了处罚，请尽快登录小程序后台，在「通知中心」查看原因和期限。"
                .to_owned()
        }
        Subject::StoryConsent => {
            format!("{story}里有您的照片或名字，请看一看，同意还是不同意都可以；以后也能改。")
        }
        Subject::BirthdayGreeting => {
            format!("{}{}", matter.birthday(), matter.words.as_deref().unwrap_or_default())
        }
        Subject::BirthdayToday => {
            format!("{}支部有同志过政治生日{said}。还没有送寄语的，现在送也来得及。", matter.day())
        }
        Subject::BirthdayList => format!("请提前安排{said}。寄语可以在“政治生日”里先写好。"),
        Subject::BirthdayShared => {
            format!("{}是支部同志的政治生日{said}。见到时道一声祝福吧。", matter.day())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matter() -> Matter {
        Matter {
            request: Some("陪同复查".into()),
            task: Some(("消防巡查".into(), At(1_795_824_000_000))),
            story: Some("平安文化社区".into()),
            theme_day: Some("走访慰问".into()),
            theme_day_at: Some(At(1_795_824_000_000)),
            place: Some("三楼会议室".into()),
            words: Some("下雨".into()),
            minutes: Some(120),
            birthday: "2026-11-28".parse().ok().map(|day| (day, 25)),
        }
    }

    #[test]
    fn every_notice_reads_as_written_here() {
        let all = Subject::ALL.iter().map(|subject| {
            format!("{} · {} · {}", subject.name(), subject.title(), say(*subject, &matter()))
        });
        insta::assert_snapshot!(all.collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn every_fifth_year_is_greeted_in_words_of_its_own() {
        let greeting = |years| {
            let birthday = "2026-11-28".parse().ok().map(|day| (day, years));
            let matter =
                Matter { birthday, words: Some("祝您健康。".into()), ..Matter::default() };
            say(Subject::BirthdayGreeting, &matter)
        };
        insta::assert_snapshot!([1, 24, 25, 30].map(greeting).join("\n"));
    }

    #[test]
    fn nothing_is_missing_from_a_notice_that_knows_little() {
        for subject in Subject::ALL {
            let text = say(*subject, &Matter::default());
            assert!(!text.contains("「」") && !text.contains("None"), "{text}");
        }
    }
}
