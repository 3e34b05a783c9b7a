//! `key=value` in its two spellings: loose pairs, and the elements of RFC 5424.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

use crate::words::{is_in, table};

/// The pairs of a text such as `a=1 b="two words"`; what is no pair is passed over.
pub(crate) fn pairs(text: &str) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let (before, after) = rest.split_at_checked(memchr(b'=', rest.as_bytes())?)?;
            let (value, after) = value(after.get(1..)?);
            rest = after;
            let key = key(before);
            if !key.is_empty() {
                return Some((key, value));
            }
        }
    })
}

/// What keys are made of.
const KEY: [bool; 256] =
    table(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.@");

/// What ends a value without quotes.
const ENDS: [bool; 256] = table(b" \t,]");

/// The key that ends a text.
fn key(text: &str) -> &str {
    let is_key = |b: &u8| is_in(&KEY, *b);
    let length = text.bytes().rev().take_while(is_key).count();
    text.get(text.len() - length..).unwrap_or_default()
}

/// A value, quoted or up to the next blank, and what follows it.
fn value(text: &str) -> (Cow<'_, str>, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.bytes().position(|b| is_in(&ENDS, b));
        let end = end.unwrap_or(text.len());
        let (value, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        return (Cow::Borrowed(value), rest);
    };
    let sign = memchr2(b'"', b'\\', quoted.as_bytes()).unwrap_or(quoted.len());
    let (value, rest) = quoted.split_at_checked(sign).unwrap_or((quoted, ""));
    match rest.strip_prefix('"') {
        Some(rest) => (Cow::Borrowed(value), rest),
        None => escaped(value, rest),
    }
}

/// The same of a value of which the first escape was met.
fn escaped<'l>(before: &str, mut rest: &'l str) -> (Cow<'l, str>, &'l str) {
    let mut value = before.to_owned();
    loop {
        let end = memchr2(b'"', b'\\', rest.as_bytes()).unwrap_or(rest.len());
        let (plain, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        value.push_str(plain);
        if let Some(after) = after.strip_prefix('"') {
            return (Cow::Owned(value), after);
        }
        let Some(after) = after.strip_prefix('\\') else {
            return (Cow::Owned(value), "");
        };
        // Any other backslash stands for itself.
        if let Some(c @ ('"' | '\\' | ']')) = after.chars().next() {
            value.push(c);
            rest = after.get(1..).unwrap_or_default();
        } else {
            value.push('\\');
            rest = after;
        }
    }
}

/// The elements of structured data, `[id a="1"][id2 b="2"]`: their names and their pairs.
pub(crate) fn elements(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let inner = rest.strip_prefix('[')?;
        let (element, after) = inner.split_at_checked(element_end(inner))?;
        rest = after.strip_prefix(']').unwrap_or_default();
        Some(element.split_once(' ').unwrap_or((element, "")))
    })
}

/// Where an element ends: the first closing bracket outside quotes.
pub(crate) fn element_end(text: &str) -> usize {
    let mut at = 0;
    let mut next = |one, other| {
        let found = at + memchr2(one, other, text.as_bytes().get(at..)?)?;
        let sign = *text.as_bytes().get(found)?;
        // What is escaped says nothing.
        at = found + if sign == b'\\' { 2 } else { 1 };
        Some((found, sign))
    };
    while let Some((at, sign)) = next(b']', b'"') {
        if sign == b']' {
            return at;
        }
        loop {
            match next(b'"', b'\\') {
                Some((_, b'"')) => break,
                Some(_) => {}
                None => return text.len(),
            }
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{element_end, elements, pairs};

    proptest! {
        #[test]
        fn an_element_ends_with_the_first_bracket_outside_quotes(text in "[a\\]\"\\\\é]{0,16}") {
            let (mut quoted, mut escaped) = (false, false);
            let end = text.bytes().position(|b| {
                let is_end = b == b']' && !quoted;
                (quoted, escaped) = match b {
                    _ if escaped => (quoted, false),
                    b'\\' => (quoted, quoted),
                    b'"' => (!quoted, false),
                    _ => (quoted, false),
                };
                is_end
            });
            prop_assert_eq!(element_end(&text), end.unwrap_or(text.len()));
        }
    }

    #[test]
    fn pairs_are_read_quoted_and_not() {
        let check = |text, expect: &[(&str, &str)]| {
            let found: Vec<_> = pairs(text).collect();
            let found: Vec<_> = found.iter().map(|(k, v)| (*k, v.as_ref())).collect();
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
        check("p=\"C:\\x\" ü=1 éa=2", &[("p", "C:\\x"), ("a", "2")]);
        check("a=\"never ends\\", &[("a", "never ends\\")]);
        check("a=\"\\\\\\]\\x\"b=1", &[("a", "\\]\\x"), ("b", "1")]);
        check("no pairs", &[]);
        check("=\"", &[]);
    }

    #[test]
    fn elements_keep_their_names() {
        let found: Vec<_> = elements("[a@1 x=\"]\"][b]").collect();
        assert_eq!(found, [("a@1", "x=\"]\""), ("b", "")]);
    }
}
