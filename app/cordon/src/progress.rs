//! A sign of life for work that takes over a second.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{self, RecvTimeoutError, Sender},
    },
    thread,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work shorter than this is not worth a bar.
const QUIET: Duration = Duration::from_secs(1);

/// How often the bar is drawn.
const REDRAW: Duration = Duration::from_millis(100);

/// Shows progress on standard error until it is dropped.
#[derive(Debug)]
pub(crate) struct Progress {
    done: Arc<AtomicU64>,
    total: Arc<AtomicU64>,
    watcher: Option<(Sender<()>, thread::JoinHandle<()>)>,
}

impl Progress {
    /// Progress that nobody watches.
    pub(crate) fn unwatched() -> Self {
        Self {
            done: Arc::default(),
            total: Arc::default(),
            watcher: None,
        }
    }

    /// Progress shown to a person once the work has taken a second.
    pub(crate) fn watched(doing: &'static str) -> Self {
        let (done, total) = (Arc::<AtomicU64>::default(), Arc::<AtomicU64>::default());
        let (stop, stopped) = mpsc::channel::<()>();
        let seen = (Arc::clone(&done), Arc::clone(&total));
        let handle = thread::spawn(move || {
            if stopped.recv_timeout(QUIET) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let bar = bar(doing, seen.1.load(Ordering::Relaxed));
            while stopped.recv_timeout(REDRAW) == Err(RecvTimeoutError::Timeout) {
                bar.set_position(seen.0.load(Ordering::Relaxed));
                bar.tick();
            }
            bar.finish_and_clear();
        });
        Self {
            done,
            total,
            watcher: Some((stop, handle)),
        }
    }

    /// Says how much there is to do, in bytes. Unknown until then.
    pub(crate) fn expect(&self, bytes: u64) {
        self.total.store(bytes, Ordering::Relaxed);
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

fn bar(doing: &'static str, total: u64) -> ProgressBar {
    let (bar, template) = if total == 0 {
        (ProgressBar::new_spinner(), "{spinner} {msg} {elapsed}")
    } else {
        (
            ProgressBar::new(total),
            "{msg} {bar:40} {bytes}/{total_bytes} {eta}",
        )
    };
    bar.set_draw_target(ProgressDrawTarget::stderr());
    bar.set_message(doing);
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
