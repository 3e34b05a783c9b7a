//! Everything that stays the same while an engine runs, and the part of its work without state.

use std::{collections::BTreeSet, sync::Arc};

use cordon_detect::{Match, Repeats, RuleSet, Screener};
use cordon_event::{Event, FieldMap, Numbering, Seen};
use cordon_incident::{Knowledge, Noticer, Uses};
use cordon_model::{Alias, Estate, Hours, Lease};
use cordon_plan::Effort;
use jiff::SignedDuration;

use crate::lent::Lent;

/// What an engine works with.
#[derive(Debug, Clone)]
pub struct Setup {
    /// What the organisation runs.
    pub estate: Arc<Estate>,
    /// The rules to match.
    pub rules: Arc<RuleSet>,
    /// Which field of which log names whom.
    pub fields: Arc<FieldMap>,
    /// What is known of rules and intruders before anything is seen.
    pub knowledge: Arc<Knowledge>,
    /// How long a cut is expected to stay.
    pub hold: Hours,
    /// How much searching a decision may take.
    pub effort: Effort,
    /// How late a record may arrive and still change the result.
    pub lateness: SignedDuration,
    /// What a record that comes twice means.
    pub repeats: Repeats,
    /// What is asked for.
    pub goal: Goal,
}

/// What an engine is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// What the rules say, and nothing that follows from it.
    Detections,
    /// The same, for somebody who waits: a plain rule's word on a record comes with the record, and only
    /// correlations wait until nothing earlier can still come.
    DetectionsAtOnce,
    /// What to do.
    Decision,
}

/// What [`Setup::screen`] found in some events, to be handed to the engine.
#[derive(Debug, Clone, Default)]
pub struct Screened {
    pub(crate) matches: Vec<Match>,
    pub(crate) seen: Seen,
    /// Names that events, whether any rule matched them or not, give to one thing.
    pub(crate) aliases: Vec<Alias>,
    /// Who uses what, by the same events.
    pub(crate) uses: Uses,
    /// Who had which address, by the same events.
    pub(crate) leases: Vec<Lease>,
}

impl Screened {
    /// Puts what was found in other events behind this; the engine's result does not depend on
    /// where.
    pub fn extend(&mut self, other: Self) {
        self.matches.extend(other.matches);
        self.seen.merge(other.seen);
        self.aliases.extend(other.aliases);
        self.uses.extend(other.uses);
        self.leases.extend(other.leases);
    }

    /// Names that events give to one thing.
    pub fn aliases(&self) -> &[Alias] {
        &self.aliases
    }

    /// What events say of who uses what.
    pub fn uses(&self) -> &Uses {
        &self.uses
    }

    /// What events say of who had which address.
    pub fn leases(&self) -> &[Lease] {
        &self.leases
    }

    /// Says what the records of a part of a stream are called there.
    pub fn number(&mut self, numbering: &Numbering) {
        for found in &mut self.matches {
            let evidence = &mut found.evidence;
            numbering.apply(&mut evidence.log, &mut evidence.id);
        }
        for lease in &mut self.leases {
            numbering.apply(&mut lease.log, &mut lease.record);
        }
    }

    /// How many hits there are: one for each rule that matched a record.
    pub fn len(&self) -> usize {
        self.matches.iter().map(|found| found.rules.len()).sum()
    }

    /// Whether nothing matched, and nothing was learned.
    pub fn is_empty(&self) -> bool {
        let nothing_learned = self.aliases.is_empty() && self.leases.is_empty();
        self.matches.is_empty() && nothing_learned && self.uses.is_empty()
    }
}

impl Setup {
    /// How late a record may arrive and still change the result, unless configured otherwise.
    pub const LATENESS: SignedDuration = SignedDuration::from_mins(15);

    /// Matches events against every rule, one after another. Keeps no state that shows in a
    /// result, so that callers may share the work among threads as they like, each with one of
    /// these.
    pub fn screen(&self) -> Screen<'_> {
        Screen {
            screener: Screener::new(&self.rules),
            fields: &self.fields,
            goal: self.goal,
            known: BTreeSet::new(),
            noticer: Noticer::default(),
            lent: Lent::default(),
            screened: Screened::default(),
        }
    }
}

/// One event after another through all rules.
#[derive(Debug)]
pub struct Screen<'s> {
    screener: Screener<'s>,
    fields: &'s FieldMap,
    goal: Goal,
    /// Names that were given already.
    known: BTreeSet<Alias>,
    noticer: Noticer,
    lent: Lent,
    screened: Screened,
}

impl Screen<'_> {
    /// Takes one event.
    pub fn take(&mut self, event: &Event) {
        self.screened.seen.saw(event);
        let entities = |event: &Event| self.fields.entities(event);
        let mut found = self.screener.screen(event, &entities);
        if let Some(found) = &mut found {
            found.evidence.deed = self.fields.deed(event);
        }
        self.screened.matches.extend(found);
        // Who is who, and who uses what, matters only to incidents.
        if self.goal == Goal::Decision {
            let outcome = || self.fields.deed(event).outcome;
            let entities = self.fields.entities(event);
            self.noticer.take(&entities, event.time, outcome);
            let leases = self.lent.take(event, self.fields);
            self.screened.leases.extend(leases);
            for alias in self.fields.aliases(event) {
                if self.known.insert(alias.clone()) {
                    self.screened.aliases.push(alias);
                }
            }
        }
    }

    /// Takes one event with its raw bytes, whose digest is kept if a rule matches, or if it says who has an address.
    pub fn take_raw(&mut self, event: &Event, raw: &[u8]) {
        let screened = &self.screened;
        let (matches, leases) = (screened.matches.len(), screened.leases.len());
        self.take(event);
        for found in self.screened.matches.iter_mut().skip(matches) {
            found.evidence.raw.sha256 = Some(cordon_event::sha256(raw));
        }
        for lease in self.screened.leases.iter_mut().skip(leases) {
            lease.raw.sha256 = Some(cordon_event::sha256(raw));
        }
    }

    /// Gives what was found since this was last asked.
    pub fn give(&mut self) -> Screened {
        self.screened.uses = self.noticer.give();
        std::mem::take(&mut self.screened)
    }
}
