//! Which group policies apply to whom, and who could make one apply.
//!
//! Policies are linked to domains and units and go down to what lies in them, past units that block
//! inheritance only if their link is enforced. Where it was not collected whether a unit blocks, what it
//! would hold back is taken to apply, with the reason.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    facts::of_kind,
    index::Index,
    inventory::{Inventory, Ix},
};

/// Rights on a domain or unit that suffice to link a policy to it.
const LINKERS: [&str; 8] = [
    "WriteGPLink",
    "GenericWrite",
    "GenericAll",
    "WriteDacl",
    "Owns",
    "OwnsRaw",
    "WriteOwner",
    "WriteOwnerRaw",
];

/// Policies or people, each with the reason why it is not known that they count here.
type Reaching = BTreeMap<Ix, Option<String>>;

/// What comes down from above.
#[derive(Clone, Default)]
struct Above {
    linked: Reaching,
    enforced: Reaching,
    linkers: BTreeSet<Ix>,
}

struct Tree<'i> {
    inventory: &'i Inventory,
    contains: Index,
    links: Index,
    enforced: Index,
    rights: Index,
    /// Containers that were gone into: each has one place, and a circle ends.
    seen: BTreeSet<Ix>,
    applies: BTreeMap<(Ix, Ix), Option<String>>,
    may_apply: BTreeSet<(Ix, Ix)>,
}

/// Adds both.
pub(super) fn add(inventory: &mut Inventory) {
    let rels = LINKERS.map(|name| inventory.rel(name));
    let [contains, links, enforced] =
        ["Contains", "GPLink", "GPLinkEnforced"].map(|name| inventory.rel(name));
    let mut tree = Tree {
        contains: Index::new(&inventory.links, &[contains]),
        links: Index::new(&inventory.links, &[links]),
        enforced: Index::new(&inventory.links, &[enforced]),
        rights: Index::new(&inventory.links, &rels),
        inventory,
        seen: BTreeSet::new(),
        applies: BTreeMap::new(),
        may_apply: BTreeSet::new(),
    };
    for domain in of_kind(tree.inventory, "domain") {
        tree.descend(domain, Above::default());
    }
    let (applies, may_apply) = (tree.applies, tree.may_apply);
    for ((policy, to), why) in applies {
        match why {
            None => inventory.link(policy, "GPOAppliesTo", to),
            Some(why) => inventory.link_unknown((policy, "GPOAppliesTo", to), &why),
        }
    }
    for (from, to) in may_apply {
        inventory.link(from, "CanApplyGPO", to);
    }
}

impl Tree<'_> {
    fn descend(&mut self, at: Ix, above: Above) {
        if !self.seen.insert(at) {
            return;
        }
        let here = self.here(at, above);
        let children: Vec<Ix> = self.contains.out(at).iter().map(|(to, _)| *to).collect();
        for child in children {
            match self.inventory.kind(child) {
                "user" | "computer" => self.reach(child, &here),
                "ou" | "container" => self.descend(child, here.clone()),
                _ => {}
            }
        }
    }

    /// What counts in a domain, unit or container, given what counts above it.
    fn here(&self, at: Ix, above: Above) -> Above {
        let kind = self.inventory.kind(at);
        if !matches!(kind, "domain" | "ou") {
            return above;
        }
        let blocks = match kind {
            "ou" => self.inventory.flag(at, "blocksinheritance"),
            _ => Some(false),
        };
        let mut linked = match blocks {
            Some(true) => above.enforced.clone(),
            Some(false) => above.linked,
            None => self.doubted(at, above.linked, &above.enforced),
        };
        let own = |index: &Index| -> Vec<Ix> { index.back(at).iter().map(|(p, _)| *p).collect() };
        linked.extend(own(&self.links).into_iter().map(|policy| (policy, None)));
        let mut enforced = above.enforced;
        enforced.extend(own(&self.enforced).into_iter().map(|policy| (policy, None)));
        let mut linkers = above.linkers;
        let people = |ix: &Ix| matches!(self.inventory.kind(*ix), "user" | "group" | "computer");
        linkers.extend(own(&self.rights).into_iter().filter(people));
        Above {
            linked,
            enforced,
            linkers,
        }
    }

    /// Policies that a unit holds back if it blocks inheritance, which is not known.
    fn doubted(&self, unit: Ix, linked: Reaching, enforced: &Reaching) -> Reaching {
        let name = self.inventory.shown(unit);
        let why = format!("`blocksinheritance` of {name} is not known");
        let held = |(policy, doubt): (Ix, Option<String>)| match enforced.get(&policy) {
            Some(None) => (policy, None),
            Some(Some(_)) | None => (policy, doubt.or_else(|| Some(why.clone()))),
        };
        linked.into_iter().map(held).collect()
    }

    fn reach(&mut self, child: Ix, here: &Above) {
        for (policy, why) in &here.linked {
            let known = self.applies.entry((*policy, child));
            let known = known.or_insert_with(|| why.clone());
            if why.is_none() {
                *known = None;
            }
        }
        let pairs = here.linkers.iter().map(|from| (*from, child));
        self.may_apply.extend(pairs);
    }
}
