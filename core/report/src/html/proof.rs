//! Why nothing cheaper does, in words.

use maud::{Markup, html};

use super::page::{Page, section as framed};
use crate::{amount, json::v1::Number, visible::clipped};

/// Most paragraphs of the certificate shown; the plan document has all of it.
const PARAGRAPHS_MAX: usize = 12;

/// Longest paragraph shown, in characters.
const PARAGRAPH_CHARS_MAX: usize = 1200;

pub(crate) fn section(page: &Page<'_>) -> Markup {
    let Some(draft) = page.draft() else {
        return html! {};
    };
    let (price, proof) = (&draft.price.total, &draft.proof);
    let bound = page.money(&proof.lower_bound);
    let body = html! {
        p {
            @if proof.proven {
                "No admissible plan costs less than " (page.money(price)) ". That is proven."
            } @else {
                "The plan is admissible. Whether a cheaper one exists is not settled: none costs less than "
                (bound) ", which is " (percent(&Number::gap(price, &proof.lower_bound)))
                " below the price of this one."
            }
        }
        p { "A check that shares nothing with the search computed anew, from the steps alone, that every "
            "jewel not already held is cut off, that nothing protected stops within the hold, and the price." }
        @for paragraph in proof.certificate.lines().take(PARAGRAPHS_MAX) {
            p.certificate { (sentence(&clipped(paragraph, PARAGRAPH_CHARS_MAX))) }
        }
        p.soft { "Units of work spent on the search: " (amount::count(proof.work)) "." }
    };
    framed("proof", "The proof", &body)
}

/// A message as a sentence: with a capital and a full stop.
fn sentence(message: &str) -> String {
    let mut chars = message.chars();
    let first = chars.next().map(|c| c.to_uppercase().collect::<String>());
    let end = if message.ends_with(['.', '…']) {
        ""
    } else {
        "."
    };
    format!("{}{}{end}", first.unwrap_or_default(), chars.as_str())
}

fn percent(gap: &Number) -> String {
    gap.as_str().parse::<f64>().map_or_else(
        |_not_a_number| format!("a part of {gap}"),
        |part| format!("{:.1}%", part * 100.0),
    )
}
