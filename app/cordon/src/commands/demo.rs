//! `cordon demo`: the whole story on a made retailer.

use std::{fs, path::Path};

use cordon_drill::northgate;
use cordon_model::Hours;

use super::respond::{Meant, respond};
use crate::{
    Failure,
    console::Console,
    typed::{self, Judging, RuleFiles, SourceFiles, UsualFiles},
};

/// How long the demo's cut stays, in hours: the price is dominated by what comes after.
const HOLD_HOURS: i64 = 24;

/// Writes Northgate's estate and logs, and responds to them as to anybody's.
///
/// # Errors
/// When the folder cannot be written.
pub(crate) fn run(asked: &typed::Demo, console: &mut Console) -> Result<(), Failure> {
    let progress = console.progress("making Northgate's day");
    let drill = northgate(asked.seed);
    let (estate, logs) = (asked.out.join("estate.yaml"), asked.out.join("logs"));
    write(&estate, drill.estate.as_bytes())?;
    for file in &drill.logs {
        write(&logs.join(&file.path), &file.bytes)?;
    }
    drop(progress);
    console.remark(&format!(
        "made Northgate, a retailer, and one day of its logs in {} (seed {})",
        asked.out.display(),
        asked.seed
    ));
    let out = asked.out.join("out");
    console.remark(&format!(
        "now: cordon respond --estate {} --logs {} --out {}",
        estate.display(),
        logs.display(),
        out.display()
    ));
    let hold = Hours::from_units(HOLD_HOURS);
    let meant = Meant {
        estate: vec![estate],
        logs: vec![logs],
        rules: RuleFiles::default(),
        sources: SourceFiles::default(),
        usual: UsualFiles::default(),
        judging: Judging::default(),
        out,
        hold,
    };
    respond(&meant, console)
}

/// Writes a file and the folders above it.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|cause| Failure::write(folder, cause))?;
    }
    fs::write(path, bytes).map_err(|cause| Failure::write(path, cause))
}
