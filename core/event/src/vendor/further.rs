//! What records gain under further names, worked out once for all that have the same names and say something in the
//! same fields.
//!
//! Invariant: a record gains from what is remembered what it would gain by itself; a test compares the two.

use cordon_model::{Followed, Item, Layouts, Record, Said};

use super::{
    entra, field,
    gain::says,
    recipe::{Read, Recipe},
};

/// Values that are given further names.
#[derive(Debug, Clone, Copy)]
pub(super) enum Further {
    /// Pairs of the name and where the value stands, as [`super::gain::gain`] takes them.
    Named(&'static [(&'static str, &'static str)]),
    /// Names of fields whose texts are given as those of a field that has several forms: `name.value`.
    Formed(&'static [&'static str], &'static [&'static str]),
    /// All fields in one object, as [`entra::nest`] has them; what texts of JSON hold is read anew for each record.
    Nested,
}

/// What all records of some names gain.
#[derive(Debug)]
pub(super) struct Gained {
    further: Further,
    /// Where the values stand that decide on it, a bit for each.
    asked: Box<[u32]>,
    recipes: Vec<(Said, Recipe, Option<Followed>)>,
}

/// Most values that decide.
const ASKED_MAX: usize = 128;

/// Most sets of fields of records of the same names for which a recipe is remembered.
const SETS_MAX: usize = 32;

impl Further {
    /// Whether two are the same list.
    fn is(self, other: Self) -> bool {
        match (self, other) {
            (Self::Named(own), Self::Named(other)) => std::ptr::eq(own, other),
            (Self::Formed(own, _), Self::Formed(other, _)) => std::ptr::eq(own, other),
            (Self::Nested, Self::Nested) => true,
            (Self::Named(_) | Self::Formed(..) | Self::Nested, _) => false,
        }
    }

    /// Where the values stand that may be given further names.
    fn asked(self, record: &Record) -> Box<[u32]> {
        let places = |found: &mut dyn Iterator<Item = Item<'_>>| {
            let single = found.filter(|item| item.shape().is_none());
            single.map(Item::place).collect()
        };
        match self {
            Self::Named(names) => {
                let free = names
                    .iter()
                    .filter(|(name, _)| field(record, name).is_none());
                places(&mut free.filter_map(|(_, native)| field(record, native)))
            }
            Self::Formed(names, _) => {
                places(&mut names.iter().filter_map(|name| field(record, name)))
            }
            Self::Nested => places(&mut record.root().children()),
        }
    }

    /// Whether a value is given a further name.
    #[inline]
    fn takes(self, item: Item<'_>) -> bool {
        match self {
            Self::Named(_) => says(item),
            Self::Formed(..) => item.as_str().is_some(),
            Self::Nested => item
                .as_str()
                .is_some_and(|text| text.starts_with(['{', '['])),
        }
    }

    fn recipe(self, record: &Record) -> Recipe {
        let mut recipe = Recipe::default();
        match self {
            Self::Named(names) => {
                let gains = |native| {
                    names
                        .iter()
                        .any(|(name, own)| name == native && own != name)
                };
                debug_assert!(
                    !names.iter().any(|(_, native)| gains(native)),
                    "no list gains from what it gained"
                );
                recipe.gain(record, names);
            }
            Self::Formed(names, forms) => {
                let found = names.iter().filter_map(|name| field(record, name));
                for item in found.filter(|item| self.takes(*item)) {
                    for form in forms {
                        recipe.copy(&[item.key(), form].concat(), item.place());
                    }
                }
            }
            Self::Nested => entra::nested(record, &mut recipe, |item| self.takes(item)),
        }
        recipe
    }
}

impl Gained {
    /// Which of the values that decide are given further names, if there are not too many.
    #[inline]
    fn said(&self, record: &Record) -> Option<Said> {
        if self.asked.len() > ASKED_MAX {
            return None;
        }
        let (mut said, mut bit): (Said, Said) = (0, 1);
        for place in &self.asked {
            if self.further.takes(record.at(*place)?) {
                said |= bit;
            }
            bit = bit.wrapping_shl(1);
        }
        Some(said)
    }
}

