//! How records reach the engine: each at its own delay, some of them twice.

use jiff::SignedDuration;
use rand::{Rng as _, RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use cordon_engine::Screened;
use cordon_model::Timestamp;

use crate::Day;

/// How badly the world treats records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// Late, shuffled and doubled, but within the lateness.
    WithinLateness,
    /// Some come later than the lateness.
    Storm,
}

/// Some screened events that arrive together.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// When they arrive.
    pub at: Timestamp,
    /// What arrives.
    pub screened: Screened,
    /// How many hits that are.
    pub hits: u64,
}

/// One in this many deliveries comes a second time: a forwarder that lost an acknowledgement.
const DOUBLED_ONE_IN: u32 = 7;

/// One in this many is later than the lateness in a storm.
const TOO_LATE_ONE_IN: u32 = 11;

/// Makes the deliveries of one day, in order of arrival.
pub(crate) fn deliveries(day: &Day, weather: Weather, seed: u64) -> Vec<Delivery> {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let lateness = day.setup.lateness;
    let mut found = Vec::new();
    for (time, screened) in &day.screened {
        let mut delays = vec![within(&mut chance, lateness)];
        if chance.random_ratio(1, DOUBLED_ONE_IN) {
            delays.push(within(&mut chance, lateness));
        }
        if weather == Weather::Storm && chance.random_ratio(1, TOO_LATE_ONE_IN) {
            delays = vec![lateness * 2 + within(&mut chance, lateness)];
        }
        for delay in delays {
            let at = time.saturating_add(delay).unwrap_or(*time);
            let hits = u64::try_from(screened.len()).unwrap_or(u64::MAX);
            found.push((
                at,
                chance.next_u64(),
                Delivery {
                    at,
                    screened: screened.clone(),
                    hits,
                },
            ));
        }
    }
    found.sort_by_key(|(at, tie, _)| (*at, *tie));
    found.into_iter().map(|(.., delivery)| delivery).collect()
}

/// Any delay that is still in time.
fn within(chance: &mut ChaCha8Rng, lateness: SignedDuration) -> SignedDuration {
    SignedDuration::from_millis(
        chance.random_range(0..lateness.as_millis().try_into().unwrap_or(1)),
    )
}
