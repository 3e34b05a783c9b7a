//! What correlations did not take into account, said beside the results.

use cordon_engine::Engine;

use crate::console::Console;

/// Remarks what was left out, and why; nothing where nothing was.
pub(crate) fn remark_left_out(engine: &Engine, console: &mut Console) {
    let (tally, losses) = (engine.tally(), engine.losses());
    let reasons = [
        (
            tally.late,
            "matches came too late, and were told but not correlated",
        ),
        (
            tally.hastened,
            "matches were correlated early, because too many waited for others",
        ),
        (
            losses.window_full,
            "records were forgotten by windows that were full",
        ),
        (
            losses.memory_full,
            "records were forgotten with the quietest groups of correlations",
        ),
        (
            losses.crowded,
            "records had more values in a field than correlations look at",
        ),
        (
            losses.unheard,
            "absences were not told, because what was absent was beside no other record either",
        ),
        (
            losses.unfinished,
            "absences were not told, because the logs end too soon after",
        ),
    ];
    for (count, what) in reasons.into_iter().filter(|(count, _)| *count > 0) {
        console.remark(&format!("  {count} {what}"));
    }
}
