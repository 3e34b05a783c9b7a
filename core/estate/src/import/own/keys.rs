//! Keys that our own format has. What it has no place for is told with its place and written on: a slip that
//! were left out would make a plan cheaper than its author means, so that nothing plans with it.

use cordon_text::nearest;
use serde_json::{Map, Value};

use crate::import::inventory::{Inventory, Strange};

/// A part of the format: what it is called, and its keys, each with the part that it holds if that has keys too.
pub(super) struct Part {
    what: &'static str,
    keys: &'static [(&'static str, Option<&'static Part>)],
}

/// A document, or a line, without the things in it.
pub(super) const ESTATE: Part = Part {
    what: "an estate",
    keys: &[
        ("cordon", None),
        ("currency", None),
        ("edge", None),
        ("edges", None),
        ("name", None),
        ("node", None),
        ("nodes", None),
        ("service", None),
        ("services", None),
        ("step", None),
        ("steps", None),
    ],
};

pub(super) const NODE: Part = Part {
    what: "a node",
    keys: &[
        ("aliases", None),
        ("id", None),
        ("jewel", Some(&JEWEL)),
        ("kind", None),
        ("name", None),
    ],
};

const JEWEL: Part = Part {
    what: "a jewel",
    keys: &[("loss", None), ("why", None)],
};

pub(super) const EDGE: Part = Part {
    what: "an edge",
    keys: &[
        ("from", None),
        ("grounds", None),
        ("kind", None),
        ("likelihood", None),
        ("minutes", None),
        ("to", None),
        ("unknown", None),
    ],
};

pub(super) const SERVICE: Part = Part {
    what: "a service",
    keys: &[
        ("care", None),
        ("cover", None),
        ("id", None),
        ("loss_per_hour", None),
        ("name", None),
        ("needs", None),
        ("probe", None),
        ("protected", None),
        ("ramp", None),
    ],
};

pub(super) const STEP: Part = Part {
    what: "a step",
    keys: &[
        ("check", None),
        ("cost", None),
        ("do", None),
        ("id", None),
        ("irreversible", None),
        ("kind", None),
        ("minutes", None),
        ("removes", Some(&REMOVES)),
        ("takes_down", None),
        ("undo", None),
    ],
};

const REMOVES: Part = Part {
    what: "what a step removes",
    keys: &[("edges", Some(&PATTERN)), ("nodes", None)],
};

const PATTERN: Part = Part {
    what: "an edge that a step removes",
    keys: &[("from", None), ("kind", None), ("to", None)],
};

/// Tells each key that a part has no place for, with the key that was probably meant. Those of the part itself, and not of
/// the parts in it.
pub(super) fn strange(
    inventory: &mut Inventory,
    part: &Part,
    map: &Map<String, Value>,
    at: (&str, &str),
) -> Strange {
    let mut strange = Strange::default();
    for (key, value) in map {
        let known = part.keys.iter().find(|(own, _)| own == key);
        match known {
            None => {
                unknown(inventory, part, key, at);
                strange.add(key, value);
            }
            Some((_, Some(inner))) => within(inventory, inner, value, at),
            Some((_, None)) => {}
        }
    }
    strange
}

fn within(inventory: &mut Inventory, part: &Part, value: &Value, at: (&str, &str)) {
    match value {
        Value::Object(map) => {
            strange(inventory, part, map, at);
        }
        Value::Array(list) => list.iter().for_each(|one| within(inventory, part, one, at)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn unknown(inventory: &mut Inventory, part: &Part, key: &str, (name, place): (&str, &str)) {
    let own = part.keys.iter().map(|(own, _)| *own);
    let meant = nearest(key, own).map(|near| format!(", did you mean `{near}`?"));
    let why = format!(
        "{} has no key `{key}`{}",
        part.what,
        meant.unwrap_or_default()
    );
    let what = "keys that the format does not have; they are written on, and whoever reads the estate refuses them";
    inventory.note_at(("unknown-key", what), (name, place, &why));
}

#[cfg(test)]
mod tests {
    use cordon_text::Source;

    use super::{EDGE, ESTATE, JEWEL, NODE, PATTERN, Part, REMOVES, SERVICE, STEP};
    use crate::{Pages, read};

    /// An estate in which one part has this key and nothing else.
    fn with(part: &str, key: &str) -> String {
        let open = match part {
            "an estate" => String::new(),
            "a node" => "nodes: [{".to_owned(),
            "a jewel" => "nodes: [{jewel: {".to_owned(),
            "an edge" => "edges: [{".to_owned(),
            "a service" => "services: [{".to_owned(),
            "a step" => "steps: [{".to_owned(),
            "what a step removes" => "steps: [{removes: {".to_owned(),
            _ => "steps: [{removes: {edges: [{".to_owned(),
        };
        let close: String = open
            .chars()
            .rev()
            .filter_map(|c| match c {
                '[' => Some(']'),
                '{' => Some('}'),
                _ => None,
            })
            .collect();
        format!("cordon: estate/v1\nname: A\ncurrency: EUR\n{open}{key}: x{close}\n")
    }

    fn refuses(part: &str, key: &str) -> bool {
        let text = with(part, key);
        let report = read(&[Source::new("e.yaml", text)], &Pages::default()).err();
        let found = report.map(|report| report.diagnostics).unwrap_or_default();
        found
            .iter()
            .any(|problem| problem.code == "unknown-key" && problem.message.contains(key))
    }

    #[test]
    fn the_keys_are_those_of_whoever_reads_an_estate() {
        let parts: [Part; 8] = [ESTATE, NODE, JEWEL, EDGE, SERVICE, STEP, REMOVES, PATTERN];
        for part in parts {
            assert!(refuses(part.what, "zebra"), "{}", part.what);
            let single = [
                "cordon", "name", "currency", "node", "edge", "service", "step",
            ];
            let own = part.keys.iter().map(|(key, _)| *key);
            let own = own.filter(|key| part.what != "an estate" || !single.contains(key));
            for key in own {
                assert!(!refuses(part.what, key), "{}: {key}", part.what);
            }
        }
    }
}
