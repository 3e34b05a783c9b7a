//! What correlations and incidents did not take into account, said beside the results.

use cordon_engine::Engine;

use crate::{console::Console, render::counted};

/// Remarks what was left out, and why; nothing where nothing was.
pub(crate) fn remark_left_out(engine: &Engine, console: &mut Console) {
    let (tally, losses) = (engine.tally(), engine.losses());
    let (leases_forgotten, leases_left_out) = engine.leases_lost();
    let reasons = [
        (
            tally.late,
            "match",
            "too late to be correlated, told all the same",
        ),
        (
            tally.hastened,
            "match",
            "correlated early, because too many waited for others",
        ),
        (
            losses.window_full,
            "record",
            "forgotten by windows that were full",
        ),
        (
            losses.memory_full,
            "record",
            "forgotten with the quietest groups of correlations",
        ),
        (
            losses.crowded,
            "record",
            "with more values in a field than correlations look at",
        ),
        (
            losses.unheard,
            "absence",
            "not told, because what was absent was beside no other record either",
        ),
        (
            losses.unfinished,
            "absence",
            "not told, because the logs end too soon after",
        ),
        (
            engine.uses_left_out(),
            "use",
            "of something by somebody not kept, because there was no room for one more thing",
        ),
        (
            leases_forgotten,
            "lease",
            "forgotten, because so many later ones are known of its address",
        ),
        (
            leases_left_out,
            "lease",
            "or user of an address not kept, because there was no room for one more",
        ),
    ];
    for (count, noun, what) in reasons.into_iter().filter(|(count, ..)| *count > 0) {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        console.remark(&format!("  {}: {what}", counted(count, noun)));
    }
}
