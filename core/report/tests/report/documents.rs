//! What others read by machine: JSON and CSV, as committed.

use cordon_model::{Confidence, Foothold, Hours, StepKind, Value};
use cordon_plan::{Beside, Question, answer, outlook};
use cordon_reach::{Removal, reach};
use cordon_report::{
    json::v1::{
        CatalogueRule, ClockTold, DetectionLine, Diagnostics, ExampleLine, ExplanationDocument,
        Incidents, Infeasible, NoSteps, OneRecord, Outlook, Plan, Reached, Restoration,
        ScanSummary, Timeline, detection_line, diagnostics_document, incidents_document,
        plan_document, reach_document, timeline_document,
    },
    timeline_csv,
};
use cordon_text::{Diagnostic, Source, Span};

use crate::fixture;

#[test]
fn a_plan_is_told_to_the_letter_and_read_back() {
    let estate = fixture::estate(|_| true);
    let question = fixture::question(&estate, &fixture::found(&estate));
    let answered = answer(&question);
    let text = plan_document(&question, &answered);
    insta::assert_snapshot!("plan", text);
    assert_eq!(text, plan_document(&question, &answer(&question)));
    let read: Plan = serde_json::from_str(&text).unwrap();
    assert_eq!(read, Plan::of(&question, &answered));
    assert_eq!(serde_json::to_string_pretty(&read).unwrap() + "\n", text);
}

#[test]
fn what_else_could_be_done_is_told_and_read_back() {
    let estate = fixture::estate(|_| true);
    let question = fixture::question(&estate, &fixture::found(&estate));
    let mut answered = answer(&question);
    let beside = Beside {
        suspected: vec![Foothold::said(
            estate.resolve("zone:store-wan").unwrap(),
            Confidence::new(0.4).unwrap(),
        )],
        approved: Some(vec![StepKind::new("disable-account")]),
    };
    answered.outlook = Some(outlook(&question, &answered, &beside));
    let plan = Plan::of(&question, &answered);
    let text = serde_json::to_string_pretty(&plan.outlook).unwrap();
    insta::assert_snapshot!("outlook", text);
    assert_eq!(
        serde_json::from_str::<Option<Outlook>>(&text).unwrap(),
        plan.outlook
    );
}

#[test]
fn a_hold_that_a_decimal_does_not_say_is_told_exactly_too() {
    let estate = fixture::estate(|_| true);
    for (hold, exact) in [("24h", None), ("20m", Some("1/3")), ("90m", None)] {
        let question = Question {
            hold: Hours::parse(hold).unwrap(),
            ..fixture::question_of(&estate, "zone:store-wan")
        };
        let plan = Plan::of(&question, &answer(&question));
        assert_eq!(plan.hold_exact.as_deref(), exact, "{hold}");
    }
}

#[test]
fn a_plan_that_does_not_exist_is_told_with_its_reasons() {
    let estate = fixture::estate(|step| step.starts_with("cut-") || step.ends_with("priya"));
    let question = fixture::question(&estate, &fixture::found(&estate));
    let text = plan_document(&question, &answer(&question));
    insta::assert_snapshot!("infeasible", text);
    let read: Plan = serde_json::from_str(&text).unwrap();
    assert!(read.steps.is_empty() && read.price.is_none() && read.proof.is_none());
}

#[test]
fn a_plan_without_steps_says_why() {
    let estate = fixture::estate(|_| true);
    let nothing_near = fixture::question_of(&estate, "zone:store-wan");
    let outside = |outside: &[&str]| Question {
        footholds: Vec::new(),
        outside_estate: outside.iter().map(|&id| id.to_owned()).collect(),
        ..nothing_near.clone()
    };
    for (question, reason) in [
        (outside(&[]), "nothing_held"),
        (outside(&["ALIEN01"]), "only_outside_estate"),
        (nothing_near.clone(), "nothing_reachable"),
    ] {
        let plan = Plan::of(&question, &answer(&question));
        assert!(plan.steps.is_empty());
        assert_eq!(plan.no_steps.unwrap().reason, reason);
    }
    let question = fixture::question(&estate, &fixture::found(&estate));
    assert_eq!(Plan::of(&question, &answer(&question)).no_steps, None);
}

#[test]
fn detections_are_one_line_each_and_read_back() {
    let mut lines = String::new();
    for detection in fixture::detections() {
        let line = detection_line(&detection);
        assert_eq!(line.matches('\n').count(), 1);
        let read: DetectionLine = serde_json::from_str(&line).unwrap();
        assert_eq!(read.records.is_some(), !detection.group.is_empty());
        lines.push_str(&line);
    }
    insta::assert_snapshot!("detections", lines);
}

