//! An explanation in the shapes that leave as JSON.

use cordon_detect::{
    Asks, Explanation, Judged, JudgedBody, JudgedLine, JudgedSelection, Seen, Term,
};
use cordon_event::Event;
use cordon_report::json::v1::{
    ExplainedCorrelation, ExplainedEvent, ExplainedLine, ExplainedLog, ExplainedLogPart,
    ExplainedPart, ExplainedRule, ExplainedSelection, ExplainedTerm, ExplainedValue, Log,
};
use cordon_sigma::{Bound, Comparison, Correlation, CorrelationKind, Measure, Rule};

use crate::{library::Entry, render, typed};

/// The event that was looked at.
pub(super) fn event(event: &Event) -> ExplainedEvent {
    let text = |part: &Option<std::sync::Arc<str>>| part.as_deref().map(str::to_owned);
    ExplainedEvent {
        log: Log {
            path: event.log.path.to_string(),
            record: event.log.record,
        },
        product: text(&event.kind.product),
        service: text(&event.kind.service),
        categories: event
            .kind
            .categories
            .iter()
            .map(ToString::to_string)
            .collect(),
    }
}

/// One rule, part by part.
pub(super) fn rule(rule: &Rule, told: &Explanation, asked: &typed::Explain) -> ExplainedRule {
    let conditions = told.conditions.iter();
    ExplainedRule {
        id: Entry::Rule(rule).id().to_owned(),
        title: rule.header.title.clone(),
        file: rule.header.file.to_string(),
        line: rule.header.span.line,
        matched: told.matched() || (asked.whatever_log && told.holds),
        detection: told.holds,
        log: log(told),
        conditions: conditions.map(|one| term(one, &told.selections)).collect(),
        selections: told.selections.iter().map(selection).collect(),
    }
}

fn log(told: &Explanation) -> ExplainedLog {
    let parts = told.log.parts.iter().map(|part| ExplainedLogPart {
        part: part.part.to_owned(),
        wanted: part.wanted.to_string(),
        found: part.found.iter().map(ToString::to_string).collect(),
        fits: part.fits(),
    });
    ExplainedLog {
        fits: told.log.fits,
        parts: parts.collect(),
    }
}

fn term(judged: &Judged, selections: &[JudgedSelection]) -> ExplainedTerm {
    let (kind, parts): (&str, &[Judged]) = match &judged.term {
        Term::Selection(_) => ("selection", &[]),
        Term::Not(inner) => ("not", std::slice::from_ref(inner)),
        Term::And(parts) => ("and", parts),
        Term::Or(parts) => ("or", parts),
    };
    let selection = match judged.term {
        Term::Selection(place) => selections.get(place).map(|s| s.name.to_string()),
        Term::Not(_) | Term::And(_) | Term::Or(_) => None,
    };
    ExplainedTerm {
        holds: judged.holds,
        kind: kind.to_owned(),
        selection,
        of: parts.iter().map(|part| term(part, selections)).collect(),
    }
}

fn selection(selection: &JudgedSelection) -> ExplainedSelection {
    ExplainedSelection {
        name: selection.name.to_string(),
        line: selection.span.line,
        filter: selection.filter.as_deref().map(str::to_owned),
        asks: part(&selection.body),
    }
}

fn part(judged: &JudgedBody) -> ExplainedPart {
    let (kind, parts, asked): (&str, &[JudgedBody], _) = match &judged.asks {
        Asks::All(parts) => ("all", parts, None),
        Asks::Any(parts) => ("any", parts, None),
        Asks::Line(asked) => ("line", &[], Some(line(asked))),
    };
    ExplainedPart {
        holds: judged.holds,
        kind: kind.to_owned(),
        of: parts.iter().map(part).collect(),
        line: asked,
    }
}

fn line(asked: &JudgedLine) -> ExplainedLine {
    let (found, values) = match &asked.seen {
        Seen::Missing => ("missing", Vec::new()),
        Seen::Nothing => ("nothing", Vec::new()),
        Seen::Values(values) => ("values", values.clone()),
        Seen::Everything => ("everything", Vec::new()),
    };
    let wanted = asked.values.iter().map(|value| ExplainedValue {
        value: value.wanted.clone(),
        holds: value.holds,
        shown_by: value.shown_by.clone(),
    });
    ExplainedLine {
        line: asked.span.line,
        field: asked.field.as_deref().map(str::to_owned),
        modifiers: asked.modifiers.iter().map(|m| (*m).to_owned()).collect(),
        found: found.to_owned(),
        values,
        wanted: wanted.collect(),
        near: asked.near.iter().map(render::near_words).collect(),
    }
}

/// What a correlation asks for beside its rules.
pub(super) fn correlation(written: &Correlation, unknown: Vec<String>) -> ExplainedCorrelation {
    let within = match written.waits {
        Some(_) => "judged when it has passed, over as long before and behind each record:",
        None => "all within",
    };
    let mut asks = vec![
        kind(&written.kind),
        format!("{within} {}", span(written.timespan_seconds)),
    ];
    if !written.group_by.is_empty() {
        asks.push(format!("with the same {}", written.group_by.join(" and ")));
    }
    ExplainedCorrelation {
        id: Entry::Correlation(written).id().to_owned(),
        title: written.header.title.clone(),
        file: written.header.file.to_string(),
        line: written.header.span.line,
        asks,
        unknown,
    }
}

fn kind(kind: &CorrelationKind) -> String {
    match kind {
        CorrelationKind::EventCount(bounds) => {
            format!("{} records that the rules below match", range(bounds))
        }
        CorrelationKind::ValueCount { bounds, fields } => format!(
            "{} different values of {} among records that the rules below match",
            range(bounds),
            fields.join(" and ")
        ),
        CorrelationKind::ValueMeasure {
            measure,
            bounds,
            field,
        } => format!(
            "{} as the {} of {field} in records that the rules below match",
            range(bounds),
            measured(*measure)
        ),
        CorrelationKind::Temporal(bounds) => {
            format!("{} of the rules below, in any order", range(bounds))
        }
        CorrelationKind::TemporalWhere(_) => {
            "the rules below as the correlation's condition joins them, in any order".to_owned()
        }
        CorrelationKind::TemporalOrdered(orders) if orders.len() > 1 => {
            "the rules below in one of the orders that the correlation allows".to_owned()
        }
        CorrelationKind::TemporalOrdered(_) => "the rules below, in the order given".to_owned(),
    }
}

fn measured(measure: Measure) -> String {
    match measure {
        Measure::Sum => "sum".to_owned(),
        Measure::Average => "average".to_owned(),
        Measure::Median => "median".to_owned(),
        Measure::Percentile(percent) => format!("{percent}th percentile"),
    }
}

fn range(bounds: &[Bound]) -> String {
    if bounds.is_empty() {
        return "all".to_owned();
    }
    let one = |bound: &Bound| {
        let words = match bound.comparison {
            Comparison::Less => "fewer than",
            Comparison::AtMost => "at most",
            Comparison::Greater => "more than",
            Comparison::AtLeast => "at least",
            Comparison::Equal => "exactly",
            Comparison::NotEqual => "any number but",
        };
        format!("{words} {}", bound.threshold)
    };
    bounds.iter().map(one).collect::<Vec<_>>().join(" and ")
}

fn span(seconds: u64) -> String {
    for (unit, length) in [("d", 86_400), ("h", 3_600), ("m", 60)] {
        if seconds > 0 && seconds.is_multiple_of(length) {
            return format!("{}{unit}", seconds / length);
        }
    }
    format!("{seconds}s")
}
