//! Incidents are a function of a set.

use std::sync::Arc;

use cordon_model::{Alias, Detection, EntityKind, EventId, Lease, Outcome};
use proptest::prelude::*;

use super::{Grouping, estate, rare, told};
use crate::{Noticer, Uses, lease::tests::lease};

/// A small world in which most things are shared.
fn lines() -> impl Strategy<Value = Vec<String>> {
    let line = (
        prop::sample::select(vec!["critical", "high", "medium", "low", "informational"]),
        0..4_000_i64,
        prop::sample::select(vec![
            "account u1",
            "account u2",
            r"account A\u1",
            r"account B\u2",
            "account S-1-5-21-1",
            r"account NG\tom",
            "account u3",
            "account u4",
            "account u5",
            "account u6",
            "account u7",
            "account u8",
            "host h1",
        ]),
        prop::sample::select(vec!["h1", "h1.x", "h2", "10.0.0.1"]),
        prop::sample::select(vec!["10.0.0.7", "10.0.0.8"]),
        prop::sample::select(vec!["actor", "host", "actor+host", "target"]),
        prop::sample::select(vec!["initial-access", "persistence", "impact"]),
    );
    let line = line.prop_map(|(level, minute, who, on, from, holds, tactic)| {
        format!(
            "{tactic} {level} {minute} {holds} | actor {who}, host host {on}, \
             origin address {from}, target account u4"
        )
    });
    prop::collection::vec(line, 0..40)
}

/// Events in that world, of which no rule says anything.
fn events() -> impl Strategy<Value = Vec<String>> {
    let one = (
        0..30_u32,
        prop::sample::select(vec!["h1", "h1.x", "h2", "10.0.0.1"]),
        prop::sample::select(vec!["10.0.0.7", "10.0.0.8", "10.0.0.9"]),
        0..30_u32,
    );
    let one = one.prop_map(|(who, on, from, host)| {
        let minute = who * 100;
        format!("x low {minute} none | actor account u{who}, host host {on}, target host h{host}, origin address {from}")
    });
    prop::collection::vec(one, 0..60)
}

/// What they say of who uses what.
fn used(lines: &[String]) -> Uses {
    let mut noticer = Noticer::default();
    for line in lines {
        let event = told(line);
        noticer.take(&event.records[0].entities, event.time, Outcome::default);
    }
    noticer.give()
}

/// What is said of who has the addresses in that world.
fn leases() -> impl Strategy<Value = Vec<Lease>> {
    let one = (
        0..4_000_i64,
        prop::sample::select(vec!["lent", "lent90", "lent1200", "seen", "seen", "ended"]),
        prop::sample::select(vec!["10.0.0.7", "10.0.0.7", "10.0.0.8", "-"]),
        prop::sample::select(vec![
            "host h1",
            "host h1.x",
            "host h2",
            "host h3",
            "account u1",
            r"account A\u1",
            "",
        ]),
    );
    let one = one.prop_map(|(minute, word, address, holder)| {
        lease(&format!("{minute} {word} {address} {holder}"))
    });
    prop::collection::vec(one, 0..40)
}

/// Detections that differ, each with the tactic that its rule is called by.
fn detections(lines: &[String]) -> Vec<Detection> {
    let mut lines = lines.to_vec();
    lines.sort();
    lines.dedup();
    let numbered = lines.iter().enumerate();
    numbered
        .map(|(n, line)| {
            let mut detection = told(line);
            let mut rule = (*detection.rule).clone();
            rule.tags = vec![format!("attack.{}", rule.id)];
            detection.rule = Arc::new(rule);
            detection.records[0].id = EventId::new(format!("e{n}"));
            detection
        })
        .collect()
}

proptest! {
    #[test]
    fn neither_order_nor_batches_change_an_incident(
        lines in lines(),
        order in prop::collection::vec(0..1_000_u32, 40),
        asked in prop::collection::vec(any::<bool>(), 40),
        alias_at in 0..40_usize,
        events in events(),
        other_events in events(),
        leases in leases(),
        lent_at in prop::collection::vec(0..40_usize, 40),
    ) {
        let alias = Alias {
            kind: EntityKind::Account,
            name: r"A\u1".into(),
            other: "S-1-5-21-1".into(),
        };
        let whole = detections(&lines);
        let known = rare(&["initial-access", "persistence"]);
        let seen = [used(&events), used(&other_events)];
        let mut all = Grouping::new(estate(), Arc::clone(&known));
        all.learn(&alias);
        all.notice(&seen[0]);
        all.notice(&seen[1]);
        for lease in &leases {
            all.lend(lease);
        }
        for detection in &whole {
            all.add(detection.clone());
        }
        let expect = all.incidents();
        let mut shuffled: Vec<_> = whole.iter().zip(&order).collect();
        shuffled.sort_by_key(|(_, key)| **key);
        let mut bit_by_bit = Grouping::new(estate(), known);
        for (at, (detection, _)) in shuffled.into_iter().enumerate() {
            if at == alias_at {
                bit_by_bit.learn(&alias);
                bit_by_bit.notice(&seen[1]);
            }
            let now = |lent: &(&Lease, &usize)| *lent.1 == at;
            for (lease, _) in leases.iter().zip(&lent_at).filter(now) {
                bit_by_bit.lend(lease);
            }
            bit_by_bit.add(detection.clone());
            if asked[at] {
                bit_by_bit.incidents();
            }
        }
        bit_by_bit.learn(&alias);
        for lease in leases.iter().rev() {
            bit_by_bit.lend(lease);
        }
        for seen in seen.iter().rev() {
            bit_by_bit.notice(seen);
        }
        prop_assert_eq!(bit_by_bit.incidents(), expect);
    }
}
