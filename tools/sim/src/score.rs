//! How well incidents tell what really happened on a made day.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use cordon_drill::{Drill, Profile, Stage, Truth, northgate_day};
use cordon_engine::{Engine, Goal, Input, Output};
use cordon_incident::{Grouping, Incident, IncidentId};
use cordon_model::{Belief, Detection, LogRef, NodeId, RuleId, Timestamp};

use crate::{Day, Texts};

/// What was found of one day.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// The day's seed.
    pub seed: u64,
    /// All detections.
    pub detections: usize,
    /// Incidents at or above the acting threshold.
    pub acting: usize,
    /// Incidents below it.
    pub watched: usize,
    /// What was found of each intrusion.
    pub intrusions: Vec<IntrusionScore>,
}

/// What was found of one intrusion.
#[derive(Debug, Clone, PartialEq)]
pub struct IntrusionScore {
    /// Who it was.
    pub profile: Profile,
    /// The incident that holds most of its detections.
    pub incident: Option<IncidentId>,
    /// Its detections.
    pub detections: usize,
    /// How many of them that incident holds.
    pub together: usize,
    /// The titles of the rules behind those that it does not hold.
    pub apart: Vec<String>,
    /// How many detections that incident holds that have nothing to do with it.
    pub foreign: usize,
    /// How many of those are of at least medium level.
    pub foreign_strong: usize,
    /// Entities that the incident calls `likely` and that are not held.
    pub wrong: Vec<String>,
    /// What it holds.
    pub held: Vec<HeldScore>,
    /// The actor that the incident resembles most, with the ratio.
    pub likeness: Option<(String, f64)>,
}

/// What was believed of one entity that is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldScore {
    /// Which.
    pub node: NodeId,
    /// What was believed of it just before the intruder's third tactic from when it was taken on, or
    /// at the day's end if there were fewer.
    pub in_time: Belief,
    /// What was believed of it at the day's end.
    pub at_the_end: Belief,
}

impl Score {
    /// Whether each intrusion is an incident of its own.
    pub fn told_apart(&self) -> bool {
        let found: BTreeSet<_> = self.intrusions.iter().map(|i| &i.incident).collect();
        found.len() == self.intrusions.len() && self.intrusions.iter().all(|i| i.incident.is_some())
    }
}

impl IntrusionScore {
    /// The share of its detections that are in one incident.
    pub fn recall(&self) -> f64 {
        share(self.together, self.detections)
    }

    /// The share of that incident's detections that belong to it.
    pub fn precision(&self) -> f64 {
        share(self.together, self.together + self.foreign)
    }

    /// The held entities that were not even suspected in time.
    pub fn missed_in_time(&self) -> Vec<&HeldScore> {
        let held = self.held.iter();
        held.filter(|h| h.in_time < Belief::Suspected).collect()
    }
}

fn share(part: usize, whole: usize) -> f64 {
    let number = |n: usize| u32::try_from(n).map_or(f64::MAX, f64::from);
    if whole == 0 {
        return 1.0;
    }
    number(part) / number(whole)
}

/// Makes a day and scores what is found of it.
pub fn score(seed: u64, intrusions: &BTreeSet<Profile>, texts: &Texts) -> Score {
    let drill = northgate_day(seed, intrusions);
    let day = Day::of(&drill, texts);
    let found = Found::of(&day);
    let intrusions = drill.truth.intrusions.iter().enumerate();
    let intrusions = intrusions
        .map(|(number, profile)| found.intrusion(&day, &drill, (number, *profile)))
        .collect();
    let acting = found.incidents.iter().filter(|i| i.calls_for_decision());
    let acting = acting.count();
    Score {
        seed,
        detections: found.detections.len(),
        acting,
        watched: found.incidents.len() - acting,
        intrusions,
    }
}

