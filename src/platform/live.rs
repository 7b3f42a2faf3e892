//! Who listens in this process, and how news reaches them. News are small: what changed and its id, nothing of what it
//! says; whoever shows it reads it again. News may be lost or come twice, so nothing rests on them.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use utoipa::ToSchema;
use uuid::Uuid;

use super::signs::Signs;

/// News one connection may have waiting; one that has more is too slow to be kept.
const QUEUE: usize = 256;

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub enum What {
    #[serde(rename = "task.changed")]
    Task,
    #[serde(rename = "request.changed")]
    Request,
    #[serde(rename = "story.published")]
    Story,
}

/// As it is sent to a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct News {
    pub kind: What,
    pub id: Uuid,
}

/// News of an org, as replicas tell each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    #[serde(flatten)]
    pub news: News,
    pub path: String,
    /// For everybody, not for the office alone.
    pub public: bool,
}

/// What a listener may hear.
#[derive(Clone, Debug)]
pub struct Hearing {
    pub org: Uuid,
    /// Path of the org.
    pub path: String,
    /// The office hears all there is below, everybody else what is public in the very org.
    pub office: bool,
}

impl Hearing {
    fn takes(&self, told: &Told) -> bool {
        if self.office {
            told.path.starts_with(&self.path)
        } else {
            told.public && told.path == self.path
        }
    }
}

/// One connection's place.
#[derive(Debug)]
pub struct Ear {
    hearing: Hearing,
    waiting: Mutex<Vec<News>>,
    slow: AtomicBool,
    pub rung: Notify,
}

impl Ear {
    fn hear(&self, news: News) {
        let mut waiting = lock(&self.waiting);
        if waiting.contains(&news) {
            return;
        }
        if waiting.len() >= QUEUE {
            self.slow.store(true, Ordering::SeqCst);
        } else {
            waiting.push(news);
        }
        drop(waiting);
        self.rung.notify_one();
    }

    /// What has come since it was last asked, each once; None: more than it may keep.
    pub fn take(&self) -> Option<Vec<News>> {
        (!self.slow.load(Ordering::SeqCst)).then(|| std::mem::take(&mut *lock(&self.waiting)))
    }
}

/// Everybody who listens in this process.
#[derive(Clone, Debug)]
pub struct Hub(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    ears: Mutex<Vec<Arc<Ear>>>,
    most: usize,
    most_of_an_org: usize,
    /// Somebody brings news from outside.
    fed: AtomicBool,
    /// News are wanted though nobody listens.
    kept: AtomicBool,
    /// Come down when there is news of what they are about.
    signs: Signs,
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A place taken in the hub, free again when it is dropped.
#[derive(Debug)]
pub struct Seat {
    hub: Hub,
    pub ear: Arc<Ear>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        lock(&self.hub.0.ears).retain(|ear| !Arc::ptr_eq(ear, &self.ear));
        self.hub.show();
    }
}

impl Hub {
    /// `most` connections of this process, of these `most_of_an_org` to the same org.
    pub fn new(most: usize, most_of_an_org: usize, signs: Signs) -> Self {
        let ears = Mutex::default();
        let (fed, kept) = (AtomicBool::new(false), AtomicBool::new(false));
        Self(Arc::new(Inner { ears, most, most_of_an_org, fed, kept, signs }))
    }

    /// A place; None: all are taken.
    pub fn sit(&self, hearing: Hearing) -> Option<Seat> {
        let mut ears = lock(&self.0.ears);
        let same = ears.iter().filter(|ear| ear.hearing.org == hearing.org).count();
        if ears.len() >= self.0.most || same >= self.0.most_of_an_org {
            return None;
        }
        let (waiting, slow, rung) = (Mutex::default(), AtomicBool::new(false), Notify::new());
        let ear = Arc::new(Ear { hearing, waiting, slow, rung });
        ears.push(ear.clone());
        drop(ears);
        self.show();
        Some(Seat { hub: self.clone(), ear })
    }

