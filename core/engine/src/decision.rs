//! From what is held to the cheapest cut.

use std::collections::{BTreeMap, BTreeSet};

use cordon_incident::{Incident, Mark};
use cordon_model::{Belief, Confidence, Estate, EventId, Foothold, Hours, NodeIx};
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
pub fn suspected(incidents: &[Incident]) -> Vec<Foothold> {
    let held = incidents.iter().flat_map(|incident| &incident.held);
    let suspected = held.filter(|entity| entity.confidence.belief() == Belief::Suspected);
    suspected
        .filter_map(|entity| {
            Some(Foothold {
                node: entity.node?,
                confidence: entity.confidence,
                evidence: entity.evidence.clone(),
            })
        })
        .collect()
}

/// What is likely held: in the estate, and outside it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Held {
    pub(crate) footholds: Vec<Foothold>,
    pub(crate) outside: Vec<String>,
}

/// Puts together what the incidents say, and lets an analyst's marks have the last word.
pub(crate) fn held(incidents: &[Incident], marks: &BTreeMap<NodeIx, Mark>) -> Held {
    let mut nodes: BTreeMap<NodeIx, (Confidence, BTreeSet<EventId>)> = BTreeMap::new();
    let mut outside = BTreeSet::new();
    let likely = |c: Confidence| c.belief() == Belief::Likely;
    for entity in incidents
        .iter()
        .flat_map(|i| &i.held)
        .filter(|h| likely(h.confidence))
    {
        match entity.node {
            None => {
                outside.insert(entity.id.to_string());
            }
            Some(node) => {
                let known = nodes
                    .entry(node)
                    .or_insert((entity.confidence, BTreeSet::new()));
                known.0 = known.0.max(entity.confidence);
                known.1.extend(entity.evidence.iter().cloned());
            }
        }
    }
    for (node, mark) in marks {
        match mark {
            Mark::Held(confidence) if likely(*confidence) => {
                nodes
                    .entry(*node)
                    .or_insert((*confidence, BTreeSet::new()))
                    .0 = *confidence;
            }
            Mark::Held(_) | Mark::Clear => {
                nodes.remove(node);
            }
        }
    }
    let footholds = nodes
        .into_iter()
        .map(|(node, (confidence, evidence))| Foothold {
            node,
            confidence,
            evidence: evidence.into_iter().collect(),
        })
        .collect();
    Held {
        footholds,
        outside: outside.into_iter().collect(),
    }
}
