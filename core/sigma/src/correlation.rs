//! Correlations: what several records together say.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use cordon_text::{Node, Span};

use crate::{
    header::{self, Header},
    reader::Reader,
};

mod bound;
mod counting;
mod expression;
mod kind;
mod order;
mod waiting;

pub use bound::Bound;
use kind::Asked;
pub use kind::{CorrelationKind, Measure};
pub use order::Order;

/// A correlation without errors of its own; whether its references exist shows only when all rules
/// are together.
#[derive(Debug, Clone, PartialEq)]
pub struct Correlation {
    /// What it says about itself.
    pub header: Header,
    /// What it asks for.
    pub kind: CorrelationKind,
    /// The rules and correlations it builds on, in the order written; never empty. Where there is no
    /// list, those that the condition names, in the order in which it first does.
    pub rules: Vec<Reference>,
    /// Names that stand for another field of each rule: alias → reference → field. They serve in
    /// `group-by` and as the field of a condition.
    pub aliases: BTreeMap<Arc<str>, BTreeMap<Arc<str>, Arc<str>>>,
    /// The fields (or aliases) whose values keep records apart; none puts all together.
    pub group_by: Vec<Arc<str>>,
    /// How far apart in time its records may be, in seconds.
    pub timespan_seconds: u64,
    /// Whether the rules it builds on are reported too.
    pub generate: bool,
    /// The places of the rules that must be absent, where it waits until their time has passed
    /// before it is judged; none if it is judged whenever a record joins.
    pub waits: Option<BTreeSet<usize>>,
    /// Where its parts stand.
    pub places: Places,
}

/// Where the parts of a correlation stand of which only a look at all rules shows whether they are
/// right.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Places {
    /// The numbers that its condition compares with, in the order of its bounds.
    pub thresholds: Vec<Span>,
    /// The fields (or aliases) that it groups by, counts or measures.
    pub fields: BTreeMap<Arc<str>, Span>,
    /// The rules whose fields its aliases name.
    pub aliased: BTreeMap<Arc<str>, Span>,
}

impl Places {
    /// Lets fields stand where the one stood whose place they take.
    pub(crate) fn rename(&mut self, from: &Arc<str>, to: &[Arc<str>]) {
        if let Some(place) = self.fields.get(from).copied() {
            for name in to {
                self.fields.entry(Arc::clone(name)).or_insert(place);
            }
        }
    }
}

/// A rule that a correlation builds on, by id or name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The id or name.
    pub to: Arc<str>,
    /// Where it stands.
    pub span: Span,
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
    let written = node.get("correlation")?;
    let mut fields = reader.fields(written, "a correlation")?;
    let listed = fields.optional("rules");
    let aliases = fields.optional("aliases").map(|node| aliases(reader, node));
    let group_by = fields.optional("group-by");
    let group_by = group_by.map(|node| reader.list(node, "group-by", "a list of fields"));
    let group_by = group_by.unwrap_or_default();
    let timespan = fields
        .required("timespan", &mut reader.report)
        .and_then(|node| timespan(reader, node));
    let generate = fields.optional("generate").map(|node| reader.flag(node));
    let read = kind::read(reader, &mut fields, listed);
    fields.finish(&mut reader.report);
    let Asked {
        kind,
        rules,
        mut places,
    } = read?;
    places.fields.extend(
        group_by
            .iter()
            .map(|(text, node)| (Arc::clone(text), node.span)),
    );
    places.aliased = aliased(written);
    let group_by: Vec<_> = group_by.into_iter().map(|(text, _)| text).collect();
    let waits = waiting::read(reader, node, &kind);
    lint_aliases(reader, written, &|alias| {
        group_by.contains(alias) || kind.fields().contains(alias)
    });
    Some(Correlation {
        header: header?,
        kind,
        rules,
        aliases: aliases.unwrap_or_default(),
        group_by,
        timespan_seconds: timespan?,
        generate: generate.unwrap_or(Some(false))?,
        waits: waits?,
        places,
    })
}

/// Where the rules stand whose fields aliases name.
fn aliased(correlation: &Node) -> BTreeMap<Arc<str>, Span> {
    let aliases = correlation.get("aliases").and_then(Node::mapping);
    let rules = aliases.unwrap_or_default().iter();
    rules
        .flat_map(|(_, by_rule)| by_rule.mapping().unwrap_or_default())
        .filter_map(|(rule, _)| Some((Arc::from(rule.text()?), rule.span)))
        .collect()
}

/// Warns of aliases that stand for nothing.
fn lint_aliases(reader: &mut Reader<'_>, node: &Node, used: &dyn Fn(&Arc<str>) -> bool) {
    let aliases = node.get("aliases").and_then(Node::mapping);
    for (key, _) in aliases.unwrap_or_default() {
        let alias = Arc::from(key.text().unwrap_or_default());
        if !used(&alias) {
            let message = format!("nothing uses the alias `{alias}`");
            let help = "name it in `group-by` or as the `field` of the condition, or remove it";
            reader.warning(key.span, "unused-alias", message, help);
        }
    }
}

fn references(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<Reference>> {
    let texts = reader.list(node, "rules", "the id or name of a rule");
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
