//! How well an answer tells what really happened: a card for each intrusion.
//!
//! Only what was told is compared with the truth; how it was found plays no part. An intrusion is told by the
//! incident that rests on most of its records. *Absent*: any threshold that says whether a card is good.

use std::collections::BTreeSet;

use cordon_model::{Belief, LogRef, Timestamp};

use crate::{Profile, Truth};

/// One incident, as an answer tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Its name.
    pub id: String,
    /// The records that it rests on. A path may have folders before that of the truth.
    pub records: BTreeSet<LogRef>,
    /// What it says is held.
    pub held: Vec<ToldHeld>,
}

/// One thing that an incident says is held.
#[derive(Debug, Clone, PartialEq)]
pub struct ToldHeld {
    /// Its id, as the estate has it.
    pub node: String,
    /// How surely.
    pub belief: Belief,
    /// When what was told made it as sure; none if a person said so, or no time is known.
    pub since: Option<Timestamp>,
}

/// What an answer is worth.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// One for each intrusion, in the order of the truth.
    pub intrusions: Vec<IntrusionCard>,
    /// Incidents in which something is likely held, and that tell no intrusion.
    pub false_alarms: Vec<String>,
}

/// What is told of one intrusion.
#[derive(Debug, Clone, PartialEq)]
pub struct IntrusionCard {
    /// Who it was.
    pub profile: Profile,
    /// The incident that tells it; none if none rests on any of its records.
    pub incident: Option<String>,
    /// How many records it left.
    pub records: usize,
    /// How many of them the incident rests on.
    pub records_told: usize,
    /// How many records the incident rests on that are not the intrusion's.
    pub records_foreign: usize,
    /// What is really held, with what is believed of it.
    pub held: Vec<(String, Belief)>,
    /// What is called likely and is not held.
    pub wrongly_likely: Vec<String>,
    /// When its first record was written.
    pub began: Option<Timestamp>,
    /// When something that is really held was called likely first.
    pub acted: Option<Timestamp>,
}

impl IntrusionCard {
    /// How many of those really held are called so, at least.
    pub fn believed(&self, at_least: Belief) -> usize {
        let held = self.held.iter();
        held.filter(|(_, belief)| *belief >= at_least).count()
    }
}

/// Compares what was told with what happened.
pub fn card(truth: &Truth, told: &[Told]) -> Card {
    let intrusions: Vec<IntrusionCard> = truth
        .intrusions
        .iter()
        .enumerate()
        .map(|(number, profile)| one(truth, (number, *profile), told))
        .collect();
    let telling: BTreeSet<&str> = intrusions
        .iter()
        .filter_map(|i| i.incident.as_deref())
        .collect();
    let acts = |told: &&Told| told.held.iter().any(|held| held.belief == Belief::Likely);
    let others = told
        .iter()
        .filter(acts)
        .filter(|told| !telling.contains(told.id.as_str()));
    let false_alarms = others.map(|told| told.id.clone()).collect();
    Card {
        intrusions,
        false_alarms,
    }
}

fn one(truth: &Truth, (number, profile): (usize, Profile), told: &[Told]) -> IntrusionCard {
    let steps = || truth.steps.iter().filter(|step| step.intrusion == number);
    let records: BTreeSet<&LogRef> = steps().map(|step| &step.log).collect();
    let own = |told: &Told| {
        let own = told
            .records
            .iter()
            .filter(|record| is_one_of(record, &records));
        own.count()
    };
    let best = told
        .iter()
        .map(|told| (own(told), told))
        .max_by_key(|(own, _)| *own);
    let best = best.filter(|(own, _)| *own > 0);
    let believed =
        |node: &str| best.and_then(|(_, told)| told.held.iter().find(|h| h.node == node));
    let held = truth.held.iter().filter(|held| held.intrusion == number);
    let held: Vec<&str> = held.map(|held| held.node.as_str()).collect();
    let likely = best.iter().flat_map(|(_, told)| &told.held);
    let likely = likely.filter(|held| held.belief == Belief::Likely);
    let (right, wrong): (Vec<_>, Vec<_>) = likely.partition(|h| held.contains(&h.node.as_str()));
    IntrusionCard {
        profile,
        incident: best.map(|(_, told)| told.id.clone()),
        records: records.len(),
        records_told: best.map_or(0, |(own, _)| own),
        records_foreign: best.map_or(0, |(own, told)| told.records.len() - own),
        held: held
            .iter()
            .map(|node| {
                let belief = believed(node).map_or(Belief::Unlikely, |held| held.belief);
                ((*node).to_owned(), belief)
            })
            .collect(),
        wrongly_likely: wrong.iter().map(|held| held.node.clone()).collect(),
        began: steps().map(|step| step.time).min(),
        acted: right.iter().filter_map(|held| held.since).min(),
    }
}

