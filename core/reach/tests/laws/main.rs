//! Reach and best paths agree with looking at every simple path there is.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test whose world cannot be built should stop"
)]

mod estates;

use std::cmp::Reverse;

use cordon_model::{EdgeIx, Estate, Exact, Minutes, NodeIx, StepIx};
use cordon_reach::{Path, Removal, Widening, leading_to, reach};
use estates::{Case, case};
use num_traits::{One, Zero};
use proptest::prelude::*;

/// The slow obvious one: every walk from a foothold that never comes to a node twice.
fn simple_paths(case: &Case) -> Vec<(NodeIx, Vec<EdgeIx>)> {
    let mut found = Vec::new();
    for foothold in &case.footholds {
        extend(case, &mut vec![*foothold], &mut Vec::new(), &mut found);
    }
    found
}

fn extend(
    case: &Case,
    nodes: &mut Vec<NodeIx>,
    edges: &mut Vec<EdgeIx>,
    found: &mut Vec<(NodeIx, Vec<EdgeIx>)>,
) {
    found.push((nodes[0], edges.clone()));
    for number in 0..case.estate.edges().len() {
        let ix = EdgeIx(u32::try_from(number).unwrap());
        let edge = case.estate.edge(ix);
        if Some(&edge.from) == nodes.last() && !nodes.contains(&edge.to) && stays(case, ix) {
            nodes.push(edge.to);
            edges.push(ix);
            extend(case, nodes, edges, found);
            nodes.pop();
            edges.pop();
        }
    }
}

fn stays(case: &Case, ix: EdgeIx) -> bool {
    let edge = case.estate.edge(ix);
    case.steps
        .iter()
        .map(|step| case.estate.step(*step))
        .all(|step| {
            let ends = [edge.from, edge.to];
            let by_node = step.removes_nodes.iter().any(|node| ends.contains(node));
            let by_pattern = step.removes_edges.iter().any(|p| {
                (p.from, p.to) == (edge.from, edge.to)
                    && p.kind.as_ref().is_none_or(|kind| *kind == edge.kind)
            });
            !by_node && !by_pattern
        })
}

fn end(estate: &Estate, (foothold, edges): &(NodeIx, Vec<EdgeIx>)) -> NodeIx {
    edges.last().map_or(*foothold, |edge| estate.edge(*edge).to)
}

fn minutes(estate: &Estate, edges: &[EdgeIx]) -> Exact {
    let known = edges
        .iter()
        .filter_map(|edge| estate.edge(*edge).minutes.as_ref());
    known
        .map(Minutes::exact)
        .fold(Exact::zero(), |sum, minutes| sum + minutes)
}

fn likelihood(estate: &Estate, edges: &[EdgeIx]) -> Exact {
    let factors = edges
        .iter()
        .map(|edge| estate.edge(*edge).likelihood.exact());
    factors.fold(Exact::one(), |product, factor| product * factor)
}

fn ids<'e>(estate: &'e Estate, (foothold, edges): &(NodeIx, Vec<EdgeIx>)) -> Vec<&'e [u8]> {
    let taken = edges.iter().map(|edge| estate.edge(*edge).to);
    let nodes = [*foothold].into_iter().chain(taken);
    nodes
        .map(|node| estate.node(node).id.as_str().as_bytes())
        .collect()
}

/// What decides between parallel edges, hop by hop.
fn kinds<'e>(estate: &'e Estate, edges: &[EdgeIx]) -> Vec<impl Ord + use<'e>> {
    edges
        .iter()
        .map(|edge| {
            let edge = estate.edge(*edge);
            (
                edge.minutes.is_none(),
                edge.kind.as_str(),
                edge.minutes.as_ref(),
                Reverse(edge.likelihood.exact()),
                edge.unknown.is_some(),
            )
        })
        .collect()
}

fn all_known(estate: &Estate, edges: &[EdgeIx]) -> bool {
    edges
        .iter()
        .all(|edge| estate.edge(*edge).minutes.is_some())
}

