//! Who may import whom: the table of `docs/architecture.md`, held against every path that begins with `crate::` in
//! `src`. The story's rooms look upwards in the story and down to the floor; the roof may see everything.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// A room and the rooms it may import. `kernel` and `platform` are open to all and not repeated.
const TABLE: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("platform", &[]),
    ("audit", &[]),
    ("identity", &["audit"]),
    ("org", &["identity", "audit"]),
    ("ledger", &["identity", "org", "audit"]),
    ("complaint", &["identity", "org", "audit"]),
    ("file", &["identity", "audit"]),
    ("content", &["file", "identity", "org", "audit"]),
    ("ranking", &["ledger", "org", "identity"]),
    ("notify", &["identity", "org", "audit"]),
    ("themeday", &["notify", "ledger", "org", "identity", "file", "audit"]),
    ("request", &["content", "file", "org", "identity", "audit"]),
    ("dispatch", &["request", "org", "identity", "audit"]),
    ("claim", &["content", "dispatch", "request", "ledger", "file", "org", "identity", "audit"]),
    ("matching", &[]),
    ("asking", &["matching", "claim", "dispatch", "request", "notify", "org", "identity"]),
    (
        "showcase",
        &["content", "claim", "dispatch", "request", "ledger", "file", "org", "identity", "audit"],
    ),
    (
        "timeline",
        &["content", "showcase", "claim", "dispatch", "request", "ledger", "org", "identity"],
    ),
    (
        "privacy",
        &[
            "showcase", "claim", "dispatch", "request", "notify", "ledger", "file", "org",
            "identity", "audit",
        ],
    ),
    ("jobs", &["org", "identity"]),
    ("live", &["org", "identity"]),
    ("overview", &["org", "identity"]),
    ("birthday", &["content", "notify", "org", "identity", "audit"]),
    (
        "home",
        &[
            "showcase", "themeday", "birthday", "claim", "dispatch", "request", "notify", "ledger",
            "org", "identity",
        ],
    ),
];
/// Folders of the roof; the files right in `src` are roof as well.
const ROOF: &[&str] = &["cli", "letterbox", "schedule", "stage", "telling"];
/// The crates below, which see nothing of `src`.
const CRATES: &[&str] = &["entity", "migration", "fake-wechat"];

fn may(from: &str, to: &str) -> bool {
    let floor = to == "kernel" || (to == "platform" && from != "kernel");
    let row = TABLE.iter().find(|(room, _)| *room == from);
    from == to || floor || row.is_some_and(|(_, below)| below.contains(&to))
}

