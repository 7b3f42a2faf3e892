//! `docs/bench.md`: each benchmark writes its part between its own two marks, and leaves the rest alone.

use std::{fs, path::PathBuf};

fn home() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs")
}

/// Puts a part in its place.
///
/// # Panics
/// Where the page has no such marks.
pub fn put(part: &str, text: &str) {
    let page = home().join("bench.md");
    let whole = fs::read_to_string(&page).expect("docs/bench.md");
    let (open, close) = (format!("<!-- {part} -->"), format!("<!-- /{part} -->"));
    let (head, rest) = whole.split_once(&open).expect("where the part begins");
    let (_, tail) = rest.split_once(&close).expect("where the part ends");
    fs::write(page, format!("{head}{open}\n{text}\n{close}{tail}")).expect("write the page");
}

/// A picture beside it; answers how the page shows it.
///
/// # Panics
/// Where it cannot be written.
pub fn picture(name: &str, words: &str, svg: &str) -> String {
    fs::create_dir_all(home().join("bench")).expect("a folder for pictures");
    fs::write(home().join(format!("bench/{name}.svg")), svg).expect("write a picture");
    format!("![{words}](bench/{name}.svg)")
}

/// A table of two columns.
pub fn table(rows: &[(&str, String)]) -> String {
    let rows = rows.iter().map(|(what, value)| format!("| {what} | {value} |\n"));
    format!("| | |\n| --- | --- |\n{}", rows.collect::<String>())
}
