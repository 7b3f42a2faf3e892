//! The tiny subset a story may be written in: paragraphs parted by an empty line, lines that begin with `- ` as a
//! list, and `**bold**`. All else is plain text, whatever it looks like; there are no links, no pictures and no HTML.

use serde::Serialize;
use utoipa::ToSchema;

/// A stretch of text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Span {
    pub text: String,
    pub bold: bool,
}

/// A paragraph or a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Block {
    /// The lines are points of a list; otherwise lines of one paragraph.
    pub list: bool,
    pub lines: Vec<Vec<Span>>,
}

/// Reads what was written; never fails, every text means something.
pub fn parse(words: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut fresh = true;
    for line in words.lines().map(str::trim) {
        if line.is_empty() {
            fresh = true;
            continue;
        }
        let (list, text) = match line.strip_prefix("- ") {
            Some(point) => (true, point.trim_start()),
            None => (false, line),
        };
        match blocks.last_mut().filter(|last| !fresh && last.list == list) {
            Some(last) => last.lines.push(spans(text)),
            None => blocks.push(Block { list, lines: vec![spans(text)] }),
        }
        fresh = false;
    }
    blocks
}

/// Splits at pairs of `**`; a lone one, or a pair around nothing, is text.
fn spans(line: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut push = |text: &str, bold| {
        if !text.is_empty() {
            spans.push(Span { text: text.to_owned(), bold });
        }
    };
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("**") {
        let Some((inside, behind)) =
            after.split_once("**").filter(|(inside, _)| !inside.is_empty())
        else {
            break;
        };
        push(before, false);
        push(inside, true);
        rest = behind;
    }
    push(rest, false);
    spans
}

/// What stands there, without signs, in one line of at most `most` signs: for previews.
pub fn plain(words: &str, most: usize) -> String {
    let blocks = parse(words);
    let lines = blocks.iter().flat_map(|block| &block.lines);
    let lines = lines.map(|line| line.iter().map(|span| span.text.as_str()).collect::<String>());
    let text = lines.collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// As HTML: every sign of the text is a sign, never a tag.
pub fn html(blocks: &[Block]) -> String {
    let line = |spans: &Vec<Span>| {
        let span = |span: &Span| match span.bold {
            true => format!("<strong>{}</strong>", escape(&span.text)),
            false => escape(&span.text),
        };
        spans.iter().map(span).collect::<String>()
    };
    let block = |block: &Block| {
        let lines = block.lines.iter().map(line);
        match block.list {
            true => {
                let points = lines.map(|line| format!("<li>{line}</li>")).collect::<String>();
                format!("<ul>{points}</ul>\n")
            }
            false => format!("<p>{}</p>\n", lines.collect::<Vec<_>>().join("<br>")),
        }
    };
    blocks.iter().map(block).collect()
}

/// For text and attribute values of HTML alike.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            // Signs that turn the direction of what follows could make a text read as another.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paragraphs_lists_and_bold_are_all_there_is() {
        let words = "周六上午，**二十名党员**来了。\n天气很好。\n\n- 查了六栋楼\n- 换了**三个**灭火器\n谢谢大家";
        assert_eq!(
            html(&parse(words)),
            "<p>周六上午，<strong>二十名党员</strong>来了。<br>天气很好。</p>\n\
             <ul><li>查了六栋楼</li><li>换了<strong>三个</strong>灭火器</li></ul>\n<p>谢谢大家</p>\n"
        );
        assert_eq!(plain(words, 8), "周六上午，二十名…");
        for text in ["**", "****", "a ** b", "**a", "-no list", "[x](javascript:1)", "![x](y)"] {
            assert_eq!(plain(text, 100), text);
            assert!(!html(&parse(text)).contains("strong"), "{text}");
        }
    }

    #[test]
    fn nothing_that_is_written_becomes_a_tag_or_leaves_an_attribute() {
        for text in ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "**<b>**"] {
            let html = html(&parse(text));
            assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("<b>"));
        }
        assert_eq!(escape("\" onload='x' \u{202e}&"), "&quot; onload=&#39;x&#39; &amp;");
    }

    proptest! {
        #[test]
        fn only_our_own_tags_come_out_and_the_text_is_kept(words in "[-*<>&\"'a一 \n/]{0,80}") {
            let mut bare = html(&parse(&words));
            for ours in ["<p>", "</p>", "<br>", "<ul>", "</ul>", "<li>", "</li>", "<strong>", "</strong>"] {
                bare = bare.replace(ours, "");
            }
            prop_assert!(!bare.contains(['<', '>', '"', '\'']), "{}", bare);
            let kept = |text: &str| text.matches(['a', '一', '<']).count();
            prop_assert_eq!(kept(&plain(&words, 1000)), kept(&words));
        }
    }
}
