//! The arrows between rooms: drawn in `ARCHITECTURE.md`, declared in manifests, used in sources.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    process::Command,
};

use serde_json::Value;

use crate::{Fault, Repo};

/// A room and the rooms it needs.
type Arrows = BTreeMap<String, BTreeSet<String>>;

/// One crate of the workspace.
struct Room {
    name: String,
    /// Its folder from the root, such as `core/plan`.
    folder: String,
    needs: BTreeSet<String>,
}

/// Differences between the arrows drawn and the arrows declared.
///
/// # Errors
/// When the page cannot be read or cargo cannot be asked.
pub fn arrows_differ(repo: &Repo) -> Result<Vec<String>, Fault> {
    let drawn = drawn(&repo.text("ARCHITECTURE.md")?)?;
    let declared: Arrows = rooms(repo)?
        .into_iter()
        .filter(|room| !room.folder.starts_with("tools/"))
        .map(|room| (room.name, room.needs))
        .collect();
    let names: BTreeSet<&String> = drawn.keys().chain(declared.keys()).collect();
    let show = |arrows: &Arrows, name: &String| match arrows.get(name) {
        Some(needs) => needs
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(" "),
        None => "(no such room)".to_owned(),
    };
    Ok(names
        .into_iter()
        .filter(|name| drawn.get(*name) != declared.get(*name))
        .map(|name| {
            let (drawn, declared) = (show(&drawn, name), show(&declared, name));
            format!("{name}: drawn `{drawn}`, declared `{declared}`")
        })
        .collect())
}

/// Arrows that go against the order: core on edge or app, edge on edge or app, any on tools.
///
/// # Errors
/// When cargo cannot be asked.
pub fn arrows_against_the_order(repo: &Repo) -> Result<Vec<String>, Fault> {
    let rooms = rooms(repo)?;
    let wing = |folder: &str| folder.split('/').next().unwrap_or_default().to_owned();
    let wings: BTreeMap<&str, String> = rooms
        .iter()
        .map(|room| (room.name.as_str(), wing(&room.folder)))
        .collect();
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("core", ["core"].as_slice()),
        ("edge", ["core"].as_slice()),
        ("app", ["core", "edge", "app"].as_slice()),
        ("tools", ["core", "edge", "tools"].as_slice()),
    ]);
    let mut found = Vec::new();
    for room in &rooms {
        let from = wing(&room.folder);
        for need in &room.needs {
            let to = wings.get(need.as_str()).map_or("", String::as_str);
            if !allowed
                .get(from.as_str())
                .is_some_and(|wings| wings.contains(&to))
            {
                found.push(format!("{} ({from}) needs {need} ({to})", room.name));
            }
        }
    }
    Ok(found)
}

/// Arrows that are declared, and no source line uses.
///
/// # Errors
/// When a file cannot be read or cargo cannot be asked.
pub fn arrows_nobody_uses(repo: &Repo) -> Result<Vec<String>, Fault> {
    let files = repo.files_ending(".rs")?;
    let mut found = Vec::new();
    for room in rooms(repo)? {
        let inside = format!("{}/", room.folder);
        let mut text = String::new();
        for file in files.iter().filter(|file| file.starts_with(&inside)) {
            text.push_str(&repo.text(file)?);
        }
        let unused = |need: &&String| !text.contains(&need.replace('-', "_"));
        found.extend(
            room.needs
                .iter()
                .filter(unused)
                .map(|need| format!("{} declares {need}, and no line uses it", room.name)),
        );
    }
    Ok(found)
}

/// The arrows of the page's `rooms` block.
fn drawn(page: &str) -> Result<Arrows, Fault> {
    let block = page
        .split("```rooms\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    let block = block.ok_or("ARCHITECTURE.md has no block ```rooms")?;
    let mut arrows = Arrows::new();
    for line in block.lines().filter(|line| !line.trim().is_empty()) {
        let (room, needs) = line
            .split_once("<-")
            .ok_or_else(|| format!("no arrow in `{line}`"))?;
        let needs = needs.split_whitespace().map(str::to_owned).collect();
        arrows.insert(room.trim().to_owned(), needs);
    }
    Ok(arrows)
}

/// The crates of the workspace with the crates of it that they need outside tests.
fn rooms(repo: &Repo) -> Result<Vec<Room>, Fault> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
            "--offline",
        ])
        .current_dir(repo.path(""))
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let root = text(&metadata, "workspace_root").to_owned();
    let packages = list(&metadata, "packages");
    Ok(packages
        .iter()
        .map(|package| room(package, &root))
        .collect())
}

fn room(package: &Value, root: &str) -> Room {
    let manifest = text(package, "manifest_path");
    let folder = manifest
        .strip_prefix(root)
        .unwrap_or(manifest)
        .trim_start_matches(['/', '\\']);
    let folder = folder.trim_end_matches("Cargo.toml").replace('\\', "/");
    let normal = |d: &&Value| d.get("kind").is_none_or(Value::is_null);
    let ours = |d: &&Value| d.get("path").is_some_and(Value::is_string);
    let needs = list(package, "dependencies")
        .iter()
        .filter(normal)
        .filter(ours);
    Room {
        name: text(package, "name").to_owned(),
        folder: folder.trim_end_matches('/').to_owned(),
        needs: needs.map(|d| text(d, "name").to_owned()).collect(),
    }
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::drawn;

    #[test]
    fn arrows_are_read_from_the_page() {
        let arrows = drawn("x\n```rooms\na <-\nb   <- a c\n```\n").unwrap();
        assert!(arrows["a"].is_empty());
        assert_eq!(arrows["b"].iter().collect::<Vec<_>>(), ["a", "c"]);
        assert!(drawn("no block").is_err());
    }
}
