//! How far event time has come, while logs are followed.
//!
//! Records tell it, not the clock: what is followed may be a week old. It has come as far as the latest event, but no
//! further than the clock, so that one machine whose clock is years ahead makes nobody else late. When nothing
//! comes any more, what was read a lateness ago has waited long enough, and time moves on to where it was then.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

/// Event time as it goes on.
#[derive(Debug)]
pub(super) struct Watermark {
    lateness: SignedDuration,
    /// The latest event.
    seen: Option<Timestamp>,
    /// When by the clock the latest event became this one, oldest first.
    history: VecDeque<(Timestamp, Timestamp)>,
}

impl Watermark {
    pub(super) fn new(lateness: SignedDuration) -> Self {
        Self {
            lateness,
            seen: None,
            history: VecDeque::new(),
        }
    }

    /// Notes the latest event that was read by now.
    pub(super) fn saw(&mut self, event: Option<Timestamp>, clock: Timestamp) {
        let event = event.map(|event| event.min(clock));
        if event > self.seen {
            self.seen = event;
            self.history.extend(event.map(|event| (clock, event)));
        }
    }

    /// The time that an engine is to be told now: it lets go of what is older by the lateness.
    pub(super) fn now(&mut self, clock: Timestamp) -> Timestamp {
        let long_ago = clock.checked_sub(self.lateness).unwrap_or(Timestamp::MIN);
        while self.history.len() > 1 && self.history.get(1).is_some_and(|(at, _)| *at <= long_ago) {
            self.history.pop_front();
        }
        let waited = self.history.front().filter(|(at, _)| *at <= long_ago);
        let waited = waited.map(|(_, event)| event.checked_add(self.lateness).unwrap_or(*event));
        self.seen.max(waited).unwrap_or(Timestamp::MIN)
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::Watermark;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn time_goes_with_the_events_and_no_further_than_the_clock() {
        let mut mark = Watermark::new(SignedDuration::from_secs(100));
        assert_eq!(mark.now(second(5000)), Timestamp::MIN);
        mark.saw(Some(second(1000)), second(5000));
        assert_eq!(mark.now(second(5000)), second(1000));
        mark.saw(Some(second(900)), second(5001));
        assert_eq!(mark.now(second(5001)), second(1000));
        mark.saw(Some(second(9000)), second(5002));
        assert_eq!(mark.now(second(5002)), second(5002));
    }

    #[test]
    fn when_nothing_comes_what_waited_for_the_lateness_is_let_go() {
        let mut mark = Watermark::new(SignedDuration::from_secs(100));
        mark.saw(Some(second(1000)), second(5000));
        mark.saw(Some(second(1050)), second(5050));
        assert_eq!(mark.now(second(5099)), second(1050));
        assert_eq!(mark.now(second(5100)), second(1100));
        assert_eq!(mark.now(second(5150)), second(1150));
        assert_eq!(mark.now(second(9999)), second(1150));
    }
}
