//! Conditions read, sketched back with all their parentheses.

use std::sync::Arc;

use super::{Expr, Noun, fits, read};

const NAMES: [&str; 5] = ["sel_a", "sel_b", "filter_main", "_private", "key"];

fn sketch(expr: &Expr) -> String {
    let join = |parts: &[Expr], word: &str| {
        let parts: Vec<_> = parts.iter().map(sketch).collect();
        format!("({})", parts.join(word))
    };
    match expr {
        Expr::Selection(place) => NAMES[*place].to_owned(),
        Expr::Not(inner) => format!("!{}", sketch(inner)),
        Expr::And(parts) => join(parts, " & "),
        Expr::Or(parts) => join(parts, " | "),
    }
}

/// What a condition means, or the code of its problem.
fn meaning(text: &str) -> String {
    let names: Vec<Arc<str>> = NAMES.map(Arc::from).into();
    let read = read(text, Noun("selection"), &names);
    match read.problems.first() {
        None => read.expr.map_or("nothing".to_owned(), |expr| sketch(&expr)),
        Some(problem) => problem.code.to_owned(),
    }
}

#[test]
fn precedence_is_or_and_not_of_parentheses() {
    for (text, expect) in [
        ("sel_a or sel_b and not key", "(sel_a | (sel_b & !key))"),
        ("(sel_a or sel_b) and key", "((sel_a | sel_b) & key)"),
        ("not sel_a and sel_b", "(!sel_a & sel_b)"),
        ("not 1 of sel_*", "!(sel_a | sel_b)"),
        ("all of sel_* and key", "((sel_a & sel_b) & key)"),
        ("any of sel_*", "(sel_a | sel_b)"),
        ("1 of *_main", "filter_main"),
        ("1 of s*_a", "sel_a"),
        ("not (not(key))", "!!key"),
    ] {
        assert_eq!(meaning(text), expect, "{text}");
    }
}

#[test]
fn them_leaves_out_names_with_a_leading_underscore() {
    assert_eq!(meaning("1 of them"), "(sel_a | sel_b | filter_main | key)");
    assert_eq!(meaning("1 of _*"), "_private");
}

#[test]
fn a_pattern_that_matches_no_selection_drops_its_operand() {
    assert_eq!(meaning("key and not 1 of none_*"), "key");
    assert_eq!(meaning("key or 1 of none_*"), "key");
    assert_eq!(meaning("1 of none_*"), "nothing");
    let names = [Arc::from("key")];
    let text = "key and not 1 of none_*";
    let unmatched = read(text, Noun("selection"), &names).unmatched;
    let patterns: Vec<_> = unmatched.iter().map(|u| &*u.pattern).collect();
    assert_eq!(patterns, ["1 of none_*"]);
    assert_eq!(&text[unmatched[0].at.clone()], "1 of none_*");
}

#[test]
fn what_is_not_a_condition_is_refused() {
    for (text, expect) in [
        ("sel_a AND sel_b", "bad-condition"),
        ("sel_a and", "bad-condition"),
        ("(sel_a", "bad-condition"),
        ("sel_a)", "bad-condition"),
        ("2 of sel_*", "bad-condition"),
        ("", "bad-condition"),
        ("sel_c", "unknown-selection"),
        ("sel_a | count() > 5", "aggregation-unsupported"),
    ] {
        assert_eq!(meaning(text), expect, "{text}");
    }
    assert_eq!(meaning(&"not ".repeat(10_000)), "bad-condition");
    assert_eq!(meaning(&"(".repeat(10_000)), "bad-condition");
}

#[test]
fn everything_wrong_is_told_at_its_word() {
    let names: Vec<Arc<str>> = NAMES.map(Arc::from).into();
    let text = "sel_a and (sel_x or 2 of sel_*  or 1 of f\u{fc}*)and not ";
    let read = read(text, Noun("selection"), &names);
    let told: Vec<_> = read.problems.iter().map(|p| &text[p.at.clone()]).collect();
    assert_eq!(told, ["sel_x", "2", ""]);
    assert_eq!(read.problems[2].at.start, text.trim_end().len());
    assert_eq!(read.problems[0].help, "did you mean `sel_a`?");
    assert_eq!(&text[read.unmatched[0].at.clone()], "1 of f\u{fc}*");
}

#[test]
fn stars_stand_anywhere_in_a_pattern() {
    for (pattern, name, expect) in [
        ("a*", "abc", true),
        ("*c", "abc", true),
        ("a*c", "abc", true),
        ("*b*", "abc", true),
        ("a*b*c", "axbxc", true),
        ("ab*bc", "abc", false),
        ("*", "", true),
        ("abc", "abcd", false),
    ] {
        assert_eq!(fits(pattern, name), expect, "{pattern} {name}");
    }
}
