//! From a body to what was told: opened where it is sealed, JSON or XML.

use serde_json::Value;

use super::{PushFault, PushKeys, xml};

/// What WeChat told, whatever form it came in.
#[derive(Clone, Debug, PartialEq)]
pub struct Told(pub Value);

impl Told {
    /// Reads a message in the clear.
    ///
    /// # Errors
    /// `Form`.
    pub fn read(bytes: &[u8]) -> Result<Self, PushFault> {
        let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
        let value = match first {
            Some(b'<') => xml::parse(bytes)?,
            _ => serde_json::from_slice(bytes).map_err(|_| PushFault::Form)?,
        };
        if value.is_object() { Ok(Self(value)) } else { Err(PushFault::Form) }
    }

    /// Checks and opens a sealed message: the bytes within, and what they tell.
    ///
    /// # Errors
    /// `Signature` before anything is opened; then `Sealed`, `OtherApp` or `Form`.
    pub fn unseal(
        keys: &PushKeys,
        body: &[u8],
        (signature, timestamp, nonce): (&str, &str, &str),
    ) -> Result<(Vec<u8>, Self), PushFault> {
        let outer = Self::read(body)?;
        let encrypt = outer.0["Encrypt"].as_str().ok_or(PushFault::Form)?;
        keys.check(signature, &[timestamp, nonce, encrypt])?;
        let inner = keys.open(encrypt)?;
        let told = Self::read(&inner)?;
        Ok((inner, told))
    }

    /// A field as text; numbers are written as such, as WeChat does either.
    pub fn text(value: &Value) -> Option<String> {
        match value {
            Value::String(text) => Some(text.trim().to_owned()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// A field as a number, which may have come as text.
    pub fn number(value: &Value) -> Option<i64> {
        value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
    }

    /// A list; one element may have come alone, and under the name of its event.
    pub fn list<'a>(&'a self, event: &str) -> Vec<&'a Value> {
        let direct = &self.0["List"];
        let nested = &self.0[event]["List"];
        match if direct.is_null() { nested } else { direct } {
            Value::Array(many) => many.iter().collect(),
            Value::Null => vec![],
            one => vec![one],
        }
    }
}
