//! Times in whole seconds, as people write them.

use cordon_text::{Node, Page};

/// A time that a person says in whole seconds.
pub(crate) fn seconds(page: &mut Page<'_>, at: Option<&Node>, ms: &mut u64) {
    let Some(at) = at else { return };
    match at.text().and_then(|text| text.parse::<u64>().ok()) {
        Some(said) if (1..=86_400).contains(&said) => *ms = said * 1000,
        Some(_) | None => {
            let found = at.describe();
            let message = format!("expected whole seconds up to a day, found {found}");
            page.wrong(at.span, message, "write a number, such as `30`");
        }
    }
}
