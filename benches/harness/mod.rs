//! What benchmarks stand on: many people, load like that of phones, numbers with their spread, a page to put them on.
//! The service is the real program in a process of its own, on servers of its own; the floor beside it is bare rows in
//! the same kind of database, written in the same run.

pub mod bare;
pub mod floor;
pub mod load;
pub mod machine;
pub mod numbers;
pub mod page;
pub mod people;
pub mod plot;
pub mod tokens;
pub mod wire;
