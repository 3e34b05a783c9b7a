//! Every path that a page names exists.

use crate::{Fault, Repo};

/// Folders at the root; a path in backticks is taken for one of the project if it begins so.
const ROOMS: [&str; 11] = [
    "core/",
    "edge/",
    "app/",
    "tools/",
    "content/",
    "docs/",
    "examples/",
    "fuzz/",
    "bench/",
    ".ci/",
    ".config/",
];

/// Paths that pages and source comments name and that are not there.
///
/// # Errors
/// When a file cannot be read.
pub fn paths_that_do_not_exist(repo: &Repo) -> Result<Vec<String>, Fault> {
    let mut found = Vec::new();
    for file in repo.files()? {
        let text = match file.rsplit_once('.') {
            Some((_, "md")) => prose(&repo.text(&file)?),
            Some((_, "rs")) => comments(&repo.text(&file)?),
            _ => continue,
        };
        let missing = |path: &String| !exists(repo, &file, path);
        let paths = in_backticks(&text).chain(links(&text));
        found.extend(
            paths
                .filter(missing)
                .map(|path| format!("{file} names `{path}`")),
        );
    }
    Ok(found)
}

/// A page without its fenced code.
fn prose(text: &str) -> String {
    let mut fenced = false;
    let mut out = String::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// A source file's comments.
fn comments(text: &str) -> String {
    let lines = text
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

fn in_backticks(text: &str) -> impl Iterator<Item = String> {
    let spans = text
        .lines()
        .flat_map(|line| line.split('`').skip(1).step_by(2));
    spans
        .filter(|span| ROOMS.iter().any(|room| span.starts_with(room)))
        .map(str::to_owned)
}

/// Targets of links that stay within the project.
fn links(text: &str) -> impl Iterator<Item = String> {
    let targets = text
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    let inside = |target: &&str| !target.contains("://") && !target.starts_with(['#', '<']);
    targets.filter(inside).map(str::to_owned)
}

/// Whether a path is there, seen from the root or from the page. Of a pattern, the part before its
/// first wildcard or placeholder counts.
fn exists(repo: &Repo, page: &str, path: &str) -> bool {
    let path = path.split(['#', ':', ' ']).next().unwrap_or(path);
    let fixed = path.split(['*', '<', '{', '…']).next().unwrap_or(path);
    let fixed = if fixed.len() < path.len() {
        fixed.rsplit_once('/').map_or("", |(folder, _)| folder)
    } else {
        fixed
    };
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    repo.path(fixed).exists() || repo.path(folder).join(fixed).exists()
}

#[cfg(test)]
mod tests {
    use super::{in_backticks, links, prose};

    #[test]
    fn paths_are_found_in_backticks_and_links_but_not_in_code() {
        let page = "See `core/text/src/lib.rs` and [this](a.md#x) and [that](https://x.y/z).\n\
                    ```\n`core/nowhere`\n```\nAnd `not/ours`.";
        let text = prose(page);
        assert_eq!(
            in_backticks(&text).collect::<Vec<_>>(),
            ["core/text/src/lib.rs"]
        );
        assert_eq!(links(&text).collect::<Vec<_>>(), ["a.md#x"]);
    }
}
