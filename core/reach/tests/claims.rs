//! What reach means, one claim at a time, on estates small enough to draw.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test whose world cannot be built should stop"
)]

use cordon_model::{
    Edge, EdgeKind, EdgePattern, Estate, EstateParts, Likelihood, Minutes, Money, Node, NodeId,
    NodeIx, NodeKind, Step, StepId, StepIx, StepKind,
};
use cordon_reach::{Path, Removal, reach};

/// An estate written `from kind to minutes likelihood` a line, `-` for unknown minutes, and steps
/// given as nodes or `from to` pairs that they remove.
fn estate(lines: &[&str], removes: &[&str]) -> Estate {
    let words = |line: &&str| -> Vec<String> { line.split(' ').map(str::to_owned).collect() };
    let lines: Vec<_> = lines.iter().map(words).collect();
    let mut names: Vec<_> = lines
        .iter()
        .flat_map(|w| [w[0].clone(), w[2].clone()])
        .collect();
    names.sort();
    names.dedup();
    names.reverse();
    let ix = |name: &str| {
        let place = names.iter().position(|n| n == name).unwrap();
        NodeIx(u32::try_from(place).unwrap())
    };
    let edge = |w: &Vec<String>| Edge {
        from: ix(&w[0]),
        to: ix(&w[2]),
        kind: EdgeKind::new(w[1].as_str()),
        minutes: Minutes::parse(&w[3]).ok(),
        likelihood: Likelihood::parse(&w[4]).unwrap(),
        unknown: None,
    };
    let step = |text: &&str| {
        let (nodes, edges) = match text.split_once(' ') {
            None => (vec![ix(text)], Vec::new()),
            Some((from, to)) => {
                let (from, to) = (ix(from), ix(to));
                (
                    Vec::new(),
                    vec![EdgePattern {
                        from,
                        to,
                        kind: None,
                    }],
                )
            }
        };
        Step {
            id: StepId::new(*text),
            kind: StepKind::new("isolate-host"),
            removes_nodes: nodes,
            removes_edges: edges,
            takes_down: Vec::new(),
            cost: Money::zero(),
            minutes: None,
            undo: None,
            check: None,
            irreversible: false,
            action: None,
        }
    };
    let node = |name: &String| Node {
        id: NodeId::new(name.as_str()),
        kind: NodeKind::new("host"),
        name: None,
        aliases: Vec::new(),
        jewel: None,
    };
    Estate::new(EstateParts {
        name: "t".to_owned(),
        currency: "GBP".to_owned(),
        nodes: names.iter().map(node).collect(),
        edges: lines.iter().map(edge).collect(),
        services: Vec::new(),
        steps: removes.iter().map(step).collect(),
    })
}

fn spell(estate: &Estate, path: &Path) -> String {
    let mut words = vec![estate.node(path.nodes[0]).id.to_string()];
    for edge in &path.edges {
        let edge = estate.edge(*edge);
        words.push(edge.kind.to_string());
        words.push(estate.node(edge.to).id.to_string());
    }
    let minutes = path
        .minutes
        .as_ref()
        .map_or("-".to_owned(), Minutes::to_string);
    format!("{} in {minutes} at {}", words.join(" "), path.likelihood)
}

/// The fastest and the likeliest path to `z` from these footholds.
fn check(lines: &[&str], footholds: &[&str], fastest: &str, likeliest: &str) {
    let estate = estate(lines, &[]);
    let held: Vec<_> = footholds
        .iter()
        .map(|id| estate.node_by_id(id).unwrap())
        .collect();
    let reach = reach(&estate, &held, &Removal::none(&estate));
    let z = estate.node_by_id("z").unwrap();
    assert_eq!(spell(&estate, &reach.fastest(z).unwrap()), fastest);
    assert_eq!(spell(&estate, &reach.likeliest(z).unwrap()), likeliest);
}

#[test]
fn fewer_minutes_win_and_more_likelihood_wins() {
    let lines = ["a ssh z 10 1", "a ssh b 1 0.9", "b ssh z 2 0.9"];
    check(
        &lines,
        &["a"],
        "a ssh b ssh z in 3 at 0.81",
        "a ssh z in 10 at 1",
    );
}

#[test]
fn an_unknown_time_hides_no_known_one_and_both_are_told() {
    let lines = ["u ssh a 3 1", "a ssh z 0 0.9", "u ssh z - 1"];
    check(
        &lines,
        &["u"],
        "u ssh a ssh z in 3 at 0.9",
        "u ssh z in - at 1",
    );
    check_perhaps_sooner(&lines, Some("u ssh z in - at 1"));
    // It takes as long at least, so it is not sooner.
    let lines = ["u ssh a 3 1", "a ssh z 0 1", "u ssh b 3 1", "b ssh z - 1"];
    check_perhaps_sooner(&lines, None);
    // Where no way is known to the minute, the one that is known to be short is the fastest.
    let lines = ["u ssh z - 0.1", "u rdp a 2 1", "a rdp z - 1"];
    check(
        &lines,
        &["u"],
        "u ssh z in - at 0.1",
        "u rdp a rdp z in - at 1",
    );
    check_perhaps_sooner(&lines, None);
}

