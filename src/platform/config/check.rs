//! Settings are checked before anything starts, and every fault is named at once.

use std::net::SocketAddr;

use crate::platform::http::address;

use super::Settings;

impl Settings {
    /// Every fault, each beginning with the key it is about. Empty: all is well.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut check = |ok: bool, fault: String| {
            if !ok {
                faults.push(fault);
            }
        };
        for (key, address) in
            [("http.listen", &self.http.listen), ("http.admin_listen", &self.http.admin_listen)]
        {
            let good = address.parse::<SocketAddr>().is_ok();
            check(good, format!("{key} = {address:?}: expected an address like 127.0.0.1:8080"));
        }
        let url = &self.database.url;
        check(
            ["sqlite:", "postgres:", "postgresql:"].iter().any(|kind| url.starts_with(kind)),
            "database.url: expected sqlite://path or postgres://user:password@host/name".into(),
        );
        check(
            (2..=500).contains(&self.database.max_connections),
            "database.max_connections: expected 2 to 500".into(),
        );
        for (key, keys) in [
            ("auth.signing_keys", &self.auth.signing_keys),
            ("auth.refresh_key", &self.auth.refresh_key),
            ("crypto.keys", &self.crypto.keys),
            ("crypto.index_key", &self.crypto.index_key),
        ] {
            if let Err(why) = keys.parse() {
                check(false, format!("{key} {why}"));
            }
            check(
                !(self.is_production() && keys.are_examples()),
                format!("{key}: an example key from the repository is refused in production"),
            );
        }
        if let Err(why) = address::nets(&self.http.trusted_proxies) {
            check(false, format!("http.trusted_proxies: {why}"));
        }
        for (key, most) in [
            ("http.in_flight", self.http.in_flight),
            ("http.in_flight_claims", self.http.in_flight_claims),
            ("http.in_flight_exports", self.http.in_flight_exports),
            ("http.in_flight_pushes", self.http.in_flight_pushes),
        ] {
            check((1..=100_000).contains(&most), format!("{key}: expected 1 to 100000"));
        }
        for (key, most) in
            [("claims.batch", self.claims.batch), ("claims.waiting", self.claims.waiting)]
        {
            check((1..=10_000).contains(&most), format!("{key}: expected 1 to 10000"));
        }
        check(
            (1..=100).contains(&self.claims.connections),
            "claims.connections: expected 1 to 100".into(),
        );
        let limits = &self.limits;
        for (key, most) in [
            ("limits.sign_ins_per_minute", limits.sign_ins_per_minute),
            ("limits.public_per_minute", limits.public_per_minute),
            ("limits.reads_per_minute", limits.reads_per_minute),
            ("limits.writes_per_minute", limits.writes_per_minute),
            ("limits.claims_per_minute", limits.claims_per_minute),
            ("limits.uploads_per_minute", limits.uploads_per_minute),
            ("limits.exports_per_hour", limits.exports_per_hour),
        ] {
            check((1..=1_000_000).contains(&most), format!("{key}: expected 1 to 1000000"));
        }
        let heads = &self.audit.head_keys;
        if !self.audit.head_file.is_empty()
            && let Err(why) = heads.parse()
        {
            check(false, format!("audit.head_keys {why}"));
        }
        check(
            !(self.is_production() && heads.are_examples()),
            "audit.head_keys: an example key from the repository is refused in production".into(),
        );
        check(
            (1..=1000).contains(&self.privacy.reveals_per_day),
            "privacy.reveals_per_day: expected 1 to 1000".into(),
        );
        check(
            (1..=240).contains(&self.privacy.keep_request_months),
            "privacy.keep_request_months: expected 1 to 240".into(),
        );
        check(
            (7..=3650).contains(&self.privacy.keep_draft_days),
            "privacy.keep_draft_days: expected 7 to 3650".into(),
        );
        check(
            (1..=3600).contains(&self.schedule.look_seconds),
            "schedule.look_seconds: expected 1 to 3600".into(),
        );
        check(
            (1..=31_536_000).contains(&self.schedule.max_skew_seconds),
            "schedule.max_skew_seconds: expected 1 to 31536000".into(),
        );
        check(
            (1..=8760).contains(&self.backup.max_age_hours),
            "backup.max_age_hours: expected 1 to 8760".into(),
        );
        check(
            (1..=60).contains(&self.auth.access_minutes),
            "auth.access_minutes: expected 1 to 60".into(),
        );
        check(
            (1..=90).contains(&self.auth.refresh_days),
            "auth.refresh_days: expected 1 to 90".into(),
        );
        check(
            (15..=720).contains(&self.auth.staff_idle_minutes),
            "auth.staff_idle_minutes: expected 15 to 720".into(),
        );
        check(self.claims.sign_ms <= 1000, "claims.sign_ms: expected 0 to 1000".into());
        check(self.auth.remember_seconds <= 5, "auth.remember_seconds: expected 0 to 5".into());
        check(!self.wechat.app_id.is_empty(), "wechat.app_id is not set".into());
        check(!self.wechat.secret.is_empty(), "wechat.secret is not set".into());
        check(
            !self.is_production() || self.wechat.base_url.starts_with("https://"),
            "wechat.base_url: production speaks to WeChat over HTTPS alone".into(),
        );
        if let Err(why) = self.wechat.push() {
            check(false, format!("wechat.push_keys: {why}"));
        }
        if let Err(why) = self.wechat.push_modes() {
            check(false, format!("wechat.push_modes: expected safe, plain or both: {why}"));
        }
        check(
            (1..=60).contains(&self.wechat.push_window_minutes),
            "wechat.push_window_minutes: expected 1 to 60".into(),
        );
        check(
            (1..=365).contains(&self.wechat.grant_days),
            "wechat.grant_days: expected 1 to 365".into(),
        );
        check(
            !(self.is_production() && self.wechat.push_token.starts_with("example")),
            "wechat.push_token: an example from the repository is refused in production".into(),
        );
        let home = &self.http.public_url;
        check(
            home.is_empty() || home.starts_with("https://") || home.starts_with("http://"),
            "http.public_url: expected https://…, or nothing".into(),
        );
        for fault in self.files.faults() {
            check(false, fault);
        }
        check(
            self.http.drain_seconds < self.http.stop_seconds,
            "http.drain_seconds: expected less than http.stop_seconds".into(),
        );
        check(self.http.workers <= 64, "http.workers: expected 0 to 64".into());
        faults
    }

    /// Legal but risky: said at start, not refused.
    pub fn warnings(&self) -> Vec<&'static str> {
        let mut warnings = Vec::new();
        if self.redis_url().is_none() {
            warnings.push("redis.url is empty: lists come from SQL; correct, but slower");
        }
        if self.is_production() && self.http.public_url.is_empty() {
            warnings.push("http.public_url is empty: links to photos and pages are relative");
        }
        if self.is_production() && self.database.url.starts_with("sqlite:") {
            warnings.push("SQLite serves one process alone: use PostgreSQL for several replicas");
        }
        if self.is_production() && self.audit.head_file.is_empty() {
            warnings.push("audit.head_file is empty: nobody would notice a rewritten audit chain");
        }
        if self.is_production() && self.wechat.push_token.is_empty() {
            warnings
                .push("wechat.push_token is empty: who takes back what they allowed is not heard");
        }
        let heard = !(self.http.public_url.is_empty() || self.wechat.push_token.is_empty());
        if self.is_production() && self.wechat.check_photos && !heard {
            warnings.push(
                "wechat.check_photos needs http.public_url and wechat.push_token: people look at photos",
            );
        }
        if self.is_production() && self.wechat.push_modes.contains("plain") {
            warnings.push("wechat.push_modes allows plain: anybody on the way may change a push");
        }
        if self.is_production() && self.backup.folder.is_empty() {
            warnings.push("backup.folder is empty: nobody would notice that backups stopped");
        }
        if self.schedule.max_skew_seconds > 120 {
            warnings.push("schedule.max_skew_seconds: a wrong clock sends greetings early");
        }
        if self.is_production() && self.http.trusted_proxies.is_empty() {
            warnings.push("http.trusted_proxies is empty: behind a proxy everybody counts as one");
        }
        warnings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_named_at_once() {
        let settings = Settings::load(
            "production",
            None,
            &[("http.listen", "somewhere".into()), ("database.url", "mysql://x".into())],
        )
        .unwrap();
        let faults = settings.faults().join("\n");
        for key in
            ["http.listen", "database.url", "auth.signing_keys", "crypto.keys", "wechat.app_id"]
        {
            assert!(faults.contains(key), "{key} is missing in:\n{faults}");
        }
    }

    #[test]
    fn keys_of_the_push_that_are_none_are_named() {
        for (changes, fault) in [
            (vec![("wechat.push_keys", "short")], "key 1"),
            (vec![("wechat.push_token", "")], "push_token is not"),
            (vec![("wechat.push_keys", "")], "safe mode needs one"),
            (vec![("wechat.push_modes", "safe, open")], "wechat.push_modes"),
            (vec![("wechat.push_window_minutes", "0")], "wechat.push_window_minutes"),
            (vec![("wechat.grant_days", "366")], "wechat.grant_days"),
        ] {
            let changes: Vec<_> = changes.iter().map(|(key, v)| (*key, (*v).to_owned())).collect();
            let faults = Settings::load("development", None, &changes).unwrap().faults();
            assert!(faults.len() == 1 && faults[0].contains(fault), "{changes:?}: {faults:?}");
        }
        let off = [("wechat.push_token", String::new()), ("wechat.push_keys", String::new())];
        let off = Settings::load("development", None, &off).unwrap();
        assert!(off.faults().is_empty() && off.wechat.push().unwrap().is_none());
    }

    #[test]
    fn development_settings_are_sound_and_refused_in_production() {
        let mut settings = Settings::load("development", None, &[]).unwrap();
        assert_eq!(settings.faults(), Vec::<String>::new());
        settings.environment = "production".into();
        assert!(settings.faults().iter().any(|fault| fault.contains("example key")));
    }
}
