//! What an address is while it is somebody's, and whether a record names them.

use cordon_model::{EntityKind, Evidence};

use super::{Anchor, Directory, Sort, Thing};

impl Directory {
    /// Whether a record names a thing, of names taken notice of.
    pub(crate) fn names(&self, record: &Evidence, thing: Thing) -> bool {
        record.entities.iter().any(|entity| {
            let known = self.spellings.get(&entity.kind);
            let name = known.and_then(|known| known.get(&entity.id));
            name.is_some_and(|name| self.meaning(*name).thing == thing)
        })
    }

    /// What an address is while it is somebody's.
    pub(crate) fn part(&mut self, address: &str, whose: &str) -> Thing {
        let key = format!("{address} of {whose}");
        self.thing(Anchor::Name(EntityKind::Address, Sort::Qualified, key))
    }
}
