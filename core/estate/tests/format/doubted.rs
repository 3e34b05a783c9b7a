//! What is allowed and probably not meant: warnings, which never stop anything.

use insta::assert_snapshot;

use crate::doubted;

#[test]
fn a_kind_without_a_page_is_doubted_once_and_a_likely_one_is_named() {
    let text = "nodes: [{id: a, kind: Domain_Controller}, {id: b, kind: host}]
edges:
- {from: a, to: b, kind: AdminTo}
- {from: b, to: a, kind: AdminTo}
- {from: b, to: a, kind: carrier-pigeon}
steps:
- {id: x, kind: disable-acount, cost: 1, removes: {nodes: [a]}}
- {id: y, kind: unplug, cost: 1, removes: {nodes: [a]}}
";
    assert_snapshot!(doubted(text), @r"
    e.yaml:4:23 warning kind-spelling: expected a kind in kebab-case, found `Domain_Controller`
      write `domain-controller`
    e.yaml:6:26 warning kind-without-page: no page describes attack edges of the kind `AdminTo`
      did you mean `admin-to`?
    e.yaml:8:26 warning kind-without-page: no page describes attack edges of the kind `carrier-pigeon`
      it works without one; add a page under `content/reach` to explain it
    e.yaml:10:17 warning kind-without-page: no page describes steps of the kind `disable-acount`
      did you mean `disable-account`?
    e.yaml:11:17 warning kind-without-page: no page describes steps of the kind `unplug`
      it works without one; add a page under `content/steps` to give it an undo and a check
    ");
}

#[test]
fn an_alias_that_names_two_nodes_is_doubted() {
    let text = "nodes:
- {id: 'user:a', kind: user, aliases: ['NG\\a', 'ng\\A', anna]}
- {id: 'user:b', kind: user, aliases: [Anna, 'USER:A', b]}
- {id: B, kind: user}
";
    assert_snapshot!(doubted(text), @r"
    e.yaml:6:40 warning ambiguous-alias: `Anna` names two nodes, `user:a` and `user:b`
      a log that uses this name is matched to neither unless it spells an id exactly; aliases are compared without regard to case
    e.yaml:6:46 warning ambiguous-alias: `USER:A` names two nodes, `user:a` and `user:b`
      a log that uses this name is matched to neither unless it spells an id exactly; aliases are compared without regard to case
    e.yaml:7:8 warning ambiguous-alias: `B` names two nodes, `user:b` and `B`
      a log that uses this name is matched to neither unless it spells an id exactly; aliases are compared without regard to case
    ");
}

#[test]
fn a_step_that_removes_no_edge_or_nothing_is_doubted() {
    let text = "nodes: [{id: a, kind: host}, {id: b, kind: host}]
edges: [{from: a, to: b, kind: admin-to}]
steps:
- id: x
  kind: disable-account
  cost: 1
  removes:
    edges:
    - {from: a, to: b}
    - {from: a, to: b, kind: admin-to}
    - {from: a, to: b, kind: member-of}
    - {from: b, to: a}
- {id: y, kind: disable-account, cost: 1, removes: {nodes: []}}
";
    assert_snapshot!(doubted(text), @r"
    e.yaml:14:7 warning removes-no-edge: no edge of the kind `member-of` leads from `a` to `b`, only others do
      it removes nothing; correct the ends or the kind, or leave it out
    e.yaml:15:7 warning removes-no-edge: no edge leads from `b` to `a`
      it removes nothing; correct the ends or the kind, or leave it out
    e.yaml:16:8 warning idle-step: the step `y` removes nothing and takes nothing down
      add `removes`, or leave the step out: no plan will choose it
    ");
}

#[test]
fn an_edge_given_twice_differently_is_doubted() {
    let text = "nodes: [{id: a, kind: host}, {id: b, kind: host}]
edges:
- {from: a, to: b, kind: admin-to, minutes: 5, likelihood: 0.5}
- {from: a, to: b, kind: admin-to, minutes: 4, likelihood: 0.5}
- {from: a, to: b, kind: admin-to, minutes: 4.0, likelihood: 0.25}
";
    assert_snapshot!(doubted(text), @r"
    e.yaml:7:3 warning edge-given-twice: this edge was given before with other minutes or another likelihood
      each counts as an edge of its own; keep one of them if they are the same
    e.yaml:8:3 warning edge-given-twice: this edge was given before with other minutes or another likelihood
      each counts as an edge of its own; keep one of them if they are the same
    ");
}

#[test]
fn a_step_that_only_goes_forward_should_say_so() {
    let text = "nodes: [{id: a, kind: host}]
steps:
- {id: x, kind: reset-password, cost: 1, removes: {nodes: [a]}}
- {id: y, kind: reset-password, cost: 1, removes: {nodes: [a]}, irreversible: false}
";
    assert_snapshot!(doubted(text), @r"
    e.yaml:6:8 warning unsaid-irreversible: steps of the kind `reset-password` only go forward, and `x` does not say so
      add `irreversible: true`, so that whoever approves it knows, or `irreversible: false`
    ");
}
