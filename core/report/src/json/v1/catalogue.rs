//! The catalogue of rules, and how their examples came out (`cordon rules list`, `rules test`).

use serde::{Deserialize, Serialize};

use super::{document, line};

/// One rule of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogueRule {
    /// `rule` or `correlation`.
    pub kind: String,
    /// Its id, or its name or title where it has none.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its level in Sigma's words; null if it does not say.
    pub level: Option<String>,
    /// Its status in Sigma's words; null if it does not say.
    pub status: Option<String>,
    /// Which log it is for; null for a correlation.
    pub logsource: Option<LogSource>,
    /// Its tags.
    pub tags: Vec<String>,
    /// The ATT&CK techniques among its tags.
    pub techniques: Vec<String>,
    /// How many selections it has.
    pub selections: u64,
    /// The rules that a correlation builds on, by id or name.
    pub builds_on: Vec<String>,
    /// The file it stands in.
    pub file: String,
    /// The line it begins at, from 1.
    pub line: u32,
}

/// Which log a rule is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogSource {
    /// Such as `windows`.
    pub product: Option<String>,
    /// Such as `security`.
    pub service: Option<String>,
    /// Such as `process_creation`.
    pub category: Option<String>,
}

/// How one example of a rule came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExampleLine {
    /// The rule's id.
    pub rule: String,
    /// The file that the example stands in.
    pub file: String,
    /// Its ordinal number there, from 1.
    pub n: u64,
    /// Whether the rule should match it.
    pub expected: bool,
    /// Whether it does.
    pub got: bool,
}

/// The catalogue as one document.
pub fn catalogue_document(rules: &[CatalogueRule]) -> String {
    document(&rules)
}

/// One rule of the catalogue on one line, line end included.
pub fn catalogue_line(rule: &CatalogueRule) -> String {
    line(rule)
}

/// How examples came out, as one document.
pub fn examples_document(examples: &[ExampleLine]) -> String {
    document(&examples)
}

/// How one example came out on one line, line end included.
pub fn example_line(example: &ExampleLine) -> String {
    line(example)
}
