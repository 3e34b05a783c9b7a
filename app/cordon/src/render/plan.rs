//! A decision as a person reads it: what is at stake, what to do, what it costs, what else there is.

use std::fmt;

use cordon_engine::Decision;
use cordon_model::{Estate, NodeIx, Service, ServiceIx};
use cordon_plan::{
    Alternative, AlternativeKind, Draft, Infeasible, LossPoint, Outcome, Price, Relaxation,
    RelaxationKind, Target, TargetStatus,
};

use super::{
    Column, Look, Tone,
    amount::{counted, hours, minutes, money},
    plain, table,
};

/// A decision as text.
pub(crate) fn plan(estate: &Estate, decision: &Decision, look: Look) -> String {
    let page = Page {
        estate,
        decision,
        look,
    };
    let mut text = page.held();
    text.push_str(&page.targets());
    match &decision.answer.outcome {
        Outcome::Plan(vetted) => {
            let draft = vetted.draft();
            text.push_str(&page.steps(draft));
            text.push_str(&page.price(draft));
            text.push_str(&page.services(&draft.price));
            text.push_str(&page.answers());
            text.push_str(&page.proof(draft));
        }
        Outcome::Infeasible(infeasible) => {
            text.push_str(&page.infeasible(infeasible));
            text.push_str(&page.answers());
        }
    }
    text
}

/// What all parts of the text speak of.
struct Page<'a> {
    estate: &'a Estate,
    decision: &'a Decision,
    look: Look,
}

