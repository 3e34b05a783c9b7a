//! JSON writes a character beyond U+FFFF as two escapes; YAML knows them only one by one.

use std::borrow::Cow;

/// The text with every pair of surrogate escapes put together to the character that it means.
///
/// Columns after a pair on the same line count less than in the file: the price of keeping one parser
/// for both languages.
pub(crate) fn joined(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        if let Some(c) = pair(escape) {
            out.push(c);
            rest = escape.get(PAIR_BYTES..).unwrap_or_default();
        } else {
            // The next character belongs to this escape, a second backslash included.
            let length = 1 + escape.chars().nth(1).map_or(0, char::len_utf8);
            let (whole, after) = escape.split_at(length);
            out.push_str(whole);
            rest = after;
        }
    }
    if out.is_empty() {
        return Cow::Borrowed(text);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// `\ud83d\ude00`, in bytes.
const PAIR_BYTES: usize = 12;

fn pair(escape: &str) -> Option<char> {
    let unit = |at: usize| {
        let digits = escape.get(at..at + 6)?.strip_prefix("\\u")?;
        digits
            .bytes()
            .all(|b| b.is_ascii_hexdigit())
            .then_some(())?;
        u16::from_str_radix(digits, 16).ok()
    };
    char::decode_utf16([unit(0)?, unit(6)?])
        .next()?
        .ok()
        .filter(|c| u32::from(*c) > 0xFFFF)
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn only_pairs_are_put_together() {
        let cases = [
            (r"a\ud83d\ude00b", "a😀b"),
            (r"\\ud83d\ude00", r"\\ud83d\ude00"),
            (r"\ud83d", r"\ud83d"),
            (r"\u00e9\n\", r"\u00e9\n\"),
            ("plain", "plain"),
            (r"\é", r"\é"),
        ];
        for (text, expect) in cases {
            assert_eq!(joined(text), expect);
        }
    }
}
