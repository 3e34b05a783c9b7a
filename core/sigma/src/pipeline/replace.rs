//! `replace_string`: parts of texts exchanged by regular expression.
//!
//! The expression sees a text as it is written: wildcards as `*` and `?`, literal ones behind a
//! backslash, placeholders as `%name%`. What it does not touch keeps its meaning, so that a wildcard
//! behind a path's backslash stays one; in what it puts in, `*` and `?` are wildcards unless a
//! backslash stands before them.

use std::ops::Range;

use cordon_text::{Fields, Node};
use regex::{Captures, Regex};

use super::{
    kinds,
    refusal::Refusal,
    text::{Piece, Text},
    value::Value,
};
use crate::{Test, reader::Reader};

/// Longest text that may come out, in bytes: twice what Windows takes for a command line. An expression
/// that matches between all letters makes a text many times longer, and a few such steps fill any memory.
const TEXT_BYTES_MAX: usize = 65_536;

/// An exchange.
#[derive(Debug, Clone)]
pub(crate) struct Replace {
    regex: Regex,
    template: Vec<TemplatePart>,
    /// Only literal stretches are looked at, each by itself.
    skip_special: bool,
    /// Wildcards in what is put in then count.
    interpret_special: bool,
}

/// A part of what is put in.
#[derive(Debug, Clone, PartialEq, Eq)]
enum TemplatePart {
    Text(String),
    Group(usize),
}

impl Replace {
    /// A value with its parts exchanged; none if it is no text and no number.
    pub(crate) fn value(&self, value: &Value) -> Result<Option<Value>, Refusal> {
        let text = match value {
            Value::Text(text) => self.text(text)?,
            Value::Fixed(Test::Number { number, .. }) => self.text(&Text::parse(&number.text()))?,
            Value::Fixed(_) | Value::Open(..) | Value::Forms(_) | Value::Expression(_) => {
                return Ok(None);
            }
        };
        Ok(Some(Value::Text(text)))
    }

    fn text(&self, text: &Text) -> Result<Text, Refusal> {
        let seen = Seen::of(text);
        if self.bytes_at_most(&seen.text) > TEXT_BYTES_MAX {
            return Err(Refusal::new(
                "value-too-long",
                format!("a value could become longer than {TEXT_BYTES_MAX} bytes"),
                "let the expression match fewer places, not the nothing between letters",
            ));
        }
        Ok(match (self.skip_special, self.interpret_special) {
            (false, _) => self.written(text, &seen),
            (true, false) => text.map_literals(|literal| self.exchanged(literal)),
            (true, true) => {
                let mut changed = text.emptied();
                for piece in &text.pieces {
                    match piece {
                        Piece::Text(literal) => {
                            changed.append(&Text::parse(&self.exchanged(literal)));
                        }
                        Piece::AnyRun | Piece::AnyChar | Piece::Placeholder(_) => {
                            changed.push(piece.clone());
                        }
                    }
                }
                changed
            }
        })
    }

    /// A bound on what a text becomes: matches do not overlap, so that a group never takes more of
    /// the text than there is.
    fn bytes_at_most(&self, text: &str) -> usize {
        let (mut literal, mut groups) = (0_usize, 1_usize);
        for part in &self.template {
            match part {
                TemplatePart::Text(put) => literal = literal.saturating_add(put.len()),
                TemplatePart::Group(_) => groups = groups.saturating_add(1),
            }
        }
        let kept = text.len().saturating_mul(groups);
        let put = self.regex.find_iter(text).count().saturating_mul(literal);
        kept.saturating_add(put)
    }

    fn exchanged(&self, literal: &str) -> String {
        let put = |captures: &Captures<'_>| self.put_in(captures);
        self.regex.replace_all(literal, put).into_owned()
    }

    fn put_in(&self, captures: &Captures<'_>) -> String {
        let part = |part: &TemplatePart| match part {
            TemplatePart::Text(text) => text.clone(),
            TemplatePart::Group(group) => captures
                .get(*group)
                .map_or(String::new(), |found| found.as_str().to_owned()),
        };
        self.template.iter().map(part).collect()
    }

    /// A text with parts of what is written exchanged.
    fn written(&self, text: &Text, seen: &Seen) -> Text {
        let mut changed = text.emptied();
        let mut done = 0;
        for captures in self.regex.captures_iter(&seen.text) {
            let Some(whole) = captures.get(0) else {
                continue;
            };
            seen.keep(done..whole.start(), &mut changed);
            for part in &self.template {
                match part {
                    TemplatePart::Text(put) => changed.append(&put_literally(put)),
                    TemplatePart::Group(group) => {
                        if let Some(found) = captures.get(*group) {
                            seen.keep(found.range(), &mut changed);
                        }
                    }
                }
            }
            done = whole.end();
        }
        seen.keep(done..seen.text.len(), &mut changed);
        changed
    }

