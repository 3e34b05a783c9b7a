//! `cordon run confirm`: a person says that what they were asked for was done, or taken back.

use std::path::Path;

use cordon_act::{MANUAL, Phase, State};
use cordon_effect::{Confirmation, Manual};

use crate::{Failure, failure::Problems, run_folder};

/// Writes a confirmation of what the run asks for now.
///
/// # Errors
/// When the run has no such target for a person, or did not ask for that, or the world fails.
pub(crate) fn confirm(
    run: &Path,
    target: &str,
    (what, by): (Confirmation, &str),
) -> Result<(), Failure> {
    let found = run_folder::open(run, &[])?;
    asked_for(&found.state, target, what)?;
    let folder = run_folder::confirmations(run);
    let manual = Manual::new(&folder);
    manual
        .confirm(target, what, by)
        .map_err(|cause| Failure::write(folder, cause))
}

fn asked_for(state: &State, target: &str, what: Confirmation) -> Result<(), Failure> {
    let by_hand = || {
        let pairs = state.opened.effects.iter().zip(&state.effects);
        pairs.filter(|(effect, _)| effect.connector == MANUAL)
    };
    let mut phases = by_hand().filter(|(effect, _)| effect.target == target);
    let Some((_, progress)) = phases.next() else {
        let known: Vec<&str> = by_hand()
            .map(|(effect, _)| effect.target.as_str())
            .collect();
        let message = format!("the run asks no person for `{target}`");
        let help = match known.as_slice() {
            [] => "everything in it is carried out by connectors".to_owned(),
            known => format!("it asks for `{}`", known.join("`, `")),
        };
        return Err(Failure::Input(Problems::of_arguments(
            "TARGET", &message, &help,
        )));
    };
    let wanted = match what {
        Confirmation::Done => Phase::Doing,
        Confirmation::Undone => Phase::Undoing,
    };
    if progress.phase == wanted {
        return Ok(());
    }
    Err(Failure::No(format!(
        "`{target}` is {}: nobody is asked for that now",
        progress.phase.words()
    )))
}
