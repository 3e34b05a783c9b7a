//! Northgate with thousands of outlets, tried with a few.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

use cordon_drill::{Outlets, Shape, Written};
use cordon_estate::{Pages, Reading};
use cordon_model::Estate;

fn written(outlets: Outlets) -> (Vec<u8>, Written) {
    let mut bytes = Vec::new();
    let written = outlets.write(&mut bytes).unwrap();
    (bytes, written)
}

fn estate(bytes: &[u8]) -> Estate {
    let pages = Pages::default();
    let mut reading = Reading::new(&pages);
    reading.lines("outlets.jsonl", bytes).unwrap();
    let read = reading.finish().unwrap();
    let lints = read.lints.diagnostics.iter();
    let doubts: Vec<_> = lints.filter(|l| l.code != "kind-without-page").collect();
    assert!(doubts.is_empty(), "{doubts:?}");
    read.estate
}

#[test]
fn every_shape_is_a_sound_estate_of_the_size_it_says() {
    for shape in Shape::ALL {
        let outlets = Outlets {
            outlets: 140,
            shape,
            seed: 1,
        };
        let (bytes, written) = self::written(outlets);
        let estate = estate(&bytes);
        assert_eq!(estate.nodes().len() as u64, written.nodes);
        assert_eq!(estate.steps().len() as u64, written.steps);
        assert_eq!(estate.services().len(), 40);
        assert_eq!(estate.services().iter().filter(|s| s.protected).count(), 8);
        let edges = estate.edges().len() as u64;
        assert!(edges <= written.edges && edges > written.edges * 9 / 10);
        let shared = estate.steps().iter().filter(|s| s.removes_edges.len() > 1);
        assert!(shared.count() >= 200);
        for id in outlets.staff(20).iter().chain([&outlets.outside()]) {
            assert!(estate.node_by_id(id).is_some(), "{id}");
        }
        assert_eq!(Shape::from_word(shape.word()), Some(shape));
        assert_eq!(bytes, self::written(outlets).0);
    }
}
