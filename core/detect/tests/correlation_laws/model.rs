//! The obvious way: for each record, the window is looked through anew.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use crate::{
    asked::{Asked, Bound, EXPRESSIONS, Kind, Order, RULES},
    stream::Seen,
};

/// What joins a window.
#[derive(Debug, Clone)]
struct Entry {
    second: i64,
    positions: BTreeSet<usize>,
    values: BTreeSet<String>,
    /// In hundredths.
    numbers: Vec<i64>,
    /// Places in the sorted stream.
    records: BTreeSet<usize>,
    told: bool,
}

/// One correlation.
struct Watched {
    title: &'static str,
    kind: Kind,
    rules: usize,
    span: i64,
    grouped: bool,
    groups: BTreeMap<String, Vec<Entry>>,
}

pub(crate) fn told(asked: &Asked, records: &[Seen]) -> Vec<String> {
    let watched = |title, rules, (kind, span, grouped)| Watched {
        title,
        kind,
        rules,
        span,
        grouped,
        groups: BTreeMap::new(),
    };
    let mut inner = watched(
        "inner",
        RULES.len(),
        (asked.kind, asked.span, asked.grouped),
    );
    let mut outer = watched("outer", 2, asked.outer);
    let mut told = Vec::new();
    for (place, record) in records.iter().enumerate() {
        let entry = Entry {
            second: record.second,
            positions: record.rules.iter().copied().collect(),
            values: record.numbers.iter().cloned().collect(),
            numbers: record
                .numbers
                .iter()
                .filter_map(|n| hundredths(n))
                .collect(),
            records: BTreeSet::from([place]),
            told: false,
        };
        let users: Vec<_> = record.users.iter().map(|user| (*user).to_owned()).collect();
        let fired = inner.join(vec![(entry.clone(), users.clone())]);
        told.extend(
            fired
                .iter()
                .map(|(group, entry)| inner.sketch(group, entry, records)),
        );
        let mut joining = Vec::new();
        if record.rules.contains(&1) {
            let positions = BTreeSet::from([1]);
            joining.push((Entry { positions, ..entry }, users));
        }
        for (group, entry) in fired {
            let positions = BTreeSet::from([0]);
            joining.push((Entry { positions, ..entry }, vec![group]));
        }
        let fired = outer.join(joining);
        told.extend(
            fired
                .iter()
                .map(|(group, entry)| outer.sketch(group, entry, records)),
        );
    }
    told
}

impl Watched {
    /// Adds what one record gives, each for its users; the groups that then fire, as an entry of
    /// all that is told.
    fn join(&mut self, joining: Vec<(Entry, Vec<String>)>) -> Vec<(String, Entry)> {
        let mut joined = BTreeSet::new();
        for (entry, users) in joining {
            if !self.counts(&entry) {
                continue;
            }
            let alone = vec![String::new()];
            for user in if self.grouped { users } else { alone } {
                self.groups
                    .entry(user.clone())
                    .or_default()
                    .push(entry.clone());
                joined.insert(user);
            }
        }
        let mut fired = Vec::new();
        for user in joined {
            fired.extend(self.judge(&user).map(|entry| (user, entry)));
        }
        fired
    }

    fn counts(&self, entry: &Entry) -> bool {
        match self.kind {
            Kind::Values(_) => !entry.values.is_empty(),
            Kind::Sum(_) | Kind::Average(_) | Kind::Percentile(..) | Kind::Median(_) => {
                !entry.numbers.is_empty()
            }
            Kind::Count(_)
            | Kind::Temporal
            | Kind::AtLeast(_)
            | Kind::AtMost(_)
            | Kind::Where(_)
            | Kind::Ordered
            | Kind::OrderedAtLeast(_)
            | Kind::OrderedWhere(_) => true,
        }
    }

    fn judge(&mut self, user: &str) -> Option<Entry> {
        let entries = self.groups.get_mut(user)?;
        let now = entries.last()?.second;
        let mut window: Vec<_> = entries
            .iter_mut()
            .filter(|entry| entry.second >= now - self.span)
            .collect();
        if window.iter().any(|entry| entry.told) || !holds(self.kind, self.rules, &window) {
            return None;
        }
        for entry in &mut window {
            entry.told = true;
        }
        let all = Entry {
            second: now,
            positions: BTreeSet::new(),
            values: BTreeSet::new(),
            numbers: Vec::new(),
            records: window
                .iter()
                .flat_map(|entry| entry.records.clone())
                .collect(),
            told: false,
        };
        if self.kind.spends() {
            entries.clear();
        }
        Some(all)
    }

