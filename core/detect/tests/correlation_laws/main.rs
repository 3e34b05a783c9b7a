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

use proptest::{collection::vec, prelude::*, sample::Index};

use asked::{Asked, asked};
use machine::Machine;
use stream::{Delivery, LATENESS, Seen, deliveries, records};

/// Detections of the sorted stream.
fn sorted(asked: &Asked, records: &[Seen]) -> Vec<String> {
    let mut machine = Machine::new(asked);
    for record in records {
        machine.observe(record);
    }
    machine.told
}

/// Detections of a stream as it arrives.
fn arriving(machine: &mut Machine, deliveries: &[Delivery]) {
    for delivery in deliveries {
        machine.arrive(delivery.now, &delivery.record);
    }
}

proptest! {
    // `PROPTEST_CASES` asks for a longer run.
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases.max(400)))]

    #[test]
    fn running_totals_tell_what_looking_through_every_window_anew_tells(
        asked in asked(),
        records in records(),
    ) {
        prop_assert_eq!(sorted(&asked, &records), model::told(&asked, &records));
    }

    #[test]
    fn any_order_of_arrival_within_the_lateness_tells_the_same(
        asked in asked(),
        records in records(),
        delays in vec((0..LATENESS, any::<u16>(), prop::option::weighted(0.2, 0..LATENESS)), 40),
    ) {
        let mut machine = Machine::new(&asked);
        arriving(&mut machine, &deliveries(&records, &delays));
        machine.end();
        prop_assert_eq!(machine.late, 0);
        prop_assert_eq!(machine.told, sorted(&asked, &records));
    }

    #[test]
    fn a_snapshot_at_any_point_goes_on_as_if_nothing_had_happened(
        asked in asked(),
        records in records(),
        delays in vec((0..LATENESS * 2, any::<u16>(), prop::option::weighted(0.2, 0..LATENESS)), 40),
        cut in any::<Index>(),
    ) {
        let deliveries = deliveries(&records, &delays);
        let mut whole = Machine::new(&asked);
        arriving(&mut whole, &deliveries);
        whole.end();
        let (before, after) = deliveries.split_at(cut.index(deliveries.len() + 1));
        let mut first = Machine::new(&asked);
        arriving(&mut first, before);
        let document = first.save();
        let mut second = Machine::restored(&asked, &document);
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
