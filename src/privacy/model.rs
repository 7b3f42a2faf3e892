//! The list: where a person stands in the database, what leaving makes of it, and what is sealed.
//!
//! A new table that names people or holds words of theirs: a line here for each such column.
//! `theirs` rows are a person's own and go into their export; the others only name them.

use std::{future::Future, pin::Pin};

use sea_orm::{
    Condition, EntityName, IdenStatic,
    sea_query::{Alias, Expr, ExprTrait, Query},
};
use serde_json::Value;
use uuid::Uuid;

use crate::{kernel::Error, platform::AppState};

use super::own;

/// What others read where a person has left.
pub const GONE: &str = "已注销用户";
const SOMETHING: &str = "已注销用户的需求";

/// What is left of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blank {
    Null,
    /// Sealed columns that may not be null: an empty one opens as nothing.
    Empty,
    Words(&'static str),
    No,
    Now,
}
use Blank::{Empty, No, Now, Null, Words};

/// What becomes of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// They are deleted.
    Goes,
    /// They stay under the id, which leads to nobody any more; the fields named are blanked.
    Bare,
    /// They stay as they are: an id, times and numbers.
    Stays,
}
use Fate::{Bare, Goes, Stays};

/// Reads a person's rows of a table.
pub type Read = for<'a> fn(
    &'a AppState,
    Condition,
) -> Pin<Box<dyn Future<Output = Result<Vec<Value>, Error>> + 'a>>;

/// One way in which rows belong to a person.
#[derive(Clone, Debug)]
pub struct Trace {
    pub table: String,
    /// Holds the person's id, or that of a row of theirs.
    pub column: String,
    /// Whose id that is, step by step: table, its key, and the column there that leads on, at last to the person.
    /// Empty: the person's.
    pub of: Vec<[String; 3]>,
    pub theirs: bool,
    pub fate: Fate,
    pub blanks: Vec<(String, Blank)>,
    pub read: Read,
}

impl Trace {
    /// The rows of that person.
    pub fn of(&self, person: Uuid) -> Condition {
        Condition::all().add(leads_to(person, &self.column, &self.of))
    }
}

fn leads_to(person: Uuid, column: &str, of: &[[String; 3]]) -> Expr {
    let column = Expr::col(Alias::new(column));
    match of {
        [] => column.eq(person),
        [[table, key, whose], on @ ..] => {
            let mut theirs = Query::select();
            theirs.column(Alias::new(key)).from(Alias::new(table));
            theirs.and_where(leads_to(person, whose, on));
            column.in_subquery(theirs)
        }
    }
}

/// `theirs claim.PersonId => Stays;` with the names of entities, so that the compiler knows them.
macro_rules! traces {
    ($($kind:ident $table:ident.$column:ident $(of $owner:ident[$key:ident].$whose:ident)* =>
        $fate:ident $({ $($field:ident = $blank:expr),* $(,)? })?;)*) => {
        /// Every way in which rows belong to a person, in the order in which leaving goes through them.
        pub fn traces() -> Vec<Trace> {
            vec![$({
                use ::entity::$table::{Column, Entity};
                Trace {
                    table: Entity.table_name().to_owned(),
                    column: Column::$column.as_str().to_owned(),
                    of: vec![$(traces!(@step $owner $key $whose)),*],
                    theirs: stringify!($kind) == "theirs",
                    fate: $fate,
                    blanks: vec![$($((Column::$field.as_str().to_owned(), $blank)),*)?],
                    read: |state, of| Box::pin(own::rows::<Entity>(state, of)),
                }
            }),*]
        }
    };
    (@step $owner:ident $key:ident $whose:ident) => {{
        use ::entity::$owner::{Column, Entity};
        let names = [Entity.table_name(), Column::$key.as_str(), Column::$whose.as_str()];
        names.map(ToOwned::to_owned)
    }};
}

