//! Names with underscores, as an integration writes them, in the spelling of their vendor: `actor_id` is `actorId`.

use cordon_model::{Item, Key, Record, Shape};

use super::gain::Members;

/// Puts values once more with every name in them as the vendor writes it. A name that is written so already keeps
/// its place.
#[derive(Debug, Default)]
pub(super) struct Camel {
    name: String,
}

impl Camel {
    /// The vendor's name for a value.
    pub(super) fn key(&mut self, record: &mut Record, item: u32) -> Key {
        let Some(item) = record.at(item) else {
            return Key::NONE;
        };
        if !is_underscored(item.key()) {
            return item.name();
        }
        spell(item.key(), &mut self.name);
        record.name(&self.name)
    }

    /// Puts a value with all that it holds.
    pub(super) fn put(&mut self, record: &mut Record, key: Key, place: u32) {
        let Some((item, shape)) = record
            .at(place)
            .and_then(|item| Some((item, item.shape()?)))
        else {
            record.put_place(key, place);
            return;
        };
        if let Some(places) = numbered(item) {
            let open = record.open(key, Shape::List);
            for place in places {
                self.put(record, Key::NONE, place);
            }
            record.close(open);
            return;
        }
        let open = record.open(key, shape);
        let mut members = Members::of(record.at(place));
        while let Some(member) = members.next(record) {
            let key = self.key(record, member);
            let own = record
                .at(member)
                .is_some_and(|own| record.is_same(own.name(), key));
            let taken = || {
                let outer = record.at(place);
                let written = outer.and_then(|outer| outer.get(record.text_of(key)));
                written.is_some() || record.has(&open, key)
            };
            if own || !taken() {
                self.put(record, key, member);
            }
        }
        record.close(open);
    }
}

/// Where the members of a list stand that is kept as an object, because nobody can search in a list of objects: its
/// names are all numbers from 0.
fn numbered(item: Item<'_>) -> Option<Vec<u32>> {
    let first = item.children().next().filter(|_| item.is_map())?;
    first.key().bytes().next().filter(u8::is_ascii_digit)?;
    let mut places = vec![None; item.children().count()];
    for child in item.children() {
        let number: usize = child.key().parse().ok()?;
        let is_plain = child.key() == "0" || !child.key().starts_with(['0', '+']);
        let place = places.get_mut(number).filter(|_| is_plain)?;
        *place = Some(child.place());
    }
    places.into_iter().collect()
}

/// The vendor's spelling of a name.
pub(super) fn spelled(name: &str) -> String {
    let mut spelled = String::new();
    spell(name, &mut spelled);
    spelled
}

fn is_underscored(name: &str) -> bool {
    name.bytes().skip(1).any(|b| b == b'_')
}

fn spell(name: &str, out: &mut String) {
    out.clear();
    let mut upper = false;
    for c in name.chars() {
        match c {
            '_' if !out.is_empty() => upper = true,
            c if upper => {
                out.extend(c.to_uppercase());
                upper = false;
            }
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use cordon_model::Record;
    use serde_json::{Value, json};

    use super::Camel;

    #[track_caller]
    fn check(value: &Value, expect: &Value) {
        let mut record = Record::from(json!({ "own": value }));
        let key = record.name("vendors");
        Camel::default().put(&mut record, key, 1);
        assert_eq!(record.to_value()["vendors"], *expect);
    }

    #[test]
    fn every_name_is_spelled_as_the_vendor_does() {
        check(
            &json!({"event_type": [{"user_id_v2": 1}], "_own": 2, "plain": "a_b"}),
            &json!({"eventType": [{"userIdV2": 1}], "_own": 2, "plain": "a_b"}),
        );
    }

    #[test]
    fn an_object_of_numbers_is_the_list_that_it_was_made_of() {
        check(
            &json!({"target_resources": {"1": {}, "0": {"a_b": 1}}}),
            &json!({"targetResources": [{"aB": 1}, {}]}),
        );
        for no_list in [
            json!({"1": 1}),
            json!({"0": 1, "01": 2}),
            json!({"0": 1, "x": 2}),
            json!({}),
        ] {
            check(&no_list, &no_list);
        }
    }

    #[test]
    fn a_name_that_is_there_keeps_its_value() {
        check(&json!({"a_b": 1, "aB": 2, "a__b": 3}), &json!({"aB": 2}));
        check(&json!({"a_b": 1, "a__b": 3}), &json!({"aB": 1}));
    }
}
