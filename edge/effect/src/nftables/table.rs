//! The table of one cut: how it is set, taken away and recognised.

use std::fmt::Write as _;

use cordon_model::Value;
use serde_json::json;

use super::cut::Cut;

/// The chain of the cut itself.
const CUT: &str = "cut";

/// Where packets pass: through, in, out.
const HOOKS: [&str; 3] = ["forward", "input", "output"];

/// Before the usual filters (0), after connections are tracked (-200).
const PRIORITY: i32 = -10;

/// How a table stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// There is none.
    Absent,
    /// It has every rule of the cut, and no other.
    Present,
    /// It has others.
    Altered,
}

impl Found {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Present => "present",
            Self::Altered => "altered",
        }
    }
}

/// Sets a cut, whatever was left of it.
pub(crate) fn set(cut: &Cut) -> String {
    let mut batch = clear(cut);
    let _written = writeln!(batch, "table inet {} {{\n  chain {CUT} {{", cut.table());
    for rule in cut.rules() {
        let _written = writeln!(batch, "    {}", rule.text());
    }
    batch.push_str("  }\n");
    for hook in HOOKS {
        let _written = writeln!(
            batch,
            "  chain {hook} {{ type filter hook {hook} priority {PRIORITY}; policy accept; jump {CUT}; }}"
        );
    }
    batch.push_str("}\n");
    batch
}

/// Takes a cut away, whether or not it is there.
pub(crate) fn clear(cut: &Cut) -> String {
    let name = cut.table();
    format!("add table inet {name}\ndelete table inet {name}\n")
}

pub(crate) fn has_flowtable(listed: &Value) -> bool {
    objects(listed, "flowtable").next().is_some()
}

/// Whether a table is that of a cut.
pub(crate) fn compare(listed: &Value, cut: &Cut) -> Found {
    let mut chains: Vec<Value> = objects(listed, "chain").map(chain).collect();
    let mut wanted: Vec<Value> = HOOKS.iter().map(|hook| hooked(hook)).collect();
    wanted.push(json!({ "name": CUT }));
    let by_name = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
    chains.sort_by_key(by_name);
    wanted.sort_by_key(by_name);
    let jump = json!([{ "jump": { "target": CUT } }]);
    let hooks = HOOKS
        .iter()
        .all(|hook| rules(listed, hook) == [jump.clone()]);
    let dropped: Vec<Value> = cut.rules().iter().map(super::rule::Rule::json).collect();
    if chains == wanted && hooks && rules(listed, CUT) == dropped {
        Found::Present
    } else {
        Found::Altered
    }
}

fn hooked(hook: &str) -> Value {
    json!({ "name": hook, "type": "filter", "hook": hook, "prio": PRIORITY, "policy": "accept" })
}

/// A chain, in what matters.
fn chain(chain: &Value) -> Value {
    let keys = ["name", "type", "hook", "prio", "policy"];
    let kept = keys
        .iter()
        .filter_map(|key| Some(((*key).to_owned(), chain.get(*key)?.clone())));
    Value::Object(kept.collect())
}

/// The rules of a chain, but for what they counted.
fn rules(listed: &Value, chain: &str) -> Vec<Value> {
    let of_chain = objects(listed, "rule").filter(|rule| rule.get("chain") == Some(&chain.into()));
    let parts = of_chain.map(|rule| {
        let parts = rule.get("expr").and_then(Value::as_array);
        let parts = parts.into_iter().flatten();
        let kept = parts.filter(|part| part.get("counter").is_none());
        Value::Array(kept.cloned().collect())
    });
    parts.collect()
}

fn objects<'v>(listed: &'v Value, kind: &'static str) -> impl Iterator<Item = &'v Value> {
    let all = listed.get("nftables").and_then(Value::as_array);
    all.into_iter()
        .flatten()
        .filter_map(move |one| one.get(kind))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Cut, Found, compare, has_flowtable};

    #[test]
    fn a_flowtable_is_seen_among_what_is_listed() {
        let none = json!({ "nftables": [{ "metainfo": { "version": "1.0.6" } }] });
        let one = json!({ "nftables": [{ "metainfo": {} }, { "flowtable": { "family": "inet", "name": "f" } }] });
        assert_eq!((has_flowtable(&none), has_flowtable(&one)), (false, true));
    }

    #[test]
    fn an_empty_table_of_the_right_name_is_no_cut() {
        let cut = Cut::parse("10.1.0.7").unwrap();
        let listed =
            json!({ "nftables": [{ "table": { "family": "inet", "name": cut.table() } }] });
        assert_eq!(compare(&listed, &cut), Found::Altered);
    }
}
