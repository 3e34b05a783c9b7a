//! Documents of `match` and `event`: events under the names that rules use, taken as they are.
//!
//! Nothing is decoded: who writes such a test writes the fields that the rule reads. The one thing
//! done to them is done to the rule too: names of Windows fields lose their spaces.

use std::sync::Arc;

use cordon_event::{Event, LogKind};
use cordon_model::LogRef;
use cordon_text::{Diagnostic, Fields, Node, Report, Scalar, ScalarKind, Source, parse};
use serde_json::Value;

use super::{Example, Given};
use crate::library::Library;

/// The examples of a test file; what is wrong with it is reported.
pub(super) fn examples(source: &Source, library: &Library, report: &mut Report) -> Vec<Example> {
    let (documents, broken) = parse(source);
    report.extend(broken);
    let mut examples = Vec::new();
    for (n, document) in (1..).zip(&documents) {
        if !library.correlations.is_empty() {
            let message = "one event cannot show what a correlation does".to_owned();
            let problem = Diagnostic::error(source, document.span, "correlation-test", message)
                .help("call the rule `rule.yml` and write `fires.ndjson` and `silent.ndjson`");
            report.push(problem);
            break;
        }
        let windows = library
            .rules
            .iter()
            .any(|rule| rule.log_source.product.as_deref() == Some("windows"));
        let names = if windows {
            Names::WithoutSpaces
        } else {
            Names::AsWritten
        };
        examples.extend(example(source, document, (n, names), report));
    }
    examples
}

/// How the names of an event's fields are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    AsWritten,
    WithoutSpaces,
}

fn example(
    source: &Source,
    document: &Node,
    (n, names): (u64, Names),
    report: &mut Report,
) -> Option<Example> {
    let mut fields = Fields::of(source, document, "an example", report)?;
    let expected = fields.required("match", report);
    let event = fields.required("event", report);
    let expected = expected.and_then(|node| {
        let kind = node.scalar().map(Scalar::kind);
        if let Some(ScalarKind::Bool(expected)) = kind {
            return Some(expected);
        }
        let message = format!("`match` is `true` or `false`, found {}", node.describe());
        report.push(Diagnostic::error(source, node.span, "wrong-type", message));
        None
    });
    let fields = event.and_then(|node| {
        if node.mapping().is_none() {
            let message = format!("expected the fields of an event, found {}", node.describe());
            report.push(Diagnostic::error(source, node.span, "wrong-type", message));
            return None;
        }
        Some(value(node, names))
    })?;
    Some(Example {
        file: source.name.to_string(),
        n,
        expected: expected?,
        given: Given::Event(Box::new(event_of(source, n, fields))),
    })
}

fn event_of(source: &Source, n: u64, fields: Value) -> Event {
    let mut event = Event::of_fields(LogKind::default(), fields);
    event.log = LogRef {
        path: Arc::clone(&source.name),
        record: n,
    };
    event
}

/// A part of a document as a value of a record.
fn value(node: &Node, names: Names) -> Value {
    if let Some(items) = node.sequence() {
        return items.iter().map(|item| value(item, names)).collect();
    }
    if let Some(entries) = node.mapping() {
        let fields = entries.iter().map(|(key, field)| {
            let name = key.scalar().map_or("", |scalar| scalar.text.as_str());
            let name = match names {
                Names::AsWritten => name.to_owned(),
                Names::WithoutSpaces => name.replace(' ', ""),
            };
            (name, value(field, names))
        });
        return Value::Object(fields.collect());
    }
    let Some(scalar) = node.scalar() else {
        return Value::Null;
    };
    match scalar.kind() {
        ScalarKind::Null => Value::Null,
        ScalarKind::Bool(value) => Value::Bool(value),
        ScalarKind::Integer | ScalarKind::Decimal => number(&scalar.text),
        ScalarKind::String => Value::String(scalar.text.clone()),
    }
}

/// A number; one that JSON cannot write stays a text, which rules compare with numbers alike.
fn number(text: &str) -> Value {
    let whole = text.parse::<i64>().map(Value::from).ok();
    let whole = whole.or_else(|| text.parse::<u64>().map(Value::from).ok());
    let number = whole.or_else(|| text.parse::<f64>().map(Value::from).ok());
    number.unwrap_or_else(|| Value::String(text.to_owned()))
}
