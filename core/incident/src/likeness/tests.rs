//! Incidents told as techniques, and whom they resemble.

use std::sync::Arc;

use cordon_model::{
    Detection, EventId, Evidence, Level, LogRef, Record, RuleFacts, RuleId, Timestamp,
};
use cordon_text::Source;

use crate::{Actors, Likeness, Watched};

const PROFILES: &str = "\
usual: { T1078: 0.6, T1003.003: 0.2, T1621: 0.05, T1486: 0.5 }
---
name: Caller
also: [Ringer]
references: [https://example.com]
habits:
  - { does: calls the desk, techniques: [T1656], share: 0.8, within: 0m, look: tickets }
  - { does: sends pushes, techniques: [T1621], share: 0.5, within: 30m, look: the identity provider }
  - { does: steals the directory, techniques: [T1003], share: 0.6, within: 4h, look: domain controllers }
  - { does: encrypts, techniques: [T1486], share: 0.7, within: 1d, look: hypervisors }
---
name: Burglar
references: [https://example.com]
habits:
  - { does: comes by the VPN, techniques: [T1133], share: 0.8, within: 0m, look: VPN }
  - { does: encrypts, techniques: [T1486], share: 0.9, within: 2d, look: servers }
";

fn actors() -> Actors {
    let (actors, report) = Actors::parse(&[Source::new("actors.yml", PROFILES)]);
    assert!(!report.has_errors(), "{:?}", report.diagnostics);
    actors
}

fn likest(actors: &Actors, detections: &[Arc<Detection>], watched: &Watched) -> Vec<Likeness> {
    actors.compare(detections, &actors.absences(watched))
}

/// Techniques with the hour at which each was seen, as one detection each.
fn seen(techniques: &[(&str, i64)]) -> Vec<Arc<Detection>> {
    let detection = |(technique, hour): &(&str, i64)| {
        let time = Timestamp::from_second(1_780_000_000 + hour * 3_600).ok();
        Arc::new(Detection {
            rule: Arc::new(RuleFacts {
                id: RuleId::new(*technique),
                title: (*technique).to_owned(),
                level: Level::High,
                tags: vec![format!("attack.{technique}")],
                holds: Vec::new(),
            }),
            time,
            records: vec![Evidence {
                id: EventId::new(format!("{technique}-record")),
                log: LogRef {
                    path: "a.log".into(),
                    record: 1,
                },
                time,
                raw: cordon_model::RawPlace::default(),
                clock: Arc::default(),
                source: "test".into(),
                deed: cordon_model::Deed::default(),
                entities: Vec::new(),
                fields: Arc::new(Record::new()),
            }],
            matched: Arc::default(),
            group: Vec::new(),
        })
    };
    techniques.iter().map(detection).collect()
}

/// Compares where no rule in use could have shown more than was seen.
fn compare(techniques: &[(&str, i64)]) -> Vec<Likeness> {
    likest(&actors(), &seen(techniques), &Watched::default())
}

#[test]
fn a_likeness_says_what_speaks_for_it_and_what_comes_next() {
    let found = compare(&[("t1621", 0), ("t1003.003", 4)]);
    assert_eq!(found.len(), 1);
    let caller = &found[0];
    assert_eq!((caller.actor.as_str(), caller.also.len()), ("Caller", 1));
    // Pushes 0.5/0.05 count 6 at most, the directory 0.6/0.2, order and tempo 1.25 each.
    assert!((caller.ratio - (6.0 * 3.0 * 1.25 * 1.25_f64).sqrt()).abs() < 1e-9);
    assert_eq!(caller.speaks_for[0].what, "sends pushes");
    assert_eq!(caller.speaks_for[0].records[0].as_str(), "t1621-record");
    assert_eq!(caller.next[0].does, "encrypts");
    assert_eq!(caller.next[0].look, "hypervisors");
    assert_eq!(caller.unseen[0].does, "calls the desk");
}

#[test]
fn what_everybody_does_points_at_nobody() {
    assert!(compare(&[("t1078", 0)]).is_empty());
    assert!(compare(&[("t1486", 0)]).is_empty());
}

#[test]
fn order_tempo_and_what_is_not_reported_speak_against() {
    let in_order = compare(&[("t1621", 0), ("t1003.003", 4)]);
    let reversed = compare(&[("t1003.003", 0), ("t1621", 4)]);
    let slow = compare(&[("t1621", 0), ("t1003.003", 400)]);
    let foreign = compare(&[("t1621", 0), ("t1003.003", 4), ("t1190", 5)]);
    for less in [&reversed, &slow, &foreign] {
        assert!(less[0].ratio < in_order[0].ratio);
        assert!(!less[0].speaks_against.is_empty());
    }
}

#[test]
fn what_a_rule_in_use_could_have_shown_and_did_not_speaks_against() {
    let steps = seen(&[("t1621", 0), ("t1003.003", 4)]);
    let blind = likest(&actors(), &steps, &Watched::default());
    let watched = Watched::of_tags(["attack.t1656", "attack.initial-access"]);
    let watching = likest(&actors(), &steps, &watched);
    // The call to the desk: 1 - 0.8 · 0.6 against 1 - 0.15 · 0.6.
    let expect = (0.52_f64 / 0.91).sqrt();
    assert!((watching[0].ratio / blind[0].ratio - expect).abs() < 1e-9);
    let against = &watching[0].speaks_against;
    assert_eq!(
        against[0].what,
        "usually calls the desk, which was not seen"
    );
    // What comes after all that was seen may still come.
    let later = Watched::of_tags(["attack.t1486"]);
    let unchanged = likest(&actors(), &steps, &later)[0].ratio;
    assert!((unchanged - blind[0].ratio).abs() < 1e-9);
}

#[test]
fn no_ratio_is_told_above_a_hundred_and_near_ones_are_not_told_apart() {
    let profile = |name: &str, share: &str| {
        let habits: Vec<String> = (0..12)
            .map(|n| format!("  - {{ does: step {n}, techniques: [T20{n:02}], share: {share}, within: 1h, look: x }}"))
            .collect();
        format!(
            "name: {name}\nreferences: [x]\nhabits:\n{}\n",
            habits.join("\n")
        )
    };
    let text = format!(
        "{}---\n{}---\n{}",
        profile("A", "0.9"),
        profile("B", "0.85"),
        profile("C", "0.3")
    );
    let (actors, report) = Actors::parse(&[Source::new("a.yml", text)]);
    assert!(!report.has_errors(), "{:?}", report.diagnostics);
    let names: Vec<String> = (0..12).map(|n| format!("t20{n:02}")).collect();
    let steps: Vec<(&str, i64)> = names.iter().map(String::as_str).zip(0..).collect();
    let found = likest(&actors, &seen(&steps), &Watched::default());
    let told: Vec<(&str, bool)> = found
        .iter()
        .map(|l| (l.actor.as_str(), l.at_least))
        .collect();
    assert_eq!(told, [("A", true), ("B", true), ("C", true)]);
    assert!((found[0].ratio - 100.0).abs() < 1e-9);
    assert_eq!(found[0].not_told_apart, ["B"]);
    assert!(found[2].not_told_apart.is_empty());
}

#[test]
fn a_profile_with_mistakes_is_told_and_the_rest_is_used() {
    let text = "name: X\nreferences: []\nhabits:\n  - { does: a, techniques: [T1], share: 2, within: soon, look: b }\n";
    let (actors, report) = Actors::parse(&[Source::new("x.yml", text)]);
    assert_eq!(report.diagnostics.len(), 3, "{:?}", report.diagnostics);
    assert_eq!(actors.names().collect::<Vec<_>>(), ["X"]);
}
