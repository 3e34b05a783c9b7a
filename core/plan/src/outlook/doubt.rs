//! The plan where suspicion is weighed.
//!
//! Each suspect gets a stand-in that leads where it leads and that every step cuts which cuts the
//! suspect. Stand-ins hang on one foothold by ways that can be closed for what is at stake: closing one
//! is betting that the suspect is not held. So the same search weighs cutting a suspect off against the
//! bet.

use std::collections::BTreeSet;

use cordon_model::{EdgeIx, EdgePattern, Estate, EstateParts, Foothold, Money, NodeIx};
use cordon_reach::{Removal, reach};

use super::{Robust, Suspect, changed};
use crate::{Draft, Question, price, target::held};

/// The plan that is expected to cost least; none if nothing suspected leads to a jewel.
pub(super) fn robust(
    question: &Question<'_>,
    plan: &Draft,
    suspected: &[Foothold],
) -> Option<Robust> {
    let estate = question.estate;
    let mut suspects = suspects(question, suspected);
    if suspects.is_empty() {
        return None;
    }
    let mut parts = estate.parts().clone();
    let doubt = changed::add_node(&mut parts);
    let stand_ins: Vec<(NodeIx, Money)> = suspects
        .iter()
        .map(|suspect| {
            (
                add_stand_in(&mut parts, estate, suspect.node),
                suspect.at_stake.clone(),
            )
        })
        .collect();
    for (stand_in, at_stake) in stand_ins {
        changed::add_way_out(&mut parts, doubt, stand_in, at_stake);
    }
    let found = changed::cheapest(question, parts, Some(doubt))?;
    let removal = Removal::of(estate, &found.steps);
    for suspect in &mut suspects {
        suspect.cut_off = lost(question, suspect.node, &removal).is_empty();
    }
    let price = price(estate, &found.steps, &question.hold).total;
    let of_plan = Removal::of(estate, &plan.steps);
    let expected_of_plan = expected(question, &plan.price.total, &suspects, &of_plan);
    Some(Robust {
        expected: expected(question, &price, &suspects, &removal),
        expected_of_plan,
        price,
        steps: found.steps,
        suspects,
        proven: found.proven,
    })
}

/// What is suspected, not held, and leads to a jewel; each once, as sure as the surest says.
fn suspects(question: &Question<'_>, suspected: &[Foothold]) -> Vec<Suspect> {
    let held = held(question);
    let not_held = suspected.iter().filter(|f| !held.contains(&f.node));
    let mut by_node: Vec<&Foothold> = not_held.collect();
    by_node.sort_by(|a, b| {
        let surest = b.confidence.get().total_cmp(&a.confidence.get());
        a.node.cmp(&b.node).then(surest)
    });
    by_node.dedup_by_key(|foothold| foothold.node);
    let each = by_node
        .into_iter()
        .map(|foothold| weighed(question, foothold));
    each.filter(|suspect| !suspect.at_stake.is_zero()).collect()
}

fn weighed(question: &Question<'_>, foothold: &Foothold) -> Suspect {
    let estate = question.estate;
    let lost = lost(question, foothold.node, &Removal::none(estate));
    let jewels = lost
        .iter()
        .filter_map(|&node| estate.node(node).jewel.as_ref());
    let all: Money = jewels.map(|jewel| &jewel.loss).sum();
    // As the decimal that it is told as, so that whoever reads that can reckon the same.
    let sure = Money::parse(&foothold.confidence.decimal());
    let sure = sure.unwrap_or_else(|_not_a_decimal| Money::from_units(1));
    Suspect {
        node: foothold.node,
        confidence: foothold.confidence,
        at_stake: Money::from_exact(all.exact() * sure.exact()),
        cut_off: false,
    }
}

/// Jewels, none of them held, that a node leads to by one edge at least.
fn lost(question: &Question<'_>, from: NodeIx, removal: &Removal) -> Vec<NodeIx> {
    let estate = question.estate;
    let held = held(question);
    let reached = reach(estate, &[from], removal);
    let enters = |edge: &EdgeIx| removal.keeps(*edge) && reached.contains(estate.edge(*edge).from);
    let jewels = estate.jewels().map(|(node, _)| node);
    let led_to = |node: &NodeIx| {
        reached.contains(*node) && (*node != from || estate.in_edges(*node).iter().any(enters))
    };
    jewels
        .filter(|node| !held.contains(node))
        .filter(led_to)
        .collect()
}

fn expected(
    question: &Question<'_>,
    price: &Money,
    suspects: &[Suspect],
    removal: &Removal,
) -> Money {
    let open = |suspect: &&Suspect| !lost(question, suspect.node, removal).is_empty();
    let bets: Money = suspects.iter().filter(open).map(|s| &s.at_stake).sum();
    price + &bets
}

/// A node that leads where another leads, cut by whatever cuts that.
fn add_stand_in(parts: &mut EstateParts, estate: &Estate, node: NodeIx) -> NodeIx {
    let stand_in = changed::add_node(parts);
    for &edge in estate.out_edges(node) {
        let mut edge = estate.edge(edge).clone();
        edge.from = stand_in;
        parts.edges.push(edge);
    }
    for (number, step) in estate.steps().iter().enumerate() {
        let removes = step.removes_nodes.contains(&node).then_some(stand_in);
        let patterns = step.removes_edges.iter().filter(|p| p.from == node);
        let patterns: BTreeSet<_> = patterns.map(|p| (p.to, p.kind.clone())).collect();
        if let Some(step) = parts.steps.get_mut(number) {
            step.removes_nodes.extend(removes);
            step.removes_edges
                .extend(patterns.into_iter().map(|(to, kind)| EdgePattern {
                    from: stand_in,
                    to,
                    kind,
                }));
        }
    }
    stand_in
}
