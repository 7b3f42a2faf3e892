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
    /// Whose id that is: table, its key, and the column there that holds the person's id. None: the person's.
    pub of: Option<[String; 3]>,
    pub theirs: bool,
    pub fate: Fate,
    pub blanks: Vec<(String, Blank)>,
    pub read: Read,
}

impl Trace {
    /// The rows of that person.
    pub fn of(&self, person: Uuid) -> Condition {
        let column = Expr::col(Alias::new(&self.column));
        Condition::all().add(match &self.of {
            None => column.eq(person),
            Some([table, key, whose]) => {
                let mut theirs = Query::select();
                theirs.column(Alias::new(key)).from(Alias::new(table));
                theirs.and_where(Expr::col(Alias::new(whose)).eq(person));
                column.in_subquery(theirs)
            }
        })
    }
}

/// `theirs claim.PersonId => Stays;` with the names of entities, so that the compiler knows them.
macro_rules! traces {
    ($($kind:ident $table:ident.$column:ident $(of $owner:ident[$key:ident].$whose:ident)? =>
        $fate:ident $({ $($field:ident = $blank:expr),* $(,)? })?;)*) => {
        /// Every way in which rows belong to a person, in the order in which leaving goes through them.
        pub fn traces() -> Vec<Trace> {
            vec![$({
                use ::entity::$table::{Column, Entity};
                Trace {
                    table: Entity.table_name().to_owned(),
                    column: Column::$column.as_str().to_owned(),
                    of: traces!(@of $($owner $key $whose)?),
                    theirs: stringify!($kind) == "theirs",
                    fate: $fate,
                    blanks: vec![$($((Column::$field.as_str().to_owned(), $blank)),*)?],
                    read: |state, of| Box::pin(own::rows::<Entity>(state, of)),
                }
            }),*]
        }
    };
    (@of) => { None };
    (@of $owner:ident $key:ident $whose:ident) => {{
        use ::entity::$owner::{Column, Entity};
        let names = [Entity.table_name(), Column::$key.as_str(), Column::$whose.as_str()];
        Some(names.map(ToOwned::to_owned))
    }};
}

traces! {
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
    names notice.RequestId of request[Id].RequesterId => Goes;
    names notice.SubjectId of claim[Id].PersonId => Goes;
    // Photos: `file::forget` takes them away, pictures and all.
    theirs file.PersonId => Stays;
    // Places and trust. Whoever holds a role hands it back before.
    theirs membership.PersonId => Bare { State = Words("ended"), Reason = Null };
    names membership.DecidedBy => Stays;
    theirs party_record.PersonId => Goes;
    names party_record.UpdatedBy => Stays;
    theirs certificate.PersonId => Goes;
    names certificate.RecordedBy => Stays;
    names roster_import.OrgId of membership[OrgId].PersonId => Bare { Findings = Null };
    names roster_import.ById => Stays;
    theirs complaint.PersonId => Bare { Words = Empty, Answer = Null };
    names complaint.AnsweredBy => Stays;
    theirs person_skill.PersonId => Goes;
    names person_skill.RecordedBy => Stays;
    theirs role_grant.PersonId => Stays;
    names role_grant.GrantedBy => Stays;
    names org_setting.SetBy => Stays;
    // What was said and done about their requests, before the requests themselves.
    theirs event.RequestId of request[Id].RequesterId => Bare { Words = Null };
    theirs event.ActorId => Bare { Words = Null };
    theirs answer.RequestId of request[Id].RequesterId => Bare { Words = Null };
    theirs answer.PersonId => Bare { Words = Null };
    names story.RequestId of request[Id].RequesterId => Bare {
        State = Words("withdrawn"), Title = Words(SOMETHING), Words = Words(GONE), Reason = Null,
    };
    theirs story.AuthorId => Stays;
    names story.ReviewerId => Stays;
    names task.RequestId of request[Id].RequesterId => Bare {
        Title = Words(SOMETHING), Notes = Null, PlaceName = Null, Address = Null, Lat = Null, Lng = Null,
        Report = Null, Reason = Null,
    };
    names task.ReportedBy => Bare { Report = Null };
    names task.LeadId => Stays;
    names task.CreatedBy => Stays;
    theirs request.RequesterId => Bare {
        Title = Words(SOMETHING), Detail = Empty, PlaceName = Null, Address = Null, Lat = Null, Lng = Null,
        Reason = Null,
    };
    // What they served: the sums of task, org and month.
    theirs claim.PersonId => Stays;
    theirs hours_entry.PersonId => Stays;
    // The chain of audit stays whole; the reasons in which others wrote of them go.
    names audit_words.Seq of audit_entry[Seq].SubjectId => Goes;
    names audit_entry.SubjectId => Stays;
    names audit_entry.ActorId => Stays;
}

/// Every sealed column: table, column, and the column with the id it is sealed for.
pub const SEALED: &[(&str, &str, &str)] = &[
    ("answer", "words", "id"),
    ("audit_words", "why", "id"),
    ("certificate", "issuer", "id"),
    ("certificate", "number", "id"),
    ("complaint", "answer", "id"),
    ("complaint", "words", "id"),
    ("event", "words", "id"),
    ("idempotency_key", "body", "actor_id"),
    ("notice", "body", "id"),
    ("party_record", "facts", "person_id"),
    ("person", "phone", "id"),
    ("person", "real_name", "id"),
    ("request", "address", "id"),
    ("request", "detail", "id"),
    ("request", "reason", "id"),
    ("roster_import", "findings", "id"),
    ("task", "address", "id"),
];
