//! Values that belong to a person or open a door. Their `Debug` shows nothing, so that no log line can.

use std::fmt;

macro_rules! hidden {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            pub(super) fn new(value: impl Into<String>) -> Self {
                Self(value.into())
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("***")
            }
        }
    )*};
}

hidden! {
    /// Who somebody is to our mini program; another app knows them by another one.
    Openid,
    /// A phone number WeChat has checked: 11 digits on the mainland, `+` and the country code elsewhere.
    Phone,
    /// The app's secret, or an access token.
    Secret,
}
