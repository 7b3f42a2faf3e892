//! What a fact says to a resident, and which facts are the office's alone.

use crate::kernel::Event;

/// How much of a request's timeline somebody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum See {
    /// What concerns the one who asked.
    Resident,
    /// Everything.
    Office,
}

/// What the office does among itself, before there is something to tell.
pub const INTERNAL: &[Event] = &[
    Event::CategoryChanged,
    Event::TaskDrafted,
    Event::StoryDrafted,
    Event::StorySubmitted,
    Event::StoryRejected,
    // Who comes is told; who was asked, or waits, is between them and the office.
    Event::ClaimAsked,
    Event::WaitlistJoined,
    Event::WaitlistLeft,
    Event::WaitlistPassed,
    Event::OfferMade,
    Event::OfferAccepted,
    Event::OfferDeclined,
    Event::OfferExpired,
    Event::OfferCancelled,
    Event::TaskCodeRenewed,
    Event::TaskShort,
    Event::TaskAsked,
    Event::TaskCallsDue,
    Event::TaskLoanAsked,
    Event::TaskLoanAccepted,
    Event::TaskLoanRefused,
    Event::StoryConsentAsked,
    Event::StoryConsentGiven,
    Event::StoryConsentRefused,
    Event::StoryReturned,
];

/// Progress of the request another one was merged into, told to the one who asked for the other.
pub const FOLLOWED: [Event; 14] = [
    Event::RequestDeclined,
    Event::RequestReturned,
    Event::RequestDispatched,
    Event::RequestFulfilled,
    Event::RequestReopened,
    Event::RequestClosed,
    Event::RequestClosedUnconfirmed,
    Event::RequestReferred,
    Event::TaskOpened,
    Event::TaskReported,
    Event::TaskConfirmed,
    Event::ClaimGranted,
    Event::ClaimCheckedIn,
    Event::StoryPublished,
];

