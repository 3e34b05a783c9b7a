//! The report's page: it loads nothing, lets nothing from a log act or hide, and says why where
//! there is no plan. Leaves the pages under `target/tmp` for looking at.

use std::{collections::BTreeSet, fs, path::Path};

use cordon_model::{Estate, Timestamp};
use cordon_plan::{Answer, Question, answer};
use cordon_report::{Case, report_html};

use crate::fixture;

#[expect(
    clippy::disallowed_methods,
    reason = "pages are left in a file to be looked at"
)]
fn page(name: &str, question: &Question<'_>, answered: Option<&Answer>) -> String {
    let found = fixture::found(question.estate);
    let incidents = if question.footholds.iter().all(|f| f.evidence.is_empty()) {
        &[][..]
    } else {
        &found[..]
    };
    let case = Case {
        estate: question.estate,
        question,
        answer: answered,
        incidents,
        reading: &fixture::reading(),
        rules: 61,
        generated: Timestamp::from_second(1_745_341_800).unwrap(),
        version: "0.1.0",
    };
    let html = report_html(&case);
    assert_eq!(
        html,
        report_html(&case),
        "the same case gives the same bytes"
    );
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.html"));
    fs::write(path, &html).unwrap();
    html
}

fn planned(name: &str, estate: &Estate) -> String {
    let question = fixture::question(estate, &fixture::found(estate));
    let answered = answer(&question);
    page(name, &question, Some(&answered))
}

/// Whatever a page says must stand in it, as a reader sees it.
fn says(html: &str, words: &[&str]) {
    for words in words {
        assert!(html.contains(words), "the page does not say `{words}`");
    }
}

#[test]
fn the_page_asks_for_a_decision_and_loads_nothing() {
    let html = planned("report", &fixture::estate(|_| true));
    says(
        &html,
        &[
            "Decision asked for.",
            "The four answers",
            "id=\"ev-1\"",
            "href=\"#ev-1\"",
        ],
    );
    for load in [
        "<script",
        "<link",
        "<img",
        "src=",
        "@import",
        "href=\"http",
        "url(h",
        "url(/",
    ] {
        assert!(!html.contains(load), "the page must not hold `{load}`");
    }
}

#[test]
fn every_link_leads_to_a_record_in_the_page() {
    let html = planned("report-links", &fixture::estate(|_| true));
    let links: BTreeSet<&str> = html
        .split("href=\"#")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(links.len() > 5);
    for link in links {
        says(&html, &[&format!("id=\"{link}\"")]);
    }
}

#[test]
fn what_a_log_says_neither_acts_nor_hides() {
    let html = planned("report-hostile", &fixture::estate(|_| true));
    says(&html, &["&lt;script&gt;alert(1)", "iPhone⟨U+202E⟩tset"]);
    let unseen = |c: char| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c);
    assert!(!html.contains(unseen));
}

#[test]
fn where_there_is_no_plan_the_page_says_why() {
    let estate = fixture::estate(|step| step.starts_with("cut-") || step.ends_with("priya"));
    let html = planned("report-infeasible", &estate);
    says(
        &html,
        &[
            "No admissible plan exists",
            "Why there is no plan",
            "Ways out",
        ],
    );
    assert!(
        !html.contains("id=\"proof\""),
        "there is no proof of no plan"
    );
}

#[test]
fn where_nothing_can_be_taken_no_step_is_asked_for() {
    let estate = fixture::estate(|_| true);
    let question = fixture::question_of(&estate, "zone:store-wan");
    let answered = answer(&question);
    let html = page("report-no-steps", &question, Some(&answered));
    says(
        &html,
        &["nothing of value can be taken", "No step is needed"],
    );
    assert!(!html.contains("Decision asked for."));
}

#[test]
fn where_nothing_was_found_the_page_says_what_was_read() {
    let estate = fixture::estate(|_| true);
    let question = Question {
        footholds: Vec::new(),
        ..fixture::question_of(&estate, "zone:store-wan")
    };
    let html = page("report-nothing", &question, None);
    says(
        &html,
        &["No incident was found", "184,213", "not a JSON object"],
    );
}

#[test]
fn a_crowd_of_jewels_is_folded_and_counted() {
    let html = planned("report-crowded", &fixture::crowded(300));
    says(
        &html,
        &[
            "£11m can be reached",
            "304 jewels",
            "Things that tell little are folded",
        ],
    );
    assert!(
        html.len() < 200_000,
        "the page grows with what can be read, not with the estate"
    );
}

#[test]
fn a_jewel_that_is_held_already_is_not_promised() {
    let estate = fixture::estate(|_| true);
    let question = fixture::question_of(&estate, "DC01");
    let answered = answer(&question);
    let html = page("report-held-jewel", &question, Some(&answered));
    says(
        &html,
        &[
            "No cut helps what is already held: Domain controller 1",
            "Already held",
        ],
    );
}
