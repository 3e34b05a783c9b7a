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

use std::{collections::BTreeMap, mem, sync::Arc};

use super::{
    NameHash, Node, Record, Span, large, small,
    trail::{self, Followed, LOST, Mark, ROOT, ROOTS, Trail},
};

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
    /// The step behind another by its face.
    behind: BTreeMap<u128, u32>,
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
    /// How its name begins, and which bits of so many bytes of a text belong to a name as long.
    head: u128,
    mask: u128,
    hash: NameHash,
    face: Face,
    /// The step behind it that was taken last, and the other one that was taken last before.
    likely: u32,
    less_likely: u32,
    /// Whether a name up to here has a space.
    is_spaced: bool,
    end: End,
}

/// What of a value tells its step from most others, as one number: the hash and the length of its name, and its extent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Face(u64);

/// What is known of records that end with a step.
#[derive(Debug)]
enum End {
    Unseen,
    /// Seen once, which may have been the only time.
    Once,
    Layout(Arc<Layout>),
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

impl Face {
    /// That of a value at a place.
    #[inline]
    fn of(node: &Node, place: u32) -> Self {
        let length =
            u64::from(node.key.end.saturating_sub(node.key.start)).min(u64::from(u16::MAX));
        let hash = u64::from(node.hash.number());
        Self(hash << 48 | length << 32 | u64::from(trail::extent(node, place)))
    }

    /// Its extent.
    #[inline]
    fn extent(self) -> u32 {
        let [a, b, c, d, ..] = self.0.to_le_bytes();
        u32::from_le_bytes([a, b, c, d])
    }

    /// Where the step behind another is known that has it.
    #[inline]
    fn behind(self, step: u32) -> u128 {
        u128::from(step) << 64 | u128::from(self.0)
    }
}

impl Step {
    /// That of a value of some name.
    fn new(name: &str, face: Face) -> Self {
        let bytes = name.as_bytes();
        let mut head = [0; HEAD_BYTES];
        head.iter_mut()
            .zip(bytes)
            .for_each(|(to, from)| *to = *from);
        let beyond = u32::try_from(bytes.len() * 8).ok();
        let beyond = beyond.and_then(|bits| u128::MAX.checked_shl(bits));
        Self {
            written: format!(",\"{name}\":").into(),
            is_plain: bytes
                .iter()
                .all(|b| *b >= b' ' && *b != b'"' && *b != b'\\'),
            head: u128::from_le_bytes(head),
            mask: !beyond.unwrap_or(0),
            hash: NameHash::of(name),
            face,
            likely: ROOT,
            less_likely: ROOT,
            is_spaced: name.contains(' '),
            end: End::Unseen,
        }
    }

    /// Its name as it is.
    fn name(&self) -> &[u8] {
        let written = self.written.as_bytes();
        let end = written.len().saturating_sub(2);
        written.get(2..end).unwrap_or_default()
    }

