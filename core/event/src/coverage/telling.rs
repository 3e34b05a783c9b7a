//! Silence as an event that rules can look at, and as a line of a summary.

use std::sync::{Arc, LazyLock};

use cordon_model::{LogRef, Timestamp};
use serde_json::json;

use super::track::{State, Told};
use crate::{Event, LogKind, OwnId};

/// Where events about silence are said to stand: no file has them.
const PATH: &str = "cordon:coverage";

static KIND: LazyLock<Arc<LogKind>> = LazyLock::new(|| {
    Arc::new(LogKind {
        product: Some(Arc::from("cordon")),
        service: Some(Arc::from("coverage")),
        categories: Vec::new(),
    })
});

/// A source that was silent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silence {
    /// The kind of log, such as `windows/security`.
    pub source: Arc<str>,
    /// The machine, unless all of them are meant.
    pub host: Option<Arc<str>>,
    /// The end of the minute in which it wrote last.
    pub from: Timestamp,
    /// The minute in which it wrote again; none if it did not.
    pub until: Option<Timestamp>,
    /// How long it is usually quiet, in minutes: nine in ten gaps before were no longer.
    pub usual_minutes: i64,
    /// How long a quiet counts as silence, in minutes.
    pub silence_minutes: i64,
}

impl Silence {
    pub(super) fn of(told: &Told, source: &Arc<str>, host: Option<&Arc<str>>) -> Self {
        Self {
            source: Arc::clone(source),
            host: host.cloned(),
            from: start(told.from + 1),
            until: match told.state {
                State::Silent => None,
                State::Resumed(minute) => Some(start(minute)),
            },
            usual_minutes: told.judged.usual,
            silence_minutes: told.judged.silence,
        }
    }

    /// Whether both speak of the same time of the same source.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        (&self.source, &self.host, self.from) == (&other.source, &other.host, other.from)
    }

    /// The event that says so, the `number`th of its kind.
    pub(super) fn event(&self, told: &Told, number: u64) -> Event {
        // Of a minute, all is known when it is over.
        let time = start(told.minute() + 1);
        let state = match told.state {
            State::Silent => "silent",
            State::Resumed(_) => "resumed",
        };
        let silent_minutes = told.minute() - told.from;
        let fields = json!({
            "time": time.to_string(),
            "state": state,
            "source": &*self.source,
            "host": self.host.as_deref(),
            "silent_from": self.from.to_string(),
            "silent_until": self.until.map(|until| until.to_string()),
            "silent_minutes": silent_minutes,
            "usual_minutes": self.usual_minutes,
            "silence_minutes": self.silence_minutes,
        });
        let mut event = Event::of_fields(LogKind::default(), fields);
        event.kind = Arc::clone(&KIND);
        event.time = Some(time);
        event.log = LogRef {
            path: Arc::from(PATH),
            record: number,
        };
        let host = self.host.as_deref().unwrap_or("*");
        event.own = OwnId::of_vendor(format!("{state} {} {host} {}", self.source, self.from));
        event
    }
}

/// When a minute begins.
pub(super) fn start(minute: i64) -> Timestamp {
    Timestamp::from_second(minute.saturating_mul(60)).unwrap_or(Timestamp::MAX)
}
