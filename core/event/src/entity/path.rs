//! Where a field stands: `actor.alternateId`, `target[].type`, and names that have dots themselves.

use cordon_model::{Item, Shape};

use super::name;

/// A field's place in a record; `[]` after a name visits every element of its list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path(String);

impl Path {
    pub(super) fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Visits every value at this place, each with the object it stands in.
    pub(super) fn visit<'r>(&self, record: Item<'r>, take: &mut dyn FnMut(Item<'r>, Item<'r>)) {
        visit(record, &self.0, take);
    }

    /// The first text at this place.
    pub(super) fn text<'r>(&self, record: Item<'r>) -> Option<&'r str> {
        let mut found = None;
        self.visit(record, &mut |value, _| {
            name::each_text(value, &mut |text| found = found.or(Some(text)));
        });
        found
    }
}

fn visit<'r>(object: Item<'r>, path: &str, take: &mut dyn FnMut(Item<'r>, Item<'r>)) {
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
                if list.shape() == Some(Shape::List) {
                    list.children().for_each(|item| visit(item, rest, take));
                } else {
                    visit(list, rest, take);
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
