//! The page around the sections: its head, its policy, its styles, its masthead.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::page::{Page, moment};
use crate::{amount, record::name};

const STYLE: &str = include_str!("report.css");

/// Nothing may be loaded, run, framed or sent; only the styles inside the page apply.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

pub(crate) fn document(page: &Page<'_>, sections: &Markup) -> Markup {
    let estate = name(page.case.estate.name());
    html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                meta name="robots" content="noindex";
                title { "Cordon: " (estate) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header.mast {
                    p.brand { "Cordon" }
                    p { (estate) }
                    p { "Written " (moment(Some(page.case.generated))) " UTC" }
                    @match *page.incidents {
                        [] => {}
                        [incident] => p { "Incident " (incident.id) },
                        [..] => p { (amount::count(page.incidents.len())) " incidents" },
                    }
                }
                main { (sections) }
            }
        }
    }
}
