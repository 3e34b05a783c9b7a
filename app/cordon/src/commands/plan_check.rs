//! `cordon plan check`: whether a plan does what it claims, from the plan and the estate alone.
//!
//! What is held is cut off from every jewel, what is protected runs, what is said of jewels, services, price and
//! loss is so, and the flow that comes with the plan carries the bound. Of the other plans that it speaks of, steps
//! and figures are checked in the same way. Nothing of the search is used.

use std::collections::BTreeMap;

use cordon_model::{Estate, Exact, Money, NodeIx, ServiceIx};
use cordon_plan::{Draw, FlowProof, Question, inadmissible, price, vet_flow};
use cordon_report::{
    json::v1::{self, Number},
    money,
};
use serde_json::json;

mod beside;
mod claims;

use crate::{
    Failure,
    console::Console,
    estate::estate,
    render::{plain, wrap},
    typed::{self, Format},
    written::{self, Steps, Understood, Written, understood},
};

/// What was found out about a plan.
#[derive(Debug, Default)]
struct Verdict {
    /// Everything that is not as claimed, each with its place in the plan.
    flaws: Vec<String>,
    /// The total, as claimed and as found.
    price: (String, String),
    /// The bound, as claimed and as the flow shows it.
    bound: (String, Option<String>),
    /// How much of the bound the flow shows.
    shown: Shown,
    /// Jewels that may be lost before they are cut off.
    may_be_lost: Vec<String>,
}

/// How much of a bound is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Shown {
    /// All of it.
    Whole,
    /// Less than all.
    Partly,
    /// Nothing.
    #[default]
    NotAtAll,
}

impl Shown {
    /// That nothing costs less than nothing needs no showing.
    fn of(claimed: &Number, shown: Option<&Number>) -> Self {
        let amount =
            |number: &Number| Money::parse(number.as_str()).unwrap_or_else(|_| Money::zero());
        let claimed = amount(claimed);
        match shown.map(amount) {
            Some(shown) if shown >= claimed => Self::Whole,
            None if claimed.is_zero() => Self::Whole,
            Some(shown) if !shown.is_zero() => Self::Partly,
            Some(_) | None => Self::NotAtAll,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Whole => "shown",
            Self::Partly => "partly",
            Self::NotAtAll => "not shown",
        }
    }
}

/// Checks a plan and tells.
///
/// # Errors
/// When the world fails, the input is wrong, or the plan is not what it claims.
pub(crate) fn run(asked: &typed::PlanCheck, console: &mut Console) -> Result<(), Failure> {
    let Written { plan, .. } = written::read(&asked.plan)?;
    let estate = estate(&asked.estate.estate, console)?;
    let progress = console.progress("checking");
    let verdict = verdict(&plan, &estate);
    drop(progress);
    match console.format {
        Format::Table => console.result(&verdict.told(&estate, console.look.width))?,
        Format::Json | Format::Jsonl => console.json_text(&verdict.json())?,
    }
    if verdict.flaws.is_empty() {
        Ok(())
    } else {
        Err(Failure::No("the plan is not what it claims".to_owned()))
    }
}

fn verdict(plan: &v1::Plan, estate: &Estate) -> Verdict {
    let mut verdict = Verdict::default();
    let (Some(priced), Some(proof)) = (&plan.price, &plan.proof) else {
        let told = "price, proof: none, so there is no plan to check".to_owned();
        verdict.flaws.push(told);
        return verdict;
    };
    let Understood {
        question,
        steps,
        differs,
    } = understood(plan, estate);
    verdict.flaws.extend(differs);
    let wrong = inadmissible(&question, &steps);
    verdict
        .flaws
        .extend(wrong.iter().map(|flaw| format!("steps: {flaw}")));
    let found = price(estate, &steps, &question.hold);
    let told = claims::Told {
        plan,
        question: &question,
        steps: &steps,
    };
    verdict.flaws.extend(told.wrong(priced, &found));
    verdict.flaws.extend(beside::wrong(&told));
    verdict.flaws.extend(claims::of_proof(proof, &found.total));
    verdict.price = (
        priced.total.to_string(),
        Number::money(&found.total).to_string(),
    );
    let race = v1::Race::of(&question, &steps);
    let lost = race.into_iter().flat_map(|race| race.may_be_lost);
    verdict.may_be_lost = lost.map(|lost| lost.id).collect();
    verdict.bound.0 = proof.lower_bound.to_string();
    let shown = match &proof.flow {
        Some(flow) => verdict.flow(flow, &question, &found.total),
        None => None,
    };
    verdict.shown = Shown::of(&proof.lower_bound, shown.as_ref());
    verdict.bound.1 = shown.map(|shown| shown.to_string());
    verdict
}

impl Verdict {
    fn unknown(&mut self, place: &str, what: &str, id: &str) {
        self.flaws
            .push(format!("{place}: the estate has no {what} `{id}`"));
    }

