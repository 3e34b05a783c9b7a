//! A plan that was written, read back in terms of an estate.
//!
//! Of the plan only names and choices are taken, never a figure. Everything that the estate does not say
//! as the plan does is told with its place in the plan. Absent on purpose: whether the plan is any good.

use std::{collections::BTreeMap, fs, path::Path};

use cordon_model::{Confidence, Estate, Exact, Foothold, Hours, StepIx};
use cordon_plan::{Effort, Question};
use cordon_report::json::v1::{Plan, Step};
use cordon_text::{Diagnostic, Source, Span};

use crate::{Failure, failure::Problems};

/// A plan's document, and its exact bytes.
pub(crate) struct Written {
    pub(crate) bytes: Vec<u8>,
    pub(crate) plan: Plan,
}

/// What a plan answers, and with which steps.
pub(crate) struct Understood<'e> {
    pub(crate) question: Question<'e>,
    pub(crate) steps: Vec<StepIx>,
    /// What the estate does not say as the plan does, each with its place.
    pub(crate) differs: Vec<String>,
}

/// The steps of an estate by their ids.
pub(crate) struct Steps<'e>(BTreeMap<&'e str, StepIx>);

impl<'e> Steps<'e> {
    pub(crate) fn of(estate: &'e Estate) -> Self {
        let steps = estate.step_indices().zip(estate.steps());
        Self(steps.map(|(ix, step)| (step.id.as_str(), ix)).collect())
    }

    pub(crate) fn get(&self, id: &str) -> Option<StepIx> {
        self.0.get(id).copied()
    }
}

/// Reads a plan's document.
///
/// # Errors
/// When the file cannot be read, or is no plan.
pub(crate) fn read(file: &Path) -> Result<Written, Failure> {
    let bytes = fs::read(file).map_err(|cause| Failure::read(file, cause))?;
    match serde_json::from_slice(&bytes) {
        Ok(plan) => Ok(Written { bytes, plan }),
        Err(why) => Err(not_a_plan(file, &bytes, &why)),
    }
}

fn not_a_plan(file: &Path, bytes: &[u8], why: &serde_json::Error) -> Failure {
    let number = |n: usize| u32::try_from(n.max(1)).unwrap_or(u32::MAX);
    let source = Source::new(file.display().to_string(), String::from_utf8_lossy(bytes));
    let (line, column) = (number(why.line()), number(why.column()));
    let span = Span {
        line,
        column,
        end_line: line,
        end_column: column,
    };
    let message = format!("expected a plan, found something else: {why}");
    let problem = Diagnostic::error(&source, span, "not-a-plan", message)
        .help("give the file that `cordon plan --format json` or `cordon respond` wrote");
    let mut problems = Problems::default();
    problems.report.push(problem);
    problems.sources.push(source);
    Failure::Input(problems)
}

/// What a plan says, in terms of an estate.
pub(crate) fn understood<'e>(plan: &Plan, estate: &'e Estate) -> Understood<'e> {
    let mut differs = Vec::new();
    if plan.format != "cordon/plan/v1" {
        let found = &plan.format;
        differs.push(format!(
            "format: expected `cordon/plan/v1`, found `{found}`"
        ));
    }
    if plan.estate != estate.name() {
        let (theirs, ours) = (&plan.estate, estate.name());
        differs.push(format!(
            "estate: the plan is for `{theirs}`, and the estate is `{ours}`"
        ));
    }
    let hold = hold(plan).unwrap_or_else(|| {
        differs.push("hold_hours: not a number of hours".to_owned());
        Hours::zero()
    });
    let footholds = footholds(plan, estate, &mut differs);
    let steps = steps(plan, estate, &mut differs);
    let question = Question {
        estate,
        footholds,
        outside_estate: plan.outside_estate.clone(),
        hold,
        effort: Effort::DEFAULT,
    };
    Understood {
        question,
        steps,
        differs,
    }
}

/// How long the plan stays, exactly where that is written.
fn hold(plan: &Plan) -> Option<Hours> {
    match &plan.hold_exact {
        Some(fraction) => {
            let exact: Exact = fraction.parse().ok()?;
            let hours = Hours::from_exact(exact);
            let same = hours.rounded() == plan.hold_hours.as_str();
            same.then_some(hours)
        }
        None => Hours::parse(&format!("{}h", plan.hold_hours)).ok(),
    }
}

fn footholds(plan: &Plan, estate: &Estate, differs: &mut Vec<String>) -> Vec<Foothold> {
    let mut held = Vec::new();
    for (number, told) in plan.footholds.iter().enumerate() {
        let confidence = told.confidence.as_str().parse().ok();
        let Some(confidence) = confidence.and_then(Confidence::new) else {
            let found = &told.confidence;
            differs.push(format!(
                "footholds[{number}].confidence: expected a number from 0 to 1, found {found}"
            ));
            continue;
        };
        match estate.node_by_id(&told.id) {
            Some(node) => held.push(Foothold {
                node,
                confidence,
                evidence: Vec::new(),
                sources: told
                    .sources
                    .iter()
                    .flatten()
                    .map(|source| source.as_str().into())
                    .collect(),
            }),
            None => differs.push(format!(
                "footholds[{number}].id: the estate has no node `{}`",
                told.id
            )),
        }
    }
    held
}

fn steps(plan: &Plan, estate: &Estate, differs: &mut Vec<String>) -> Vec<StepIx> {
    let known = Steps::of(estate);
    let mut steps = Vec::new();
    for (number, told) in plan.steps.iter().enumerate() {
        let Some(ix) = known.get(&told.id) else {
            differs.push(format!(
                "steps[{number}].id: the estate has no step `{}`",
                told.id
            ));
            continue;
        };
        if Step::of(estate, number + 1, estate.step(ix)) != *told {
            differs.push(format!(
                "steps[{number}]: the estate says something else of the step `{}` than the plan",
                told.id
            ));
        }
        steps.push(ix);
    }
    steps
}