traces! {
    // For whom others asked, as long as the number leads to them; and for whom they asked.
    theirs beneficiary.PhoneIndex of person[PhoneIndex].Id => Bare {
        Name = Empty, Phone = Empty, PhoneIndex = Words(""), Consent = Empty,
    };
    names beneficiary.RequestId of request[Id].RequesterId => Goes;
    // The account and the ways into it.
    theirs person.Id => Bare {
        Name = Words(GONE), RealName = Null, Phone = Null, PhoneIndex = Null, Volunteer = No, LeftAt = Now,
    };
    theirs wechat_identity.PersonId => Goes;
    names credential.PersonId => Goes;
    names session.PersonId => Goes;
    names idempotency_key.ActorId => Goes;
    theirs consent.PersonId => Goes;
    // What was told to them; and to others of their requests and their claims.
    theirs notice.PersonId => Goes;
    theirs push.PersonId => Goes;
    names push.CalledBy => Stays;
    theirs subscribe_event.PersonId => Goes;
    theirs subscribe_grant.PersonId => Goes;
    names notice.RequestId of request[Id].RequesterId => Goes;
    names notice.SubjectId of claim[Id].PersonId => Goes;
    names notice.SubjectId of offer[Id].PersonId => Goes;
    names notice.SubjectId of absence[Id].PersonId => Goes;
    names notice.SubjectId of hours_correction[Id].PersonId => Goes;
    names notice.SubjectId of points_proposal[Id].PersonId => Goes;
    names notice.SubjectId of story_person[StoryId].PersonId => Goes;
    // Notices to others that name them.
    names notice.SubjectId of birthday_named[ToldId].PersonId => Goes;
    names birthday_named.PersonId => Goes;
    // Photos: `file::forget` takes them away, pictures and all.
    theirs file.PersonId => Stays;
    // Places and trust. Whoever holds a role hands it back before.
    theirs membership.PersonId => Bare { State = Words("ended"), Reason = Null };
    names membership.DecidedBy => Stays;
    theirs party_record.PersonId => Goes;
    names party_record.UpdatedBy => Stays;
    theirs birthday_choice.PersonId => Goes;
    theirs birthday_greeting.PersonId => Goes;
    names content_check.SubjectId of birthday_wish[Id].PersonId => Bare { Words = Null, Reason = Null };
    theirs birthday_wish.PersonId => Goes;
    theirs birthday_wish.AuthorId => Goes;
    names wish_template.WrittenBy => Stays;
    theirs certificate.PersonId => Goes;
    names certificate.RecordedBy => Stays;
    names roster_import.OrgId of membership[OrgId].PersonId => Bare { Findings = Null };
    names roster_import.ById => Stays;
    theirs complaint.PersonId => Bare { Words = Empty, Answer = Null };
    names complaint.AnsweredBy => Stays;
    theirs theme_day_person.PersonId => Bare { Reason = Null };
    names theme_day_person.NotedBy => Stays;
    names theme_day.PlannedBy => Stays;
    names theme_day.RecordedBy => Stays;
    names theme_day.ReviewedBy => Stays;
    names theme_day_rule.SetBy => Stays;
    names calendar_feed.PersonId => Goes;
    theirs content_check.AuthorId => Bare { Words = Null, Reason = Null };
    names content_check.DecidedBy => Stays;
    names content_check.SubjectId of request[Id].RequesterId => Bare { Words = Null, Reason = Null };
    names content_check.SubjectId of answer[Id].PersonId => Bare { Words = Null, Reason = Null };
    names content_check.SubjectId of task[Id].RequestId of request[Id].RequesterId => Bare {
        Words = Null, Reason = Null,
    };
    theirs media_check.AuthorId => Bare { Reason = Null };
    names media_check.DecidedBy => Stays;
    theirs person_skill.PersonId => Goes;
    names person_skill.RecordedBy => Stays;
    theirs role_grant.PersonId => Stays;
    names role_grant.GrantedBy => Stays;
    names org_setting.SetBy => Stays;
    names category.ChangedBy => Stays;
    names points_rule.SetBy => Stays;
    // While somebody was away.
    theirs deputy.PersonId => Goes;
    names deputy.DeputyId => Goes;
    // What was said and done about their requests, before the requests themselves.
    theirs event.RequestId of request[Id].RequesterId => Bare { Words = Null };
    theirs event.ActorId => Bare { Words = Null };
    names event.SubjectId of claim[Id].PersonId => Bare { Words = Null };
    names event.SubjectId of absence[Id].PersonId => Bare { Words = Null };
    names event.SubjectId of offer[Id].PersonId => Bare { Words = Null };
    names event.SubjectId of story_person[StoryId].PersonId => Bare { Words = Null };
    theirs answer.RequestId of request[Id].RequesterId => Bare { Words = Null };
    theirs answer.PersonId => Bare { Words = Null };
    names story.RequestId of request[Id].RequesterId => Bare {
        State = Words("withdrawn"), Title = Words(SOMETHING), Words = Words(GONE), Reason = Null,
    };
    theirs story.AuthorId => Stays;
    names story.ReviewerId => Stays;
    // `showcase::forget` says no for them before, and takes name and pictures out of what is shown.
    theirs story_person.PersonId => Stays;
    names task_loan.TaskId of task[Id].RequestId of request[Id].RequesterId => Bare {
        Note = Null, Reason = Null,
    };
    names task_loan.AskedBy => Stays;
    names task_loan.DecidedBy => Stays;
    names task.RequestId of request[Id].RequesterId => Bare {
        Title = Words(SOMETHING), Notes = Null, PlaceName = Null, Address = Null, Lat = Null, Lng = Null,
        Report = Null, Reason = Null,
    };
    names task.ReportedBy => Bare { Report = Null };
    names task.LeadId => Stays;
    names task.CreatedBy => Stays;
    // A task put to named people stays theirs alone, whoever of them has left.
    names task_person.PersonId => Stays;
    names task_template.WrittenBy => Stays;
    names task_series.WrittenBy => Stays;
    theirs request.RequesterId => Bare {
        Title = Words(SOMETHING), Detail = Empty, PlaceName = Null, Address = Null, Lat = Null, Lng = Null,
        Reason = Null, Answers = Null,
    };
    names request.OwnerId => Stays;
    theirs request_draft.PersonId => Goes;
    // What they served: the sums of task, org and month.
    theirs claim.PersonId => Stays;
    names claim.AssignedBy => Stays;
    names claim.CheckedInBy => Stays;
    names claim.CheckedOutBy => Stays;
    // `claim::step_back` has ended these before.
    theirs waitlist.PersonId => Stays;
    theirs draw_entry.PersonId => Stays;
    theirs offer.PersonId => Stays;
    theirs ask.PersonId => Goes;
    theirs absence.PersonId => Bare {
        Excuse = Null, RulingWords = Null, Appeal = Null, AppealWords = Null,
    };
    names absence.MarkedBy => Stays;
    names absence.RuledBy => Stays;
    names absence.AppealRuledBy => Stays;
    theirs hours_entry.PersonId => Stays;
    // `ledger::forget` has ended what waited for a decision.
    theirs hours_correction.PersonId => Bare { Reason = Empty, Answer = Null };
    names hours_correction.ProposedBy => Stays;
    names hours_correction.DecidedBy => Stays;
    theirs points_entry.PersonId => Stays;
    theirs points_proposal.PersonId => Bare { Reason = Empty, Answer = Null };
    names points_proposal.ProposedBy => Stays;
    names points_proposal.DecidedBy => Stays;
    theirs points_frozen.PersonId => Stays;
    theirs star_rating.PersonId => Stays;
    theirs star_appeal.PersonId => Bare { Reason = Empty, Answer = Null };
    names star_appeal.DecidedBy => Stays;
    theirs service_certificate.PersonId => Goes;
    // The chain of audit stays whole; the reasons in which others wrote of them go.
    names audit_words.Seq of audit_entry[Seq].SubjectId => Goes;
    names audit_words.Seq of audit_entry[Seq].SubjectId of claim[Id].PersonId => Goes;
    names audit_words.Seq of audit_entry[Seq].SubjectId of absence[Id].PersonId => Goes;
    names audit_words.Seq of audit_entry[Seq].SubjectId of hours_correction[Id].PersonId => Goes;
    names audit_words.Seq of audit_entry[Seq].SubjectId of points_proposal[Id].PersonId => Goes;
    names audit_words.Seq of audit_entry[Seq].SubjectId of star_appeal[Id].PersonId => Goes;
    names audit_words.Seq of audit_entry[Seq].SubjectId of request[Id].RequesterId => Goes;
    names audit_words.Seq of audit_entry[Seq].SubjectId of story_person[StoryId].PersonId => Goes;
    names audit_entry.SubjectId => Stays;
    names audit_entry.ActorId => Stays;
}

