//! What should not happen, with the step at which it did. Rooms carry it along; the edge answers and logs it once.

use std::fmt;

/// What the failure means for the person who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing was done; the same again a little later may work.
    Busy,
    /// It may or may not have been stored: only a retry with the same key tells.
    Unknown,
    /// A fault of ours.
    Broken,
}

/// An inner failure and the step that met it.
#[derive(Debug)]
pub struct Error {
    pub step: &'static str,
    pub trouble: Trouble,
    pub cause: anyhow::Error,
}

impl Error {
    /// A fault of ours at `step`.
    pub fn broken(step: &'static str, cause: impl Into<anyhow::Error>) -> Self {
        Self { step, trouble: Trouble::Broken, cause: cause.into() }
    }

    /// A value that our own rows promise and that is not there or not readable.
    pub fn impossible(step: &'static str) -> Self {
        Self::broken(step, anyhow::anyhow!("a promise of our own rows does not hold"))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:#}", self.step, self.cause)
    }
}

impl std::error::Error for Error {}