/// A fact in a resident's words; who did it stands beside.
pub fn said(event: Event) -> &'static str {
    match event {
        Event::RequestSubmitted => "提交了需求",
        Event::RequestAmended => "补充了需求",
        Event::RequestAsked => "社区请您补充信息",
        Event::RequestDeclined => "社区没有受理",
        Event::RequestReturned => "社区收回重派",
        Event::RequestWithdrawn => "撤回了需求",
        Event::RequestDispatched => "社区已派单",
        Event::RequestFulfilled => "服务完成，请评价",
        Event::RequestReopened => "评价：还没办好，重新办理",
        Event::RequestClosed => "评价：办好了，需求办结",
        Event::RequestClosedUnconfirmed => "一直没有收到评价，先行办结；没办好随时可以说",
        Event::RequestAssigned => "有专人负责这个需求",
        Event::RequestPassed => "需求已转给其他单位办理",
        Event::RequestReferred => "需求已转交市民热线",
        Event::RequestMerged => "与邻居同样的需求合并办理",
        Event::RequestJoined => "有邻居提出了同样的需求，一起办理",
        Event::RequestSeparated => "合并的那个需求已撤回，您的需求单独办理",
        Event::CategoryChanged => "类别有更新",
        Event::TaskDrafted => "起草了任务",
        Event::TaskOpened => "任务已发布，等待志愿者接单",
        Event::TaskResized => "任务名额有调整",
        Event::TaskChanged => "任务安排有更新",
        Event::TaskRescheduled => "任务改期",
        Event::TaskShort => "接单人数不足，等待社区决定",
        Event::TaskWidened => "请更多的人来帮忙",
        Event::DrawEntered => "报名抽签",
        Event::DrawLeft => "收回了抽签的报名",
        Event::DrawHeld => "抽签完成",
        Event::TaskSeatsOpened => "留的名额向大家开放",
        Event::TaskAsked => "请合适的人来",
        Event::TaskCallsDue => "人还不够，社区打电话请人",
        Event::TaskLoanAsked => "向邻近社区借人",
        Event::TaskLoanAccepted => "邻近社区同意借人",
        Event::TaskLoanRefused => "邻近社区没有同意借人",
        Event::TaskCancelled => "任务已取消",
        Event::TaskReported => "服务情况已上报",
        Event::TaskConfirmed => "社区已确认服务结果",
        Event::ClaimGranted => "志愿者已接单",
        Event::ClaimWalkedIn => "志愿者在现场加入",
        Event::ClaimReleased => "志愿者退出了任务",
        Event::ClaimCheckedIn => "志愿者已到场签到",
        Event::ClaimCheckedOut => "志愿者已签退",
        Event::ClaimConfirmed => "志愿者的服务时长已核定",
        Event::ClaimMissed => "有志愿者未到场",
        Event::ClaimCancelled => "志愿者的接单随任务取消",
        Event::ClaimHandedOver => "志愿者把任务转交给了同伴",
        Event::ClaimAsked => "时间有变，请志愿者再次确认",
        Event::ClaimReconfirmed => "志愿者确认仍会到场",
        Event::ClaimLapsed => "志愿者没有再次确认，名额已让出",
        Event::WaitlistJoined => "有人加入候补",
        Event::WaitlistLeft => "有人退出候补",
        Event::WaitlistPassed => "接单截止，候补结束",
        Event::OfferMade => "留出名额，等待回复",
        Event::OfferAccepted => "接受了留出的名额",
        Event::OfferDeclined => "谢绝了留出的名额",
        Event::OfferExpired => "留出的名额过期",
        Event::OfferCancelled => "留出的名额失效",
        Event::TaskCodeRenewed => "更换了签到码",
        Event::ExcuseSent => "说明了不能到场的情况",
        Event::ExcuseRefused => "缺席的说明没有被认可",
        Event::AbsenceAppealed => "对缺席提出了申诉",
        Event::AppealRefused => "缺席的申诉没有通过",
        Event::AbsenceExcused => "缺席的说明已被认可",
        Event::ClaimCorrectionProposed => "有人提出更正服务时长",
        Event::ClaimCorrected => "服务时长已更正",
        Event::ClaimCorrectionRefused => "服务时长不作更正",
        Event::PointsGiven => "人工记分已批准",
        Event::StoryDrafted => "起草了晒单",
        Event::StorySubmitted => "晒单已提交审核",
        Event::StoryPublished => "晒单已发布",
        Event::StoryRejected => "晒单未通过审核",
        Event::StoryWithdrawn => "晒单已撤下",
        Event::StoryConsentAsked => "请出镜的人确认是否同意",
        Event::StoryConsentGiven => "出镜的人同意了",
        Event::StoryConsentRefused => "出镜的人不同意",
        Event::StoryReturned => "有人撤回出镜同意，晒单重新审核",
        Event::ThemeDayPlanned => "安排了主题党日",
        Event::ThemeDayChanged => "主题党日的时间或地点有变动",
        Event::ThemeDayCancelled => "主题党日取消了",
        Event::ThemeDayRecorded => "交了主题党日的记录",
        Event::ThemeDayReturned => "主题党日的记录退回补充",
        Event::ThemeDayApproved => "主题党日的记录审核通过",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_fact_has_words_of_its_own() {
        let words: HashSet<_> = Event::ALL.iter().map(|event| said(*event)).collect();
        assert_eq!(words.len(), Event::ALL.len());
        assert!(words.iter().all(|words| !words.is_ascii()), "Chinese first");
    }

    #[test]
    fn a_resident_hears_of_their_request_and_of_everyone_who_comes() {
        for told in [Event::StoryPublished, Event::ClaimGranted, Event::ClaimLapsed] {
            assert!(!INTERNAL.contains(&told));
        }
        assert!(!INTERNAL.iter().any(|kept_back| kept_back.name().starts_with("request.")));
    }
}
