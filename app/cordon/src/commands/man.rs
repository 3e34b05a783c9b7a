//! `cordon man`: the manual, as pages for `man`.

use std::{fs, path::Path};

use clap::CommandFactory as _;
use clap_mangen::{Man, generate_to};

use crate::{Failure, console::Console, typed::Cli};

/// Prints the main page, or writes a page for each command into a folder.
///
/// # Errors
/// When the pages cannot be written.
pub(crate) fn run(out: Option<&Path>, console: &mut Console) -> Result<(), Failure> {
    let Some(folder) = out else {
        let mut page = Vec::new();
        Man::new(Cli::command())
            .render(&mut page)
            .map_err(|cause| Failure::output(Path::new("standard output"), cause))?;
        return console.result(&String::from_utf8_lossy(&page));
    };
    fs::create_dir_all(folder).map_err(|cause| Failure::write(folder, cause))?;
    generate_to(Cli::command(), folder).map_err(|cause| Failure::write(folder, cause))?;
    console.remark(&format!("wrote the man pages to {}", folder.display()));
    Ok(())
}
