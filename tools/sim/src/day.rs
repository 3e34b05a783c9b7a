//! A day of Northgate, read and screened once, to be delivered again and again.

use std::{collections::BTreeSet, sync::Arc};

use cordon_detect::RuleSet;
use cordon_drill::{Drill, northgate, northgate_day};
use cordon_engine::{Goal, Repeats, Screen, Screened, Setup};
use cordon_estate::Pages;
use cordon_event::{Degradation, Event, FieldMap, Hints, Refusal, Sink};
use cordon_incident::{Actors, Knowledge, Rates, Watched};
use cordon_model::{Hours, Timestamp};
use cordon_plan::Effort;
use cordon_text::Source;

/// A day as screened events, each with its time.
#[derive(Debug)]
pub struct Day {
    /// What the engine works with.
    pub setup: Setup,
    /// Events that matched anything, in the order of the files.
    pub screened: Vec<(Timestamp, Screened)>,
}

/// The texts that a day needs beside its logs.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    /// Sigma rules.
    pub rules: Vec<Source>,
    /// Which field of which log names whom.
    pub fields: Vec<Source>,
    /// How often rules fire on ordinary days.
    pub beliefs: Vec<Source>,
    /// Profiles of known intruders.
    pub actors: Vec<Source>,
}

impl Texts {
    /// What they say of rules and intruders.
    pub fn knowledge(&self) -> Knowledge {
        Knowledge {
            rates: Rates::parse(&self.beliefs).0,
            actors: Actors::parse(&self.actors).0,
            watched: self.watched(),
            ..Knowledge::default()
        }
    }

    /// The techniques that rules name: a made day has the logs of all of them.
    fn watched(&self) -> Watched {
        let parsed = self.rules.iter().map(cordon_sigma::parse);
        let rules: Vec<_> = parsed.flat_map(|parsed| parsed.rules).collect();
        let tags = rules.iter().flat_map(|rule| &rule.header.tags);
        Watched::of_tags(tags.map(|tag| &**tag))
    }
}

impl Day {
    /// Makes the day of a seed, reads it and screens it.
    ///
    /// # Panics
    /// When Northgate's own estate or records cannot be read: a world that cannot be built proves
    /// nothing.
    pub fn new(seed: u64, texts: &Texts) -> Self {
        Self::of(&northgate(seed), texts)
    }

    /// The same of a day on which nobody breaks in, and some of the work looks as if.
    ///
    /// # Panics
    /// As [`Day::new`].
    pub fn without_an_intruder(seed: u64, texts: &Texts) -> Self {
        Self::of(&northgate_day(seed, &BTreeSet::new()), texts)
    }

    /// Reads and screens a day.
    ///
    /// # Panics
    /// As [`Day::new`].
    pub fn of(drill: &Drill, texts: &Texts) -> Self {
        let setup = setup(&drill.estate, texts);
        let mut intake = Intake {
            screen: setup.screen(),
            screened: Vec::new(),
        };
        for log in &drill.logs {
            let path: Arc<str> = log.path.as_str().into();
            let read = cordon_event::read(
                &path,
                &mut log.bytes.as_slice(),
                &Hints::default(),
                &mut intake,
            );
            assert!(read.is_ok(), "bytes in memory can be read");
        }
        let screened = intake.screened;
        Self { setup, screened }
    }
}

/// What an engine works with on Northgate.
pub(crate) fn setup(estate: &str, texts: &Texts) -> Setup {
    let estate = Source::new("estate.yaml", estate);
    let (pages, _) = Pages::parse(&[], &[]);
    let Ok(read) = cordon_estate::read(&[estate], &pages) else {
        unreachable!("Northgate's estate can be read");
    };
    Setup {
        estate: Arc::new(read.estate),
        rules: Arc::new(rules(&texts.rules)),
        fields: Arc::new(FieldMap::parse(&texts.fields).0),
        knowledge: Arc::new(texts.knowledge()),
        hold: Hours::from_units(24),
        effort: Effort::DEFAULT,
        lateness: Setup::LATENESS,
        repeats: Repeats::Once,
        goal: Goal::Decision,
    }
}

fn rules(sources: &[Source]) -> RuleSet {
    let (mut rules, mut correlations) = (Vec::new(), Vec::new());
    for source in sources {
        let parsed = cordon_sigma::parse(source);
        rules.extend(parsed.rules);
        correlations.extend(parsed.correlations);
    }
    RuleSet::compile(rules, correlations).0
}

/// Keeps only events that match something: the others reach the engine as nothing at all.
struct Intake<'s> {
    screen: Screen<'s>,
    screened: Vec<(Timestamp, Screened)>,
}

impl Sink for Intake<'_> {
    fn event(&mut self, event: &Event, _degraded: &[Degradation]) {
        self.screen.take(event);
        let screened = self.screen.give();
        if let (false, Some(time)) = (screened.is_empty(), event.time) {
            self.screened.push((time, screened));
        }
    }

    fn refusal(&mut self, refusal: Refusal) {
        unreachable!("Northgate's records can all be read, and this one cannot: {refusal:?}");
    }
}