    fn show(&self) {
        #[allow(clippy::cast_precision_loss)]
        metrics::gauge!("linli_live_connections").set(self.listeners() as f64);
    }

    pub fn listeners(&self) -> usize {
        lock(&self.0.ears).len()
    }

    /// Whether nobody brings news yet; whoever is told so does from now on, until `rests`.
    pub fn wants_feeding(&self) -> bool {
        !self.0.fed.swap(true, Ordering::SeqCst)
    }

    /// From now on news are wanted even where nobody listens: signs come down by them.
    pub fn keep(&self) {
        self.0.kept.store(true, Ordering::SeqCst);
    }

    /// Whether anybody wants news.
    pub fn is_wanted(&self) -> bool {
        self.0.kept.load(Ordering::SeqCst) || self.listeners() > 0
    }

    /// Nobody wants news any more, and whoever brought them stops. False: somebody has come meanwhile.
    pub fn rests(&self) -> bool {
        let ears = lock(&self.0.ears);
        let rests = ears.is_empty() && !self.0.kept.load(Ordering::SeqCst);
        if rests {
            self.0.fed.store(false, Ordering::SeqCst);
        }
        rests
    }

    /// Tells everybody whom it concerns.
    pub fn tell(&self, told: &Told) {
        if told.news.kind == What::Task {
            self.0.signs.take_down(told.news.id);
        }
        for ear in lock(&self.0.ears).iter().filter(|ear| ear.hearing.takes(told)) {
            ear.hear(told.news);
        }
        metrics::counter!("linli_live_news_total").increment(1);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn told(n: u128, path: &str, public: bool) -> Told {
        let news = News { kind: What::Task, id: Uuid::from_u128(n) };
        Told { news, path: path.into(), public }
    }

    fn hearing(path: &str, office: bool) -> Hearing {
        Hearing { org: Uuid::from_u128(path.len() as u128), path: path.into(), office }
    }

    #[test]
    fn the_office_hears_what_lies_below_and_everybody_else_what_is_public_here() {
        let hub = Hub::new(9, 9, Signs::new(Duration::ZERO));
        let (office, neighbour) =
            (hub.sit(hearing("a/b/", true)).unwrap(), hub.sit(hearing("a/b/", false)).unwrap());
        for (n, path, public) in [
            (1, "a/b/", true),
            (2, "a/b/", false),
            (3, "a/b/c/", true),
            (4, "a/", true),
            (5, "a/d/", true),
        ] {
            hub.tell(&told(n, path, public));
        }
        let ids = |seat: &Seat| {
            let taken = seat.ear.take().unwrap();
            taken.iter().map(|news| news.id.as_u128()).collect::<Vec<_>>()
        };
        assert_eq!((ids(&office), ids(&neighbour)), (vec![1, 2, 3], vec![1]));
    }

    #[test]
    fn the_same_news_waits_once_and_too_much_of_it_ends_the_connection() {
        let hub = Hub::new(9, 9, Signs::new(Duration::ZERO));
        let seat = hub.sit(hearing("a/", true)).unwrap();
        for _ in 0..1000 {
            hub.tell(&told(7, "a/", true));
        }
        assert_eq!(seat.ear.take().unwrap().len(), 1);
        for n in 0..=QUEUE as u128 {
            hub.tell(&told(n, "a/", true));
        }
        assert_eq!(seat.ear.take(), None);
    }

    #[test]
    fn places_are_bounded_and_given_back() {
        let hub = Hub::new(3, 2, Signs::new(Duration::ZERO));
        let first = hub.sit(hearing("a/", true)).unwrap();
        let _second = hub.sit(hearing("a/", false)).unwrap();
        assert!(hub.sit(hearing("a/", true)).is_none(), "of one org");
        let _third = hub.sit(hearing("a/b/", true)).unwrap();
        assert!(hub.sit(hearing("a/b/c/", true)).is_none(), "of the process");
        drop(first);
        assert!(hub.sit(hearing("a/", true)).is_some());
        assert!(hub.wants_feeding() && !hub.wants_feeding() && !hub.rests());
    }
}