#[test]
fn incidents_are_told_and_read_back() {
    let estate = fixture::estate(|_| true);
    let mark = cordon_incident::Mark {
        says: cordon_incident::Says::Cleared,
        by: "s.osei".into(),
        at: None,
        why: "called them back".into(),
    };
    let marks = [("user:tom".to_owned(), mark)];
    let text = incidents_document(&fixture::found(&estate), &marks);
    insta::assert_snapshot!("incidents", text);
    let read: Incidents = serde_json::from_str(&text).unwrap();
    assert!(read.incidents[0].calls_for_decision);
}

#[test]
fn the_time_line_is_in_order_and_computes_nothing() {
    let estate = fixture::estate(|_| true);
    let text = timeline_csv(&fixture::found(&estate), &fixture::reading());
    insta::assert_snapshot!("timeline", text);
}

#[test]
fn both_time_lines_tell_the_same_lines_and_an_hour_in_which_nothing_was_told_is_one() {
    let estate = fixture::estate(|_| true);
    let mut found = fixture::found(&estate);
    found.truncate(1);
    let later = {
        let mut later = (*found[0].detections[0]).clone();
        let record = &mut later.records[0];
        record.time = record
            .time
            .map(|time| time + jiff::SignedDuration::from_hours(30));
        record.id = cordon_model::EventId::new("e-later");
        later
    };
    found[0].detections.push(later.into());
    let read: Timeline =
        serde_json::from_str(&timeline_document(&found, &fixture::reading())).unwrap();
    let rows = timeline_csv(&found, &fixture::reading()).lines().count() - 1;
    assert_eq!(read.lines.len(), rows);
    let gaps: Vec<&str> = read
        .lines
        .iter()
        .filter(|line| line.kind == "quiet")
        .map(|line| line.what.as_str())
        .collect();
    assert!(
        gaps.last().unwrap().starts_with("Nothing told for 28 h"),
        "{gaps:?}"
    );
    let records = read.lines.iter().filter(|line| line.kind == "record");
    for line in records {
        assert!(line.event_id.is_some() && line.log.is_some(), "{line:?}");
    }
}

#[test]
fn what_can_be_taken_is_told_soonest_first() {
    let estate = fixture::estate(|_| true);
    let question = fixture::question_of(&estate, "EDI-GW-01");
    let held: Vec<_> = question.footholds.iter().map(|f| f.node).collect();
    let reached = reach(&estate, &held, &Removal::none(&estate));
    let outside = ["svc-legacy".to_owned()];
    let text = reach_document(&estate, &question.footholds, &outside, &reached, &[]);
    insta::assert_snapshot!("reach", text);
}

#[test]
fn diagnostics_are_told_with_their_place() {
    let source = Source::new("rules/a.yml", "title: a\nlevle: high\n");
    let span = Span {
        line: 2,
        column: 1,
        end_line: 2,
        end_column: 6,
    };
    let message = "a rule has no key `levle`".to_owned();
    let problem = Diagnostic::error(&source, span, "unknown-key", message);
    let text = diagnostics_document(2, 1, &[problem.help("did you mean `level`?")]);
    insta::assert_snapshot!(text, @r#"
    {
      "rules": 2,
      "refused": 1,
      "diagnostics": [
        {
          "file": "rules/a.yml",
          "line": 2,
          "column": 1,
          "code": "unknown-key",
          "severity": "error",
          "message": "a rule has no key `levle`",
          "help": "did you mean `level`?"
        }
      ]
    }
    "#);
}

/// The JSON examples of the reference page, by the word after `json`.
fn example(name: &str) -> &'static str {
    let page = include_str!("../../../../docs/reference/documents.md");
    let start = format!("```json {name}\n");
    let (_, rest) = page.split_once(&start).unwrap();
    rest.split_once("```").unwrap().0
}

fn check<T: serde::Serialize + serde::de::DeserializeOwned>(name: &str) {
    let shape: T = serde_json::from_str(example(name)).unwrap();
    let squeezed = |text: &str| serde_json::from_str::<Value>(text).unwrap().to_string();
    let written = serde_json::to_string(&shape).unwrap();
    assert_eq!(
        written,
        squeezed(example(name)),
        "the page says {name} as it is written"
    );
}

#[test]
fn the_reference_page_shows_the_documents_as_they_are() {
    check::<Plan>("plan");
    check::<NoSteps>("no_steps");
    check::<Infeasible>("infeasible");
    check::<DetectionLine>("detection");
    check::<ClockTold>("clock");
    check::<ScanSummary>("scan-summary");
    check::<Incidents>("incidents");
    check::<OneRecord>("record");
    check::<Timeline>("timeline");
    check::<Reached>("reach");
    check::<Restoration>("restore");
    check::<Diagnostics>("diagnostics");
    check::<CatalogueRule>("catalogue");
    check::<ExampleLine>("example");
    check::<ExplanationDocument>("explanation");
}
