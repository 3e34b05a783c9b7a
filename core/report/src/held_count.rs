//! How many are held, in words: one wording wherever it is told.

use cordon_model::{Estate, Foothold};

use crate::amount;

/// What is likely held, counted: `1 account, 2 systems and 3 entities outside the estate`; empty if
/// nothing is. `outside` is what the estate does not know.
pub fn held_count(estate: &Estate, footholds: &[Foothold], outside: &[String]) -> String {
    let kinds = || {
        footholds
            .iter()
            .map(|held| estate.node(held.node).kind.as_str())
    };
    let accounts = kinds().filter(|kind| is_account(kind)).count();
    let groups = kinds().filter(|kind| *kind == "group").count();
    let systems = footholds.len() - accounts - groups;
    let counts = [
        (accounts, "account", "accounts"),
        (groups, "group", "groups"),
        (systems, "system", "systems"),
        (
            outside.len(),
            "entity outside the estate",
            "entities outside the estate",
        ),
    ];
    let counts = counts.into_iter().filter(|(count, _, _)| *count > 0);
    let counts: Vec<String> = counts
        .map(|(n, one, many)| amount::plural(n, one, many))
        .collect();
    match counts.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// Kinds are open words; these are the ones for somebody's or something's identity.
fn is_account(kind: &str) -> bool {
    kind == "user" || kind == "account" || kind.ends_with("-account")
}
