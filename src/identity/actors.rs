//! Callers as types. A handler that takes `Dispatcher` can only be reached by one, and the scope it gets covers
//! what that role reaches, no more.

use std::{future::Ready, sync::Arc};

use ::entity::{
    membership::{MembershipKind, MembershipState},
    role_grant::Role,
};
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use entity::At;
use uuid::Uuid;

use crate::platform::{
    AppState,
    http::problem::{FORBIDDEN, Problem, RELOGIN},
};

use super::{Scope, access_token::Claims, store};

/// A role held somewhere.
#[derive(Clone, Debug)]
pub struct Held {
    pub id: Uuid,
    pub role: Role,
    pub org_id: Uuid,
    pub org_path: String,
}

/// A place in an org.
#[derive(Clone, Debug)]
pub struct Place {
    pub org_id: Uuid,
    pub org_path: String,
    pub kind: MembershipKind,
    pub state: MembershipState,
}

/// Everything known about the person behind a request; loaded once, by the guard.
#[derive(Clone, Debug)]
pub struct Caller {
    pub person_id: Uuid,
    pub session_id: Uuid,
    /// When the token they called with ends.
    pub token_ends: At,
    pub roles: Vec<Held>,
    pub places: Vec<Place>,
}

impl Caller {
    /// The same for a token of this session; None: it speaks for somebody else.
    pub(super) fn with(self: &Arc<Self>, claims: &Claims) -> Option<Arc<Self>> {
        if self.session_id != claims.sid || self.person_id != claims.sub {
            return None;
        }
        if self.token_ends == claims.ends() {
            return Some(self.clone());
        }
        Some(Arc::new(Self { token_ends: claims.ends(), ..Self::clone(self) }))
    }

    fn subtrees(&self, roles: &[Role]) -> Vec<String> {
        let held = self.roles.iter().filter(|held| roles.contains(&held.role));
        held.map(|held| held.org_path.clone()).collect()
    }

    /// 组织关系所在支部, where it is confirmed.
    pub fn home_branch(&self) -> Option<&Place> {
        self.places.iter().find(|place| {
            place.kind == MembershipKind::HomeBranch && place.state == MembershipState::Confirmed
        })
    }

    pub fn holds(&self, roles: &[Role]) -> bool {
        self.roles.iter().any(|held| roles.contains(&held.role))
    }
}

/// The roles that handle people's business, as opposed to looking after the installation.
pub const BUSINESS: &[Role] = &[Role::Leader, Role::Secretary, Role::Dispatcher];

fn caller(request: &HttpRequest) -> Option<Arc<Caller>> {
    request.extensions().get::<Arc<Caller>>().cloned()
}

/// Anybody, signed in or not.
#[derive(Clone, Debug)]
pub struct Anyone(Option<Arc<Caller>>);

impl Anyone {
    /// Who it is, where they signed in.
    pub fn id(&self) -> Option<Uuid> {
        self.0.as_ref().map(|caller| caller.person_id)
    }

    /// What is public, and what the caller's roles reach.
    pub fn scope(&self) -> Scope {
        match &self.0 {
            None => Scope::public(),
            Some(caller) => Scope::of(Some(caller.person_id), caller.subtrees(BUSINESS), vec![]),
        }
    }
}

impl FromRequest for Anyone {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self(caller(request))))
    }
}

/// A signed-in person, whoever else they are.
#[derive(Clone, Debug)]
pub struct Resident(Arc<Caller>);

impl Resident {
    /// Whoever is known to call.
    pub(super) fn of(caller: Arc<Caller>) -> Self {
        Self(caller)
    }

    pub fn id(&self) -> Uuid {
        self.0.person_id
    }

    pub fn caller(&self) -> &Caller {
        &self.0
    }

    /// When the token they called with ends: what lasts longer than an answer ends with it.
    pub fn token_ends(&self) -> At {
        self.0.token_ends
    }

    /// Whether the session they called in still lives. Where it cannot be asked, it does.
    pub async fn is_still_in(&self, state: &AppState) -> bool {
        store::is_in(state, self.0.session_id, self.0.person_id).await.unwrap_or(true)
    }

    /// Their own rows, what their roles reach, and the pools of their orgs. Anybody may ask for a place anywhere, so
    /// only confirmed ones count.
    pub fn scope(&self) -> Scope {
        let places = self.0.places.iter();
        let held = places.filter(|place| place.state == MembershipState::Confirmed);
        let homes = held.map(|place| place.org_path.clone()).collect();
        Scope::of(Some(self.0.person_id), self.0.subtrees(BUSINESS), homes)
    }

    /// The same person at their desk, if they have one.
    pub fn as_dispatcher(&self) -> Option<Dispatcher> {
        self.0.holds(Dispatcher::ROLES).then(|| Dispatcher(self.0.clone()))
    }

    /// What `scope` says, with their home branch (组织关系) alone: where somebody lives makes them no member there.
    pub fn branch_scope(&self) -> Scope {
        let home = |place: &&Place| {
            place.state == MembershipState::Confirmed && place.kind == MembershipKind::HomeBranch
        };
        let homes = self.0.places.iter().filter(home).map(|place| place.org_path.clone());
        Scope::of(Some(self.0.person_id), self.0.subtrees(BUSINESS), homes.collect())
    }

    /// The same person as a keeper of party records, if they are one.
    pub fn as_party_keeper(&self) -> Option<PartyKeeper> {
        self.0.holds(PartyKeeper::ROLES).then(|| PartyKeeper(self.0.clone()))
    }

    /// Their own rows alone, whatever roles they hold.
    pub fn own_scope(&self) -> Scope {
        Scope::of(Some(self.0.person_id), vec![], vec![])
    }
}

impl FromRequest for Resident {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(caller(request).map(Self).ok_or_else(|| RELOGIN.into()))
    }
}

/// Declares the staff: who they are and which roles make them so.
macro_rules! staff {
    ($($(#[$doc:meta])* $name:ident: $roles:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name(Arc<Caller>);

        impl $name {
            /// Any of these grants makes one.
            pub const ROLES: &'static [Role] = $roles;

            pub fn id(&self) -> Uuid {
                self.0.person_id
            }

            pub fn caller(&self) -> &Caller {
                &self.0
            }

            /// The subtrees of the grants that make one; nothing of their own.
            pub fn scope(&self) -> Scope {
                Scope::of(None, self.0.subtrees(Self::ROLES), vec![])
            }
        }

        impl FromRequest for $name {
            type Error = Problem;
            type Future = Ready<Result<Self, Problem>>;

            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                std::future::ready(match caller(request) {
                    None => Err(RELOGIN.into()),
                    Some(caller) if caller.holds(Self::ROLES) => Ok(Self(caller)),
                    Some(_) => Err(FORBIDDEN.into()),
                })
            }
        }
    )*};
}

staff! {
    /// 社区工作者: handles requests and tasks of their office.
    Dispatcher: &[Role::Dispatcher];
    /// Keeps people's places: members, skills, 双报到.
    Registrar: &[Role::Dispatcher, Role::Secretary, Role::Leader];
    /// Keeps members' party records.
    PartyKeeper: &[Role::Secretary, Role::Leader];
    /// Reviews what is shown in the organisation's name.
    Reviewer: &[Role::Dispatcher, Role::Secretary, Role::Leader];
    /// Keeps orgs, their settings and their staff.
    Keeper: &[Role::Operator, Role::Leader];
    /// 运维: looks after the installation.
    Operator: &[Role::Operator];
    /// Reads what was done with others' rights.
    Inspector: &[Role::Auditor, Role::Operator, Role::Leader];
}
