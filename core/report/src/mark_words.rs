//! An analyst's word in words: one wording wherever it is told.

use cordon_incident::{Mark, Says};

use crate::visible::clipped;

/// Longest reason shown, in characters.
const WHY_CHARS_MAX: usize = 300;

/// Longest name shown, in characters.
const BY_CHARS_MAX: usize = 80;

/// Such as `cleared by s.osei at 2026-05-23T18:40:00Z: called them back`.
pub fn mark_words(mark: &Mark) -> String {
    let says = match mark.says {
        Says::Held(confidence) => format!("held, {} % sure,", confidence.percent()),
        Says::Cleared => "cleared".to_owned(),
    };
    let at = mark.at.map_or_else(String::new, |at| format!(" at {at}"));
    let (by, why) = (
        clipped(&mark.by, BY_CHARS_MAX),
        clipped(&mark.why, WHY_CHARS_MAX),
    );
    format!("{says} by {by}{at}: {why}")
}
