//! Which pages the mini program has: whatever lies under `pages/`, but for those said not to be released.

use std::collections::BTreeSet;

#[derive(Debug, Default)]
pub(crate) struct Pages {
    pub(crate) unreleased: BTreeSet<String>,
}

impl Pages {
    /// Whether there is such a page; `path` has neither a slash before it nor a query behind.
    pub(crate) fn released(&self, path: &str) -> bool {
        let named = path.strip_prefix("pages/").is_some_and(|rest| !rest.is_empty());
        let plain = path.chars().all(|c| c.is_ascii_alphanumeric() || "/-_".contains(c));
        named && plain && !self.unreleased.contains(path)
    }
}
