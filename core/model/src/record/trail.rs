//! How far a record was followed along its layout.
//!
//! Invariant: where a step is foreseen rather than found, the values up to it are those of another record that had the
//! step. What a list or map holds is foreseen while it is open; when it ends elsewhere than that of the other one did,
//! whoever fills the record goes back ([`Record::go_back`]) and has it followed.

use super::{Kind, NameHash, Node, Open, Record, large, small};

/// How far a record was followed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trail {
    pub(super) step: u32,
    /// How many of its values, itself included.
    pub(super) places: u32,
    /// Whether a name of them has a space.
    pub(super) is_spaced: bool,
}

/// A step that a record probably takes next.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    pub(super) step: u32,
    pub(super) extent: u32,
    pub(super) is_spaced: bool,
}

/// How far a record was followed, for those that have the same names, lists and maps behind the same step.
#[derive(Debug, Clone, Copy)]
pub struct Followed(pub(super) Trail);

/// The step before the first value of most records.
pub(super) const ROOT: u32 = 0;

/// How many such steps there are: more than most records hold texts that are records themselves.
pub(super) const ROOTS: u32 = 256;

/// The step of a record that has no layout.
pub(super) const LOST: u32 = u32::MAX;

impl Trail {
    pub(super) const START: Self = Self {
        step: ROOT,
        places: 1,
        is_spaced: false,
    };
}

/// What of a value is part of a layout beside its name: how many values it is, and in the lowest bits whether it holds
/// others, and how.
#[inline]
pub(super) fn extent(node: &Node, place: u32) -> u32 {
    ((node.end - place) << 2) | form(node)
}

/// Whether a value holds others, and how.
#[inline]
fn form(node: &Node) -> u32 {
    match node.kind {
        Kind::Null | Kind::False | Kind::True | Kind::Number | Kind::Text => 0,
        Kind::List => 1,
        Kind::Map => 2,
    }
}

impl Mark {
    /// How many values a record has when a list or map that was opened as foreseen is closed as foreseen.
    #[inline]
    pub fn places_after(self, Open(at): &Open) -> usize {
        large(at + (self.extent >> 2))
    }
}

impl Record {
    /// How far it was followed so far.
    #[inline]
    pub fn followed(&self) -> Followed {
        Followed(self.trail)
    }

    /// Has an empty record followed apart from most others whose text stands under another name: texts that stand side by
    /// side differ, and each is like that of the record before.
    #[inline]
    pub fn follow_apart(&mut self, name: NameHash) {
        if self.trail.places == 1 {
            self.trail.step = u32::from(name.number()) % ROOTS;
        }
    }

    /// Whether it was followed over all its values.
    #[inline]
    pub fn is_followed(&self) -> bool {
        large(self.trail.places) == self.nodes.len()
    }

    /// Takes back what was foreseen since then.
    #[inline]
    pub fn go_back(&mut self, Followed(trail): Followed) {
        self.trail = trail;
    }

    /// Says that it was followed as far as another one that had the same step and was given values of the same names,
    /// lists and maps since then, by layouts that forgot nothing meanwhile.
    #[inline]
    pub fn follow_as(&mut self, Followed(trail): Followed) {
        if large(trail.places) == self.nodes.len() {
            self.trail = trail;
        }
    }

    /// Notes that the value put or opened last has the name that was likely; whether it is, or will be if it is open,
    /// what was foreseen.
    #[inline]
    pub fn took(&mut self, mark: Mark) -> bool {
        let form = self.nodes.last().map(form);
        let places = small(self.nodes.len());
        let fits = form == Some(mark.extent & 3) && places == self.trail.places + 1;
        if fits {
            self.trail = Trail {
                step: mark.step,
                places,
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
        let known = self.is_followed() && !self.trail.is_spaced;
        !known
            && self
                .root()
                .children()
                .any(|field| field.key().contains(' '))
    }
}
