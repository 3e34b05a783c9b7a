//! The file in which an organisation says what its logs leave open.
//!
//! ```yaml
//! sources:
//!   - path: '*/tickets*.csv'
//!     zone: Europe/London
//!     time: dd/MM/yyyy HH:mm:ss
//!   - { path: 'fw*.log', clock: +3h }
//! ```

use cordon_text::{Diagnostic, Fields, Node, Report, Source, Span};

use super::{
    Declared,
    setting::{Setting, WrongSetting},
};

/// What a file says, and what is wrong with it.
pub(super) fn read(source: &Source) -> (Vec<Declared>, Report) {
    let (documents, mut report) = cordon_text::parse(source);
    let mut declared = Vec::new();
    if documents.is_empty() && !report.has_errors() {
        let message = "a file of sources needs the key `sources`".to_owned();
        let problem = Diagnostic::error(source, Span::START, "missing-key", message);
        report.push(problem.help("write `sources:` and under it `- path: …` for each"));
    }
    for document in &documents {
        let Some(mut fields) = Fields::of(source, document, "a file of sources", &mut report)
        else {
            continue;
        };
        let listed = fields.required("sources", &mut report);
        fields.finish(&mut report);
        let Some(listed) = listed else { continue };
        let Some(entries) = listed.sequence() else {
            let message = format!("expected a list of sources, found {}", listed.describe());
            let problem = Diagnostic::error(source, listed.span, "wrong-type", message);
            report.push(problem.help("write `- path: …` for each"));
            continue;
        };
        declared.extend(
            entries
                .iter()
                .filter_map(|entry| one(source, entry, &mut report)),
        );
    }
    (declared, report)
}

fn one(source: &Source, entry: &Node, report: &mut Report) -> Option<Declared> {
    let mut fields = Fields::of(source, entry, "a source", report)?;
    let path = fields.required("path", report);
    let mut settings = Vec::new();
    for key in Setting::KEYS {
        let Some(value) = fields.optional(key) else {
            continue;
        };
        let read = match value
            .text()
            .or_else(|| value.scalar().map(|s| s.text.as_str()))
        {
            Some(text) => Setting::read(key, text),
            None => Err(WrongSetting::Value(format!(
                "expected a value for `{key}`, found {}",
                value.describe()
            ))),
        };
        match read {
            Ok(setting) => settings.push(setting),
            Err(wrong) => {
                report.push(Diagnostic::error(
                    source,
                    value.span,
                    "wrong-setting",
                    wrong.to_string(),
                ));
            }
        }
    }
    let (span, empty) = (fields.span(), settings.is_empty());
    fields.finish(report);
    if empty && !report.has_errors() {
        let message = "a source of which nothing is said".to_owned();
        let help = format!("say one of {}", Setting::KEYS.join(", "));
        report.push(Diagnostic::error(source, span, "missing-key", message).help(help));
    }
    let pattern = path?
        .text()
        .or_else(|| path?.scalar().map(|s| s.text.as_str()))?;
    Some(Declared::new(pattern, settings))
}
