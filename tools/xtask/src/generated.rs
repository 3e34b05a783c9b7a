//! What is generated, and whether it is current.

use std::{env, fs, process::Command};

use cordon_drill::{DEFAULT_SEED, northgate};

use crate::{Fault, Repo, catalogue};

/// Where the content of a generated file comes from.
#[derive(Debug, Clone, Copy)]
enum Origin {
    /// `cordon` prints it, given these arguments.
    Printed(&'static [&'static str]),
    /// It is Northgate's estate, as the default seed makes it.
    Northgate,
    /// It is the catalogue of the built-in rules.
    Catalogue,
}

/// Every generated file.
const GENERATED: [(&str, Origin); 4] = [
    ("docs/reference/cli.md", Origin::Printed(&["reference"])),
    ("docs/reference/rules.md", Origin::Catalogue),
    (
        "docs/reference/attack-layer.json",
        Origin::Printed(&["rules", "coverage", "--format", "json"]),
    ),
    ("examples/northgate/estate.yaml", Origin::Northgate),
];

/// Writes everything that is generated, and says what was written.
///
/// # Errors
/// When the binary cannot be built or run, or a file cannot be written.
pub fn generate(repo: &Repo) -> Result<Vec<String>, Fault> {
    let mut written = Vec::new();
    for (file, origin) in GENERATED {
        let path = repo.path(file);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, content(repo, origin)?)?;
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
    for (file, origin) in GENERATED {
        if repo.text(file).ok() != Some(content(repo, origin)?) {
            found.push(format!(
                "{file} is stale: run `cargo run -p xtask -- generate`"
            ));
        }
    }
    Ok(found)
}

fn content(repo: &Repo, origin: Origin) -> Result<String, Fault> {
    match origin {
        Origin::Printed(arguments) => printed(repo, arguments),
        Origin::Northgate => Ok(northgate(DEFAULT_SEED).estate),
        Origin::Catalogue => catalogue::page(repo),
    }
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
