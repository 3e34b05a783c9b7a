//! What a field map says of who has an address.

use cordon_model::{EntityKind, Role};
use cordon_text::{Diagnostic, Fields, Node};

use super::{Naming, Path, Reader};
use crate::entity::lease::{Lending, Says};

/// Hours that an address is given for at most, where neither the record nor the map says.
const HOURS_MAX: u32 = 24;

/// What can have an address.
const KINDS: [EntityKind; 2] = [EntityKind::Account, EntityKind::Host];

impl Reader<'_> {
    pub(super) fn lending(&mut self, node: &Node) -> Option<Lending> {
        let mut keys = Fields::of(self.source, node, "a lease", self.report)?;
        let says = keys.required("says", self.report);
        let [address, kind, field, domain, seconds, hours] =
            ["address", "kind", "field", "domain", "seconds", "hours"].map(|k| keys.optional(k));
        keys.finish(self.report);
        let word = self.one_of(says, "word", &Says::ALL.map(Says::word));
        let said = Says::ALL
            .into_iter()
            .find(|says| Some(says.word()) == word)?;
        let held = kind.is_some() && field.is_some();
        let whole = match said {
            Says::Given | Says::Seen => held && address.is_some(),
            Says::Ended => held || address.is_some(),
        };
        if !whole {
            let message = "expected an `address` and whose it is (`kind`, `field`)".to_owned();
            let problem = Diagnostic::error(self.source, node.span, "missing-key", message);
            self.report.push(problem);
        }
        let kind = self.one_of(kind, "kind", &KINDS.map(EntityKind::word));
        let lending = Lending {
            says: said,
            addresses: self.paths(address),
            holder: kind.and_then(EntityKind::from_word).map(|kind| Naming {
                // An account that ends in `$`, or means the machine itself, is that machine.
                role: Role::Actor,
                kind,
                fields: self.paths(field),
                domain: self.word(domain).map(|field| Path::new(&field)),
                also: Vec::new(),
                after: None,
                siblings: Vec::new(),
                strangers: Vec::new(),
            }),
            seconds: self.word(seconds).map(|field| Path::new(&field)),
            hours_max: self.hours(hours),
        };
        whole.then_some(lending)
    }

    fn hours(&mut self, node: Option<&Node>) -> u32 {
        let Some(node) = node else {
            return HOURS_MAX;
        };
        let hours = node.text().and_then(|text| text.parse().ok());
        hours.unwrap_or_else(|| {
            self.wrong(node, "a number of hours");
            HOURS_MAX
        })
    }
}
