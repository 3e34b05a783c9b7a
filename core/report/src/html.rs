//! The report: one page for whoever has to decide, on a telephone, at night, or on paper.
//!
//! It loads nothing and runs nothing: styles and drawings are inside, and the page forbids the rest
//! by its own policy. Sections stand in the order in which a person asks: what happens, what to
//! do, what else could be done, how it is taken back, what goes on, who is held, what is at stake, how it came about, what
//! the proof is.

mod answers;
mod attack;
mod back;
mod chronicle;
mod curves;
mod drawing;
mod evidence;
mod headline;
mod held;
mod layers;
mod likeness;
mod loss;
mod outlook;
mod page;
mod proof;
mod reached;
mod reading;
mod shell;
mod steps;
mod story;
mod trading;

use maud::html;

use crate::Case;
use page::Page;

/// The whole page, as HTML.
pub fn report_html(case: &Case<'_>) -> String {
    let page = Page::new(case);
    let sections = html! {
        (headline::section(&page))
        (steps::section(&page))
        (answers::section(&page))
        (trading::section(&page))
        (held::section(&page))
        (held::outside(&page))
        (reached::section(&page))
        (drawing::section(&page))
        (loss::section(&page))
        (outlook::section(&page))
        (back::section(&page))
        (story::section(&page))
        (likeness::section(&page))
        (proof::section(&page))
        (chronicle::section(&page))
        (evidence::section(&page))
        (reading::section(&page))
    };
    shell::document(&page, &sections).into_string()
}
