//! Days with other intruders, with two, or with none.
#![expect(
    clippy::unwrap_used,
    reason = "a test whose world cannot be built should stop"
)]

use std::collections::BTreeSet;

use cordon_drill::{Drill, Profile, northgate_day};
use cordon_estate::{Pages, read};
use cordon_text::Source;

const SEED: u64 = 41;

fn day(profiles: &[Profile]) -> Drill {
    northgate_day(SEED, &profiles.iter().copied().collect())
}

/// What an intrusion left, as text, by log.
fn left(drill: &Drill, intrusion: usize) -> BTreeSet<String> {
    let steps = drill.truth.steps.iter();
    let steps = steps.filter(|step| step.intrusion == intrusion);
    steps
        .map(|step| {
            let mut logs = drill.logs.iter();
            let log = logs.find(|log| log.path == *step.log.path).unwrap();
            let text = std::str::from_utf8(&log.bytes).unwrap();
            let framed = usize::from(text.starts_with('{') && text.ends_with("\n]}\n"));
            let nth = usize::try_from(step.log.record).unwrap() - 1 + framed;
            text.lines().nth(nth).unwrap().to_owned()
        })
        .collect()
}

#[test]
fn a_day_without_an_intruder_has_no_truth_but_its_records() {
    let quiet = day(&[]);
    assert!(quiet.truth.held.is_empty() && quiet.truth.steps.is_empty());
    assert!(quiet.truth.benign_records >= 200_000);
    assert_eq!(quiet.truth.intrusion_records, 0);
    let visited = day(&[Profile::Exhaustion]);
    assert_eq!(quiet.estate, visited.estate);
    let doubles = visited
        .truth
        .benign_records
        .abs_diff(quiet.truth.benign_records);
    assert!(doubles < 100, "{doubles}");
}

#[test]
fn two_intruders_share_nobody_and_nothing_and_leave_what_each_leaves_alone() {
    let both = day(&[Profile::Telephone, Profile::Affiliate]);
    let estate = Source::new("estate.yaml", both.estate.clone());
    let estate = read(&[estate], &Pages::default()).unwrap().estate;
    let mut nodes = BTreeSet::new();
    for held in &both.truth.held {
        assert!(estate.node_by_id(held.node.as_str()).is_some(), "{held:?}");
        assert!(nodes.insert(&held.node), "{held:?} is held twice");
    }
    assert_eq!(nodes.len(), 7);
    let telephone = both
        .truth
        .intrusions
        .iter()
        .position(|p| *p == Profile::Telephone);
    assert_eq!(telephone, Some(0));
    // A record may come twice by chance.
    let alone = day(&[Profile::Affiliate]);
    assert!(left(&both, 1).len().abs_diff(left(&alone, 0).len()) <= 2);
}

#[test]
fn every_intruder_is_in_the_records_that_the_truth_names() {
    for (profile, sign) in [
        (Profile::Exhaustion, "OV_RESPONSE_DENY"),
        (Profile::Affiliate, "AdFind.exe"),
        (Profile::Telephone, "ADExplorer64.exe"),
    ] {
        let drill = day(&[profile]);
        let left = left(&drill, 0);
        assert!(left.len() >= 30, "{}: {}", profile.word(), left.len());
        assert!(
            left.iter().any(|line| line.contains(sign)),
            "{}",
            profile.word()
        );
        // `user:given.family@…`: whatever a log calls them, the family name is part of it.
        let victim = drill.truth.held.first().unwrap().node.as_str();
        let family = victim.split(['.', '@']).nth(1).unwrap();
        assert!(left.iter().any(|line| line.contains(family)), "{victim}");
        for held in &drill.truth.held {
            assert!(drill.truth.steps.iter().any(|step| step.time >= held.since));
        }
    }
}
