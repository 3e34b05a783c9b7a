//! The laws of correlations, for every type: what is told follows from the sorted stream alone.
//!
//! Streams are short and dense, with many records in one instant, so that edges of windows and
//! ties meet often.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "the rules and records are written here"
)]

mod asked;
mod machine;
mod model;
mod stream;
mod waiting;

use proptest::{collection::vec, prelude::*, sample::Index};

use asked::asked;
use machine::Machine;
use stream::{Delivery, LATENESS, Seen, deliveries, records};

/// Detections of the sorted stream.
fn sorted(text: &str, records: &[Seen]) -> Vec<String> {
    let mut machine = Machine::new(text);
    for record in records {
        machine.observe(record);
    }
    machine.finish();
    machine.told
}

/// Detections of a stream as it arrives.
fn arriving(machine: &mut Machine, deliveries: &[Delivery]) {
    for delivery in deliveries {
        machine.arrive(delivery.now, &delivery.record);
    }
}

/// Rules with correlations that are judged at once, or that wait.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => asked().prop_map(|asked| asked.text()),
        2 => waiting::asked().prop_map(|asked| asked.text()),
    ]
}

proptest! {
    // `PROPTEST_CASES` asks for a longer run.
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases.max(400)))]

    #[test]
    fn running_totals_tell_what_looking_through_every_window_anew_tells(
        asked in asked(),
        records in records(),
    ) {
        prop_assert_eq!(sorted(&asked.text(), &records), model::told(&asked, &records));
    }

    #[test]
    fn waiting_tells_what_looking_back_and_ahead_from_each_record_tells(
        asked in waiting::asked(),
        records in records(),
    ) {
        prop_assert_eq!(sorted(&asked.text(), &records), waiting::told(&asked, &records));
    }

    #[test]
    fn any_order_of_arrival_within_the_lateness_tells_the_same(
        text in texts(),
        records in records(),
        delays in vec((0..LATENESS, any::<u16>(), prop::option::weighted(0.2, 0..LATENESS)), 40),
    ) {
        let mut machine = Machine::new(&text);
        arriving(&mut machine, &deliveries(&records, &delays));
        machine.end();
        prop_assert_eq!(machine.late, 0);
        prop_assert_eq!(machine.told, sorted(&text, &records));
    }

    #[test]
    fn a_snapshot_at_any_point_goes_on_as_if_nothing_had_happened(
        text in texts(),
        records in records(),
        delays in vec((0..LATENESS * 2, any::<u16>(), prop::option::weighted(0.2, 0..LATENESS)), 40),
        cut in any::<Index>(),
    ) {
        let deliveries = deliveries(&records, &delays);
        let mut whole = Machine::new(&text);
        arriving(&mut whole, &deliveries);
        whole.end();
        let (before, after) = deliveries.split_at(cut.index(deliveries.len() + 1));
        let mut first = Machine::new(&text);
        arriving(&mut first, before);
        let document = first.save();
        let mut second = Machine::restored(&text, &document);
        prop_assert_eq!(second.save(), document);
        second.told = first.told;
        second.late = first.late;
        arriving(&mut second, after);
        second.end();
        prop_assert_eq!(second.late, whole.late);
        prop_assert_eq!(second.tallies(), whole.tallies());
        prop_assert_eq!(second.told, whole.told);
    }
}
