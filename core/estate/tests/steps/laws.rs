//! What holds for every estate.

use std::fmt::Write as _;

use cordon_estate::{Read, Reading, Useless, read, write_estate, write_steps};
use cordon_text::Source;
use proptest::prelude::*;

use crate::{Asked, HEAD, asked, made_as, shipped};

/// What nodes and edges are drawn from: some of what each recipe looks for.
const NODES: [&str; 12] = [
    "user",
    "group",
    "server",
    "computer",
    "network-zone",
    "vcenter",
    "hypervisor",
    "cert-template",
    "application",
    "third-party",
    "unknown",
    "backup-server",
];
const EDGES: [&str; 14] = [
    "member-of",
    "admin-to",
    "generic-all",
    "vpn-entry",
    "network-route",
    "hosts-guest",
    "controls",
    "reset-factor",
    "adcs-esc1",
    "synced-to-entra-user",
    "vault-read",
    "contains",
    "gp-link",
    "has-session",
];

/// Any estate of these, with numbers that need care.
fn any_estate() -> impl Strategy<Value = String> {
    let node = (0..NODES.len(), any::<bool>());
    let edge = (0..EDGES.len(), 0..7_usize, 0..7_usize, 0..4_usize);
    let numbers = prop::sample::select(vec![
        "0",
        "1",
        "0.1",
        "1e3",
        "12.50",
        "3e-7",
        "12345678901234567890.5",
        "1e40",
        "1e-40",
    ]);
    let nodes = prop::collection::vec(node, 7);
    let edges = prop::collection::vec((edge, numbers), 0..14);
    let hours = prop::sample::select(vec!["1m", "0.5h", "2d", "20m", "0h"]);
    (nodes, edges, hours, 1..3_usize).prop_map(|(nodes, edges, hours, k)| {
        let mut text = format!("{HEAD}nodes:\n");
        for (place, (kind, jewel)) in nodes.iter().enumerate() {
            let kind = NODES.get(*kind).unwrap();
            let jewel = if *jewel { ", jewel: {loss: 0.25, why: 'a \"b\"'}" } else { "" };
            writeln!(text, "  - {{id: n{place}, kind: {kind}, name: 'N {place}', aliases: ['A\\{place}']{jewel}}}").unwrap();
        }
        text.push_str("edges:\n  - {from: n0, to: n1, kind: owns, unknown: why not}\n");
        for ((kind, from, to, more), number) in edges {
            let kind = EDGES.get(kind).unwrap();
            let more = match more {
                0 => format!(", minutes: {number}"),
                1 => ", likelihood: 0.30000000000000004".to_owned(),
                2 => ", grounds: [n2, n3]".to_owned(),
                _ => String::new(),
            };
            writeln!(text, "  - {{from: n{from}, to: n{to}, kind: {kind}{more}}}").unwrap();
        }
        let needs = format!("{{all: [n1, {{at_least: {k}, of: [n2, n3, t]}}, {{any: [n4, n4]}}]}}");
        write!(
            text,
            "services:\n  - {{id: t, needs: n5, loss_per_hour: 0.1, care: lifeline, probe: {{log: l, holds: h, at_least: 2}}}}\n\
             \x20 - {{id: s, name: S, needs: {needs}, cover: {hours}, ramp: {hours}, protected: true, probe: {{tcp: 'h:1'}}}}\n\
             steps:\n  - {{id: own, kind: rotate-krbtgt, irreversible: false, removes: {{nodes: [n1], edges: [{{from: n0, to: n1}}]}}, \
             takes_down: [n2], cost: 0.1, minutes: 1.25, undo: back, do: {{connector: x, n: 1}}}}\n"
        )
        .unwrap();
        text
    })
}

fn of(text: &str) -> Read {
    read(&[Source::new("e.yaml", text)], shipped::pages()).unwrap()
}

/// The estate with the steps that are made from it, written.
fn written(read: &Read, useless: Useless) -> String {
    let made = made_as(read, Asked { useless, ..asked() });
    let (mut out, pages) = (Vec::new(), shipped::pages());
    write_estate((&read.estate, &read.grounds), pages, &mut out).unwrap();
    write_steps(&read.estate, &made.steps, pages, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

proptest! {
    #[test]
    fn an_estate_that_is_written_with_its_steps_reads_as_the_same(text in any_estate()) {
        let first = of(&text);
        let all = written(&first, Useless::Keep);
        prop_assert_eq!(&all, &written(&first, Useless::Keep), "same input, same bytes");
        let mut reading = Reading::new(shipped::pages());
        reading.lines("e.jsonl", all.as_bytes()).unwrap();
        let again = reading.finish().unwrap_or_else(|report| panic!("{all}\n{report:#?}"));
        let own = first.estate.steps().len();
        let mut parts = again.estate.parts().clone();
        let made = parts.steps.split_off(own);
        prop_assert_eq!(&parts, first.estate.parts());
        prop_assert_eq!(&again.grounds, &first.grounds);
        let expect = made_as(&first, Asked { useless: Useless::Keep, ..asked() });
        prop_assert_eq!(made, expect.steps);
        let empty = |code: &str| !["removes-no-edge", "idle-step", "unsaid-irreversible"].contains(&code);
        prop_assert!(again.lints.diagnostics.iter().all(|lint| empty(lint.code)), "{:#?}", again.lints);
    }

    #[test]
    fn steps_once_made_are_not_made_again(text in any_estate()) {
        let first = of(&text);
        let all = written(&first, Useless::LeaveOut);
        let mut reading = Reading::new(shipped::pages());
        reading.lines("e.jsonl", all.as_bytes()).unwrap();
        let again = reading.finish().unwrap();
        let made = made_as(&again, asked());
        let ids: Vec<&str> = made.steps.iter().map(|step| step.id.as_str()).collect();
        prop_assert_eq!(ids, Vec::<&str>::new());
    }
}
