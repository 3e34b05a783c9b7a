//! Which sources wrote when, and which of them fell silent: a log that stops is itself something that happened.
//!
//! A source is a kind of log, such as `windows/security`, or one machine's share of it. It is silent when it
//! wrote nothing for ten times as long as it usually does, half an hour at least, while others went on: other
//! logs for a log, other machines of the same log for a machine. When it writes again after such a time, that is
//! told too. Both become events (product `cordon`, service `coverage`) that rules can look at.
//!
//! Invariants: only event time counts, in whole minutes, and what was usual is judged by what came before; so the
//! same records give the same events whatever their order of arrival, as long as each comes before the horizon
//! passes its time. *Absent*: whether silence is anybody's fault.

mod activity;
mod minutes;
mod rhythm;
mod seen;
mod telling;
mod track;

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, sync::Arc};

use cordon_model::Timestamp;

use crate::{Event, LogKind};

use minutes::Minutes;
use track::Track;

pub use activity::Activity;
pub use seen::Seen;
pub use telling::Silence;

/// Most silences kept for a summary.
const SILENCES_MAX: usize = 10_000;

/// Most memory for minutes that wait, in words of 64 minutes each: some hundred megabytes.
const WORDS_MAX: usize = 4 << 20;

/// Minutes behind the horizon for which it is known that somebody wrote: the longest quiet that is judged.
const PEERS_MINUTES: i64 = 7 * 24 * 60 + 64;

/// Who wrote: a kind of log, and a machine unless all of them are meant.
type Writer = (Arc<str>, Option<Arc<str>>);

/// Everything that is known about when sources wrote.
#[derive(Debug, Default)]
pub struct Coverage {
    tracks: BTreeMap<Writer, Track>,
    /// When anybody wrote.
    anyone: Minutes,
    /// Minutes before this one were judged.
    done: Option<i64>,
    words: usize,
    silences: Vec<Silence>,
    activity: BTreeMap<Arc<str>, Activity>,
    kinds: BTreeMap<LogKind, u64>,
    told: u64,
    unnoted: u64,
}

impl Coverage {
    /// Adds what was seen somewhere.
    pub fn merge(&mut self, seen: Seen) {
        let seen = seen.into_sources();
        self.unnoted += seen.unnoted;
        for counted in seen.kinds {
            let activity = self.activity.entry(counted.kind.source()).or_default();
            activity.merge(counted.activity);
            let kind = LogKind::clone(&counted.kind);
            *self.kinds.entry(kind).or_default() += counted.events;
        }
        for ((source, host), minutes) in seen.writers {
            if self.words > WORDS_MAX {
                self.unnoted += 1;
                continue;
            }
            self.anyone.merge(&minutes);
            self.add((Arc::clone(&source), None), &minutes);
            if let Some(host) = host {
                self.add((source, Some(host)), &minutes);
            }
        }
    }

    fn add(&mut self, writer: Writer, minutes: &Minutes) {
        let done = self.done;
        let track = self
            .tracks
            .entry(writer)
            .or_insert_with(|| Track::from(done));
        let before = track.words();
        track.add(minutes);
        self.words += track.words().saturating_sub(before);
    }

    /// Gives what fell silent or began again up to a point in event time, oldest first. Nothing is said of the time
    /// after the last record of all: that nobody writes is the end of what was collected.
    pub fn advance(&mut self, horizon: Timestamp) -> Vec<Event> {
        let Some(last) = self.anyone.last() else {
            return Vec::new();
        };
        let end = horizon.as_second().div_euclid(60).min(last + 1);
        if self.done.is_some_and(|done| end <= done) {
            return Vec::new();
        }
        self.done = Some(end);
        let mut told = Vec::new();
        let logs: BTreeMap<Arc<str>, Minutes> = self.minutes_of_logs();
        for ((source, host), track) in &mut self.tracks {
            let peers = match host {
                Some(_) => logs.get(source).unwrap_or(&self.anyone),
                None => &self.anyone,
            };
            let each = track.advance(end, peers).into_iter();
            told.extend(each.map(|told| (told, source, host)));
        }
        told.sort_by_key(|(told, source, host)| {
            (told.minute(), Arc::clone(source), (*host).clone())
        });
        let mut events = Vec::new();
        for (told, source, host) in told {
            self.told += 1;
            let silence = Silence::of(&told, source, host.as_ref());
            events.push(silence.event(&told, self.told));
            keep(&mut self.silences, silence);
        }
        self.forget(end);
        events
    }

    /// The minutes of each log that more than one machine writes; of others, nobody is a peer.
    fn minutes_of_logs(&self) -> BTreeMap<Arc<str>, Minutes> {
        let logs = self.tracks.iter().filter(|((_, host), _)| host.is_none());
        logs.map(|((source, _), track)| (Arc::clone(source), track.minutes().clone()))
            .collect()
    }

    fn forget(&mut self, end: i64) {
        self.anyone.forget_before(end - PEERS_MINUTES);
        for track in self.tracks.values_mut() {
            track.forget_before(end - PEERS_MINUTES);
        }
        self.words = self.tracks.values().map(Track::words).sum();
    }

    /// What fell silent so far, each once, at most ten thousand.
    pub fn silences(&self) -> &[Silence] {
        &self.silences
    }

    /// Every kind of log that wrote.
    pub fn written(&self) -> Vec<Written> {
        let mut written: Vec<Written> = Vec::new();
        for ((source, host), track) in &self.tracks {
            match (host, track.span(), written.last_mut()) {
                (None, Some((first, last)), _) => written.push(Written {
                    source: Arc::clone(source),
                    hosts: 0,
                    first: telling::start(first),
                    last: telling::start(last),
                }),
                (Some(_), _, Some(log)) if log.source == *source => log.hosts += 1,
                (None, None, _) | (Some(_), ..) => {}
            }
        }
        written
    }

    /// How many records each kind of log had in each minute.
    pub fn activity(&self) -> &BTreeMap<Arc<str>, Activity> {
        &self.activity
    }

    /// How many events there were of each kind, categories included.
    pub fn kinds(&self) -> &BTreeMap<LogKind, u64> {
        &self.kinds
    }

    /// How many minutes of sources were not noted, because there were too many sources or too much time.
    pub fn unnoted(&self) -> u64 {
        self.unnoted
    }

    /// How many minutes came behind the horizon, when it had been judged without them.
    pub fn late(&self) -> u64 {
        self.tracks.values().map(Track::late).sum()
    }
}

/// A source, and when it wrote, as far as it did within what was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The kind of log.
    pub source: Arc<str>,
    /// How many machines of it are known by name.
    pub hosts: usize,
    /// The minute in which it wrote first.
    pub first: Timestamp,
    /// The minute in which it wrote last.
    pub last: Timestamp,
}

/// A silence that ended takes the place of the same while it lasted.
fn keep(silences: &mut Vec<Silence>, silence: Silence) {
    let same = |known: &&mut Silence| known.is_same(&silence);
    if let Some(known) = silences.iter_mut().rev().find(same) {
        *known = silence;
    } else if silences.len() < SILENCES_MAX {
        silences.push(silence);
    }
}
