//! Notes when sources wrote, an event at a time: this stands on the way of every record.

use std::sync::Arc;

use cordon_model::Item;

use super::{Activity, Writer, minutes::Minutes};
use crate::{Event, LogKind};

/// Most machines of one log that are told apart; others count for their log alone.
const HOSTS_MAX: usize = 20_000;

#[expect(
    clippy::disallowed_types,
    reason = "asked for every record; sorted before anything is told"
)]
type ByName = std::collections::HashMap<Box<str>, Minute>;

/// When sources wrote, as far as one reader saw it.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    logs: Vec<Log>,
    /// The place of the log seen last.
    last: usize,
    unnoted: u64,
}

/// One kind of log.
#[derive(Debug, Clone)]
struct Log {
    kind: Arc<LogKind>,
    /// Its events, those without a time included.
    events: u64,
    activity: Activity,
    /// The field that names the machine.
    field: &'static str,
    nameless: Minute,
    hosts: ByName,
}

/// The minutes of one source, and the one noted last.
#[derive(Debug, Clone, Default)]
struct Minute {
    last: Option<i64>,
    minutes: Minutes,
}

impl Minute {
    fn put(&mut self, minute: i64) {
        if self.last != Some(minute) {
            self.last = Some(minute);
            self.minutes.put(minute);
        }
    }
}

impl Seen {
    /// Notes an event; one without a time is only counted.
    pub fn saw(&mut self, event: &Event) {
        let place = self.log(&event.kind);
        let Some(log) = self.logs.get_mut(place) else {
            return;
        };
        log.events += 1;
        let Some(time) = event.time else { return };
        let minute = time.as_second().div_euclid(60);
        log.activity.put(minute);
        let host = event.fields.get(log.field).and_then(Item::as_str);
        let Some(host) = host.filter(|host| !host.is_empty()) else {
            log.nameless.put(minute);
            return;
        };
        if let Some(known) = log.hosts.get_mut(host) {
            known.put(minute);
        } else if log.hosts.len() < HOSTS_MAX {
            log.hosts.entry(host.into()).or_default().put(minute);
        } else {
            log.nameless.put(minute);
            self.unnoted += 1;
        }
    }

    /// Readers share one kind among all events of it, so that it is known by its place in memory.
    fn log(&mut self, kind: &Arc<LogKind>) -> usize {
        let is_it = |log: &Log| Arc::ptr_eq(&log.kind, kind);
        if self.logs.get(self.last).is_some_and(is_it) {
            return self.last;
        }
        self.last = self.logs.iter().position(is_it).unwrap_or_else(|| {
            self.logs.push(Log::new(kind));
            self.logs.len() - 1
        });
        self.last
    }

    /// Adds what another reader saw.
    pub fn merge(&mut self, other: Self) {
        self.unnoted += other.unnoted;
        self.logs.extend(other.logs);
    }

    /// Each source with its minutes, in any order and perhaps more than once.
    pub(super) fn into_sources(self) -> Sources {
        let (mut writers, mut kinds) = (Vec::new(), Vec::new());
        for log in self.logs {
            let source = log.kind.source();
            kinds.push(Counted {
                kind: log.kind,
                events: log.events,
                activity: log.activity,
            });
            writers.push(((Arc::clone(&source), None), log.nameless.minutes));
            let mut hosts: Vec<_> = log.hosts.into_iter().collect();
            hosts.sort_by(|(a, _), (b, _)| a.cmp(b));
            for (host, minute) in hosts {
                let host = Some(Arc::from(host.to_lowercase()));
                writers.push(((Arc::clone(&source), host), minute.minutes));
            }
        }
        Sources {
            writers,
            kinds,
            unnoted: self.unnoted,
        }
    }
}

/// Everything that one reader saw, given away.
pub(super) struct Sources {
    /// Each source with its minutes, perhaps more than once.
    pub(super) writers: Vec<(Writer, Minutes)>,
    /// Each kind of log, perhaps more than once.
    pub(super) kinds: Vec<Counted>,
    /// Minutes that were not noted.
    pub(super) unnoted: u64,
}

/// A kind of log with its events.
pub(super) struct Counted {
    pub(super) kind: Arc<LogKind>,
    pub(super) events: u64,
    pub(super) activity: Activity,
}

impl Log {
    fn new(kind: &Arc<LogKind>) -> Self {
        Self {
            kind: Arc::clone(kind),
            events: 0,
            activity: Activity::default(),
            field: match kind.product.as_deref() {
                Some("windows") => "Computer",
                Some("fortinet" | "fortigate") => "devname",
                Some(_) | None => "host",
            },
            nameless: Minute::default(),
            hosts: ByName::default(),
        }
    }
}
