//! The verdict of a decision in a few sentences: who is held, what they reach, what to do about it.

use cordon_model::{Money, Node};
use cordon_plan::{Draft, Outcome, Target, TargetStatus};

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
        let nodes = || {
            let held = self.decision.footholds.iter();
            held.map(|foothold| self.estate.node(foothold.node))
        };
        let number = |wanted: &str| nodes().filter(|node| called(node) == wanted).count();
        let outside = self.decision.outside_estate.len();
        let mut parts: Vec<String> = ["account", "host", "other node"]
            .into_iter()
            .map(|what| (number(what), what))
            .filter(|(number, _)| *number > 0)
            .map(|(number, what)| counted(number, what))
            .collect();
        if outside > 0 {
            parts.push(format!("{outside} outside the estate"));
        }
        let last = parts.pop()?;
        let all = if parts.is_empty() {
            last
        } else {
            format!("{} and {last}", parts.join(", "))
        };
        Some(format!("An intruder likely holds {all}."))
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
            "{} {cut} every way in; over {} {cost} {} and {stop} no protected service.",
            counted(draft.steps.len(), "step"),
            hours(&self.decision.hold),
            self.money(&draft.price.total)
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

/// What people call such a node.
fn called(node: &Node) -> &'static str {
    if node.kind.as_str() == "user" {
        "account"
    } else if node.id.as_str().starts_with("host:") {
        "host"
    } else {
        "other node"
    }
}
