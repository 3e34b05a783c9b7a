//! Pipelines: how one organisation's logs differ from what rules expect, said once for all rules.
//!
//! The format is the YAML of pySigma's processing pipelines, and steps and conditions mean what they
//! mean there; where following its letter would turn the meaning of a rule around, the rule's
//! meaning is kept (`docs/decisions/` says where and why). A pipeline is applied to rules after
//! they were read and filters were joined to them, and before they are compiled.
//!
//! Invariants: a pipeline is data; nothing in it runs a command, fetches, or opens a file. A rule to
//! which it cannot be applied is refused with the reason, never passed on half changed. Absent on
//! purpose: queries, so that what only shapes their text is noted and has no effect.

mod add_condition;
mod correlation;
mod draft;
mod extract;
mod gate;
mod hashes;
mod item_condition;
mod kinds;
mod placeholder;
mod plain;
mod refusal;
mod rename;
mod replace;
mod rule_attribute;
mod rule_condition;
mod run;
mod spelling;
mod state_test;
mod step;
mod text;
mod transformation;
mod value;
mod value_change;

use std::sync::Arc;

use cordon_text::{Diagnostic, Fields, Node, Report, ScalarKind, Source, Span};

use self::{
    correlation::{Logs, Passing},
    draft::{Draft, Marks},
    plain::Plain,
    refusal::Refusal,
    run::{Run, Vars},
    step::Step,
};
use crate::{Correlation, Header, Placeholders, Rule, reader::Reader};

/// A pipeline without errors.
#[derive(Debug, Clone)]
pub struct Pipeline {
    /// What it is called.
    pub name: Option<Arc<str>>,
    /// Among several, those of lower priority are applied first.
    pub priority: i128,
    vars: Vars,
    steps: Vec<Step>,
}

/// Keys that only a pipeline has, by which its file is told from one of rules.
const ONLY_HERE: [&str; 3] = ["transformations", "postprocessing", "finalizers"];

/// Whether a source looks like a pipeline rather than like rules.
pub fn is_pipeline(source: &Source) -> bool {
    let (documents, _) = cordon_text::parse(source);
    let has = |node: &Node, key: &&str| node.get(key).is_some();
    documents
        .first()
        .is_some_and(|first| ONLY_HERE.iter().any(|key| has(first, key)))
}

/// Reads a pipeline, and all that is wrong with it.
pub fn parse_pipeline(source: &Source) -> (Option<Pipeline>, Report) {
    let (documents, yaml) = cordon_text::parse(source);
    let placeholders = Placeholders::none().left_open();
    let mut reader = Reader {
        source,
        placeholders: &placeholders,
        report: yaml,
    };
    let pipeline = match documents.as_slice() {
        [document] => read(&mut reader, document),
        [] if reader.report.has_errors() => None,
        documents => {
            let span = documents.get(1).map_or(Span::START, |d| d.span);
            let message = format!(
                "a file holds one pipeline, found {} documents",
                documents.len()
            );
            reader.problem(
                span,
                "pipeline-document",
                message,
                "split it into several files",
            );
            None
        }
    };
    let mut report = reader.report;
    report.sort();
    (pipeline.filter(|_| !report.has_errors()), report)
}

fn read(reader: &mut Reader<'_>, document: &Node) -> Option<Pipeline> {
    let mut fields = reader.fields(document, "a pipeline")?;
    let name = fields
        .optional("name")
        .map(|node| reader.text(node, "a name"));
    let priority = fields
        .optional("priority")
        .map(|node| priority(reader, node));
    let vars = fields.optional("vars").map(|node| vars(reader, node));
    let steps = fields.optional("transformations");
    let steps = steps.map(|node| transformation::steps(reader, node, 0));
    note_without_effect(reader, &mut fields);
    fields.finish(&mut reader.report);
    Some(Pipeline {
        name: name.flatten().map(Arc::from),
        priority: priority.unwrap_or(Some(0))?,
        vars: vars.unwrap_or(Some(Vars::new()))?,
        steps: steps.unwrap_or(Some(Vec::new()))?,
    })
}

/// What is known and has no effect, because there is no query to shape and no backend to allow.
fn note_without_effect(reader: &mut Reader<'_>, fields: &mut Fields<'_>) {
    for (key, why) in [
        ("allowed_backends", "there are no backends here"),
        ("postprocessing", "it shapes the text of queries"),
        ("finalizers", "it shapes the text of queries"),
    ] {
        if let Some(idle) = fields.optional(key) {
            let message = format!("`{key}` has no effect: {why}, and events are matched without");
            let code = "pipeline-without-effect";
            let told = Diagnostic::error(reader.source, idle.span, code, message);
            reader.report.push(told.note());
        }
    }
}

