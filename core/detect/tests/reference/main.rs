//! The language once more, written down from its description and as plainly as can be: what a rule means
//! is read off its own text, and compared with what the compiled rules say.
//!
//! Nothing of the product is used but the parser's verdict on whether a rule is one. Texts are compared by
//! regular expressions, so that neither folding nor wildcards are shared. `PROPTEST_CASES` asks for a long run.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "plain code, which fails where it is wrong"
)]

mod condition;
mod draw;
mod encodings;
mod evaluate;
mod pattern;
mod times;

use std::{cell::Cell, collections::BTreeMap, sync::Arc};

use cordon_detect::{RuleSet, Screener};
use cordon_event::{Event, LogKind};
use cordon_sigma::{Placeholders, parse_with};
use cordon_text::Source;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::Value;

/// What placeholders stand for in this test.
pub(crate) fn variables() -> BTreeMap<&'static str, Vec<&'static str>> {
    BTreeMap::from([
        ("one", vec!["foo"]),
        ("two", vec!["b*", "-x"]),
        ("net", vec!["10.0.0.0/8", "::ffff:192.0.2.1"]),
    ])
}

fn placeholders() -> Placeholders {
    let mut placeholders = Placeholders::none();
    for (name, values) in variables() {
        placeholders.set(name, values.into_iter().map(str::to_owned).collect());
    }
    placeholders
}

#[test]
#[expect(clippy::print_stderr, reason = "how much was compared is the result")]
fn rules_mean_what_their_description_says() {
    let tally = Cell::new((0_u64, 0_u64, 0_u64));
    let strategy = (
        prop::collection::vec(draw::rule(), 1..5),
        prop::collection::vec(draw::record(), 1..9),
    );
    let config = Config {
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..Config::default()
    };
    let verdict = TestRunner::new(config).run(&strategy, |(rules, records)| {
        let (pairs, matches, used) = tally.get();
        let (more, matching, useful) = compare(&rules, &records)?;
        tally.set((pairs + more, matches + matching, used + useful));
        Ok(())
    });
    verdict.unwrap_or_else(|difference| panic!("{difference}"));
    let (pairs, matches, used) = tally.get();
    eprintln!("{pairs} pairs of a rule and a record, {matches} matches, {used} rules");
    assert!(
        matches > pairs / 20,
        "pairs that never match compare nothing"
    );
}

/// Compares all rules on all records; how many pairs that were, how many matched, how many rules
/// could be used.
fn compare(rules: &[Value], records: &[Value]) -> Result<(u64, u64, u64), TestCaseError> {
    let placeholders = placeholders();
    let (mut pairs, mut matches, mut used) = (0, 0, 0);
    for rule in rules {
        let text = rule.to_string();
        let parsed = parse_with(&Source::new("r", text.as_str()), &placeholders);
        let refused = parsed.refused > 0;
        prop_assert_eq!(
            refused,
            evaluate::is_refused(rule),
            "{}\n{:?}",
            rule,
            parsed.report
        );
        if refused {
            continue;
        }
        used += 1;
        let (set, _) = RuleSet::compile(parsed.rules, []);
        let mut screener = Screener::new(&set);
        for record in records {
            let kind = LogKind {
                product: Some(Arc::from("p")),
                ..LogKind::default()
            };
            let event = Event::of_fields(kind, record.clone());
            let fast = screener.screen(&event, &|_| Vec::new());
            let full = set.screen_in_full(&event, &|_| Vec::new());
            prop_assert_eq!(&fast, &full, "{} on {}", rule, record);
            let expect = evaluate::matches(rule, record);
            prop_assert_eq!(fast.is_some(), expect, "{} on {}", rule, record);
            pairs += 1;
            matches += u64::from(expect);
        }
    }
    Ok((pairs, matches, used))
}
