//! Keys as an operator writes them: `id:base64,id:base64`, newest first.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;

/// Named keys of 32 bytes. The text stays as given until `parse`, so that faults can be named together.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Keys(String);

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Keys {
    /// The keys in order, or what is wrong with them in words for an operator.
    pub fn parse(&self) -> Result<Vec<(String, [u8; 32])>, String> {
        let keys: Vec<_> = self
            .0
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(|part| {
                let (id, text) = part.split_once(':').ok_or("expected `id:base64`")?;
                let bytes = STANDARD.decode(text).map_err(|_| format!("key {id} is not Base64"))?;
                let key = bytes
                    .try_into()
                    .map_err(|_| format!("key {id} must be 32 bytes (openssl rand -base64 32)"))?;
                Ok((id.to_owned(), key))
            })
            .collect::<Result<_, String>>()?;
        if keys.is_empty() { Err("is not set".into()) } else { Ok(keys) }
    }

    /// The first key alone.
    pub fn first(&self) -> Result<[u8; 32], String> {
        self.parse().map(|keys| keys[0].1)
    }

    /// Keys that are printed in this repository carry `example` in their id.
    pub fn are_examples(&self) -> bool {
        self.0.contains("example")
    }
}