/// Gives a record, which was followed by layouts to its end, its values under further names. Whether something new is
/// remembered of records with its names.
pub(super) fn give(
    (layouts, record): (&mut Layouts, &mut Record),
    remembered: &mut Vec<Gained>,
    (further, read): (Further, Read<'_>),
) -> bool {
    let at = remembered.iter().position(|own| own.further.is(further));
    let at = at.unwrap_or_else(|| {
        remembered.push(Gained {
            further,
            asked: further.asked(record),
            recipes: Vec::new(),
        });
        remembered.len() - 1
    });
    let Some(gained) = remembered.get_mut(at) else {
        unreachable!("what was not remembered was put there");
    };
    let said = gained.said(record);
    let known = gained.recipes.iter().find(|(own, ..)| Some(*own) == said);
    if let Some((_, recipe, followed)) = known {
        recipe.follow_reading(record, read);
        if let Some(followed) = followed {
            record.follow_as(*followed);
        }
        return false;
    }
    let recipe = further.recipe(record);
    recipe.follow_reading(record, read);
    let Some(said) = said.filter(|_| gained.recipes.len() < SETS_MAX) else {
        return false;
    };
    let followed = recipe.is_even().then(|| layouts.followed(record));
    gained.recipes.push((said, recipe, followed));
    true
}

#[cfg(test)]
mod tests {
    use cordon_model::{Item, Layouts, Learned, Record};
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

    use super::{Further, Gained, give};
    use crate::vendor::gain;

    const NAMED: &[(&str, &str)] = &[
        ("x", "a"),
        ("x", "b"),
        ("e", "c"),
        ("n.m.o", "a"),
        ("n.m.p", "b.a"),
        ("n.q", "c"),
        ("b.r", "a"),
        ("y", "b.c"),
        ("d", "b"),
        ("d.a", "a"),
    ];

    fn values() -> impl Strategy<Value = Value> {
        let single = prop::sample::select(vec![json!("t"), json!(""), json!(null), json!(7)]);
        let inside = prop::collection::btree_map("[a-d]", single.clone(), 0..3);
        let inside = inside.prop_map(|inside| Value::Object(inside.into_iter().collect()));
        prop_oneof![4 => single, 1 => inside]
    }

    proptest! {
        #[test]
        fn a_record_gains_from_what_is_remembered_what_it_gains_by_hand(
            records in prop::collection::vec(prop::collection::btree_map("[a-dxn]", values(), 0..6), 1..40),
        ) {
            let (mut layouts, mut learned) = (Layouts::default(), Learned::<Vec<Gained>>::default());
            for fields in records {
                let fields: Map<_, _> = fields.into_iter().collect();
                let own = Record::from(&Value::Object(fields));
                let (mut named, mut by_hand) = (own.clone(), own.clone());
                let known = learned.of((&mut layouts, &mut named), |_| Vec::new());
                let named_by = (Further::Named(NAMED), &mut Record::put_place as _);
                give((&mut layouts, &mut named), known, named_by);
                gain::gain(&mut by_hand, NAMED);
                prop_assert_eq!(&named, &by_hand);
                // How far it was followed is where it would be by itself.
                let mut afresh = Record::from(named.to_value());
                layouts.find(&mut afresh);
                layouts.find(&mut named);
                let number = |record: &Record| record.layout().map(|layout| layout.number());
                layouts.find(&mut afresh);
                prop_assert_eq!(number(&named), number(&afresh));
                let (mut formed, mut by_hand) = (own.clone(), own);
                let known = learned.of((&mut layouts, &mut formed), |_| Vec::new());
                let forms = Further::Formed(&["a", "b", "c"], &[".value", ".shown"]);
                give((&mut layouts, &mut formed), known, (forms, &mut Record::put_place));
                for name in ["a", "b", "c"] {
                    for form in [".value", ".shown"] {
                        if by_hand.get(name).and_then(Item::as_str).is_some() {
                            by_hand.put_again(&format!("{name}{form}"), name);
                        }
                    }
                }
                prop_assert_eq!(formed, by_hand);
            }
        }
    }
}
