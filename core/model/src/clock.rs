//! How the time of a record came about.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp, tz::Offset};

/// What was declared of the clock that a record was written by, how the record writes its time, and when it arrived.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clock {
    /// How far the clock runs ahead, negative if it lags: taken off the time that the record says.
    pub ahead: SignedDuration,
    /// The zone of times that name none.
    pub zone: Option<Arc<str>>,
    /// The offset from UTC that the record writes beside its time; none if it writes none, or if the time counts
    /// from a moment.
    pub written: Option<Offset>,
    /// When the record was read, if it was awaited; files that were written before tell nothing by that.
    pub arrival: Option<Timestamp>,
}

impl Clock {
    /// Whether there is nothing to say beside the time itself, which is told in UTC.
    pub fn is_plain(&self) -> bool {
        let Self {
            ahead,
            zone,
            written,
            arrival,
        } = self;
        ahead.is_zero() && zone.is_none() && arrival.is_none() && written.is_none_or(is_utc)
    }

    /// The offset that the record writes, as RFC 3339 has it: `+01:00`.
    pub fn written_text(&self) -> Option<String> {
        let seconds = self.written?.seconds();
        let (sign, away) = (if seconds < 0 { '-' } else { '+' }, seconds.abs());
        let (hours, minutes, rest) = (away / 3600, away / 60 % 60, away % 60);
        let odd = if rest == 0 {
            String::new()
        } else {
            format!(":{rest:02}")
        };
        Some(format!("{sign}{hours:02}:{minutes:02}{odd}"))
    }
}

fn is_utc(offset: Offset) -> bool {
    offset == Offset::UTC
}

#[cfg(test)]
mod tests {
    use jiff::tz::Offset;

    use super::Clock;

    #[test]
    fn an_offset_is_told_as_it_is_written_and_utc_is_nothing_to_tell() {
        for (seconds, text, plain) in [
            (0, "+00:00", true),
            (19_800, "+05:30", false),
            (-12_600, "-03:30", false),
            (-75, "-00:01:15", false),
        ] {
            let clock = Clock {
                written: Offset::from_seconds(seconds).ok(),
                ..Clock::default()
            };
            assert_eq!(clock.written_text().as_deref(), Some(text));
            assert_eq!(clock.is_plain(), plain, "{text}");
        }
        assert_eq!(Clock::default().written_text(), None);
    }
}
