//! The kinds of notice.

/// Declares the kinds with their stable names and titles in one list.
macro_rules! subjects {
    ($($(#[$doc:meta])* $subject:ident = $name:literal, $title:literal;)*) => {
        /// What a notice is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Subject { $($(#[$doc])* $subject),* }

        impl Subject {
            /// Every kind there is.
            pub const ALL: &'static [Self] = &[$(Self::$subject),*];

            /// The stable name, as stored.
            pub fn name(self) -> &'static str {
                match self { $(Self::$subject => $name),* }
            }

            /// What stands over it; the same for everybody, it names nobody.
            pub fn title(self) -> &'static str {
                match self { $(Self::$subject => $title),* }
            }

            /// The kind of that name.
            pub fn named(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$subject),)* _ => None }
            }
        }
    };
}

subjects! {
    /// To the office: somebody asked.
    RequestNew = "request.new", "有新的需求";
    /// To the office: the resident mended or completed it.
    RequestAmended = "request.amended", "需求有补充";
    /// To the resident.
    RequestAsked = "request.asked", "社区想多了解一点";
    RequestDeclined = "request.declined", "需求没有受理";
    RequestDispatched = "request.dispatched", "已经安排了";
    RequestReturned = "request.returned", "正在重新安排";
    RequestFulfilled = "request.fulfilled", "请您评价";
    /// To the office.
    RequestWithdrawn = "request.withdrawn", "居民撤回了需求";
    RequestReopened = "request.reopened", "居民说还没办好";
    RequestClosed = "request.closed", "居民说办好了";
    NeverAnswered = "request.never_answered", "居民一直没有评价";
    /// To whoever of the office looks after it from now on.
    RequestYours = "request.yours", "有需求请您负责";
    /// To the resident.
    RequestAssigned = "request.assigned", "有人专门负责了";
    ClosedUnconfirmed = "request.closed_unconfirmed", "先行办结，仍可评价";
    RequestPassed = "request.passed", "转给别处办理";
    RequestReferred = "request.referred", "已转市民热线";
    RequestMerged = "request.merged", "和邻居的需求一起办";
    RequestJoined = "request.joined", "有邻居提出同样的需求";
    RequestSeparated = "request.separated", "您的需求单独办理";
    /// To the other of the two where somebody asked on another's behalf.
    AskedForYou = "request.asked_for_you", "有人替您点了单";
    RequestCalledOff = "request.called_off", "需求撤回了";
    RequestAgain = "request.again", "还没办好，重新办理";
    RequestDone = "request.done", "需求办结了";
    /// To the resident, two days after the report.
    AnswerDue = "request.answer_due", "还等您评价";
    /// To the owner, once a day; and to leaders, for their reach.
    RequestsOverdue = "request.overdue", "有需求超过承诺时限";
    OverdueBelow = "request.overdue_below", "辖区内有需求超过承诺时限";
    /// To leaders, on Mondays.
    WeekFigures = "figures.week", "上周的数字";
    /// To operators.
    UpkeepWarning = "upkeep.warning", "夜间核对发现问题";
    /// To those who hold a seat and to the lead: it begins soon.
    TaskReminder = "task.reminder", "任务快开始了";
    /// To the resident: their story can be read.
    RequestStory = "request.story", "您的需求有了晒单";
    /// To the resident: somebody will come.
    SomebodyComes = "request.somebody_comes", "有人接单了";
    /// To the resident: their task was moved.
    RequestMoved = "request.moved", "服务时间有变";
    /// To people the office named for a task.
    TaskForYou = "task.for_you", "社区点名请您帮忙";
    /// To those whom a wave asks.
    TaskAsked = "task.asked", "有件事想请您帮忙";
    /// To the lead, once the task is open.
    YouLead = "task.you_lead", "社区请您带队";
    /// To those who hold a seat and to the lead.
    TaskChanged = "task.changed", "任务安排有更新";
    TaskRescheduled = "task.rescheduled", "任务改期了";
    /// To the office: fewer than the minimum have claimed.
    TaskShort = "task.short", "接单人数不够";
    /// To the office: everybody was asked and seats are free.
    TaskCallsDue = "task.calls_due", "人还不够，请打电话";
    /// To the office that is asked for its people.
    LoanAsked = "loan.asked", "邻近社区想借人";
    /// To the office that asked.
    LoanAccepted = "loan.accepted", "邻近社区同意借人";
    LoanRefused = "loan.refused", "邻近社区没有同意借人";
    /// To those who hold a seat.
    TaskCancelled = "task.cancelled", "任务取消了";
    /// To the office: somebody has to confirm.
    TaskReported = "task.reported", "有任务等待确认";
    /// To the member who was given a seat by the office.
    ClaimAssigned = "claim.assigned", "社区给您安排了任务";
    /// To the lead.
    ClaimReleased = "claim.released", "有人退出了任务";
    /// To the member.
    ClaimConfirmed = "claim.confirmed", "服务时长已核定";
    ClaimMissed = "claim.missed", "记录为未到场";
    /// To the member who did not say again that they come.
    ClaimLapsed = "claim.lapsed", "名额已让给别人";
    /// To the member: a colleague took the seat over.
    ClaimHandedOver = "claim.handed_over", "同伴接过了您的任务";
    /// To the one a seat is kept for.
    OfferMade = "offer.made", "有名额留给您";
    /// To the one who asked to be taken at once.
    Promoted = "offer.accepted", "候补成功了";
    OfferOver = "offer.over", "留给您的名额失效了";
    /// To the member who wanted to hand their seat over.
    HandOverDeclined = "offer.hand_over_declined", "转交没有成功";
    /// To those who waited to the end.
    WaitlistPassed = "waitlist.passed", "候补结束了";
    /// To the lead: the poster has to be printed anew.
    CodeRenewed = "task.code_renewed", "签到码换了";
    /// To the office.
    ExcuseWaiting = "absence.excuse_waiting", "有人说明了不能到场的情况";
    /// To those who may decide it.
    AppealWaiting = "absence.appeal_waiting", "有缺席申诉等待决定";
    /// To the member.
    ExcuseRefused = "absence.excuse_refused", "缺席的说明没有被认可";
    AppealRefused = "absence.appeal_refused", "缺席的申诉没有通过";
    AbsenceExcused = "absence.excused", "缺席的说明已认可";
    CorrectionAsked = "correction.asked", "有人提出更正您的时长";
    HoursCorrected = "hours.corrected", "服务时长已更正";
    CorrectionRefused = "correction.refused", "服务时长不作更正";
    /// To the office: a second person has to decide.
    CorrectionWaiting = "correction.waiting", "有时长更正等待审批";
    /// To those who may review it.
    StoryWaiting = "story.waiting", "有晒单等待审核";
    /// To the author.
    StoryRejected = "story.rejected", "晒单没有通过审核";
    StoryPublished = "story.published", "晒单已发布";
    StoryWithdrawn = "story.withdrawn", "晒单已撤下";
    StoryConsentRefused = "story.consent_refused", "有人不同意出镜";
    /// To the author and those who may review it.
    StoryReturned = "story.returned", "晒单要重新审核";
    /// To everybody invited.
    ThemeDayPlanned = "theme_day.planned", "组织活动有安排了";
    ThemeDayChanged = "theme_day.changed", "组织活动有变动";
    ThemeDayCancelled = "theme_day.cancelled", "组织活动取消了";
    /// To those who said they come.
    ThemeDayReminder = "theme_day.reminder", "组织活动提醒";
    /// To those who have not answered.
    ThemeDayAsk = "theme_day.ask", "请答复能不能来";
    /// To the secretary.
    ThemeDayUnanswered = "theme_day.unanswered", "还有人没有答复";
    ThemeDayUnplanned = "theme_day.unplanned", "主题党日还没有安排";
    ThemeDayRecordDue = "theme_day.record_due", "主题党日还差记录";
    ThemeDayReturned = "theme_day.returned", "主题党日记录退回了";
    ThemeDayApproved = "theme_day.approved", "主题党日记录通过了";
    /// To the org above.
    ThemeDayRecorded = "theme_day.recorded", "有主题党日记录等待审核";
    ThemeDayOverdue = "theme_day.overdue", "有主题党日记录逾期";
    /// To whoever is shown in it.
    StoryConsent = "story.consent", "晒单里有您，请确认";
    /// To the operators: WeChat announced it.
    WechatPenalty = "wechat.penalty", "微信平台的处罚通知";
    /// To the member whose day it is.
    BirthdayGreeting = "birthday.greeting", "政治生日的祝福";
    /// To the branch's secretary: who has a day today; who will have one in the month or quarter.
    BirthdayToday = "birthday.today", "今天有同志过政治生日";
    BirthdayList = "birthday.list", "政治生日名单";
    /// To the members of the branch, of those who want it known.
    BirthdayShared = "birthday.shared", "同志的政治生日";
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_kind_is_found_by_its_name_and_no_two_share_one() {
        let names: HashSet<_> = Subject::ALL.iter().map(|subject| subject.name()).collect();
        assert_eq!(names.len(), Subject::ALL.len());
        for subject in Subject::ALL {
            assert_eq!(Subject::named(subject.name()), Some(*subject));
        }
        assert_eq!(Subject::named("of.tomorrow"), None);
    }
}
