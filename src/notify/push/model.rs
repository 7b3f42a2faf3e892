//! Which notices also ring a phone, in which lane and with which template. The one page on which to read it.
//!
//! A new kind of notice: the compiler asks here; `None` (the inbox alone) is a good answer.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::notify::Subject;

/// How much of a hurry a message is in. Nothing of a later lane goes while something of an earlier one can.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// 变更、取消：somebody would go in vain.
    Change,
    /// 接单结果, and what the office must decide soon.
    Result,
    /// 提醒, and how a request fares.
    Reminder,
    /// 主题党日
    ThemeDay,
    /// 祝福
    Greeting,
}

impl Lane {
    pub const ALL: [Self; 5] =
        [Self::Change, Self::Result, Self::Reminder, Self::ThemeDay, Self::Greeting];

    /// As stored: the smaller, the sooner.
    pub fn number(self) -> i32 {
        match self {
            Self::Change => 0,
            Self::Result => 1,
            Self::Reminder => 2,
            Self::ThemeDay => 3,
            Self::Greeting => 4,
        }
    }

    /// As it is called in figures.
    pub fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Result => "result",
            Self::Reminder => "reminder",
            Self::ThemeDay => "theme_day",
            Self::Greeting => "greeting",
        }
    }
}

/// What kind of WeChat template carries a message. Which template of the mini program that is stands in the settings
/// (`[wechat.templates]`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TemplateKind {
    /// 任务变更提醒
    TaskChange,
    /// 任务取消通知
    TaskCancel,
    /// 接单结果通知
    ClaimResult,
    /// 活动开始提醒
    Reminder,
    /// 服务进度提醒
    Progress,
    /// 主题党日提醒
    ThemeDay,
    /// 祝福
    Greeting,
    /// 待办事项提醒, to the office.
    Duty,
}

impl TemplateKind {
    pub const ALL: [Self; 8] = [
        Self::TaskChange,
        Self::TaskCancel,
        Self::ClaimResult,
        Self::Reminder,
        Self::Progress,
        Self::ThemeDay,
        Self::Greeting,
        Self::Duty,
    ];

    /// The stable name, as stored and as in the settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::TaskChange => "task_change",
            Self::TaskCancel => "task_cancel",
            Self::ClaimResult => "claim_result",
            Self::Reminder => "reminder",
            Self::Progress => "progress",
            Self::ThemeDay => "theme_day",
            Self::Greeting => "greeting",
            Self::Duty => "duty",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What a message of the kind can say; the settings put each into a field of the template.
    pub fn parts(self) -> &'static [&'static str] {
        match self {
            Self::TaskChange => &["task", "change", "start", "place"],
            Self::TaskCancel => &["task", "reason", "start"],
            Self::ClaimResult => &["task", "result", "start", "tip"],
            Self::Reminder => &["task", "start", "place", "tip"],
            Self::Progress => &["matter", "step", "at", "note"],
            Self::ThemeDay => &["theme", "start", "place", "tip"],
            Self::Greeting => &["wish", "date", "from"],
            Self::Duty => &["matter", "at", "count"],
        }
    }
}

/// How a notice rings a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ring {
    pub lane: Lane,
    pub template: TemplateKind,
    /// Better twice than never: sent again where nobody knows whether it arrived.
    pub resend: bool,
}

impl Ring {
    /// Whether the office phones whoever cannot be reached: somebody would come in vain, or not at all.
    pub fn is_urgent(self) -> bool {
        matches!(self.lane, Lane::Change | Lane::Result) && self.template != TemplateKind::Duty
    }
}

