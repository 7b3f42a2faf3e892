//! 积分规则 over the tree: for each occasion and kind the nearest org that set a rule decides. Rules are data: a new
//! one takes an old one's place, and entries keep naming the one they came from.

use std::collections::{BTreeMap, HashMap, HashSet};

use ::entity::{
    org as tree,
    points_rule::{ActiveModel, Column, Entity, Model, PointsKind, PointsTrigger},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, JoinType, QueryFilter,
    QueryOrder, QuerySelect,
    sea_query::{Expr, LockType},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use crate::{
    audit::{self, Act, Deed},
    identity::{Scope, upward},
    kernel::{Day, Error},
    org,
    platform::{
        AppState,
        db::Step,
        http::{Problem, problem::FieldFault, problem::NOT_FOUND},
    },
};

use super::model;

/// One rule as an org writes it.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleForm {
    pub kind: PointsKind,
    pub trigger: PointsTrigger,
    /// Points each time, per full hour for `service_hour`; 0: none here, whatever is set above.
    #[validate(range(min = 0, max = 100))]
    #[schema(minimum = 0, maximum = 100)]
    pub amount: i32,
    /// At most so many a person and month; absent: no limit.
    #[validate(range(min = 0, max = 10_000))]
    #[schema(minimum = 0, maximum = 10_000)]
    pub monthly_cap: Option<i32>,
    /// First day it holds, in Shanghai.
    #[validate(custom(function = civil_date))]
    #[schema(format = Date, example = "2026-11-01")]
    pub from_on: Option<String>,
    /// Last day it holds.
    #[validate(custom(function = civil_date))]
    #[schema(format = Date, example = "2027-12-31")]
    pub until_on: Option<String>,
}

/// The rules an org sets; those it leaves out are inherited.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RulesForm {
    #[validate(length(max = 20), nested)]
    #[schema(max_items = 20)]
    pub rules: Vec<RuleForm>,
}

/// A rule in force and the org that set it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleView {
    pub kind: PointsKind,
    pub trigger: PointsTrigger,
    /// Points each time, per full hour for `service_hour`; 0: none here, whatever is set above.
    pub amount: i32,
    /// At most so many a person and month; null: no limit.
    pub monthly_cap: Option<i32>,
    /// First day it holds, in Shanghai.
    #[schema(format = Date, example = "2026-11-01")]
    pub from_on: Option<String>,
    /// Last day it holds.
    #[schema(format = Date, example = "2027-12-31")]
    pub until_on: Option<String>,
    /// What it is for, in people's words.
    pub text: &'static str,
    pub set_at_org_id: Uuid,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RulesView {
    /// Whether points are switched on here; without it no rule counts.
    pub enabled: bool,
    /// In force here: its own and the inherited ones.
    pub rules: Vec<RuleView>,
}

/// `YYYY-MM-DD`, a day there is.
fn civil_date(text: &str) -> Result<(), ValidationError> {
    let whole = text.len() == 10 && text.parse::<Day>().is_ok();
    if whole { Ok(()) } else { Err(ValidationError::new("date")) }
}

#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    #[error("no such org, or out of reach")]
    NotFound,
    #[error("a field is not right")]
    Field(FieldFault),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<RulesError> for Problem {
    fn from(error: RulesError) -> Self {
        match error {
            RulesError::NotFound => NOT_FOUND.into(),
            RulesError::Field(fault) => Self::fields(vec![fault]),
            RulesError::Broken(error) => error.into(),
        }
    }
}

/// The rules that count at some orgs: none where points are switched off.
#[derive(Debug, Default)]
pub(super) struct InForce(HashMap<Uuid, Vec<Model>>);

impl InForce {
    pub(super) fn is_empty(&self) -> bool {
        self.0.values().all(Vec::is_empty)
    }

    pub(super) fn at(&self, org_id: Uuid, trigger: PointsTrigger) -> impl Iterator<Item = &Model> {
        let here = self.0.get(&org_id).into_iter().flatten();
        here.filter(move |rule| rule.trigger == trigger)
    }

    fn all(&self) -> impl Iterator<Item = &Model> {
        self.0.values().flatten()
    }

    /// Those who set a limit in these rules; their sums are counted by one award at a time.
    pub(super) fn capped(&self) -> Vec<&Model> {
        self.all().filter(|rule| rule.monthly_cap.is_some()).collect()
    }
}

/// What is in force at each of the orgs where points are on; three queries whatever their number.
pub(super) async fn in_force(
    db: &impl ConnectionTrait,
    org_ids: impl IntoIterator<Item = Uuid>,
) -> Result<InForce, Error> {
    let ids: HashSet<Uuid> = org_ids.into_iter().collect();
    let settings = org::settings_of(db, ids).await?;
    let on = settings.into_iter().filter(|(_, rules)| rules.points_enabled).map(|(id, _)| id);
    let orgs = org::paths(db, on).await?;
    let mut steps: Vec<_> = orgs.iter().flat_map(|(_, path)| upward(path)).collect();
    steps.sort_unstable();
    steps.dedup();
    if steps.is_empty() {
        return Ok(InForce::default());
    }
    let set = set_at(db, steps).await?;
    Ok(InForce(orgs.iter().map(|(id, path)| (*id, nearest(path, &set))).collect()))
}

