//! Correlations: what several records together say.

use std::{collections::BTreeMap, sync::Arc};

use cordon_text::{Fields, Node, ScalarKind, Span};

use crate::{
    Expr, condition,
    header::{self, Header},
    item::Comparison,
    reader::Reader,
};

/// A correlation without errors of its own; whether its references exist shows only when all rules
/// are together.
#[derive(Debug, Clone, PartialEq)]
pub struct Correlation {
    /// What it says about itself.
    pub header: Header,
    /// What it asks for.
    pub kind: CorrelationKind,
    /// The rules and correlations it builds on, in the order written; never empty.
    pub rules: Vec<Reference>,
    /// Names that stand for another field of each rule: alias → reference → field.
    pub aliases: BTreeMap<Arc<str>, BTreeMap<Arc<str>, Arc<str>>>,
    /// The fields (or aliases) whose values keep records apart; none puts all together.
    pub group_by: Vec<Arc<str>>,
    /// How far apart in time its records may be, in seconds.
    pub timespan_seconds: u64,
    /// Whether the rules it builds on are reported too.
    pub generate: bool,
}

/// What a correlation asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CorrelationKind {
    /// So many records.
    EventCount(Vec<Bound>),
    /// So many different values of these fields, taken together.
    ValueCount {
        /// How many.
        bounds: Vec<Bound>,
        /// Of what; never empty.
        fields: Vec<Arc<str>>,
    },
    /// So many of the rules, in any order; all of them unless the correlation says otherwise.
    Temporal(Vec<Bound>),
    /// Those of the rules that make this expression true, in any order; its places are those of
    /// [`Correlation::rules`]. `not` speaks of records within the same window.
    TemporalWhere(Expr),
    /// All of the rules, in the order written.
    TemporalOrdered,
}

/// A rule that a correlation builds on, by id or name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The id or name.
    pub to: Arc<str>,
    /// Where it stands.
    pub span: Span,
}

/// One side of a range of counts; all sides given must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    /// How a count must compare.
    pub comparison: Comparison,
    /// With what.
    pub count: u64,
}

impl Bound {
    /// Whether a count is within this bound.
    pub fn holds(self, count: u64) -> bool {
        match self.comparison {
            Comparison::Less => count < self.count,
            Comparison::AtMost => count <= self.count,
            Comparison::Greater => count > self.count,
            Comparison::AtLeast => count >= self.count,
            Comparison::Equal => count == self.count,
            Comparison::NotEqual => count != self.count,
        }
    }
}

/// Reads a correlation; what is wrong with it is reported, all at once.
pub(crate) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Correlation> {
    let header = header::read(reader, node);
    if let Some(both) = node.get("detection") {
        let message = "one document is a rule or a correlation, and this is both".to_owned();
        reader.problem(
            both.span,
            "ambiguous-document",
            message,
            "split it with a line `---`",
        );
    }
    let mut fields = reader.fields(node.get("correlation")?, "a correlation")?;
    let rules = fields
        .required("rules", &mut reader.report)
        .and_then(|node| references(reader, node));
    let aliases = fields.optional("aliases").map(|node| aliases(reader, node));
    let group_by = fields.optional("group-by").map(|node| {
        let texts = reader.texts(node, "a list of fields");
        texts.into_iter().map(|(text, _)| text).collect()
    });
    let timespan = fields
        .required("timespan", &mut reader.report)
        .and_then(|node| timespan(reader, node));
    let generate = fields.optional("generate").map(|node| flag(reader, node));
    let kind = kind(reader, &mut fields, rules.as_deref().unwrap_or_default());
    fields.finish(&mut reader.report);
    Some(Correlation {
        header: header?,
        kind: kind?,
        rules: rules?,
        aliases: aliases.unwrap_or_default(),
        group_by: group_by.unwrap_or_default(),
        timespan_seconds: timespan?,
        generate: generate.unwrap_or(Some(false))?,
    })
}

fn references(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<Reference>> {
    let texts = reader.texts(node, "the id or name of a rule");
    if texts.is_empty() {
        let message = "a correlation builds on at least one rule".to_owned();
        reader.error(node.span, "empty-correlation", message);
        return None;
    }
    let reference = |(to, node): (Arc<str>, &Node)| Reference {
        to,
        span: node.span,
    };
    Some(texts.into_iter().map(reference).collect())
}

fn aliases(
    reader: &mut Reader<'_>,
    node: &Node,
) -> BTreeMap<Arc<str>, BTreeMap<Arc<str>, Arc<str>>> {
    let mut aliases = BTreeMap::new();
    for (alias, fields) in entries(reader, node) {
        let mut by_rule = BTreeMap::new();
        for (rule, field) in entries(reader, fields) {
            if let Some(field) = reader.text(field, "the name of a field") {
                by_rule.insert(rule, Arc::from(field));
            }
        }
        aliases.insert(alias, by_rule);
    }
    aliases
}

/// The entries of a mapping with their keys as texts.
fn entries<'n>(reader: &mut Reader<'_>, node: &'n Node) -> Vec<(Arc<str>, &'n Node)> {
    let Some(entries) = node.mapping() else {
        let message = format!("expected a mapping, found {}", node.describe());
        reader.error(node.span, "wrong-type", message);
        return Vec::new();
    };
    let key = |key: &Node| Arc::from(key.scalar().map_or("", |s| s.text.as_str()));
    entries.iter().map(|(k, value)| (key(k), value)).collect()
}

