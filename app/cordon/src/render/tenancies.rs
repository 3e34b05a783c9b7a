//! Whose the addresses of an incident were when its records name them, and where that is said.

use std::collections::BTreeSet;

use cordon_incident::{Incident, Tenancy};

use super::{Look, Tone, amount::counted, plain, plan::line, prose::wrap};

/// Most lines shown on a terminal; all of them are in `incidents.json`.
const LINES_MAX: usize = 12;

/// Each statement once; nothing where no record says whose any address was.
pub(super) fn tenancies(incident: &Incident, look: Look) -> String {
    let all: BTreeSet<&Tenancy> = incident.tenancies.values().flatten().collect();
    if all.is_empty() {
        return String::new();
    }
    let title = format!("Whose the addresses were ({})", incident.id);
    let mut text = format!("\n{}\n", look.paint(Tone::Heading, &title));
    for tenancy in all.iter().take(LINES_MAX) {
        text.push_str(&wrap(&plain(&tenancy.to_string()), look.width));
    }
    let more = all.len().saturating_sub(LINES_MAX);
    if more > 0 {
        let more = counted(more, "statement");
        text.push_str(&line(format_args!("{more} more in incidents.json")));
    }
    text
}
