//! Filters joined to the rules that they are for, once all rules are together.
//!
//! A filter's selections are put behind the rule's own and its conditions are moved with them, so that
//! neither side can name, or match by a pattern, what belongs to the other.

use std::sync::Arc;

use cordon_text::{Diagnostic, Report, Severity, Span};

use crate::{
    Correlation, Expr, Filter, FilterTarget, Header, Reference, Rule, Selection, rule::Joined,
};

/// Rules with their filters joined to them.
#[derive(Debug, Clone, PartialEq)]
pub struct Filtered {
    /// The rules, in the order given.
    pub rules: Vec<Rule>,
    /// How many filters were refused, each for at least one error in the report.
    pub refused: usize,
    /// What is wrong with filters, and what is doubtful.
    pub report: Report,
}

/// Joins filters to the rules that they are for. Correlations are never filtered themselves, and are
/// given so that a filter that refers to one is refused rather than without effect.
pub fn apply_filters(
    mut rules: Vec<Rule>,
    filters: &[Filter],
    correlations: &[Correlation],
) -> Filtered {
    let mut report = Report::default();
    let mut refused = 0;
    for filter in filters {
        let targets = match &filter.target {
            FilterTarget::Any => everywhere(filter, &rules, &mut report),
            FilterTarget::Rules(references) => {
                if refers_to_correlation(filter, references, correlations, &mut report) {
                    refused += 1;
                    continue;
                }
                named(filter, references, &rules, &mut report)
            }
        };
        for place in targets {
            if let Some(rule) = rules.get_mut(place) {
                join(rule, filter);
            }
        }
    }
    report.sort();
    Filtered {
        rules,
        refused,
        report,
    }
}

/// The places of all rules that a filter may be joined to.
fn everywhere(filter: &Filter, rules: &[Rule], report: &mut Report) -> Vec<usize> {
    let places = rules.iter().enumerate();
    let fits = |rule: &Rule| filter.log_source.contains(&rule.log_source);
    let fitting: Vec<_> = places
        .filter(|(_, rule)| fits(rule))
        .map(|(place, _)| place)
        .collect();
    if fitting.is_empty() {
        let message = "this filter is for no rule: none has a log source within its own".to_owned();
        let help = "correct its `logsource`, or give the rules together with it";
        report.push(warning(
            filter,
            filter.header.span,
            "filter-without-rule",
            message,
            help,
        ));
    }
    fitting
}

/// The places of the rules that a filter names and may be joined to, each once.
fn named(
    filter: &Filter,
    references: &[Reference],
    rules: &[Rule],
    report: &mut Report,
) -> Vec<usize> {
    let mut places = Vec::new();
    for reference in references {
        let meant = rules.iter().enumerate();
        let meant: Vec<_> = meant
            .filter(|(_, rule)| is(&rule.header, &reference.to))
            .collect();
        if meant.is_empty() {
            let message = format!("there is no rule with the id or name `{}`", reference.to);
            let help = "a filter refers to rules by `id` or `name`; give all their files together, \
                and see whether the rule was refused itself";
            report.push(warning(
                filter,
                reference.span,
                "filter-without-rule",
                message,
                help,
            ));
        }
        for (place, rule) in meant {
            if filter.log_source.contains(&rule.log_source) {
                places.push(place);
            } else {
                let message = format!(
                    "the log source of `{}` is not within the filter's",
                    reference.to
                );
                let help = "leave out what differs in the filter's `logsource`";
                report.push(warning(
                    filter,
                    reference.span,
                    "filter-log-source",
                    message,
                    help,
                ));
            }
        }
    }
    places.sort_unstable();
    places.dedup();
    places
}

/// Reports every reference to a correlation; whether there was one.
fn refers_to_correlation(
    filter: &Filter,
    references: &[Reference],
    correlations: &[Correlation],
    report: &mut Report,
) -> bool {
    let wrong = references.iter().filter(|reference| {
        let mut headers = correlations.iter().map(|correlation| &correlation.header);
        headers.any(|header| is(header, &reference.to))
    });
    let before = report.diagnostics.len();
    for reference in wrong {
        let message = format!(
            "`{}` is a correlation, which cannot be filtered",
            reference.to
        );
        let help = "filter the rules that it builds on";
        let problem = warning(
            filter,
            reference.span,
            "filter-on-correlation",
            message,
            help,
        );
        report.push(Diagnostic {
            severity: Severity::Error,
            ..problem
        });
    }
    report.diagnostics.len() > before
}

/// Whether a reference means the document with this header. UUIDs are the same in any case.
fn is(header: &Header, reference: &str) -> bool {
    let id = header.id.as_deref();
    id.is_some_and(|id| id.eq_ignore_ascii_case(reference))
        || header.name.as_deref() == Some(reference)
}

fn warning(
    filter: &Filter,
    span: Span,
    code: &'static str,
    message: String,
    help: &str,
) -> Diagnostic {
    Diagnostic {
        file: Arc::clone(&filter.header.file),
        span,
        code,
        severity: Severity::Warning,
        message,
        help: Some(help.to_owned()),
    }
}

/// `(rule) and (filter)`, for each of the rule's conditions.
fn join(rule: &mut Rule, filter: &Filter) {
    let first = rule.selections.len();
    let kept: Vec<_> = filter
        .conditions
        .iter()
        .map(|expr| moved(expr, first))
        .collect();
    let kept = Expr::Or(kept);
    for condition in &mut rule.conditions {
        let own = std::mem::replace(condition, Expr::Or(Vec::new()));
        *condition = Expr::And(vec![own, kept.clone()]);
    }
    let title = filter
        .header
        .name
        .as_deref()
        .unwrap_or(&filter.header.title);
    rule.selections
        .extend(filter.selections.iter().map(|selection| Selection {
            name: Arc::from(format!("{title}/{}", selection.name)),
            ..selection.clone()
        }));
    rule.filters.push(Joined {
        header: filter.header.clone(),
        selections: first..rule.selections.len(),
    });
}

/// A condition whose selections stand so many places further on.
fn moved(expr: &Expr, by: usize) -> Expr {
    let all = |parts: &[Expr]| parts.iter().map(|part| moved(part, by)).collect();
    match expr {
        Expr::Selection(place) => Expr::Selection(place + by),
        Expr::Not(inner) => Expr::Not(Box::new(moved(inner, by))),
        Expr::And(parts) => Expr::And(all(parts)),
        Expr::Or(parts) => Expr::Or(all(parts)),
    }
}
