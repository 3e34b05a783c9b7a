//! From what is held to the cheapest cut.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use cordon_incident::{Effect, Ground, HeldEntity, Incident, Mark, Marked, Says};
use cordon_model::{Belief, Confidence, Estate, EventId, Foothold, Hours, NodeIx, Thresholds};
use cordon_plan::{Answer, Beside, Effort, NoSteps, Question, answer, outlook};

/// What is held, and the planner's answer to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The footholds that the answer is about, in the order of the estate.
    pub footholds: Vec<Foothold>,
    /// Held entities that the estate does not know, by name.
    pub outside_estate: Vec<String>,
    /// How long the cut is expected to stay.
    pub hold: Hours,
    /// How much searching was allowed.
    pub effort: Effort,
    /// The planner's answer.
    pub answer: Answer,
}

impl Decision {
    /// The question that this answers.
    pub fn question<'e>(&self, estate: &'e Estate) -> Question<'e> {
        Question {
            estate,
            footholds: self.footholds.clone(),
            outside_estate: self.outside_estate.clone(),
            hold: self.hold.clone(),
            effort: self.effort,
        }
    }

    /// Adds what else can be known of the question. It takes several searches, so that only what is
    /// shown to somebody is looked at so.
    pub fn look_around(&mut self, estate: &Estate, beside: &Beside) {
        self.answer.outlook = Some(outlook(&self.question(estate), &self.answer, beside));
    }

    /// Why the plan has no steps; none if it has some, or if there is no plan.
    pub fn no_steps(&self) -> Option<NoSteps> {
        NoSteps::of(&self.answer, &self.footholds, &self.outside_estate)
    }
}

/// Asks the planner. This is the one place where it is asked, whoever says what is held.
pub fn decide(question: Question<'_>) -> Decision {
    let answer = answer(&question);
    Decision {
        footholds: question.footholds,
        outside_estate: question.outside_estate,
        hold: question.hold,
        effort: question.effort,
        answer,
    }
}

/// What incidents only suspect to be held, one entry an incident and node.
pub fn suspected(incidents: &[Incident], thresholds: Thresholds) -> Vec<Foothold> {
    let held = incidents.iter().flat_map(|incident| &incident.held);
    let suspected = held.filter(|entity| entity.belief == Belief::Suspected);
    suspected
        .filter_map(|entity| {
            Some(Foothold {
                node: entity.node?,
                confidence: entity.confidence,
                evidence: entity.evidence.clone(),
                sources: sources(&entity.grounds, thresholds),
            })
        })
        .collect()
}

/// Products whose logs each say by themselves that something is held: their own words would make it `suspected` at
/// least. What several of them say only together, each of them had to say.
fn sources(grounds: &[Ground], thresholds: Thresholds) -> BTreeSet<Arc<str>> {
    let mut doubt: BTreeMap<&str, f64> = BTreeMap::new();
    let counted = grounds.iter().filter(|g| g.effect != Effect::SameRecord);
    for ground in counted {
        let records = ground.detection.records.iter();
        let products: BTreeSet<&str> = records.map(|r| product(&r.source)).collect();
        for product in products {
            *doubt.entry(product).or_insert(1.0) *= 1.0 - ground.worth.get();
        }
    }
    let speak = doubt
        .into_iter()
        .filter(|(_, doubt)| 1.0 - doubt >= thresholds.suspected_from().get());
    speak.map(|(product, _)| Arc::from(product)).collect()
}

/// Logs of one product are one source: whoever can write to one of them can often write to the others.
fn product(source: &str) -> &str {
    source.split('/').next().unwrap_or(source)
}

/// What is likely held: in the estate, and outside it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Held {
    pub(crate) footholds: Vec<Foothold>,
    pub(crate) outside: Vec<String>,
}

/// What several incidents say of one node.
#[derive(Default)]
struct Grounds {
    confidence: Option<Confidence>,
    evidence: BTreeSet<EventId>,
    sources: BTreeSet<Arc<str>>,
}

