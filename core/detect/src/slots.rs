//! The quick way to look at a record: one walk over it puts every value that some rule asks for
//! into the slot of its field.

use cordon_model::{Item, NameHash, Record, Shape};

use crate::{
    folded::Folded,
    names::{FieldIx, Names, Scope},
    sight::{Leaf, Leaves, Sight, everything, members},
};

/// No further value.
const NONE: u32 = u32::MAX;

/// Where the values of each field are; the memory is used again for the next record.
#[derive(Debug, Clone, Default)]
pub(crate) struct Slots {
    /// For each field its first value, if it has one.
    fields: Vec<Slot>,
    values: Vec<Value>,
    /// The fields that are there.
    present: Vec<FieldIx>,
    /// The dotted name of what is being walked.
    path: String,
}

/// The values of a field, as places in the list of all.
#[derive(Debug, Clone, Copy)]
struct Slot {
    first: u32,
    last: u32,
}

/// A field that is not there.
const ABSENT: Slot = Slot {
    first: NONE,
    last: NONE,
};

/// A field that is there and is an empty list.
const EMPTY: u32 = u32::MAX - 1;

#[derive(Debug, Clone, Copy)]
struct Value {
    place: u32,
    next: u32,
}

impl Slots {
    /// Takes a record. Only its names, lists and maps count, so that one serves for all records of a
    /// layout.
    pub(crate) fn fill(&mut self, record: &Record, names: &Names) {
        if self.fields.len() == names.len() {
            for field in self.present.drain(..) {
                if let Some(slot) = self.fields.get_mut(field.place()) {
                    *slot = ABSENT;
                }
            }
        } else {
            self.present.clear();
            self.fields.clear();
            self.fields.resize(names.len(), ABSENT);
        }
        self.values.clear();
        for child in record.root().children() {
            let key = child.key();
            let Some(meaning) = names.meaning(key, child.key_hash()) else {
                continue;
            };
            if let Some(field) = meaning.field {
                self.put(field, child);
            }
            if meaning.leads_on && child.shape().is_some() {
                self.path.clear();
                self.path.push_str(key);
                self.descend(child, names);
            }
        }
    }

    /// The fields that are there, each once.
    pub(crate) fn present(&self) -> &[FieldIx] {
        &self.present
    }

    /// How many bytes of memory it takes.
    pub(crate) fn size_bytes(&self) -> usize {
        self.fields.len() * size_of::<Slot>() + self.values.len() * size_of::<Value>()
    }

    /// The places of a field's values, in the order of the record.
    #[inline]
    pub(crate) fn places(&self, field: FieldIx) -> impl Iterator<Item = u32> {
        let slot = self.slot(field);
        let mut at = slot.map_or(NONE, |slot| slot.first);
        std::iter::from_fn(move || {
            let value = self.value(at)?;
            at = value.next;
            Some(value.place)
        })
    }

    /// Walks what is within the value at `path`.
    fn descend(&mut self, item: Item<'_>, names: &Names) {
        if item.shape() == Some(Shape::List) {
            item.children().for_each(|child| self.descend(child, names));
            return;
        }
        let length = self.path.len();
        for child in item.children() {
            self.path.truncate(length);
            self.path.push('.');
            self.path.push_str(child.key());
            let hash = NameHash::of(&self.path);
            let Some(meaning) = names.meaning(&self.path, hash) else {
                continue;
            };
            if let Some(field) = meaning.field {
                self.put(field, child);
            }
            if meaning.leads_on && child.shape().is_some() {
                self.descend(child, names);
            }
        }
        self.path.truncate(length);
    }

    fn put(&mut self, field: FieldIx, item: Item<'_>) {
        let Some(slot) = self.fields.get_mut(field.place()) else {
            return;
        };
        if slot.first == NONE {
            slot.first = EMPTY;
            self.present.push(field);
        }
        if item.shape() != Some(Shape::List) {
            Self::link(slot, &mut self.values, item);
            return;
        }
        members(item, &mut |member| {
            Self::link(slot, &mut self.values, member);
        });
    }

    fn link(slot: &mut Slot, values: &mut Vec<Value>, item: Item<'_>) {
        let at = u32::try_from(values.len()).unwrap_or(NONE);
        values.push(Value {
            place: item.place(),
            next: NONE,
        });
        let last = usize::try_from(slot.last).ok();
        match last.and_then(|last| values.get_mut(last)) {
            Some(last) => last.next = at,
            None => slot.first = at,
        }
        slot.last = at;
    }

    fn slot(&self, field: FieldIx) -> Option<&Slot> {
        let slot = self.fields.get(field.place())?;
        (slot.first != NONE).then_some(slot)
    }

    fn value(&self, at: u32) -> Option<Value> {
        self.values.get(usize::try_from(at).ok()?).copied()
    }
}

/// A record whose values are in their slots.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quick<'e> {
    pub(crate) record: &'e Record,
    pub(crate) folded: &'e Folded,
    pub(crate) slots: &'e Slots,
}

impl<'e> Quick<'e> {
    /// Visits the values of a field.
    pub(crate) fn each(&self, field: FieldIx, visit: &mut impl FnMut(Leaf<'e>)) {
        for place in self.slots.places(field) {
            if let Some(item) = self.record.at(place) {
                visit(Leaf::new(item, self.folded));
            }
        }
    }
}

impl<'e> Sight<'e> for Quick<'e> {
    fn look(&self, scope: Scope) -> Leaves<'e> {
        let mut leaves = Leaves::default();
        match scope {
            Scope::Field(field) => {
                leaves.present = self.slots.slot(field).is_some();
                self.each(field, &mut |leaf| leaves.push(leaf));
            }
            Scope::Everything => {
                leaves.present = true;
                everything(self.record.root(), &mut |item| {
                    leaves.push(Leaf::new(item, self.folded));
                });
            }
        }
        leaves
    }
}
