//! The content that ships inside the binary: rules, and what is known of fields, steps, edges and
//! ATT&CK's ids.
//!
//! Files are given in the order of their paths, so that nothing depends on how they were embedded.

use cordon_estate::Pages;
use cordon_text::Source;
use include_dir::{Dir, include_dir};

static CONTENT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../content");

/// Built-in detection rules.
pub(crate) fn rules() -> Vec<Source> {
    texts("rules", |name| name == "rule.yml")
}

/// Pages that say which field of which log names whom.
pub(crate) fn fields() -> Vec<Source> {
    texts("fields", is_yaml)
}

/// Pipelines for logs that differ from what rules expect.
pub(crate) fn pipelines() -> Vec<Source> {
    texts("pipelines", is_yaml)
}

/// Definitions of HTTP connectors.
pub(crate) fn connectors() -> Vec<Source> {
    texts("connectors", is_yaml)
}

/// Pages that describe kinds of steps.
fn steps() -> Vec<Source> {
    texts("steps", is_yaml)
}

/// Pages that describe kinds of attack edges.
fn reach() -> Vec<Source> {
    texts("reach", is_yaml)
}

/// What is known of each kind of step and attack edge.
pub(crate) fn pages() -> Pages {
    let (mut pages, _our_own_pages_are_tested) = Pages::parse(&steps(), &reach());
    let _they_too = pages.relations(&texts("relations", is_yaml));
    pages
}

/// How often rules fire on ordinary days.
pub(crate) fn beliefs() -> Vec<Source> {
    texts("beliefs", is_yaml)
}

/// Profiles of known intruders.
pub(crate) fn actors() -> Vec<Source> {
    texts("actors", is_yaml)
}

/// Which ids of ATT&CK changed between its versions.
pub(crate) fn attack_changes() -> Source {
    let mut pages = texts("attack", is_yaml);
    let Some(page) = pages.pop() else {
        unreachable!("the page of changes is part of the content");
    };
    page
}

fn is_yaml(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, extension)| extension == "yml")
}

/// The texts under a folder of the content whose file name is wanted.
fn texts(folder: &str, wanted: impl Fn(&str) -> bool) -> Vec<Source> {
    let mut found = Vec::new();
    let mut open: Vec<&Dir<'_>> = CONTENT.get_dir(folder).into_iter().collect();
    while let Some(dir) = open.pop() {
        open.extend(dir.dirs());
        for file in dir.files() {
            let name = file
                .path()
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            if let Some(text) = file.contents_utf8().filter(|_| wanted(name)) {
                found.push(Source::new(
                    format!("built-in:{}", file.path().display()),
                    text,
                ));
            }
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

#[cfg(test)]
mod tests {
    use cordon_estate::Pages;

    #[test]
    fn every_built_in_page_can_be_read() {
        let (mut pages, report) = Pages::parse(&super::steps(), &super::reach());
        assert_eq!(report.diagnostics, []);
        let report = pages.relations(&super::texts("relations", super::is_yaml));
        assert_eq!(report.diagnostics, []);
    }
}
