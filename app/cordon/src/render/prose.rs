//! Sentences and long names in the width of a terminal.
//!
//! A cut name keeps both ends, because ids of one estate often begin alike.

/// Sentences wrapped between words, with their line end. A word wider than the line stands alone.
pub(crate) fn wrap(text: &str, width: usize) -> String {
    let mut out = String::new();
    let mut used = 0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let wide = word.chars().count();
        if used > 0 && used + 1 + wide > width {
            out.push('\n');
            used = 0;
        } else if used > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += wide;
    }
    out.push('\n');
    out
}

/// A text that begins with blanks, wrapped so that what follows its first line stands two columns further in.
pub(crate) fn hung(text: &str, width: usize) -> String {
    let indent = text.len() - text.trim_start_matches(' ').len();
    let blanks = " ".repeat(indent);
    let wrapped = wrap(text, width.saturating_sub(indent + 2).max(20));
    let mut lines = wrapped.lines();
    let first = lines.next().unwrap_or_default();
    let rest = lines.map(|line| format!("{blanks}  {line}\n"));
    format!("{blanks}{first}\n{}", rest.collect::<String>())
}

/// The stops of a path: all of them if they fit, else the first and the last.
pub(crate) fn path_within(stops: &[String], width: usize) -> String {
    let whole = stops.join(" → ");
    match stops {
        [first, _, .., last] if whole.chars().count() > width => {
            middle(&format!("{first} → … → {last}"), width)
        }
        _ => middle(&whole, width),
    }
}

/// A name of at most so many characters, its middle left out if need be.
pub(crate) fn middle(name: &str, width: usize) -> String {
    let count = name.chars().count();
    if count <= width {
        return name.to_owned();
    }
    let kept = width.saturating_sub(1);
    let tail = kept / 2;
    name.chars()
        .take(kept - tail)
        .chain(std::iter::once('…'))
        .chain(name.chars().skip(count - tail))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{hung, middle, path_within, wrap};

    #[test]
    fn no_line_is_wider_than_asked_unless_one_word_is() {
        assert_eq!(wrap("one two three", 7), "one two\nthree\n");
        assert_eq!(wrap("a somewhat-long b", 4), "a\nsomewhat-long\nb\n");
    }

    #[test]
    fn an_item_goes_on_below_its_words() {
        let item = "  okta: one two three four five six";
        assert_eq!(hung(item, 24), "  okta: one two three\n    four five six\n");
        assert_eq!(hung("  short", 24), "  short\n");
    }

    #[test]
    fn a_long_path_keeps_both_its_ends() {
        let stops = ["host:a", "group:b", "host:c"].map(str::to_owned);
        let cases = [
            (30, "host:a → group:b → host:c"),
            (20, "host:a → … → host:c"),
            (9, "host…st:c"),
        ];
        for (width, expect) in cases {
            assert_eq!(path_within(&stops, width), expect);
        }
        assert_eq!(middle("", 0), "");
    }
}
