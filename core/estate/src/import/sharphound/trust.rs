//! Trusts between domains, and what they let an intruder do.

use serde_json::Value;

use crate::import::inventory::{Inventory, Ix};

use super::shape::Trust;

/// Adds a trust that a domain tells of.
pub(super) fn add(inventory: &mut Inventory, domain: Ix, trust: &Trust) {
    let sid = trust.target_domain_sid.as_deref();
    let Some(target) = sid.filter(|sid| !sid.is_empty()) else {
        inventory.note("unclear-trust", "trusts of a domain without an id", "");
        return;
    };
    let target = inventory.object(target);
    inventory.guess_kind(target, "domain");
    if let Some(name) = &trust.target_domain_name {
        inventory.name(target, name);
    }
    let kind = word(
        trust.kind.as_ref(),
        ["ParentChild", "CrossLink", "Forest", "External"],
    );
    let same_forest = ["ParentChild", "TreeRoot", "CrossLink"].contains(&kind.as_str());
    let name = if same_forest {
        "SameForestTrust"
    } else {
        "CrossForestTrust"
    };
    let direction = ["Disabled", "Inbound", "Outbound", "Bidirectional"];
    let direction = word(trust.direction.as_ref(), direction);
    let way = |ways: [&str; 2]| match direction.as_str() {
        "Disabled" => None,
        "Inbound" | "Outbound" | "Bidirectional" => ways.contains(&&*direction).then_some(""),
        "" => Some("which way the trust goes was not collected"),
        _ => Some("which way the trust goes is told by a word that nothing here knows"),
    };
    let mut link = |from: (Ix, &str, Ix), why: &str| match why {
        "" => inventory.link(from.0, from.1, from.2),
        why => inventory.link_unknown(from, why),
    };
    if let Some(why) = way(["Inbound", "Bidirectional"]) {
        link((target, name, domain), why);
        let missing = "whether the trust passes on tickets of its own was not collected";
        let abused = abused(trust.tgt_delegation_enabled, missing, why);
        if let Some(why) = abused.filter(|_| !same_forest) {
            link((target, "AbuseTGTDelegation", domain), why);
        }
    }
    if let Some(why) = way(["Outbound", "Bidirectional"]) {
        link((domain, name, target), why);
        let open = trust.sid_filtering_enabled.map(|filtered| !filtered);
        let missing = "whether the trust filters former identities was not collected";
        let abused = abused(open, missing, why);
        if let Some(why) = abused.filter(|_| !same_forest) {
            link((target, "SpoofSIDHistory", domain), why);
        }
    }
}

/// Why it is not known that a trust can be abused, nothing if it is; none if it cannot.
fn abused<'w>(open: Option<bool>, missing: &'w str, way: &'w str) -> Option<&'w str> {
    match open {
        Some(true) => Some(way),
        Some(false) => None,
        None => Some(missing),
    }
}

/// A word, or the one that its number stands for.
fn word(value: Option<&Value>, words: [&str; 4]) -> String {
    match value {
        Some(Value::String(word)) => word.clone(),
        Some(Value::Number(number)) => {
            let place = number.as_u64().and_then(|n| usize::try_from(n).ok());
            let word = place.and_then(|n| words.get(n));
            word.map_or_else(String::new, |w| (*w).to_owned())
        }
        Some(_) | None => String::new(),
    }
}
