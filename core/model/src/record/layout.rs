//! What the names of a record are, in order: its layout, which logs repeat from record to record.
//!
//! Whoever reads records keeps [`Layouts`]: all sequences of names met so far, as a tree in which each
//! step is the next value of a record. A record is followed along it while it is filled or when it is
//! complete, and what was learned of one record of a layout serves all others: which name comes next,
//! and where each of its values is.
//!
//! Invariants: two records of one layout have the same names, lists and maps in the same places, and
//! differ in their scalars alone; memory is bounded, and at its limit everything is forgotten and
//! learned again.

use std::{collections::BTreeMap, sync::Arc};

use super::{Kind, NameHash, Node, Record, large, small};

/// Most steps that are remembered: a machine's Windows logs have some three thousand.
const STEPS_MAX: usize = 16_384;

/// Records with more values have no layout: their lists hardly repeat.
const PLACES_MAX: usize = 512;

/// Longer names are not remembered.
const NAME_BYTES_MAX: usize = 128;

/// What the names of a record are, in order.
#[derive(Debug)]
pub struct Layout {
    number: usize,
    family: Arc<()>,
    /// How many values a record of this layout has, itself included.
    pub(super) places: usize,
}

/// All layouts of one reader, and those of which it has seen a beginning.
#[derive(Debug)]
pub struct Layouts {
    steps: Vec<Step>,
    /// The step behind another by the hash of its name and its extent.
    behind: BTreeMap<(u32, u16, u32), u32>,
    family: Arc<()>,
    /// How many layouts there are.
    count: usize,
}

/// The next value of some records.
#[derive(Debug)]
struct Step {
    /// Its name as JSON writes it if it is plain: `,"name":`.
    written: Box<str>,
    /// Whether nothing in its name is written in JSON as something else.
    is_plain: bool,
    hash: NameHash,
    extent: u32,
    /// The step behind it that was taken last.
    likely: u32,
    /// Whether a name up to here has a space.
    is_spaced: bool,
    end: End,
}

/// What is known of records that end with a step.
#[derive(Debug)]
enum End {
    Unseen,
    /// Seen once, which may have been the only time.
    Once,
    Layout(Arc<Layout>),
}

/// How far a record was followed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trail {
    step: u32,
    /// How many of its values, itself included.
    places: u32,
    /// Whether a name of them has a space.
    is_spaced: bool,
}

/// The name that a record probably has next.
#[derive(Debug, Clone, Copy)]
pub struct Likely<'l> {
    /// As JSON writes it behind another value: `,"name":`.
    pub written: &'l [u8],
    /// Its hash.
    pub hash: NameHash,
    /// To be given back when its value was put.
    pub mark: Mark,
}

/// A step that a record probably takes next.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    step: u32,
    extent: u32,
    is_spaced: bool,
}

/// How far a record was followed, for those that have the same names, lists and maps behind the same step.
#[derive(Debug, Clone, Copy)]
pub struct Followed(Trail);

/// The step before the first value.
const ROOT: u32 = 0;

/// The step of a record that has no layout.
const LOST: u32 = u32::MAX;

impl Trail {
    pub(super) const START: Self = Self {
        step: ROOT,
        places: 1,
        is_spaced: false,
    };
}

impl Layout {
    /// Its number among those of its family.
    #[inline]
    pub fn number(&self) -> usize {
        self.number
    }

    /// What it has in common with the others of its reader, until that forgets them.
    #[inline]
    pub fn family(&self) -> &Arc<()> {
        &self.family
    }
}

impl Step {
    /// Whether this is its name, eight bytes compared at a time: names are too short for a call.
    #[inline]
    fn is_named(&self, name: &[u8]) -> bool {
        let written = self.written.as_bytes();
        let Some(own) = written.get(2..written.len().saturating_sub(2)) else {
            return false;
        };
        let fours = (name.first_chunk::<4>(), name.last_chunk::<4>());
        let own_fours = (own.first_chunk::<4>(), own.last_chunk::<4>());
        own.len() == name.len()
            && match (name.last_chunk::<8>(), own.last_chunk::<8>()) {
                (Some(last), Some(own_last)) => {
                    let (eights, own_eights) = (name.as_chunks::<8>().0, own.as_chunks::<8>().0);
                    last == own_last && eights.iter().eq(own_eights)
                }
                (_, _) if name.len() >= 4 => fours == own_fours,
                (_, _) => name.iter().eq(own),
            }
    }
}

impl Default for Layouts {
    fn default() -> Self {
        let mut layouts = Self {
            steps: Vec::new(),
            behind: BTreeMap::new(),
            family: Arc::new(()),
            count: 0,
        };
        layouts.forget();
        layouts
    }
}

