//! `cordon scan`: what the rules say about logs, and nothing more.

use std::sync::Arc;

use cordon_detect::RuleSet;
use cordon_engine::{Engine, Goal, Input, Output, Repeats, Screened, Setup};
use cordon_model::{Detection, Estate, EstateParts, Hours, LogRef, Timestamp};
use cordon_plan::Effort;
use cordon_report::json::v1::detection_line;
use rayon::prelude::*;

use crate::{
    Failure,
    console::Console,
    left_out::remark_left_out,
    reading::read,
    render,
    rule_set::{field_map, usable_rules},
    typed::{self, Format},
};

/// Detections written at a time: enough for every core, and some megabytes.
const WRITTEN_TOGETHER: usize = 1024;

/// Prints every detection, oldest first.
///
/// # Errors
/// When the input is wrong or the world fails.
pub(crate) fn run(asked: &typed::Scan, console: &mut Console) -> Result<(), Failure> {
    let rules = usable_rules(&asked.rules, console)?;
    let setup = setup(rules.set);
    let mut read = read(&asked.logs, &setup, console)?;
    read.note_silent(&rules.products, console);
    let (mut detections, engine) = detections(setup, std::mem::take(&mut read.screened));
    remark_left_out(&engine, console);
    detections.sort_by(|a, b| place(a).cmp(&place(b)));
    print(&detections, console)?;
    read.complete()
}

/// Logs alone, whoever runs what.
pub(crate) fn setup(rules: RuleSet) -> Setup {
    Setup {
        estate: Arc::new(Estate::new(nothing_known())),
        rules: Arc::new(rules),
        fields: Arc::new(field_map()),
        hold: Hours::zero(),
        effort: Effort::DEFAULT,
        lateness: Setup::LATENESS,
        repeats: Repeats::EachPlace,
        goal: Goal::Detections,
    }
}

/// What the rules say about all that matched, and the engine that said it.
pub(crate) fn detections(setup: Setup, screened: Screened) -> (Vec<Detection>, Engine) {
    let mut engine = Engine::new(setup);
    let mut outputs = engine.advance(Timestamp::MIN, Input::Screened(screened));
    outputs.extend(engine.advance(Timestamp::MIN, Input::End));
    let detections = outputs.into_iter().flat_map(|output| match output {
        Output::Detections(detections) => detections,
        Output::Incidents(_) | Output::Decision(_) => Vec::new(),
    });
    (detections.collect(), engine)
}

/// Oldest first, unknown times last, and within a moment in the order of the files.
fn place(detection: &Detection) -> (bool, Option<Timestamp>, Option<&LogRef>, &str) {
    let log = detection.last().map(|record| &record.log);
    (
        detection.time.is_none(),
        detection.time,
        log,
        detection.rule.id.as_str(),
    )
}

fn print(detections: &[Detection], console: &mut Console) -> Result<(), Failure> {
    match console.format {
        Format::Table => console.result(&render::detections(detections, console.look))?,
        Format::Jsonl => {
            // Nothing in a string of such a line is unseen, so that a terminal finds nothing to act on.
            for some in detections.chunks(WRITTEN_TOGETHER) {
                let lines: Vec<String> = some.par_iter().map(detection_line).collect();
                for line in lines {
                    console.result(&line)?;
                }
            }
        }
        Format::Json => {
            let lines: Vec<String> = detections.iter().map(detection_line).collect();
            let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
            console.json_text(&format!("[\n{}\n]\n", lines.join(",\n")))?;
        }
    }
    console.remark(&render::counted(detections.len(), "detection"));
    Ok(())
}

/// Scanning looks at logs alone.
fn nothing_known() -> EstateParts {
    EstateParts {
        name: String::new(),
        currency: String::new(),
        nodes: Vec::new(),
        edges: Vec::new(),
        services: Vec::new(),
        steps: Vec::new(),
    }
}
