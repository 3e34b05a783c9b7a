//! How surely two detections belong together, from what they share.
//!
//! What they share counts as far as the two of them make it likely that the intruder holds it. What
//! nobody holds (an address, a device, a session, a ticket) counts as far as few people share it: an
//! office's address is everybody's. All of it counts less the longer the time between them, and a
//! little less where the later one is what intruders do earlier.

use std::{cmp::Ordering, collections::BTreeSet};

use cordon_model::{EntityKind, Timestamp};

use crate::identity::{Thing, Told};

/// From here on two detections are taken for one intrusion's. At this point two critical ones about
/// one account join over three days, two of level high over two and a half, two of level medium over
/// a day: the intruders of 2025 paused for up to two days between entry and movement.
pub(super) const JOIN_FROM: f64 = 0.35;

/// Hours in which a link loses half its weight.
const HALF_LIFE_HOURS: f64 = 48.0;

/// What sharing something that nobody holds is worth, if no more than two accounts use it.
const UNHELD: f64 = 0.6;

/// Accounts that may use what nobody holds before that says less.
const SHARED_FREELY: u32 = 2;

/// Accounts that may be active on a host before being there says less.
const ON_A_HOST_FREELY: u32 = 4;

/// Most accounts counted: whatever has as many joins nothing at any distance.
pub(super) const SHARERS_MAX: usize = 12;

/// Where what is done later is what intruders usually do earlier.
const OUT_OF_ORDER: f64 = 0.9;

/// What one detection says of one thing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Say {
    pub(crate) thing: Thing,
    pub(crate) kind: EntityKind,
    /// How surely it says that the intruder holds it; 0 if it does not say so.
    pub(crate) held: f64,
}

/// Whether a thing may join detections, and how much.
#[derive(Debug, Clone, Default)]
pub(super) struct Use {
    /// Accounts that records name together with it, at most [`SHARERS_MAX`] of them.
    sharers: BTreeSet<Thing>,
}

impl Use {
    pub(super) fn by(&mut self, account: Thing) {
        if self.sharers.len() < SHARERS_MAX {
            self.sharers.insert(account);
        }
    }

    /// How many accounts use it.
    pub(super) fn accounts(&self) -> usize {
        self.sharers.len()
    }

    /// Whether so many use it that it joins nothing.
    pub(super) fn is_common(&self, kind: EntityKind) -> bool {
        self.of(kind, 1.0) < JOIN_FROM
    }

    /// What sharing it is worth if it is held this surely; nothing once it is common, so that who else comes to use
    /// it then changes no link.
    fn weight(&self, kind: EntityKind, held: f64) -> f64 {
        if self.is_common(kind) {
            0.0
        } else {
            self.of(kind, held)
        }
    }

    fn of(&self, kind: EntityKind, held: f64) -> f64 {
        let few = |freely: u32| {
            let count = u32::try_from(self.sharers.len()).unwrap_or(u32::MAX);
            f64::from(freely) / f64::from(count.max(freely))
        };
        match kind {
            EntityKind::Account | EntityKind::Mailbox => held,
            EntityKind::Host | EntityKind::Resource => held * few(ON_A_HOST_FREELY),
            EntityKind::Device | EntityKind::Address | EntityKind::Session | EntityKind::Ticket => {
                held.max(UNHELD) * few(SHARED_FREELY)
            }
            EntityKind::Group | EntityKind::Application => 0.0,
        }
    }
}

/// Why two detections belong together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Link {
    /// What counts most of what they share.
    pub(super) by: Thing,
    pub(super) weight: f64,
}

/// Weighs what two detections share; `says` are in the order of things.
pub(super) fn link<'u>(
    (a, a_says): (&Told, &[Say]),
    (b, b_says): (&Told, &[Say]),
    use_of: impl Fn(Thing) -> Option<&'u Use>,
    before: impl Fn(Thing, Thing) -> Ordering,
) -> Option<Link> {
    let mut doubts = Vec::new();
    let mut best: Option<Link> = None;
    for (one, other) in shared(a_says, b_says) {
        let held = 1.0 - (1.0 - one.held) * (1.0 - other.held);
        let weight = use_of(one.thing).map_or(0.0, |of| of.weight(one.kind, held));
        doubts.push(1.0 - weight);
        let better = best.is_none_or(|known| {
            let order = weight.total_cmp(&known.weight);
            order.then_with(|| before(known.by, one.thing)).is_gt()
        });
        if better {
            let by = one.thing;
            best = Some(Link { by, weight });
        }
    }
    // Products of the same numbers in another order differ in their last digit.
    doubts.sort_by(f64::total_cmp);
    let doubt: f64 = doubts.iter().product();
    let weight = (1.0 - doubt) * apart(a.detection.time, b.detection.time) * order(a, b);
    let by = best?.by;
    (weight >= JOIN_FROM).then_some(Link { by, weight })
}

/// What both speak of.
fn shared<'s>(a: &'s [Say], b: &'s [Say]) -> impl Iterator<Item = (&'s Say, &'s Say)> {
    let mut rest = b.iter().peekable();
    a.iter().filter_map(move |one| {
        while rest.next_if(|other| other.thing < one.thing).is_some() {}
        let other = rest.next_if(|other| other.thing == one.thing)?;
        Some((one, other))
    })
}

/// What time between them leaves of a link; unknown times are near.
fn apart(a: Option<Timestamp>, b: Option<Timestamp>) -> f64 {
    let (Some(a), Some(b)) = (a, b) else {
        return 1.0;
    };
    let hours = b.duration_since(a).abs().as_secs() / 3_600;
    let hours = u32::try_from(hours).map_or(f64::from(u32::MAX), f64::from);
    (-hours / HALF_LIFE_HOURS).exp2()
}

/// What the order of their tactics leaves of a link, the first being the earlier one.
fn order(a: &Told, b: &Told) -> f64 {
    match (a.tactic, b.tactic) {
        (Some(a), Some(b)) if a > b => OUT_OF_ORDER,
        (Some(_) | None, Some(_) | None) => 1.0,
    }
}
