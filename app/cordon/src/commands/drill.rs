//! `cordon drill`: days to rehearse on, and what an answer to them is worth.

mod score;

use std::collections::BTreeSet;

use cordon_drill::{Profile, northgate_day};

use super::demo::write;
use crate::{Failure, console::Console, typed};

/// Writes an estate, a day of its logs, and what really happened in it.
///
/// # Errors
/// When the folder cannot be written.
pub(crate) fn run(asked: &typed::Drill, console: &mut Console) -> Result<(), Failure> {
    if let Some(typed::DrillOther::Score(asked)) = &asked.other {
        return score::run(asked, console);
    }
    let Some(out) = &asked.out else {
        unreachable!("a day is not made without a place for it");
    };
    let progress = console.progress("making the day");
    let intruders: BTreeSet<Profile> = asked.intruder.iter().copied().collect();
    let drill = northgate_day(asked.seed, &intruders);
    let (estate, logs) = (out.join("estate.yaml"), out.join("logs"));
    let truth = out.join("truth.json");
    write(&estate, drill.estate.as_bytes())?;
    for file in &drill.logs {
        write(&logs.join(&file.path), &file.bytes)?;
    }
    write(&truth, drill.truth.document().as_bytes())?;
    drop(progress);
    let of = &drill.truth;
    console.remark(&format!(
        "made a day of Northgate in {} (seed {}): {} ordinary records, {} of {}; the truth is in {}",
        out.display(),
        asked.seed,
        of.benign_records,
        of.intrusion_records,
        who(&of.intrusions),
        truth.display()
    ));
    console.remark(&format!(
        "now: cordon respond --estate {} --logs {} --out {}",
        estate.display(),
        logs.display(),
        out.join("out").display()
    ));
    Ok(())
}

fn who(intruders: &[Profile]) -> String {
    let words: Vec<&str> = intruders.iter().map(|profile| profile.word()).collect();
    match words.as_slice() {
        [] => "an intruder, because nobody breaks in".to_owned(),
        [one] => format!("the intruder ({one})"),
        several => format!("the intruders ({})", several.join(", ")),
    }
}
