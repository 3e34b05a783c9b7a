//! One person or machine under many names, and what a detection says of it.

mod alias;
mod directory;
mod domain;
mod lodged;
mod session;

use std::sync::Arc;

use cordon_model::{Detection, Entity, EntityKind, Level, Role};

use crate::lease::{Leases, Lodging};
use lodged::{entity, lodged, meant};

pub use alias::Naming;
pub(crate) use directory::{Directory, Meaning, Name, Thing};

/// What a correlation's group may name.
const GROUPED: [EntityKind; 2] = [EntityKind::Account, EntityKind::Host];

/// One entity of one record.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mention {
    pub(crate) name: Name,
    pub(crate) meaning: Meaning,
    pub(crate) kind: EntityKind,
    /// Whether the detection says that the intruder holds it.
    pub(crate) held: bool,
    /// Which of the detection's records names it, by position.
    pub(crate) record: u16,
    /// Which of the record's entities it is, by position; behind them come those who had its addresses.
    pub(crate) place: u16,
}

/// What one detection says of one thing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Say {
    pub(crate) thing: Thing,
    pub(crate) kind: EntityKind,
    /// How surely it says that the intruder holds it; 0 if it does not say so.
    pub(crate) held: f64,
    /// Whether it is a machine whose own doing is seen.
    pub(crate) acts: bool,
}

/// From here on one detection alone says surely that a thing is held: those of level high do.
const SURE_FROM: f64 = 0.5;

impl Say {
    /// Whether a machine is surely held, whoever else uses it.
    pub(crate) fn is_surely_taken(&self) -> bool {
        self.kind == EntityKind::Host && self.is_sure()
    }

    /// Whether this alone says surely that the thing is held.
    pub(crate) fn is_sure(&self) -> bool {
        self.held >= SURE_FROM
    }

    /// Whether a machine does something, and is held for it.
    pub(crate) fn is_own_doing(&self) -> bool {
        self.acts && self.held > 0.0
    }
}

/// A detection and everything it names.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) detection: Arc<Detection>,
    pub(crate) mentions: Box<[Mention]>,
    /// What the addresses that it names are taken for, in its order.
    pub(crate) lodgings: Box<[Lodging]>,
    /// What a correlation was grouped by, as names.
    group: Box<[Name]>,
    /// The sessions that its records belong to, in 64 bits, if it is of level medium.
    pub(crate) sessions: Box<[u64]>,
    /// What it says of each thing that it names, in the order of things; known once it is taken into account.
    pub(crate) says: Box<[Say]>,
    /// Whether anything ties its records to one another.
    tied: bool,
    /// How far on in an intrusion what the rule sees usually is.
    pub(crate) tactic: Option<u8>,
}

impl Told {
    /// Takes notice of every name in a detection. What the names mean is known once the directory is
    /// settled and they are resolved. Names that are known already are kept once.
    ///
    /// Of a detection with more records than a correlation keeps, or a record with more entities
    /// than any log names, what is beyond 65,535 is not looked at.
    pub(crate) fn new(directory: &mut Directory, mut detection: Detection) -> Self {
        let group = detection.group.iter();
        let group = group.flat_map(|value| GROUPED.map(|kind| (kind, value)));
        let group = group.map(|(kind, value)| directory.name(kind, value));
        let group = group.collect();
        let entities = detection.records.iter().map(|record| record.entities.len());
        let mut mentions = Vec::with_capacity(entities.sum());
        for (record, evidence) in (0..u16::MAX).zip(&mut detection.records) {
            for (place, entity) in (0..u16::MAX).zip(&mut evidence.entities) {
                let name = directory.name_once(entity);
                mentions.push(Mention {
                    name,
                    meaning: directory.meaning(name),
                    kind: entity.kind,
                    held: false,
                    record,
                    place,
                });
            }
        }
        Self {
            sessions: session::of(&detection),
            says: Box::default(),
            tactic: tactic(&detection),
            detection: Arc::new(detection),
            mentions: mentions.into(),
            lodgings: Box::default(),
            group,
            tied: true,
        }
    }

    /// Whether it may join others: it is of at least medium level, and something ties its records to
    /// one another. A correlation that is grouped by nothing may have taken one record of each of two
    /// intrusions.
    pub(crate) fn is_strong(&self) -> bool {
        self.detection.rule.level >= Level::Medium && self.tied
    }

    /// Whether anything ties its records to one another.
    pub(crate) fn is_tied(&self) -> bool {
        self.tied
    }

    /// The level of what it says: one lower where nothing ties its records.
    pub(crate) fn level(&self) -> Level {
        match (self.tied, self.detection.rule.level) {
            (true, level) => level,
            (false, Level::Critical) => Level::High,
            (false, Level::High) => Level::Medium,
            (false, Level::Medium) => Level::Low,
            (false, Level::Low | Level::Informational) => Level::Informational,
        }
    }

