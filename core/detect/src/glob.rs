//! Text patterns, prepared for matching.

use cordon_sigma::{Part, Pattern};

use memchr::memmem::Finder;

use crate::{fold::fold, sight::Leaf, witness::Claim};

/// A pattern prepared for matching: without case unless case counts.
#[derive(Debug)]
pub(crate) struct Glob {
    shape: Shape,
    cased: bool,
}

#[derive(Debug)]
enum Shape {
    /// Any text.
    Any,
    Exact(String),
    Prefix(String),
    Suffix(String),
    Contains(Box<Finder<'static>>),
    /// Texts in their order, with anything between them.
    Pieces(Box<Pieces>),
    /// Anything with wildcards inside; the text that must be there at any rate is sought first.
    Mixed(Vec<Sign>, Option<Box<Finder<'static>>>),
}

/// Texts in their order: one at the start, some between, one at the end; those may be empty.
#[derive(Debug)]
struct Pieces {
    start: String,
    between: Vec<Finder<'static>>,
    end: String,
}

/// One sign of a mixed pattern.
#[derive(Debug, Clone, Copy)]
enum Sign {
    Char(char),
    AnyChar,
    Dash,
    AnyRun,
}

impl Glob {
    /// Prepares a pattern.
    pub(crate) fn new(pattern: &Pattern) -> Self {
        let cased = pattern.cased;
        let text = |text: &str| {
            if cased {
                text.to_owned()
            } else {
                fold(text).into_owned()
            }
        };
        let shape = match pattern.parts.as_slice() {
            [] => Shape::Exact(String::new()),
            [Part::AnyRun] => Shape::Any,
            [Part::Text(all)] => Shape::Exact(text(all)),
            [Part::Text(start), Part::AnyRun] => Shape::Prefix(text(start)),
            [Part::AnyRun, Part::Text(end)] => Shape::Suffix(text(end)),
            [Part::AnyRun, Part::Text(part), Part::AnyRun] => {
                Shape::Contains(Box::new(Finder::new(&text(part)).into_owned()))
            }
            parts => match Pieces::new(parts, &text) {
                Some(pieces) => Shape::Pieces(Box::new(pieces)),
                None => mixed_shape(parts, &text),
            },
        };
        Self { shape, cased }
    }

    /// What it says of a value, if it is no more and no less than one claim about a text.
    pub(crate) fn claim(&self) -> Option<Claim> {
        if self.cased {
            return None;
        }
        match &self.shape {
            Shape::Exact(all) => Some(Claim::Is(all.clone())),
            Shape::Prefix(start) => Some(Claim::Starts(start.clone())),
            Shape::Suffix(end) => Some(Claim::Ends(end.clone())),
            Shape::Contains(part) => {
                let part = str::from_utf8(part.needle()).ok()?;
                Some(Claim::Has(part.to_owned()))
            }
            Shape::Any | Shape::Pieces(_) | Shape::Mixed(..) => None,
        }
    }

    /// A guess at how much work it is, in comparisons of short texts.
    pub(crate) fn cost(&self) -> usize {
        match self.shape {
            Shape::Any | Shape::Exact(_) | Shape::Prefix(_) | Shape::Suffix(_) => 1,
            Shape::Contains(_) => 4,
            Shape::Pieces(_) => 8,
            Shape::Mixed(..) => 20,
        }
    }

    /// Whether a value's text fits.
    pub(crate) fn fits(&self, leaf: &Leaf<'_>) -> bool {
        let text = if self.cased {
            leaf.text()
        } else {
            leaf.folded()
        };
        let Some(text) = text else {
            return false;
        };
        match &self.shape {
            Shape::Any => true,
            Shape::Exact(all) => text == all,
            Shape::Prefix(start) => text.starts_with(start),
            Shape::Suffix(end) => text.ends_with(end),
            Shape::Contains(part) => part.find(text.as_bytes()).is_some(),
            Shape::Pieces(pieces) => pieces.fit(text),
            Shape::Mixed(signs, needed) => {
                let is_there = |needed: &Finder<'_>| needed.find(text.as_bytes()).is_some();
                needed.as_deref().is_none_or(is_there) && mixed(signs, text)
            }
        }
    }
}

impl Pieces {
    /// None if there is anything but texts with runs between them.
    fn new(parts: &[Part], text: &impl Fn(&str) -> String) -> Option<Self> {
        let is_text = |part: &Part| matches!(part, Part::Text(_));
        let simple = parts
            .iter()
            .all(|part| matches!(part, Part::Text(_) | Part::AnyRun));
        let apart = parts
            .array_windows()
            .all(|[left, right]| !(is_text(left) && is_text(right)));
        if !simple || !apart {
            return None;
        }
        let folded = |part: &Part| match part {
            Part::Text(part) => text(part),
            Part::AnyRun | Part::AnyChar | Part::Dash => String::new(),
        };
        let (first, rest) = parts.split_first()?;
        let (last, between) = rest.split_last()?;
        let between = between.iter().filter(|part| is_text(part)).map(folded);
        Some(Self {
            start: folded(first),
            between: between
                .map(|text| Finder::new(&text).into_owned())
                .collect(),
            end: folded(last),
        })
    }

    /// Each text is best taken where it stands first: what comes after it can only gain.
    fn fit(&self, text: &str) -> bool {
        let rest = text.as_bytes().strip_prefix(self.start.as_bytes());
        let Some(mut rest) = rest.and_then(|rest| rest.strip_suffix(self.end.as_bytes())) else {
            return false;
        };
        for piece in &self.between {
            let Some(at) = piece.find(rest) else {
                return false;
            };
            rest = rest.get(at + piece.needle().len()..).unwrap_or_default();
        }
        true
    }
}

fn mixed_shape(parts: &[Part], text: &impl Fn(&str) -> String) -> Shape {
    let texts = parts.iter().filter_map(|part| match part {
        Part::Text(part) => Some(text(part)),
        Part::AnyRun | Part::AnyChar | Part::Dash => None,
    });
    let longest = texts.max_by_key(String::len);
    let needed = longest.map(|text| Box::new(Finder::new(&text).into_owned()));
    Shape::Mixed(
        parts.iter().flat_map(|part| signs(part, text)).collect(),
        needed,
    )
}

fn signs(part: &Part, text: &impl Fn(&str) -> String) -> Vec<Sign> {
    match part {
        Part::Text(part) => text(part).chars().map(Sign::Char).collect(),
        Part::AnyChar => vec![Sign::AnyChar],
        Part::Dash => vec![Sign::Dash],
        Part::AnyRun => vec![Sign::AnyRun],
    }
}

/// Matches from left to right and, where that fails, lets the last `*` take one character more:
/// an earlier `*` never has to, so the work is at most the product of both lengths.
fn mixed(signs: &[Sign], text: &str) -> bool {
    let (mut signs, mut rest) = (signs.iter(), text.chars());
    let mut retry: Option<(std::slice::Iter<'_, Sign>, std::str::Chars<'_>)> = None;
    loop {
        let fits = match signs.next() {
            Some(Sign::AnyRun) => {
                retry = Some((signs.clone(), rest.clone()));
                true
            }
            Some(sign) => rest.next().is_some_and(|c| sign_fits(*sign, c)),
            None if rest.as_str().is_empty() => return true,
            None => false,
        };
        if fits {
            continue;
        }
        let Some((after_star, from)) = &mut retry else {
            return false;
        };
        if from.next().is_none() {
            return false;
        }
        signs = after_star.clone();
        rest = from.clone();
    }
}

fn sign_fits(sign: Sign, c: char) -> bool {
    match sign {
        Sign::Char(wanted) => c == wanted,
        Sign::AnyChar | Sign::AnyRun => true,
        Sign::Dash => matches!(c, '-' | '/' | '\u{2013}' | '\u{2014}' | '\u{2015}'),
    }
}

#[cfg(test)]
mod tests {
    use cordon_model::Record;
    use cordon_sigma::Pattern;
    use proptest::prelude::*;
    use serde_json::json;

    use super::Glob;
    use crate::{folded::Folded, sight::Leaf};

    fn fits(pattern: &str, text: &str) -> bool {
        let record = Record::from(json!({"f": text}));
        let mut folded = Folded::default();
        folded.fill(&record);
        let leaf = Leaf::new(record.get("f").unwrap(), &folded);
        Glob::new(&Pattern::parse(pattern)).fits(&leaf)
    }

    #[test]
    fn wildcards_are_anchored_and_cross_line_breaks() {
        for (pattern, text, expect) in [
            ("a*z", "a\n\nz", true),
            ("a?c", "a\nc", true),
            ("a?c", "ac", false),
            ("*a*b*c", "xxaxbxcxc", true),
            ("*.e?e", "C:\\X.EXE", true),
            ("?", "é", true),
            ("", "", true),
            ("", "x", false),
            ("*", "", true),
            ("a*a", "a", false),
        ] {
            assert_eq!(fits(pattern, text), expect, "{pattern:?} {text:?}");
        }
    }

    /// The obvious matcher, with all its backtracking.
    fn slow(pattern: &[char], text: &[char]) -> bool {
        match (pattern, text) {
            ([], []) => true,
            (['*', rest @ ..], _) => (0..=text.len()).any(|n| slow(rest, &text[n..])),
            (['?', rest @ ..], [_, tail @ ..]) => slow(rest, tail),
            ([p, rest @ ..], [c, tail @ ..]) => p == c && slow(rest, tail),
            ([_, ..], []) | ([], [_, ..]) => false,
        }
    }

    proptest! {
        #[test]
        fn the_matcher_agrees_with_the_obvious_one(pattern in "[ab*?]{0,7}", text in "[ab]{0,9}") {
            let (p, t): (Vec<_>, Vec<_>) = (pattern.chars().collect(), text.chars().collect());
            prop_assert_eq!(fits(&pattern, &text), slow(&p, &t));
        }
    }
}
