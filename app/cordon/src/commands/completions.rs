//! `cordon completions`: a completion script for a shell.

use clap::CommandFactory as _;
use clap_complete::{Shell, generate};

use crate::{Failure, console::Console, typed::Cli};

/// Prints the script.
///
/// # Errors
/// When standard output cannot be written.
pub(crate) fn run(shell: Shell, console: &mut Console) -> Result<(), Failure> {
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "cordon", &mut script);
    console.result(&String::from_utf8_lossy(&script))
}
