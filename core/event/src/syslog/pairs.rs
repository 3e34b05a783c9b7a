//! `key=value` in its two spellings: loose pairs, and the elements of RFC 5424.

use cordon_model::Value;

use crate::windows::Fields;

/// The pairs of a text such as `a=1 b="two words"`; what is no pair is passed over.
pub(crate) fn pairs(text: &str) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('=') {
        let (before, after) = rest.split_at(at);
        let after = after.get(1..).unwrap_or_default();
        let is_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '@');
        let start = before.rfind(|c| !is_key(c)).map_or(0, |last| {
            last + before
                .get(last..)
                .and_then(|r| r.chars().next())
                .map_or(1, char::len_utf8)
        });
        let key = before.get(start..).unwrap_or_default();
        let (value, after) = value(after);
        if !key.is_empty() {
            found.push((key, value));
        }
        rest = after;
    }
    found
}

/// A value, quoted or up to the next blank, and what follows it.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([' ', '\t', ',', ']']).unwrap_or(text.len());
        let (value, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        return (value.to_owned(), rest);
    };
    let mut value = String::new();
    let mut escaped = false;
    for (at, c) in quoted.char_indices() {
        match c {
            '"' | '\\' | ']' if escaped => {
                value.push(c);
                escaped = false;
            }
            _ if escaped => {
                value.extend(['\\', c]);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => return (value, quoted.get(at + 1..).unwrap_or_default()),
            _ => value.push(c),
        }
    }
    (value, "")
}

/// The elements of structured data by their names: `[id a="1"][id2 b="2"]`.
pub(crate) fn elements(text: &str) -> Fields {
    let mut found = Fields::new();
    let mut rest = text;
    while let Some(inner) = rest.strip_prefix('[') {
        let end = element_end(inner);
        let (element, after) = inner.split_at_checked(end).unwrap_or((inner, ""));
        let (id, params) = element.split_once(' ').unwrap_or((element, ""));
        let params = pairs(params).into_iter();
        let params = params.map(|(name, value)| (name.to_owned(), Value::String(value)));
        found.insert(id.to_owned(), Value::Object(params.collect()));
        rest = after.strip_prefix(']').unwrap_or_default();
    }
    found
}

/// Where an element ends: the first closing bracket outside quotes.
pub(crate) fn element_end(text: &str) -> usize {
    let mut quoted = false;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ']' if !quoted => return at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{elements, pairs};

    #[test]
    fn pairs_are_read_quoted_and_not() {
        let check = |text, expect: &[(&str, &str)]| {
            let found = pairs(text);
            let found: Vec<_> = found.iter().map(|(k, v)| (*k, v.as_str())).collect();
            assert_eq!(found, expect, "{text}");
        };
        check(
            "a=1 b=\"two \\\"words\\\"\" c=",
            &[("a", "1"), ("b", "two \"words\""), ("c", "")],
        );
        check(
            "Result: User=root, priv=Modify",
            &[("User", "root"), ("priv", "Modify")],
        );
        check("p=\"C:\\x\" ü=1", &[("p", "C:\\x")]);
        check("no pairs", &[]);
        check("=\"", &[]);
    }

    #[test]
    fn elements_keep_their_names() {
        let found = elements("[a@1 x=\"]\"][b]");
        assert_eq!(json!(found), json!({"a@1": {"x": "]"}, "b": {}}));
    }
}
