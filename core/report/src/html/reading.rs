//! What was read, and what could not be: the ground that everything else stands on.

use maud::{Markup, html};

use super::page::{Page, moment, section as framed};
use crate::{Counted, amount, record::name, visible::clipped};

/// Most sources listed.
const SOURCES_MAX: usize = 60;

/// Most reasons listed.
const REASONS_MAX: usize = 40;

/// Most silent products listed.
const SILENT_MAX: usize = 20;

/// Longest path shown, in characters.
const PATH_CHARS_MAX: usize = 200;

pub(crate) fn section(page: &Page<'_>) -> Markup {
    let reading = page.case.reading;
    let body = html! {
        dl.figures.small {
            div { dt { "Records" } dd { (amount::count(reading.records)) } }
            div { dt { "Understood" } dd { (amount::count(reading.events)) } }
            div { dt { "Degraded" } dd { (amount::count(sum(&reading.degraded))) } }
            div { dt { "Refused" } dd { (amount::count(sum(&reading.refused))) } }
            div { dt { "Rules" } dd { (amount::count(page.case.rules)) } }
        }
        (silent(page))
        (silences(page))
        (reasons("Refused", &reading.refused))
        (reasons("Not read to the end", &reading.unread))
        (reasons("Read with something missing", &reading.degraded))
        (sources(page))
        p.soft { "Written by Cordon " (name(page.case.version)) " on " (moment(Some(page.case.generated))) " UTC." }
    };
    framed("reading", "What was read", &body)
}

/// Products that nothing came from.
fn silent(page: &Page<'_>) -> Markup {
    let silent = &page.case.reading.silent;
    let beyond = silent.len().saturating_sub(SILENT_MAX);
    html! {
        @if !silent.is_empty() {
            h3 { "Nothing came from" }
            p.soft { "A source that is missing looks like one in which nothing happened." }
            ul.reasons {
                @for silent in silent.iter().take(SILENT_MAX) {
                    li { p {
                        (name(&silent.product)) " " span.num.soft {
                            (amount::count(silent.rules))
                            @if silent.rules == 1 { " rule" } @else { " rules" }
                            " had nothing to look at"
                        }
                    } }
                }
            }
            @if beyond > 0 { p.soft { "and " (amount::count(beyond)) " more" } }
        }
    }
}

/// Sources that wrote nothing for much longer than usual, whole logs first.
fn silences(page: &Page<'_>) -> Markup {
    let mut silences: Vec<_> = page.case.reading.silences.iter().collect();
    silences.sort_by_key(|silence| {
        (
            silence.host.is_some(),
            silence.until.is_some(),
            silence.from,
        )
    });
    let beyond = silences.len().saturating_sub(SILENT_MAX);
    html! {
        @if !silences.is_empty() {
            h3 { "Silent for much longer than usual" }
            p.soft { "Ten times as long as nine in ten gaps before, while others went on." }
            ul.reasons {
                @for silence in silences.iter().take(SILENT_MAX) {
                    li { p {
                        (name(&silence.log))
                        @if let Some(host) = &silence.host { " on " (name(host)) }
                        " " span.num.soft {
                            "from " (moment(Some(silence.from)))
                            @if silence.until.is_some() { " to " (moment(silence.until)) } @else { " on" }
                        }
                    } }
                }
            }
            @if beyond > 0 { p.soft { "and " (amount::count(beyond)) " more" } }
        }
    }
}

fn sum(counted: &[Counted]) -> u64 {
    let counts = counted.iter().map(|counted| counted.count);
    counts.fold(0, u64::saturating_add)
}

fn reasons(heading: &str, counted: &[Counted]) -> Markup {
    let beyond = counted.len().saturating_sub(REASONS_MAX);
    html! {
        @if !counted.is_empty() {
            h3 { (heading) }
            ul.reasons {
                @for counted in counted.iter().take(REASONS_MAX) {
                    li {
                        p { (clipped(&counted.reason, PATH_CHARS_MAX)) " " span.num.soft { "× " (amount::count(counted.count)) } }
                        @if !counted.sample.is_empty() { p { code { (clipped(&counted.sample, PATH_CHARS_MAX)) } } }
                    }
                }
            }
            @if beyond > 0 { p.soft { "and " (amount::count(beyond)) " more reasons" } }
        }
    }
}

fn sources(page: &Page<'_>) -> Markup {
    let sources = &page.case.reading.sources;
    let beyond = sources.len().saturating_sub(SOURCES_MAX);
    html! {
        @if !sources.is_empty() {
            h3 { "Sources" }
            ul.sources {
                @for source in sources.iter().take(SOURCES_MAX) {
                    li {
                        p { code { (clipped(&source.path, PATH_CHARS_MAX)) } }
                        p.soft {
                            (name(&source.kind)) " · " (amount::count(source.records)) " records · "
                            (moment(source.first)) " to " (moment(source.last))
                        }
                    }
                }
            }
            @if beyond > 0 { p.soft { "and " (amount::count(beyond)) " more" } }
        }
    }
}
