//! The pages that come with Cordon.

use std::{fs, path::Path, sync::LazyLock};

use cordon_estate::Pages;
use cordon_text::Source;

/// The texts of a folder of the content, by path.
pub(crate) fn sources(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../content")
        .join(folder);
    let entries = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = entries.collect();
    paths.sort();
    let source = |path: &std::path::PathBuf| {
        Source::new(
            path.display().to_string(),
            fs::read_to_string(path).unwrap(),
        )
    };
    paths.iter().map(source).collect()
}

/// The pages of steps, edges and relations, which must be sound.
pub(crate) fn pages() -> &'static Pages {
    &PAGES
}

static PAGES: LazyLock<Pages> = LazyLock::new(|| {
    let (mut pages, report) = Pages::parse(&sources("steps"), &sources("reach"));
    assert_eq!(report.diagnostics, []);
    let report = pages.relations(&sources("relations"));
    assert_eq!(report.diagnostics, []);
    pages
});
