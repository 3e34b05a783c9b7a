//! What reading a text says, in one line a problem.

use cordon_text::Report;

/// The problems of a report as `line:column code`.
pub(crate) fn said(report: &Report) -> Vec<String> {
    let lines = report.diagnostics.iter();
    lines
        .map(|d| format!("{}:{} {}", d.span.line, d.span.column, d.code))
        .collect()
}
