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
pub const INTERNAL: [Event; 8] = [
    Event::TaskDrafted,
    Event::StoryDrafted,
    Event::StorySubmitted,
    Event::StoryRejected,
    Event::StoryConsentAsked,
    Event::StoryConsentGiven,
    Event::StoryConsentRefused,
    Event::StoryReturned,
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
        Event::TaskDrafted => "起草了任务",
        Event::TaskOpened => "任务已发布，等待志愿者接单",
        Event::TaskResized => "任务名额有调整",
        Event::TaskCancelled => "任务已取消",
        Event::TaskReported => "服务情况已上报",
        Event::TaskConfirmed => "社区已确认服务结果",
        Event::ClaimGranted => "志愿者已接单",
        Event::ClaimReleased => "志愿者退出了任务",
        Event::ClaimCheckedIn => "志愿者已到场签到",
        Event::ClaimCheckedOut => "志愿者已签退",
        Event::ClaimConfirmed => "志愿者的服务时长已核定",
        Event::ClaimMissed => "有志愿者未到场",
        Event::ClaimCancelled => "志愿者的接单随任务取消",
        Event::StoryDrafted => "起草了晒单",
        Event::StorySubmitted => "晒单已提交审核",
        Event::StoryPublished => "晒单已发布",
        Event::StoryRejected => "晒单未通过审核",
        Event::StoryWithdrawn => "晒单已撤下",
        Event::StoryConsentAsked => "请出镜的人确认是否同意",
        Event::StoryConsentGiven => "出镜的人同意了",
        Event::StoryConsentRefused => "出镜的人不同意",
        Event::StoryReturned => "有人撤回出镜同意，晒单重新审核",
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
        for kept_back in INTERNAL.map(Event::name) {
            assert!(kept_back.starts_with("task.") || kept_back.starts_with("story."));
        }
        assert!(!INTERNAL.contains(&Event::StoryPublished));
    }
}
