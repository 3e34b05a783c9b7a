//! The rules and field maps of the repository.

use std::{fs, io, path::Path};

use cordon_text::Source;

use crate::Texts;

/// Reads the rules, field maps and what is known of them under a `content` folder, in the order of their paths.
///
/// # Errors
/// When a file or folder cannot be read.
pub fn texts(content: &Path) -> io::Result<Texts> {
    let mut texts = Texts::default();
    collect(
        &content.join("rules"),
        &|name| name == "rule.yml",
        &mut texts.rules,
    )?;
    let is_yaml = |name: &str| name.rsplit_once('.').is_some_and(|(_, end)| end == "yml");
    for (folder, found) in [
        ("fields", &mut texts.fields),
        ("beliefs", &mut texts.beliefs),
        ("actors", &mut texts.actors),
    ] {
        collect(&content.join(folder), &is_yaml, found)?;
    }
    Ok(texts)
}

fn collect(
    folder: &Path,
    wanted: &dyn Fn(&str) -> bool,
    found: &mut Vec<Source>,
) -> io::Result<()> {
    let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(fs::DirEntry::path);
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, wanted, found)?;
        } else if entry.file_name().to_str().is_some_and(wanted) {
            found.push(Source::new(
                path.display().to_string(),
                fs::read_to_string(&path)?,
            ));
        }
    }
    Ok(())
}