    /// Whether it is that of a value: most names are compared as a whole, without a loop.
    #[inline]
    fn fits(&self, face: Face, (text, name): (&[u8], Span)) -> bool {
        if self.face != face {
            return false;
        }
        let name = name.range();
        let head = text.get(name.start..).and_then(<[u8]>::first_chunk);
        match head.map(|head| u128::from_le_bytes(*head) & self.mask) {
            Some(head) if head != self.head => false,
            Some(_) if name.len() <= HEAD_BYTES => true,
            Some(_) | None => text.get(name) == Some(self.name()),
        }
    }
}

/// How many bytes of names are compared together.
const HEAD_BYTES: usize = 16;

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
        self.foreseen(self.next_of(record)?.likely)
    }

    /// The name that it has if it has not that one: records often take turns.
    #[inline]
    pub fn less_likely(&self, record: &Record) -> Option<Likely<'_>> {
        self.foreseen(self.next_of(record)?.less_likely)
    }

    /// The step behind which something is foreseen of a record.
    #[inline]
    fn next_of(&self, record: &Record) -> Option<&Step> {
        let trail = record.trail;
        // What is full foresees nothing, so that it is asked to follow a record from its beginning, and forgets.
        let is_full = trail.places == 1 && self.steps.len() > STEPS_MAX;
        let step = self.step(trail.step);
        step.filter(|_| !is_full && record.is_followed())
    }

    #[inline]
    fn foreseen(&self, at: u32) -> Option<Likely<'_>> {
        let step = self.step(at).filter(|step| step.is_plain)?;
        Some(Likely {
            written: step.written.as_bytes(),
            hash: step.hash,
            mark: Mark {
                step: at,
                extent: step.face.extent(),
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
            record.laid_out(layout);
        }
    }

    /// Follows a record over the rest of its values.
    pub fn follow(&mut self, record: &mut Record) {
        if record.trail.places == 1 && self.steps.len() > STEPS_MAX {
            self.forget();
        }
        while !record.is_followed() {
            let trail = self.along(record);
            record.trail = trail;
            let at = large(trail.places);
            let Some(node) = record.nodes.get(at) else {
                return;
            };
            record.trail = self.aside(trail, (node, &record.text));
        }
    }

    /// Goes on as long as a record takes the likely steps.
    #[inline]
    fn along(&self, record: &Record) -> Trail {
        let mut trail = record.trail;
        let Some(mut step) = self.step(trail.step) else {
            return trail;
        };
        let text = record.text.as_bytes();
        let rest = record.nodes.get(large(trail.places)..).unwrap_or_default();
        for node in rest {
            let face = Face::of(node, trail.places);
            match self.step(step.likely) {
                Some(likely) if likely.fits(face, (text, node.key)) => {
                    (trail.step, step) = (step.likely, likely);
                    trail.places += 1;
                }
                Some(_) | None => break,
            }
        }
        trail.is_spaced = step.is_spaced;
        trail
    }

    /// Takes a step that is not the likely one.
    #[inline(never)]
    fn aside(&mut self, trail: Trail, (node, text): (&Node, &str)) -> Trail {
        let face = Face::of(node, trail.places);
        let name = (text.as_bytes(), node.key);
        let fits = |step: &Step| step.fits(face, name);
        let other = self.step(trail.step).map_or(ROOT, |step| step.less_likely);
        let step = if self.step(other).is_some_and(fits) {
            Some(other)
        } else {
            match self.behind.get(&face.behind(trail.step)).copied() {
                Some(known) => self.step(known).is_some_and(fits).then_some(known),
                None => self.learn((trail.step, face), text.get(node.key.range())),
            }
        };
        if let (Some(step), Some(before)) = (step, self.steps.get_mut(large(trail.step))) {
            before.less_likely = mem::replace(&mut before.likely, step);
        }
        let step = step.unwrap_or(LOST);
        Trail {
            step,
            places: trail.places + 1,
            is_spaced: self.step(step).is_none_or(|step| step.is_spaced),
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
        // No value has the extent of a root, and none is foreseen to have its name.
        let face = Face(u64::MAX);
        let root = || Step {
            is_plain: false,
            ..Step::new("", face)
        };
        self.steps.extend((0..ROOTS).map(|_| root()));
    }

    #[inline]
    fn step(&self, at: u32) -> Option<&Step> {
        self.steps.get(large(at))
    }

    #[cold]
    fn learn(&mut self, (before, face): (u32, Face), name: Option<&str>) -> Option<u32> {
        let name = name?;
        if self.steps.len() > STEPS_MAX || name.len() > NAME_BYTES_MAX {
            return None;
        }
        let is_spaced = self.step(before)?.is_spaced;
        let mut step = Step::new(name, face);
        step.is_spaced |= is_spaced;
        let at = small(self.steps.len());
        self.steps.push(step);
        self.behind.insert(face.behind(before), at);
        Some(at)
    }

    /// The layout of records that end here, if one was seen before.
    fn layout(&mut self, Trail { step, places, .. }: Trail) -> Option<&Arc<Layout>> {
        let places = large(places);
        let step = self.steps.get_mut(large(step))?;
        match &step.end {
            End::Unseen => step.end = End::Once,
            End::Once if places <= PLACES_MAX => {
                step.end = End::Layout(Arc::new(Layout {
                    number: self.count,
                    family: Arc::clone(&self.family),
                    places,
                }));
                self.count += 1;
            }
            End::Once | End::Layout(_) => {}
        }
        match &step.end {
            End::Layout(layout) => Some(layout),
            End::Unseen | End::Once => None,
        }
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
