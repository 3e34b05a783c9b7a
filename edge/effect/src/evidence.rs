//! Facts that a cut may destroy, as connectors give them.

use std::collections::BTreeMap;

use cordon_act::Evidence;
use cordon_model::Value;

/// More lines than a person reads of one target.
const LINES_MAX: usize = 200;

/// A fact that was taken.
pub(crate) fn taken(fact: &str, value: Value) -> Evidence {
    Evidence {
        taken: BTreeMap::from([(fact.to_owned(), value)]),
        skipped: BTreeMap::new(),
    }
}

/// A fact in lines, of which a page's worth is kept.
pub(crate) fn lines(fact: &str, mut lines: Vec<String>) -> Evidence {
    let left_out = lines.len().saturating_sub(LINES_MAX);
    lines.truncate(LINES_MAX);
    if left_out > 0 {
        lines.push(format!("{left_out} further ones"));
    }
    taken(fact, lines.into())
}

/// A fact that was not taken, and why.
pub(crate) fn skipped(fact: &str, why: String) -> Evidence {
    Evidence {
        taken: BTreeMap::new(),
        skipped: BTreeMap::from([(fact.to_owned(), why)]),
    }
}
