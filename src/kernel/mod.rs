//! The floor under every room: time, days, facts, chance, and the error for what should not happen.
//! It knows nothing of the neighbourhood and imports nothing of ours.

pub mod clock;
pub mod day;
pub mod error;
pub mod event;
pub mod month;
pub mod place;
pub mod quiet;
pub mod rng;

pub use clock::Clock;
pub use day::Day;
pub use error::{Error, Trouble};
pub use event::{Event, Fact};
pub use month::Month;
pub use quiet::Quiet;
pub use rng::Rng;
