//! How surely two detections belong together, from what they share.
//!
//! What they share counts as far as the two of them make it likely that the intruder holds it. What
//! nobody holds (an address, a device, a session, a ticket) counts as far as few people share it: an
//! office's address is everybody's. What an account does that acts on many machines (a backup, a scanner) belongs
//! together, and says little of what else happens there; so does what a machine does itself that many use. All of it counts less the longer the time between them, and a
//! little less where the later one is what intruders do earlier.

use std::cmp::Ordering;

use cordon_model::{EntityKind, Timestamp};

use crate::{
    identity::{Say, Thing, Told},
    usage::Few,
};

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

/// Accounts that may act on a machine or open a mailbox, and machines that an account may act on, before that says
/// less: more than an administrator's ordinary day. A dozen people make no machine common, since a dozen
/// hardly ever have two troubles at a time.
const ACTS_FREELY: u32 = 8;

/// Most counted: whatever has as many joins nothing at any distance.
pub(super) const SHARERS_MAX: usize = 24;

/// Minutes after which it is half as telling that one machine was spoken of again.
const CHANCE_HALVES_MINUTES: f64 = 5.0;

/// Where what is done later is what intruders usually do earlier.
const OUT_OF_ORDER: f64 = 0.9;

/// Whether a thing may join detections, and how much.
#[derive(Debug, Clone, Default)]
pub(super) struct Use {
    /// Accounts that use it, or machines that it acts on if it is an account; at most [`SHARERS_MAX`] of them.
    sharers: Few,
    /// Whether there are many more than those.
    many: bool,
}

impl Use {
    pub(super) fn by(&mut self, sharer: u64) {
        self.sharers.add(sharer, SHARERS_MAX);
    }

    /// There are more than anybody counts.
    pub(super) fn by_many(&mut self) {
        self.many = true;
    }

    /// How many use it, or how many machines it acts on.
    pub(super) fn count(&self) -> usize {
        if self.many {
            SHARERS_MAX
        } else {
            self.sharers.len()
        }
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
        match kind {
            EntityKind::Account => held,
            EntityKind::Mailbox | EntityKind::Host | EntityKind::Resource => {
                held * self.few(ACTS_FREELY)
            }
            EntityKind::Device | EntityKind::Address | EntityKind::Session | EntityKind::Ticket => {
                held.max(UNHELD) * self.few(SHARED_FREELY)
            }
            EntityKind::Group | EntityKind::Application => 0.0,
        }
    }

    /// What it says of others that an account acts on so many machines.
    fn of_actor(&self) -> f64 {
        self.few(ACTS_FREELY)
    }

    fn few(&self, freely: u32) -> f64 {
        let count = u32::try_from(self.count()).unwrap_or(u32::MAX);
        f64::from(freely) / f64::from(count.max(freely))
    }
}

/// Why two detections belong together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Link {
    /// What counts most of what they share.
    pub(super) by: Thing,
    pub(super) weight: f64,
}

/// Weighs what two detections share.
pub(super) fn link<'u>(
    a: &Told,
    b: &Told,
    use_of: impl Fn(Thing) -> Option<&'u Use>,
    before: impl Fn(Thing, Thing) -> Ordering,
) -> Option<Link> {
    let rare = rarity(&a.says, &use_of).min(rarity(&b.says, &use_of));
    let soon = soon(a.detection.time, b.detection.time);
    let mut doubts = Vec::new();
    let mut best: Option<Link> = None;
    for (one, other) in shared(&a.says, &b.says) {
        let held = 1.0 - (1.0 - one.held) * (1.0 - other.held);
        let of = use_of(one.thing);
        let own = one.is_own_doing() && other.is_own_doing();
        // What an intruder took does not become common by what more he does there.
        let taken = one.is_surely_taken() && other.is_surely_taken();
        let rare = match one.kind {
            EntityKind::Account if one.held > 0.0 && other.held > 0.0 => 1.0,
            EntityKind::Account => of.map_or(1.0, Use::of_actor),
            EntityKind::Host if one.held > 0.0 && other.held > 0.0 => rare + (1.0 - rare) * soon,
            EntityKind::Host
            | EntityKind::Address
            | EntityKind::Device
            | EntityKind::Mailbox
            | EntityKind::Group
            | EntityKind::Application
            | EntityKind::Ticket
            | EntityKind::Session
            | EntityKind::Resource => rare,
        };
        let weight = if own || taken {
            held
        } else {
            of.map_or(0.0, |of| of.weight(one.kind, held)) * rare
        };
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

/// What a detection says of others by where it happened: as much as the least busy of the accounts does that it says
/// are held, everything if there is none.
fn rarity<'u>(says: &[Say], use_of: &impl Fn(Thing) -> Option<&'u Use>) -> f64 {
    let held = says
        .iter()
        .filter(|say| say.kind == EntityKind::Account && say.held > 0.0);
    let rarity = held.filter_map(|say| use_of(say.thing).map(Use::of_actor));
    rarity.max_by(f64::total_cmp).unwrap_or(1.0)
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

/// How little it can be chance that both spoke of one machine as held, by the time between them. What an account does on
/// many machines says little of what happens on one of them some other time, and much of what happens there within minutes.
fn soon(a: Option<Timestamp>, b: Option<Timestamp>) -> f64 {
    let (Some(a), Some(b)) = (a, b) else {
        return 0.0;
    };
    let minutes = b.duration_since(a).abs().as_secs() / 60;
    let minutes = u32::try_from(minutes).map_or(f64::from(u32::MAX), f64::from);
    (-minutes / CHANCE_HALVES_MINUTES).exp2()
}

/// What the order of their tactics leaves of a link, the first being the earlier one.
fn order(a: &Told, b: &Told) -> f64 {
    match (a.tactic, b.tactic) {
        (Some(a), Some(b)) if a > b => OUT_OF_ORDER,
        (Some(_) | None, Some(_) | None) => 1.0,
    }
}
