//! Why a pipeline cannot be applied to a rule.

use std::sync::Arc;

use cordon_text::{Diagnostic, Report, Severity, Span};

use super::draft::Origin;
use crate::Header;

/// The reason, in the words of a diagnostic.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Refusal {
    code: &'static str,
    message: String,
    help: String,
    /// Where in the rule, if more is known than the rule.
    span: Option<Span>,
    /// In which text that place is, if it is not the rule's own.
    file: Option<Arc<str>>,
}

impl Refusal {
    pub(crate) fn new(code: &'static str, message: String, help: &str) -> Self {
        Self {
            code,
            message,
            help: help.to_owned(),
            span: None,
            file: None,
        }
    }

    /// The first error of a report.
    pub(crate) fn of(report: Report) -> Self {
        let mut found = report.diagnostics.into_iter();
        match found.find(|d| d.severity == Severity::Error) {
            Some(first) => Self {
                code: first.code,
                message: first.message,
                help: first.help.unwrap_or_default(),
                span: None,
                file: None,
            },
            None => Self::new("pipeline-value", "the value cannot be read".to_owned(), ""),
        }
    }

    /// The same refusal, at this place if none is known yet.
    pub(crate) fn near(self, span: Span) -> Self {
        let span = self.span.or(Some(span));
        Self { span, ..self }
    }

    /// The same refusal of a value that stands there.
    pub(crate) fn within(self, origin: &Origin) -> Self {
        match origin {
            Origin::File(file) => Self {
                file: Some(Arc::clone(file)),
                ..self
            },
            Origin::Pipeline => Self { span: None, ..self },
        }
    }

    /// The diagnostic at the rule that is refused.
    pub(crate) fn at(self, header: &Header) -> Diagnostic {
        Diagnostic {
            file: self.file.unwrap_or_else(|| Arc::clone(&header.file)),
            span: self.span.unwrap_or(header.span),
            code: self.code,
            severity: Severity::Error,
            message: self.message,
            help: Some(self.help).filter(|help| !help.is_empty()),
        }
    }
}
