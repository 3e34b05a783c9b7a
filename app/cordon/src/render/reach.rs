//! What can be reached, for people. Jewels come first, then what falls soonest.

use cordon_model::{Estate, Foothold, Minutes, NodeIx};
use cordon_reach::{Path, Reach};

use super::{
    Column, Look, Tone,
    amount::{counted, minutes},
    plain,
    prose::path_within,
    table,
};

/// What can be reached, as tables.
pub(crate) fn reach(estate: &Estate, reach: &Reach<'_>, held: &[Foothold], look: Look) -> String {
    let paths = paths(estate, reach, held);
    let id = |node: NodeIx| estate.node(node).id.to_string();
    let title = format!(
        "{}: {} can be taken from {}",
        estate.name(),
        counted(paths.len(), "node"),
        counted(held.len(), "foothold"),
    );
    let mut text = format!("{}\n", look.paint(Tone::Heading, &plain(&title)));
    let columns = [
        Column::Whole("node"),
        Column::Text("kind"),
        Column::Number("loss"),
        Column::Number("minutes"),
        Column::Number("likelihood"),
        Column::Text("fastest path"),
    ];
    let rows = paths.iter().map(|(node, path)| {
        let (ix, node) = (*node, estate.node(*node));
        let known = || reach.soonest(ix).filter(|minutes| !minutes.is_zero());
        let soonest = || known().map_or_else(|| "?".to_owned(), |minutes| format!("≥ {minutes}"));
        let loss = node
            .jewel
            .as_ref()
            .map(|jewel| cordon_report::money(&jewel.loss, estate.currency()))
            .unwrap_or_default();
        let ids: Vec<_> = path.nodes.iter().map(|node| id(*node)).collect();
        let doubt = if path.unknown {
            " (not known for sure)"
        } else {
            ""
        };
        [
            node.id.to_string(),
            node.kind.to_string(),
            loss,
            path.minutes
                .as_ref()
                .map_or_else(soonest, |m| minutes(Some(m))),
            path.likelihood.to_string(),
            format!("{}{doubt}", path_within(&ids, look.width / 2)),
        ]
    });
    text.push_str(&table(&columns, rows, look));
    text
}

/// The fastest path to every node that is reached and not held, jewels first, then the soonest.
fn paths(estate: &Estate, reach: &Reach<'_>, held: &[Foothold]) -> Vec<(NodeIx, Path)> {
    let is_held = |node: &NodeIx| held.iter().any(|foothold| foothold.node == *node);
    let reached = reach.reached().filter(|node| !is_held(node));
    let mut paths: Vec<_> = reached
        .filter_map(|node| Some((node, reach.fastest(node)?)))
        .collect();
    paths.sort_by_cached_key(|(node, _)| {
        let soonest = reach.soonest(*node).unwrap_or_else(Minutes::zero);
        let node = estate.node(*node);
        (node.jewel.is_none(), soonest, node.id.clone())
    });
    paths
}
