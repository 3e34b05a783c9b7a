//! Values with wildcards, as regular expressions.

use std::{cell::RefCell, collections::BTreeMap};

use regex::Regex;

/// One sign of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    Char(char),
    Star,
    Question,
    Dash,
}

pub(crate) const DASHES: [char; 5] = ['-', '/', '\u{2013}', '\u{2014}', '\u{2015}'];

/// The signs of a written value: a backslash escapes wildcards and itself, and nothing else.
pub(crate) fn signs(value: &str) -> Vec<Sign> {
    let chars: Vec<char> = value.chars().collect();
    let (mut signs, mut at) = (Vec::new(), 0);
    while at < chars.len() {
        let escaped = chars.get(at + 1).filter(|next| "*?\\".contains(**next));
        signs.push(match (chars[at], escaped) {
            ('\\', Some(next)) => {
                at += 1;
                Sign::Char(*next)
            }
            ('*', _) => Sign::Star,
            ('?', _) => Sign::Question,
            (c, _) => Sign::Char(c),
        });
        at += 1;
    }
    signs
}

/// Dashes that begin an option stand for all of their kind.
pub(crate) fn windash(signs: &[Sign]) -> Vec<Sign> {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let at = |place: Option<usize>| place.and_then(|place| signs.get(place));
    let mut result = signs.to_vec();
    for (place, sign) in result.iter_mut().enumerate() {
        let inside = matches!(at(place.checked_sub(1)), Some(Sign::Char(c)) if word(*c));
        let leads = match at(Some(place + 1)) {
            Some(Sign::Char(c)) => word(*c) || *c == '?',
            Some(Sign::Question) => true,
            Some(Sign::Star | Sign::Dash) | None => false,
        };
        if matches!(sign, Sign::Char(c) if DASHES.contains(c)) && !inside && leads {
            *sign = Sign::Dash;
        }
    }
    result
}

/// The texts that signs without wildcards stand for; none if there are wildcards.
pub(crate) fn spellings(signs: &[Sign]) -> Option<Vec<String>> {
    let mut texts = vec![String::new()];
    for sign in signs {
        let options: Vec<char> = match sign {
            Sign::Char(c) => vec![*c],
            Sign::Dash => DASHES.to_vec(),
            Sign::Star | Sign::Question => return None,
        };
        let longer = |text: &String| -> Vec<String> {
            options.iter().map(|c| format!("{text}{c}")).collect()
        };
        texts = texts.iter().flat_map(longer).collect();
    }
    Some(texts)
}

/// Whether case counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Counts,
    Ignored,
}

/// Whether a whole text is what the signs say.
pub(crate) fn fits(signs: &[Sign], case: Case, text: &str) -> bool {
    let mut written = match case {
        Case::Counts => r"(?s)\A".to_owned(),
        Case::Ignored => r"(?si)\A".to_owned(),
    };
    for sign in signs {
        written.push_str(&match sign {
            Sign::Char(c) => regex::escape(&c.to_string()),
            Sign::Star => ".*".to_owned(),
            Sign::Question => ".".to_owned(),
            Sign::Dash => "[-/\u{2013}\u{2014}\u{2015}]".to_owned(),
        });
    }
    written.push_str(r"\z");
    found(&written, text)
}

/// Whether a regular expression is found in a text.
pub(crate) fn found(written: &str, text: &str) -> bool {
    thread_local! {
        static KNOWN: RefCell<BTreeMap<String, Regex>> = const { RefCell::new(BTreeMap::new()) };
    }
    KNOWN.with_borrow_mut(|known| {
        if known.len() > 5_000 {
            known.clear();
        }
        let compiled = || Regex::new(written).unwrap();
        let regex = known.entry(written.to_owned()).or_insert_with(compiled);
        regex.is_match(text)
    })
}
