//! How fast each decoder is, against `simd-json` on the same records written as JSON; for EVTX, against the bare walk
//! of the `evtx` crate.

use std::path::Path;

use crate::{
    Fault,
    decoder_inputs::{self, Input},
    lane::Engine,
    limits::Limit,
    machine,
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
        "{}- rounds: {rounds}, ours and theirs by turns; the best of each is shown, which other work on the machine held up least\n",
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
    let (mut told, mut ours, mut theirs) = (Told::default(), 0.0, 0.0);
    for _ in 0..rounds.max(1) {
        let (read, rate_of_ours) = rate(places, Limit::Read, &input.native)?;
        let (_, rate_of_theirs) = rate(places, *other, path)?;
        ours = f64::max(ours, rate_of_ours);
        theirs = f64::max(theirs, rate_of_theirs);
        told = read;
    }
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

/// Records for each second of CPU in one run.
fn rate(places: &Places, limit: Limit, input: &Path) -> Result<(Told, f64), Fault> {
    let run = Engine::Limit(limit).run(places, input, None)?;
    let told = Told::read(&run.said)?;
    let rate = as_f64(told.events) / run.used.cpu.as_secs_f64().max(1e-6);
    Ok((told, rate))
}
