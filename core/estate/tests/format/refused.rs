//! Everything that is refused, and how it is said.

use std::fmt::Write;

use insta::assert_snapshot;

use crate::{HEAD, refused};

/// What is said about a body that is refused.
fn said(body: &str) -> String {
    refused(&[("e.yaml", &format!("{HEAD}{body}"))])
}

#[test]
fn missing_and_unknown_keys_are_all_said_at_once() {
    let text = "nodes: [{knd: host, id: a, jewel: {why: w}}, 7]
edges: [{weight: 2}]
services: [{loss: 3}]
steps: [{}]
zones: []
";
    assert_snapshot!(said(text), @r"
    e.yaml:4:9 error missing-key: a node needs the key `kind`
      add `kind: …`
    e.yaml:4:10 error unknown-key: a node has no key `knd`
      did you mean `kind`?
    e.yaml:4:35 error missing-key: a jewel needs the key `loss`
      add `loss: …`
    e.yaml:4:46 error wrong-type: expected a node, a mapping of keys, found `7`
      write keys and their values here, as in `key: …`
    e.yaml:5:9 error missing-key: an edge needs the key `from`
      add `from: …`
    e.yaml:5:9 error missing-key: an edge needs the key `kind`
      add `kind: …`
    e.yaml:5:9 error missing-key: an edge needs the key `to`
      add `to: …`
    e.yaml:5:10 error unknown-key: an edge has no key `weight`
      known keys: from, grounds, kind, likelihood, minutes, to, unknown
    e.yaml:6:12 error missing-key: a service needs the key `id`
      add `id: …`
    e.yaml:6:12 error missing-key: a service needs the key `needs`
      add `needs: …`
    e.yaml:6:13 error unknown-key: a service has no key `loss`
      known keys: care, cover, id, loss_per_hour, name, needs, probe, protected, ramp
    e.yaml:7:9 error missing-key: a step needs the key `cost`
      add `cost: …`
    e.yaml:7:9 error missing-key: a step needs the key `id`
      add `id: …`
    e.yaml:7:9 error missing-key: a step needs the key `kind`
      add `kind: …`
    e.yaml:8:1 error unknown-key: an estate has no key `zones`
      did you mean `nodes`?
    ");
}

#[test]
fn numbers_out_of_bounds_or_in_quotes_are_refused() {
    let text = "nodes: [{id: a, kind: host, jewel: {loss: -1}}]
edges: [{from: a, to: a, kind: admin-to, minutes: soon, likelihood: 1.5}]
services: [{id: s, needs: a, loss_per_hour: '5', cover: 4, ramp: -1h, protected: yes, care: lifelin}]
steps: [{id: x, kind: disable-account, cost: 1.2.3, minutes: [1], irreversible: 'true', do: it, undo: ''}]
";
    assert_snapshot!(said(text), @r#"
    e.yaml:4:43 error negative: expected a number that is not negative, found `-1`
      money, times and losses begin at 0; leave the sign out
    e.yaml:5:51 error wrong-type: expected a number of minutes, found the text "soon"
      write a decimal number without quotes, such as `12` or `0.5`
    e.yaml:5:69 error not-a-likelihood: expected a likelihood between 0 and 1, found `1.5`
      write 90 % as `0.9`
    e.yaml:6:45 error wrong-type: expected an amount of money, found the text "5"
      write a decimal number without quotes, such as `12` or `0.5`
    e.yaml:6:57 error not-a-duration: expected a number and a unit `m`, `h` or `d`, such as `1.5h`, found `4`
      add the unit, such as `30m`, `4h` or `2d`
    e.yaml:6:66 error negative: expected a number that is not negative, found `-1h`
      money, times and losses begin at 0; leave the sign out
    e.yaml:6:82 error wrong-type: expected `true` or `false`, found the text "yes"
      write `true` or `false`, without quotes
    e.yaml:6:93 error unknown-care: expected `none` or `lifeline`, found `lifelin`
      did you mean `lifeline`?
    e.yaml:7:14 warning idle-step: the step `x` removes nothing and takes nothing down
      add `removes`, or leave the step out: no plan will choose it
    e.yaml:7:46 error wrong-type: expected an amount of money, found the text "1.2.3"
      write a decimal number without quotes, such as `12` or `0.5`
    e.yaml:7:62 error wrong-type: expected a number of minutes, found a list
      write a decimal number without quotes, such as `12` or `0.5`
    e.yaml:7:81 error wrong-type: expected `true` or `false`, found the text "true"
      write `true` or `false`, without quotes
    e.yaml:7:93 error wrong-type: expected a mapping such as `connector: …`, found the text "it"
      write `do: { connector: ad, target: … }`
    e.yaml:7:103 error empty-text: expected a text, found an empty text
      write it, or leave the key out
    "#);
}

#[test]
fn an_id_that_nothing_has_is_refused_with_the_one_meant() {
    let text = "nodes:
- {id: 'host:dc1', kind: host, aliases: ['NG\\dc1$']}
- {id: 'user:a', kind: user}
edges:
- {from: 'host:dc2', to: 'NG\\DC1$', kind: admin-to}
- {from: dc1, to: 'Host:DC1', kind: admin-to}
services: [{id: 'service:s', needs: {all: ['host:nowhere', 'service:t']}}]
steps:
- {id: x, kind: disable-account, cost: 1, removes: {nodes: ['usr:a'], edges: [{from: 'user:a', to: 'user:z'}]}, takes_down: ['user:x']}
";
    assert_snapshot!(said(text), @r"
    e.yaml:8:10 error unknown-id: no node has the id `host:dc2`
      did you mean `host:dc1`?
    e.yaml:8:26 error unknown-id: no node has the id `NG\DC1$`
      did you mean `host:dc1`? that is an alias, and here ids stand
    e.yaml:9:10 error unknown-id: no node has the id `dc1`
      did you mean `host:dc1`? ids are compared whole
    e.yaml:9:19 error unknown-id: no node has the id `Host:DC1`
      did you mean `host:dc1`? ids are compared with regard to case
    e.yaml:10:44 error unknown-id: no node or service has the id `host:nowhere`
      add it, or correct the id; ids are compared whole
    e.yaml:10:60 error unknown-id: no node or service has the id `service:t`
      did you mean `service:s`?
    e.yaml:12:61 error unknown-id: no node has the id `usr:a`
      did you mean `user:a`?
    e.yaml:12:100 error unknown-id: no node has the id `user:z`
      did you mean `user:a`?
    e.yaml:12:126 error unknown-id: no node has the id `user:x`
      did you mean `user:a`?
    ");
}

#[test]
fn a_service_may_not_stand_where_only_nodes_may() {
    let text = "nodes: [{id: a, kind: host}]
services: [{id: s, needs: a}]
edges: [{from: s, to: a, kind: admin-to}]
steps: [{id: x, kind: disable-account, cost: 1, removes: {nodes: [s], edges: [{from: a, to: s}]}, takes_down: [s]}]
";
    assert_snapshot!(said(text), @r"
    e.yaml:6:16 error service-not-allowed: an edge names nodes only, and `s` is a service
      name the nodes that the service needs
    e.yaml:7:67 error service-not-allowed: `removes` names nodes only, and `s` is a service
      name the nodes that the service needs
    e.yaml:7:93 error service-not-allowed: `removes` names nodes only, and `s` is a service
      name the nodes that the service needs
    e.yaml:7:112 error service-not-allowed: `takes_down` names nodes only, and `s` is a service
      name the nodes that the service needs
    ");
}

#[test]
fn a_need_that_says_too_little_or_too_much_is_refused() {
    let text = "nodes: [{id: a, kind: host}]
services:
- {id: s1, needs: [a]}
- {id: s2, needs: {all: []}}
- {id: s3, needs: {any: [], all: [a]}}
- {id: s4, needs: {at_least: 2, of: [a]}}
- {id: s5, needs: {at_least: 0, of: [a]}}
- {id: s6, needs: {at_least: 1.0, of: [a]}}
- {id: s7, needs: {at_least: 1}}
- {id: s8, needs: {of: [a]}}
- {id: s9, needs: {al: [a]}}
- {id: s10, needs: {}}
- {id: s11, needs: {any: [a, ~, '']}}
- {id: s12, needs: {at_least: 1, of: []}}
- {id: s13, needs: {any: a}}
- {id: s14, needs: ~}
- {id: s15, needs: a, probe: {}}
- {id: s16, needs: a, probe: {http: 'http://x', tcp: x}}
- {id: s17, needs: a, probe: {icmp: x}}
";
    assert_snapshot!(said(text), @r#"
    e.yaml:6:19 error wrong-type: expected one need, found a list
      say how many of the list must be up: `all: […]`, `any: […]`, or `at_least: 2` with `of: […]`
    e.yaml:7:25 error empty-list: expected at least one need, found an empty list
      name what the service needs: of nothing, neither all nor any can be up
    e.yaml:8:19 error unclear-need: expected exactly one of `all`, `any`, or `at_least` with `of`
      write an id, `all: […]`, `any: […]`, or `at_least: 2` with `of: […]`
    e.yaml:9:30 error count-out-of-range: expected a whole number from 1 to 1, found `2`
      it says how many of the list under `of` must be up
    e.yaml:10:30 error count-out-of-range: expected a whole number from 1 to 1, found `0`
      it says how many of the list under `of` must be up
    e.yaml:11:30 error count-out-of-range: expected a whole number from 1 to 1, found `1.0`
      it says how many of the list under `of` must be up
    e.yaml:12:19 error unclear-need: expected exactly one of `all`, `any`, or `at_least` with `of`
      write an id, `all: […]`, `any: […]`, or `at_least: 2` with `of: […]`
    e.yaml:13:19 error unclear-need: expected exactly one of `all`, `any`, or `at_least` with `of`
      write an id, `all: […]`, `any: […]`, or `at_least: 2` with `of: […]`
    e.yaml:14:20 error unknown-key: a need has no key `al`
      did you mean `all`?
    e.yaml:15:20 error unclear-need: expected exactly one of `all`, `any`, or `at_least` with `of`
      write an id, `all: […]`, `any: […]`, or `at_least: 2` with `of: […]`
    e.yaml:16:30 error wrong-type: expected the id of a node or service, found nothing
      write a single text here
    e.yaml:16:33 error empty-text: expected the id of a node or service, found an empty text
      write it, or leave the key out
    e.yaml:17:38 error empty-list: expected at least one need, found an empty list
      name what the service needs: of nothing, neither all nor any can be up
    e.yaml:18:26 error wrong-type: expected a list of needs, found the text "a"
      put it in brackets: `[…]`
    e.yaml:19:3 error missing-key: a service needs the key `needs`
      add `needs: …`
    e.yaml:20:30 error unclear-probe: expected exactly one of `http`, `tcp` and `log`
      name the one thing that shows whether the service runs
    e.yaml:21:30 error unclear-probe: expected exactly one of `http`, `tcp` and `log`
      name the one thing that shows whether the service runs
    e.yaml:22:30 error unclear-probe: expected exactly one of `http`, `tcp` and `log`
      name the one thing that shows whether the service runs
    e.yaml:22:31 error unknown-key: a probe has no key `icmp`
      known keys: http, log, tcp
    "#);
}

#[test]
fn services_in_a_circle_are_refused_and_the_circle_is_named() {
    let text = "nodes: [{id: a, kind: host}]
services:
- {id: till, needs: {any: [a, stock]}}
- {id: stock, needs: {all: [a, order]}}
- {id: order, needs: {at_least: 1, of: [till, a]}}
- {id: self, needs: self}
- {id: above, needs: {all: [till, below]}}
- {id: below, needs: a}
";
    assert_snapshot!(said(text), @r"
    e.yaml:6:3 error service-cycle: services need each other in a circle: till → stock → order → till
      remove one of these needs: none of them could ever start
    e.yaml:9:3 error service-cycle: services need each other in a circle: self → self
      remove one of these needs: none of them could ever start
    ");
}

#[test]
fn sections_and_lists_of_another_shape_are_refused() {
    let text = "nodes: {a: host}
edges: none
services: [{id: s, needs: x}]
steps: [{id: x, kind: disable-account, cost: 1, removes: [x], takes_down: x}]
";
    assert_snapshot!(said(text), @r#"
    e.yaml:4:8 error wrong-type: expected a list of nodes, found a mapping
      put it in brackets: `[…]`
    e.yaml:5:8 error wrong-type: expected a list of edges, found the text "none"
      put it in brackets: `[…]`
    e.yaml:7:58 error wrong-type: expected `removes`, a mapping of keys, found a list
      write keys and their values here, as in `key: …`
    e.yaml:7:75 error wrong-type: expected a list of nodes, found the text "x"
      put it in brackets: `[…]`
    "#);
}

#[test]
fn the_whole_estate_is_searched_for_the_first_unknown_ids_only() {
    let mut text = "nodes: [{id: node-1, kind: host}]\nedges:\n".to_owned();
    for n in 0..30 {
        writeln!(text, "- {{from: node-1, to: nod-{n}, kind: admin-to}}").unwrap();
    }
    let said = said(&text);
    assert_eq!(said.matches("unknown-id").count(), 30);
    assert_eq!(said.matches("did you mean `node-1`").count(), 10);
}
