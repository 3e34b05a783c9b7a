//! A decision as a person reads it: the verdict, what to do, what it costs, what else there is.

use std::fmt;

use cordon_engine::Decision;
use cordon_model::{Estate, Money, NodeIx};
use cordon_plan::{
    AlternativeKind, Draft, Infeasible, Outcome, Race, Reason, Relaxation, RelaxationKind, race,
};

use super::{
    Column, Look, Tone,
    amount::{counted, minutes},
    plain,
    prose::wrap,
    table,
};

/// A decision as text.
pub(crate) fn plan(estate: &Estate, decision: &Decision, look: Look) -> String {
    let page = Page::new(estate, decision, look);
    let (held, targets, outlook) = (page.held(), page.targets(), page.outlook());
    let mut text = format!(
        "{}{}{outlook}{held}{targets}",
        page.verdict(),
        page.answer()
    );
    if let Outcome::Plan(vetted) = &decision.answer.outcome {
        text.push_str(&page.proof(vetted.draft()));
        let certificate = plain(&vetted.draft().proof.certificate);
        text.push_str(&wrap(&certificate, look.width));
    }
    text
}

/// What all parts of the text speak of.
pub(super) struct Page<'a> {
    /// Where.
    pub(super) estate: &'a Estate,
    /// What was decided.
    pub(super) decision: &'a Decision,
    /// The plan's steps against the intruder.
    pub(super) race: Race,
    /// How it is shown.
    pub(super) look: Look,
}

impl<'a> Page<'a> {
    /// A decision about an estate.
    pub(super) fn new(estate: &'a Estate, decision: &'a Decision, look: Look) -> Self {
        let race = match &decision.answer.outcome {
            Outcome::Plan(vetted) => race(&decision.question(estate), &vetted.draft().steps),
            Outcome::Infeasible(_) => Race::default(),
        };
        Self {
            estate,
            decision,
            race,
            look,
        }
    }
}

