//! Reading what steps and conditions have in common: their type, and plain parameters.

use std::sync::Arc;

use cordon_text::{Fields, Node, nearest};
use regex::Regex;

use super::plain::Plain;
use crate::reader::Reader;

/// The type of a step or a condition, one of `known`.
pub(crate) fn read<'k>(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    what: &str,
    known: &[&'k str],
) -> Option<&'k str> {
    let node = fields.required("type", &mut reader.report)?;
    let word = reader.text(node, "a type")?;
    let found = known.iter().find(|kind| **kind == word).copied();
    if found.is_none() {
        let message = format!("there is no {what} of type `{word}`");
        let help = match nearest(&word, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known types: {}", known.join(", ")),
        };
        reader.problem(node.span, "unknown-type", message, &help);
    }
    found
}

/// A text that must be there.
pub(crate) fn text(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    key: &'static str,
) -> Option<Arc<str>> {
    let node = fields.required(key, &mut reader.report)?;
    reader.text(node, "a text").map(Arc::from)
}

/// A single value that must be there; nothing is a value.
pub(crate) fn plain(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    key: &'static str,
) -> Option<Plain> {
    let node = match fields.written(key) {
        Some(node) => node,
        None => fields.required(key, &mut reader.report)?,
    };
    let plain = Plain::of(node);
    if plain.is_none() {
        let message = format!("expected a single value, found {}", node.describe());
        reader.error(node.span, "wrong-type", message);
    }
    plain
}

/// Texts, at least one.
pub(crate) fn texts(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    key: &'static str,
) -> Option<Vec<Arc<str>>> {
    let node = fields.required(key, &mut reader.report)?;
    list(reader, node)
}

/// The texts of a list, at least one; one scalar is a list of one.
pub(crate) fn list(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<Arc<str>>> {
    let count = node.sequence().map_or(1, <[Node]>::len);
    let texts = reader.texts(node, "a list of texts");
    if count == 0 {
        reader.error(
            node.span,
            "wrong-type",
            "expected at least one text".to_owned(),
        );
    }
    let complete = count > 0 && texts.len() == count;
    complete.then(|| texts.into_iter().map(|(text, _)| text).collect())
}

/// A flag that is off unless given.
pub(crate) fn flag(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    key: &'static str,
) -> Option<bool> {
    match fields.optional(key) {
        Some(node) => reader.flag(node),
        None => Some(false),
    }
}

/// One of some words; the first one unless given.
pub(crate) fn word<T: Copy>(
    reader: &mut Reader<'_>,
    node: Option<&Node>,
    known: &[(&str, T)],
) -> Option<T> {
    let Some(node) = node else {
        return known.first().map(|(_, meaning)| *meaning);
    };
    let written = node.text().unwrap_or_default();
    let found = known.iter().find(|(word, _)| *word == written);
    if found.is_none() {
        let words: Vec<_> = known.iter().map(|(word, _)| *word).collect();
        let message = format!(
            "expected one of {}, found {}",
            words.join(", "),
            node.describe()
        );
        reader.error(node.span, "wrong-type", message);
    }
    found.map(|(_, meaning)| *meaning)
}

/// A regular expression.
pub(crate) fn regex(reader: &mut Reader<'_>, node: &Node) -> Option<Regex> {
    let text = reader.text(node, "a regular expression")?;
    match Regex::new(&text) {
        Ok(regex) => Some(regex),
        Err(error) => {
            let told = error.to_string();
            let why = told.lines().next_back().unwrap_or("it has an error");
            let why = why.trim().trim_start_matches("error: ");
            let message = format!("the regular expression cannot be used: {why}");
            let help = "look-around and back-references are not supported; the syntax is that of \
                Rust's `regex`";
            reader.problem(node.span, "bad-regex", message, help);
            None
        }
    }
}

/// Whether a regular expression matches at the beginning of a text.
pub(crate) fn matches_start(regex: &Regex, text: &str) -> bool {
    // The leftmost match is found first, so that one at the beginning is never passed over.
    regex.find(text).is_some_and(|found| found.start() == 0)
}
