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
    /// To the resident: somebody will come.
    SomebodyComes = "request.somebody_comes", "有人接单了";
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
    /// To those who may review it.
    StoryWaiting = "story.waiting", "有晒单等待审核";
    /// To the author.
    StoryRejected = "story.rejected", "晒单没有通过审核";
    StoryPublished = "story.published", "晒单已发布";
    StoryWithdrawn = "story.withdrawn", "晒单已撤下";
    StoryConsentRefused = "story.consent_refused", "有人不同意出镜";
    /// To the author and those who may review it.
    StoryReturned = "story.returned", "晒单要重新审核";
    /// To whoever is shown in it.
    StoryConsent = "story.consent", "晒单里有您，请确认";
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
