//! What else can be known of a question: other plans, other holds, what could be given up, doubt.

use std::collections::BTreeSet;

use cordon_model::StepIx;
use cordon_plan::{Accepting, AtHold, Choice, InAdvance, Merit, Outcome, Outlook, Robust};

use super::{
    Column,
    amount::{counted, hours, minutes},
    plan::{Page, few},
    prose::wrap,
    table,
};

impl Page<'_> {
    /// Everything that was looked at beside the plan; nothing if nothing was.
    pub(super) fn outlook(&self) -> String {
        let Some(outlook) = &self.decision.answer.outlook else {
            return String::new();
        };
        let nothing_to_do = match &self.decision.answer.outcome {
            Outcome::Plan(plan) => plan.draft().steps.is_empty(),
            Outcome::Infeasible(_) => false,
        };
        if nothing_to_do && outlook.robust.is_none() {
            return String::new();
        }
        [
            self.choices(&outlook.choices),
            self.in_advance(&outlook.in_advance),
            self.holds(outlook),
            self.frontier(&outlook.frontier),
            outlook
                .robust
                .as_ref()
                .map_or_else(String::new, |robust| self.robust(robust)),
        ]
        .concat()
    }

    fn choices(&self, choices: &[Choice]) -> String {
        if choices.is_empty() {
            return String::new();
        }
        let mut text = self.heading("Other plans that cut everything off");
        let columns = [
            Column::Text("best at"),
            Column::Number("steps"),
            Column::Number("price"),
            Column::Number("minutes"),
            Column::Number("lost before"),
            Column::Number("lifeline hours"),
            Column::Number("irreversible"),
            Column::Text("unlike the plan"),
        ];
        let plan: BTreeSet<StepIx> = choices
            .iter()
            .filter(|choice| choice.best_at.contains(&Merit::Cheapest))
            .flat_map(|choice| choice.steps.iter().copied())
            .collect();
        let rows = choices.iter().map(|choice| {
            let steps: BTreeSet<StepIx> = choice.steps.iter().copied().collect();
            let merits = choice.best_at.iter().map(|best| {
                let doubt = choice.unproven.contains(best);
                let doubt = if doubt { " (not proven)" } else { "" };
                format!("{}{doubt}", merit(*best))
            });
            [
                merits.collect::<Vec<_>>().join(", "),
                choice.steps.len().to_string(),
                self.money(&choice.price.total),
                minutes(choice.minutes.as_ref()),
                self.money(&choice.may_be_lost),
                choice.price.lifeline.rounded(),
                choice.irreversible.to_string(),
                self.unlike(&steps, &plan),
            ]
        });
        text.push_str(&table(&columns, rows, self.look));
        text
    }

    /// Whether a plan needs no approval, where that was asked and none does.
    fn in_advance(&self, known: &InAdvance) -> String {
        let words = match known {
            InAdvance::NotAsked | InAdvance::Possible => return String::new(),
            InAdvance::NotFound => {
                "Whether some plan has only steps that are approved in advance was open when the search ended."
            }
            InAdvance::Impossible(_) => {
                "No plan has only steps that are approved in advance and stop nothing. With those alone:"
            }
        };
        let reasons = match known {
            InAdvance::Impossible(reasons) => reasons.as_slice(),
            InAdvance::NotAsked | InAdvance::Possible | InAdvance::NotFound => &[],
        };
        let reasons = reasons.iter().map(|reason| self.reason(reason));
        format!(
            "{}{}",
            wrap(words, self.look.width),
            reasons.collect::<String>()
        )
    }

    /// What one set of steps has and another has not, and the other way.
    fn unlike(&self, steps: &BTreeSet<StepIx>, other: &BTreeSet<StepIx>) -> String {
        let only = |these: &BTreeSet<StepIx>, those: &BTreeSet<StepIx>, sign: &str| {
            let ids = these.difference(those);
            let ids: Vec<String> = ids
                .map(|step| self.estate.step(*step).id.to_string())
                .collect();
            (!ids.is_empty()).then(|| format!("{sign} {}", few(&ids)))
        };
        let both = [only(steps, other, "with"), only(other, steps, "without")];
        both.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    fn holds(&self, outlook: &Outlook) -> String {
        let mut text = self.heading("The cheapest cut for each hold");
        let columns = [
            Column::Number("hold"),
            Column::Number("steps"),
            Column::Number("price"),
            Column::Text("until"),
            Column::Text("unlike the hold before"),
        ];
        let mut before: Option<BTreeSet<StepIx>> = None;
        let rows = outlook.holds.iter().map(|at| {
            let (steps, price) = match &at.plan {
                Some(plan) => (plan.steps.len().to_string(), self.money(&plan.price)),
                None => ("–".to_owned(), "no such plan".to_owned()),
            };
            let own: Option<BTreeSet<StepIx>> = at
                .plan
                .as_ref()
                .map(|plan| plan.steps.iter().copied().collect());
            let unlike = match (&own, &before) {
                (Some(own), Some(before)) => self.unlike(own, before),
                (Some(own), None) => self.unlike(own, &BTreeSet::new()),
                (None, _) => String::new(),
            };
            before = own.or(before.take());
            [hours(&at.hold), steps, price, until(at), unlike]
        });
        text.push_str(&table(&columns, rows, self.look));
        if let Some(at) = &outlook.break_even {
            let words = format!(
                "If it stays for {} the plan has cost more than all that it keeps from the intruder: decide again before then.",
                hours(at)
            );
            text.push_str(&wrap(&words, self.look.width));
        }
        text
    }

    fn frontier(&self, frontier: &[Accepting]) -> String {
        if frontier.len() < 2 {
            return String::new();
        }
        let mut text = self.heading("What it costs to lose less");
        let columns = [
            Column::Number("loss accepted"),
            Column::Number("price"),
            Column::Number("steps"),
            Column::Text("left to the intruder"),
        ];
        let rows = frontier.iter().map(|point| {
            let jewels: Vec<String> = point.jewels.iter().map(|node| self.node(*node)).collect();
            [
                self.money(&point.loss),
                self.money(&point.price),
                point.steps.len().to_string(),
                few(&jewels),
            ]
        });
        text.push_str(&table(&columns, rows, self.look));
        text
    }

    fn robust(&self, robust: &Robust) -> String {
        let mut text = self.heading("If what is suspected is weighed");
        let columns = [
            Column::Whole("suspected"),
            Column::Number("confidence"),
            Column::Number("at stake"),
            Column::Text("then"),
        ];
        let rows = robust.suspects.iter().map(|suspect| {
            let then = if suspect.at_stake.is_zero() {
                "leads to no other jewel"
            } else if suspect.cut_off {
                "cut off too"
            } else {
                "left: cutting it off costs more"
            };
            [
                self.node(suspect.node),
                suspect.confidence.to_string(),
                self.money(&suspect.at_stake),
                then.to_owned(),
            ]
        });
        text.push_str(&table(&columns, rows, self.look));
        let words = format!(
            "{} for {} cut off what is worth it; with what stays at stake {} must be expected, against {} with the plan.",
            counted(robust.steps.len(), "step"),
            self.money(&robust.price),
            self.money(&robust.expected),
            self.money(&robust.expected_of_plan),
        );
        text.push_str(&wrap(&words, self.look.width));
        let ids = format!("steps: {}", self.ids(robust));
        text.push_str(&wrap(&ids, self.look.width));
        text
    }

    fn ids(&self, robust: &Robust) -> String {
        let ids = robust
            .steps
            .iter()
            .map(|step| self.estate.step(*step).id.to_string());
        super::plain(&ids.collect::<Vec<_>>().join(", "))
    }
}

/// How long a hold's plan is the right one.
fn until(at: &AtHold) -> String {
    let stops = at.plan.as_ref().and_then(|plan| plan.stands_until.as_ref());
    match (&at.change_after, stops) {
        (Some(change), Some(stops)) if change == stops => {
            format!(
                "change before {}, when what is protected stops",
                hours(change)
            )
        }
        (Some(change), _) => format!("the next is better from {} on", hours(change)),
        (None, Some(stops)) => format!("what is protected stops after {}", hours(stops)),
        (None, None) => String::new(),
    }
}

/// What people call what a plan is best at.
fn merit(merit: Merit) -> &'static str {
    match merit {
        Merit::Cheapest => "price",
        Merit::Fastest => "least lost before, then time",
        Merit::FewestLifelineHours => "fewest lifeline hours",
        Merit::FewestIrreversible => "fewest irreversible steps",
        Merit::FewestShared => "fewest of the plan's steps",
        Merit::ApprovedInAdvance => "needs no approval",
    }
}
