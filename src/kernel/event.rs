//! Facts: what happened, in the past tense, with ids only. A fact is written in the transaction that makes it
//! true; the roof decides once what follows from it (`reactions.rs`).
//!
//! A new fact: add it here with its name, record it in the room, and let the compiler lead you to the reactions.

use uuid::Uuid;

/// Declares the facts and their stable names in one list.
macro_rules! events {
    ($($(#[$doc:meta])* $event:ident = $name:literal),* $(,)?) => {
        /// The kinds of fact.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Event { $($(#[$doc])* $event),* }

        impl Event {
            /// Every fact there is.
            pub const ALL: &'static [Self] = &[$(Self::$event),*];

            /// The stable name, as stored and as shown on a timeline.
            pub fn name(self) -> &'static str {
                match self { $(Self::$event => $name),* }
            }
        }
    };
}

events! {
    /// A resident asked.
    RequestSubmitted = "request.submitted",
    /// The resident mended or completed it.
    RequestAmended = "request.amended",
    /// The office asked back.
    RequestAsked = "request.asked",
    /// The office said no, with a reason.
    RequestDeclined = "request.declined",
    /// The office took it back into the inbox, with a reason.
    RequestReturned = "request.returned",
    /// The resident no longer needs it.
    RequestWithdrawn = "request.withdrawn",
    /// The office turned it into a task.
    RequestDispatched = "request.dispatched",
    /// The work was reported done; the resident is asked.
    RequestFulfilled = "request.fulfilled",
    /// The resident said: partly, or not done.
    RequestReopened = "request.reopened",
    /// The resident said: done.
    RequestClosed = "request.closed",
    TaskDrafted = "task.drafted",
    TaskOpened = "task.opened",
    TaskResized = "task.resized",
    TaskCancelled = "task.cancelled",
    TaskReported = "task.reported",
    TaskConfirmed = "task.confirmed",
    ClaimGranted = "claim.granted",
    ClaimReleased = "claim.released",
    ClaimCheckedIn = "claim.checked_in",
    ClaimCheckedOut = "claim.checked_out",
    /// Presence was confirmed and the hours entered.
    ClaimConfirmed = "claim.confirmed",
    /// The seat was held to the end and nobody came.
    ClaimMissed = "claim.missed",
    /// It went with its task.
    ClaimCancelled = "claim.cancelled",
    StoryDrafted = "story.drafted",
    StorySubmitted = "story.submitted",
    StoryPublished = "story.published",
    StoryRejected = "story.rejected",
    StoryWithdrawn = "story.withdrawn",
    /// Whoever is shown in it and has not answered is asked.
    StoryConsentAsked = "story.consent_asked",
    StoryConsentGiven = "story.consent_given",
    StoryConsentRefused = "story.consent_refused",
    /// Somebody shown no longer agrees: out of sight, and back to review.
    StoryReturned = "story.returned",
}

impl Event {
    /// The fact of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|event| event.name() == name)
    }
}

/// A fact to be recorded: which one, about what, by whom.
#[derive(Clone, Debug)]
pub struct Fact {
    pub event: Event,
    pub org_id: Uuid,
    pub request_id: Option<Uuid>,
    pub task_id: Option<Uuid>,
    /// The row the fact is about.
    pub subject_id: Uuid,
    /// None: the house itself.
    pub actor_id: Option<Uuid>,
    /// What was said with it; sealed at rest, shown on the timeline alone.
    pub words: Option<String>,
}