/// What a path is, for comparing one that was found with one that was enumerated.
fn shape(path: &Path) -> (NodeIx, Vec<EdgeIx>) {
    (path.nodes[0], path.edges.clone())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn a_node_is_reached_exactly_if_some_path_leads_to_it(case in case()) {
        let removal = Removal::of(&case.estate, &case.steps);
        let reach = reach(&case.estate, &case.footholds, &removal);
        let paths = simple_paths(&case);
        for node in case.estate.node_indices() {
            let led_to = paths.iter().any(|path| end(&case.estate, path) == node);
            prop_assert_eq!(reach.contains(node), led_to);
            prop_assert_eq!(reach.fastest(node).is_some(), led_to);
            prop_assert_eq!(reach.likeliest(node).is_some(), led_to);
            let back = leading_to(&case.estate, &[node], &removal);
            prop_assert_eq!(case.footholds.iter().any(|held| back.contains(held)), led_to);
        }
    }

    #[test]
    fn the_fastest_path_is_the_best_of_all_simple_paths_of_known_minutes_or_else_of_all(case in case()) {
        let removal = Removal::of(&case.estate, &case.steps);
        let reach = reach(&case.estate, &case.footholds, &removal);
        let estate = &case.estate;
        for node in reach.reached() {
            let mut paths = simple_paths(&case);
            paths.retain(|path| end(estate, path) == node);
            let sum = |path: &(NodeIx, Vec<EdgeIx>)| minutes(estate, &path.1);
            let key = |path: &(NodeIx, Vec<EdgeIx>)| {
                (sum(path), path.1.len(), (ids(estate, path), kinds(estate, &path.1)))
            };
            let soonest = paths.iter().map(sum).min().map(Minutes::from_exact);
            prop_assert_eq!(reach.soonest(node), soonest);
            let best = paths.iter().min_by_key(|path| (!all_known(estate, &path.1), key(path)));
            let found = reach.fastest(node).unwrap();
            prop_assert_eq!(Some(&shape(&found)), best);
            // What may be sooner is told beside it, exactly where something may.
            let hoped = paths.iter().min_by_key(|path| key(path));
            let hoped = hoped.filter(|path| found.minutes.is_some() && sum(path) < sum(best.unwrap()));
            let sooner = reach.perhaps_sooner(node).map(|path| shape(&path));
            prop_assert_eq!(sooner.as_ref(), hoped);
        }
    }

    #[test]
    fn the_likeliest_path_is_the_best_of_all_simple_paths(case in case()) {
        let removal = Removal::of(&case.estate, &case.steps);
        let reach = reach(&case.estate, &case.footholds, &removal);
        let estate = &case.estate;
        for node in reach.reached() {
            let mut paths = simple_paths(&case);
            paths.retain(|path| end(estate, path) == node);
            let best = paths.into_iter().min_by_key(|path| {
                let names = (ids(estate, path), kinds(estate, &path.1));
                (-likelihood(estate, &path.1), path.1.len(), names)
            });
            prop_assert_eq!(reach.likeliest(node).map(|path| shape(&path)), best);
        }
    }

    #[test]
    fn a_path_says_of_itself_what_its_edges_say(case in case()) {
        let estate = &case.estate;
        let reach = reach(estate, &case.footholds, &Removal::none(estate));
        let paths = |node| [reach.fastest(node), reach.likeliest(node)];
        for path in reach.reached().flat_map(paths).flatten() {
            let edges: Vec<_> = path.edges.iter().map(|edge| estate.edge(*edge)).collect();
            let all_known = edges.iter().all(|edge| edge.minutes.is_some());
            let sum = Minutes::from_exact(minutes(estate, &path.edges));
            prop_assert_eq!(path.minutes, all_known.then_some(sum));
            prop_assert_eq!(path.likelihood.exact(), &likelihood(estate, &path.edges));
            prop_assert_eq!(path.unknown, edges.iter().any(|edge| edge.unknown.is_some()));
            let ends: Vec<_> = edges.iter().map(|edge| (edge.from, edge.to)).collect();
            let hops: Vec<_> = path.nodes.windows(2).map(|pair| (pair[0], pair[1])).collect();
            prop_assert_eq!(hops, ends);
        }
    }

    #[test]
    fn a_further_step_never_lets_more_be_reached_or_sooner(case in case()) {
        let none = reach(&case.estate, &case.footholds, &Removal::none(&case.estate));
        let mut before = none;
        for done in 1..=case.steps.len() {
            let removal = Removal::of(&case.estate, &case.steps[..done]);
            let after = reach(&case.estate, &case.footholds, &removal);
            for node in after.reached() {
                prop_assert!(before.contains(node));
                prop_assert!(before.soonest(node) <= after.soonest(node));
            }
            before = after;
        }
    }

    #[test]
    fn undone_step_by_step_and_held_node_by_node_as_much_is_reached_as_at_once(case in case(), more in 0..6_u32) {
        let estate = &case.estate;
        let held = &case.footholds;
        let mut widening = Widening::new(estate, held, &case.steps);
        for undone in 0..=case.steps.len() {
            let left = &case.steps[undone..];
            same_as_at_once(&case, &widening, held, left)?;
            if let Some(step) = left.first() {
                let told = widening.would_reach(*step, |_| true);
                let before: Vec<_> = estate.node_indices().filter(|n| widening.contains(*n)).collect();
                widening.undo(*step);
                let new = estate.node_indices().filter(|n| widening.contains(*n) && !before.contains(n));
                let told: Vec<_> = told.into_iter().map(|(node, path)| {
                    let after = Removal::of(estate, &left[1..]);
                    assert!(is_walk(estate, &after, held, &path) && path.last() == Some(&node));
                    node
                }).collect();
                prop_assert_eq!(told, new.collect::<Vec<_>>());
            }
        }
        let node = NodeIx(more % u32::try_from(estate.nodes().len()).unwrap());
        let mut widening = Widening::new(estate, held, &case.steps);
        widening.hold(node);
        let held = [held.as_slice(), &[node]].concat();
        same_as_at_once(&case, &widening, &held, &case.steps)?;
        for to in estate.node_indices() {
            let leads = leading_to(estate, &[to], &Removal::of(estate, &case.steps));
            let leads = leads.into_iter().filter(|node| widening.contains(*node));
            let told = if widening.contains(to) { leads.collect() } else { Vec::new() };
            prop_assert_eq!(widening.leading_to(to).into_iter().collect::<Vec<_>>(), told);
        }
        widening.release(&[node]);
        let held: Vec<NodeIx> = held.into_iter().filter(|other| *other != node).collect();
        same_as_at_once(&case, &widening, &held, &case.steps)?;
    }
}

fn same_as_at_once(
    case: &Case,
    widening: &Widening<'_>,
    held: &[NodeIx],
    steps: &[StepIx],
) -> Result<(), TestCaseError> {
    let removal = Removal::of(&case.estate, steps);
    let at_once = reach(&case.estate, held, &removal);
    for node in case.estate.node_indices() {
        prop_assert_eq!(widening.contains(node), at_once.contains(node));
        let path = widening.path(node);
        prop_assert_eq!(path.is_empty(), !at_once.contains(node));
        prop_assert!(path.is_empty() || is_walk(&case.estate, &removal, held, &path));
    }
    Ok(())
}

fn is_walk(estate: &Estate, removal: &Removal, held: &[NodeIx], path: &[NodeIx]) -> bool {
    let joined = |pair: &[NodeIx]| {
        let mut between = estate.edges_between(pair[0], pair[1]).iter();
        between.any(|edge| removal.keeps(*edge))
    };
    held.contains(&path[0]) && path.windows(2).all(joined)
}