impl Page<'_> {
    /// What to do, beside the other answers, and what that costs and stops; or why nothing can be done.
    pub(super) fn answer(&self) -> String {
        match &self.decision.answer.outcome {
            Outcome::Plan(vetted) => {
                let draft = vetted.draft();
                let (steps, answers) = (self.steps(draft), self.answers());
                let (price, services) = (self.price(draft), self.services(&draft.price));
                format!("{steps}{}{answers}{price}{services}", self.may_be_lost())
            }
            Outcome::Infeasible(infeasible) => {
                format!("{}{}", self.infeasible(infeasible), self.answers())
            }
        }
    }

    fn held(&self) -> String {
        let mut text = self.heading(&format!("{}: what is held", self.estate.name()));
        let rows = self.decision.footholds.iter().map(|foothold| {
            [
                self.node(foothold.node),
                self.name(foothold.node),
                foothold.confidence.to_string(),
            ]
        });
        let columns = [
            Column::Whole("foothold"),
            Column::Text("name"),
            Column::Number("confidence"),
        ];
        text.push_str(&table(&columns, rows, self.look));
        for outside in &self.decision.outside_estate {
            text.push_str(&line(format_args!(
                "outside the estate: {}",
                plain(outside)
            )));
        }
        text
    }

    fn steps(&self, draft: &Draft) -> String {
        let title = format!("The cheapest cut: {}", counted(draft.steps.len(), "step"));
        let mut text = self.heading(&title);
        if let Some(why) = self.decision.no_steps() {
            text.push_str(&line(format_args!(
                "nothing to switch off: {}",
                why.words()
            )));
            return text;
        }
        let columns = [
            Column::Number("n"),
            Column::Whole("step"),
            Column::Number("cost"),
            Column::Number("minutes"),
            Column::Text("undo"),
        ];
        let rows = (1..).zip(&draft.steps).map(|(n, ix)| {
            let step = self.estate.step(*ix);
            let undo = match (&step.undo, step.irreversible) {
                (_, true) => "none: it only goes forward",
                (Some(undo), false) => undo,
                (None, false) => "not described",
            };
            [
                format!("{n}"),
                step.id.to_string(),
                self.money(&step.cost),
                minutes(step.minutes.as_ref()),
                undo.to_owned(),
            ]
        });
        text.push_str(&table(&columns, rows, self.look));
        text
    }

    fn answers(&self) -> String {
        let mut text = self.heading("The answers side by side");
        let columns = [
            Column::Whole("answer"),
            Column::Number("steps"),
            Column::Number("price"),
            Column::Number("exposure"),
            Column::Text("leaves reachable"),
            Column::Text("stops, though protected"),
        ];
        let rows = self.decision.answer.alternatives.iter().map(|a| {
            let figure = |amount| match amount {
                Some(amount) => self.money(amount),
                None => "no such steps".to_owned(),
            };
            let steps = a
                .steps
                .as_ref()
                .map_or_else(|| "–".to_owned(), |s| s.len().to_string());
            let reachable: Vec<_> = a.reachable.iter().map(|node| self.node(*node)).collect();
            let stopped: Vec<_> = a.stops_protected.iter().map(|s| self.service(*s)).collect();
            [
                answer_name(a.kind).to_owned(),
                steps,
                figure(a.price.as_ref().map(|price| &price.total)),
                figure(a.exposure.as_ref()),
                few(&reachable),
                few(&stopped),
            ]
        });
        text.push_str(&table(&columns, rows, self.look));
        text
    }

    /// Whether anything could cost less, on one line.
    pub(super) fn proof(&self, draft: &Draft) -> String {
        let proof = &draft.proof;
        let (tone, verdict) = if proof.proven {
            let words = "proven: nothing that is admissible costs less";
            (Tone::Good, words.to_owned())
        } else {
            let bound = self.money(&proof.lower_bound);
            let words = format!("not proven: nothing that is admissible costs less than {bound}");
            (Tone::Bad, words)
        };
        format!("\n{}\n", self.look.paint(tone, &verdict))
    }

    fn infeasible(&self, infeasible: &Infeasible) -> String {
        if let Some(work) = infeasible.not_found_in {
            let title = "No admissible plan was found, and whether one exists is open";
            let words = format!(
                "The search ended after {}. Steps that cut more, or fewer protected services, make it easier.",
                counted(usize::try_from(work).unwrap_or(usize::MAX), "unit") + " of work"
            );
            return format!("{}{}", self.heading(title), wrap(&words, self.look.width));
        }
        let mut text = self.heading("No admissible plan exists");
        for reason in &infeasible.reasons {
            text.push_str(&self.reason(reason));
        }
        text.push_str(&self.heading("What could be given up"));
        let columns = [
            Column::Text("give up"),
            Column::Number("price of the best plan then"),
        ];
        let rows = infeasible
            .relaxations
            .iter()
            .map(|r| [given_up(r), self.money(&r.price)]);
        text.push_str(&table(&columns, rows, self.look));
        text
    }

    /// Why a jewel cannot be cut off.
    pub(super) fn reason(&self, reason: &Reason) -> String {
        let ids = reason.steps.iter().map(|step| &self.estate.step(*step).id);
        let steps: Vec<_> = ids.map(ToString::to_string).collect();
        let protected: Vec<_> = reason.protected.iter().map(ToString::to_string).collect();
        let why = if steps.is_empty() {
            "no step cuts this path".to_owned()
        } else if protected.is_empty() {
            format!("only {} would cut it", steps.join(", "))
        } else {
            format!(
                "{} would cut it, and would stop {}",
                steps.join(", "),
                protected.join(", ")
            )
        };
        let path = self.path(&reason.path);
        let stays = format!("{} stays reachable: {path}", self.node(reason.target));
        format!(
            "{}{}",
            plain(&stays),
            line(format_args!("\n  {}", plain(&why)))
        )
    }

    /// A heading.
    pub(super) fn heading(&self, title: &str) -> String {
        format!("\n{}\n", self.look.paint(Tone::Heading, &plain(title)))
    }

    /// A node's id.
    pub(super) fn node(&self, node: NodeIx) -> String {
        self.estate.node(node).id.to_string()
    }

    fn name(&self, node: NodeIx) -> String {
        self.estate.node(node).name.clone().unwrap_or_default()
    }

    fn path(&self, path: &[NodeIx]) -> String {
        let ids: Vec<_> = path.iter().map(|node| self.node(*node)).collect();
        ids.join(" → ")
    }

    /// Money in the estate's currency.
    pub(super) fn money(&self, amount: &Money) -> String {
        cordon_report::money(amount, self.estate.currency())
    }
}

/// One line of text.
pub(super) fn line(words: fmt::Arguments<'_>) -> String {
    format!("{words}\n")
}

/// What people call an answer.
pub(super) fn answer_name(kind: AlternativeKind) -> &'static str {
    match kind {
        AlternativeKind::DoNothing => "do nothing",
        AlternativeKind::ContainHeld => "contain what is held",
        AlternativeKind::PullEveryPlug => "pull every plug",
        AlternativeKind::CheapestCut => "the cheapest cut",
    }
}

/// Everything that a relaxation gives up, in words.
fn given_up(relaxation: &Relaxation) -> String {
    let one = |kind, id: &str| match kind {
        RelaxationKind::Unprotect => format!("let {id} stop"),
        RelaxationKind::AcceptLoss => format!("accept the loss of {id}"),
        RelaxationKind::AddStep => format!("provide a step that cuts {id}"),
    };
    let first = one(relaxation.kind, &relaxation.id);
    let others = relaxation.also.iter().map(|(kind, id)| one(*kind, id));
    std::iter::once(first)
        .chain(others)
        .collect::<Vec<_>>()
        .join(", and ")
}

/// Most names shown in one cell, so that answers stay a line or two each.
const NAMES_MAX: usize = 1;

pub(super) fn few(names: &[String]) -> String {
    match names.get(NAMES_MAX..) {
        Some(rest) if !rest.is_empty() => {
            let shown: Vec<_> = names.iter().take(NAMES_MAX).cloned().collect();
            format!("{} and {} more", shown.join(", "), rest.len())
        }
        _ => names.join(", "),
    }
}
