//! The watch over services: when each is looked at, and since when it was not seen well.

use cordon_model::Timestamp;

use crate::{Guarded, Health, Limits, Look, hand::later};

/// A look without an answer for so long counts as one that saw nothing.
const LOOK_MS: u64 = 3_000;

/// What a look changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sighting {
    /// Which service, counted along those guarded.
    pub(crate) guarded: usize,
    /// How it is now.
    pub(crate) health: Health,
    /// When a look that saw it well was last sent.
    pub(crate) last_well: Option<Timestamp>,
}

#[derive(Debug, Clone, Default)]
struct Sight {
    /// What it sees happened so long before it at most.
    behind_ms: u64,
    /// The look under way: its number and when it was sent.
    under_way: Option<(u64, Timestamp)>,
    /// When the last look that was answered was sent.
    answered: Option<Timestamp>,
    last_well: Option<Timestamp>,
    /// Looks in a row that did not see it well.
    unwell: u32,
}

/// The watch over all guarded services.
#[derive(Debug, Clone)]
pub(crate) struct Watch {
    sights: Vec<Sight>,
    number: u64,
}

impl Watch {
    pub(crate) fn over(guarded: &[Guarded]) -> Self {
        let sights = guarded.iter().map(|guarded| Sight {
            behind_ms: guarded.beat.as_ref().map_or(0, |beat| beat.within_ms),
            ..Sight::default()
        });
        Self {
            sights: sights.collect(),
            number: 0,
        }
    }

    /// Whether every service was looked at, by looks that were sent after this, and found no worse.
    pub(crate) fn seen_since(&self, time: Option<Timestamp>) -> bool {
        let mut sights = self.sights.iter();
        sights.all(|sight| sight.answered > time && sight.unwell == 0)
    }

    /// Whether every service was looked at once all that was done by this time could be seen: a heartbeat goes on
    /// counting what came before, for as long as it counts.
    pub(crate) fn seen_after(&self, time: Option<Timestamp>) -> bool {
        let mut sights = self.sights.iter();
        sights.all(|sight| {
            sight.answered > time.map(|time| later(time, sight.behind_ms)) && sight.unwell == 0
        })
    }

    /// Looks that are due.
    pub(crate) fn due(&mut self, now: Timestamp, limits: &Limits) -> Vec<Look> {
        let mut looks = Vec::new();
        for (guarded, sight) in self.sights.iter_mut().enumerate() {
            let due = sight
                .answered
                .is_none_or(|last| later(last, limits.look_ms) <= now);
            if due && sight.under_way.is_none() {
                self.number += 1;
                sight.under_way = Some((self.number, now));
                let number = self.number;
                looks.push(Look { guarded, number });
            }
        }
        looks
    }

    /// When something is due next.
    pub(crate) fn wake_at(&self, limits: &Limits) -> Option<Timestamp> {
        let each = self.sights.iter().filter_map(|sight| {
            let lost = sight.under_way.map(|(_, sent)| later(sent, LOOK_MS));
            lost.or_else(|| sight.answered.map(|last| later(last, limits.look_ms)))
        });
        each.min()
    }

    /// Looks that nobody answered.
    pub(crate) fn lost(&self, now: Timestamp) -> Vec<Look> {
        let sights = self.sights.iter().enumerate();
        let lost = sights.filter_map(|(guarded, sight)| {
            let (number, sent) = sight.under_way?;
            (later(sent, LOOK_MS) <= now).then_some(Look { guarded, number })
        });
        lost.collect()
    }

    /// Takes an answer in; none if the look is none under way, or tells nothing new yet.
    pub(crate) fn saw(
        &mut self,
        look: Look,
        health: Health,
        before: Option<&Health>,
        limits: &Limits,
    ) -> Option<Sighting> {
        let sight = self.sights.get_mut(look.guarded)?;
        let (_, sent) = sight
            .under_way
            .take_if(|(number, _)| *number == look.number)?;
        sight.answered = Some(sent);
        let last_well = sight.last_well;
        if health == Health::Well {
            sight.last_well = Some(sent);
            sight.unwell = 0;
        } else {
            sight.unwell += 1;
        }
        let same = before.is_some_and(|before| same_sort(before, &health));
        if same {
            // What was never well cannot get worse; nobody waits for it.
            sight.unwell = 0;
        }
        // What was ill from the start is told at once; what was not seen yet may be at the next look.
        let from_the_start = before.is_none() && matches!(health, Health::Ill(_));
        let sure = from_the_start || health == Health::Well || sight.unwell >= limits.ill_looks;
        (!same && sure).then(|| {
            sight.unwell = 0;
            Sighting {
                guarded: look.guarded,
                health,
                last_well,
            }
        })
    }
}

/// Whether both are well, both ill or both unknown, for whatever reasons.
fn same_sort(a: &Health, b: &Health) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b)
}