impl Layouts {
    /// The name that a record, which was followed so far, probably has next.
    #[inline]
    pub fn likely(&self, record: &Record) -> Option<Likely<'_>> {
        let trail = record.trail;
        if large(trail.places) != record.nodes.len() {
            return None;
        }
        let likely = self.step(trail.step)?.likely;
        let step = self.step(likely).filter(|step| step.is_plain)?;
        Some(Likely {
            written: step.written.as_bytes(),
            hash: step.hash,
            mark: Mark {
                step: likely,
                extent: step.extent,
                is_spaced: step.is_spaced,
            },
        })
    }

    /// Follows a record over the rest of its values, and says its layout if it is known by then.
    pub fn find(&mut self, record: &mut Record) {
        if record.layout().is_some() {
            return;
        }
        self.follow(record);
        if record.trail.step == LOST {
            return;
        }
        if let Some(layout) = self.layout(record.trail) {
            record.laid_out(&layout);
        }
    }

    /// Follows a record over the rest of its values.
    pub fn follow(&mut self, record: &mut Record) {
        if record.trail.places == 1 && self.steps.len() > STEPS_MAX {
            self.forget();
        }
        let Record {
            nodes, text, trail, ..
        } = record;
        for node in nodes.get(large(trail.places)..).unwrap_or_default() {
            *trail = self.next(*trail, (node, text));
        }
    }

    /// Follows a record over the rest of its values, and says how far it is then.
    pub fn followed(&mut self, record: &mut Record) -> Followed {
        self.follow(record);
        Followed(record.trail)
    }

    /// What all layouts have in common until they are forgotten.
    #[inline]
    pub(super) fn family(&self) -> &Arc<()> {
        &self.family
    }

    fn forget(&mut self) {
        self.steps.clear();
        self.behind.clear();
        self.family = Arc::new(());
        self.count = 0;
        self.steps.push(Step {
            written: Box::default(),
            is_plain: false,
            hash: NameHash::of(""),
            extent: 0,
            likely: ROOT,
            is_spaced: false,
            end: End::Unseen,
        });
    }

    #[inline]
    fn step(&self, at: u32) -> Option<&Step> {
        self.steps.get(large(at))
    }

    /// A trail and one value more.
    #[inline]
    fn next(&mut self, trail: Trail, (node, text): (&Node, &str)) -> Trail {
        let places = trail.places + 1;
        let extent = extent(node, trail.places);
        let name = text.as_bytes().get(node.key.range()).unwrap_or_default();
        let fits =
            |step: &Step| step.hash == node.hash && step.extent == extent && step.is_named(name);
        let likely = self.step(trail.step).map_or(ROOT, |step| step.likely);
        if let Some(step) = self
            .step(likely)
            .filter(|step| likely != ROOT && fits(step))
        {
            return Trail {
                step: likely,
                places,
                is_spaced: step.is_spaced,
            };
        }
        let key = (trail.step, node.hash.number(), extent);
        let known = self.behind.get(&key).copied();
        let other = match known {
            Some(known) => self.step(known).is_some_and(fits).then_some(known),
            None => self.learn(key, node.hash, text.get(node.key.range())),
        };
        if let (Some(other), Some(step)) = (other, self.steps.get_mut(large(trail.step))) {
            step.likely = other;
        }
        let step = other.unwrap_or(LOST);
        Trail {
            step,
            places,
            is_spaced: self.step(step).is_none_or(|step| step.is_spaced),
        }
    }

    #[cold]
    fn learn(&mut self, key: (u32, u16, u32), hash: NameHash, name: Option<&str>) -> Option<u32> {
        let name = name?;
        if self.steps.len() > STEPS_MAX || name.len() > NAME_BYTES_MAX {
            return None;
        }
        let is_spaced = self.step(key.0)?.is_spaced || name.contains(' ');
        let at = small(self.steps.len());
        self.steps.push(Step {
            written: format!(",\"{name}\":").into(),
            is_plain: name.bytes().all(|b| b >= b' ' && b != b'"' && b != b'\\'),
            hash,
            extent: key.2,
            likely: ROOT,
            is_spaced,
            end: End::Unseen,
        });
        self.behind.insert(key, at);
        Some(at)
    }

    /// The layout of records that end here, if one was seen before.
    fn layout(&mut self, Trail { step, places, .. }: Trail) -> Option<Arc<Layout>> {
        let places = large(places);
        let step = self.steps.get_mut(large(step))?;
        match &step.end {
            End::Layout(layout) => return Some(Arc::clone(layout)),
            End::Unseen => {
                step.end = End::Once;
                return None;
            }
            End::Once if places > PLACES_MAX => return None,
            End::Once => {}
        }
        let layout = Arc::new(Layout {
            number: self.count,
            family: Arc::clone(&self.family),
            places,
        });
        self.count += 1;
        step.end = End::Layout(Arc::clone(&layout));
        Some(layout)
    }
}