/// Whether and how a kind of notice rings phones; None: the inbox alone.
pub fn ring(subject: Subject) -> Option<Ring> {
    let once = |lane, template| Some(Ring { lane, template, resend: false });
    let twice = |lane, template| Some(Ring { lane, template, resend: true });
    match subject {
        Subject::TaskChanged | Subject::TaskRescheduled => {
            once(Lane::Change, TemplateKind::TaskChange)
        }
        Subject::TaskCancelled => twice(Lane::Change, TemplateKind::TaskCancel),
        Subject::RequestMoved => once(Lane::Change, TemplateKind::Progress),
        Subject::TaskForYou
        | Subject::TaskAsked
        | Subject::YouLead
        | Subject::ClaimAssigned
        | Subject::OfferMade
        | Subject::Promoted
        | Subject::ClaimHandedOver
        | Subject::HandOverDeclined
        | Subject::ClaimLapsed => once(Lane::Result, TemplateKind::ClaimResult),
        Subject::TaskReminder => once(Lane::Reminder, TemplateKind::Reminder),
        Subject::AnswerDue => once(Lane::Reminder, TemplateKind::Progress),
        Subject::TaskShort | Subject::TaskCallsDue => twice(Lane::Result, TemplateKind::Duty),
        Subject::RequestNew | Subject::RequestYours | Subject::LoanAsked => {
            once(Lane::Reminder, TemplateKind::Duty)
        }
        Subject::RequestAsked
        | Subject::RequestDeclined
        | Subject::RequestDispatched
        | Subject::RequestFulfilled
        | Subject::RequestPassed
        | Subject::RequestReferred
        | Subject::SomebodyComes => once(Lane::Reminder, TemplateKind::Progress),
        Subject::RequestsOverdue | Subject::OverdueBelow => twice(Lane::Result, TemplateKind::Duty),
        Subject::ThemeDayChanged => once(Lane::Change, TemplateKind::ThemeDay),
        Subject::ThemeDayCancelled => twice(Lane::Change, TemplateKind::ThemeDay),
        Subject::ThemeDayPlanned | Subject::ThemeDayReminder | Subject::ThemeDayAsk => {
            once(Lane::ThemeDay, TemplateKind::ThemeDay)
        }
        Subject::BirthdayGreeting => once(Lane::Greeting, TemplateKind::Greeting),
        Subject::RequestAmended
        | Subject::RequestReturned
        | Subject::RequestWithdrawn
        | Subject::RequestReopened
        | Subject::RequestClosed
        | Subject::NeverAnswered
        | Subject::RequestAssigned
        | Subject::ClosedUnconfirmed
        | Subject::RequestMerged
        | Subject::RequestJoined
        | Subject::RequestSeparated
        | Subject::AskedForYou
        | Subject::RequestCalledOff
        | Subject::RequestAgain
        | Subject::RequestDone
        | Subject::RequestStory
        | Subject::LoanAccepted
        | Subject::LoanRefused
        | Subject::TaskReported
        | Subject::ClaimReleased
        | Subject::ClaimConfirmed
        | Subject::ClaimMissed
        | Subject::OfferOver
        | Subject::WaitlistPassed
        | Subject::CodeRenewed
        | Subject::ExcuseWaiting
        | Subject::AppealWaiting
        | Subject::ExcuseRefused
        | Subject::AppealRefused
        | Subject::AbsenceExcused
        | Subject::CorrectionAsked
        | Subject::HoursCorrected
        | Subject::CorrectionRefused
        | Subject::CorrectionWaiting
        | Subject::StoryWaiting
        | Subject::StoryRejected
        | Subject::StoryPublished
        | Subject::StoryWithdrawn
        | Subject::StoryConsentRefused
        | Subject::StoryReturned
        | Subject::StoryConsent
        | Subject::ThemeDayUnanswered
        | Subject::ThemeDayUnplanned
        | Subject::ThemeDayRecordDue
        | Subject::ThemeDayReturned
        | Subject::ThemeDayApproved
        | Subject::ThemeDayRecorded
        | Subject::ThemeDayOverdue
        | Subject::BirthdayToday
        | Subject::BirthdayList
        | Subject::BirthdayShared
        | Subject::WeekFigures
        | Subject::UpkeepWarning
        | Subject::WechatPenalty => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_comes_before_a_result_before_a_reminder_before_a_theme_day_before_a_greeting() {
        assert!(Lane::ALL.is_sorted_by(|a, b| a < b && a.number() < b.number()));
    }

    #[test]
    fn only_what_calls_off_or_escalates_is_worth_a_second_message() {
        use Subject::{
            OverdueBelow, RequestsOverdue, TaskCallsDue, TaskCancelled, TaskShort,
            ThemeDayCancelled,
        };
        let worth = Subject::ALL.iter().filter(|s| ring(**s).is_some_and(|ring| ring.resend));
        let worth: Vec<_> = worth.copied().collect();
        assert_eq!(
            worth,
            [
                RequestsOverdue,
                OverdueBelow,
                TaskShort,
                TaskCallsDue,
                TaskCancelled,
                ThemeDayCancelled
            ]
        );
    }

    #[test]
    fn a_template_is_found_by_its_name() {
        for kind in TemplateKind::ALL {
            assert_eq!(TemplateKind::named(kind.name()), Some(kind));
        }
        assert_eq!(TemplateKind::named("of_tomorrow"), None);
    }
}