/// Every sealed column: table, column, and the column with the id it is sealed for.
pub const SEALED: &[(&str, &str, &str)] = &[
    ("absence", "appeal", "id"),
    ("absence", "appeal_words", "id"),
    ("absence", "excuse", "id"),
    ("absence", "ruling_words", "id"),
    ("answer", "words", "id"),
    ("audit_words", "why", "id"),
    ("beneficiary", "consent", "request_id"),
    ("beneficiary", "name", "request_id"),
    ("beneficiary", "phone", "request_id"),
    ("birthday_wish", "words", "id"),
    ("certificate", "issuer", "id"),
    ("certificate", "number", "id"),
    ("complaint", "answer", "id"),
    ("complaint", "words", "id"),
    ("content_check", "reason", "id"),
    ("content_check", "words", "id"),
    ("event", "words", "id"),
    ("hours_correction", "answer", "id"),
    ("hours_correction", "reason", "id"),
    ("idempotency_key", "body", "actor_id"),
    ("media_check", "reason", "id"),
    ("notice", "body", "id"),
    ("party_record", "facts", "person_id"),
    ("person", "phone", "id"),
    ("person", "real_name", "id"),
    ("points_proposal", "answer", "id"),
    ("points_proposal", "reason", "id"),
    ("push", "words", "id"),
    ("request", "address", "id"),
    ("request", "answers", "id"),
    ("request", "detail", "id"),
    ("request", "reason", "id"),
    ("request_draft", "content", "person_id"),
    ("roster_import", "findings", "id"),
    ("star_appeal", "answer", "id"),
    ("star_appeal", "reason", "id"),
    ("task", "address", "id"),
    ("task", "draw_seed", "id"),
    ("task_loan", "note", "id"),
    ("task_loan", "reason", "id"),
    ("task_series", "outline", "id"),
    ("task_template", "outline", "id"),
    ("theme_day", "outline", "id"),
    ("theme_day", "reason", "id"),
    ("theme_day", "record", "id"),
    ("theme_day_person", "reason", "id"),
    ("theme_day_rule", "outline", "org_id"),
    ("theme_day_rule", "paused_reason", "org_id"),
    ("wechat_push", "body", "id"),
    ("wish_template", "words", "id"),
];
