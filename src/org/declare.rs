//! How settings are declared: what is in force, and what a change of it looks like, from one list.

/// Declares the settings: what is in force, and what a change of them looks like.
macro_rules! settings {
    ($(
        $(#[doc = $doc:literal])*
        $key:ident: $type:ty = $default:literal $(, $min:literal to $max:literal)?
            => $meaning:literal, $rule:literal;
    )*) => {
        /// The values in force at an org.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
        pub struct OrgSettings { $($(#[doc = $doc])* pub $key: $type,)* }

        impl Default for OrgSettings {
            fn default() -> Self {
                Self { $($key: $default,)* }
            }
        }

        impl OrgSettings {
            const KEYS: &'static [&'static str] = &[$(stringify!($key)),*];

            /// What each means, and what is in force of it here.
            fn explained(&self) -> BTreeMap<String, SettingView> {
                let plain = Self::default();
                let each = [$((
                    stringify!($key).to_owned(),
                    SettingView {
                        value: self.$key.into(),
                        default: plain.$key.into(),
                        bounds: [$(Bounds { min: $min, max: $max })?].into_iter().next(),
                        meaning: $meaning,
                        rule: $rule,
                        set_at: None,
                        locked_at: None,
                    },
                )),*];
                each.into()
            }

            fn put(&mut self, key: &str, value: &Value) -> Result<(), serde_json::Error> {
                match key {
                    $(stringify!($key) => self.$key = Deserialize::deserialize(value)?,)*
                    // Set by a newer version of the program.
                    _ => {}
                }
                Ok(())
            }
        }

        /// A change: a value sets it here, null goes back to what is inherited, absent leaves it.
        #[derive(Debug, Default, Deserialize, Validate, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct SettingsChange {
            $(
                $(#[doc = $doc])*
                $(#[validate(range(min = $min, max = $max))])?
                #[serde(default, deserialize_with = "given")]
                #[schema(value_type = Option<$type>)]
                pub $key: Option<Option<$type>>,
            )*
        }

        impl SettingsChange {
            /// What is to be set (a value) or taken away (None).
            pub(super) fn each(&self) -> impl Iterator<Item = (&'static str, Option<Value>)> {
                let each = [$(self.$key.map(|new| (stringify!($key), new.map(Value::from)))),*];
                each.into_iter().flatten()
            }
        }
    };
}

pub(super) use settings;
