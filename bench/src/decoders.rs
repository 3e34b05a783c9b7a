//! How fast each decoder is, against `simd-json` on the same records written as JSON; for EVTX, against the bare walk
//! of the `evtx` crate.

use std::path::Path;

use crate::{
    Fault,
    decoder_inputs::{self, Input},
    lane::Engine,
    limits::Limit,
    machine,
    measured::spread,
    places::Places,
    table::as_f64,
    told::Told,
};

/// Least share of the speed of what it is compared with that a decoder must have.
const SHARE_MIN: f64 = 1.0 / 3.0;

/// Measures every decoder, or those whose names hold a word, and prints a table. A decoder that is too slow is an
/// error, once all are printed.
pub(crate) fn run(places: &Places, rounds: usize, only: &str) -> Result<(), Fault> {
    println!(
        "{}- rounds: {rounds}; the middle one is shown\n",
        machine::described()
    );
    println!(
        "| decoder | records | MB | k records / CPU-s | compared with | k records / CPU-s | ratio |"
    );
    println!("|---|---|---|---|---|---|---|");
    let mut slow = Vec::new();
    for input in inputs(places)? {
        if !input.name.contains(only) {
            continue;
        }
        let (row, share) = measured(places, &input, rounds)?;
        println!("{row}");
        if share < SHARE_MIN {
            slow.push(input.name);
        }
    }
    if slow.is_empty() {
        return Ok(());
    }
    Err(format!(
        "below a third of what they are compared with: {}",
        slow.join(", ")
    )
    .into())
}

fn inputs(places: &Places) -> Result<Vec<Input>, Fault> {
    let mut inputs = decoder_inputs::make(places)?;
    if places.evtx_repeated().is_dir() {
        inputs.push(Input {
            name: "evtx".to_owned(),
            native: places.evtx_repeated(),
            other: (Limit::EvtxWalk, places.evtx_repeated()),
        });
    }
    Ok(inputs)
}

/// A row of the table, and the ratio.
fn measured(places: &Places, input: &Input, rounds: usize) -> Result<(String, f64), Fault> {
    let (other, path) = &input.other;
    let (told, ours) = rate(places, Limit::Read, &input.native, rounds)?;
    let (_, theirs) = rate(places, *other, path, rounds)?;
    let share = ours / theirs;
    let row = format!(
        "| {} | {} | {:.0} | {:.0} | {} | {:.0} | {share:.2} |",
        input.name,
        told.events,
        as_f64(told.bytes) / 1e6,
        ours / 1e3,
        other.words(),
        theirs / 1e3,
    );
    Ok((row, share))
}

/// Records for each second of CPU, in the middle round.
fn rate(places: &Places, limit: Limit, input: &Path, rounds: usize) -> Result<(Told, f64), Fault> {
    let engine = Engine::Limit(limit);
    let (mut told, mut rates) = (Told::default(), Vec::new());
    for _ in 0..rounds.max(1) {
        let run = engine.run(places, input, None)?;
        told = Told::read(&run.said)?;
        rates.push(as_f64(told.events) / run.used.cpu.as_secs_f64().max(1e-6));
    }
    Ok((told, spread(rates).median))
}
