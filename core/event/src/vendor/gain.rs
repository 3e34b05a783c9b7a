//! Second names for what a record says, so that rules written for one shape of a log meet the others.
//!
//! Invariants: a record's own names stay, and what is added never takes their place; a value under a second name
//! shares its text with the first.

use cordon_model::{Item, Record, Scalar, Shape};

use super::field;

/// Puts values under further names: pairs of the name and where the value stands. What is no single
/// value, or is not there, is passed over.
/// A name with dots becomes an object, as the vendor nests it, unless the record has its first part.
pub(super) fn gain(record: &mut Record, names: &[(&str, &str)]) {
    let mut nested = Vec::new();
    for (name, native) in names {
        if field(record, name).is_some() {
            continue;
        }
        let Some(found) = field(record, native).filter(|item| says(*item)) else {
            continue;
        };
        let place = found.place();
        match name.split_once('.') {
            Some((head, _)) if record.get(head).is_none() => nested.push((*name, place)),
            Some(_) | None => put_under(record, name, place),
        }
    }
    put_nested(record, &nested);
}

/// Whether a value is one, and not nothing.
pub(super) fn says(item: Item<'_>) -> bool {
    item.scalar().is_some_and(|scalar| scalar != Scalar::Null)
}

/// Puts values into objects within each other; the first of a name counts.
fn put_nested(record: &mut Record, names: &[(&str, u32)]) {
    let head = |name: &'_ str| name.split('.').next().map_or(0, str::len);
    for (at, (name, place)) in names.iter().enumerate() {
        let own = name.get(..head(name)).unwrap_or_default();
        let is_own = |(other, _): &&(&str, u32)| other.get(..head(other)) == Some(own);
        let (before, from_here) = names.split_at(at);
        if before.iter().any(|other| is_own(&other)) {
            continue;
        }
        if own == *name {
            put_under(record, name, *place);
            continue;
        }
        let inside = from_here.iter().filter(is_own);
        let inside = inside.filter_map(|(name, place)| Some((name.split_once('.')?.1, *place)));
        let inside: Vec<_> = inside.collect();
        let key = record.name(own);
        let open = record.open(key, Shape::Map);
        put_nested(record, &inside);
        record.close(open);
    }
}

fn put_under(record: &mut Record, name: &str, place: u32) {
    let key = record.name(name);
    record.put_place(key, place);
}

/// Puts a value of the record under a further name that is not taken.
pub(super) fn put(record: &mut Record, name: &str, place: u32) {
    if record.get(name).is_none() {
        put_under(record, name, place);
    }
}

/// Puts a text under a name that is not taken.
pub(super) fn put_text(record: &mut Record, name: &str, text: &str) {
    if record.get(name).is_none() {
        let key = record.name(name);
        record.put(key, Scalar::Text(text));
    }
}

/// Puts the fields of an object within a record beside the record's own, those whose names are not taken.
pub(super) fn lift(record: &mut Record, place: u32) {
    let mut members = Members::of(record.at(place));
    while let Some(member) = members.next(record) {
        if let Some(item) = record.at(member)
            && record.get_like(item).is_none()
        {
            let key = item.name();
            record.put_place(key, member);
        }
    }
}

/// Puts the fields of another record beside a record's own, those whose names are not taken.
pub(super) fn join(record: &mut Record, other: &Record) {
    let adopted = record.adopt(other);
    for item in other.root().children() {
        if record.get_like(item).is_none() {
            record.graft(adopted.name(item), item, adopted);
        }
    }
}

/// The places of what an object or list holds, for whoever puts more into the record meanwhile.
pub(super) struct Members {
    at: u32,
    end: u32,
}

impl Members {
    pub(super) fn of(holder: Option<Item<'_>>) -> Self {
        match holder.filter(|item| item.shape().is_some()) {
            Some(item) => Self {
                at: item.place() + 1,
                end: item.after(),
            },
            None => Self { at: 0, end: 0 },
        }
    }

    pub(super) fn next(&mut self, record: &Record) -> Option<u32> {
        if self.at >= self.end {
            return None;
        }
        let place = self.at;
        self.at = record.at(place)?.after();
        Some(place)
    }
}

#[cfg(test)]
mod tests {
    use cordon_model::Record;
    use serde_json::json;

    use super::gain;

    #[test]
    fn what_is_gained_takes_nobodys_place() {
        let mut record = Record::from(json!({"a": {"b": 1, "c": null, "d": [1]}, "x": "own"}));
        gain(
            &mut record,
            &[
                ("x", "a.b"),
                ("y", "a.b"),
                ("z", "a.c"),
                ("w", "a.d"),
                ("v", "none"),
                ("n.m.o", "a.b"),
                ("n.p", "a.b"),
                ("n.p", "x"),
                ("a.b", "x"),
                ("a.q", "x"),
            ],
        );
        assert_eq!(
            record.to_value(),
            json!({"a": {"b": 1, "c": null, "d": [1]}, "x": "own", "y": 1, "a.q": "own",
                "n": {"m": {"o": 1}, "p": 1}})
        );
    }
}
