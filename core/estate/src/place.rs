//! Where something was said, small enough to be kept for every edge of a large estate.

use std::sync::Arc;

use cordon_text::{Diagnostic, Report, Severity, Span};

/// The texts of an estate, by number.
#[derive(Debug, Default)]
pub(crate) struct Files(Vec<Arc<str>>);

/// A stretch of one of the texts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) file: u32,
    pub(crate) span: Span,
}

impl Files {
    /// Numbers one more text.
    pub(crate) fn add(&mut self, name: Arc<str>) -> u32 {
        self.0.push(name);
        u32::try_from(self.0.len() - 1).unwrap_or(u32::MAX)
    }

    fn name(&self, place: Place) -> Arc<str> {
        let found = usize::try_from(place.file).ok().and_then(|n| self.0.get(n));
        found.map_or_else(|| Arc::from("(no text)"), Arc::clone)
    }

    /// A place as people write it.
    pub(crate) fn told(&self, place: Place) -> String {
        format!("{}:{}", self.name(place), place.span.line)
    }

    /// Says that something is wrong at a place.
    pub(crate) fn wrong(
        &self,
        place: Place,
        (code, message, help): (&'static str, String, String),
        report: &mut Report,
    ) {
        report.push(Diagnostic {
            file: self.name(place),
            span: place.span,
            code,
            severity: Severity::Error,
            message,
            help: Some(help),
        });
    }

    /// Says that something is allowed but probably not meant.
    pub(crate) fn doubt(
        &self,
        place: Place,
        (code, message, help): (&'static str, String, String),
        report: &mut Report,
    ) {
        let mut doubts = Report::default();
        self.wrong(place, (code, message, help), &mut doubts);
        for doubt in doubts.diagnostics {
            report.push(doubt.warning());
        }
    }
}
