//! The whole URL table: every room with routes, in the order of the story. What it takes to add a room: one
//! entry here.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    asking, birthday, claim, complaint, content, dispatch, file, home, identity, jobs, ledger,
    live, notify, org, overview,
    platform::http::{Kind, problem},
    privacy, ranking, request, showcase, themeday, timeline,
};

/// A room as the outside meets it.
struct Room {
    configure: fn(&mut ServiceConfig),
    problems: &'static [Kind],
}

const ROOMS: &[Room] = &[
    Room { configure: identity::routes::configure, problems: identity::PROBLEMS },
    Room { configure: org::routes::configure, problems: org::PROBLEMS },
    Room { configure: file::routes::configure, problems: file::PROBLEMS },
    Room { configure: request::routes::configure, problems: request::PROBLEMS },
    Room { configure: dispatch::routes::configure, problems: dispatch::PROBLEMS },
    Room { configure: claim::routes::configure, problems: claim::PROBLEMS },
    Room { configure: asking::routes::configure, problems: &[] },
    Room { configure: showcase::routes::configure, problems: showcase::PROBLEMS },
    Room { configure: timeline::routes::configure, problems: &[] },
    Room { configure: home::routes::configure, problems: &[] },
    Room { configure: live::routes::configure, problems: live::PROBLEMS },
    Room { configure: overview::routes::configure, problems: &[] },
    Room { configure: ledger::routes::configure, problems: ledger::PROBLEMS },
    Room { configure: notify::routes::configure, problems: &[] },
    Room { configure: jobs::routes::configure, problems: &[] },
    Room { configure: ranking::routes::configure, problems: ranking::PROBLEMS },
    Room { configure: themeday::routes::configure, problems: themeday::PROBLEMS },
    Room { configure: complaint::routes::configure, problems: &[] },
    Room { configure: birthday::routes::configure, problems: birthday::PROBLEMS },
    Room { configure: content::routes::configure, problems: content::PROBLEMS },
    Room { configure: privacy::routes::configure, problems: privacy::PROBLEMS },
];

/// Every route below `/api/v1`.
pub fn configure(routes: &mut ServiceConfig) {
    for room in ROOMS {
        (room.configure)(routes);
    }
}

/// Every kind of problem there is, by code.
pub fn problems() -> Vec<Kind> {
    let rooms = ROOMS.iter().map(|room| room.problems);
    let mut kinds: Vec<_> = rooms.chain([problem::PROBLEMS]).flatten().copied().collect();
    kinds.sort_by_key(|kind| kind.code);
    kinds.dedup();
    kinds
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use actix_web::App;
    use utoipa_actix_web::AppExt;

    use super::*;

    #[test]
    fn a_code_means_one_thing() {
        let kinds = problems();
        for pair in kinds.windows(2) {
            assert_ne!(pair[0].code, pair[1].code, "{pair:?}");
        }
        assert!(kinds.iter().all(|kind| (400..600).contains(&kind.status)));
    }

    #[test]
    fn a_name_in_the_document_means_one_shape() {
        let mut known = BTreeMap::new();
        for room in ROOMS {
            let app = App::new().into_utoipa_app().configure(room.configure);
            let (_, document) = app.split_for_parts();
            for (name, shape) in document.components.unwrap_or_default().schemas {
                let shape = serde_json::to_value(shape).unwrap();
                let first = known.entry(name.clone()).or_insert_with(|| shape.clone());
                assert_eq!(*first, shape, "two rooms call different things {name}");
            }
        }
    }
}
