//! Defaults, exact numbers, and every form of every key.

use cordon_model::{
    Care, Heartbeat, Hours, Likelihood, Minutes, Money, Need, NodeIx, Probe, ServiceIx,
};

use crate::{HEAD, estate, read_all};

#[test]
fn everything_optional_has_its_default() {
    let estate = estate(
        "nodes: [{id: a, kind: host}, {id: b, kind: host}]
edges: [{from: a, to: b, kind: admin-to}]
services: [{id: s, needs: a}]
steps: [{id: x, kind: disable-account, cost: 0, removes: {nodes: [a]}}]
",
    );
    let node = estate.node(NodeIx(0));
    assert_eq!(
        (&node.name, node.aliases.len(), &node.jewel),
        (&None, 0, &None)
    );
    let edge = &estate.edges()[0];
    assert_eq!(
        (edge.minutes.as_ref(), &edge.likelihood),
        (None, &Likelihood::certain())
    );
    let service = &estate.services()[0];
    assert_eq!(service.needs, Need::Node(NodeIx(0)));
    assert_eq!(
        (&service.cover, &service.ramp),
        (&Hours::zero(), &Hours::zero())
    );
    assert_eq!(service.loss_per_hour, Money::zero());
    assert_eq!((service.protected, service.care), (false, Care::None));
    assert_eq!((&service.name, &service.probe), (&None, &None));
    let step = &estate.steps()[0];
    assert_eq!((step.takes_down.len(), step.removes_edges.len()), (0, 0));
    assert_eq!((step.minutes.as_ref(), step.irreversible), (None, false));
}

#[test]
fn a_step_takes_undo_check_and_do_from_its_page_unless_it_says_so_itself() {
    let estate = estate(
        "nodes: [{id: a, kind: host}]
steps:
- {id: x, kind: disable-account, cost: 1, removes: {nodes: [a]}}
- {id: y, kind: disable-account, cost: 1, removes: {nodes: [a]}, undo: u, check: c, do: {n: 2.50, list: [true, ~, '7']}}
- {id: z, kind: reset-password, cost: 1, removes: {nodes: [a]}, irreversible: true}
",
    );
    let told = estate.steps().iter().map(|step| {
        let action = step.action.as_ref().map(ToString::to_string);
        (
            step.undo.as_deref(),
            step.check.as_deref(),
            action.unwrap(),
            step.irreversible,
        )
    });
    let page = r#"{"connector":"dry","n":1}"#.to_owned();
    let own = r#"{"n":2.5,"list":[true,null,"7"]}"#.to_owned();
    let expect = [
        (Some("page undo"), Some("page check"), page.clone(), false),
        (Some("u"), Some("c"), own, false),
        (None, Some("page check"), page, true),
    ];
    assert_eq!(told.collect::<Vec<_>>(), expect);
}

#[test]
fn numbers_are_exact_and_durations_have_units() {
    let estate = estate(
        "nodes: [{id: a, kind: host, jewel: {loss: 0.1, why: w}}, {id: b, kind: host}]
edges: [{from: a, to: b, kind: admin-to, minutes: 1e1, likelihood: 0.30}]
services: [{id: s, needs: a, loss_per_hour: 12.345, cover: 90m, ramp: 1.5d, protected: true, care: lifeline}]
",
    );
    let (_, jewel) = estate.jewels().next().unwrap();
    assert_eq!(jewel.loss, Money::parse("0.1").unwrap());
    assert_eq!(jewel.why.as_deref(), Some("w"));
    let edge = &estate.edges()[0];
    assert_eq!(edge.minutes, Some(Minutes::from_units(10)));
    assert_eq!(edge.likelihood, Likelihood::parse("0.3").unwrap());
    let service = &estate.services()[0];
    assert_eq!(service.cover, Hours::parse("1.5h").unwrap());
    assert_eq!(service.ramp, Hours::from_units(36));
    assert_eq!((service.protected, service.care), (true, Care::Lifeline));
}

#[test]
fn a_need_is_one_expression_of_any_depth_over_nodes_and_services() {
    let estate = estate(
        "nodes: [{id: a, kind: host}, {id: b, kind: host}]
services:
- {id: s, needs: {all: [a, {any: [b, t]}, {at_least: 2, of: [a, a, b]}]}, probe: {tcp: '10.0.0.5:443'}}
- {id: t, needs: b, probe: {log: pos.ndjson}}
- {id: u, needs: b, probe: {log: pay.log, holds: APPROVED, at_least: 30, within_seconds: 3}}
",
    );
    let (a, b) = (Need::Node(NodeIx(0)), Need::Node(NodeIx(1)));
    let any = Need::Any(vec![b.clone(), Need::Service(ServiceIx(1))]);
    let at_least = Need::AtLeast {
        k: 2,
        of: vec![a.clone(), a.clone(), b],
    };
    assert_eq!(
        estate.services()[0].needs,
        Need::All(vec![a, any, at_least])
    );
    let probes: Vec<_> = estate
        .services()
        .iter()
        .map(|s| s.probe.clone().unwrap())
        .collect();
    let expect = [
        Probe::Tcp("10.0.0.5:443".into()),
        Probe::Log(Heartbeat {
            log: "pos.ndjson".into(),
            holds: None,
            at_least: 1,
            within_seconds: 60,
        }),
        Probe::Log(Heartbeat {
            log: "pay.log".into(),
            holds: Some("APPROVED".into()),
            at_least: 30,
            within_seconds: 3,
        }),
    ];
    assert_eq!(probes, expect);
}

