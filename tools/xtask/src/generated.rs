//! What is generated, and whether it is current.

use std::{env, fs, process::Command};

use crate::{Fault, Repo};

/// A file and the arguments of `cordon` that print it.
const GENERATED: [(&str, &[&str]); 1] = [("docs/reference/cli.md", &["reference"])];

/// Writes everything that is generated, and says what was written.
///
/// # Errors
/// When the binary cannot be built or run, or a file cannot be written.
pub fn generate(repo: &Repo) -> Result<Vec<String>, Fault> {
    let mut written = Vec::new();
    for (file, arguments) in GENERATED {
        let path = repo.path(file);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, printed(repo, arguments)?)?;
        written.push(format!("wrote {file}"));
    }
    Ok(written)
}

/// Generated files that are not what would be generated now.
///
/// # Errors
/// When the binary cannot be built or run.
pub fn stale(repo: &Repo) -> Result<Vec<String>, Fault> {
    let mut found = Vec::new();
    for (file, arguments) in GENERATED {
        if repo.text(file).ok() != Some(printed(repo, arguments)?) {
            found.push(format!(
                "{file} is stale: run `cargo run -p xtask -- generate`"
            ));
        }
    }
    Ok(found)
}

/// What the project's own binary prints.
fn printed(repo: &Repo, arguments: &[&str]) -> Result<String, Fault> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["run", "--quiet", "--package", "cordon", "--"])
        .args(arguments)
        .current_dir(repo.path(""))
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?)
}