fn home() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Without comments; lines keep their numbers.
fn code(source: &str) -> String {
    let bare = source.lines().map(|line| {
        let comment = line.match_indices("//").find(|(at, _)| !line[..*at].ends_with(':'));
        comment.map_or(line, |(at, _)| &line[..at])
    });
    bare.collect::<Vec<_>>().join("\n")
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

/// The first names of a `{a, b::c, d::{e}}`, each with its distance from the brace.
fn group(text: &str) -> Vec<(usize, &str)> {
    let (mut names, mut depth, mut fresh) = (Vec::new(), 0, false);
    for (at, sign) in text.char_indices() {
        match sign {
            '{' => (depth, fresh) = (depth + 1, depth == 0),
            '}' if depth == 1 => break,
            '}' => depth -= 1,
            ',' => fresh |= depth == 1,
            _ if fresh && !sign.is_whitespace() => {
                names.push((at, word(&text[at..])));
                fresh = false;
            }
            _ => {}
        }
    }
    names
}

/// What a source in `room` imports from the top of the crate, each with its line. `depth` is how many `super::` lead
/// up there from the file.
fn imports(source: &str, depth: usize) -> Vec<(usize, String)> {
    let code = code(source);
    let mut found = Vec::new();
    let up = "super::".repeat(depth);
    for start in ["crate::", &up] {
        for (at, _) in code.match_indices(start) {
            let inside = |c: char| c.is_alphanumeric() || c == '_' || (c == ':' && start == up);
            if code[..at].ends_with(inside) {
                continue;
            }
            let path = at + start.len();
            let names = match code[path..].starts_with('{') {
                true => group(&code[path..]),
                false => vec![(0, word(&code[path..]))],
            };
            // From within a `mod tests` the same `super::` ends a level lower: only rooms are sure to be at the top.
            let names = names.into_iter().filter(|(_, name)| start != up || is_room(name));
            found.extend(names.map(|(offset, name)| {
                (code[..path + offset].matches('\n').count() + 1, name.to_owned())
            }));
        }
    }
    found.sort();
    found
}

fn is_room(name: &str) -> bool {
    TABLE.iter().any(|(room, _)| *room == name)
}

/// Every line of a file that looks the wrong way; `path` is relative to `src`.
fn wrong_ways(path: &Path, source: &str) -> Vec<String> {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    let room = &parts[0];
    if parts.len() == 1 || ROOF.contains(&room.as_str()) {
        return Vec::new();
    }
    let depth = parts.len() - usize::from(path.ends_with("mod.rs"));
    let wrong = imports(source, depth).into_iter().filter(|(_, to)| !may(room, to));
    wrong.map(|(line, to)| format!("src/{}:{line}: {room} → {to}", path.display())).collect()
}

#[test]
fn every_room_looks_only_where_the_table_lets_it() {
    let src = home().join("src");
    let mut wrong = Vec::new();
    for file in sources(&src) {
        let source = fs::read_to_string(&file).unwrap();
        wrong.extend(wrong_ways(file.strip_prefix(&src).unwrap(), &source));
    }
    assert!(wrong.is_empty(), "looks the wrong way (who → whom):\n{}", wrong.join("\n"));
}

#[test]
fn every_folder_is_a_room_of_the_table_or_roof() {
    let folders = fs::read_dir(home().join("src")).unwrap().filter_map(|entry| {
        let entry = entry.unwrap();
        entry.path().is_dir().then(|| entry.file_name().to_string_lossy().into_owned())
    });
    let table = TABLE.iter().map(|(room, _)| *room).chain(ROOF.iter().copied());
    let known: BTreeSet<_> = table.map(ToOwned::to_owned).collect();
    assert_eq!(folders.collect::<BTreeSet<_>>(), known, "a new room needs its line in the table");
}

#[test]
fn the_table_itself_has_no_circles() {
    for (at, (room, below)) in TABLE.iter().enumerate() {
        for other in *below {
            let lower = TABLE[..at].iter().any(|(before, _)| before == other);
            assert!(lower, "{room} may import {other}, which does not stand before it");
        }
    }
}

#[test]
fn a_planted_line_is_caught_wherever_it_hides() {
    let wrong = |path: &str, source: &str| wrong_ways(Path::new(path), source);
    assert_eq!(
        wrong("request/post.rs", "\nuse crate::claim;\n"),
        ["src/request/post.rs:2: request → claim"]
    );
    let grouped = "use std::fmt;\nuse crate::{\n    kernel::{Error, claim},\n    identity::Scope, claim::x,\n};";
    assert_eq!(wrong("request/post.rs", grouped), ["src/request/post.rs:4: request → claim"]);
    assert_eq!(wrong("ledger/hours.rs", "fn f() { crate::claim::x() }").len(), 1);
    assert_eq!(wrong("request/mod.rs", "use super::claim::x;").len(), 1);
    assert_eq!(wrong("request/post.rs", "use super::super::claim::x;").len(), 1);
    assert_eq!(wrong("dispatch/board/keep.rs", "use super::super::super::{org, claim};").len(), 1);
    assert_eq!(wrong("kernel/day.rs", "use crate::platform::Db;").len(), 1);
    assert_eq!(
        wrong("org/tree.rs", "use crate::routes;").len(),
        1,
        "nobody below imports the roof"
    );
    for right in
        ["use crate::org;", "// use crate::claim;", "use super::claims;", "use xcrate::claim;"]
    {
        assert_eq!(wrong("request/post.rs", right), [""; 0], "{right}");
    }
    assert!(wrong("routes.rs", "use crate::claim;").is_empty(), "the roof may see everything");
}

#[test]
fn the_crates_below_see_nothing_of_src() {
    for name in CRATES {
        let folder = home().join(name);
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        assert!(!manifest.lines().any(|line| word(line) == "linli"), "{name} depends on linli");
        for file in sources(&folder.join("src")) {
            let source = code(&fs::read_to_string(&file).unwrap());
            assert!(!source.contains("linli::"), "{} mentions linli", file.display());
        }
    }
}

#[test]
fn only_the_stage_and_the_command_line_know_the_stand_in() {
    let src = home().join("src");
    for file in sources(&src) {
        let known = ROOF.iter().any(|folder| file.starts_with(src.join(folder)));
        let source = code(&fs::read_to_string(&file).unwrap());
        assert!(known || !source.contains("fake_wechat"), "{} knows fake_wechat", file.display());
    }
}
