//! What a plan says of other plans: the answers beside it, and everything of the outlook that follows from steps.
//!
//! Each is judged by its own steps, as the plan is: what it leaves reachable and stops, and what it costs. Absent on
//! purpose: that any of them is the best at something.

use std::collections::BTreeSet;

use cordon_model::{Confidence, Estate, Hours, Minutes, Money, StepIx};
use cordon_plan::{AlternativeKind, Flaw, Question, assess, inadmissible, price, race};
use cordon_report::json::v1::{self, Number};
use serde_json::json;

use super::claims::{Told, differ};
use crate::written::Steps;

/// Everything said of other plans that is not so, each with its place.
pub(super) fn wrong(told: &Told<'_>) -> Vec<String> {
    let mut beside = Beside {
        told,
        known: Steps::of(told.question.estate),
        wrong: Vec::new(),
    };
    beside.alternatives();
    if let Some(outlook) = &told.plan.outlook {
        beside.choices(&outlook.choices);
        beside.holds(&outlook.holds);
        beside.frontier(&outlook.frontier);
        if let Some(robust) = &outlook.robust {
            beside.robust(robust);
        }
    }
    beside.wrong
}

struct Beside<'t> {
    told: &'t Told<'t>,
    known: Steps<'t>,
    wrong: Vec<String>,
}

