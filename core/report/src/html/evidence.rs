//! The evidence: every record that a statement links to, where it stands, and what it says.

use maud::{Markup, html};

use super::page::{Page, moment, section as framed};
use crate::{
    amount,
    record::{Record, name},
    visible::{clipped, visible_lines},
};

/// Longest record shown, in characters; the log has all of it.
const FIELDS_CHARS_MAX: usize = 4000;

/// Longest path shown, in characters.
const PATH_CHARS_MAX: usize = 400;

pub(crate) fn section(page: &Page<'_>) -> Markup {
    if page.records.is_empty() {
        return html! {};
    }
    let body = html! {
        p.soft { "Each record as it stands in the log that was read." }
        ol.evidence {
            @for (number, record) in (1_usize..).zip(&page.records) { (one(number, record)) }
        }
    };
    framed("evidence", "Evidence", &body)
}

fn one(number: usize, record: &Record<'_>) -> Markup {
    let evidence = record.evidence;
    html! {
        li id=(format!("ev-{number}")) {
            p.n { (number) }
            div {
                p.name { (record.told_by()) }
                p.where {
                    (moment(evidence.time)) @if evidence.time.is_some() { " UTC" } " · "
                    code { (clipped(&evidence.log.path, PATH_CHARS_MAX)) }
                    " record " (amount::count(evidence.log.record))
                    " · id " code { (name(evidence.id.as_str())) }
                }
                details {
                    summary { "Fields" }
                    pre { (fields(&format!("{:#}", evidence.fields))) }
                }
            }
        }
    }
}

fn fields(pretty: &str) -> String {
    match pretty.char_indices().nth(FIELDS_CHARS_MAX) {
        None => visible_lines(pretty),
        Some((end, _)) => {
            let shown = visible_lines(pretty.get(..end).unwrap_or_default());
            let beyond = pretty.chars().count() - FIELDS_CHARS_MAX;
            format!(
                "{shown}…\n({} more characters in the log)",
                amount::count(beyond)
            )
        }
    }
}
