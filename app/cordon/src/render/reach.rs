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
        Column::Number("at most"),
        Column::Text("fastest path"),
    ];
    let rows = paths.iter().map(|(node, path)| {
        let (ix, node) = (*node, estate.node(*node));
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
            how_soon(reach, ix, path),
            path.likelihood.to_string(),
            reach
                .likeliest(ix)
                .map_or_else(String::new, |path| path.likelihood.to_string()),
            format!("{}{doubt}", path_within(&ids, look.width / 2)),
        ]
    });
    text.push_str(&table(&columns, rows, look));
    text
}

/// The minutes of a fastest path; what is known of them, or of a path that may be faster, behind it.
fn how_soon(reach: &Reach<'_>, node: NodeIx, fastest: &Path) -> String {
    let at_least = reach.soonest(node).filter(|minutes| !minutes.is_zero());
    match (&fastest.minutes, at_least) {
        (None, None) => "?".to_owned(),
        (None, Some(at_least)) => format!("≥ {at_least}"),
        (known, _) if reach.perhaps_sooner(node).is_none() => minutes(known.as_ref()),
        (known, _) => format!("{}, or less", minutes(known.as_ref())),
    }
}

/// How some nodes can be taken, edge by edge.
pub(crate) fn explained(
    estate: &Estate,
    reach: &Reach<'_>,
    targets: &[NodeIx],
    look: Look,
) -> String {
    let each = targets.iter().map(|target| {
        let id = &estate.node(*target).id;
        let (fastest, likeliest) = (reach.fastest(*target), reach.likeliest(*target));
        let is_one = fastest == likeliest;
        let ways = [
            (
                if is_one {
                    "fastest and most likely"
                } else {
                    "fastest"
                },
                fastest,
            ),
            ("most likely", likeliest.filter(|_| !is_one)),
            (
                "perhaps faster, as not all minutes are known",
                reach.perhaps_sooner(*target),
            ),
        ];
        let ways = ways
            .into_iter()
            .filter_map(|(what, path)| Some((what, path?)));
        let told: String = ways
            .map(|(what, path)| way(estate, what, &path, look))
            .collect();
        let title = match told.as_str() {
            "" => format!("{id} cannot be taken from what is held"),
            _ => format!("How {id} can be taken"),
        };
        format!("{}\n{told}", look.paint(Tone::Heading, &plain(&title)))
    });
    each.collect::<Vec<_>>().join("\n")
}

fn way(estate: &Estate, what: &str, path: &Path, look: Look) -> String {
    let takes = match &path.minutes {
        Some(known) => format!("{} minutes", minutes(Some(known))),
        None => "an unknown time".to_owned(),
    };
    if path.edges.is_empty() {
        return "held already\n".to_owned();
    }
    let columns = [
        Column::Whole("from"),
        Column::Text("by"),
        Column::Whole("to"),
        Column::Number("minutes"),
        Column::Number("likelihood"),
        Column::Text("not known whether"),
    ];
    let rows = path.edges.iter().map(|edge| {
        let edge = estate.edge(*edge);
        [
            estate.node(edge.from).id.to_string(),
            edge.kind.to_string(),
            estate.node(edge.to).id.to_string(),
            minutes(edge.minutes.as_ref()),
            edge.likelihood.to_string(),
            edge.unknown.clone().unwrap_or_default(),
        ]
    });
    let table = table(&columns, rows, look);
    format!("{what}: {takes}, likelihood {}\n{table}", path.likelihood)
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
