//! Rules without a database: how long words are cut for WeChat.

/// WeChat looks at no more at once, in characters.
const MOST: usize = 2500;
/// What the end of one part and the beginning of the next have in common: a word on the seam is seen whole.
const OVERLAP: usize = 50;

/// The parts of a text, each short enough, cut after a sentence or a line where there is one.
pub fn parts(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut parts = Vec::new();
    let mut from = 0;
    while chars.len() - from > MOST {
        let end = seam(&chars[from..from + MOST]) + from;
        parts.push(chars[from..end].iter().collect());
        from = end - OVERLAP;
    }
    parts.push(chars[from..].iter().collect());
    parts
}

/// Where to cut: after the last sign that ends something in the second half, or at the end.
fn seam(window: &[char]) -> usize {
    let ends = |c: &char| matches!(c, '\n' | '。' | '！' | '？' | '；' | '.' | '!' | '?');
    let last = window.iter().rposition(ends).map(|at| at + 1);
    last.filter(|at| *at > window.len() / 2).unwrap_or(window.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_long_text_is_cut_after_a_sentence() {
        let text = format!("{}。{}", "前".repeat(2000), "后".repeat(1000));
        let parts = parts(&text);
        assert_eq!(parts.len(), 2);
        assert!(parts[0].ends_with('。'));
        assert!(parts[1].starts_with("前前") && parts[1].chars().count() == 1050);
        assert_eq!(super::parts("短"), ["短"]);
        assert_eq!(super::parts(&"长".repeat(2500)).len(), 1);
    }

    proptest! {
        /// Nothing is lost between the parts, none is too long, and a word on a seam is whole in one of them.
        #[test]
        fn every_word_is_seen_whole(text in "[邻里。\n]{2400,9000}", at in 0.0..1.0_f64) {
            let parts = parts(&text);
            prop_assert!(parts.iter().all(|part| (1..=2500).contains(&part.chars().count())));
            let chars: Vec<char> = text.chars().collect();
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
            let from = ((chars.len() - 20) as f64 * at) as usize;
            let word: String = chars[from..from + 20].iter().collect();
            prop_assert!(parts.iter().any(|part| part.contains(&word)));
        }
    }
}
