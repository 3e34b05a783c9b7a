//! Where in a JSON document a value is: a JSON pointer (RFC 6901) that may also pick from lists.
//!
//! A segment `[key=value]` is the first element of a list whose `key` is that text; APIs that list
//! what was done to a target promise no order. Absent on purpose: everything else that query languages have.

use cordon_model::Value;

/// The value at a pointer.
pub(crate) fn find<'v>(document: &'v Value, pointer: &str) -> Option<&'v Value> {
    let segments = pointer.split('/').skip(1);
    let mut at = document;
    for segment in segments {
        at = match picked(segment) {
            Some((key, value)) => {
                let mut items = at.as_array()?.iter();
                items.find(|item| item.get(key).and_then(Value::as_str) == Some(value))?
            }
            None => at.pointer(&format!("/{segment}"))?,
        };
    }
    Some(at)
}

fn picked(segment: &str) -> Option<(&str, &str)> {
    segment
        .strip_prefix('[')?
        .strip_suffix(']')?
        .split_once('=')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::find;

    #[test]
    fn a_pointer_finds_what_rfc_6901_says_and_picks_from_lists() {
        let document = json!({
            "a/b": {"m~n": 1},
            "actions": [{"name": "lock", "state": "pending"}, {"name": "retire", "state": "done"}],
        });
        let check =
            |pointer, expect| assert_eq!(find(&document, pointer).cloned(), expect, "{pointer}");
        check("", Some(document.clone()));
        check("/a~1b/m~0n", Some(json!(1)));
        check("/actions/1/name", Some(json!("retire")));
        check("/actions/[name=retire]/state", Some(json!("done")));
        check("/actions/[name=wipe]/state", None);
        check("/a~1b/[name=wipe]", None);
        check("/actions/2", None);
    }
}
