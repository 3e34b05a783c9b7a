//! What a benchmark found, for people and for programs.

use std::time::Duration;

use serde_json::json;

use super::{Column, Look, table};
use crate::commands::bench::{Measured, Took};

/// The stages in the order of the work.
const STAGES: [&str; 3] = ["reading", "matching", "telling"];

/// Tables: the whole, then its stages.
pub(crate) fn bench(measured: &Measured, rules: usize, look: Look) -> String {
    let Measured { amount, .. } = measured;
    let unknown = || "unknown".to_owned();
    let whole = [
        ("rules", rules.to_string()),
        ("events", amount.events.to_string()),
        ("detections", amount.detections.to_string()),
        (
            "events per CPU second",
            format!("{:.0}", per_second(amount.events, cost(measured))),
        ),
        (
            "MB per CPU second",
            format!("{:.1}", per_second(amount.bytes, cost(measured)) / 1e6),
        ),
        (
            "peak memory, MB",
            measured
                .peak_bytes
                .map_or_else(unknown, |b| format!("{:.0}", mega(b))),
        ),
        ("threads compared", measured.threads.0.to_string()),
        (
            "their speed-up on the clock",
            format!("{:.2}", speed_up(measured)),
        ),
    ];
    let rows = whole.map(|(what, figure)| [what.to_owned(), figure]);
    let columns = [Column::Text("what"), Column::Number("figure")];
    let stages = STAGES.iter().zip(measured.stages).map(|(name, took)| {
        let cpu = took
            .cpu
            .map_or_else(unknown, |cpu| format!("{:.2}", cpu.as_secs_f64()));
        let share = 100.0 * took.cost().as_secs_f64() / cost(measured).as_secs_f64().max(1e-9);
        let wall = format!("{:.2}", took.wall.as_secs_f64());
        [(*name).to_owned(), cpu, wall, format!("{share:.0}")]
    });
    let stage_columns = [
        Column::Text("stage, one thread"),
        Column::Number("CPU s"),
        Column::Number("wall s"),
        Column::Number("%"),
    ];
    format!(
        "{}\n{}",
        table(&columns, rows, look),
        table(&stage_columns, stages, look)
    )
}

/// One JSON document.
pub(crate) fn bench_json(measured: &Measured, rules: usize) -> String {
    let Measured { amount, .. } = measured;
    let seconds = |took: &Took| {
        json!({
            "wall_seconds": took.wall.as_secs_f64(),
            "cpu_seconds": took.cpu.map(|cpu| cpu.as_secs_f64()),
        })
    };
    let stages: serde_json::Map<_, _> = STAGES
        .iter()
        .zip(&measured.stages)
        .map(|(name, took)| ((*name).to_owned(), seconds(took)))
        .collect();
    let document = json!({
        "rules": rules,
        "events": amount.events,
        "bytes": amount.bytes,
        "detections": amount.detections,
        "events_per_cpu_second": per_second(amount.events, cost(measured)),
        "bytes_per_cpu_second": per_second(amount.bytes, cost(measured)),
        "peak_bytes": measured.peak_bytes,
        "stages": stages,
        "threads": {
            "count": measured.threads.0,
            "wall_seconds": measured.threads.1.wall.as_secs_f64(),
            "speed_up": speed_up(measured),
        },
    });
    format!("{document:#}\n")
}

/// What the whole cost in one thread.
fn cost(measured: &Measured) -> Duration {
    measured.stages.iter().map(|took| took.cost()).sum()
}

fn speed_up(measured: &Measured) -> f64 {
    let one: Duration = measured.stages.iter().map(|took| took.wall).sum();
    one.as_secs_f64() / measured.threads.1.wall.as_secs_f64().max(1e-9)
}

#[expect(clippy::cast_precision_loss, reason = "for showing only")]
fn per_second(amount: u64, time: Duration) -> f64 {
    amount as f64 / time.as_secs_f64().max(1e-9)
}

#[expect(clippy::cast_precision_loss, reason = "for showing only")]
fn mega(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
