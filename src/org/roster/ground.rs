//! Where people of a file may belong: the branches below the org that imports, the communities of its city.

use std::collections::HashMap;

use ::entity::{
    membership::MembershipKind,
    org::{Model, OrgKind},
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{
    identity::upward,
    kernel::Error,
    org::{ancestor_of_kind, model::has_places},
};

use super::{cell::fold, line::Line, store};

/// What communities are called in full, besides their short names.
const ENDINGS: [&str; 6] = ["", "居民委员会", "村民委员会", "居委会", "村委会", "村"];

pub(super) struct Ground {
    own: Option<Uuid>,
    path: String,
    branches: HashMap<String, Vec<Uuid>>,
    communities: HashMap<String, Vec<Model>>,
}

/// What a name leads to.
pub(super) enum Found<T> {
    One(T),
    None,
    Several,
}

impl Ground {
    pub(super) async fn survey(
        db: &impl ConnectionTrait,
        org: &Model,
        lines: &[Line],
    ) -> Result<Self, Error> {
        let mut branches: HashMap<String, Vec<Uuid>> = HashMap::new();
        for (id, name) in store::branches(db, org).await? {
            branches.entry(bare(&name)).or_default().push(id);
        }
        let mut names: Vec<_> = lines
            .iter()
            .filter_map(|line| line.community.as_deref())
            .flat_map(|name| ENDINGS.map(|ending| format!("{}{ending}", short(name))))
            .collect();
        names.sort_unstable();
        names.dedup();
        let city = ancestor_of_kind(db, org, OrgKind::City).await?.map(|city| city.path);
        let root = city.or_else(|| upward(&org.path).first().map(|root| (*root).to_owned()));
        let mut communities: HashMap<String, Vec<Model>> = HashMap::new();
        for row in store::communities(db, &root.unwrap_or_default(), names).await? {
            communities.entry(short(&row.name)).or_default().push(row);
        }
        let own = has_places(org.kind, MembershipKind::HomeBranch).then_some(org.id);
        Ok(Self { own, path: org.path.clone(), branches, communities })
    }

    /// The branch of that name; without a name the org itself, where it is one.
    pub(super) fn branch(&self, name: Option<&str>) -> Found<Uuid> {
        let Some(name) = name else { return self.own.map_or(Found::None, Found::One) };
        one(self.branches.get(&bare(name)).map(|all| all.iter().copied()))
    }

    /// The community of that name; where a city has several, the one the org belongs to or has below it.
    pub(super) fn community(&self, name: &str) -> Found<&Model> {
        let all = self.communities.get(&short(name));
        let near =
            |one: &&Model| self.path.starts_with(&one.path) || one.path.starts_with(&self.path);
        match one(all.map(|all| all.iter())) {
            Found::Several => one(all.map(|all| all.iter().filter(near))),
            found => found,
        }
    }
}

fn one<T>(found: Option<impl Iterator<Item = T>>) -> Found<T> {
    let Some(mut found) = found else { return Found::None };
    match (found.next(), found.next()) {
        (Some(one), None) => Found::One(one),
        (None, _) => Found::None,
        _ => Found::Several,
    }
}

/// A name without blanks.
fn bare(name: &str) -> String {
    fold(name).chars().filter(|sign| !sign.is_whitespace()).collect()
}

fn short(name: &str) -> String {
    let bare = bare(name);
    let ending = ENDINGS.iter().skip(1).find(|ending| bare.ends_with(**ending));
    let stem = ending.and_then(|ending| bare.strip_suffix(ending)).filter(|stem| !stem.is_empty());
    stem.map_or_else(|| bare.clone(), ToOwned::to_owned)
}
