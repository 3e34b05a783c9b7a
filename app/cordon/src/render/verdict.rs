//! The verdict of a decision in a few sentences: who is held, what they reach, what to do about it.

use cordon_model::Money;
use cordon_plan::{Draft, Outcome, Target, TargetStatus};
use cordon_report::held_count;

use super::{
    amount::{counted, hours},
    plain,
    plan::Page,
    prose::wrap,
};

impl Page<'_> {
    /// The verdict, wrapped.
    pub(super) fn verdict(&self) -> String {
        let sentences = [
            self.who_is_held(),
            self.what_they_reach(),
            Some(self.what_to_do()),
        ];
        let sentences: Vec<String> = sentences.into_iter().flatten().collect();
        wrap(&plain(&sentences.join(" ")), self.look.width)
    }

    fn who_is_held(&self) -> Option<String> {
        let (footholds, outside) = (&self.decision.footholds, &self.decision.outside_estate);
        let all = held_count(self.estate, footholds, outside);
        (!all.is_empty()).then(|| format!("An intruder likely holds {all}."))
    }

    fn what_they_reach(&self) -> Option<String> {
        let targets = &self.decision.answer.targets;
        let held = targets
            .iter()
            .filter(|target| target.status == TargetStatus::AlreadyHeld)
            .count();
        let mut sentences = Vec::new();
        if held > 0 {
            let verb = if held == 1 { "is" } else { "are" };
            sentences.push(format!("{} {verb} held already.", counted(held, "jewel")));
        }
        let reached: Vec<&Target> = targets.iter().filter(|target| in_reach(target)).collect();
        if !reached.is_empty() {
            let loss: Money = reached.iter().map(|target| &target.loss).sum();
            let first = reached
                .iter()
                .filter_map(|t| t.minutes_before.as_ref())
                .min();
            let soon = first.map_or_else(String::new, |minutes| {
                let whose = if reached.len() == 1 { "" } else { "the first " };
                format!(", {whose}in {} min", minutes.rounded())
            });
            sentences.push(format!(
                "{} worth {} can be reached{soon}.",
                counted(reached.len(), "jewel"),
                self.money(&loss)
            ));
        }
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }

    fn what_to_do(&self) -> String {
        match &self.decision.answer.outcome {
            Outcome::Plan(vetted) => match self.decision.no_steps() {
                Some(why) => format!("Nothing to switch off: {}.", why.words()),
                None => self.what_it_takes(vetted.draft()),
            },
            Outcome::Infeasible(why) if why.not_found_in.is_some() => {
                "No admissible plan was found; whether one exists is open.".to_owned()
            }
            Outcome::Infeasible(_) => {
                "No admissible plan exists: see what stands in the way, and what could be given up."
                    .to_owned()
            }
        }
    }

    fn what_it_takes(&self, draft: &Draft) -> String {
        let (cut, cost, stop) = if draft.steps.len() == 1 {
            ("cuts", "it costs", "stops")
        } else {
            ("cut", "they cost", "stop")
        };
        format!(
            "{} {cut} every way in; over {} {cost} {} and {stop} no protected service. {}",
            counted(draft.steps.len(), "step"),
            hours(&self.decision.hold),
            self.money(&draft.price.total),
            self.in_time()
        )
    }
}

/// Whether the intruder could take it before any step.
pub(super) fn in_reach(target: &Target) -> bool {
    matches!(
        target.status,
        TargetStatus::CutOff | TargetStatus::Reachable
    )
}