fn flag(reader: &mut Reader<'_>, node: &Node) -> Option<bool> {
    if let Some(ScalarKind::Bool(value)) = node.scalar().map(cordon_text::Scalar::kind) {
        return Some(value);
    }
    let message = format!("expected `true` or `false`, found {}", node.describe());
    reader.error(node.span, "wrong-type", message);
    None
}

/// Reads a span of time such as `15m`. A month and a year are the mean ones of the calendar.
fn timespan(reader: &mut Reader<'_>, node: &Node) -> Option<u64> {
    let text = node.text().unwrap_or_default();
    let seconds = text.char_indices().next_back().and_then(|(at, unit)| {
        let unit = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            'w' => 604_800,
            'M' => 2_629_746,
            'y' => 31_556_952,
            _ => return None,
        };
        text.get(..at)?
            .parse::<u32>()
            .ok()
            .map(|n| u64::from(n) * unit)
    });
    let seconds = seconds.filter(|seconds| *seconds > 0);
    if seconds.is_none() {
        let message = format!("expected a span of time, found {}", node.describe());
        let help = "write a whole number above 0 and one of s, m, h, d, w, M, y, as in `15m`";
        reader.problem(node.span, "bad-timespan", message, help);
    }
    seconds
}

fn kind(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    rules: &[Reference],
) -> Option<CorrelationKind> {
    let written = fields.required("type", &mut reader.report);
    let condition = fields.optional("condition");
    let written = written?;
    match written.text().unwrap_or_default() {
        "event_count" => {
            let (bounds, _) = bounds(reader, condition, fields.span())?;
            Some(CorrelationKind::EventCount(bounds))
        }
        "value_count" => {
            let (bounds, field) = bounds(reader, condition, fields.span())?;
            let Some(field) = field else {
                let message = "`value_count` needs a `field` in its condition".to_owned();
                reader.error(written.span, "missing-key", message);
                return None;
            };
            let named = reader.texts(field, "the name of a field");
            let fields: Vec<_> = named.into_iter().map(|(text, _)| text).collect();
            (!fields.is_empty()).then_some(CorrelationKind::ValueCount { bounds, fields })
        }
        "temporal" if condition.is_none() => Some(CorrelationKind::Temporal(Vec::new())),
        "temporal" if condition.is_some_and(|c| c.scalar().is_some()) => {
            over_rules(reader, condition?, rules).map(CorrelationKind::TemporalWhere)
        }
        "temporal" => {
            let (bounds, _) = bounds(reader, condition, fields.span())?;
            Some(CorrelationKind::Temporal(bounds))
        }
        "temporal_ordered" => {
            if let Some(condition) = condition {
                expression(reader, condition.span);
            }
            Some(CorrelationKind::TemporalOrdered)
        }
        other => {
            let message = format!("correlations of type `{other}` are not supported yet");
            let help = "supported: event_count, value_count, temporal, temporal_ordered";
            reader.problem(written.span, "correlation-type-unsupported", message, help);
            None
        }
    }
}

/// A condition over the names of the rules that the correlation builds on.
fn over_rules(reader: &mut Reader<'_>, node: &Node, rules: &[Reference]) -> Option<Expr> {
    let names: Vec<Arc<str>> = rules.iter().map(|rule| Arc::clone(&rule.to)).collect();
    match condition::read(node.text().unwrap_or_default(), &names) {
        Ok(read) => {
            for pattern in read.unmatched {
                let message = format!("`{pattern}` matches no rule and is left out");
                let help = "remove it, or correct the pattern";
                reader.warning(node.span, "pattern-without-selection", message, help);
            }
            if read.expr.is_none() {
                let message = "the condition speaks of no rule at all".to_owned();
                reader.error(node.span, "empty-condition", message);
            }
            read.expr
        }
        Err(problem) => {
            reader.problem(node.span, problem.code, problem.message, &problem.help);
            None
        }
    }
}

fn expression(reader: &mut Reader<'_>, span: Span) {
    let message = "this condition is not supported yet for this type".to_owned();
    let help = "leave it out: all rules must then match";
    reader.problem(span, "correlation-condition-unsupported", message, help);
}

/// The sides of a condition, and its `field`.
fn bounds<'n>(
    reader: &mut Reader<'_>,
    condition: Option<&'n Node>,
    span: Span,
) -> Option<(Vec<Bound>, Option<&'n Node>)> {
    let Some(condition) = condition else {
        let message = "a correlation that counts needs the key `condition`".to_owned();
        reader.problem(span, "missing-key", message, "add `condition: { gte: 10 }`");
        return None;
    };
    if condition.scalar().is_some() {
        expression(reader, condition.span);
        return None;
    }
    let mut bounds = Vec::new();
    let mut complete = true;
    for (key, node) in entries(reader, condition) {
        let Some(comparison) = Comparison::from_word(&key) else {
            if *key != *"field" {
                let message = format!("a condition has no key `{key}`");
                let help = "known keys: gt, gte, lt, lte, eq, neq, field";
                reader.problem(node.span, "unknown-key", message, help);
            }
            continue;
        };
        let count = node.text().and_then(|text| text.parse().ok());
        if count.is_none() {
            let message = format!("expected a whole number from 0, found {}", node.describe());
            reader.error(node.span, "wrong-type", message);
        }
        complete &= count.is_some();
        bounds.extend(count.map(|count| Bound { comparison, count }));
    }
    if complete && bounds.is_empty() {
        let message = "a condition compares the count with something".to_owned();
        reader.problem(
            condition.span,
            "missing-key",
            message,
            "add `gte: 10` or the like",
        );
    }
    (complete && !bounds.is_empty()).then_some((bounds, condition.get("field")))
}
