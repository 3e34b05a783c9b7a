//! Sigma's string values: literal text with `*`, `?` and escapes.

use crate::FieldRelation;

/// One part of a pattern.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Exactly this text.
    Text(String),
    /// `*`: any run of characters, none and line breaks included.
    AnyRun,
    /// `?`: exactly one character.
    AnyChar,
    /// One of the characters that begin an option: `-`, `/`, en dash, em dash, horizontal bar.
    Dash,
}

/// A string value of a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pattern {
    /// Its parts in order; neighbouring texts are joined, neighbouring `*` are one.
    pub parts: Vec<Part>,
    /// Whether case counts (`cased`).
    pub cased: bool,
}

impl Pattern {
    /// Reads a value: a backslash escapes `*`, `?` and itself, and stands for itself before
    /// anything else.
    pub fn parse(value: &str) -> Self {
        let mut pattern = Self::empty();
        let mut chars = value.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '*' => pattern.push(Part::AnyRun),
                '?' => pattern.push(Part::AnyChar),
                '\\' => {
                    let literal = chars.next_if(|next| matches!(next, '*' | '?' | '\\'));
                    pattern.push_char(literal.unwrap_or('\\'));
                }
                _ => pattern.push_char(c),
            }
        }
        pattern
    }

    /// A pattern for exactly this text.
    pub fn literal(text: &str) -> Self {
        let mut pattern = Self::empty();
        pattern.push(Part::Text(text.to_owned()));
        pattern
    }

    /// The text, if the pattern has no wildcard.
    pub fn as_literal(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            [_, ..] => None,
        }
    }

    /// Every text that fits, if the pattern has no wildcard and fits few: each dash may be any of
    /// its kind.
    pub(crate) fn spellings(&self) -> Option<Vec<String>> {
        let mut texts = vec![String::new()];
        for part in &self.parts {
            match part {
                Part::Text(more) => texts.iter_mut().for_each(|text| text.push_str(more)),
                Part::Dash if texts.len() * DASHES.len() <= SPELLINGS_MAX => {
                    let dashed = |text: &String| DASHES.map(|dash| format!("{text}{dash}"));
                    texts = texts.iter().flat_map(dashed).collect();
                }
                Part::Dash | Part::AnyRun | Part::AnyChar => return None,
            }
        }
        Some(texts)
    }

    /// The same pattern with any run allowed before it.
    #[must_use]
    pub fn open_start(mut self) -> Self {
        if self.parts.first() != Some(&Part::AnyRun) {
            self.parts.insert(0, Part::AnyRun);
        }
        self
    }

    /// The same pattern with any run allowed after it.
    #[must_use]
    pub fn open_end(mut self) -> Self {
        self.push(Part::AnyRun);
        self
    }

    /// The same pattern with any run allowed wherever the relation leaves a side open.
    #[must_use]
    pub(crate) fn opened(self, relation: FieldRelation) -> Self {
        match relation {
            FieldRelation::Equals => self,
            FieldRelation::Contains => self.open_start().open_end(),
            FieldRelation::StartsWith => self.open_end(),
            FieldRelation::EndsWith => self.open_start(),
        }
    }

    /// The same pattern with every dash in option position standing for all of its kind: one that
    /// no word character precedes and a word character or `?` follows.
    #[must_use]
    pub fn interchange_dashes(&self) -> Self {
        let mut result = Self {
            cased: self.cased,
            ..Self::empty()
        };
        for (at, part) in self.parts.iter().enumerate() {
            let Part::Text(text) = part else {
                result.push(part.clone());
                continue;
            };
            let question = self.parts.get(at + 1) == Some(&Part::AnyChar);
            let mut before = None;
            let mut chars = text.chars().peekable();
            while let Some(c) = chars.next() {
                let opens = before.is_none_or(|b| !is_word(b));
                let leads = match chars.peek() {
                    Some(next) => is_word(*next) || *next == '?',
                    None => question,
                };
                if is_dash(c) && opens && leads {
                    result.push(Part::Dash);
                } else {
                    result.push_char(c);
                }
                before = Some(c);
            }
        }
        result
    }

    fn empty() -> Self {
        let parts = Vec::new();
        Self {
            parts,
            cased: false,
        }
    }

    fn push(&mut self, part: Part) {
        match (self.parts.last_mut(), part) {
            (Some(Part::AnyRun), Part::AnyRun) => {}
            (Some(Part::Text(text)), Part::Text(more)) => text.push_str(&more),
            (_, Part::Text(text)) if text.is_empty() => {}
            (_, part) => self.parts.push(part),
        }
    }

    fn push_char(&mut self, c: char) {
        if let Some(Part::Text(text)) = self.parts.last_mut() {
            text.push(c);
        } else {
            self.parts.push(Part::Text(c.to_string()));
        }
    }
}

/// The characters that may begin an option.
pub const DASHES: [char; 5] = ['-', '/', '\u{2013}', '\u{2014}', '\u{2015}'];

/// Most texts that one pattern is spelled out to: four dashes, more than any rule encodes.
const SPELLINGS_MAX: usize = 625;

/// Whether a character may begin an option.
fn is_dash(c: char) -> bool {
    DASHES.contains(&c)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::{Part, Pattern};

    /// Writes a pattern so that each part is visible: `<*>`, `<?>`, `<->`.
    fn sketch(pattern: &Pattern) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::AnyRun => "<*>".to_owned(),
            Part::AnyChar => "<?>".to_owned(),
            Part::Dash => "<->".to_owned(),
        };
        pattern.parts.iter().map(part).collect()
    }

    #[test]
    fn backslashes_escape_wildcards_and_themselves_only() {
        for (value, expect) in [
            (r"a*b?", "a<*>b<?>"),
            (r"\*\?", "*?"),
            (r"\\*", r"\<*>"),
            (r"\\\*", r"\*"),
            (r"C:\Windows\System32", r"C:\Windows\System32"),
            (r"\\\\host", r"\\host"),
            (r"\\\host", r"\\host"),
            (r"end\", r"end\"),
            ("a**b", "a<*>b"),
        ] {
            assert_eq!(sketch(&Pattern::parse(value)), expect, "{value}");
        }
    }

    #[test]
    fn a_pattern_is_spelled_out_as_long_as_that_is_little() {
        let spellings = |value| Pattern::parse(value).interchange_dashes().spellings();
        let one = spellings("a-b").unwrap_or_default();
        assert_eq!(one, ["a-b"]);
        let five = spellings(" -x").unwrap_or_default();
        assert_eq!(
            five,
            [" -x", " /x", " \u{2013}x", " \u{2014}x", " \u{2015}x"]
        );
        assert_eq!(spellings("-a -b -c -d").map(|texts| texts.len()), Some(625));
        assert_eq!(spellings("-a -b -c -d -e"), None);
        assert_eq!(spellings("a*"), None);
    }

    #[test]
    fn only_dashes_in_option_position_are_interchangeable() {
        for (value, expect) in [
            (" -enc", " <->enc"),
            ("/x", "<->x"),
            ("\u{2014}f", "<->f"),
            ("well-known", "well-known"),
            ("C:/temp", "C:<->temp"),
            ("--force", "-<->force"),
            ("a - b", "a - b"),
            (r"/\?", "<->?"),
            ("/?", "<-><?>"),
        ] {
            let found = sketch(&Pattern::parse(value).interchange_dashes());
            assert_eq!(found, expect, "{value}");
        }
    }
}
