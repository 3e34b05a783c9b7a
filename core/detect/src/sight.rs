//! What a rule sees of a record: the values of a field, each with its text in both forms.
//!
//! Invariant: values come in the order of the record. A field that is a list stands for each of its
//! members, and so does one that is reached through a list.

use cordon_model::{Item, Record, Shape};

use crate::{
    folded::Folded,
    names::{Names, Scope},
};

/// One value of a field; never a list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Leaf<'e> {
    pub(crate) item: Item<'e>,
    all_folded: &'e Folded,
}

impl<'e> Leaf<'e> {
    #[inline]
    pub(crate) fn new(item: Item<'e>, all_folded: &'e Folded) -> Self {
        Self { item, all_folded }
    }

    /// Its text as the log writes it; null and maps have none.
    #[inline]
    pub(crate) fn text(&self) -> Option<&'e str> {
        self.item.spelled()
    }

    /// Its text without case.
    #[inline]
    pub(crate) fn folded(&self) -> Option<&'e str> {
        self.all_folded.of(self.item)
    }
}

/// What a record has in one place, in its order.
#[derive(Debug, Default)]
pub(crate) struct Leaves<'e> {
    /// Whether the field is there at all, be it empty or null.
    pub(crate) present: bool,
    /// The first value; kept apart because nearly every field has one, which then costs nothing.
    first: Option<Leaf<'e>>,
    others: Vec<Leaf<'e>>,
}

impl<'e> Leaves<'e> {
    #[inline]
    pub(crate) fn push(&mut self, leaf: Leaf<'e>) {
        if self.first.is_none() {
            self.first = Some(leaf);
        } else {
            self.others.push(leaf);
        }
    }

    /// Whether there is exactly one value.
    pub(crate) fn is_one(&self) -> bool {
        self.first.is_some() && self.others.is_empty()
    }

    /// The first value that a test holds for.
    #[inline]
    pub(crate) fn find(&self, mut test: impl FnMut(&Leaf<'e>) -> bool) -> Option<Leaf<'e>> {
        let first = self.first.as_ref()?;
        if test(first) {
            return Some(*first);
        }
        self.others.iter().find(|leaf| test(leaf)).copied()
    }
}

/// A record as rules look at it.
pub(crate) trait Sight<'e> {
    /// What is there.
    fn look(&self, scope: Scope) -> Leaves<'e>;
}

/// The obvious way to look: at every value, comparing its whole name.
pub(crate) struct Plain<'e> {
    pub(crate) record: &'e Record,
    pub(crate) folded: &'e Folded,
    pub(crate) names: &'e Names,
}

impl<'e> Sight<'e> for Plain<'e> {
    fn look(&self, scope: Scope) -> Leaves<'e> {
        let mut leaves = Leaves::default();
        let folded = self.folded;
        match scope {
            Scope::Field(field) => named(self.record, self.names.name(field), &mut |item| {
                leaves.present = true;
                members(item, &mut |item| leaves.push(Leaf::new(item, folded)));
            }),
            Scope::Everything => {
                leaves.present = true;
                everything(self.record.root(), &mut |item| {
                    leaves.push(Leaf::new(item, folded));
                });
            }
        }
        leaves
    }
}

/// Visits everything under a name, in the order of the record, lists as they are.
pub(crate) fn named<'e>(record: &'e Record, name: &str, visit: &mut dyn FnMut(Item<'e>)) {
    walk(record.root(), name, visit);
}

/// Visits every value under a name, the members of lists by themselves.
pub(crate) fn values<'e>(record: &'e Record, name: &str, visit: &mut dyn FnMut(Item<'e>)) {
    named(record, name, &mut |item| members(item, visit));
}

fn walk<'e>(item: Item<'e>, name: &str, visit: &mut dyn FnMut(Item<'e>)) {
    for child in item.children() {
        match item.shape() {
            Some(Shape::List) => walk(child, name, visit),
            Some(Shape::Map) | None => {
                let Some(rest) = name.strip_prefix(child.key()) else {
                    continue;
                };
                if rest.is_empty() {
                    visit(child);
                } else if let Some(rest) = rest.strip_prefix('.') {
                    walk(child, rest, visit);
                }
            }
        }
    }
}

/// Visits a value, or each member of a list.
pub(crate) fn members<'e>(item: Item<'e>, visit: &mut dyn FnMut(Item<'e>)) {
    match item.shape() {
        Some(Shape::List) => item.children().for_each(|child| members(child, visit)),
        Some(Shape::Map) | None => visit(item),
    }
}

/// Visits every value that holds no others.
pub(crate) fn everything<'e>(item: Item<'e>, visit: &mut dyn FnMut(Item<'e>)) {
    match item.shape() {
        Some(_) => item.children().for_each(|child| everything(child, visit)),
        None => visit(item),
    }
}

#[cfg(test)]
mod tests {
    use cordon_model::Record;
    use serde_json::json;

    use super::{everything, named, values};

    #[test]
    fn dotted_names_reach_nested_fields_flat_keys_and_members_of_lists() {
        let record = Record::from(json!({
            "a": {"b": {"c": 1}, "x.y": 2},
            "a.b": "flat",
            "target": [{"id": "u1"}, {"id": ["u2", "u3"]}, {"other": 1}],
            "deep": [[{"v": true}]],
        }));
        for (name, expect) in [
            ("a.b.c", vec!["1"]),
            ("a.x.y", vec!["2"]),
            ("a.b", vec!["flat"]),
            ("target.id", vec!["u1", "u2", "u3"]),
            ("deep.v", vec!["true"]),
            ("Target.id", vec![]),
            ("a.b.c.d", vec![]),
            ("", vec![]),
        ] {
            let (mut texts, mut present) = (Vec::new(), false);
            values(&record, name, &mut |item| texts.extend(item.spelled()));
            named(&record, name, &mut |_| present = true);
            assert_eq!(texts, expect, "{name}");
            assert_eq!(present, !expect.is_empty(), "{name}");
        }
    }

    #[test]
    fn empty_and_null_are_present() {
        let record = Record::from(json!({"null": null, "none": [], "object": {}}));
        for (name, count) in [("null", 1), ("none", 0), ("object", 1)] {
            let (mut seen, mut present) = (0, false);
            values(&record, name, &mut |_| seen += 1);
            named(&record, name, &mut |_| present = true);
            assert!(present, "{name}");
            assert_eq!(seen, count, "{name}");
        }
        let mut seen = 0;
        everything(record.root(), &mut |_| seen += 1);
        assert_eq!(seen, 1);
    }
}
