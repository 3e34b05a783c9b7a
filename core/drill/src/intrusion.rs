//! The intrusions, record by record.
//!
//! Each follows the order and the tempo of intrusions as they were reported, and stops where those
//! became ruinous. Only log lines are made; there is no tool here that does any of it.

mod affiliate;
mod exhaustion;
mod telephone;

use crate::{Profile, day::World, ledger::Ledger, truth::Held};

/// Writes the intrusions into the ledger, and says what is held since when.
pub(crate) fn pass<'n>(
    world: &World<'n>,
    profiles: &[Profile],
    ledger: &mut Ledger<'n>,
) -> Vec<Held> {
    let mut held = Vec::new();
    for (intrusion, profile) in profiles.iter().enumerate() {
        held.extend(match profile {
            Profile::Telephone => telephone::pass(world, intrusion, ledger),
            Profile::Exhaustion => exhaustion::pass(world, intrusion, ledger),
            Profile::Affiliate => affiliate::pass(world, intrusion, ledger),
        });
    }
    held
}
