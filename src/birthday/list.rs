//! 政治生日名单: who has a political birthday in a month or a quarter, for the branch's keeper; each look is audited
//! before it is shown.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::{
    audit::{self, Act, Deed},
    identity::PartyKeeper,
    kernel::Day,
    org,
    platform::{AppState, http::Problem, http::problem::NOT_FOUND},
};

use super::{
    celebrants,
    model::Span,
    view::{BirthdayView, birthdays},
};

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BirthdayQuery {
    /// A month, `2026-11`; neither this nor a quarter: the month it is now.
    #[param(min_length = 7, max_length = 7)]
    #[validate(length(min = 7, max = 7))]
    month: Option<String>,
    /// A quarter, `2026-Q4`.
    #[param(min_length = 7, max_length = 7)]
    #[validate(length(min = 7, max = 7))]
    quarter: Option<String>,
}

impl BirthdayQuery {
    fn span(&self, today: Day) -> Result<Span, Problem> {
        let bad = |field, zh| Problem::field(field, "value", zh, "Not a month or quarter");
        match (&self.month, &self.quarter) {
            (None, None) => Ok(Span::month_of(today)),
            (Some(month), None) => {
                Span::month(month).ok_or_else(|| bad("month", "月份请写成 2026-11 这样"))
            }
            (None, Some(quarter)) => {
                Span::quarter(quarter).ok_or_else(|| bad("quarter", "季度请写成 2026-Q4 这样"))
            }
            (Some(_), Some(_)) => Err(bad("quarter", "月份和季度只选一个")),
        }
    }
}

/// The political birthdays of a month or quarter. No `Debug`.
#[derive(Serialize, ToSchema)]
pub struct Birthdays {
    #[schema(format = Date)]
    pub from: String,
    /// The last day.
    #[schema(format = Date)]
    pub to: String,
    /// By day. Nobody who has not agreed, does not want it, or is to be left in peace.
    pub items: Vec<BirthdayView>,
    /// Members whose record is kept and who have not agreed to anniversaries; they stand in no list.
    pub not_agreed: u64,
}

/// Those of an org within reach and all below it.
///
/// # Errors
/// `NOT_FOUND`; a field for what is no month or quarter, or more people than one list holds.
pub(super) async fn list(
    state: &AppState,
    keeper: &PartyKeeper,
    org_id: Uuid,
    query: &BirthdayQuery,
) -> Result<Birthdays, Problem> {
    let span = query.span(Day::of(state.clock.now()))?;
    let scope = keeper.scope();
    let tx = state.db.write().await?;
    let org = org::find(&*tx, org_id).await?.filter(|org| scope.covers(&org.path));
    let org = org.ok_or(NOT_FOUND)?;
    let too_many = || {
        let zh = "人数太多，请到下级组织查看";
        Problem::field("id", "value", zh, "Too many: look at an org further down")
    };
    let found = celebrants::in_span(&*tx, state, &scope, &org.path, span).await?;
    let found = found.ok_or_else(too_many)?;
    let items = birthdays(&*tx, &found).await?;
    let not_agreed = org::not_agreed(&*tx, &scope, &org.path).await?;
    let deed = Deed {
        act: Act::BirthdaysRead,
        actor_id: Some(keeper.id()),
        org_id: Some(org_id),
        subject_id: Some(org_id),
        why: Some(format!("{} – {}", span.from, span.to)),
    };
    audit::record(&tx, state, deed).await?;
    tx.commit().await?;
    Ok(Birthdays { from: span.from.to_string(), to: span.to.to_string(), items, not_agreed })
}
