//! `linli doctor`: looks at everything an installation stands on, one line each, with how to mend it.

mod database;
mod outside;

use std::{fmt, process::ExitCode};

use super::Globals;

/// One thing looked at.
struct Finding {
    mark: Mark,
    what: String,
    mend: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Good,
    /// Works, but should be known.
    Watch,
    /// Must be mended.
    Bad,
}

fn good(what: impl Into<String>) -> Finding {
    Finding { mark: Mark::Good, what: what.into(), mend: String::new() }
}

fn watch(what: impl Into<String>, mend: impl Into<String>) -> Finding {
    Finding { mark: Mark::Watch, what: what.into(), mend: mend.into() }
}

fn bad(what: impl Into<String>, mend: impl Into<String>) -> Finding {
    Finding { mark: Mark::Bad, what: what.into(), mend: mend.into() }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.mark {
            Mark::Good => '✓',
            Mark::Watch => '!',
            Mark::Bad => '✗',
        };
        write!(f, "{sign} {}", self.what)?;
        if self.mend.is_empty() { Ok(()) } else { write!(f, "\n    → {}", self.mend) }
    }
}

/// Prints as it goes: a look at something that does not answer takes seconds.
struct Findings(bool);

impl Findings {
    fn say(&mut self, finding: &Finding) {
        println!("{finding}");
        self.0 |= finding.mark == Mark::Bad;
    }

    fn say_all(&mut self, findings: Vec<Finding>) {
        findings.iter().for_each(|finding| self.say(finding));
    }
}

/// Looks at everything; fails where something must be mended.
pub async fn run(globals: &Globals) -> ExitCode {
    let mut findings = Findings(false);
    let settings = match globals.settings() {
        Ok(settings) => settings,
        Err(error) => {
            findings
                .say(&bad(format!("配置 settings: {error:#}"), "config/default.toml 里有每一项"));
            return ExitCode::FAILURE;
        }
    };
    let faults = settings.faults();
    for fault in &faults {
        findings.say(&bad(format!("配置 {fault}"), "这一项的说明见 config/default.toml"));
    }
    if faults.is_empty() {
        findings.say(&good(format!("配置 settings: {}", settings.environment)));
    }
    // Redis is looked at below, in its own line.
    for warning in settings.warnings().into_iter().filter(|w| !w.starts_with("redis.url")) {
        findings.say(&watch(format!("配置 {warning}"), ""));
    }
    findings.say_all(database::look(&settings).await);
    findings.say(&outside::redis(&settings).await);
    findings.say(&outside::wechat(&settings).await);
    findings.say(&outside::backup(&settings).await);
    findings.say_all(outside::templates(&settings).await);
    for (key, address) in
        [("http.listen", &settings.http.listen), ("http.admin_listen", &settings.http.admin_listen)]
    {
        findings.say(&outside::port(key, address).await);
    }
    if findings.0 {
        println!("\n有 ✗ 的要先修好 (mend what is marked ✗)");
        ExitCode::FAILURE
    } else {
        println!("\n可以启动：linli serve (all is well)");
        ExitCode::SUCCESS
    }
}