    fn sketch(&self, group: &str, entry: &Entry, records: &[Seen]) -> String {
        let mut text = format!("{} {}", entry.second, self.title);
        if self.grouped {
            let _ = write!(text, " {group}");
        }
        text.push(':');
        for place in &entry.records {
            let _ = write!(text, " {}", records[*place].id);
        }
        text
    }
}

fn holds(kind: Kind, rules: usize, window: &[&mut Entry]) -> bool {
    let count = |count: usize| i64::try_from(count).expect("few") * 100;
    let met: Vec<_> = (0..rules)
        .map(|rule| window.iter().any(|entry| entry.positions.contains(&rule)))
        .collect();
    let seen = i64::try_from(met.iter().filter(|met| **met).count()).expect("few");
    let mut numbers: Vec<_> = window
        .iter()
        .flat_map(|entry| entry.numbers.clone())
        .collect();
    numbers.sort_unstable();
    let sum: i64 = numbers.iter().sum();
    let many = i64::try_from(numbers.len()).expect("few");
    let all: Vec<_> = (0..rules).collect();
    match kind {
        Kind::Count(bound) => within(bound, count(window.len()), 1),
        Kind::Values(bound) => {
            let values: BTreeSet<_> = window.iter().flat_map(|entry| &entry.values).collect();
            within(bound, count(values.len()), 1)
        }
        Kind::Sum(bound) => within(bound, sum, 1),
        Kind::Average(bound) => within(bound, sum, many),
        Kind::Percentile(share, bound) => {
            let enough = |number: &&i64| {
                let below = numbers.iter().filter(|other| *other <= number).count();
                i64::try_from(below).expect("few") * 1000 >= share * many
            };
            let found = numbers.iter().find(enough).expect("the largest is enough");
            within(bound, *found, 1)
        }
        Kind::Median(bound) => {
            let middle = numbers.len() / 2;
            let low = numbers[(numbers.len() - 1) / 2];
            within(bound, low + numbers[middle], 2)
        }
        Kind::Temporal => met.iter().all(|met| *met),
        Kind::AtLeast(least) => seen >= least,
        Kind::AtMost(most) => seen <= most,
        Kind::Where(place) => EXPRESSIONS[place].1(&met),
        Kind::Ordered => in_order(&all, window, &mut Vec::new()),
        Kind::OrderedAtLeast(least) => (1_u32..8).any(|chosen| {
            let order: Vec<_> = (0..3).filter(|rule| chosen & (1 << rule) != 0).collect();
            let enough = i64::try_from(order.len()).expect("few") >= least;
            enough && in_order(&order, window, &mut Vec::new())
        }),
        Kind::OrderedWhere(place) => {
            let orders: &[Order] = EXPRESSIONS[place].2;
            orders.iter().any(|(order, absent)| {
                in_order(order, window, &mut Vec::new()) && !absent.iter().any(|rule| met[*rule])
            })
        }
    }
}

fn within((word, threshold): Bound, total: i64, parts: i64) -> bool {
    let threshold = threshold * parts;
    match word {
        "gt" => total > threshold,
        "gte" => total >= threshold,
        "lt" => total < threshold,
        "lte" => total <= threshold,
        "eq" => total == threshold,
        _ => total != threshold,
    }
}

/// Whether the rest of an order is met by entries other than those used: every choice is tried.
fn in_order(order: &[usize], window: &[&mut Entry], used: &mut Vec<usize>) -> bool {
    let Some((first, rest)) = order.split_first() else {
        return true;
    };
    (0..window.len()).any(|place| {
        let entry = &window[place];
        let last = used.last().map(|last| window[*last].second);
        let later = last.is_none_or(|last| last <= entry.second);
        if !later || used.contains(&place) || !entry.positions.contains(first) {
            return false;
        }
        used.push(place);
        let found = in_order(rest, window, used);
        used.pop();
        found
    })
}

fn hundredths(text: &str) -> Option<i64> {
    let (whole, behind) = text.split_once('.')?;
    let size =
        whole.trim_start_matches('-').parse::<i64>().ok()? * 100 + behind.parse::<i64>().ok()?;
    Some(if whole.starts_with('-') { -size } else { size })
}
