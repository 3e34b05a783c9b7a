//! Makes hostile text harmless to look at.
//!
//! Log fields are written by whoever sends the log. Markup is escaped where markup is made; here
//! goes what escaping leaves alone: characters that are not seen but change how the rest is seen.

use std::fmt::Write as _;

/// A text with every control, direction and invisible character written out, such as `⟨U+202E⟩`.
pub(crate) fn visible(text: &str) -> String {
    shown(text, |c| !is_unseen(c))
}

/// The same for a text on several lines: line ends stay.
pub(crate) fn visible_lines(text: &str) -> String {
    shown(text, |c| c == '\n' || !is_unseen(c))
}

/// The same, and no longer than `chars_max` characters of the text.
pub(crate) fn clipped(text: &str, chars_max: usize) -> String {
    match text.char_indices().nth(chars_max) {
        None => visible(text),
        Some((end, _)) => visible(text.get(..end).unwrap_or_default()) + "…",
    }
}

fn shown(text: &str, stays: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if stays(c) {
            shown.push(c);
        } else {
            // Writing to a string cannot fail.
            let _ = write!(shown, "⟨U+{:04X}⟩", u32::from(c));
        }
    }
    shown
}

/// Unicode's control and format characters, line separators, and fillers that look like nothing.
pub(crate) fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::{clipped, visible, visible_lines};

    #[test]
    fn what_changes_direction_is_written_out() {
        assert_eq!(visible("a\u{202e}txt.exe"), "a⟨U+202E⟩txt.exe");
        assert_eq!(visible("a\u{200b}b\0c\nd"), "a⟨U+200B⟩b⟨U+0000⟩c⟨U+000A⟩d");
        assert_eq!(
            visible("Zoë Łuk 東京 £ – \u{1f6d2}"),
            "Zoë Łuk 東京 £ – \u{1f6d2}"
        );
    }

    #[test]
    fn line_ends_stay_where_lines_are_wanted() {
        assert_eq!(visible_lines("a\nb\tc\r\n"), "a\nb⟨U+0009⟩c⟨U+000D⟩\n");
    }

    #[test]
    fn long_text_is_clipped_by_characters() {
        assert_eq!(clipped("ééééé", 3), "ééé…");
        assert_eq!(clipped("ééé", 3), "ééé");
    }
}
