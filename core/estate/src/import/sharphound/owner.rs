//! Access lists, and what owning an object is worth.
//!
//! The owner of an object may change its access list, unless the list says what OWNER RIGHTS
//! (`S-1-3-4`) may do: then that is all. Rights of OWNER RIGHTS that are not inherited go when the owner
//! changes. Whether a domain takes rights from owners altogether is asked later, of the domain.

use crate::import::inventory::{Inventory, Ix};

use super::{kind_of_word, right_of, shape::Ace};

/// Adds the rights on an object.
pub(super) fn rights<'a>(inventory: &mut Inventory, ix: Ix, aces: impl Iterator<Item = &'a Ace>) {
    let mut owner = None;
    let mut takers = Vec::new();
    let (mut limited, mut limited_after) = (false, false);
    for ace in aces {
        let (Some(principal), Some(right)) = (ace.principal.as_deref(), right_of(ace)) else {
            inventory.note(
                "unclear-right",
                "entries of access lists without holder or right",
                "",
            );
            continue;
        };
        if principal.is_empty() || principal.eq_ignore_ascii_case(inventory.id(ix)) {
            continue;
        }
        let owner_rights = principal.to_uppercase().ends_with("S-1-3-4");
        let holder = if owner_rights { None } else { Some(principal) };
        let holder = holder.map(|principal| {
            let holder = inventory.object(principal);
            let kind = ace.principal_type.as_deref().unwrap_or_default();
            inventory.guess_kind(holder, kind_of_word(kind));
            holder
        });
        match (right, holder) {
            ("Owns" | "OwnsRaw", holder) => owner = holder,
            ("WriteOwner" | "WriteOwnerRaw", Some(holder)) => takers.push(holder),
            (_, None) => {
                limited = true;
                limited_after |= ace.is_inherited == Some(true);
            }
            (right, Some(holder)) => inventory.link(holder, right, ix),
        }
    }
    let (owning, taking) = names(inventory, ix, (limited, limited_after));
    if let (Some(owner), Some(owning)) = (owner, owning) {
        inventory.link(owner, owning, ix);
    }
    if let Some(taking) = taking {
        for taker in takers {
            inventory.link(taker, taking, ix);
        }
    }
}

/// What owning the object, and being able to take its ownership, are called; none if worth nothing.
fn names(
    inventory: &Inventory,
    ix: Ix,
    (limited, limited_after): (bool, bool),
) -> (Option<&'static str>, Option<&'static str>) {
    let mentioned = inventory.flag(ix, "doesanyacegrantownerrights") == Some(true);
    let stays = inventory.flag(ix, "doesanyinheritedacegrantownerrights") == Some(true);
    match (limited, limited_after) {
        (true, true) => (Some("OwnsLimitedRights"), Some("WriteOwnerLimitedRights")),
        (true, false) if stays => (Some("OwnsLimitedRights"), None),
        (true, false) => (Some("OwnsLimitedRights"), Some("WriteOwnerRaw")),
        (false, _) if mentioned && stays => (None, None),
        (false, _) if mentioned => (None, Some("WriteOwnerRaw")),
        (false, _) => (Some("OwnsRaw"), Some("WriteOwnerRaw")),
    }
}