fn check_perhaps_sooner(lines: &[&str], expect: Option<&str>) {
    let estate = estate(lines, &[]);
    let held = [estate.node_by_id("u").unwrap()];
    let reach = reach(&estate, &held, &Removal::none(&estate));
    let found = reach.perhaps_sooner(estate.node_by_id("z").unwrap());
    assert_eq!(found.map(|path| spell(&estate, &path)).as_deref(), expect);
}

#[test]
fn ties_go_to_fewer_edges_then_to_the_ids_from_the_foothold_on() {
    let lines = [
        "a ssh c 1 1",
        "c ssh z 1 1",
        "b ssh d 0 1",
        "d ssh z 2 1",
        "a ssh y 2 1",
        "y ssh z 0 1",
    ];
    let best = "a ssh c ssh z in 2 at 1";
    check(&lines, &["b", "a"], best, best);
    let lines = ["a ssh c 1 1", "c ssh z 1 1", "b ssh z 2 1"];
    let best = "b ssh z in 2 at 1";
    check(&lines, &["a", "b"], best, best);
}

#[test]
fn of_parallel_edges_the_better_one_is_walked_then_the_first_by_kind() {
    let lines = ["a ssh z 1 0.5", "a rdp z 2 1", "a admin z 1 0.5"];
    check(&lines, &["a"], "a admin z in 1 at 0.5", "a rdp z in 2 at 1");
    let lines = ["a ssh z 5 0.5", "a ssh z 3 0.2"];
    check(&lines, &["a"], "a ssh z in 3 at 0.2", "a ssh z in 5 at 0.5");
}

#[test]
fn a_circle_of_no_minutes_ends() {
    let lines = ["a ssh b 0 1", "b ssh a 0 1", "b ssh b 0 1", "b ssh z 0 1"];
    check(
        &lines,
        &["a"],
        "a ssh b ssh z in 0 at 1",
        "a ssh b ssh z in 0 at 1",
    );
}

#[test]
fn where_nothing_can_work_the_fewest_edges_are_the_likeliest() {
    let lines = [
        "a ssh b 1 1",
        "b ssh c 1 1",
        "c ssh z 1 0",
        "a ssh y 9 0.1",
        "y ssh z 9 0",
    ];
    check(
        &lines,
        &["a"],
        "a ssh b ssh c ssh z in 3 at 0",
        "a ssh y ssh z in 18 at 0",
    );
}

#[test]
fn a_foothold_is_its_own_path_even_if_another_leads_to_it() {
    let lines = ["a ssh z 0 1"];
    check(&lines, &["a", "z"], "z in 0 at 1", "z in 0 at 1");
}

/// Which nodes `a` reaches once the numbered steps are done.
fn check_reached(removes: &[&str], done: &[u32], expect: &[&str]) {
    let estate = estate(
        &["a ssh b 1 1", "a rdp b 1 1", "b ssh c 1 1", "a ssh d 4 1"],
        removes,
    );
    let steps: Vec<_> = done.iter().map(|n| StepIx(*n)).collect();
    let a = estate.node_by_id("a").unwrap();
    let reach = reach(&estate, &[a, a], &Removal::of(&estate, &steps));
    let mut reached: Vec<_> = reach
        .reached()
        .map(|n| estate.node(n).id.as_str())
        .collect();
    reached.sort_unstable();
    assert_eq!(reached, expect, "{removes:?} {done:?}");
}

#[test]
fn a_removed_foothold_stays_held_but_leads_nowhere() {
    check_reached(&["a"], &[], &["a", "b", "c", "d"]);
    check_reached(&["a"], &[0], &["a"]);
}

#[test]
fn removing_a_node_cuts_what_leads_in_and_out_and_a_pattern_cuts_every_kind() {
    check_reached(&["b"], &[0], &["a", "d"]);
    check_reached(&["b c"], &[0], &["a", "b", "d"]);
    check_reached(&["a b"], &[0], &["a", "d"]);
    check_reached(&["a b", "a d"], &[0, 1], &["a"]);
}

#[test]
fn what_is_within_some_minutes_is_known_by_the_soonest_way() {
    let estate = estate(&["a ssh b 1.5 1", "b ssh c - 1", "c ssh d 0.1 1"], &[]);
    let a = estate.node_by_id("a").unwrap();
    let reach = reach(&estate, &[a], &Removal::none(&estate));
    let within = |minutes: &str| {
        let minutes = Minutes::parse(minutes).unwrap();
        let mut ids: Vec<_> = reach
            .within(&minutes)
            .map(|n| estate.node(n).id.to_string())
            .collect();
        ids.sort();
        ids.concat()
    };
    assert_eq!(within("0"), "a");
    assert_eq!(within("1.5"), "abc");
    assert_eq!(within("1.6"), "abcd");
}