impl Record {
    /// Says that it was followed as far as another one that had the same step and was given values of the same names,
    /// lists and maps since then, by layouts that forgot nothing meanwhile.
    #[inline]
    pub fn follow_as(&mut self, Followed(trail): Followed) {
        if large(trail.places) == self.nodes.len() {
            self.trail = trail;
        }
    }

    /// Notes that the value put last is a scalar under the name that was likely; whether that is a
    /// step of a layout.
    #[inline]
    pub fn took(&mut self, mark: Mark) -> bool {
        let fits = mark.extent == 0 && self.nodes.len() == large(self.trail.places) + 1;
        if fits {
            self.trail = Trail {
                step: mark.step,
                places: self.trail.places + 1,
                is_spaced: mark.is_spaced,
            };
        }
        fits
    }

    /// The step of layouts to which it was followed.
    #[inline]
    pub(super) fn step(&self) -> Option<u32> {
        Some(self.trail.step).filter(|step| *step != LOST)
    }

    /// Whether the name of a field has a space.
    pub fn has_spaced_names(&self) -> bool {
        let followed = large(self.trail.places) == self.nodes.len();
        let known = followed && !self.trail.is_spaced;
        !known
            && self
                .root()
                .children()
                .any(|field| field.key().contains(' '))
    }
}

/// What of a value is part of a layout beside its name: whether it holds others, how, and up to which.
#[inline]
fn extent(node: &Node, place: u32) -> u32 {
    let size = || (node.end - place) << 1;
    match node.kind {
        Kind::Null | Kind::False | Kind::True | Kind::Number | Kind::Text => 0,
        Kind::List => size(),
        Kind::Map => size() | 1,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{Layouts, STEPS_MAX};
    use crate::Record;

    /// The names and shapes of a value without its scalars.
    fn form(value: &Value) -> Value {
        match value {
            Value::Array(items) => items.iter().map(form).collect(),
            Value::Object(fields) => {
                let fields = fields.iter().map(|(key, value)| (key.clone(), form(value)));
                Value::Object(fields.collect())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Value::Null,
        }
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            "[a-c]{0,2}".prop_map(Value::from)
        ];
        leaf.prop_recursive(2, 8, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::btree_map("[ab]", inner, 0..3)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn records_of_one_layout_have_one_form(
            records in prop::collection::vec(
                prop::collection::btree_map("[ab\" ]{0,2}", values(), 0..4), 0..40,
            ),
        ) {
            let mut layouts = Layouts::default();
            let mut known = Vec::new();
            for fields in records {
                let value = Value::Object(fields.into_iter().collect());
                let mut record = Record::from(&value);
                let spaced = value.as_object().unwrap().keys().any(|name| name.contains(' '));
                prop_assert_eq!(record.has_spaced_names(), spaced);
                layouts.find(&mut record);
                prop_assert_eq!(record.has_spaced_names(), spaced);
                let Some(layout) = record.layout().cloned() else { continue };
                let form = form(&value);
                for (other, other_form) in &known {
                    prop_assert_eq!(std::sync::Arc::ptr_eq(&layout, other), form == *other_form);
                }
                known.push((layout, form));
            }
        }
    }

    #[test]
    fn a_layout_is_known_from_the_second_record_and_ends_with_a_further_field() {
        let mut layouts = Layouts::default();
        let mut records = [1, 2, 3].map(|n| Record::from(json!({"a": n, "b": {"c": [n]}})));
        for record in &mut records {
            layouts.find(record);
        }
        assert!(records[0].layout().is_none());
        assert_eq!(records[1].layout().unwrap().number(), 0);
        assert_eq!(records[2].layout().unwrap().number(), 0);
        let key = records[2].name("d");
        records[2].put(key, crate::Scalar::Null);
        assert!(records[2].layout().is_none());
        layouts.find(&mut records[2]);
        assert!(records[2].layout().is_none());
    }

    #[test]
    fn names_that_never_repeat_take_bounded_memory() {
        let mut layouts = Layouts::default();
        for n in 0..3 * STEPS_MAX {
            layouts.find(&mut Record::from(json!({ n.to_string(): 1 })));
            assert!(layouts.steps.len() <= STEPS_MAX + 1);
        }
        assert_eq!(layouts.count, 0);
    }
}
