//! One source along event time: its minutes, its rhythm, and whether it is silent now.

use super::{
    minutes::Minutes,
    rhythm::{Judged, Rhythm},
};

/// What became known of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    /// The minute in which it wrote last.
    pub(super) from: i64,
    pub(super) judged: Judged,
    pub(super) state: State,
}

/// Whether it is still silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// For so long that it is silence, and others went on.
    Silent,
    /// It writes again since this minute.
    Resumed(i64),
}

impl Told {
    /// The minute in which this became so.
    pub(super) fn minute(&self) -> i64 {
        match self.state {
            State::Silent => self.from + self.judged.silence,
            State::Resumed(minute) => minute,
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Track {
    minutes: Minutes,
    rhythm: Rhythm,
    /// The first and the last minute of all.
    span: Option<(i64, i64)>,
    /// Minutes before this one were judged.
    done: Option<i64>,
    /// The minute in which it wrote last, of those.
    last: Option<i64>,
    /// Whether that it is silent since then was told.
    silent: bool,
    late: u64,
}

impl Track {
    /// A source that was not known when the minutes before this one were judged.
    pub(super) fn from(done: Option<i64>) -> Self {
        Self {
            done,
            ..Self::default()
        }
    }

    /// The first and the last minute in which it wrote.
    pub(super) fn span(&self) -> Option<(i64, i64)> {
        self.span
    }

    pub(super) fn add(&mut self, minutes: &Minutes) {
        if let Some(done) = self.done {
            let mut from = minutes.next(i64::MIN / 2);
            while let Some(minute) = from.filter(|minute| *minute < done) {
                self.late += u64::from(self.minutes.next(minute) != Some(minute));
                from = minutes.next(minute + 1);
            }
        }
        self.minutes.merge(minutes);
        if let (Some(first), Some(last)) = (minutes.next(i64::MIN / 2), minutes.last()) {
            let (begin, end) = self.span.unwrap_or((first, last));
            self.span = Some((begin.min(first), end.max(last)));
        }
    }

    /// Judges all minutes before `end`; `peers` are the minutes in which it or another wrote.
    pub(super) fn advance(&mut self, end: i64, peers: &Minutes) -> Vec<Told> {
        let mut told = Vec::new();
        let mut from = self.done.unwrap_or(i64::MIN / 2);
        if from >= end {
            return told;
        }
        while let Some(minute) = self.minutes.next(from).filter(|minute| *minute < end) {
            told.extend(self.silent_before(minute, peers));
            told.extend(self.resumed(minute));
            (self.last, self.silent) = (Some(minute), false);
            from = minute + 1;
        }
        told.extend(self.silent_before(end, peers));
        self.done = Some(end);
        told
    }

    /// Whether it became silent since it wrote last and before a minute.
    fn silent_before(&mut self, minute: i64, peers: &Minutes) -> Option<Told> {
        let from = self.last.filter(|_| !self.silent)?;
        let judged = self.rhythm.judge(minute - 1 - from)?;
        peers
            .next(from + 1)
            .filter(|other| *other <= from + judged.silence)?;
        self.silent = true;
        Some(Told {
            from,
            judged,
            state: State::Silent,
        })
    }

    fn resumed(&mut self, minute: i64) -> Option<Told> {
        let from = self.last?;
        let judged = self.rhythm.judge(minute - 1 - from);
        self.rhythm.note(minute - from);
        Some(Told {
            from,
            judged: judged?,
            state: State::Resumed(minute),
        })
    }

    pub(super) fn minutes(&self) -> &Minutes {
        &self.minutes
    }

    pub(super) fn forget_before(&mut self, minute: i64) {
        self.minutes.forget_before(minute);
    }

    pub(super) fn words(&self) -> usize {
        self.minutes.words()
    }

    pub(super) fn late(&self) -> u64 {
        self.late
    }
}