fn priority(reader: &mut Reader<'_>, node: &Node) -> Option<i128> {
    let whole = node.scalar().filter(|s| s.kind() == ScalarKind::Integer);
    let number = whole.and_then(|scalar| scalar.text.parse().ok());
    if number.is_none() {
        let message = format!("expected a whole number, found {}", node.describe());
        reader.error(node.span, "wrong-type", message);
    }
    number
}

fn vars(reader: &mut Reader<'_>, node: &Node) -> Option<Vars> {
    let Some(entries) = node.mapping() else {
        let message = format!("expected names and their values, found {}", node.describe());
        reader.error(node.span, "wrong-type", message);
        return None;
    };
    let text = |node: &Node| match Plain::of(node)? {
        Plain::Null => None,
        plain @ (Plain::Bool(_) | Plain::Number(_)) => Some(plain.text()),
        Plain::Text(text) => Some(text.to_string()),
    };
    let values = |node: &Node| -> Option<Vec<String>> {
        let items = node.sequence().unwrap_or(std::slice::from_ref(node));
        items.iter().map(text).collect()
    };
    let named = entries
        .iter()
        .filter_map(|(key, value)| Some((key.text()?, values(value))));
    Some(
        named
            .map(|(key, values)| (Arc::from(key), values))
            .collect(),
    )
}

/// Rules and correlations after pipelines.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Transformed {
    /// The rules to which they could be applied, in the order given.
    pub rules: Vec<Rule>,
    /// The correlations to which they could be applied, in the order given.
    pub correlations: Vec<Correlation>,
    /// How many were refused, each for an error in the report.
    pub refused: usize,
    /// Why.
    pub report: Report,
}

/// Applies pipelines to rules, those of lower priority first, equal ones in the order given.
///
/// A placeholder that [`Placeholders::left_open`] left to them and that none of them fills refuses
/// its rule.
pub fn transform(
    pipelines: &[Pipeline],
    rules: Vec<Rule>,
    correlations: Vec<Correlation>,
) -> Transformed {
    let mut ordered: Vec<&Pipeline> = pipelines.iter().collect();
    ordered.sort_by_key(|pipeline| pipeline.priority);
    let mut vars = Vars::new();
    for pipeline in &ordered {
        vars.extend(pipeline.vars.clone());
    }
    // Without steps a rule is handed on as it is, unless it waits for a value that nobody gave.
    let steps: Vec<&Step> = ordered.iter().flat_map(|p| &p.steps).collect();
    let mut done = Transformed::default();
    let mut logs = Logs::default();
    for rule in rules {
        if steps.is_empty() && !rule.waits() {
            done.rules.push(rule);
            continue;
        }
        let header = rule.header.clone();
        match transform_rule(&steps, &vars, rule) {
            Ok(rule) => {
                logs.add_rule(&rule);
                done.rules.push(rule);
            }
            Err(refusals) => done.refuse(refusals, &header),
        }
    }
    done.pass_correlations(&steps, &vars, correlations, logs);
    done.report.sort();
    done
}

impl Transformed {
    fn pass_correlations(
        &mut self,
        steps: &[&Step],
        vars: &Vars,
        correlations: Vec<Correlation>,
        mut logs: Logs,
    ) {
        if steps.is_empty() {
            self.correlations = correlations;
            return;
        }
        for correlation in &correlations {
            logs.add_correlation(correlation);
        }
        for correlation in correlations {
            let header = correlation.header.clone();
            let below = logs.below(&correlation);
            match transform_correlation(steps, vars, correlation, &below) {
                Ok(correlation) => self.correlations.push(correlation),
                Err(refusal) => self.refuse(vec![refusal], &header),
            }
        }
    }

    fn refuse(&mut self, refusals: Vec<Refusal>, header: &Header) {
        self.refused += 1;
        for refusal in refusals {
            self.report.push(refusal.at(header));
        }
    }
}

fn transform_rule(steps: &[&Step], vars: &Vars, rule: Rule) -> Result<Rule, Vec<Refusal>> {
    let mut draft = Draft::of(rule);
    let mut run = Run::new(vars);
    for step in steps {
        step.apply(&mut draft, &mut run).map_err(|r| vec![r])?;
    }
    draft.finish()
}

fn transform_correlation(
    steps: &[&Step],
    vars: &Vars,
    correlation: Correlation,
    logs: &[crate::LogSource],
) -> Result<Correlation, Refusal> {
    let mut run = Run::new(vars);
    let mut passing = Passing {
        correlation,
        marks: Marks::new(),
        logs,
    };
    for step in steps {
        passing.step(step, &mut run)?;
    }
    Ok(passing.correlation)
}
