//! Short, dense streams of records, and the ways in which they may arrive.

use proptest::{
    collection::{btree_set, vec},
    prelude::*,
    sample::{select, subsequence},
};

use crate::asked::decimal;

/// How late a record may come, in seconds.
pub(crate) const LATENESS: i64 = 6;

/// One record that some rule matches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Seen {
    pub(crate) second: i64,
    pub(crate) id: String,
    /// Which rules match it, by their places; never none.
    pub(crate) rules: Vec<usize>,
    pub(crate) users: Vec<&'static str>,
    /// What the field `n` has; not all are numbers.
    pub(crate) numbers: Vec<String>,
}

/// A record on its way.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    pub(crate) now: i64,
    pub(crate) record: Seen,
}

/// A stream in the order of (time, id).
pub(crate) fn records() -> impl Strategy<Value = Vec<Seen>> {
    vec(record(), 0..20).prop_map(|records| {
        let numbered = records.into_iter().enumerate();
        let mut records: Vec<_> = numbered
            .map(|(number, record)| Seen {
                id: format!("{}{number:02}", record.id),
                ..record
            })
            .collect();
        records.sort();
        records
    })
}

fn record() -> impl Strategy<Value = Seen> {
    let number = prop_oneof![
        6 => (-4_i64..6).prop_map(|quarter| decimal(quarter * 25)),
        1 => Just("none".to_owned()),
    ];
    let rules = prop_oneof![
        3 => (0_usize..3).prop_map(|rule| vec![rule]),
        1 => btree_set(0_usize..3, 1..=3).prop_map(|rules| rules.into_iter().collect()),
    ];
    let users = prop_oneof![
        4 => select(vec![vec!["x"], vec!["y"]]),
        1 => subsequence(vec!["x", "y"], 0..=2),
    ];
    (0_i64..16, "[pqr]", rules, users, vec(number, 0..3)).prop_map(
        |(second, id, rules, users, numbers)| Seen {
            second,
            id,
            rules,
            users,
            numbers,
        },
    )
}

/// Lets each record come at its own delay, some of them twice, in any order where they come
/// together.
pub(crate) fn deliveries(records: &[Seen], delays: &[(i64, u16, Option<i64>)]) -> Vec<Delivery> {
    let mut all = Vec::new();
    for (record, (delay, order, again)) in records.iter().zip(delays) {
        for delay in [Some(*delay), *again].into_iter().flatten() {
            let now = record.second + delay;
            let record = record.clone();
            all.push(((now, *order), Delivery { now, record }));
        }
    }
    all.sort_by_key(|(place, _)| *place);
    all.into_iter().map(|(_, delivery)| delivery).collect()
}
