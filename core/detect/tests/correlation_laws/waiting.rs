//! Correlations that wait, at random, and the obvious way to judge them: for each record, everything a
//! timespan before and behind it is looked through anew.

use std::{collections::BTreeSet, fmt::Write as _};

use proptest::prelude::*;

use crate::{asked::rules_text, stream::Seen};

/// An expression over rules: its text, when it is true, and which rules must be absent.
type Absence = (&'static str, fn(&[bool]) -> bool, &'static [usize]);

const ABSENCES: [Absence; 4] = [
    ("a and not c", |m| m[0] && !m[2], &[2]),
    ("a and b and not c", |m| m[0] && m[1] && !m[2], &[2]),
    ("(a or b) and not c", |m| (m[0] || m[1]) && !m[2], &[2]),
    ("a and not (b or c)", |m| m[0] && !m[1] && !m[2], &[1, 2]),
];

/// A correlation that waits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    absence: usize,
    grouped: bool,
    span: i64,
}

pub(crate) fn asked() -> impl Strategy<Value = Asked> {
    (0..ABSENCES.len(), any::<bool>(), 1_i64..8).prop_map(|(absence, grouped, span)| Asked {
        absence,
        grouped,
        span,
    })
}

impl Asked {
    pub(crate) fn text(&self) -> String {
        let (condition, _, _) = ABSENCES[self.absence];
        let group = if self.grouped { ", group-by: user" } else { "" };
        format!(
            "{}title: X\ncorrelation: {{ type: temporal, condition: {condition}, rules: [a, b, c], \
             timespan: {}s, generate: true{group} }}\ncordon: {{ waits: true }}\n",
            rules_text(),
            self.span
        )
        .replace(
            "rules: [a, b, c]",
            if condition.contains('b') {
                "rules: [a, b, c]"
            } else {
                "rules: [a, c]"
            },
        )
    }

    fn users(&self, record: &Seen) -> Vec<&'static str> {
        if self.grouped {
            record.users.clone()
        } else {
            vec![""]
        }
    }
}

/// What is told of a sorted stream that ends.
pub(crate) fn told(asked: &Asked, records: &[Seen]) -> Vec<String> {
    let (_, holds, absent) = ABSENCES[asked.absence];
    let asks = |record: &Seen| record.rules.iter().any(|rule| rule_counts(asked, *rule));
    let newest = records
        .iter()
        .map(|record| record.second)
        .max()
        .unwrap_or(0);
    let mut open: BTreeSet<(i64, &str)> = records
        .iter()
        .filter(|record| {
            let asked_for = |rule: &usize| rule_counts(asked, *rule) && !absent.contains(rule);
            record.rules.iter().any(asked_for)
        })
        .flat_map(|record| {
            asked
                .users(record)
                .into_iter()
                .map(|user| (record.second, user))
        })
        .collect();
    let mut spent: Vec<(&str, i64)> = Vec::new();
    let (mut told, mut heard) = (Vec::new(), false);
    while let Some((second, user)) = open.pop_first() {
        let end = second + asked.span;
        if end > newest {
            break;
        }
        let inside: Vec<_> = records
            .iter()
            .filter(|record| (second - asked.span..=end).contains(&record.second))
            .filter(|record| asks(record) && asked.users(record).contains(&user))
            .filter(|record| {
                !spent
                    .iter()
                    .any(|(u, until)| *u == user && record.second <= *until)
            })
            .collect();
        let met = [0, 1, 2].map(|rule| inside.iter().any(|record| record.rules.contains(&rule)));
        heard |= absent.iter().any(|rule| met[*rule]);
        if !holds(&met) || !heard {
            continue;
        }
        spent.push((user, end));
        open.retain(|(opened, of)| *of != user || *opened > end);
        let mut text = format!("{} X", inside.last().map_or(0, |record| record.second));
        if asked.grouped {
            let _ = write!(text, " {user}");
        }
        text.push(':');
        for record in inside {
            let _ = write!(text, " {}", record.id);
        }
        told.push(text);
    }
    told
}

/// Whether a rule is one that the correlation lists.
fn rule_counts(asked: &Asked, rule: usize) -> bool {
    rule != 1 || ABSENCES[asked.absence].0.contains('b')
}