    /// What a flow carries, if it proves anything.
    fn flow(
        &mut self,
        flow: &v1::FlowProof,
        question: &Question<'_>,
        total: &Money,
    ) -> Option<Number> {
        let before = self.flaws.len();
        let read = self.read_flow(flow, question.estate);
        if self.flaws.len() > before {
            return None;
        }
        let Some(read) = read else {
            self.flaws
                .push("proof.flow.unit: not a fraction above 0".to_owned());
            return None;
        };
        match vet_flow(question, &read) {
            Ok(carried) => {
                let shown = Number::money(&carried);
                if flow.bound != shown {
                    let claimed = &flow.bound;
                    self.flaws.push(format!(
                        "proof.flow.bound: claimed {claimed}, found {shown}"
                    ));
                }
                if carried > *total {
                    self.flaws.push(format!(
                        "proof.flow: it carries {shown}, more than the price"
                    ));
                }
                Some(shown)
            }
            Err(wrong) => {
                let told = wrong.iter().map(|flaw| format!("proof.flow: {flaw}"));
                self.flaws.extend(told);
                None
            }
        }
    }

    fn read_flow(&mut self, flow: &v1::FlowProof, estate: &Estate) -> Option<FlowProof> {
        let mut edges = Vec::new();
        for (number, edge) in flow.edges.iter().enumerate() {
            let ends = estate
                .node_by_id(&edge.from)
                .zip(estate.node_by_id(&edge.to));
            let found = ends.and_then(|(from, to)| {
                let mut between = estate.edges_between(from, to).iter().copied();
                between.find(|&ix| estate.edge(ix).kind.as_str() == edge.kind)
            });
            if let Some(ix) = found {
                edges.push((ix, edge.amount));
            } else {
                let id = format!("{} -> {} ({})", edge.from, edge.to, edge.kind);
                self.unknown(&format!("proof.flow.edges[{number}]"), "edge", &id);
            }
        }
        let mut nodes: Vec<(NodeIx, u64)> = Vec::new();
        for (number, node) in flow.nodes.iter().enumerate() {
            match estate.node_by_id(&node.id) {
                Some(ix) => nodes.push((ix, node.amount)),
                None => self.unknown(&format!("proof.flow.nodes[{number}].id"), "node", &node.id),
            }
        }
        let known = Steps::of(estate);
        let services = (0_u32..).map(ServiceIx).zip(estate.services());
        let services: BTreeMap<&str, ServiceIx> = services
            .map(|(ix, service)| (service.id.as_str(), ix))
            .collect();
        let mut draws = Vec::new();
        for (number, draw) in flow.draws.iter().enumerate() {
            let service = services.get(draw.service.as_str());
            if let Some((step, &service)) = known.get(&draw.step).zip(service) {
                let amount = draw.amount;
                draws.push(Draw {
                    step,
                    service,
                    amount,
                });
            } else {
                let id = format!("{}, {}", draw.step, draw.service);
                let place = format!("proof.flow.draws[{number}]");
                self.unknown(&place, "such step or service", &id);
            }
        }
        let mut behind = Vec::new();
        for (number, pair) in flow.behind.iter().enumerate() {
            let steps = known.get(&pair.step).zip(known.get(&pair.leader));
            if let Some(steps) = steps {
                behind.push(steps);
            } else {
                let id = format!("{}, {}", pair.step, pair.leader);
                self.unknown(&format!("proof.flow.behind[{number}]"), "such steps", &id);
            }
        }
        Some(FlowProof {
            behind,
            bound: Money::zero(),
            unit: fraction(&flow.unit)?,
            edges,
            nodes,
            draws,
        })
    }

    fn told(&self, estate: &Estate, width: usize) -> String {
        if !self.flaws.is_empty() {
            let flaws = self
                .flaws
                .iter()
                .map(|flaw| format!("wrong: {}\n", plain(flaw)));
            return flaws.collect();
        }
        let amount = |number: &str| {
            Money::parse(number).map_or_else(|_| plain(number), |m| money(&m, estate.currency()))
        };
        let (price, claimed) = (amount(&self.price.1), amount(&self.bound.0));
        let search = format!("that no plan costs less than {claimed} rests on the search");
        let bound = match (self.bound.1.as_deref().map(amount), self.shown) {
            (Some(shown), Shown::Whole) => {
                format!("its flow shows that no plan costs less than {shown}")
            }
            (Some(shown), Shown::Partly | Shown::NotAtAll) => {
                format!("its flow shows that no plan costs less than {shown}; {search}")
            }
            (None, Shown::Whole) => "no plan costs less than nothing".to_owned(),
            (None, Shown::Partly | Shown::NotAtAll) => {
                format!("it comes without a flow; {search}")
            }
        };
        let lost = match self.may_be_lost.as_slice() {
            [] => "No jewel may be lost before it is cut off.".to_owned(),
            lost => format!(
                "May be lost before they are cut off: {}.",
                plain(&lost.join(", "))
            ),
        };
        [
            format!("The plan cuts off what it must, stops nothing protected, and costs {price} as claimed."),
            format!("Bound {}: {bound}.", self.shown.word()),
            lost,
            "Other plans that it speaks of do and cost what it says; that they are the best at something was not looked at."
                .to_owned(),
        ]
        .map(|sentence| wrap(&sentence, width))
        .concat()
    }

    fn json(&self) -> String {
        let told = json!({
            "holds": self.flaws.is_empty(),
            "flaws": self.flaws,
            "price": {"claimed": self.price.0, "found": self.price.1},
            "bound": {"claimed": self.bound.0, "shown_by_flow": self.bound.1, "verdict": self.shown.word()},
            "may_be_lost": self.may_be_lost,
        });
        format!("{told}\n")
    }
}

/// A fraction `n/d` above zero.
fn fraction(text: &str) -> Option<Money> {
    let exact: Exact = text.parse().ok()?;
    let money = Money::from_exact(exact);
    (money > Money::zero()).then_some(money)
}
