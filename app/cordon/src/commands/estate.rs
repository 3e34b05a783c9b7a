//! `cordon estate`: looking after what the organisation is known to run.

mod check;
mod import;
mod show;
mod steps;

use crate::{Failure, console::Console, typed};

/// Does what was asked of estates.
///
/// # Errors
/// When a file cannot be read or written, or an estate is wrong.
pub(crate) fn run(asked: &typed::Estate, console: &mut Console) -> Result<(), Failure> {
    match asked {
        typed::Estate::Check(files) => check::run(&files.all(), console),
        typed::Estate::Import(asked) => import::run(asked, console),
        typed::Estate::Show(asked) => show::run(asked, console),
        typed::Estate::Steps(asked) => steps::run(asked, console),
    }
}
