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
    /// Anything with wildcards inside.
    Mixed(Vec<Sign>),
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
            parts => Shape::Mixed(parts.iter().flat_map(|part| signs(part, &text)).collect()),
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
            Shape::Any | Shape::Mixed(_) => None,
        }
    }

    /// A guess at how much work it is, in comparisons of short texts.
    pub(crate) fn cost(&self) -> usize {
        match self.shape {
            Shape::Any | Shape::Exact(_) | Shape::Prefix(_) | Shape::Suffix(_) => 1,
            Shape::Contains(_) => 4,
            Shape::Mixed(_) => 20,
        }
    }

    /// Whether a value's text fits.
    pub(crate) fn fits(&self, leaf: &Leaf<'_>) -> bool {
        let text = if self.cased { leaf.text } else { leaf.folded };
        let Some(text) = text else {
            return false;
        };
        match &self.shape {
            Shape::Any => true,
            Shape::Exact(all) => text == all,
            Shape::Prefix(start) => text.starts_with(start),
            Shape::Suffix(end) => text.ends_with(end),
            Shape::Contains(part) => part.find(text.as_bytes()).is_some(),
            Shape::Mixed(signs) => mixed(signs, text),
        }
    }
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
