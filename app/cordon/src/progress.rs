//! A sign of life for work that takes over a second.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{self, RecvTimeoutError, Sender},
    },
    thread,
    time::{Duration, Instant},
};

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work shorter than this is not worth a bar.
const QUIET: Duration = Duration::from_secs(1);

/// How often the bar is drawn.
const REDRAW: Duration = Duration::from_millis(100);

/// Shows progress on standard error until it is dropped.
#[derive(Debug)]
pub(crate) struct Progress {
    done: Arc<AtomicU64>,
    total: Arc<AtomicU64>,
    records: Arc<AtomicU64>,
    watcher: Option<(Sender<()>, thread::JoinHandle<()>)>,
}

impl Progress {
    /// Progress that nobody watches.
    pub(crate) fn unwatched() -> Self {
        Self {
            done: Arc::default(),
            total: Arc::default(),
            records: Arc::default(),
            watcher: None,
        }
    }

    /// Progress shown to a person once the work has taken a second.
    pub(crate) fn watched(doing: &'static str) -> Self {
        let (done, total) = (Arc::<AtomicU64>::default(), Arc::<AtomicU64>::default());
        let (stop, stopped) = mpsc::channel::<()>();
        let records = Arc::<AtomicU64>::default();
        let seen = (Arc::clone(&done), Arc::clone(&total), Arc::clone(&records));
        let began = Instant::now();
        let handle = thread::spawn(move || {
            if stopped.recv_timeout(QUIET) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let bar = bar(doing, seen.1.load(Ordering::Relaxed));
            while stopped.recv_timeout(REDRAW) == Err(RecvTimeoutError::Timeout) {
                let (done, took) = (seen.0.load(Ordering::Relaxed), began.elapsed());
                bar.set_position(done);
                bar.set_message(said(doing, seen.2.load(Ordering::Relaxed), took));
                bar.set_prefix(left(done, seen.1.load(Ordering::Relaxed), took));
                bar.tick();
            }
            bar.finish_and_clear();
        });
        Self {
            done,
            total,
            records,
            watcher: Some((stop, handle)),
        }
    }

    /// Says how much there is to do, in bytes. Unknown until then.
    pub(crate) fn expect(&self, bytes: u64) {
        self.total.store(bytes, Ordering::Relaxed);
    }

    /// Says that some more records were read.
    pub(crate) fn records(&self, count: u64) {
        self.records.fetch_add(count, Ordering::Relaxed);
    }

    /// Says that some more is done, in bytes.
    pub(crate) fn advance(&self, bytes: u64) {
        self.done.fetch_add(bytes, Ordering::Relaxed);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, handle)) = self.watcher.take() {
            drop(stop);
            let _a_bar_that_died_is_no_loss = handle.join();
        }
    }
}

/// What is done, how many records that were, and how many a second.
fn said(doing: &str, records: u64, took: Duration) -> String {
    if records == 0 {
        return doing.to_owned();
    }
    let millis = took.as_millis().max(1);
    let rate = u128::from(records) * 1000 / millis;
    let (records, rate) = (
        HumanCount(records),
        HumanCount(u64::try_from(rate).unwrap_or(u64::MAX)),
    );
    let plural = if records.0 == 1 { "" } else { "s" };
    format!("{doing}: {records} record{plural}, {rate}/s")
}

/// How long the rest takes if it goes on as it went so far.
fn left(done: u64, total: u64, took: Duration) -> String {
    let rest = u128::from(total.saturating_sub(done));
    let millis = took.as_millis() * rest / u128::from(done.max(1));
    let seconds = millis.div_ceil(1000);
    match (done, seconds) {
        (0, _) => String::new(),
        (_, 0..120) => format!(", {seconds} s left"),
        (_, 120..7200) => format!(", {} min left", seconds / 60),
        (_, _) => format!(", {} h left", seconds / 3600),
    }
}

fn unseen(total: Option<u64>) -> ProgressBar {
    ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden())
}

fn bar(doing: &'static str, total: u64) -> ProgressBar {
    let (bar, template) = if total == 0 {
        (unseen(None), "{spinner} {msg} {elapsed}")
    } else {
        (
            unseen(Some(total)),
            "{msg} {wide_bar} {bytes}/{total_bytes}{prefix}",
        )
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message(doing);
    // Whatever is set once it can be seen is drawn at once.
    bar.set_draw_target(ProgressDrawTarget::stderr());
    bar
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{left, said};

    #[test]
    fn the_rest_takes_as_long_as_what_is_done_did() {
        for (done, took, expect) in [
            (0, 5, ""),
            (25, 5, ", 15 s left"),
            (1, 5, ", 8 min left"),
            (1, 500, ", 13 h left"),
            (100, 5, ", 0 s left"),
        ] {
            assert_eq!(left(done, 100, Duration::from_secs(took)), expect);
        }
        let words = said("reading", 120_000, Duration::from_secs(4));
        assert_eq!(words, "reading: 120,000 records, 30,000/s");
        let one = said("reading", 1, Duration::from_secs(1));
        assert_eq!(one, "reading: 1 record, 1/s");
        assert_eq!(said("reading", 0, Duration::from_secs(4)), "reading");
    }
}
