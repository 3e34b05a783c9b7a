//! The report's page: it loads nothing, lets nothing from a log act or hide, and says why where
//! there is no plan. Leaves the pages under `target/tmp` for looking at.

use std::{collections::BTreeSet, fs, path::Path};

use cordon_model::{Estate, Timestamp};
use cordon_plan::{Answer, Beside, Question, answer, outlook};
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
        marks: &[],
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
    let mut answered = answer(&question);
    answered.outlook = Some(outlook(&question, &answered, &Beside::default()));
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
fn the_way_back_stands_beside_the_way_there() {
    let html = planned("report-back", &fixture::estate(|_| true));
    says(
        &html,
        &[
            "id=\"back\"",
            "Before anything is cleared",
            "It would open",
            "nothing is held any longer",
            "Runs again",
        ],
    );
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

/// Nobody in the estate is held, but these are, outside it.
fn only_outside<'e>(estate: &'e Estate, outside: &[&str]) -> Question<'e> {
    Question {
        footholds: Vec::new(),
        outside_estate: outside.iter().map(|&id| id.to_owned()).collect(),
        ..fixture::question_of(estate, "zone:store-wan")
    }
}

#[test]
fn where_all_that_is_held_lies_outside_the_estate_the_page_says_so_and_names_them() {
    let estate = fixture::estate(|_| true);
    let names: Vec<String> = (0..11).map(|n| format!("ALIEN{n:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let question = only_outside(&estate, &names);
    let answered = answer(&question);
    let html = page("report-outside", &question, Some(&answered));
    let why = "everything that is held lies outside the estate";
    assert_eq!(
        html.matches(why).count(),
        2,
        "in the headline and in the plan"
    );
    says(
        &html,
        &[
            "An intruder likely holds 11 entities outside the estate.",
            "ALIEN00; ALIEN01; ALIEN02; 8 more",
            "ALIEN04; ALIEN05; 5 more",
        ],
    );
    assert!(!html.contains("Nothing is held"));
}

#[test]
fn whoever_is_held_outside_the_estate_is_counted_and_named_beside_the_others() {
    let estate = fixture::estate(|_| true);
    let question = fixture::question(&estate, &fixture::found(&estate));
    assert!(!question.footholds.is_empty() && question.outside_estate.len() == 1);
    let html = planned("report-mixed", &estate);
    says(
        &html,
        &[
            "and 1 entity outside the estate",
            "Held outside the estate, where no step of this plan reaches: \
             svc-legacy@old-tenant.example",
        ],
    );
}

#[test]
fn that_nothing_was_found_is_said_of_the_records_and_rules_and_of_nothing_else() {
    let estate = fixture::estate(|_| true);
    let question = only_outside(&estate, &[]);
    let answered = answer(&question);
    for (name, answered) in [("report-quiet", Some(&answered)), ("report-nothing", None)] {
        let html = page(name, &question, answered);
        says(
            &html,
            &[
                "No incident was found in what was read.",
                "184,213 records from 2 logs (4 could not be read) were compared with 61 rules.",
                "does not prove that nobody is inside",
                "Nothing came from vmware, so that 12 rules had nothing to look at.",
                "not a JSON object",
            ],
        );
        assert!(!html.contains("Nothing is held"));
    }
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

#[test]
fn a_step_that_may_come_too_late_is_named_with_the_way_it_closes() {
    let html = planned("report-race", &fixture::slow("60"));
    says(
        &html,
        &[
            "May be reached this way before step",
            ", the first that cuts it, is in force",
        ],
    );
    let (_, other) = html
        .split_once("May be reached another way before step ")
        .unwrap();
    let (other, _) = other.split_once("</p>").unwrap();
    assert!(other.contains("is in force: ") && other.contains("class=\"hop\""));
    assert!(
        !html.contains("May be reached before step"),
        "which way is not said"
    );
}

#[test]
fn what_is_told_of_several_one_after_another_is_told_once_and_folded() {
    let estate = fixture::estate(|_| true);
    let mut found = fixture::found(&estate);
    // A chain of six records of which only the last is a detection by itself.
    let chain = fixture::chain(6);
    found.truncate(1);
    found[0].detections = vec![chain.into()];
    let question = fixture::question(&estate, &found);
    let case = Case {
        estate: &estate,
        question: &question,
        answer: None,
        incidents: &found,
        marks: &[],
        reading: &fixture::reading(),
        rules: 61,
        generated: Timestamp::from_second(1_745_341_800).unwrap(),
        version: "0.1.0",
    };
    let html = report_html(&case);
    assert_eq!(html.matches("A part of: ").count(), 1);
    says(&html, &["4 more like it"]);
}
