//! `cordon scan`: what the rules say about logs, and nothing more.

mod follow;
mod telling;
mod watermark;

use std::{fs, path::Path, sync::Arc};

use cordon_detect::RuleSet;
use cordon_engine::{Engine, Goal, Input, Output, Repeats, Screened, Setup};
use cordon_model::{Detection, Estate, EstateParts, Hours, Timestamp};
use cordon_plan::Effort;
use cordon_report::json::v1::scan_summary_document;

use crate::{
    Failure,
    console::Console,
    left_out::remark_left_out,
    moment::Period,
    reading::{Read, Wanted, read},
    render,
    rule_set::{field_map, usable_rules},
    sources::Sources,
    summary::remark_summary,
    typed,
};

use telling::{Telling, place};

/// Prints every detection: oldest first, or as they come where logs are followed.
///
/// # Errors
/// When the input is wrong or the world fails.
pub(crate) fn run(asked: &typed::Scan, console: &mut Console) -> Result<(), Failure> {
    let now = Timestamp::now();
    let wanted = Wanted {
        sources: Sources::read(&asked.sources)?,
        period: Period::between(asked.since, asked.until, now)?,
    };
    let rules = usable_rules(&asked.rules, console)?;
    if let Some(out) = &asked.out {
        console.write_to(out)?;
    }
    let setup = setup(rules.set);
    let (read, engine, told) = if asked.follow {
        let setup = Setup {
            goal: Goal::DetectionsAtOnce,
            lateness: asked.lateness.unwrap_or(Setup::LATENESS),
            ..setup
        };
        follow::follow(asked, setup, wanted, console)?
    } else {
        at_once(asked, setup, &wanted, console)?
    };
    conclude(asked, (read, &rules.products), &engine, (told, console))
}

/// Reads everything that is there, and tells what was found.
fn at_once(
    asked: &typed::Scan,
    setup: Setup,
    wanted: &Wanted,
    console: &mut Console,
) -> Result<(Read, Engine, u64), Failure> {
    let mut read = read(&asked.logs, &setup, wanted, console)?;
    let (mut detections, engine) = detections(setup, std::mem::take(&mut read.screened));
    detections.sort_by(|a, b| place(a).cmp(&place(b)));
    let mut telling = Telling::begin(Timestamp::now(), console)?;
    telling.tell(&detections, console)?;
    Ok((read, engine, telling.end(console)?))
}

/// Says how the reading went; a damaged file comes last, because it must not hold up the rest.
fn conclude(
    asked: &typed::Scan,
    (mut read, rules): (Read, &std::collections::BTreeMap<String, usize>),
    engine: &Engine,
    (told, console): (u64, &mut Console),
) -> Result<(), Failure> {
    read.note_coverage(engine);
    remark_summary(&read.reading, console);
    read.note_silent(rules, console);
    remark_left_out(engine, console);
    let count = usize::try_from(told).unwrap_or(usize::MAX);
    console.remark(&render::counted(count, "detection"));
    if let Some(path) = &asked.summary {
        write(path, &scan_summary_document(&read.reading, told))?;
    }
    read.complete()
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text).map_err(|cause| Failure::write(path, cause))
}

/// Logs alone, whoever runs what.
pub(crate) fn setup(rules: RuleSet) -> Setup {
    Setup {
        estate: Arc::new(Estate::new(EstateParts::default())),
        rules: Arc::new(rules),
        fields: Arc::new(field_map()),
        knowledge: Arc::default(),
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
    (only_detections(outputs), engine)
}

fn only_detections(outputs: Vec<Output>) -> Vec<Detection> {
    let detections = outputs.into_iter().flat_map(|output| match output {
        Output::Detections(detections) => detections,
        Output::Incidents(_) | Output::Changes(_) | Output::Decision(_) => Vec::new(),
    });
    detections.collect()
}
