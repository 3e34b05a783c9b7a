//! How often each rule fires on days on which nothing is wrong (`content/beliefs/*.yml`).
//!
//! The table is generated from days without an intruder, and says which. A rule that is not in it is
//! one that nobody measured: its level is all that is known of it.

use std::collections::BTreeMap;

use cordon_model::RuleId;
use cordon_text::{Diagnostic, Fields, Node, Report, Source};

/// What was measured of one rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Entities that it said are held, on an ordinary day; different rules on one entity count for
    /// each.
    pub per_day: f64,
}

/// What was measured of rules.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rates {
    rules: BTreeMap<RuleId, Rate>,
}

impl Rates {
    /// Reads tables; several add up, the last word on a rule counts.
    ///
    /// Everything wrong is in the report, and what is wrong is left out.
    pub fn parse(sources: &[Source]) -> (Self, Report) {
        let (mut rates, mut report) = (Self::default(), Report::default());
        for source in sources {
            let (documents, problems) = cordon_text::parse(source);
            report.extend(problems);
            for document in &documents {
                table(source, document, &mut rates, &mut report);
            }
        }
        report.sort();
        (rates, report)
    }

    /// What is known of a rule; none if nobody measured it.
    pub fn of(&self, rule: &RuleId) -> Option<Rate> {
        self.rules.get(rule).copied()
    }
}

impl FromIterator<(RuleId, Rate)> for Rates {
    fn from_iter<I: IntoIterator<Item = (RuleId, Rate)>>(rates: I) -> Self {
        Self {
            rules: rates.into_iter().collect(),
        }
    }
}

fn table(source: &Source, document: &Node, rates: &mut Rates, report: &mut Report) {
    let Some(mut keys) = Fields::of(source, document, "a table of rates", report) else {
        return;
    };
    let days = keys.required("days", report);
    keys.optional("measured");
    let rules = keys.required("rules", report);
    keys.finish(report);
    let Some(days) = days.and_then(|node| positive(source, node, "a number of days", report))
    else {
        return;
    };
    let Some(rules) = rules else { return };
    let Some(entries) = rules.mapping() else {
        wrong(
            source,
            rules,
            "rules and how many entities each named",
            report,
        );
        return;
    };
    for (key, value) in entries {
        let count = positive(source, value, "how many entities it named in all", report);
        if let (Some(rule), Some(count)) = (key.scalar(), count) {
            let rate = Rate {
                per_day: count / days,
            };
            rates.rules.insert(RuleId::new(rule.text.as_str()), rate);
        }
    }
}

/// A number that is finite and not below zero.
fn positive(source: &Source, node: &Node, wanted: &str, report: &mut Report) -> Option<f64> {
    let text = node.scalar().map_or("", |scalar| scalar.text.as_str());
    let number = text.parse::<f64>().ok();
    let number = number.filter(|n| n.is_finite() && *n >= 0.0);
    if number.is_none() {
        wrong(source, node, wanted, report);
    }
    number
}

fn wrong(source: &Source, node: &Node, wanted: &str, report: &mut Report) {
    let message = format!("expected {wanted}, found {}", node.describe());
    report.push(Diagnostic::error(source, node.span, "wrong-type", message));
}

#[cfg(test)]
mod tests {
    use cordon_model::RuleId;
    use cordon_text::Source;

    use super::Rates;

    #[test]
    fn a_rate_is_what_was_counted_by_the_days_it_was_counted_on() {
        let text = "measured: on made days\ndays: 20\nrules:\n  loud: 50\n  quiet: 0\n";
        let (rates, report) = Rates::parse(&[Source::new("t.yml", text)]);
        assert!(!report.has_errors());
        let of = |rule: &str| rates.of(&RuleId::new(rule)).map(|rate| rate.per_day);
        assert_eq!(of("loud"), Some(2.5));
        assert_eq!(of("quiet"), Some(0.0));
        assert_eq!(of("unknown"), None);
    }

    #[test]
    fn what_is_no_number_is_told_and_left_out() {
        let text = "days: 20\nrules:\n  a: often\n  b: -1\n  c: 2\n";
        let (rates, report) = Rates::parse(&[Source::new("t.yml", text)]);
        assert_eq!(report.diagnostics.len(), 2);
        assert!(rates.of(&RuleId::new("a")).is_none());
        assert!(rates.of(&RuleId::new("c")).is_some());
    }
}