impl Page<'_> {
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
            Column::Text("foothold"),
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

    fn targets(&self) -> String {
        let mut text = self.heading("What is at stake");
        let columns = [
            Column::Text("jewel"),
            Column::Number("loss"),
            Column::Text("before"),
            Column::Text("after"),
            Column::Text("fastest path before"),
        ];
        let rows = self.decision.answer.targets.iter().map(|target| {
            [
                self.node(target.node),
                money(&target.loss),
                before(target),
                after(target.status).to_owned(),
                self.path(&target.path_before),
            ]
        });
        text.push_str(&table(&columns, rows, self.look));
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
            Column::Text("step"),
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
                money(&step.cost),
                minutes(step.minutes.as_ref()),
                undo.to_owned(),
            ]
        });
        text.push_str(&table(&columns, rows, self.look));
        text
    }

    fn price(&self, draft: &Draft) -> String {
        let hold = hours(&self.decision.hold);
        let mut text = self.heading(&format!("What it costs, in {}", self.estate.currency()));
        let services = draft
            .price
            .services
            .iter()
            .map(|service| &service.loss)
            .sum();
        text.push_str(&line(format_args!(
            "over {hold}: {} (steps {}, services {})",
            money(&draft.price.total),
            money(&draft.price.steps),
            money(&services)
        )));
        if !draft.price.lifeline.is_zero() {
            text.push_str(&line(format_args!(
                "lifeline services lose {}",
                hours(&draft.price.lifeline)
            )));
        }
        let curves = self.decision.answer.alternatives.iter();
        let curves: Vec<_> = curves.filter(|a| !a.loss_curve.is_empty()).collect();
        let mut columns = vec![Column::Text("after")];
        columns.extend(curves.iter().map(|a| Column::Number(answer_name(a.kind))));
        let rows = draft.loss_curve.iter().enumerate().map(|(at, point)| {
            let loss = |a: &&Alternative| {
                a.loss_curve
                    .get(at)
                    .map_or_else(String::new, |point: &LossPoint| money(&point.loss))
            };
            std::iter::once(hours(&point.after))
                .chain(curves.iter().map(loss))
                .collect::<Vec<_>>()
        });
        text.push_str(&table(&columns, rows, self.look));
        text
    }

    fn services(&self, price: &Price) -> String {
        let hold = &self.decision.hold;
        let stops = |start: &Option<_>| start.as_ref().is_some_and(|start| start < hold);
        let (stopping, trading): (Vec<_>, Vec<_>) = price
            .services
            .iter()
            .partition(|service| stops(&service.start));
        let mut text = self.heading("What stops, and what keeps trading");
        let columns = [
            Column::Text("service"),
            Column::Text("stops after"),
            Column::Number("loss"),
        ];
        let rows = stopping.iter().map(|service| {
            let start = service.start.as_ref().map_or_else(String::new, hours);
            [self.service(service.service), start, money(&service.loss)]
        });
        if stopping.is_empty() {
            text.push_str("nothing stops\n");
        } else {
            text.push_str(&table(&columns, rows, self.look));
        }
        let kept: Vec<_> = trading
            .iter()
            .map(|service| self.service(service.service))
            .collect();
        if !kept.is_empty() {
            text.push_str(&line(format_args!(
                "keeps trading: {}",
                plain(&kept.join(", "))
            )));
        }
        text
    }

    fn answers(&self) -> String {
        let mut text = self.heading("The answers side by side");
        let columns = [
            Column::Text("answer"),
            Column::Number("steps"),
            Column::Number("price"),
            Column::Number("exposure"),
            Column::Text("leaves reachable"),
            Column::Text("stops, though protected"),
        ];
        let rows = self.decision.answer.alternatives.iter().map(|a| {
            let figure = |amount| match amount {
                Some(amount) => money(amount),
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

    fn proof(&self, draft: &Draft) -> String {
        let proof = &draft.proof;
        let (tone, verdict) = if proof.proven {
            (
                Tone::Good,
                "proven: nothing that is admissible costs less".to_owned(),
            )
        } else {
            let bound = money(&proof.lower_bound);
            (
                Tone::Bad,
                format!("not proven: nothing that is admissible costs less than {bound}"),
            )
        };
        let certificate = plain(&proof.certificate);
        format!("\n{}\n{certificate}\n", self.look.paint(tone, &verdict))
    }

    fn infeasible(&self, infeasible: &Infeasible) -> String {
        let mut text = self.heading("No admissible plan exists");
        for reason in &infeasible.reasons {
            let steps: Vec<_> = reason
                .steps
                .iter()
                .map(|step| self.estate.step(*step).id.to_string())
                .collect();
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
            text.push_str(&plain(&format!(
                "{} stays reachable: {path}",
                self.node(reason.target)
            )));
            text.push_str(&line(format_args!("\n  {}", plain(&why))));
        }
        text.push_str(&self.heading("What could be given up"));
        let columns = [
            Column::Text("give up"),
            Column::Number("price of the best plan then"),
        ];
        let rows = infeasible
            .relaxations
            .iter()
            .map(|r| [given_up(r), money(&r.price)]);
        text.push_str(&table(&columns, rows, self.look));
        text
    }

    fn heading(&self, title: &str) -> String {
        format!("\n{}\n", self.look.paint(Tone::Heading, &plain(title)))
    }

    fn node(&self, node: NodeIx) -> String {
        self.estate.node(node).id.to_string()
    }

    fn name(&self, node: NodeIx) -> String {
        self.estate.node(node).name.clone().unwrap_or_default()
    }

    fn path(&self, path: &[NodeIx]) -> String {
        let ids: Vec<_> = path.iter().map(|node| self.node(*node)).collect();
        ids.join(" → ")
    }

    fn service(&self, service: ServiceIx) -> String {
        let Service { id, name, .. } = self.estate.service(service);
        name.clone().unwrap_or_else(|| id.to_string())
    }
}

/// One line of text.
fn line(words: fmt::Arguments<'_>) -> String {
    format!("{words}\n")
}

fn before(target: &Target) -> String {
    match (target.status, &target.minutes_before) {
        (TargetStatus::AlreadyHeld, _) => "held".to_owned(),
        (TargetStatus::NeverReachable, _) => "out of reach".to_owned(),
        (TargetStatus::CutOff | TargetStatus::Reachable, None) => "reached".to_owned(),
        (TargetStatus::CutOff | TargetStatus::Reachable, Some(minutes)) => {
            format!("reached in {} min", minutes.rounded())
        }
    }
}

fn after(status: TargetStatus) -> &'static str {
    match status {
        TargetStatus::CutOff => "cut off",
        TargetStatus::AlreadyHeld => "held",
        TargetStatus::Reachable => "reachable",
        TargetStatus::NeverReachable => "out of reach",
    }
}

fn answer_name(kind: AlternativeKind) -> &'static str {
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

/// Most names shown in one cell.
const NAMES_MAX: usize = 3;

fn few(names: &[String]) -> String {
    match names.get(NAMES_MAX..) {
        Some(rest) if !rest.is_empty() => {
            let shown: Vec<_> = names.iter().take(NAMES_MAX).cloned().collect();
            format!("{} and {} more", shown.join(", "), rest.len())
        }
        _ => names.join(", "),
    }
}
