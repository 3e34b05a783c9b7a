//! What is wrong with the user's rules (`cordon rules check --format json`).

use cordon_text::Diagnostic;
use serde::{Deserialize, Serialize};

use super::document;

/// The document: how many rules, how many refused, and every problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostics {
    /// Rule documents read.
    pub rules: u64,
    /// Rule documents that cannot be used.
    pub refused: u64,
    /// Every problem, in the order given.
    pub diagnostics: Vec<DiagnosticLine>,
}

/// One problem at one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiagnosticLine {
    /// Name of the source.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Stable code of the problem.
    pub code: String,
    /// `error`, `warning` or `note`.
    pub severity: String,
    /// What was wanted and what was found.
    pub message: String,
    /// What to do next.
    pub help: Option<String>,
}

impl DiagnosticLine {
    /// A problem, as it stands in documents.
    pub fn of(diagnostic: &Diagnostic) -> Self {
        Self {
            file: diagnostic.file.to_string(),
            line: diagnostic.span.line,
            column: diagnostic.span.column,
            code: diagnostic.code.to_owned(),
            severity: diagnostic.severity.word().to_owned(),
            message: diagnostic.message.clone(),
            help: diagnostic.help.clone(),
        }
    }
}

/// What a check of rules found, as one document.
pub fn diagnostics_document(rules: u64, refused: u64, diagnostics: &[Diagnostic]) -> String {
    document(&Diagnostics {
        rules,
        refused,
        diagnostics: diagnostics.iter().map(DiagnosticLine::of).collect(),
    })
}
