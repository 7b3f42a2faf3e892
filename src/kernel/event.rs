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
    /// Nobody answered for as long as the org waits: closed, and shown as unconfirmed.
    RequestClosedUnconfirmed = "request.closed_unconfirmed",
    /// 首接负责: somebody of the office looks after it from now on.
    RequestAssigned = "request.assigned",
    /// Passed on to the inbox of another org, with a reason.
    RequestPassed = "request.passed",
    /// Passed on to the city hotline, with a reason; it ends here.
    RequestReferred = "request.referred",
    /// The office wrote a category of help anew: what it asks, promises, and what keeps people safe.
    CategoryChanged = "category.changed",
    /// Merged into another one that asks for the same.
    RequestMerged = "request.merged",
    /// Another one that asks for the same was merged into this one.
    RequestJoined = "request.joined",
    /// The one it was merged into was withdrawn: it stands on its own again.
    RequestSeparated = "request.separated",
    TaskDrafted = "task.drafted",
    TaskOpened = "task.opened",
    TaskResized = "task.resized",
    /// What is written about it changed, not when nor how many.
    TaskChanged = "task.changed",
    /// Its times moved; claimants are asked whether they still come.
    TaskRescheduled = "task.rescheduled",
    /// Claiming is over and fewer than the minimum have claimed; the office decides.
    TaskShort = "task.short",
    /// It does not fill: put to more people, ring by ring.
    TaskWidened = "task.widened",
    /// Seats that were kept for some are for all now.
    TaskSeatsOpened = "task.seats_opened",
    /// Somebody signed up for the draw.
    DrawEntered = "draw.entered",
    /// They took their name back.
    DrawLeft = "draw.left",
    /// It was drawn who has the seats.
    DrawHeld = "draw.held",
    /// A wave of people was asked to come.
    TaskAsked = "task.asked",
    /// Everybody it may be put to has had their time and seats are free: the office calls people.
    TaskCallsDue = "task.calls_due",
    /// A neighbouring community was asked for its people.
    TaskLoanAsked = "task.loan_asked",
    /// It agreed: its people may claim too.
    TaskLoanAccepted = "task.loan_accepted",
    /// It did not, with a reason.
    TaskLoanRefused = "task.loan_refused",
    TaskCancelled = "task.cancelled",
    TaskReported = "task.reported",
    TaskConfirmed = "task.confirmed",
    ClaimGranted = "claim.granted",
    /// Came without a claim and was taken in on the spot.
    ClaimWalkedIn = "claim.walked_in",
    ClaimReleased = "claim.released",
    ClaimCheckedIn = "claim.checked_in",
    ClaimCheckedOut = "claim.checked_out",
    /// Presence was confirmed and the hours entered.
    ClaimConfirmed = "claim.confirmed",
    /// The seat was held to the end and nobody came.
    ClaimMissed = "claim.missed",
    /// It went with its task.
    ClaimCancelled = "claim.cancelled",
    /// The seat went on to a colleague, whose own claim is granted beside.
    ClaimHandedOver = "claim.handed_over",
    /// After the times were changed the claimant was asked whether they still come.
    ClaimAsked = "claim.asked",
    ClaimReconfirmed = "claim.reconfirmed",
    /// Asked whether they still come, the claimant did not answer in time.
    ClaimLapsed = "claim.lapsed",
    WaitlistJoined = "waitlist.joined",
    WaitlistLeft = "waitlist.left",
    /// The task closed with people still waiting; the subject is a place in the queue.
    WaitlistPassed = "waitlist.passed",
    OfferMade = "offer.made",
    OfferAccepted = "offer.accepted",
    OfferDeclined = "offer.declined",
    OfferExpired = "offer.expired",
    /// Its task, or the claim it was to come from, is gone.
    OfferCancelled = "offer.cancelled",
    /// The check-in code got about; there is a new one.
    TaskCodeRenewed = "task.code_renewed",
    /// Somebody said why they cannot come, or did not.
    ExcuseSent = "absence.excuse_sent",
    /// The office did not accept it.
    ExcuseRefused = "absence.excuse_refused",
    /// They ask for another person to look at it.
    AbsenceAppealed = "absence.appealed",
    /// The appeal did not help.
    AppealRefused = "absence.appeal_refused",
    /// Accepted, at once or on appeal: it does not count.
    AbsenceExcused = "absence.excused",
    /// Somebody asked to correct the hours of a claim; a second person decides.
    ClaimCorrectionProposed = "claim.correction_proposed",
    /// The hours of a claim were corrected.
    ClaimCorrected = "claim.corrected",
    /// They stay as they are.
    ClaimCorrectionRefused = "claim.correction_refused",
    /// Points by hand were approved.
    PointsGiven = "points.given",
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
    /// 主题党日 was planned; everybody invited hears of it.
    ThemeDayPlanned = "theme_day.planned",
    /// Its time or place changed; a new time asks for new answers.
    ThemeDayChanged = "theme_day.changed",
    ThemeDayCancelled = "theme_day.cancelled",
    /// Its record waits for the org above.
    ThemeDayRecorded = "theme_day.recorded",
    /// The org above wants more, with a reason.
    ThemeDayReturned = "theme_day.returned",
    ThemeDayApproved = "theme_day.approved",
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
