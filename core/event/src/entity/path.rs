//! Where a field stands: `actor.alternateId`, `target[].type`, and names that have dots themselves.

use cordon_model::Value;

use super::name;

/// A field's place in a record; `[]` after a name visits every element of its list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path(String);

impl Path {
    pub(super) fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Visits every value at this place, each with the object it stands in.
    pub(super) fn visit(&self, record: &Value, take: &mut dyn FnMut(&Value, &Value)) {
        visit(record, &self.0, take);
    }

    /// The first text at this place.
    pub(super) fn text(&self, record: &Value) -> Option<String> {
        let mut found = None;
        self.visit(record, &mut |value, _| {
            if found.is_none() {
                found = name::texts(value).into_iter().next();
            }
        });
        found
    }
}

fn visit(object: &Value, path: &str, take: &mut dyn FnMut(&Value, &Value)) {
    // A name with dots of its own comes first.
    if let Some(value) = object.get(path) {
        take(value, object);
        return;
    }
    let mut at = 0;
    while let Some(dot) = path.get(at..).and_then(|rest| rest.find('.')) {
        let (head, rest) = path.split_at(at + dot);
        let rest = rest.get(1..).unwrap_or_default();
        if let Some(name) = head.strip_suffix("[]") {
            if let Some(list) = object.get(name) {
                for item in list
                    .as_array()
                    .map_or(std::slice::from_ref(list), Vec::as_slice)
                {
                    visit(item, rest, take);
                }
                return;
            }
        } else if let Some(inner) = object.get(head) {
            visit(inner, rest, take);
            return;
        }
        at += dot + 1;
    }
    if let Some(list) = path.strip_suffix("[]").and_then(|name| object.get(name)) {
        take(list, object);
    }
}