/// How many entities each rule says are held on a day without an intruder.
pub fn claims(seed: u64, texts: &Texts) -> BTreeMap<RuleId, usize> {
    let day = Day::of(&northgate_day(seed, &BTreeSet::new()), texts);
    let mut grouping = grouping(&day);
    for detection in Found::of(&day).detections {
        grouping.add(detection);
    }
    grouping.incidents();
    let mut claims = grouping.claims();
    // That a rule said nothing is measured too.
    for rule in rules(texts) {
        claims.entry(rule).or_insert(0);
    }
    claims
}

/// The ids of all rules.
fn rules(texts: &Texts) -> Vec<RuleId> {
    let id = |header: &cordon_sigma::Header| {
        let id = header.id.as_deref().or(header.name.as_deref());
        RuleId::new(id.unwrap_or(&header.title))
    };
    let parsed = texts.rules.iter().map(cordon_sigma::parse);
    let ids = parsed.flat_map(|parsed| {
        let plain = parsed.rules.iter().map(|rule| id(&rule.header));
        let chains = parsed.correlations.iter().map(|chain| id(&chain.header));
        plain.chain(chains).collect::<Vec<_>>()
    });
    ids.collect()
}

fn grouping(day: &Day) -> Grouping {
    let (estate, known) = (&day.setup.estate, &day.setup.knowledge);
    let mut grouping = Grouping::new(Arc::clone(estate), Arc::clone(known));
    for (_, screened) in &day.screened {
        for alias in screened.aliases() {
            grouping.learn(alias);
        }
        grouping.notice(screened.uses());
        for lease in screened.leases() {
            grouping.lend(lease);
        }
    }
    grouping
}

/// What the engine says at the day's end.
struct Found {
    detections: Vec<Detection>,
    incidents: Vec<Incident>,
}

impl Found {
    fn of(day: &Day) -> Self {
        let mut setup = day.setup.clone();
        // A decision is asked for to have incidents, and may cost as little as it can.
        setup.goal = Goal::Decision;
        let mut engine = Engine::new(setup);
        let mut outputs = Vec::new();
        for (_, screened) in &day.screened {
            outputs.extend(engine.advance(Timestamp::MIN, Input::Screened(screened.clone())));
        }
        outputs.extend(engine.advance(Timestamp::MAX, Input::End));
        let mut found = Self {
            detections: Vec::new(),
            incidents: Vec::new(),
        };
        for output in outputs {
            match output {
                Output::Detections(new) => {
                    found.detections.extend(new);
                }
                Output::Incidents(incidents) => found.incidents = incidents,
                Output::Decision(_) | Output::Changes(_) => {}
            }
        }
        found
    }

    fn intrusion(
        &self,
        day: &Day,
        drill: &Drill,
        (number, profile): (usize, Profile),
    ) -> IntrusionScore {
        let records: BTreeSet<&LogRef> = drill
            .truth
            .steps
            .iter()
            .filter(|step| step.intrusion == number)
            .map(|step| &step.log)
            .collect();
        // What a rule made of records of two intrusions belongs to neither.
        let others: BTreeSet<&LogRef> = drill
            .truth
            .steps
            .iter()
            .filter(|step| step.intrusion != number)
            .map(|step| &step.log)
            .collect();
        let any =
            |d: &Detection, of: &BTreeSet<&LogRef>| d.records.iter().any(|r| of.contains(&r.log));
        let its = |d: &Detection| any(d, &records) && !any(d, &others);
        let foreign_to_it = |d: &Detection| !any(d, &records);
        let detections = self.detections.iter().filter(|d| its(d)).count();
        let count = |i: &Incident| i.detections.iter().filter(|d| its(d)).count();
        let best = self.incidents.iter().max_by_key(|i| count(i));
        let best = best.filter(|incident| count(incident) > 0);
        let inside = |d: &Detection| {
            let mut all = best.iter().flat_map(|i| &i.detections);
            all.any(|known| **known == *d)
        };
        let foreign = || {
            best.iter()
                .flat_map(|i| &i.detections)
                .filter(|d| foreign_to_it(d))
        };
        let strong = |d: &&Arc<Detection>| d.rule.level >= cordon_model::Level::Medium;
        let truly = |node: &str| {
            let mut held = drill.truth.held.iter();
            held.any(|h| h.intrusion == number && h.node.as_str() == node)
        };
        let likely = best.iter().flat_map(|i| &i.held);
        let likely = likely.filter(|h| h.belief == Belief::Likely);
        IntrusionScore {
            profile,
            incident: best.map(|incident| incident.id.clone()),
            detections,
            together: best.map_or(0, count),
            apart: self
                .detections
                .iter()
                .filter(|d| its(d) && !inside(d))
                .map(|d| d.rule.title.clone())
                .collect(),
            foreign: foreign().count(),
            foreign_strong: foreign().filter(strong).count(),
            wrong: likely
                .filter(|held| !truly(&held.id))
                .map(|held| held.id.to_string())
                .collect(),
            held: self.held(day, &drill.truth, number),
            likeness: best
                .and_then(|incident| incident.likeness.first())
                .map(|likeness| (likeness.actor.clone(), likeness.ratio)),
        }
    }

