//! What a record can be for all that its names say, once for all records that have the same.
//!
//! Whose a record is, most recognisers ask some names for, which repeat from record to record. So each says by names
//! alone whether it can be one of its own, and is asked for the rest of those only that can; what it then looks at in
//! values, it looks at in every record. To add a recogniser, add a row to [`ASKED`].

use cordon_model::{Layouts, Learned, Record};

use super::{
    carrier, ecs, exports, field,
    further::{self, Further, Gained},
    google, microsoft, ocsf,
    recipe::Read,
    servicenow, signs,
    signs::Signs,
    spelling::{self, Spelling},
};
use crate::{envelope, syslog, windows};

/// What was learned of the names of records. Nothing of it shows in an event.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(crate) layouts: Layouts,
    known: Learned<Known>,
    /// How many recipes are known.
    recipes: usize,
}

/// Most recipes that are known at a time.
const RECIPES_MAX: usize = 4_096;

/// What is known of all records that have the same names.
#[derive(Debug, Default)]
struct Known {
    looks: Option<Looks>,
    /// Where the names of some lists stand, those that are there.
    found: Vec<(&'static [&'static str], Box<[u32]>)>,
    gained: Vec<Gained>,
}

/// What a record can be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Looks {
    /// A bit for each row.
    asked: u16,
    pub(super) signs: Signs,
    pub(super) spelling: Option<&'static Spelling>,
    /// The number of the export of which it is a row.
    pub(super) export: Option<usize>,
}

/// What its names may make of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    Envelope,
    Carrier,
    Windows,
    Export,
    ServiceNow,
    Ocsf,
    Microsoft,
    Google,
    Ecs,
    Shipped,
}

/// How names are asked.
type MayBe = fn(&Record) -> bool;

const ASKED: [(Asked, MayBe); 10] = [
    (Asked::Envelope, envelope::may_be_named_so),
    (Asked::Carrier, carrier::may_carry),
    (Asked::Windows, windows::may_be_one),
    (Asked::Export, exports::is_one),
    (Asked::ServiceNow, servicenow::may_be_one),
    (Asked::Ocsf, ocsf::may_be_one),
    (Asked::Microsoft, microsoft::may_be_one),
    (Asked::Google, google::may_be_one),
    (Asked::Ecs, ecs::may_be_one),
    (Asked::Shipped, syslog::may_be_shipped),
];

impl Looks {
    fn of(record: &Record) -> Self {
        let fits = |(asked, may_be): &(Asked, MayBe)| if may_be(record) { asked.bit() } else { 0 };
        Self {
            asked: ASKED.iter().map(fits).fold(0, |all, bit| all | bit),
            signs: signs::by_names(record),
            spelling: spelling::of(record),
            export: exports::of(record),
        }
    }

    /// Whether names allow this.
    pub(crate) fn allow(self, asked: Asked) -> bool {
        self.asked & asked.bit() != 0
    }
}

impl Asked {
    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

impl Names {
    fn of(&mut self, record: &mut Record) -> &mut Known {
        self.known
            .of((&mut self.layouts, record), |_| Known::default())
    }

    /// What a record can be.
    pub(crate) fn looks(&mut self, record: &mut Record) -> Looks {
        let known = self.of(record);
        *known.looks.get_or_insert_with(|| Looks::of(record))
    }

    /// Gives values of a record further names.
    pub(super) fn give(&mut self, record: &mut Record, further: Further) {
        self.give_reading(record, further, &mut Record::put_place);
    }

    /// The same, where texts are read in some way.
    pub(super) fn give_reading(&mut self, record: &mut Record, further: Further, read: Read<'_>) {
        if self.recipes >= RECIPES_MAX {
            (self.known, self.recipes) = (Learned::default(), 0);
        }
        let layouts = &mut self.layouts;
        let known = self.known.of((layouts, record), |_| Known::default());
        if further::give((layouts, record), &mut known.gained, (further, read)) {
            self.recipes += 1;
        }
    }

    /// Where fields of a list of names stand, in its order, dots reaching into objects; those that are there.
    pub(super) fn places(&mut self, record: &mut Record, names: &'static [&'static str]) -> &[u32] {
        let known = self.of(record);
        let is_it = |found: &(&'static [&'static str], _)| std::ptr::eq(found.0, names);
        let at = known.found.iter().position(is_it).unwrap_or_else(|| {
            let places = names.iter().filter_map(|name| field(record, name));
            let places = places.map(cordon_model::Item::place).collect();
            known.found.push((names, places));
            known.found.len() - 1
        });
        known.found.get(at).map_or(&[], |(_, places)| places)
    }
}

#[cfg(test)]
mod tests;
