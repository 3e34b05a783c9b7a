//! A text value on its way through a pipeline: literal stretches, wildcards, and placeholders that
//! have no value yet.

use std::sync::Arc;

use cordon_text::Span;

use crate::{FieldRelation, Part, Pattern, expand, number::Number};

/// One part of a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Piece {
    /// Exactly this.
    Text(String),
    /// `*`.
    AnyRun,
    /// `?`.
    AnyChar,
    /// `%name%`, which still waits for its value.
    Placeholder(Arc<str>),
}

/// A text value.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Text {
    /// Its parts in order; neighbouring texts are joined, neighbouring `*` are one.
    pub(crate) pieces: Vec<Piece>,
    /// Whether case counts.
    pub(crate) cased: bool,
    /// Whether its dashes stand for all of their kind.
    pub(crate) windash: bool,
    /// Whether a keyword is sought where its wildcards say and not anywhere in a value.
    pub(crate) anchored: bool,
    /// Where it stands in its rule, as long as placeholders wait in it.
    pub(crate) span: Option<Span>,
}

impl Text {
    /// Reads a value in which a backslash escapes `*`, `?` and itself.
    pub(crate) fn parse(value: &str) -> Self {
        let mut text = Self::default();
        text.extend(Pattern::parse(value).parts);
        text
    }

    /// Reads a value that may have placeholders.
    pub(crate) fn parse_open(value: &str) -> Self {
        let (mut text, mut rest) = (Self::default(), value);
        while let Some((before, name, after)) = expand::split(rest) {
            text.extend(Pattern::parse(before).parts);
            text.push(Piece::Placeholder(Arc::from(name)));
            rest = after;
        }
        text.extend(Pattern::parse(rest).parts);
        text
    }

    /// A value taken letter by letter, but for its placeholders.
    pub(crate) fn verbatim(value: &str) -> Self {
        let (mut text, mut rest) = (Self::default(), value);
        while let Some((before, name, after)) = expand::split(rest) {
            text.push(Piece::Text(before.to_owned()));
            text.push(Piece::Placeholder(Arc::from(name)));
            rest = after;
        }
        text.push(Piece::Text(rest.to_owned()));
        text
    }

    /// The text of a pattern; none if some of its dashes stand for others.
    pub(crate) fn of(pattern: &Pattern) -> Option<Self> {
        if pattern.parts.contains(&Part::Dash) {
            return None;
        }
        let mut text = Self {
            cased: pattern.cased,
            ..Self::default()
        };
        text.extend(pattern.parts.iter().cloned());
        Some(text)
    }

    /// The pattern that this means; none while a placeholder waits.
    pub(crate) fn pattern(&self) -> Option<Pattern> {
        let parts = self.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => Some(Part::Text(text.clone())),
            Piece::AnyRun => Some(Part::AnyRun),
            Piece::AnyChar => Some(Part::AnyChar),
            Piece::Placeholder(_) => None,
        });
        let pattern = Pattern {
            parts: parts.collect::<Option<_>>()?,
            cased: self.cased,
        };
        Some(if self.windash {
            pattern.interchange_dashes()
        } else {
            pattern
        })
    }

    /// How a pipeline sees this: literal wildcards behind a backslash, placeholders as `%name%`.
    pub(crate) fn plain(&self) -> String {
        let mut plain = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => {
                    plain.push_str(&text.replace('*', r"\*").replace('?', r"\?"));
                }
                Piece::AnyRun => plain.push('*'),
                Piece::AnyChar => plain.push('?'),
                Piece::Placeholder(name) => {
                    plain.push('%');
                    plain.push_str(name);
                    plain.push('%');
                }
            }
        }
        plain
    }

    /// The number that this spells.
    pub(crate) fn number(&self) -> Option<Number> {
        Number::parse(self.plain().trim())
    }

    /// The names of the placeholders that wait.
    pub(crate) fn placeholders(&self) -> impl Iterator<Item = &Arc<str>> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Placeholder(name) => Some(name),
            Piece::Text(_) | Piece::AnyRun | Piece::AnyChar => None,
        })
    }

    /// Whether it has a wildcard.
    pub(crate) fn has_wildcard(&self) -> bool {
        let wild = |piece: &Piece| matches!(piece, Piece::AnyRun | Piece::AnyChar);
        self.pieces.iter().any(wild)
    }

    /// The same with each literal stretch made into another one.
    pub(crate) fn map_literals(&self, change: impl Fn(&str) -> String) -> Self {
        let mut text = self.emptied();
        for piece in &self.pieces {
            text.push(match piece {
                Piece::Text(literal) => Piece::Text(change(literal)),
                Piece::AnyRun | Piece::AnyChar | Piece::Placeholder(_) => piece.clone(),
            });
        }
        text
    }

    /// Nothing, compared in the same way.
    pub(crate) fn emptied(&self) -> Self {
        Self {
            pieces: Vec::new(),
            ..*self
        }
    }

    /// Adds a part at the end.
    pub(crate) fn push(&mut self, piece: Piece) {
        match (self.pieces.last_mut(), piece) {
            (Some(Piece::AnyRun), Piece::AnyRun) => {}
            (Some(Piece::Text(text)), Piece::Text(more)) => text.push_str(&more),
            (_, Piece::Text(text)) if text.is_empty() => {}
            (_, piece) => self.pieces.push(piece),
        }
    }

    /// Adds another text at the end.
    pub(crate) fn append(&mut self, other: &Self) {
        for piece in &other.pieces {
            self.push(piece.clone());
        }
    }

    /// Allows any run wherever the relation leaves a side open.
    pub(crate) fn open(&mut self, relation: FieldRelation) {
        use FieldRelation::{Contains, EndsWith, StartsWith};
        let starts_open = self.pieces.first() == Some(&Piece::AnyRun);
        if matches!(relation, Contains | EndsWith) && !starts_open {
            self.pieces.insert(0, Piece::AnyRun);
        }
        if matches!(relation, Contains | StartsWith) {
            self.push(Piece::AnyRun);
        }
    }

    /// A keyword as it was written: without the runs around one that is sought anywhere.
    pub(crate) fn close(&mut self) {
        let run = Some(&Piece::AnyRun);
        self.anchored = self.pieces.first() != run || self.pieces.last() != run;
        if !self.anchored && self.pieces.len() > 1 {
            self.pieces.remove(0);
            self.pieces.pop();
        }
    }

    fn extend(&mut self, parts: impl IntoIterator<Item = Part>) {
        for part in parts {
            self.push(match part {
                Part::Text(text) => Piece::Text(text),
                Part::AnyRun => Piece::AnyRun,
                Part::AnyChar => Piece::AnyChar,
                Part::Dash => Piece::Text("-".to_owned()),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn a_text_is_shown_with_literal_wildcards_escaped_and_placeholders_by_name() {
        for (written, plain) in [
            (r"C:\a\*b?", r"C:\a\*b?"),
            (r"C:\\*", r"C:\*"),
            (r"x\*y", r"x\*y"),
            (r"%d%\%Servers%$", r"%d%\%Servers%$"),
            ("a**b", "a*b"),
        ] {
            assert_eq!(Text::parse_open(written).plain(), plain, "{written}");
        }
    }
}
