//! What is generated, and whether it is current.

use std::{env, fs, process::Command};

use cordon_drill::{DEFAULT_SEED, northgate};
use cordon_effect::Definition;
use cordon_text::Source;

use crate::{Fault, Repo, catalogue};

/// Where the content of a generated file comes from.
#[derive(Debug, Clone)]
enum Origin {
    /// `cordon` prints it, given these arguments.
    Printed(&'static [&'static str]),
    /// It is Northgate's estate, as the default seed makes it.
    Northgate,
    /// It is the catalogue of the built-in rules.
    Catalogue,
    /// It is the page of a connector's definition.
    Connector(String),
}

/// Generated files whose names are known.
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
    for (file, origin) in generated(repo)? {
        let path = repo.path(&file);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, content(repo, &origin)?)?;
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
    for (file, origin) in generated(repo)? {
        if repo.text(&file).ok() != Some(content(repo, &origin)?) {
            found.push(format!(
                "{file} is stale: run `cargo run -p xtask -- generate`"
            ));
        }
    }
    Ok(found)
}

fn content(repo: &Repo, origin: &Origin) -> Result<String, Fault> {
    match origin {
        Origin::Printed(arguments) => printed(repo, arguments),
        Origin::Northgate => Ok(northgate(DEFAULT_SEED).estate),
        Origin::Catalogue => catalogue::page(repo),
        Origin::Connector(file) => connector(repo, file),
    }
}

/// Every generated file.
fn generated(repo: &Repo) -> Result<Vec<(String, Origin)>, Fault> {
    let known = GENERATED.into_iter();
    let mut all: Vec<_> = known
        .map(|(file, origin)| (file.to_owned(), origin))
        .collect();
    for definition in repo.files_ending(".yml")? {
        let inside = definition.strip_prefix("content/connectors/");
        if let Some(name) = inside.and_then(|file| file.strip_suffix(".yml")) {
            let page = format!("docs/reference/connectors/{name}.md");
            all.push((page, Origin::Connector(definition)));
        }
    }
    Ok(all)
}

/// The page of a connector.
fn connector(repo: &Repo, file: &str) -> Result<String, Fault> {
    let source = Source::new(file, repo.text(file)?);
    let definition = Definition::parse(&source);
    let definition = definition.map_err(|_report| format!("{file} is no definition"))?;
    let written = "<!-- Written by `cargo run -p xtask -- generate`. -->";
    Ok(format!("{written}\n\n{}", definition.page()))
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
