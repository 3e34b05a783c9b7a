//! Rotating the key that signs a domain's tickets: several resets with a wait between, as one effect.
//!
//! What counts is the version of the key, which each reset raises by one. Between two resets nothing is wrong and nothing is
//! to be done: the effect is pending until tickets of the key before have run out. Invariants: no reset comes earlier than the
//! wait after the one before; only an account called `krbtgt` is ever reset here. Absent on purpose: looking whether an old
//! ticket is refused, for which one has to be at hand.

use std::time::{Duration, SystemTime};

use cordon_act::Standing;
use cordon_model::Value;

/// The last key and the one before stay good, so that a second reset is the first that ends old tickets ([MS-KILE] 3.1.5.3).
const RESETS: i64 = 2;
/// No directory server is known to keep more old keys than three.
const RESETS_MAX: i64 = 5;
/// The lifetime of a ticket that domains have by default.
const WAIT_MINUTES: f64 = 600.0;
/// A week is as long as tickets can be renewed by default.
const WAIT_MINUTES_MAX: f64 = 10_080.0;
/// Seconds from 1601, with which a directory counts, to 1970.
const EPOCH_SECONDS: u64 = 11_644_473_600;

/// How it is rotated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rotation {
    pub(super) resets: i64,
    pub(super) wait: Duration,
}

impl Rotation {
    /// From what the estate says beside the target.
    ///
    /// # Errors
    /// When it says something that cannot be.
    pub(super) fn of(parameters: &Value) -> Result<Self, String> {
        let resets = match parameters.get("resets") {
            None => RESETS,
            Some(said) => {
                let count = said.as_i64().filter(|n| (RESETS..=RESETS_MAX).contains(n));
                count.ok_or_else(|| {
                    format!("expected `resets` from {RESETS} to {RESETS_MAX}, found {said}")
                })?
            }
        };
        let minutes = match parameters.get("wait_minutes") {
            None => WAIT_MINUTES,
            Some(said) => {
                let minutes = said
                    .as_f64()
                    .filter(|m| (0.0..=WAIT_MINUTES_MAX).contains(m));
                minutes.ok_or_else(|| {
                    format!("expected `wait_minutes` from 0 to {WAIT_MINUTES_MAX}, found {said}")
                })?
            }
        };
        Ok(Self {
            resets,
            wait: Duration::from_secs_f64(minutes * 60.0),
        })
    }

    /// All waits together, in milliseconds.
    pub(super) fn waits_ms(self) -> u64 {
        let waits = u32::try_from(self.resets - 1).unwrap_or(u32::MAX);
        let all = self.wait.saturating_mul(waits);
        u64::try_from(all.as_millis()).unwrap_or(u64::MAX)
    }

    /// Where it stands.
    pub(super) fn standing(self, state: &Value, prior: &Value, now: SystemTime) -> Standing {
        match made(state, prior) {
            Some(made) if made >= self.resets => Standing::AsWanted,
            Some(0) => Standing::AsBefore,
            Some(_) if self.is_due(state, prior, now) => Standing::Other,
            Some(_) | None => Standing::Pending,
        }
    }

    /// Whether the next reset may be made.
    pub(super) fn is_due(self, state: &Value, prior: &Value, now: SystemTime) -> bool {
        match made(state, prior) {
            None => false,
            Some(0) => true,
            Some(made) => made < self.resets && self.is_over(state, now),
        }
    }

    /// Whether the wait since the last reset is over.
    fn is_over(self, state: &Value, now: SystemTime) -> bool {
        let ticks = state["pwdLastSet"]
            .as_str()
            .and_then(|text| text.parse().ok());
        let set = ticks.and_then(|ticks: u64| {
            let since = Duration::from_micros(ticks / 10);
            since.checked_sub(Duration::from_secs(EPOCH_SECONDS))
        });
        set.is_some_and(|set| SystemTime::UNIX_EPOCH + set + self.wait <= now)
    }
}

/// Why an entry's key is none that signs tickets.
pub(super) fn unfit(state: &Value) -> Option<String> {
    let name = state["sAMAccountName"].as_str().unwrap_or_default();
    // Those of read-only domain controllers have a number behind it.
    let number = name
        .to_lowercase()
        .strip_prefix("krbtgt")
        .map(str::to_owned);
    let is_one = number.is_some_and(|rest| {
        rest.is_empty()
            || rest
                .strip_prefix('_')
                .is_some_and(|digits| digits.parse::<u32>().is_ok())
    });
    if !is_one {
        return Some(format!(
            "`{name}` is not the account whose key signs tickets"
        ));
    }
    if version(state).is_none() {
        return Some("the entry does not say the version of its key".to_owned());
    }
    None
}

/// Resets since the state before; none if the version cannot be read, or went back.
fn made(state: &Value, prior: &Value) -> Option<i64> {
    Some(version(state)? - version(prior)?).filter(|made| *made >= 0)
}

fn version(state: &Value) -> Option<i64> {
    state["keyVersion"].as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use cordon_act::Standing;
    use serde_json::json;

    use super::{EPOCH_SECONDS, Rotation, unfit};

    #[test]
    fn a_second_reset_comes_after_the_wait_and_no_third() {
        let rotation = Rotation::of(&json!({ "wait_minutes": 10 })).unwrap();
        let at = |minutes: u64| SystemTime::UNIX_EPOCH + Duration::from_secs(minutes * 60);
        let state = |version: u64, minutes: u64| {
            let ticks = (EPOCH_SECONDS + minutes * 60) * 10_000_000;
            json!({ "keyVersion": version.to_string(), "pwdLastSet": ticks.to_string() })
        };
        let prior = state(4, 0);
        for (now, minute, standing, due) in [
            (state(4, 0), 100, Standing::AsBefore, true),
            (state(5, 100), 101, Standing::Pending, false),
            (state(5, 100), 109, Standing::Pending, false),
            (state(5, 100), 110, Standing::Other, true),
            (state(6, 110), 110, Standing::AsWanted, false),
            (state(6, 110), 900, Standing::AsWanted, false),
            (json!({}), 900, Standing::Pending, false),
        ] {
            assert_eq!(
                (
                    rotation.standing(&now, &prior, at(minute)),
                    rotation.is_due(&now, &prior, at(minute))
                ),
                (standing, due),
                "{now} at {minute}"
            );
        }
    }

    #[test]
    fn a_rotation_says_how_often_and_how_far_apart_within_reason() {
        let waits = |said| Rotation::of(&said).map(|rotation| rotation.waits_ms() / 60_000);
        assert_eq!(waits(json!(null)), Ok(600));
        assert_eq!(waits(json!({ "resets": 3, "wait_minutes": 60 })), Ok(120));
        assert_eq!(waits(json!({ "wait_minutes": 0 })), Ok(0));
        for wrong in [
            json!({ "resets": 1 }),
            json!({ "resets": "two" }),
            json!({ "resets": 100 }),
            json!({ "wait_minutes": -1 }),
            json!({ "wait_minutes": 1e9 }),
        ] {
            assert!(waits(wrong.clone()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_accounts_that_sign_tickets_are_rotated() {
        let of = |name: &str| json!({ "sAMAccountName": name, "keyVersion": "2" });
        for name in ["krbtgt", "KRBTGT", "krbtgt_4711"] {
            assert_eq!(unfit(&of(name)), None, "{name}");
        }
        for name in ["anna", "krbtgt2", "krbtgt_x", ""] {
            assert!(unfit(&of(name)).is_some(), "{name}");
        }
        assert!(unfit(&json!({ "sAMAccountName": "krbtgt", "keyVersion": null })).is_some());
    }
}
