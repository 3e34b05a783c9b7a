//! The documents of others have all that their schemas require (`required.json`, written from the public ECS 8.17 and
//! OCSF 1.5), and are as committed.

use std::{collections::BTreeMap, sync::Arc};

use cordon_model::{Clock, Detection, Timestamp, Value};
use cordon_report::{
    detections_csv_head, detections_csv_line,
    json::{Writer, ecs_line, ocsf_line},
};

use crate::fixture;

type Required = BTreeMap<String, Vec<String>>;

fn required(of: &str) -> Required {
    let all: Value = serde_json::from_str(include_str!("required.json")).unwrap();
    serde_json::from_value(all[of].clone()).unwrap()
}

fn writer() -> Writer<'static> {
    Writer {
        version: "0.1.0",
        written: "2025-04-23T08:00:00Z".parse().unwrap(),
    }
}

/// The fixture's, a long correlation, one that no record dates, and one with a declared clock.
fn detections() -> Vec<Detection> {
    let mut detections = fixture::detections();
    detections.push(fixture::chain(400));
    let mut dateless = detections[0].clone();
    dateless.time = None;
    dateless.records[0].time = None;
    let mut shifted = detections[0].clone();
    shifted.records[0].clock = Arc::new(Clock {
        ahead: jiff::SignedDuration::from_hours(3),
        zone: Some("Europe/London".into()),
        written: Some(jiff::tz::Offset::constant(-3)),
        arrival: Some(Timestamp::from_second(1_745_300_000).unwrap()),
    });
    detections.extend([dateless, shifted]);
    detections
}

/// What stands at a place such as `evidences[].device`, wherever that is.
fn at<'d>(document: &'d Value, place: &str) -> Vec<&'d Value> {
    let mut found = vec![document];
    for part in place.split('.').filter(|part| !part.is_empty()) {
        let name = part.trim_end_matches("[]");
        found = found
            .into_iter()
            .filter_map(|value| value.get(name))
            .collect();
        if part.ends_with("[]") {
            found = found
                .into_iter()
                .flat_map(|list| list.as_array().unwrap())
                .collect();
        }
    }
    found
}

/// What is missing, or there and empty.
fn missing(document: &Value, required: &Required) -> Vec<String> {
    let mut missing = Vec::new();
    for (place, keys) in required {
        for object in at(document, place) {
            for key in keys {
                let value = object.get(key);
                if value.is_none_or(|value| value.is_null() || value == "") {
                    missing.push(format!("{place}.{key}"));
                }
            }
        }
    }
    missing
}

fn without_any(document: &Value, of: &Required) -> Vec<String> {
    let mut without = Vec::new();
    for (place, keys) in of {
        let lacks = |object: &&Value| !keys.iter().any(|key| object.get(key).is_some());
        without.extend(
            at(document, place)
                .iter()
                .filter(|o| lacks(o))
                .map(|_| place.clone()),
        );
    }
    without
}

#[test]
fn every_alert_has_what_ecs_requires() {
    for detection in detections() {
        let line = ecs_line(&detection, &writer());
        assert_eq!(line.matches('\n').count(), 1);
        let document: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(
            missing(&document, &required("ecs")),
            [""; 0],
            "{document:#}"
        );
        assert_eq!(document["event"]["kind"], "alert");
        let original = document["event"]["original"].as_str().unwrap();
        let original: Value = serde_json::from_str(original).unwrap();
        assert_eq!(original, detection.last().unwrap().fields.to_value());
        let dateless = document["tags"]
            .as_array()
            .unwrap()
            .contains(&"time-unknown".into());
        assert_eq!(dateless, detection.time.is_none());
    }
}

#[test]
fn every_finding_has_what_ocsf_requires() {
    for detection in detections() {
        let line = ocsf_line(&detection, &writer());
        assert_eq!(line.matches('\n').count(), 1);
        let document: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(
            missing(&document, &required("ocsf")),
            [""; 0],
            "{document:#}"
        );
        let lacking = without_any(&document, &required("ocsf_at_least_one"));
        assert_eq!(lacking, [""; 0], "{document:#}");
        assert_eq!(document["class_uid"], 2004);
        assert_eq!(document["type_uid"], 200_401);
        let dated = detection.records.iter().any(|record| record.time.is_some());
        assert_eq!(document.get("start_time").is_some(), dated);
        assert!(document["observables"].as_array().unwrap().len() <= 200);
        for observable in document["observables"].as_array().unwrap() {
            let name = observable["name"].as_str().unwrap();
            let (number, place) = name
                .strip_prefix("evidences[")
                .unwrap()
                .split_once("].")
                .unwrap();
            let evidence = &document["evidences"][number.parse::<usize>().unwrap()];
            assert!(!at(evidence, place).is_empty(), "{name} points nowhere");
        }
    }
}

#[test]
fn a_check_that_could_not_fail_would_prove_nothing() {
    let line = ocsf_line(&detections()[0], &writer());
    let mut document: Value = serde_json::from_str(&line).unwrap();
    document["metadata"]["product"]
        .as_object_mut()
        .unwrap()
        .remove("name");
    document["evidences"][0] = serde_json::json!({ "uid": "x" });
    assert_eq!(
        missing(&document, &required("ocsf")),
        ["metadata.product.name"]
    );
    assert_eq!(
        without_any(&document, &required("ocsf_at_least_one")),
        ["evidences[]"]
    );
}

#[test]
fn others_documents_are_told_to_the_letter() {
    let detections = detections();
    let pretty = |line: String| {
        let value: Value = serde_json::from_str(&line).unwrap();
        format!("{value:#}")
    };
    insta::assert_snapshot!("ecs", pretty(ecs_line(&detections[0], &writer())));
    insta::assert_snapshot!("ocsf", pretty(ocsf_line(&detections[0], &writer())));
    let rows = detections.iter().take(4).map(detections_csv_line);
    let table: String = std::iter::once(detections_csv_head()).chain(rows).collect();
    insta::assert_snapshot!("detections-csv", table);
}
