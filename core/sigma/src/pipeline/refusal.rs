//! Why a pipeline cannot be applied to a rule.

use cordon_text::{Diagnostic, Report, Severity};

use crate::Header;

/// The reason, in the words of a diagnostic.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Refusal {
    code: &'static str,
    message: String,
    help: String,
}

impl Refusal {
    pub(crate) fn new(code: &'static str, message: String, help: &str) -> Self {
        let help = help.to_owned();
        Self {
            code,
            message,
            help,
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
            },
            None => Self::new("pipeline-value", "the value cannot be read".to_owned(), ""),
        }
    }

    /// The diagnostic at the rule that is refused.
    pub(crate) fn at(self, header: &Header) -> Diagnostic {
        Diagnostic {
            file: header.file.clone(),
            span: header.span,
            code: self.code,
            severity: Severity::Error,
            message: self.message,
            help: Some(self.help).filter(|help| !help.is_empty()),
        }
    }
}
