//! `cordon rules check`: everything that is wrong with rules.

use cordon_report::json::v1::diagnostics_document;

use crate::{
    Failure,
    console::Console,
    render, rule_set,
    typed::{Format, RuleFiles},
};

/// Prints everything that is wrong with rules. The problems are the result, so that they go to
/// standard output.
///
/// # Errors
/// When a file cannot be read or a rule is wrong.
pub(crate) fn run(asked: &RuleFiles, console: &mut Console) -> Result<(), Failure> {
    let progress = console.progress("reading rules");
    let checked = rule_set::rules(asked)?;
    drop(progress);
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let (number, refused) = (count(checked.documents), count(checked.refused));
    match console.format {
        Format::Table => {
            let found = render::diagnostics(&checked.problems, console.look);
            console.result(&found)?;
            let rules = render::counted(checked.documents, "rule");
            console.result(&format!("{rules}, {refused} refused\n"))?;
        }
        Format::Json | Format::Jsonl => {
            let found = &checked.problems.report.diagnostics;
            console.json_text(&diagnostics_document(number, refused, found))?;
        }
    }
    if checked.problems.report.has_errors() {
        return Err(Failure::InputTold);
    }
    Ok(())
}