    fn held(&self, day: &Day, truth: &Truth, number: usize) -> Vec<HeldScore> {
        let held = truth.held.iter().filter(|held| held.intrusion == number);
        held.map(|held| HeldScore {
            node: held.node.clone(),
            in_time: belief(
                &self.incidents_at(day, third_tactic(truth, number, held.since)),
                &held.node,
            ),
            at_the_end: belief(&self.incidents, &held.node),
        })
        .collect()
    }

    /// What was known when nothing from that moment on had happened.
    fn incidents_at(&self, day: &Day, cut: Option<Timestamp>) -> Vec<Incident> {
        let mut grouping = grouping(day);
        let known = self
            .detections
            .iter()
            .filter(|detection| match (detection.time, cut) {
                (Some(time), Some(cut)) => time < cut,
                (None, _) | (_, None) => true,
            });
        for detection in known {
            grouping.add(detection.clone());
        }
        grouping.incidents()
    }
}

/// When the intruder began with a third tactic, counted from a moment on. A stage counts when it
/// begins: a tunnel that was up before and is up still is nothing new.
fn third_tactic(truth: &Truth, number: usize, since: Timestamp) -> Option<Timestamp> {
    let mut begun: BTreeSet<Stage> = BTreeSet::new();
    let mut tactics: BTreeSet<&str> = BTreeSet::new();
    let steps = truth.steps.iter();
    for step in steps.filter(|step| step.intrusion == number) {
        if begun.insert(step.stage) && step.time >= since {
            tactics.insert(step.stage.tactic());
        }
        if tactics.len() == 3 {
            return Some(step.time);
        }
    }
    None
}

fn belief(incidents: &[Incident], node: &NodeId) -> Belief {
    let held = incidents.iter().flat_map(|incident| &incident.held);
    held.filter(|held| held.node.is_some() && *held.id == *node.as_str())
        .map(|held| held.belief)
        .max()
        .unwrap_or(Belief::Unlikely)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use crate::texts;

    #[test]
    fn the_table_of_ordinary_days_names_each_built_in_rule_and_no_other() {
        let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content");
        let rules = super::rules(&texts(&content).unwrap());
        let rules: BTreeSet<String> = rules.iter().map(ToString::to_string).collect();
        let table = fs::read_to_string(content.join("beliefs/northgate.yml")).unwrap();
        let (_, table) = table.split_once("\nrules:\n").unwrap();
        let named = table.lines().filter_map(|line| line.split_once(':'));
        let named: BTreeSet<String> = named.map(|(id, _)| id.trim().to_owned()).collect();
        let help =
            "measure them anew: cargo run --release -p cordon-sim --bin cordon-score -- rates";
        assert_eq!(named, rules, "{help}");
    }
}
