//! Texts that must be in whatever a regular expression matches.

use regex_syntax::{
    ParserBuilder,
    hir::{Class, Hir, HirKind},
};

use crate::fold::{fold, fold_char};

/// More alternatives than this say too little each.
const ALTERNATIVES_MAX: usize = 64;

/// Texts without case, one of which is in every text that the expression is found in, its case
/// ignored as well; none if nothing in particular must be there.
pub(super) fn required(regex: &str, parser: &ParserBuilder) -> Option<Vec<String>> {
    let hir = parser.build().parse(regex).ok()?;
    of(&hir).filter(|texts| texts.iter().all(|text| !text.is_empty()))
}

fn of(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            Some(vec![fold(text).into_owned()])
        }
        HirKind::Class(class) => one_letter(class).map(|c| vec![c.to_string()]),
        HirKind::Repetition(repeated) if repeated.min > 0 => of(&repeated.sub),
        HirKind::Capture(capture) => of(&capture.sub),
        HirKind::Concat(parts) => of_concat(parts),
        HirKind::Alternation(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(of(part)?);
            }
            (all.len() <= ALTERNATIVES_MAX).then_some(all)
        }
        HirKind::Empty | HirKind::Look(_) | HirKind::Repetition(_) => None,
    }
}

/// The letter that all characters of a class are without case.
fn one_letter(class: &Class) -> Option<char> {
    let Class::Unicode(class) = class else {
        return None;
    };
    let mut letters = class
        .iter()
        .flat_map(|range| range.start()..=range.end())
        .map(fold_char);
    let first = letters.next()?;
    // No letter has more forms than these; a class with more is something else.
    let mut others = letters.by_ref().take(4);
    (others.all(|c| c == first) && letters.next().is_none()).then_some(first)
}

/// Neighbouring letters join; the longest text, or the part whose shortest alternative is longest.
fn of_concat(parts: &[Hir]) -> Option<Vec<String>> {
    let mut best: Option<Vec<String>> = None;
    let mut keep = |texts: Vec<String>| {
        let least = |texts: &[String]| texts.iter().map(String::len).min();
        if best.as_deref().and_then(least) < least(&texts) {
            best = Some(texts);
        }
    };
    let mut run = String::new();
    for part in parts {
        let letters = match part.kind() {
            HirKind::Literal(_) | HirKind::Class(_) => of(part),
            HirKind::Empty
            | HirKind::Look(_)
            | HirKind::Repetition(_)
            | HirKind::Capture(_)
            | HirKind::Concat(_)
            | HirKind::Alternation(_) => None,
        };
        if let Some([letter]) = letters.as_deref() {
            run.push_str(letter);
            continue;
        }
        if !run.is_empty() {
            keep(vec![std::mem::take(&mut run)]);
        }
        if let Some(texts) = of(part) {
            keep(texts);
        }
    }
    if !run.is_empty() {
        keep(vec![run]);
    }
    best
}

#[cfg(test)]
mod tests {
    use regex_syntax::ParserBuilder;

    use super::required;

    #[test]
    fn what_must_be_there_is_found() {
        for (regex, expect) in [
            (r"abc\d+Defg", Some(vec!["defg"])),
            (r"(?i)Invoke-X", Some(vec!["invoke-x"])),
            (r"x(foo|BAR)+y?", Some(vec!["foo", "bar"])),
            (r"^\s*(a|bc)$", Some(vec!["a", "bc"])),
            (r"a*b?", None),
            (r"[a-z]+", None),
            (r"(ab|\d)", None),
            (r".*cmd.*/c.*", Some(vec!["cmd"])),
            (r"(", None),
        ] {
            let found = required(regex, &ParserBuilder::new());
            let expect = expect.map(|texts| texts.into_iter().map(str::to_owned).collect());
            assert_eq!(found, expect, "{regex}");
        }
    }
}
