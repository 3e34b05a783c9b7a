//! Correlations of every type, at random: as rule text, and as values that the model understands.

use std::fmt::Write as _;

use proptest::{prelude::*, sample::select};

/// What the names of the rules are; each matches records that have its name as a field.
pub(crate) const RULES: [&str; 3] = ["a", "b", "c"];

/// A comparison with a threshold in hundredths.
pub(crate) type Bound = (&'static str, i64);

/// One order of rules: those in it, and those that must be absent.
pub(crate) type Order = (&'static [usize], &'static [usize]);

/// An expression over rules: its text, when it is true, and the orders it stands for.
pub(crate) type Expression = (&'static str, fn(&[bool]) -> bool, &'static [Order]);

pub(crate) const EXPRESSIONS: [Expression; 4] = [
    (
        "a and b and not c",
        |m| m[0] && m[1] && !m[2],
        &[(&[0, 1], &[2])],
    ),
    (
        "b and (a or c)",
        |m| m[1] && (m[0] || m[2]),
        &[(&[1, 0], &[]), (&[1, 2], &[])],
    ),
    (
        "c or a and b",
        |m| m[2] || m[0] && m[1],
        &[(&[2], &[]), (&[0, 1], &[])],
    ),
    (
        "a and b and a and c",
        |m| m[0] && m[1] && m[2],
        &[(&[0, 1, 0, 2], &[])],
    ),
];

#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Count(Bound),
    Values(Bound),
    Sum(Bound),
    Average(Bound),
    /// In tenths of a hundredth.
    Percentile(i64, Bound),
    Median(Bound),
    Temporal,
    AtLeast(i64),
    AtMost(i64),
    Where(usize),
    Ordered,
    OrderedAtLeast(i64),
    OrderedWhere(usize),
}

/// A correlation over all rules, and one over it and rule `b`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) kind: Kind,
    pub(crate) grouped: bool,
    pub(crate) span: i64,
    /// The kind and time span of the outer one; its group is that of the inner one, or none.
    pub(crate) outer: (Kind, i64, bool),
}

pub(crate) fn asked() -> impl Strategy<Value = Asked> {
    let outer = select(vec![
        Kind::Count(("gte", 200)),
        Kind::Temporal,
        Kind::Ordered,
    ]);
    (
        kind(),
        any::<bool>(),
        1_i64..8,
        (outer, 1_i64..12, any::<bool>()),
    )
        .prop_map(
            |(kind, grouped, span, (outer, outer_span, outer_grouped))| Asked {
                kind,
                grouped,
                span,
                outer: (outer, outer_span, outer_grouped && grouped),
            },
        )
}

fn kind() -> impl Strategy<Value = Kind> {
    let word = || select(vec!["gt", "gte", "lt", "lte", "eq", "neq"]);
    let count = || (word(), 2_i64..5).prop_map(|(word, count)| (word, count * 100));
    let number = || (word(), (-4_i64..8).prop_map(|quarter| quarter * 25));
    prop_oneof![
        count().prop_map(Kind::Count),
        count().prop_map(Kind::Values),
        number().prop_map(Kind::Sum),
        number().prop_map(Kind::Average),
        (0_i64..=1000, number()).prop_map(|(share, bound)| Kind::Percentile(share, bound)),
        number().prop_map(Kind::Median),
        Just(Kind::Temporal),
        (1_i64..=3).prop_map(Kind::AtLeast),
        (1_i64..=2).prop_map(Kind::AtMost),
        (0..EXPRESSIONS.len()).prop_map(Kind::Where),
        Just(Kind::Ordered),
        (1_i64..=3).prop_map(Kind::OrderedAtLeast),
        (0..EXPRESSIONS.len()).prop_map(Kind::OrderedWhere),
    ]
}

/// A number of hundredths as a log or a rule writes it.
pub(crate) fn decimal(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let size = hundredths.abs();
    format!("{sign}{}.{:02}", size / 100, size % 100)
}

impl Kind {
    /// Whether what it tells is spent.
    pub(crate) fn spends(self) -> bool {
        match self {
            Self::Temporal
            | Self::AtLeast(_)
            | Self::Where(_)
            | Self::Ordered
            | Self::OrderedAtLeast(_)
            | Self::OrderedWhere(_) => true,
            Self::Count(_)
            | Self::Values(_)
            | Self::Sum(_)
            | Self::Average(_)
            | Self::Percentile(..)
            | Self::Median(_)
            | Self::AtMost(_) => false,
        }
    }

    fn text(self) -> String {
        let counts = |(word, count): Bound| format!("{word}: {}", count / 100);
        let numbers = |(word, number)| format!("field: n, {word}: {}", decimal(number));
        let (name, condition) = match self {
            Self::Count(bound) => ("event_count", format!("{{ {} }}", counts(bound))),
            Self::Values(bound) => ("value_count", format!("{{ field: n, {} }}", counts(bound))),
            Self::Sum(bound) => ("value_sum", format!("{{ {} }}", numbers(bound))),
            Self::Average(bound) => ("value_avg", format!("{{ {} }}", numbers(bound))),
            Self::Percentile(share, bound) => {
                let share = format!("percentile: {}.{}", share / 10, share % 10);
                (
                    "value_percentile",
                    format!("{{ {share}, {} }}", numbers(bound)),
                )
            }
            Self::Median(bound) => ("value_median", format!("{{ {} }}", numbers(bound))),
            Self::Temporal => ("temporal", String::new()),
            Self::AtLeast(count) => ("temporal", format!("{{ gte: {count} }}")),
            Self::AtMost(count) => ("temporal", format!("{{ lte: {count} }}")),
            Self::Where(place) => ("temporal", EXPRESSIONS[place].0.to_owned()),
            Self::Ordered => ("temporal_ordered", String::new()),
            Self::OrderedAtLeast(count) => ("temporal_ordered", format!("{{ gte: {count} }}")),
            Self::OrderedWhere(place) => ("temporal_ordered", EXPRESSIONS[place].0.to_owned()),
        };
        if condition.is_empty() {
            format!("  type: {name}\n")
        } else {
            format!("  type: {name}\n  condition: {condition}\n")
        }
    }
}

/// The plain rules.
pub(crate) fn rules_text() -> String {
    let mut text = String::new();
    for rule in RULES {
        let _ = write!(
            text,
            "title: {rule}\nname: {rule}\nlogsource: {{ product: p }}\n\
             detection: {{ sel: {{ {rule}: 1 }}, condition: sel }}\n---\n"
        );
    }
    text
}

impl Asked {
    /// Both correlations and the rules as text.
    pub(crate) fn text(&self) -> String {
        let mut text = rules_text();
        let group = |grouped| if grouped { "  group-by: user\n" } else { "" };
        let (kind, span, grouped) = self.outer;
        let _ = write!(
            text,
            "title: inner\nname: inner\ncorrelation:\n  rules: [a, b, c]\n  timespan: {}s\n{}{}  \
             generate: true\n---\n\
             title: outer\ncorrelation:\n  rules: [inner, b]\n  timespan: {span}s\n{}{}  \
             generate: true\n",
            self.span,
            group(self.grouped),
            self.kind.text(),
            group(grouped),
            kind.text(),
        );
        text
    }
}