    pub(crate) fn read(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Self> {
        let regex = fields.required("regex", &mut reader.report);
        let regex = regex.and_then(|node| kinds::regex(reader, node));
        let replacement = fields.required("replacement", &mut reader.report);
        let skip_special = kinds::flag(reader, fields, "skip_special");
        let interpret_special = kinds::flag(reader, fields, "interpret_special");
        let regex = regex?;
        let template = template(reader, replacement?, &regex);
        Some(Self {
            template: template?,
            regex,
            skip_special: skip_special?,
            interpret_special: interpret_special?,
        })
    }
}

/// Text put in: a wildcard is one unless a backslash stands before it; any other backslash is itself.
fn put_literally(put: &str) -> Text {
    let mut text = Text::default();
    let mut chars = put.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '*' => text.push(Piece::AnyRun),
            '?' => text.push(Piece::AnyChar),
            '\\' => {
                let literal = chars.next_if(|next| matches!(next, '*' | '?'));
                text.push(Piece::Text(literal.unwrap_or('\\').to_string()));
            }
            _ => text.push(Piece::Text(c.to_string())),
        }
    }
    text
}

/// A text as it is written, and what each stretch of it means.
struct Seen {
    text: String,
    marks: Vec<(Range<usize>, Mark)>,
}

/// What a stretch means.
enum Mark {
    Literal,
    Special(Piece),
    /// A literal wildcard behind its backslash.
    Escaped(char),
}

impl Seen {
    fn of(text: &Text) -> Self {
        let mut seen = Self {
            text: String::new(),
            marks: Vec::new(),
        };
        for piece in &text.pieces {
            match piece {
                Piece::Text(literal) => seen.literal(literal),
                Piece::AnyRun => seen.add("*", Mark::Special(Piece::AnyRun)),
                Piece::AnyChar => seen.add("?", Mark::Special(Piece::AnyChar)),
                Piece::Placeholder(name) => {
                    seen.add(&format!("%{name}%"), Mark::Special(piece.clone()));
                }
            }
        }
        seen
    }

    fn literal(&mut self, literal: &str) {
        for c in literal.chars() {
            match c {
                '*' | '?' => self.add(&format!("\\{c}"), Mark::Escaped(c)),
                _ => self.add(c.encode_utf8(&mut [0; 4]), Mark::Literal),
            }
        }
    }

    fn add(&mut self, text: &str, mark: Mark) {
        let start = self.text.len();
        self.text.push_str(text);
        self.marks.push((start..self.text.len(), mark));
    }

    /// Adds a stretch to a text with the meaning it has; what it cuts in two is letters.
    fn keep(&self, range: Range<usize>, text: &mut Text) {
        let from = self.marks.partition_point(|(at, _)| at.end <= range.start);
        for (at, mark) in self.marks.iter().skip(from) {
            if at.start >= range.end {
                break;
            }
            let whole = range.start <= at.start && at.end <= range.end;
            match mark {
                Mark::Special(piece) if whole => text.push(piece.clone()),
                Mark::Escaped(c) if whole => text.push(Piece::Text(c.to_string())),
                Mark::Literal | Mark::Special(_) | Mark::Escaped(_) => {
                    let part = at.start.max(range.start)..at.end.min(range.end);
                    let letters = self.text.get(part).unwrap_or_default();
                    text.push(Piece::Text(letters.to_owned()));
                }
            }
        }
    }
}

/// Reads what is put in: `\1`, `\g<1>` and `\g<name>` are what a group found, `\n`, `\r`, `\t` and
/// `\\` single characters.
fn template(reader: &mut Reader<'_>, node: &Node, regex: &Regex) -> Option<Vec<TemplatePart>> {
    let written = reader.text(node, "what is put in")?;
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = written.as_str();
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        literal.push_str(before);
        let Some((meaning, after)) = escape_of(escape, regex) else {
            let shown: String = escape.chars().take(2).collect();
            let message = format!("`{shown}` means nothing in a replacement here");
            let help =
                r"write `\1`, `\g<name>` for a group of the expression, `\\` for a backslash";
            reader.problem(node.span, "bad-replacement", message, help);
            return None;
        };
        match meaning {
            TemplatePart::Text(text) => literal.push_str(&text),
            TemplatePart::Group(_) => {
                parts.push(TemplatePart::Text(std::mem::take(&mut literal)));
                parts.push(meaning);
            }
        }
        rest = after;
    }
    literal.push_str(rest);
    parts.push(TemplatePart::Text(literal));
    Some(parts)
}

/// What an escape means, and what stands behind it.
fn escape_of<'t>(escape: &'t str, regex: &Regex) -> Option<(TemplatePart, &'t str)> {
    let body = escape.strip_prefix('\\')?;
    if let Some(named) = body.strip_prefix("g<") {
        let (name, after) = named.split_once('>')?;
        return Some((TemplatePart::Group(group(name, regex)?), after));
    }
    let digits = body
        .chars()
        .take(2)
        .take_while(char::is_ascii_digit)
        .count();
    if digits > 0 {
        let (number, after) = body.split_at_checked(digits)?;
        return Some((TemplatePart::Group(group(number, regex)?), after));
    }
    let mut chars = body.chars();
    let text = match chars.next()? {
        'n' => "\n".to_owned(),
        'r' => "\r".to_owned(),
        't' => "\t".to_owned(),
        '\\' => "\\".to_owned(),
        letter if letter.is_ascii_alphanumeric() => return None,
        // Only letters and digits have a meaning behind a backslash.
        sign => format!("\\{sign}"),
    };
    Some((TemplatePart::Text(text), chars.as_str()))
}

/// The number of a group.
fn group(name: &str, regex: &Regex) -> Option<usize> {
    let number = match name.parse::<usize>() {
        Ok(number) => number,
        Err(_) => regex.capture_names().position(|n| n == Some(name))?,
    };
    (number < regex.captures_len()).then_some(number)
}
