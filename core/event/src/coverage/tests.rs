//! What falls silent, and that the order of arrival changes nothing.

use cordon_model::{Item, Timestamp};
use proptest::prelude::*;
use serde_json::json;

use super::{Coverage, Seen};
use crate::{Event, LogKind};

fn minute(minute: i64) -> Timestamp {
    Timestamp::from_second(minute * 60).unwrap()
}

fn event(source: &str, host: &str, at: i64) -> Event {
    let kind = LogKind {
        product: Some(source.into()),
        ..LogKind::default()
    };
    let mut event = Event::of_fields(kind, json!({ "host": host }));
    event.time = Some(minute(at));
    event
}

fn seen<'e>(events: impl IntoIterator<Item = &'e Event>) -> Seen {
    let mut seen = Seen::default();
    events.into_iter().for_each(|event| seen.saw(event));
    seen
}

/// `silent okta * 131` for each event: what, of whom, in which minute it became known.
fn sketch(events: &[Event]) -> Vec<String> {
    let word = |event: &Event, name: &str| {
        let text = event.fields.get(name).and_then(Item::as_str);
        text.unwrap_or("*").to_owned()
    };
    let sketch = |event: &Event| {
        let at = event.time.unwrap().as_second() / 60;
        let [state, source, host] = ["state", "source", "host"].map(|name| word(event, name));
        format!("{state} {source} {host} {at}")
    };
    events.iter().map(sketch).collect()
}

fn told(events: &[Event]) -> Vec<String> {
    let mut coverage = Coverage::default();
    coverage.merge(seen(events));
    sketch(&coverage.advance(Timestamp::MAX))
}

#[test]
fn a_log_that_stops_while_others_go_on_is_silent() {
    let okta = (0..100).map(|at| event("okta", "", at));
    let vpn = (0..200).map(|at| event("vpn", "", at));
    let events: Vec<Event> = okta.chain(vpn).collect();
    // It wrote last in minute 99, so that minute 129 was the thirtieth quiet one.
    assert_eq!(told(&events), ["silent okta * 130"]);
}

#[test]
fn the_end_of_everything_is_no_silence_but_a_hole_in_a_single_log_is_told() {
    let events: Vec<Event> = (0..100).map(|at| event("okta", "", at)).collect();
    assert_eq!(told(&events), [""; 0]);
    let hole = (0..200).filter(|at| !(100..150).contains(at));
    let events: Vec<Event> = hole.map(|at| event("okta", "", at)).collect();
    assert_eq!(told(&events), ["resumed okta * 151"]);
}

#[test]
fn a_machine_is_measured_by_the_others_of_its_log() {
    let quiet = (0..100).map(|at| event("esx", "A", at));
    let peer = (0..200).map(|at| event("esx", "b", at));
    let events: Vec<Event> = quiet.chain(peer).collect();
    assert_eq!(told(&events), ["silent esx a 130"]);
    let quiet = (0..100).map(|at| event("esx", "A", at));
    let other = (0..200).map(|at| event("okta", "b", at));
    let events: Vec<Event> = quiet.chain(other).collect();
    assert_eq!(
        told(&events),
        ["silent esx * 130"],
        "nobody else writes that log"
    );
}

#[test]
fn a_source_that_writes_once_an_hour_is_not_silent_after_half_a_day() {
    let hourly = (0..30).map(|hour| event("backup", "", hour * 60));
    let other = (0..2300).map(|at| event("vpn", "", at));
    let events: Vec<Event> = hourly.chain(other).collect();
    assert_eq!(told(&events), [""; 0]);
    let other = (0..2400).map(|at| event("vpn", "", at));
    let hourly = (0..30).map(|hour| event("backup", "", hour * 60));
    let events: Vec<Event> = hourly.chain(other).collect();
    assert_eq!(told(&events), ["silent backup * 2341"]);
}

