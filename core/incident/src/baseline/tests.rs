//! Habits learned and asked.

use cordon_model::{Entity, EntityKind, Role, Timestamp};
use proptest::prelude::*;

use super::{Aspect, Baseline, KNOWN_FROM_DAYS, Novelty, VALUES_MAX, snapshot::v1};

fn at(day: u32) -> Timestamp {
    Timestamp::from_second(i64::from(day) * 86_400 + 3_600).unwrap()
}

#[test]
fn a_country_is_new_only_of_somebody_who_was_known_for_a_week() {
    let mut baseline = Baseline::default();
    let asks = |baseline: &Baseline, day| baseline.novelty("u1", Aspect::Country, "FR", at(day));
    assert_eq!(asks(&baseline, 100), Novelty::Unknown);
    baseline.learn("u1", Aspect::Country, "GB", at(100));
    assert_eq!(asks(&baseline, 100 + KNOWN_FROM_DAYS - 1), Novelty::Unknown);
    assert_eq!(asks(&baseline, 107), Novelty::First(KNOWN_FROM_DAYS));
    baseline.learn("u1", Aspect::Country, "fr", at(103));
    assert_eq!(asks(&baseline, 107), Novelty::Known(103));
    let gb = baseline.novelty("U1", Aspect::Country, "gb", at(107));
    assert_eq!(gb, Novelty::Known(100));
}

#[test]
fn nothing_is_new_about_somebody_who_has_been_everywhere() {
    let mut baseline = Baseline::default();
    for n in 0..=VALUES_MAX {
        baseline.learn("u1", Aspect::Device, &format!("d{n}"), at(10));
    }
    let asked = baseline.novelty("u1", Aspect::Device, "another", at(90));
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
    let network = baseline.novelty("u1", Aspect::Network, "192.0.2.0/24", at(10));
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
