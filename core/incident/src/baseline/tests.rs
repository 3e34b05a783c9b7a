//! Habits learned and asked.

use std::sync::Arc;

use cordon_model::{Entity, EntityKind, Role, Timestamp};
use proptest::prelude::*;

use super::{Aspect, Baseline, KNOWN_FROM_DAYS, Novelty, VALUES_MAX, snapshot::v1};

/// Whether it is new of somebody of these names.
fn novelty(baseline: &Baseline, names: &[&str], what: (Aspect, &str, u32)) -> Novelty {
    let names: Vec<Arc<str>> = names.iter().map(|&name| name.into()).collect();
    baseline.novelty(&names, what.0, what.1, at(what.2))
}

fn at(day: u32) -> Timestamp {
    Timestamp::from_second(i64::from(day) * 86_400 + 3_600).unwrap()
}

#[test]
fn a_country_is_new_only_of_somebody_who_was_seen_on_seven_days() {
    let mut baseline = Baseline::default();
    let asks = |baseline: &Baseline, day| novelty(baseline, &["u1"], (Aspect::Country, "FR", day));
    assert_eq!(asks(&baseline, 100), Novelty::Unknown);
    // One sign-in eleven days ago is no habit.
    baseline.learn("u1", Aspect::Country, "GB", at(100));
    assert_eq!(asks(&baseline, 111), Novelty::Unknown);
    for day in 101..100 + KNOWN_FROM_DAYS {
        baseline.learn("u1", Aspect::Country, "GB", at(day));
        baseline.learn("u1", Aspect::Country, "GB", at(day));
        assert_eq!(asks(&baseline, day), Novelty::Unknown);
    }
    assert_eq!(asks(&baseline, 107), Novelty::First(KNOWN_FROM_DAYS));
    assert_eq!(asks(&baseline, 400), Novelty::First(KNOWN_FROM_DAYS));
    baseline.learn("u1", Aspect::Country, "fr", at(103));
    assert_eq!(asks(&baseline, 107), Novelty::Known(103));
    let gb = novelty(&baseline, &["U1"], (Aspect::Country, "gb", 107));
    assert_eq!(gb, Novelty::Known(100));
}

#[test]
fn what_was_learned_under_one_name_counts_under_all_of_them() {
    let mut baseline = Baseline::default();
    for day in 90..94 {
        baseline.learn("jane@shop.example", Aspect::Network, "office", at(day));
        baseline.learn(r"SHOP\jane", Aspect::Network, "shop", at(day + 5));
    }
    let asks = |names: &[&str], value| novelty(&baseline, names, (Aspect::Network, value, 100));
    assert_eq!(asks(&[r"SHOP\jane"], "office"), Novelty::Unknown);
    let both = [r"SHOP\jane", "jane@shop.example"];
    assert_eq!(asks(&both, "office"), Novelty::Known(90));
    assert_eq!(asks(&both, "shop"), Novelty::Known(95));
    assert_eq!(asks(&both, "elsewhere"), Novelty::First(8));
}

#[test]
fn nothing_is_new_about_somebody_who_has_been_everywhere() {
    let mut baseline = Baseline::default();
    for n in 0..=VALUES_MAX {
        baseline.learn("u1", Aspect::Device, &format!("d{n}"), at(10));
    }
    let asked = novelty(&baseline, &["u1"], (Aspect::Device, "another", 90));
    assert_eq!(asked, Novelty::Varied);
}

#[test]
fn a_record_tells_of_its_actor_with_what_and_from_where_it_came() {
    let entity = |role, kind, id: &str| Entity {
        role,
        kind,
        id: id.into(),
    };
    let entities = [
        entity(Role::Actor, EntityKind::Account, "u1"),
        entity(Role::Target, EntityKind::Account, "u2"),
        entity(Role::Means, EntityKind::Device, "laptop"),
        entity(Role::Target, EntityKind::Application, "mail"),
        entity(Role::Origin, EntityKind::Address, "192.0.2.77"),
    ];
    let mut baseline = Baseline::default();
    baseline.learn_record(&entities, at(10));
    assert_eq!(baseline.len(), 3);
    let network = novelty(&baseline, &["u1"], (Aspect::Network, "192.0.2.0/24", 10));
    assert_eq!(network, Novelty::Known(10));
}

#[test]
fn a_snapshot_that_was_tampered_with_is_refused_with_its_line() {
    let mut baseline = Baseline::default();
    baseline.learn("u1", Aspect::Tool, "nltest", at(10));
    let text = v1::save(&baseline);
    assert_eq!(v1::restore("hello"), Err(v1::Broken::Head));
    let twice = format!("{text}{}\n", text.lines().nth(1).unwrap());
    assert_eq!(v1::restore(&twice), Err(v1::Broken::Line(3)));
    let bent = text.replace("tool", "mood");
    assert_eq!(v1::restore(&bent), Err(v1::Broken::Line(2)));
    let bent = text.replace("10/1", "10/2");
    assert_eq!(v1::restore(&bent), Err(v1::Broken::Line(2)));
    let older = text.replace("10/1", "10");
    assert_eq!(v1::restore(&older), Ok(baseline.clone()));
    let cut = format!("{}\n", text.lines().next().unwrap());
    assert_eq!(v1::restore(&cut), Err(v1::Broken::Cut(0, 1)));
    let uncounted = text.replace("v1 0 1", "v1 0");
    assert_eq!(v1::restore(&uncounted), Ok(baseline));
    let newer = text.replace("v1", "v12");
    assert_eq!(v1::restore(&newer), Err(v1::Broken::Head));
}

fn history() -> impl Strategy<Value = Vec<(u8, Aspect, u8, u32)>> {
    let one = (
        0..4_u8,
        prop::sample::select(&Aspect::ALL[..]),
        0..40_u8,
        0..400_u32,
    );
    prop::collection::vec(one, 0..120)
}

fn learned(history: &[(u8, Aspect, u8, u32)]) -> Baseline {
    let mut baseline = Baseline::default();
    for (who, aspect, value, day) in history {
        baseline.learn(&format!("u{who}"), *aspect, &format!("v{value}"), at(*day));
    }
    baseline
}

proptest! {
    #[test]
    fn the_order_of_history_changes_nothing(history in history(), seed in any::<u64>()) {
        let mut shuffled = history.clone();
        let mut state = seed | 1;
        for n in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(n, usize::try_from(state >> 33).unwrap_or(0) % (n + 1));
        }
        prop_assert_eq!(learned(&history), learned(&shuffled));
    }

    #[test]
    fn what_is_saved_is_restored(history in history()) {
        let baseline = learned(&history);
        prop_assert_eq!(v1::restore(&v1::save(&baseline)), Ok(baseline));
    }
}
