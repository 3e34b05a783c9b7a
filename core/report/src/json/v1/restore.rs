//! The way back from a plan (`cordon plan restore --format json`).

use cordon_model::{Estate, NodeIx};
use cordon_plan::{self as plan, Question, Why};
use serde::{Deserialize, Serialize};

use super::{Number, document, told::Foothold};

/// The document: in which order steps are undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restoration {
    /// `cordon/restore/v1`.
    pub format: String,
    /// The estate's name.
    pub estate: String,
    /// How long the cut was expected to stay; losses are over that.
    pub hold_hours: Number,
    /// What was held when the plan was made.
    pub footholds: Vec<Foothold>,
    /// What was said to be cleared and can be taken again; it counts as held.
    pub taken_again: Vec<TakenAgain>,
    /// The stages, the first for what is cleared already.
    pub stages: Vec<Stage>,
    /// What stays in place after the last, by id.
    pub stays: Vec<String>,
}

/// Something that can be taken again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenAgain {
    /// Its id.
    pub id: String,
    /// By which path, from what is held.
    pub path: Vec<String>,
}

/// What can be undone once some footholds more are cleared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// The footholds cleared at its beginning, all together.
    pub cleared: Vec<String>,
    /// How many footholds are held still.
    pub held_still: usize,
    /// What is undone, in order.
    pub undo: Vec<Undo>,
    /// What stays in place at its end for another reason than before; in the first, all that stays.
    pub stays: Vec<Stay>,
}

/// One step undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    /// Its place in the whole order, from 1.
    pub n: usize,
    /// The step's id.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// How it is taken back.
    pub undo: Option<String>,
    /// How long that takes, taken to be as long as doing it; null if unknown.
    pub minutes: Option<Number>,
    /// Loss over the hold that ends with it.
    pub returns: Number,
    /// Hours of lifeline services over the hold that it gives back.
    pub lifeline_hours: Number,
    /// Services that nothing in place stops any longer.
    pub services: Vec<String>,
}

/// One step that stays in place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stay {
    /// The step's id.
    pub id: String,
    /// `opens_jewel`, `lets_back_in` or `only_forward`.
    pub reason: String,
    /// The path that undoing it would open, from what is held; empty if it only goes forward.
    pub path: Vec<String>,
    /// The place in `stages`, from 0, of that in which it is undone; null if it stays for good.
    pub until_stage: Option<usize>,
}

/// The way back as one document.
pub fn restoration_document(question: &Question<'_>, back: &plan::Restoration) -> String {
    let estate = question.estate;
    let footholds = question.footholds.iter();
    let again = back.taken_again.iter().map(|(node, path)| TakenAgain {
        id: estate.node(*node).id.to_string(),
        path: ids(estate, path),
    });
    let mut n = 0;
    document(&Restoration {
        format: "cordon/restore/v1".to_owned(),
        estate: estate.name().to_owned(),
        hold_hours: Number::hours(&question.hold),
        footholds: footholds.map(|f| Foothold::of(estate, f)).collect(),
        taken_again: again.collect(),
        stages: back
            .stages
            .iter()
            .map(|stage| Stage::of(estate, stage, &mut n))
            .collect(),
        stays: back
            .stays
            .iter()
            .map(|step| estate.step(*step).id.to_string())
            .collect(),
    })
}

fn ids(estate: &Estate, nodes: &[NodeIx]) -> Vec<String> {
    let ids = nodes.iter().map(|ix| estate.node(*ix).id.to_string());
    ids.collect()
}

impl Stage {
    fn of(estate: &Estate, stage: &plan::Stage, n: &mut usize) -> Self {
        let undo = stage.undo.iter().map(|undo| {
            *n += 1;
            Undo::of(estate, undo, *n)
        });
        Self {
            cleared: ids(estate, &stage.cleared),
            held_still: stage.held,
            undo: undo.collect(),
            stays: stage
                .stays
                .iter()
                .map(|stay| Stay::of(estate, stay))
                .collect(),
        }
    }
}

impl Undo {
    fn of(estate: &Estate, undo: &plan::Undo, n: usize) -> Self {
        let step = estate.step(undo.step);
        let services = undo
            .services
            .iter()
            .map(|ix| estate.service(*ix).id.to_string());
        Self {
            n,
            id: step.id.to_string(),
            kind: step.kind.to_string(),
            undo: step.undo.as_deref().map(str::to_owned),
            minutes: undo.minutes.as_ref().map(Number::minutes),
            returns: Number::money(&undo.returns),
            lifeline_hours: Number::hours(&undo.lifeline),
            services: services.collect(),
        }
    }
}

impl Stay {
    fn of(estate: &Estate, stay: &plan::Stay) -> Self {
        let (reason, path) = match &stay.why {
            Why::OpensJewel(path) => ("opens_jewel", path.as_slice()),
            Why::LetsBackIn(path) => ("lets_back_in", path.as_slice()),
            Why::OnlyForward => ("only_forward", &[][..]),
        };
        Self {
            id: estate.step(stay.step).id.to_string(),
            reason: reason.to_owned(),
            path: ids(estate, path),
            until_stage: stay.until,
        }
    }
}