/// Puts together what the incidents say, and lets an analyst's marks have the last word.
pub(crate) fn held(
    incidents: &[Incident],
    (marks, thresholds): (&BTreeMap<Marked, Mark>, Thresholds),
) -> Held {
    let mut nodes: BTreeMap<NodeIx, Grounds> = BTreeMap::new();
    let mut outside = BTreeSet::new();
    let likely = |c: Confidence| thresholds.belief(c) == Belief::Likely;
    for entity in incidents
        .iter()
        .flat_map(|i| &i.held)
        .filter(|h| h.belief == Belief::Likely)
    {
        match entity.node {
            None => {
                outside.insert(entity.id.to_string());
            }
            Some(node) => {
                let known = nodes.entry(node).or_default();
                known.confidence = known.confidence.max(Some(entity.confidence));
                known.evidence.extend(entity.evidence.iter().cloned());
                known.sources.extend(sources(&entity.grounds, thresholds));
            }
        }
    }
    for (marked, mark) in marks {
        match (marked, mark.says) {
            (Marked::Node(node), Says::Held(confidence)) if likely(confidence) => {
                nodes.entry(*node).or_default().confidence = Some(confidence);
            }
            (Marked::Node(node), Says::Held(_)) => {
                nodes.remove(node);
            }
            // What logs call so is in the incidents already, under its most telling name.
            (Marked::Named(_, name), Says::Held(confidence)) if likely(confidence) => {
                let known = |held: &HeldEntity| held.names.iter().any(|(known, _)| known == name);
                if !incidents.iter().flat_map(|i| &i.held).any(known) {
                    outside.insert(name.to_string());
                }
            }
            // What was seen of it later than that is in the incidents.
            (Marked::Named(..), Says::Held(_)) | (_, Says::Cleared) => {}
        }
    }
    let footholds = nodes
        .into_iter()
        .filter_map(|(node, grounds)| {
            Some(Foothold {
                node,
                confidence: grounds.confidence?,
                evidence: grounds.evidence.into_iter().collect(),
                sources: grounds.sources,
            })
        })
        .collect();
    Held {
        footholds,
        outside: outside.into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use cordon_model::{
        Clock, Detection, EventId, Evidence, Level, LogRef, RawPlace, Record, RuleFacts, RuleId,
        Thresholds,
    };

    use super::{Confidence, Effect, Ground, sources};

    /// What a rule says on records of these logs.
    fn ground(logs: &[&str], worth: f64, effect: Effect) -> Ground {
        let records = logs.iter().map(|log| Evidence {
            id: EventId::new(*log),
            log: LogRef {
                path: Arc::from("p"),
                record: 1,
            },
            raw: RawPlace::default(),
            time: None,
            clock: Arc::new(Clock::default()),
            source: Arc::from(*log),
            deed: cordon_model::Deed::default(),
            entities: Vec::new(),
            fields: Arc::new(Record::new()),
        });
        let rule = RuleFacts {
            id: RuleId::new("rule"),
            title: String::new(),
            level: Level::High,
            tags: Vec::new(),
            holds: Vec::new(),
        };
        let detection = Detection {
            rule: Arc::new(rule),
            time: None,
            records: records.collect(),
            matched: Arc::default(),
            group: Vec::new(),
        };
        Ground {
            detection: Arc::new(detection),
            level: Level::High,
            times: 1,
            worth: Confidence::new(worth).unwrap(),
            usual: None,
            first_seen: Vec::new(),
            effect,
        }
    }

    #[test]
    fn only_products_whose_logs_speak_by_themselves_are_sources() {
        let raised = Effect::Raised(Confidence::new(0.0).unwrap(), Confidence::new(0.9).unwrap());
        for (grounds, expect) in [
            (vec![ground(&["okta"], 0.9, raised)], vec!["okta"]),
            // Two logs of one product are one source.
            (
                vec![
                    ground(&["windows/security"], 0.6, raised),
                    ground(&["windows/sysmon"], 0.6, raised),
                ],
                vec!["windows"],
            ),
            (
                vec![
                    ground(&["okta"], 0.9, raised),
                    ground(&["entra"], 0.6, raised),
                ],
                vec!["entra", "okta"],
            ),
            // A word that says hardly anything is no second source, but several may be.
            (
                vec![
                    ground(&["okta"], 0.9, raised),
                    ground(&["entra"], 0.2, raised),
                ],
                vec!["okta"],
            ),
            (
                vec![
                    ground(&["okta"], 0.9, raised),
                    ground(&["entra"], 0.2, raised),
                    ground(&["entra"], 0.2, raised),
                ],
                vec!["entra", "okta"],
            ),
            // What only both together say, both had to say.
            (
                vec![ground(&["okta", "linux/sshd"], 0.9, raised)],
                vec!["linux", "okta"],
            ),
            (vec![ground(&["okta"], 0.9, Effect::SameRecord)], vec![]),
        ] {
            let found = sources(&grounds, Thresholds::default());
            let found: Vec<&str> = found.iter().map(AsRef::as_ref).collect();
            assert_eq!(found, expect);
        }
    }
}
