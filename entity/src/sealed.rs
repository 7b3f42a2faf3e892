//! Text about a person as it rests in the database.

use std::fmt;

use sea_orm::DeriveValueType;

/// A personal field sealed by the application (`v1|kid|nonce|ciphertext`). The database never sees the words.
#[derive(Clone, PartialEq, Eq, DeriveValueType)]
pub struct Sealed(pub String);

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