#[test]
fn a_silence_is_kept_once_with_its_end() {
    let okta = (0..300).filter(|at| !(100..250).contains(at));
    let okta = okta.map(|at| event("okta", "", at));
    let vpn = (0..300).map(|at| event("vpn", "", at));
    let events: Vec<Event> = okta.chain(vpn).collect();
    assert_eq!(told(&events), ["silent okta * 130", "resumed okta * 251"]);
    let mut coverage = Coverage::default();
    coverage.merge(seen(&events));
    coverage.advance(Timestamp::MAX);
    let [silence] = coverage.silences() else {
        panic!("one silence, not {:?}", coverage.silences());
    };
    assert_eq!(
        (silence.from, silence.until),
        (minute(100), Some(minute(250)))
    );
    assert_eq!((silence.usual_minutes, silence.silence_minutes), (1, 30));
}

#[test]
fn minutes_behind_the_horizon_are_late_and_counted() {
    let mut coverage = Coverage::default();
    let events: Vec<Event> = (0..50).map(|at| event("okta", "", at)).collect();
    coverage.merge(seen(&events));
    coverage.advance(Timestamp::MAX);
    coverage.merge(seen(&[event("okta", "", 7), event("okta", "", 50)]));
    assert_eq!(coverage.late(), 0, "minute 7 was known");
    coverage.merge(seen(&[event("vpn", "", 7), event("vpn", "", 50)]));
    assert_eq!(coverage.late(), 1, "so does a source that is new");
    coverage.advance(Timestamp::MAX);
    let spans: Vec<_> = coverage
        .written()
        .into_iter()
        .map(|log| (log.first, log.last))
        .collect();
    assert_eq!(spans, [(minute(0), minute(50)), (minute(7), minute(50))]);
}

/// Three sources with holes, minute by minute.
fn history() -> impl Strategy<Value = Vec<(u8, i64)>> {
    let source = prop::collection::vec((1_i64..4, 0_u8..40), 30..120);
    let minutes = |gaps: Vec<(i64, u8)>| {
        let mut at = 0;
        let mut minutes = Vec::new();
        for (gap, hole) in gaps {
            at += if hole == 0 { gap * 40 } else { gap };
            minutes.push(at);
        }
        minutes
    };
    prop::collection::vec(source.prop_map(minutes), 3).prop_map(|sources| {
        let all = (0_u8..).zip(sources);
        all.flat_map(|(n, minutes)| minutes.into_iter().map(move |at| (n, at)))
            .collect()
    })
}

proptest! {
    #[test]
    fn within_the_lateness_arrival_changes_nothing(
        history in history(),
        delays in prop::collection::vec(0_i64..15, 1..50),
        step in 1_i64..40,
    ) {
        let names = ["esx", "okta", "vpn"];
        let events: Vec<Event> = history
            .iter()
            .map(|(n, at)| event(names[usize::from(*n)], ["a", "b"][usize::try_from(at % 2).unwrap()], *at))
            .collect();
        let at_once = told(&events);
        let mut arriving: Vec<(i64, &Event)> = events
            .iter()
            .zip(delays.iter().cycle())
            .map(|(event, delay)| (event.time.unwrap().as_second() / 60 + delay, event))
            .collect();
        arriving.sort_by_key(|(arrival, _)| *arrival);
        let mut coverage = Coverage::default();
        let mut streamed = Vec::new();
        for some in arriving.chunk_by(|a, b| a.0 / step == b.0 / step) {
            coverage.merge(seen(some.iter().map(|(_, event)| *event)));
            // All that arrives later happened less than a quarter of an hour before it does.
            let clock = (some[0].0 / step + 1) * step;
            streamed.extend(sketch(&coverage.advance(minute(clock - 15))));
        }
        streamed.extend(sketch(&coverage.advance(Timestamp::MAX)));
        prop_assert_eq!(streamed, at_once);
        prop_assert_eq!(coverage.late(), 0);
    }
}