    /// Whether its records are tied: by what a correlation is grouped by, or by something that all of
    /// them name.
    fn ties(&self) -> bool {
        let records = self.detection.records.len();
        if records < 2 || !self.detection.group.is_empty() {
            return true;
        }
        let ties = |kind| !matches!(kind, EntityKind::Group | EntityKind::Application);
        let mut named: Vec<(Thing, u16)> = self
            .mentions
            .iter()
            .filter(|mention| ties(mention.kind))
            .map(|mention| (mention.meaning.thing, mention.record))
            .collect();
        named.sort_unstable();
        named.dedup();
        named
            .chunk_by(|(a, _), (b, _)| a == b)
            .any(|one| one.len() == records)
    }

    /// Says what the names mean and what is held.
    pub(crate) fn resolve(&mut self, directory: &mut Directory, leases: &mut Leases) {
        let lodgings = leases.lodgings(&self.detection, directory);
        if lodgings != self.lodgings {
            self.lodgings = lodgings;
            self.mentions = lodged(&self.detection, (&self.mentions, &self.lodgings), directory);
        }
        for mention in &mut self.mentions {
            let meaning = directory.meaning(mention.name);
            mention.meaning = meant((&self.detection, &self.lodgings), mention, meaning);
        }
        self.tied = self.ties();
        let group = self.group.iter().map(|name| directory.meaning(*name).thing);
        let group: Vec<Thing> = group.collect();
        let (detection, lodgings) = (&self.detection, &self.lodgings);
        for mention in &mut self.mentions {
            let Some(entity) = entity((detection, lodgings), mention) else {
                continue;
            };
            mention.held = can_be_held(entity.kind)
                && if detection.rule.holds.is_empty() {
                    group.contains(&mention.meaning.thing) || is_grouped_by(detection, entity)
                } else {
                    is_held_by_role(detection, entity)
                };
        }
    }

    /// The least of the names by which it calls a thing, to tell things apart in a fixed order.
    pub(crate) fn name_of(&self, thing: Thing) -> Option<(EntityKind, &str)> {
        let mentions = self.mentions.iter().filter(|m| m.meaning.thing == thing);
        let entities = mentions.filter_map(|mention| self.entity(mention));
        entities.map(|entity| (entity.kind, &*entity.id)).min()
    }

    /// The entity that a mention is of.
    pub(crate) fn entity(&self, mention: &Mention) -> Option<&Entity> {
        entity((&self.detection, &self.lodgings), mention)
    }
}

/// How far on in an intrusion what a rule sees usually is: the latest of the tactics it names.
fn tactic(detection: &Detection) -> Option<u8> {
    let tags = detection.rule.tags.iter();
    let words = tags.filter_map(|tag| tag.strip_prefix("attack."));
    let places = words.filter_map(|word| {
        let word = word.replace('_', "-");
        TACTICS.iter().position(|tactic| *tactic == word)
    });
    u8::try_from(places.max()?).ok()
}

/// ATT&CK's tactics in the order in which it lists them; `stealth` and `impair-defenses` took the
/// place of defence evasion in v19.
const TACTICS: [&str; 16] = [
    "reconnaissance",
    "resource-development",
    "initial-access",
    "execution",
    "persistence",
    "privilege-escalation",
    "defense-evasion",
    "stealth",
    "impair-defenses",
    "credential-access",
    "discovery",
    "lateral-movement",
    "collection",
    "command-and-control",
    "exfiltration",
    "impact",
];

/// A ticket, a group or an address is evidence about somebody; it is not itself taken.
fn can_be_held(kind: EntityKind) -> bool {
    match kind {
        EntityKind::Account
        | EntityKind::Host
        | EntityKind::Device
        | EntityKind::Mailbox
        | EntityKind::Application
        | EntityKind::Resource => true,
        EntityKind::Address | EntityKind::Group | EntityKind::Ticket | EntityKind::Session => false,
    }
}

fn is_held_by_role(detection: &Detection, entity: &Entity) -> bool {
    let origin_of_a_host = entity.role == Role::Origin && entity.kind != EntityKind::Host;
    detection.rule.holds.contains(&entity.role) && !origin_of_a_host
}

/// Whether a correlation's group value is the entity's name, for an account also without domains.
fn is_grouped_by(detection: &Detection, entity: &Entity) -> bool {
    let same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
    detection.group.iter().any(|value| {
        same(value, &entity.id)
            || entity.kind == EntityKind::Account && same(bare(value), bare(&entity.id))
    })
}

/// `DOMAIN\name` and `name@domain` without the domain.
fn bare(account: &str) -> &str {
    let account = account.rsplit_once('\\').map_or(account, |(_, name)| name);
    account.split_once('@').map_or(account, |(name, _)| name)
}

/// How telling a spelling is, the most telling first: a name with its domain, one without, a number.
pub(crate) fn spelling_rank(kind: EntityKind, spelling: &str) -> u8 {
    alias::rank(kind, spelling)
}
