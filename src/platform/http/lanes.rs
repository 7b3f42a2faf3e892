//! Too busy: how many requests one process answers at the same time. Claims, exports and what
//! WeChat tells have lanes of their own, so that none of them leaves the others without a place. Probes always get through.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use crate::platform::config::HttpSettings;

use super::limit::is_export;

/// The tap on a task, as a pattern.
pub const CLAIMS: &str = "/api/v1/tasks/{id}/claims";

/// Which lane a request takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    Common,
    Claims,
    Exports,
    Pushes,
}

impl Lane {
    /// By the route's pattern; None for what is answered however busy we are.
    pub fn of(pattern: &str) -> Option<Self> {
        match pattern {
            "/live" | "/ready" => None,
            CLAIMS => Some(Self::Claims),
            "/wechat/push" => Some(Self::Pushes),
            _ if is_export(pattern) => Some(Self::Exports),
            _ => Some(Self::Common),
        }
    }
}

#[derive(Debug)]
struct Places {
    taken: AtomicUsize,
    most: usize,
}

/// The lanes of a process.
#[derive(Debug)]
pub struct Lanes([Places; 4]);

/// A place in a lane, free again when it is dropped.
#[derive(Debug)]
pub struct Place {
    lanes: Arc<Lanes>,
    lane: Lane,
}

impl Lanes {
    pub fn new(http: &HttpSettings) -> Self {
        let lane = |most| Places { taken: AtomicUsize::new(0), most };
        Self([
            lane(http.in_flight),
            lane(http.in_flight_claims),
            lane(http.in_flight_exports),
            lane(http.in_flight_pushes),
        ])
    }

    /// Takes a place. None: all are taken.
    pub fn enter(self: &Arc<Self>, lane: Lane) -> Option<Place> {
        let Places { taken, most } = &self.0[lane as usize];
        let place = Place { lanes: self.clone(), lane };
        // A place counts while it exists, also the one that turns out to be too many.
        (taken.fetch_add(1, Ordering::SeqCst) < *most).then_some(place)
    }

    /// How many are inside, in all lanes.
    pub fn inside(&self) -> usize {
        self.0.iter().map(|lane| lane.taken.load(Ordering::SeqCst)).sum()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.lanes.0[self.lane as usize].taken.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::config::Settings;

    #[test]
    fn a_full_lane_leaves_the_others_free_and_empties_again() {
        let few = [("http.in_flight", "1".into()), ("http.in_flight_exports", "1".into())];
        let settings = Settings::load("test", None, &few).unwrap();
        let lanes = Arc::new(Lanes::new(&settings.http));
        let export = lanes.enter(Lane::Exports);
        assert!(export.is_some() && lanes.enter(Lane::Exports).is_none());
        assert!(lanes.enter(Lane::Common).is_some() && lanes.enter(Lane::Claims).is_some());
        assert_eq!(lanes.inside(), 1);
        drop(export);
        assert!(lanes.enter(Lane::Exports).is_some());
        assert_eq!(lanes.inside(), 0);
    }

    #[test]
    fn probes_take_no_place() {
        assert_eq!(Lane::of("/ready"), None);
        assert_eq!(Lane::of("/api/v1/tasks/{id}/claims"), Some(Lane::Claims));
        assert_eq!(Lane::of("/api/v1/me/export"), Some(Lane::Exports));
        assert_eq!(Lane::of("/wechat/push"), Some(Lane::Pushes));
        assert_eq!(Lane::of("/api/v1/home"), Some(Lane::Common));
    }
}
