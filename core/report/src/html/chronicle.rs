//! The time line: everything that incidents rest on, in the order in which it happened.

use maud::{Markup, html};

use super::page::{Page, moment, section as framed};
use crate::{
    amount,
    gap::{Entry, entries},
    record::name,
};

pub(crate) fn section(page: &Page<'_>) -> Markup {
    if page.records.is_empty() {
        return html! {};
    }
    let body = html! {
        p.soft { "Event time, in UTC. Records without a time stand last." }
        ol.timeline {
            @for entry in entries(&page.records, page.case.reading) {
                @match entry {
                    Entry::Happened(number, record) => {
                        li class=(record.level().word()) {
                            p.when { (moment(record.evidence.time)) }
                            p {
                                (record.sentence()) " "
                                span.soft { (name(&record.evidence.source)) ": " (record.told_by()) }
                                " " a.ev href=(format!("#ev-{number}")) aria-label=(format!("record {number}")) { (number) }
                            }
                        }
                    }
                    // Records left out of the page would look like gaps.
                    Entry::Gap(gap) => {
                        @if page.records_left_out == 0 {
                            li.gap { p.when {} p.soft { (gap.sentence()) } }
                        }
                    }
                    Entry::Silent(silent) => {
                        li.gap { p.when { (moment(Some(silent.silence.from))) } p.soft { (silent.sentence()) } }
                    }
                }
            }
        }
        @if page.records_left_out > 0 {
            p.soft {
                (amount::count(page.records_left_out))
                " more records are in the time line file and the incidents document."
            }
        }
    };
    framed("timeline", "Time line", &body)
}