#[test]
fn ids_are_compared_whole_and_may_look_like_anything() {
    let estate = estate(
        "nodes: [{id: 7, kind: host}, {id: 'host:7', kind: host}, {id: 'service:x', kind: host}]
edges: [{from: 7, to: 'host:7', kind: admin-to}]
services: [{id: 'host:s', needs: 'service:x'}]
",
    );
    assert_eq!(estate.node_by_id("7"), Some(NodeIx(0)));
    assert_eq!(estate.services()[0].needs, Need::Node(NodeIx(2)));
}

#[test]
fn equal_edges_are_one_and_what_only_one_of_them_states_is_kept() {
    let estate = estate(
        "nodes: [{id: a, kind: host}, {id: b, kind: host}]
edges:
- {from: a, to: b, kind: admin-to}
- {from: a, to: b, kind: member-of, minutes: 5}
- {from: a, to: b, kind: admin-to, minutes: 3}
- {from: a, to: b, kind: admin-to}
",
    );
    let minutes: Vec<_> = estate
        .edges()
        .iter()
        .map(|edge| edge.minutes.clone())
        .collect();
    assert_eq!(
        minutes,
        [Some(Minutes::from_units(3)), Some(Minutes::from_units(5))]
    );
}

#[test]
fn of_equal_edges_those_stay_that_serve_the_intruder_better_in_something() {
    let text = format!(
        "{HEAD}nodes: [{{id: a, kind: host}}, {{id: b, kind: host}}]
edges:
- {{from: a, to: b, kind: admin-to, minutes: 5, likelihood: 0.5}}
- {{from: a, to: b, kind: admin-to, minutes: 4, likelihood: 0.25}}
- {{from: a, to: b, kind: admin-to, minutes: 6, likelihood: 0.75}}
- {{from: a, to: b, kind: admin-to, minutes: 7, likelihood: 0.75}}
- {{from: a, to: b, kind: admin-to, likelihood: 0.5}}
- {{from: a, to: b, kind: admin-to, minutes: 4, likelihood: 0.25, unknown: why}}
- {{from: a, to: b, kind: admin-to, minutes: 3, likelihood: 0.25}}
"
    );
    let read = read_all(&[("e.yaml", &text)]).unwrap();
    let edges = read.estate.edges().iter();
    let said: Vec<_> = edges
        .map(|edge| (edge.minutes.clone(), edge.likelihood.clone()))
        .collect();
    let edge = |minutes, likelihood| {
        let likelihood = Likelihood::parse(likelihood).unwrap();
        (Some(Minutes::from_units(minutes)), likelihood)
    };
    assert_eq!(said, [edge(5, "0.5"), edge(3, "0.25"), edge(6, "0.75")]);
}

#[test]
fn json_is_read_alike() {
    let yaml =
        estate("nodes: [{id: a, kind: host, aliases: ['NG\\a']}]\nservices: [{id: s, needs: a}]\n");
    let json = r#"{"cordon": "estate/v1", "name": "Northgate", "currency": "GBP",
	"nodes": [{"id": "a", "kind": "host", "name": null, "aliases": ["NG\\a"]}],
	"services": [{"id": "s", "needs": "a"}]}"#;
    assert_eq!(read_all(&[("e.json", json)]).unwrap().estate, yaml);
}

#[test]
fn an_estate_of_nothing_is_an_estate() {
    let estate = read_all(&[("e.yaml", HEAD)]).unwrap().estate;
    assert_eq!((estate.nodes().len(), estate.currency()), (0, "GBP"));
}

#[test]
fn an_edge_may_say_why_it_is_not_known_and_knowing_wins() {
    let estate = estate(
        r"nodes: [{id: a, kind: host}, {id: b, kind: host}, {id: c, kind: host}]
edges:
- {from: a, to: b, kind: admin-to, unknown: local groups were not collected}
- {from: a, to: c, kind: admin-to, unknown: local groups were not collected}
- {from: a, to: c, kind: admin-to}
",
    );
    let unknown: Vec<_> = estate
        .edges()
        .iter()
        .map(|e| e.unknown.as_deref())
        .collect();
    assert_eq!(unknown, [Some("local groups were not collected"), None]);
}
