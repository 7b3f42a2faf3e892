//! The rules of the tree: what may hang below what, how paths are made, who belongs where, who may appoint whom.

use ::entity::{
    membership::MembershipKind,
    org::{Model, OrgKind},
    role_grant::Role,
};
use uuid::Uuid;

/// Height in the tree; a parent is always higher (smaller) than its child.
pub(super) fn rank(kind: OrgKind) -> u8 {
    match kind {
        OrgKind::Province => 0,
        OrgKind::City => 1,
        OrgKind::District => 2,
        OrgKind::Street => 3,
        OrgKind::Community => 4,
        OrgKind::Unit => 5,
        OrgKind::Branch => 6,
        OrgKind::Group => 7,
    }
}

/// Whether a node of kind `child` may hang below one of kind `parent`. Levels may be skipped: some cities have
/// streets and no districts, and a street has branches of its own. A 党小组 belongs to a 党支部.
pub(super) fn may_hold(parent: OrgKind, child: OrgKind) -> bool {
    match child {
        OrgKind::Group => parent == OrgKind::Branch,
        _ => rank(parent) < rank(child),
    }
}

/// What people call such a node.
pub(super) fn spoken(kind: OrgKind) -> &'static str {
    match kind {
        OrgKind::Province => "省",
        OrgKind::City => "市",
        OrgKind::District => "区县",
        OrgKind::Street => "街道",
        OrgKind::Community => "社区",
        OrgKind::Unit => "单位",
        OrgKind::Branch => "党支部",
        OrgKind::Group => "党小组",
    }
}

/// Where a node hangs: the path of its parent and twelve signs of its id's random tail, closed by `/`.
pub(super) fn path_below(parent: &str, id: Uuid) -> String {
    format!("{parent}{}/", &id.simple().to_string()[20..])
}

/// Whether such an org is one a person can have such a place in.
pub(super) fn has_places(org: OrgKind, place: MembershipKind) -> bool {
    match place {
        MembershipKind::HomeBranch => matches!(org, OrgKind::Branch | OrgKind::Group),
        MembershipKind::Residence => org == OrgKind::Community,
    }
}

/// Whether residents can ask this org for help: a community, or the street above it.
pub fn takes_requests(org: &Model) -> bool {
    matches!(org.kind, OrgKind::Community | OrgKind::Street)
}

/// Whether a keeper who holds `roles` on the org may give or take `role` there: an operator any, a leader those
/// of the daily work.
pub(super) fn may_appoint(roles: &[Role], role: Role) -> bool {
    let daily = matches!(role, Role::Leader | Role::Secretary | Role::Dispatcher);
    roles.contains(&Role::Operator) || (daily && roles.contains(&Role::Leader))
}

/// What strangers see of a name, and others of a roster name until its owner says what to be called: `张*`.
pub fn veiled(real_name: &str) -> String {
    real_name.trim().chars().take(1).chain(['*']).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sea_orm::Iterable;

    use super::*;

    #[test]
    fn nothing_hangs_below_its_own_kind_or_a_lower_one() {
        for parent in OrgKind::iter() {
            for child in OrgKind::iter() {
                assert!(!may_hold(parent, child) || rank(parent) < rank(child));
            }
        }
        assert!(may_hold(OrgKind::City, OrgKind::Street), "Dongguan has no districts");
        assert!(
            may_hold(OrgKind::Unit, OrgKind::Branch) && may_hold(OrgKind::Branch, OrgKind::Group)
        );
        assert!(!may_hold(OrgKind::Community, OrgKind::Group));
    }

    #[test]
    fn ranks_follow_the_order_of_the_kinds() {
        assert!(OrgKind::iter().map(rank).eq(0..8));
    }

    #[test]
    fn a_branch_is_no_home_and_a_community_no_branch() {
        use MembershipKind::{HomeBranch, Residence};
        assert!(
            has_places(OrgKind::Branch, HomeBranch) && has_places(OrgKind::Community, Residence)
        );
        assert!(
            !has_places(OrgKind::Branch, Residence) && !has_places(OrgKind::Community, HomeBranch)
        );
    }

    #[test]
    fn a_leader_appoints_for_daily_work_and_an_operator_anyone() {
        assert!(Role::iter().all(|role| may_appoint(&[Role::Operator], role)));
        let leaders: Vec<_> = Role::iter().filter(|r| may_appoint(&[Role::Leader], *r)).collect();
        assert_eq!(leaders, [Role::Leader, Role::Secretary, Role::Dispatcher]);
        assert!(Role::iter().all(|role| !may_appoint(&[Role::Dispatcher], role)));
    }

    #[test]
    fn a_roster_name_shows_its_first_sign_alone() {
        assert_eq!(veiled(" 张三丰"), "张*");
    }

    proptest! {
        /// From its path to the same path with `0`, the sign after `/`, in place of the last one.
        #[test]
        fn a_subtree_is_one_range_of_paths(ids in proptest::collection::vec(any::<u128>(), 2..7), cut in 0usize..6) {
            let mut paths = vec![String::new()];
            for id in &ids {
                paths.push(path_below(&paths[paths.len() - 1], Uuid::from_u128(*id)));
            }
            let root = &paths[1 + cut % ids.len()];
            let end = format!("{}0", root.trim_end_matches('/'));
            for path in &paths {
                prop_assert_eq!(path >= root && path < &end, path.starts_with(root.as_str()));
            }
            let sibling = path_below(&paths[cut % ids.len()], Uuid::from_u128(ids[cut % ids.len()] ^ 1));
            prop_assert!(&sibling < root || sibling >= end);
        }

        #[test]
        fn a_step_of_a_path_is_twelve_hex_signs(id in any::<u128>()) {
            let path = path_below("", Uuid::from_u128(id));
            prop_assert_eq!(path.len(), 13);
            prop_assert!(path[..12].bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')));
        }
    }
}
