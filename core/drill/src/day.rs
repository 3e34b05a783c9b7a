//! An ordinary Saturday: what the logs say when nothing is wrong, with everything that only looks
//! wrong.
//!
//! The look-alikes are the point. Dozens of real password and phone resets with tickets, real
//! administrators in vCenter, a shell opened on a hypervisor for a planned change: a detection that
//! fires on any of these fires every Saturday.

mod attendance;
mod cloud;
mod desk;
mod domain;
mod lookalikes;
mod platform;
mod processes;
mod sign_ins;

pub(crate) use attendance::Turn;
pub(crate) use lookalikes::SECRETS;

use crate::{cast::Cast, ledger::Ledger, machine::Machines, people::People};

/// Everything that the parts of the day are written from.
pub(crate) struct World<'n> {
    pub(crate) seed: u64,
    pub(crate) people: &'n People,
    pub(crate) machines: &'n Machines,
    pub(crate) cast: &'n Cast<'n>,
}

/// How much of administration's stranger work falls on the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Administration {
    /// What every Saturday has.
    Usual,
    /// That, and by chance what an intruder would do in the same way.
    Strange,
}

/// Writes the day into the ledger.
pub(crate) fn pass<'n>(world: &World<'n>, work: Administration, ledger: &mut Ledger<'n>) {
    let turns = attendance::turns(world);
    sign_ins::write(world, &turns, ledger);
    desk::write(world, &turns, ledger);
    domain::write(world, &turns, ledger);
    processes::write(world, &turns, ledger);
    platform::write(world, &turns, ledger);
    cloud::write(world, &turns, ledger);
    if work == Administration::Strange {
        lookalikes::write(world, &turns, ledger);
    }
}