/// Whether a record is one of the truth's, whose paths begin at the folder of the logs.
fn is_one_of(record: &LogRef, records: &BTreeSet<&LogRef>) -> bool {
    let path = &*record.path;
    let ends = std::iter::once(0).chain(path.match_indices('/').map(|(at, _)| at + 1));
    let mut tails = ends.filter_map(|at| path.get(at..));
    tails.any(|tail| {
        let known = LogRef {
            path: tail.into(),
            record: record.record,
        };
        records.contains(&known)
    })
}

#[cfg(test)]
mod tests {
    use cordon_model::{Belief, LogRef, NodeId, Timestamp};

    use super::{Told, ToldHeld, card};
    use crate::{Held, Profile, Stage, Truth, TruthStep};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn log(path: &str, record: u64) -> LogRef {
        LogRef {
            path: path.into(),
            record,
        }
    }

    fn truth() -> Truth {
        let step = |second, intrusion, record| TruthStep {
            time: at(second),
            intrusion,
            stage: Stage::Call,
            log: log("okta/system.ndjson", record),
        };
        let held = |node: &str, intrusion| Held {
            node: NodeId::new(node),
            since: at(10),
            intrusion,
        };
        Truth {
            intrusions: vec![Profile::Telephone, Profile::Affiliate],
            held: vec![held("user:a", 0), held("host:b", 0), held("user:c", 1)],
            steps: vec![step(10, 0, 1), step(20, 0, 2), step(30, 1, 3)],
            benign_records: 5,
            intrusion_records: 3,
        }
    }

    fn told(id: &str, records: &[u64], held: &[(&str, Belief)]) -> Told {
        let records = records
            .iter()
            .map(|n| log("out/logs/okta/system.ndjson", *n));
        let held = held.iter().map(|(node, belief)| ToldHeld {
            node: (*node).to_owned(),
            belief: *belief,
            since: Some(at(25)),
        });
        Told {
            id: id.to_owned(),
            records: records.collect(),
            held: held.collect(),
        }
    }

    #[test]
    fn a_card_says_what_was_seen_of_each_intrusion_and_what_was_not() {
        use Belief::{Likely, Suspected, Unlikely};
        let answer = [
            told(
                "one",
                &[1, 2, 9],
                &[
                    ("user:a", Likely),
                    ("host:b", Suspected),
                    ("user:x", Likely),
                ],
            ),
            told("noise", &[8], &[("user:y", Likely)]),
            told("watched", &[7], &[("user:z", Suspected)]),
        ];
        let card = card(&truth(), &answer);
        let [one, two] = card.intrusions.as_slice() else {
            panic!()
        };
        assert_eq!(one.incident.as_deref(), Some("one"));
        assert_eq!(
            (one.records, one.records_told, one.records_foreign),
            (2, 2, 1)
        );
        assert_eq!((one.believed(Likely), one.believed(Suspected)), (1, 2));
        assert_eq!(one.wrongly_likely, ["user:x"]);
        assert_eq!((one.began, one.acted), (Some(at(10)), Some(at(25))));
        assert_eq!((two.incident.as_deref(), two.acted), (None, None));
        assert_eq!(two.held, [("user:c".to_owned(), Unlikely)]);
        assert_eq!(card.false_alarms, ["noise"]);
    }

    #[test]
    fn the_truth_is_read_back_as_it_was_written() {
        let truth = truth();
        assert_eq!(Truth::parse(&truth.document()), Ok(truth.clone()));
        for (from, to) in [
            ("telephone", "letter"),
            ("\"call\"", "\"visit\""),
            ("\"intrusion\":1", "\"intrusion\":7"),
            ("cordon/truth/v1", "cordon/truth/v2"),
            ("1970-", "197O-"),
        ] {
            assert!(
                Truth::parse(&truth.document().replace(from, to)).is_err(),
                "{to}"
            );
        }
        assert!(Truth::parse("{").is_err());
    }
}
