//! `cordon bench plan`: what reading a large estate and planning on it cost, in this very binary.
//!
//! The estate is Northgate with as many outlets as asked for, written to a file, read back and planned on
//! as anybody's would be.

use std::{
    env,
    fs::{self, File},
    path::PathBuf,
    process,
    time::{Duration, Instant},
};

use cordon_drill::{Outlets, Shape};
use cordon_model::Hours;
use cordon_plan::{Effort, Outcome, Question, answer};
use cordon_report::json::v1::Number;
use serde_json::{Value, json};

use crate::{
    Failure, console::Console, estate::estate, footholds::footholds, typed, typed::Format, usage,
};

/// How long the cut stays, in hours.
const HOLD_HOURS: i64 = 24;

/// Measures what was asked for.
///
/// # Errors
/// When the file cannot be written or read.
pub(crate) fn run(asked: &typed::BenchPlan, console: &mut Console) -> Result<(), Failure> {
    let outlets = Outlets {
        outlets: asked.outlets,
        shape: asked.shape.meant(),
        seed: asked.seed,
    };
    let file = asked
        .write
        .clone()
        .map_or_else(MadeFile::passing, MadeFile::kept);
    let written = File::create(&file.path).and_then(|out| outlets.write(out));
    written.map_err(|cause| Failure::write(&file.path, cause))?;
    usage::forget_peak();
    let (read, loading) = timed(|| estate(std::slice::from_ref(&file.path), console));
    let estate = read?;
    let held = if asked.outside {
        vec![outlets.outside()]
    } else {
        outlets.staff(asked.staff)
    };
    let question = Question {
        estate: &estate,
        footholds: footholds(&held, &estate)?,
        outside_estate: Vec::new(),
        hold: Hours::from_units(HOLD_HOURS),
        effort: Effort(asked.effort),
    };
    let (answer, planning) = timed(|| answer(&question));
    let mut told = json!({
        "shape": outlets.shape.word(),
        "nodes": estate.nodes().len(),
        "edges": estate.edges().len(),
        "services": estate.services().len(),
        "steps": estate.steps().len(),
        "held": held.len(),
        "load_seconds": seconds(loading),
        "plan_seconds": seconds(planning),
        "peak_bytes": usage::peak_bytes(),
    });
    if let (Outcome::Plan(plan), Some(told)) = (&answer.outcome, told.as_object_mut()) {
        let (price, proof) = (&plan.draft().price.total, &plan.draft().proof);
        let flow = proof.flow.as_ref().map(|flow| flow.bound.to_string());
        told.insert("price".to_owned(), json!(price.to_string()));
        told.insert(
            "lower_bound".to_owned(),
            json!(proof.lower_bound.to_string()),
        );
        told.insert(
            "gap".to_owned(),
            json!(Number::gap(price, &proof.lower_bound).as_str()),
        );
        told.insert("shown_by_flow".to_owned(), json!(flow));
        told.insert("work".to_owned(), json!(proof.work));
    }
    match console.format {
        Format::Table => console.result(&lines(&told)),
        Format::Json | Format::Jsonl => console.json_text(&format!("{told}\n")),
    }
}

/// Seconds, to the thousandth: the system counts no finer.
fn seconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e3).round() / 1e3
}

fn lines(told: &Value) -> String {
    let entries = told.as_object().into_iter().flatten();
    let line = |(key, value): (&String, &Value)| {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        format!("{key:>14}  {text}\n")
    };
    entries.map(line).collect()
}

/// A result, and the CPU time it took; time on the clock where the system does not say.
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let (began, cpu) = (Instant::now(), usage::cpu());
    let done = work();
    let spent = usage::cpu().zip(cpu);
    let spent = spent.map(|(after, before)| after.saturating_sub(before));
    (done, spent.unwrap_or_else(|| began.elapsed()))
}

/// The estate's file, gone when this is unless it was asked for.
struct MadeFile {
    path: PathBuf,
    is_kept: bool,
}

impl MadeFile {
    fn kept(path: PathBuf) -> Self {
        let is_kept = true;
        Self { path, is_kept }
    }

    fn passing() -> Self {
        let name = format!("cordon-bench-{}.jsonl", process::id());
        Self {
            path: env::temp_dir().join(name),
            is_kept: false,
        }
    }
}

impl Drop for MadeFile {
    fn drop(&mut self) {
        if !self.is_kept {
            let _what_is_left_in_a_folder_for_that_is_no_harm = fs::remove_file(&self.path);
        }
    }
}

impl typed::BenchShape {
    fn meant(self) -> Shape {
        match self {
            Self::Roles => Shape::Roles,
            Self::Exceptions => Shape::Exceptions,
            Self::Random => Shape::Random,
        }
    }
}