impl Beside<'_> {
    fn estate(&self) -> &Estate {
        self.told.question.estate
    }

    /// Steps by their ids; none if the estate lacks one, or one stands twice.
    fn steps(&mut self, place: &str, ids: &[String]) -> Option<Vec<StepIx>> {
        // Of a large estate one plan has a hundred thousand.
        let (mut steps, mut met) = (Vec::new(), BTreeSet::new());
        for id in ids {
            match self.known.get(id) {
                None => self
                    .wrong
                    .push(format!("{place}.steps: the estate has no step `{id}`")),
                Some(step) if !met.insert(step) => {
                    self.wrong
                        .push(format!("{place}.steps: `{id}` stands twice"));
                }
                Some(step) => steps.push(step),
            }
        }
        (steps.len() == ids.len()).then_some(steps)
    }

    fn alternatives(&mut self) {
        for (number, told) in self.told.plan.alternatives.iter().enumerate() {
            let place = format!("alternatives[{number}]");
            let Some(kind) = told.meant() else {
                let kind = &told.kind;
                self.wrong
                    .push(format!("{place}.kind: `{kind}` is no alternative"));
                continue;
            };
            let steps = match &told.steps {
                Some(ids) => match self.steps(&place, ids) {
                    Some(steps) => Some(steps),
                    None => continue,
                },
                None => None,
            };
            let estate = self.estate();
            let meant = match kind {
                AlternativeKind::DoNothing => Some(Vec::new()),
                AlternativeKind::PullEveryPlug => Some(estate.step_indices().collect()),
                AlternativeKind::CheapestCut => Some(self.told.steps.to_vec()),
                AlternativeKind::ContainHeld => steps,
            };
            let found = v1::Alternative::of(estate, &assess(self.told.question, kind, meant));
            differ(&place, &json!(told), &json!(found), &mut self.wrong);
        }
    }

    fn choices(&mut self, choices: &[v1::Choice]) {
        for (number, told) in choices.iter().enumerate() {
            let place = format!("outlook.choices[{number}]");
            let Some(steps) = self.steps(&place, &told.steps) else {
                continue;
            };
            self.admissible(&place, (self.told.question, &steps), &[]);
            let (estate, question) = (self.estate(), self.told.question);
            let costs = price(estate, &steps, &question.hold);
            let each = || steps.iter().map(|step| estate.step(*step));
            let minutes: Option<Vec<&Minutes>> = each().map(|step| step.minutes.as_ref()).collect();
            let minutes: Option<Minutes> = minutes.map(|all| all.into_iter().sum());
            let lost = told.may_be_lost.as_ref().map(|_| {
                let late = race(question, &steps).late;
                Number::money(&late.iter().map(|late| &late.loss).sum())
            });
            let found = v1::Choice {
                price: Number::money(&costs.total),
                minutes: minutes.as_ref().map(Number::minutes),
                may_be_lost: lost,
                lifeline_hours: Number::hours(&costs.lifeline),
                irreversible: each().filter(|step| step.irreversible).count(),
                ..told.clone()
            };
            differ(&place, &json!(told), &json!(found), &mut self.wrong);
        }
    }

    fn holds(&mut self, holds: &[v1::AtHold]) {
        for (number, told) in holds.iter().enumerate() {
            let place = format!("outlook.holds[{number}]");
            let Some(ids) = &told.steps else {
                continue;
            };
            let Ok(hold) = Hours::parse(&format!("{}h", told.hours)) else {
                let hours = &told.hours;
                self.wrong
                    .push(format!("{place}.hours: {hours} is no number of hours"));
                continue;
            };
            let Some(steps) = self.steps(&place, ids) else {
                continue;
            };
            // The plan's own hold may be finer than it is written.
            let own = &self.told.question.hold;
            let is_own = own.rounded() == told.hours.as_str();
            let question = Question {
                hold: if is_own { own.clone() } else { hold },
                ..self.told.question.clone()
            };
            self.admissible(&place, (&question, &steps), &[]);
            self.costs(&place, (&steps, &question.hold), told.price.as_ref());
        }
    }

    fn frontier(&mut self, points: &[v1::Accepting]) {
        for (number, told) in points.iter().enumerate() {
            let place = format!("outlook.frontier[{number}]");
            let Some(steps) = self.steps(&place, &told.steps) else {
                continue;
            };
            let estate = self.estate();
            let jewels = told.accepted.iter().map(|id| {
                let node = estate.node_by_id(id)?;
                estate.node(node).jewel.as_ref()
            });
            let Some(jewels) = jewels.collect::<Option<Vec<_>>>() else {
                self.wrong
                    .push(format!("{place}.accepted: the estate has no such jewel"));
                continue;
            };
            let loss: Money = jewels.iter().map(|jewel| &jewel.loss).sum();
            let found = json!(Number::money(&loss));
            let (place_of_loss, claimed) = (format!("{place}.loss"), json!(told.loss));
            differ(&place_of_loss, &claimed, &found, &mut self.wrong);
            self.admissible(&place, (self.told.question, &steps), &told.accepted);
            let hold = &self.told.question.hold;
            self.costs(&place, (&steps, hold), Some(&told.price));
        }
    }

    fn robust(&mut self, told: &v1::Robust) {
        let place = "outlook.robust";
        for (number, suspect) in told.suspected.iter().enumerate() {
            let place = format!("{place}.suspected[{number}]");
            if self.estate().node_by_id(&suspect.id).is_none() {
                let id = &suspect.id;
                self.wrong
                    .push(format!("{place}.id: the estate has no node `{id}`"));
            }
            let confidence = suspect.confidence.as_str().parse().ok();
            if confidence.and_then(Confidence::new).is_none() {
                let found = &suspect.confidence;
                self.wrong.push(format!(
                    "{place}.confidence: expected a number from 0 to 1, found {found}"
                ));
            }
        }
        if let Some(steps) = self.steps(place, &told.steps) {
            self.admissible(place, (self.told.question, &steps), &[]);
            let hold = &self.told.question.hold;
            self.costs(place, (&steps, hold), Some(&told.price));
        }
        let amount = |number: &Number| Money::parse(number.as_str()).ok();
        if let Some(bound) = told.lower_bound.as_ref().and_then(amount)
            && amount(&told.expected).is_none_or(|expected| bound > expected)
        {
            self.wrong.push(format!(
                "{place}.lower_bound: claimed above what is expected, {}",
                told.expected
            ));
        }
    }

    /// Notes what steps leave reachable but for jewels given up, and stop.
    fn admissible(
        &mut self,
        place: &str,
        (question, steps): (&Question<'_>, &[StepIx]),
        given_up: &[String],
    ) {
        for flaw in inadmissible(question, steps) {
            let is_given_up = matches!(&flaw, Flaw::JewelReachable { jewel, .. }
                if given_up.iter().any(|id| id == jewel.as_str()));
            if !is_given_up {
                self.wrong.push(format!("{place}: {flaw}"));
            }
        }
    }

    fn costs(&mut self, place: &str, (steps, hold): (&[StepIx], &Hours), claimed: Option<&Number>) {
        let found = Number::money(&price(self.estate(), steps, hold).total);
        let place = format!("{place}.price");
        differ(&place, &json!(claimed), &json!(found), &mut self.wrong);
    }
}
