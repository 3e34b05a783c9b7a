//! Why a rule matches an event or does not (`cordon rules explain --format json`).

use serde::{Deserialize, Serialize};

use super::{document, told::Log};

/// Why a rule, or each of the rules behind a correlation, matches an event or does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplanationDocument {
    /// Always `cordon/explanation/v1`.
    pub format: String,
    /// Whether the answer is yes: some rule below matches.
    pub matched: bool,
    /// The correlation that was asked about; null for a plain rule.
    pub correlation: Option<ExplainedCorrelation>,
    /// The event.
    pub event: ExplainedEvent,
    /// The rule asked about; the rules behind a correlation.
    pub rules: Vec<ExplainedRule>,
}

/// A correlation, which no single event can complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainedCorrelation {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The file it stands in.
    pub file: String,
    /// The line it begins at, from 1.
    pub line: u32,
    /// What it asks for, in words.
    pub asks: Vec<String>,
    /// The rules it builds on that are not at hand.
    pub unknown: Vec<String>,
}

/// The event that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainedEvent {
    /// Where it stands.
    pub log: Log,
    /// Which product's log; null if unknown.
    pub product: Option<String>,
    /// Which log of it; null if unknown or the only one.
    pub service: Option<String>,
    /// What kinds of things the record is about.
    pub categories: Vec<String>,
}

/// One rule, part by part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainedRule {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The file it stands in.
    pub file: String,
    /// The line it begins at, from 1.
    pub line: u32,
    /// The verdict: `detection` holds, and `log` fits unless it was to be left out.
    pub matched: bool,
    /// Whether its detection holds.
    pub detection: bool,
    /// Whether it is for the event's log.
    pub log: ExplainedLog,
    /// Its conditions; one must hold.
    pub conditions: Vec<ExplainedTerm>,
    /// Its selections, in the order written.
    pub selections: Vec<ExplainedSelection>,
}

/// Whether a rule is for the event's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainedLog {
    /// Whether every part given is the event's.
    pub fits: bool,
    /// The parts that the rule gives.
    pub parts: Vec<ExplainedLogPart>,
}

/// One part of a log source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainedLogPart {
    /// `product`, `service` or `category`.
    pub part: String,
    /// What the rule wants.
    pub wanted: String,
    /// What the event is.
    pub found: Vec<String>,
    /// Whether that is what the rule wants.
    pub fits: bool,
}

/// A part of a condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainedTerm {
    /// Whether it holds.
    pub holds: bool,
    /// `selection`, `not`, `and` or `or`.
    pub kind: String,
    /// The selection's name, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selection: Option<String>,
    /// Its parts, where it has some.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub of: Vec<ExplainedTerm>,
}

/// A selection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainedSelection {
    /// Its name.
    pub name: String,
    /// The line it stands at, from 1.
    pub line: u32,
    /// The file of the filter that it came with; null if it is the rule's own.
    pub filter: Option<String>,
    /// What it asks for.
    pub asks: ExplainedPart,
}

/// A part of a selection: `all` or `any` of parts, or a line about one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainedPart {
    /// Whether it holds.
    pub holds: bool,
    /// `all`, `any` or `line`.
    pub kind: String,
    /// Its parts, for `all` and `any`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub of: Vec<ExplainedPart>,
    /// The line, for `line`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<ExplainedLine>,
}

/// One line about a field, or about keywords.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainedLine {
    /// The line it stands at, from 1.
    pub line: u32,
    /// The field; null for keywords.
    pub field: Option<String>,
    /// Its modifiers, as it was understood.
    pub modifiers: Vec<String>,
    /// `missing`, `nothing` (an empty list), `values`, or `everything` for keywords.
    pub found: String,
    /// The event's values of the field.
    pub values: Vec<String>,
    /// What is wanted, and for which value of the event it holds.
    pub wanted: Vec<ExplainedValue>,
    /// What may have been meant, in words.
    pub near: Vec<String>,
}

/// One value wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainedValue {
    /// The value as a rule writes it.
    pub value: String,
    /// Whether the event has it.
    pub holds: bool,
    /// The event's value that shows it.
    pub shown_by: Option<String>,
}

/// An explanation as one document.
pub fn explanation_document(explanation: &ExplanationDocument) -> String {
    document(explanation)
}
