//! What was left out or is doubtful: how often, and where.

use super::Inventory;

/// How often something was noted, and once where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Note {
    /// How often.
    pub count: u64,
    /// One of them.
    pub example: String,
    /// Where, each with its reason, up to [`PLACES_MAX`]; only of what could not be read and of keys that our own
    /// form does not have.
    pub places: Vec<String>,
}

/// Places kept of one kind of thing that could not be read: whoever has more wants to see these first.
pub const PLACES_MAX: usize = 1_000;

impl Inventory {
    /// Counts what was left out or is doubtful.
    pub(in crate::import) fn note(&mut self, code: &'static str, what: &str, example: &str) {
        self.note_many(code, what, (1, example));
    }

    /// Counts what could not be read, and keeps where and why.
    pub(in crate::import) fn unreadable(&mut self, what: &str, told: (&str, &str, &str)) {
        self.note_at(("unreadable", what), told);
    }

    /// Counts something, and keeps where and why.
    pub(in crate::import) fn note_at(
        &mut self,
        (code, what): (&'static str, &str),
        (name, place, why): (&str, &str, &str),
    ) {
        let told = format!("{name}:{place}: {why}");
        self.note(code, what, &told);
        let note = self.notes.entry((code, what.to_owned())).or_default();
        if note.places.len() < PLACES_MAX {
            note.places.push(told);
        }
    }

    pub(in crate::import) fn note_many(
        &mut self,
        code: &'static str,
        what: &str,
        (n, example): (u64, &str),
    ) {
        let note = self.notes.entry((code, what.to_owned())).or_default();
        note.count += n;
        if note.example.is_empty() {
            example.clone_into(&mut note.example);
        }
    }
}
