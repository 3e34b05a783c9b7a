//! Makes text from logs and files harmless to a terminal.
//!
//! A log line may carry escape sequences that retitle a window, move the cursor over other output,
//! or turn writing around. Every character that a terminal would act on is shown as a picture of
//! itself instead, one character for one, so that columns in diagnostics stay true.

use std::borrow::Cow;

/// The visible stand-in for a character that a terminal would act on; others stay as they are.
fn inert_char(c: char) -> char {
    match c {
        // The Unicode block "Control Pictures" lies in the order of the controls it depicts.
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\x7f' => '\u{2421}',
        // The upper controls, marks that turn the direction of writing, and line separators.
        '\u{80}'..='\u{9f}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{061c}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        other => other,
    }
}

/// Text for one line: line ends and tabs are pictures too.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(inert_char).collect()
}

/// Text of several lines: line feeds and tabs stay.
pub(crate) fn plain_lines(text: &str) -> String {
    let keep = |c| {
        if matches!(c, '\n' | '\t') {
            c
        } else {
            inert_char(c)
        }
    };
    text.chars().map(keep).collect()
}

/// JSON text whose strings hold no character that a terminal acts on.
///
/// JSON itself escapes only the lowest controls. Outside strings JSON has none of the others, so
/// escaping them wherever they stand leaves the value unchanged.
pub(crate) fn plain_json(json: &str) -> Cow<'_, str> {
    if json.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c < ' ' || inert_char(c) == c {
            out.push(c);
        } else {
            let code = format!("\\u{:04x}", u32::from(c));
            out.push_str(&code);
        }
    }
    Cow::Owned(out)
}

/// An indented JSON document on one line, with its line end.
///
/// Line feeds within strings are escaped in JSON, so that those between its parts, and the spaces
/// after them, are the indentation and nothing else.
pub(crate) fn json_on_one_line(document: &str) -> String {
    let mut out: String = document.lines().map(str::trim_start).collect();
    out.push('\n');
    plain_json(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{json_on_one_line, plain, plain_json, plain_lines};

    #[test]
    fn a_document_on_one_line_is_the_same_document() {
        let value = serde_json::json!({"a": [1, {"b": " x\n  y "}], "c": 0.3});
        let line = json_on_one_line(&format!("{value:#}\n"));
        assert_eq!(line.matches('\n').count(), 1);
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&line).unwrap(),
            value
        );
    }

    #[test]
    fn a_terminal_finds_nothing_to_act_on() {
        assert_eq!(plain("a\x1b[31mred\r\nb\u{9b}2J"), "a␛[31mred␍␊b\u{fffd}2J");
        assert_eq!(plain("\u{202e}txt.exe"), "\u{fffd}txt.exe");
        assert_eq!(plain("Zoë 日本"), "Zoë 日本");
    }

    #[test]
    fn lines_stay_lines_and_columns_stay_columns() {
        let text = "a\tb\n\x07c";
        assert_eq!(plain_lines(text), "a\tb\n␇c");
        assert_eq!(plain_lines(text).chars().count(), text.chars().count());
    }

    #[test]
    fn json_keeps_its_value() {
        let value = serde_json::json!({"a": "x\u{9b}\u{7f}\u{202e}\x1b"});
        let json = value.to_string();
        let text = plain_json(&json);
        assert!(
            text.chars().all(|c| c.is_ascii_graphic() || c == ' '),
            "{text}"
        );
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).unwrap(),
            value
        );
    }
}
