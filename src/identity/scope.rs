//! Scope: which rows a caller may even know of. Only this room builds one, and every store function asks for it.

use ::entity::org;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

/// The reach of a caller: rows of their own, rows of orgs below their grants, pools of the orgs they belong to.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    own: Option<Uuid>,
    subtrees: Vec<String>,
    homes: Vec<String>,
    everything: bool,
}

impl Scope {
    /// What anybody may see: nothing but what a store function calls public.
    pub(super) fn public() -> Self {
        Self::default()
    }

    pub(super) fn of(own: Option<Uuid>, subtrees: Vec<String>, homes: Vec<String>) -> Self {
        Self { own, subtrees, homes, everything: false }
    }

    /// The house itself: reactions, loops and commands an operator starts at the machine. Never for a request.
    pub(crate) fn house() -> Self {
        Self { everything: true, ..Self::default() }
    }

    /// One person's own rows, for whoever has just found that person on a roster in their reach.
    pub(crate) fn of_member(id: Uuid) -> Self {
        Self { own: Some(id), ..Self::default() }
    }

    /// Rows whose org lies in the caller's subtrees.
    pub fn reach<C: ColumnTrait>(&self, org_id: C) -> Condition {
        if self.everything {
            return everything();
        }
        within(org_id, &self.subtrees)
    }

    /// Rows that belong to the caller.
    pub fn own<C: ColumnTrait>(&self, person_id: C) -> Condition {
        match self.own {
            _ if self.everything => everything(),
            Some(me) => Condition::all().add(person_id.eq(me)),
            None => nothing(),
        }
    }

    /// Rows in the pools of the caller's orgs and of all orgs above these.
    pub fn pools<C: ColumnTrait>(&self, ring_org_id: C) -> Condition {
        if self.everything {
            return everything();
        }
        let mut paths: Vec<&str> = self.homes.iter().flat_map(|home| upward(home)).collect();
        paths.sort_unstable();
        paths.dedup();
        if paths.is_empty() {
            return nothing();
        }
        let orgs = org::Entity::find()
            .select_only()
            .column(org::Column::Id)
            .filter(org::Column::Path.is_in(paths))
            .into_query();
        Condition::all().add(ring_org_id.in_subquery(orgs))
    }

    /// The caller, where rows of their own count.
    pub fn person(&self) -> Option<Uuid> {
        self.own
    }

    /// Whether the caller looks into the pool of the org at a path, as `pools` has it.
    pub fn looks_into(&self, path: &str) -> bool {
        self.everything || self.homes.iter().any(|home| home.starts_with(path))
    }

    /// Whether a path lies in the caller's subtrees.
    pub fn covers(&self, path: &str) -> bool {
        self.everything || self.subtrees.iter().any(|root| path.starts_with(root.as_str()))
    }
}

/// Every row; written out, because an empty condition would vanish from an `OR`.
fn everything() -> Condition {
    Condition::all().add(Expr::val(1).eq(1))
}

/// No row at all.
fn nothing() -> Condition {
    Condition::any().add(Expr::val(1).eq(0))
}

/// The subtree of `path` as one range of the path index: `0` is the sign after `/`.
fn below(path: &str) -> Condition {
    let end = format!("{}0", path.trim_end_matches('/'));
    Condition::all().add(org::Column::Path.gte(path)).add(org::Column::Path.lt(end))
}

/// Rows whose org lies in one of the subtrees.
pub fn within<C: ColumnTrait>(org_id: C, subtrees: &[String]) -> Condition {
    if subtrees.is_empty() {
        return nothing();
    }
    let any = subtrees.iter().fold(Condition::any(), |any, path| any.add(below(path)));
    let orgs = org::Entity::find().select_only().column(org::Column::Id).filter(any).into_query();
    Condition::all().add(org_id.in_subquery(orgs))
}

/// The path itself and those of all nodes above it.
pub fn upward(path: &str) -> Vec<&str> {
    path.match_indices('/').map(|(at, _)| &path[..=at]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upward_names_every_node_on_the_way_to_the_root() {
        assert_eq!(upward("a/b/c/"), ["a/", "a/b/", "a/b/c/"]);
        assert!(upward("").is_empty());
    }

    #[test]
    fn a_scope_looks_into_its_own_pools_and_those_above() {
        let scope = Scope::of(None, vec![], vec!["a/b/".into()]);
        assert!(scope.looks_into("a/b/") && scope.looks_into("a/"));
        assert!(!scope.looks_into("a/b/c/") && !scope.looks_into("a/bc/"));
        assert!(!Scope::public().looks_into("a/"));
    }

    #[test]
    fn a_scope_covers_its_subtree_and_nothing_beside_it() {
        let scope = Scope::of(None, vec!["a/b/".into()], vec![]);
        assert!(scope.covers("a/b/") && scope.covers("a/b/c/"));
        assert!(!scope.covers("a/") && !scope.covers("a/bc/") && !Scope::public().covers("a/b/"));
    }
}
