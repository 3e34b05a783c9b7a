//! What could be given up so that an admissible plan exists, and what the best plan then costs.

use std::collections::BTreeSet;

use cordon_model::{Money, NodeIx, ServiceIx};
use cordon_reach::{Removal, reach};

use crate::{
    Question, Relaxation, RelaxationKind,
    infeasible::{Demand, Demands},
    solve::{self, Aim, Task, Ties},
    target::held,
};

/// Relaxations named at most: more than anyone weighs, and the cheapest come first.
const RELAXATIONS_MAX: usize = 32;
/// Edges tried as steps that do not exist yet. Where one path cannot be cut at all only its edges
/// are tried; this bounds the rare other case, in which services forbid the cut only together.
const EDGES_MAX: usize = 256;

/// Every single thing that makes a plan possible if given up, cheapest first; where no single one
/// does, the combinations that give up least.
pub(crate) fn relaxations(question: &Question<'_>, all: &Demands) -> Vec<Relaxation> {
    let mut found = Vec::new();
    found.extend(
        all.services
            .iter()
            .filter_map(|&service| unprotect(question, all, service)),
    );
    found.extend(
        all.jewels
            .iter()
            .filter_map(|&jewel| accept(question, all, jewel)),
    );
    let edges = edges_without_step(question, all);
    let edges = edges.into_iter().take(EDGES_MAX);
    found.extend(edges.filter_map(|edge| add_step(question, all, edge)));
    if found.is_empty() {
        found.extend(combined(question, all, First::Jewels));
        found.extend(combined(question, all, First::Services));
    }
    found.sort_by(|a, b| {
        let rest = |r: &Relaxation| (r.kind, r.id.clone(), r.also.clone());
        a.price.cmp(&b.price).then_with(|| rest(a).cmp(&rest(b)))
    });
    found.dedup();
    found.truncate(RELAXATIONS_MAX);
    found
}

fn best_price(question: &Question<'_>, task: &Task<'_>) -> Option<Money> {
    let found = solve::cheapest(task, question.effort, Ties::Any).ok();
    found.map(|found| found.price)
}

fn loss(question: &Question<'_>, jewel: NodeIx) -> Money {
    let jewel = question.estate.node(jewel).jewel.as_ref();
    jewel.map_or_else(Money::zero, |jewel| jewel.loss.clone())
}

fn unprotect(question: &Question<'_>, all: &Demands, service: ServiceIx) -> Option<Relaxation> {
    let price = best_price(
        question,
        &all.without(Demand::Service(service)).task(question),
    )?;
    Some(Relaxation {
        kind: RelaxationKind::Unprotect,
        id: question.estate.service(service).id.to_string(),
        also: Vec::new(),
        price,
    })
}

fn accept(question: &Question<'_>, all: &Demands, jewel: NodeIx) -> Option<Relaxation> {
    let price = best_price(question, &all.without(Demand::Jewel(jewel)).task(question))?;
    Some(Relaxation {
        kind: RelaxationKind::AcceptLoss,
        id: question.estate.node(jewel).id.to_string(),
        also: Vec::new(),
        price: &price + &loss(question, jewel),
    })
}

fn add_step(question: &Question<'_>, all: &Demands, edge: (NodeIx, NodeIx)) -> Option<Relaxation> {
    let task = Task {
        aim: Aim::CutOff {
            held: held(question),
            jewels: all.jewels.clone(),
            gone: BTreeSet::from([edge]),
        },
        ..all.task(question)
    };
    let price = best_price(question, &task)?;
    let id = |node| &question.estate.node(node).id;
    Some(Relaxation {
        kind: RelaxationKind::AddStep,
        id: format!("{} -> {}", id(edge.0), id(edge.1)),
        also: Vec::new(),
        price,
    })
}

/// Ends of edges, on some way to a jewel, that no step removes without stopping something protected
/// by itself; by id.
fn edges_without_step(question: &Question<'_>, all: &Demands) -> Vec<(NodeIx, NodeIx)> {
    let (estate, held) = (question.estate, held(question));
    let removal = Removal::of(estate, &solve::usable(&all.task(question)));
    let stuck = reach(estate, &held, &removal);
    let stuck = all.jewels.iter().find_map(|&jewel| stuck.fastest(jewel));
    let before = reach(estate, &held, &Removal::none(estate));
    let mut pairs: Vec<(NodeIx, NodeIx)> = match stuck {
        Some(path) => path
            .nodes
            .iter()
            .copied()
            .zip(path.nodes.iter().copied().skip(1))
            .collect(),
        None => (0_u32..)
            .map(cordon_model::EdgeIx)
            .zip(estate.edges())
            .filter(|(ix, edge)| removal.keeps(*ix) && before.contains(edge.from))
            .map(|(_, edge)| (edge.from, edge.to))
            .collect(),
    };
    pairs.sort_by_key(|&(from, to)| (&estate.node(from).id, &estate.node(to).id));
    pairs.dedup();
    pairs
}

/// Which demands a combination keeps as far as it can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum First {
    Jewels,
    Services,
}

/// Gives up everything, then takes back one demand after the other as long as a plan exists: the
/// most precious jewels first, services by id.
fn combined(question: &Question<'_>, all: &Demands, first: First) -> Option<Relaxation> {
    let estate = question.estate;
    let mut kept = Demands {
        jewels: Vec::new(),
        services: Vec::new(),
    };
    let mut jewels = all.jewels.clone();
    jewels.sort_by_key(|&node| (loss(question, node), &estate.node(node).id));
    jewels.reverse();
    let mut services = all.services.clone();
    services.sort_by_key(|&service| &estate.service(service).id);
    let mut given_up = Vec::new();
    let mut lost = Money::zero();
    let jewels = jewels.into_iter().map(Demand::Jewel);
    let services = services.into_iter().map(Demand::Service);
    let order: Vec<Demand> = match first {
        First::Jewels => jewels.chain(services).collect(),
        First::Services => services.chain(jewels).collect(),
    };
    for demand in order {
        let with = kept.with(demand);
        if solve::any(&with.task(question)).is_ok() {
            kept = with;
            continue;
        }
        given_up.push(match demand {
            Demand::Jewel(jewel) => {
                lost += &loss(question, jewel);
                (
                    RelaxationKind::AcceptLoss,
                    estate.node(jewel).id.to_string(),
                )
            }
            Demand::Service(service) => (
                RelaxationKind::Unprotect,
                estate.service(service).id.to_string(),
            ),
        });
    }
    given_up.sort();
    let price = best_price(question, &kept.task(question))?;
    let mut given_up = given_up.into_iter();
    let (kind, id) = given_up.next()?;
    Some(Relaxation {
        kind,
        id,
        also: given_up.collect(),
        price: &price + &lost,
    })
}