/// The live rules set at each of the paths.
async fn set_at(
    db: &impl ConnectionTrait,
    paths: Vec<&str>,
) -> Result<HashMap<String, Vec<Model>>, Error> {
    let of_org = Entity::belongs_to(tree::Entity).from(Column::OrgId).to(tree::Column::Id).into();
    let rows = Entity::find()
        .join(JoinType::InnerJoin, of_org)
        .filter(Column::ReplacedAt.is_null())
        .filter(tree::Column::Path.is_in(paths.iter().copied()))
        .all(db)
        .await
        .step("read the rules of points")?;
    let orgs = org::paths(db, rows.iter().map(|rule| rule.org_id)).await?;
    let orgs: HashMap<Uuid, String> = orgs.into_iter().collect();
    let mut set: HashMap<String, Vec<Model>> = HashMap::new();
    for rule in rows {
        if let Some(path) = orgs.get(&rule.org_id) {
            set.entry(path.clone()).or_default().push(rule);
        }
    }
    Ok(set)
}

/// Read from the root down, so that the nearest org has the last word on each kind and occasion.
fn nearest(path: &str, set: &HashMap<String, Vec<Model>>) -> Vec<Model> {
    let mut decided = BTreeMap::new();
    for rule in upward(path).into_iter().filter_map(|step| set.get(step)).flatten() {
        decided.insert(format!("{:?} {:?}", rule.trigger, rule.kind), rule.clone());
    }
    decided.into_values().collect()
}

/// Holds the rules that limit a month, so that two awards at once cannot both spend what is left.
pub(super) async fn hold(tx: &DatabaseTransaction, rules: &[&Model]) -> Result<(), Error> {
    if rules.is_empty() {
        return Ok(());
    }
    Entity::find()
        .filter(Column::Id.is_in(rules.iter().map(|rule| rule.id)))
        .order_by_asc(Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(tx)
        .await
        .step("hold the rules of points")
        .map(drop)
}

/// What is in force at an org in reach, and who set it.
///
/// # Errors
/// `NotFound`.
pub(super) async fn view(
    db: &impl ConnectionTrait,
    scope: &Scope,
    org_id: Uuid,
) -> Result<RulesView, RulesError> {
    let org = org::find(db, org_id).await?.filter(|org| scope.covers(&org.path));
    let org = org.ok_or(RulesError::NotFound)?;
    let settings = org::settings_of(db, [org_id]).await?.remove(&org_id).unwrap_or_default();
    let set = set_at(db, upward(&org.path)).await?;
    let rules = nearest(&org.path, &set).into_iter().map(|rule| RuleView {
        text: model::said(rule.trigger),
        set_at_org_id: rule.org_id,
        kind: rule.kind,
        trigger: rule.trigger,
        amount: rule.amount,
        monthly_cap: rule.monthly_cap,
        from_on: rule.from_on,
        until_on: rule.until_on,
    });
    Ok(RulesView { enabled: settings.points_enabled, rules: rules.collect() })
}

/// Each rule fits, and no occasion is written twice.
fn check(form: &RulesForm) -> Result<(), RulesError> {
    let mut seen = HashSet::new();
    for (i, rule) in form.rules.iter().enumerate() {
        let fault = |name: &str, zh: &str, en: &str| {
            let field = format!("rules[{i}].{name}");
            RulesError::Field(FieldFault { field, code: "value", zh: zh.into(), en: en.into() })
        };
        if !model::fits(rule.kind, rule.trigger) {
            return Err(fault("trigger", "这种积分不能这样得", "No such rule for this kind"));
        }
        if !seen.insert((rule.kind, rule.trigger)) {
            return Err(fault("trigger", "同一种情形写了两条规则", "The same occasion twice"));
        }
        if rule.from_on.is_some() && rule.until_on.is_some() && rule.until_on < rule.from_on {
            return Err(fault(
                "until_on",
                "结束日期不能早于开始日期",
                "The end is before the start",
            ));
        }
    }
    Ok(())
}

/// Puts an org's own rules in the place of those it had; audited.
///
/// # Errors
/// `NotFound`; `Field` for a rule that does not fit.
pub(super) async fn replace(
    state: &AppState,
    scope: &Scope,
    by: Uuid,
    org_id: Uuid,
    form: RulesForm,
) -> Result<RulesView, RulesError> {
    check(&form)?;
    let tx = state.db.write().await?;
    let org = org::find(&*tx, org_id).await?.filter(|org| scope.covers(&org.path));
    let org = org.ok_or(RulesError::NotFound)?;
    let now = state.clock.now();
    Entity::update_many()
        .col_expr(Column::ReplacedAt, Expr::value(Some(now)))
        .filter(Column::OrgId.eq(org.id))
        .filter(Column::ReplacedAt.is_null())
        .exec(&*tx)
        .await
        .step("end the old rules")?;
    let row = |rule: RuleForm| ActiveModel {
        id: Set(state.rng.id(now)),
        org_id: Set(org.id),
        kind: Set(rule.kind),
        trigger: Set(rule.trigger),
        amount: Set(rule.amount),
        monthly_cap: Set(rule.monthly_cap),
        from_on: Set(rule.from_on),
        until_on: Set(rule.until_on),
        set_by: Set(by),
        set_at: Set(now),
        replaced_at: Set(None),
    };
    let rows: Vec<_> = form.rules.into_iter().map(row).collect();
    if !rows.is_empty() {
        Entity::insert_many(rows).exec_without_returning(&*tx).await.step("set the rules")?;
    }
    let view = view(&*tx, scope, org_id).await?;
    let deed = Deed {
        act: Act::PointsRulesSet,
        actor_id: Some(by),
        org_id: Some(org_id),
        subject_id: Some(org_id),
        why: None,
    };
    audit::record(&tx, state, deed).await?;
    tx.commit().await?;
    Ok(view)
}
