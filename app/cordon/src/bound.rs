//! What a run stays bound to after it was opened: its executor, and the connectors that were approved.
//!
//! Asked before anything is written, so that whoever may not go on leaves the journal to whoever may.

use cordon_act::{Catalogue as _, Digest, Opened, PublicKey};
use cordon_effect::Registry;

use crate::{Failure, console::Console};

/// What is asked of a run that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// To begin what is not begun.
    GoOn,
    /// To begin nothing more.
    Hold,
    /// To take back what was done.
    TakeBack,
}

/// Whether this executor, with these connectors, may do it.
///
/// # Errors
/// When the run is another's, or would go on by connectors that nobody approved.
pub(crate) fn check(
    opened: &Opened,
    (executor, registry): (PublicKey, &Registry),
    wish: Wish,
    console: &Console,
) -> Result<(), Failure> {
    if let Some(only) = opened.executor.filter(|only| *only != executor) {
        return Err(Failure::No(format!(
            "the policy lets only the executor with the key {only} carry this run on or take it back"
        )));
    }
    let others = others(opened, registry);
    if others.is_empty() {
        return Ok(());
    }
    let told = format!(
        "{} not as it was approved: give the connectors of then, or take the run back and plan anew",
        others.join(", ")
    );
    match wish {
        Wish::GoOn => Err(Failure::No(told)),
        Wish::Hold => Ok(()),
        // What was done must be taken back even where the connector had to be changed for that.
        Wish::TakeBack => {
            console.remark(&format!("taken back all the same: {told}"));
            Ok(())
        }
    }
}

/// Connectors that are others than those approved, in words.
fn others(opened: &Opened, registry: &Registry) -> Vec<String> {
    let other = |name: &str, approved: Option<Digest>| {
        let found = registry.get(name).map(|_| registry.digest(name));
        // One that is not there at all is told where it is missed.
        found.is_some_and(|found| found != approved)
    };
    let mut names: Vec<&str> = opened
        .effects
        .iter()
        .map(|e| e.connector.as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    // Runs that were opened before connectors were bound name none.
    names.retain(|name| {
        let approved = opened.connectors.iter().find(|c| c.connector == *name);
        !opened.connectors.is_empty() && other(name, approved.map(|c| c.definition))
    });
    names.iter().map(|name| format!("`{name}` is")).collect()
}
