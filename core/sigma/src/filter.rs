//! Filters: what an organisation takes away from rules that others wrote.
//!
//! A filter's condition says which records a rule *keeps*: it is joined to the rule's own by `and`. So
//! an exception is written `not selection`; the positive form, which keeps nothing but what it names, is
//! legal and linted, since it is rarely meant.

use std::sync::Arc;

use cordon_text::Node;

use crate::{
    Body, Expr, Header, Item, LogSource, Quantifier, Reference, Selection, Test, detection, header,
    log_source, reader::Reader,
};

/// A filter without errors of its own; whether the rules it names exist shows only when all rules
/// are together.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// What it says about itself.
    pub header: Header,
    /// The logs of the rules that it may be joined to.
    pub log_source: LogSource,
    /// The rules that it is joined to.
    pub target: FilterTarget,
    /// Its selections, in the order written.
    pub selections: Vec<Selection>,
    /// Its conditions; a record is kept if one holds. Never empty.
    pub conditions: Vec<Expr>,
}

/// Which rules a filter is joined to, as far as their log source is within its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilterTarget {
    /// Every rule.
    Any,
    /// These; never empty.
    Rules(Vec<Reference>),
}

/// Reads a filter; what is wrong with it is reported, all at once.
pub(crate) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Filter> {
    let header = header::read(reader, node);
    for other in ["detection", "correlation"] {
        if let Some(both) = node.get(other) {
            let message = format!("one document is a filter or has a `{other}`, and this has both");
            let help = "split it with a line `---`";
            reader.problem(both.span, "ambiguous-document", message, help);
        }
    }
    let mut fields = reader.fields(node, "a filter")?;
    let log_source = fields
        .required("logsource", &mut reader.report)
        .and_then(|node| log_source::read(reader, node));
    let log = log_source.clone().unwrap_or_default();
    let filter = fields.required("filter", &mut reader.report)?;
    let mut parts = reader.fields(filter, "a filter")?;
    let target = target(reader, parts.optional("rules"), filter);
    let condition = parts.required("condition", &mut reader.report);
    let (names, selections) = detection::selections(reader, filter, &log, ["condition", "rules"]);
    let conditions = detection::conditions(reader, condition?, &names, filter);
    let read = Filter {
        header: header?,
        log_source: log_source?,
        target: target?,
        selections: selections?,
        conditions: conditions?,
    };
    lint_polarity(reader, &read, condition?);
    Some(read)
}

/// An empty list means every rule too, as in pySigma; leaving the key out is an error, so that a filter for
/// everything is never written by accident.
fn target(reader: &mut Reader<'_>, node: Option<&Node>, filter: &Node) -> Option<FilterTarget> {
    let Some(node) = node else {
        let message = "a filter says with `rules` what it is for".to_owned();
        let help = "add `rules: any`, or a list of the ids or names of rules";
        reader.problem(filter.span, "missing-key", message, help);
        return None;
    };
    let any = node
        .text()
        .is_some_and(|text| text.eq_ignore_ascii_case("any"));
    if any || node.sequence().is_some_and(<[Node]>::is_empty) {
        return Some(FilterTarget::Any);
    }
    let texts = reader.texts(node, "the id or name of a rule");
    let reference = |(to, node): (Arc<str>, &Node)| Reference {
        to,
        span: node.span,
    };
    let references: Vec<_> = texts.into_iter().map(reference).collect();
    (!references.is_empty()).then_some(FilterTarget::Rules(references))
}

fn lint_polarity(reader: &mut Reader<'_>, filter: &Filter, condition: &Node) {
    let kept = |expr: &Expr| keeps_nothing_in_particular(expr, &filter.selections);
    if filter.conditions.iter().any(kept) {
        return;
    }
    let message =
        "this filter keeps only the records that it names, and drops all others".to_owned();
    let help = "to leave out what it names, write `not` before the selection";
    reader.warning(condition.span, "filter-keeps-only", message, help);
}

/// Whether a condition holds for a record without any field: then it keeps whatever it does not name.
fn keeps_nothing_in_particular(expr: &Expr, selections: &[Selection]) -> bool {
    let holds = |part: &Expr| keeps_nothing_in_particular(part, selections);
    match expr {
        Expr::Selection(place) => selections
            .get(*place)
            .is_some_and(|selection| body_holds(&selection.body)),
        Expr::Not(inner) => !holds(inner),
        Expr::And(parts) => parts.iter().all(holds),
        Expr::Or(parts) => parts.iter().any(holds),
    }
}

fn body_holds(body: &Body) -> bool {
    match body {
        Body::All(parts) => parts.iter().all(body_holds),
        Body::Any(parts) => parts.iter().any(body_holds),
        Body::Item(item) => item_holds(item),
    }
}

fn item_holds(item: &Item) -> bool {
    match item.quantifier {
        Quantifier::Any => item.tests.iter().any(test_holds),
        Quantifier::All => item.tests.iter().all(test_holds),
        Quantifier::None => !item.tests.iter().any(test_holds),
        Quantifier::NotAll => !item.tests.iter().all(test_holds),
    }
}

fn test_holds(test: &Test) -> bool {
    match test {
        Test::Null | Test::Exists(false) => true,
        Test::OneOf(tests) => tests.iter().any(test_holds),
        Test::Text(_)
        | Test::Number { .. }
        | Test::Bool(_)
        | Test::Exists(true)
        | Test::Regex(_)
        | Test::Cidr { .. }
        | Test::Compare(..)
        | Test::Time(..)
        | Test::Field { .. } => false,
    }
}
