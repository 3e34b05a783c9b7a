//! What must hold whatever the world does.

use cordon_engine::{Decision, Engine, Input, Output, Tally};
use cordon_incident::Incident;
use cordon_model::{Detection, EventId, Timestamp};
use cordon_plan::{Outcome, check};

use crate::{Day, Weather, delivery::deliveries};

/// A law that did not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The seed that shows it.
    pub seed: u64,
    /// The law.
    pub law: &'static str,
    /// What was seen instead.
    pub seen: String,
}

/// Everything that an engine said.
struct Told {
    detections: Vec<Detection>,
    incidents: Vec<Incident>,
    decision: Option<Decision>,
    tally: Tally,
    delivered: u64,
}

/// Runs one world and checks every law in it.
///
/// # Errors
/// All laws that did not hold, with the seed.
pub fn check_seed(day: &Day, seed: u64) -> Result<(), Vec<Broken>> {
    let calm = in_order(day);
    let late = run(day, Weather::WithinLateness, seed);
    let storm = run(day, Weather::Storm, seed);
    let mut broken = Vec::new();
    let mut law = |law: &'static str, holds: bool, seen: String| {
        if !holds {
            broken.push(Broken { seed, law, seen });
        }
    };

    law(
        "within the lateness, arrival changes no detection",
        keys(&late.detections) == keys(&calm.detections),
        format!(
            "{} detections, {} in order",
            late.detections.len(),
            calm.detections.len()
        ),
    );
    law(
        "within the lateness, arrival changes no incident",
        late.incidents == calm.incidents,
        format!(
            "{} incidents, {} in order",
            late.incidents.len(),
            calm.incidents.len()
        ),
    );
    law(
        "within the lateness, arrival changes no decision",
        late.decision == calm.decision,
        "another decision".to_owned(),
    );
    law(
        "within the lateness, nothing is late",
        late.tally.late == 0,
        format!("{:?}", late.tally),
    );
    for told in [&calm, &late, &storm] {
        law(
            "every hit is used, or set aside with a counted reason",
            accounted(told.tally) == told.delivered,
            format!("{} delivered, {:?}", told.delivered, told.tally),
        );
        law(
            "a plan that reaches a person passes the checker",
            told.decision.as_ref().is_some_and(|d| passes(day, d)),
            "the checker refuses the plan".to_owned(),
        );
    }
    law(
        "a storm delays plain detections but loses none",
        plain(&storm.detections) == plain(&calm.detections),
        format!(
            "{} in the storm, {} in order",
            storm.detections.len(),
            calm.detections.len()
        ),
    );
    if broken.is_empty() {
        Ok(())
    } else {
        Err(broken)
    }
}

/// The whole day at once, as when files are read.
fn in_order(day: &Day) -> Told {
    let mut engine = Engine::new(day.setup.clone());
    let mut told = nothing();
    for (_, screened) in &day.screened {
        told.delivered += u64::try_from(screened.len()).unwrap_or(u64::MAX);
        told.hear(engine.advance(Timestamp::MIN, Input::Screened(screened.clone())));
    }
    told.end(engine)
}

/// The day as it arrives in one world, the clock running on.
fn run(day: &Day, weather: Weather, seed: u64) -> Told {
    let mut engine = Engine::new(day.setup.clone());
    let mut told = nothing();
    for delivery in deliveries(day, weather, seed) {
        told.delivered += delivery.hits;
        told.hear(engine.advance(delivery.at, Input::Screened(delivery.screened)));
    }
    told.end(engine)
}

fn nothing() -> Told {
    Told {
        detections: Vec::new(),
        incidents: Vec::new(),
        decision: None,
        tally: Tally::default(),
        delivered: 0,
    }
}

impl Told {
    fn hear(&mut self, outputs: Vec<Output>) {
        for output in outputs {
            match output {
                Output::Detections(detections) => self.detections.extend(detections),
                Output::Incidents(incidents) => self.incidents = incidents,
                Output::Decision(decision) => self.decision = Some(*decision),
                Output::Changes(_) => {}
            }
        }
    }

    fn end(mut self, mut engine: Engine) -> Self {
        self.hear(engine.advance(Timestamp::MAX, Input::End));
        self.tally = engine.tally();
        self.delivered += engine.own_hits();
        self
    }
}

fn accounted(tally: Tally) -> u64 {
    tally.used + tally.duplicates + tally.late
}

/// The checker's own verdict, asked again from outside the planner.
fn passes(day: &Day, decision: &Decision) -> bool {
    match &decision.answer.outcome {
        Outcome::Plan(plan) => {
            let question = decision.question(&day.setup.estate);
            check(&question, plan.draft().clone()).is_ok()
        }
        Outcome::Infeasible(_) => true,
    }
}

type Key = (String, Vec<EventId>);

fn key(detection: &Detection) -> Key {
    let records = detection.records.iter().map(|r| r.id.clone()).collect();
    (detection.rule.id.to_string(), records)
}

fn keys(detections: &[Detection]) -> Vec<Key> {
    let mut keys: Vec<Key> = detections.iter().map(key).collect();
    keys.sort();
    keys
}

/// Detections of rules that look at one record only. What is told of silence is left out: who comes too late was
/// silent until then.
fn plain(detections: &[Detection]) -> Vec<Key> {
    let mut keys: Vec<Key> = detections
        .iter()
        .filter(|d| one_record(d) && d.records.iter().all(|r| &*r.source != "cordon/coverage"))
        .map(key)
        .collect();
    keys.sort();
    keys
}

/// Whether no correlation is behind a detection.
fn one_record(detection: &Detection) -> bool {
    detection.group.is_empty() && detection.records.len() == 1
}
