//! 设置: the values an org may set for itself and its subtree, and which of them are in force where.
//!
//! A new one: add it to the list below with its meaning, unit, default, bounds and the rule it follows. It is then
//! stored, inherited, shown and changed like the others.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{identity::upward, kernel::Error};

/// Declares the settings: what is in force, and what a change of them looks like.
macro_rules! settings {
    ($(
        $(#[doc = $doc:literal])*
        $key:ident: $type:ty = $default:literal $(, $min:literal to $max:literal)?;
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

settings! {
    /// By when the office promises a first answer: hours from posting, 1 to 240; 24 by default (首接负责制).
    promise_first_hours: i32 = 24, 1 to 240;
    /// By when it promises to have it done: days from posting, 1 to 90; 7 by default (服务承诺).
    promise_done_days: i32 = 7, 1 to 90;
    /// Claims one person may hold open at a time, 1 to 50; 5 by default (a seat is for who can come).
    open_claims_max: i32 = 5, 1 to 50;
    /// Claims one person may hold on one day in Asia/Shanghai, 1 to 20; 3 by default (减负).
    daily_claims_max: i32 = 3, 1 to 20;
    /// Minutes kept free between two claims of one person, for the way; 0 to 240, 30 by default.
    travel_buffer_minutes: i32 = 30, 0 to 240;
    /// Whether residents who registered as volunteers may claim besides members; yes by default (群众参与).
    volunteers_may_claim: bool = true;
}

/// Tells a null from an absent field.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// One value as stored, with the org that set it.
#[derive(Clone, Debug)]
pub(super) struct SetValue {
    pub org_id: Uuid,
    pub key: String,
    pub value: Value,
}

/// What is in force at an org, and where it comes from.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SettingsView {
    pub values: OrgSettings,
    /// For each setting the org that set it: this one or one above; null: nobody, the default holds.
    pub set_at: BTreeMap<String, Option<Uuid>>,
}

/// What is in force at `path`, given what was set at each path on the way. Read from the root down, so that the
/// nearest org has the last word.
///
/// # Errors
/// When a stored value is not of its setting's type, which `SettingsChange` rules out.
pub(super) fn in_force(
    path: &str,
    set: &HashMap<String, Vec<SetValue>>,
) -> Result<SettingsView, Error> {
    let mut values = OrgSettings::default();
    let mut set_at: BTreeMap<_, _> =
        OrgSettings::KEYS.iter().map(|key| ((*key).to_owned(), None)).collect();
    for one in upward(path).into_iter().filter_map(|step| set.get(step)).flatten() {
        values.put(&one.key, &one.value).map_err(|error| Error::broken("read a setting", error))?;
        if let Some(setter) = set_at.get_mut(&one.key) {
            *setter = Some(one.org_id);
        }
    }
    Ok(SettingsView { values, set_at })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn change(body: Value) -> SettingsChange {
        serde_json::from_value(body).unwrap()
    }

    #[test]
    fn a_null_is_told_from_an_absent_field() {
        let each: Vec<_> = change(json!({"open_claims_max": null, "volunteers_may_claim": false}))
            .each()
            .collect();
        assert_eq!(each, [("open_claims_max", None), ("volunteers_may_claim", Some(json!(false)))]);
        assert_eq!(change(json!({})).each().count(), 0);
    }

    #[test]
    fn bounds_hold_and_null_passes_them() {
        assert!(change(json!({"open_claims_max": 0})).validate().is_err());
        assert!(change(json!({"travel_buffer_minutes": 241})).validate().is_err());
        assert!(
            change(json!({"travel_buffer_minutes": 0, "daily_claims_max": null}))
                .validate()
                .is_ok()
        );
        assert!(serde_json::from_value::<SettingsChange>(json!({"open_claim_max": 1})).is_err());
    }

    #[test]
    fn a_key_of_a_newer_version_changes_nothing() {
        let one = SetValue { org_id: Uuid::nil(), key: "of_tomorrow".into(), value: json!("x") };
        let view = in_force("a/", &HashMap::from([("a/".into(), vec![one])])).unwrap();
        assert_eq!(view, in_force("a/", &HashMap::new()).unwrap());
        assert_eq!(view.values, OrgSettings::default());
    }

    proptest! {
        /// However many on the way have set it, and whoever beside the way: the nearest on the way decides.
        #[test]
        fn the_nearest_that_set_a_value_decides(set in proptest::collection::vec(proptest::option::of(1i32..50), 4)) {
            let paths = ["a/", "a/b/", "a/b/c/", "a/x/"];
            let stored = paths.iter().zip(&set).enumerate().filter_map(|(i, (path, value))| {
                let org_id = Uuid::from_u128(i as u128);
                let one = SetValue { org_id, key: "open_claims_max".into(), value: json!((*value)?) };
                Some(((*path).to_owned(), vec![one]))
            });
            let view = in_force("a/b/c/", &stored.collect()).unwrap();
            let nearest = (0..3).rev().find_map(|i| Some((i, set[i]?)));
            prop_assert_eq!(view.values.open_claims_max, nearest.map_or(5, |(_, value)| value));
            let setter = nearest.map(|(i, _)| Uuid::from_u128(i as u128));
            prop_assert_eq!(view.set_at["open_claims_max"], setter);
            prop_assert_eq!(view.set_at["daily_claims_max"], None);
        }
    }
}
