//! Figures as people read them; money is written as everywhere, by `cordon_report::money`.

use cordon_model::{Hours, Minutes};

/// Minutes, or a question mark where they are unknown.
pub(crate) fn minutes(minutes: Option<&Minutes>) -> String {
    minutes.map_or_else(|| "?".to_owned(), Minutes::rounded)
}

/// Hours with their unit.
pub(crate) fn hours(hours: &Hours) -> String {
    format!("{} h", hours.rounded())
}

/// How often, where it is more than once.
pub(crate) fn many(times: usize) -> String {
    if times > 1 {
        format!("×{times}")
    } else {
        String::new()
    }
}

/// A number and its noun, in the plural where it is not one.
pub(crate) fn counted(number: usize, noun: &str) -> String {
    let ending = match number {
        1 => "",
        _ if noun.ends_with("ch") => "es",
        _ => "s",
    };
    format!("{number} {noun}{ending}")
}
