//! Ctrl-C: the first asks for an end, the second does not wait for it.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use signal_hook::{
    consts::{SIGINT, SIGTERM},
    flag,
};

/// The exit code of a program that was interrupted.
const INTERRUPTED: i32 = 130;

/// How often a wait looks up.
const LOOK_UP: Duration = Duration::from_millis(50);

/// Whether an end was asked for.
#[derive(Debug, Clone)]
pub(crate) struct Stop(Arc<AtomicBool>);

impl Stop {
    /// From now on, an interrupt asks for an end instead of ending the process.
    ///
    /// # Errors
    /// When the system does not let us.
    pub(crate) fn on_interrupt() -> io::Result<Self> {
        let asked = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            flag::register_conditional_shutdown(signal, INTERRUPTED, Arc::clone(&asked))?;
            flag::register(signal, Arc::clone(&asked))?;
        }
        Ok(Self(asked))
    }

    /// Whether an end was asked for.
    pub(crate) fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Waits so long, or until an end is asked for.
    pub(crate) fn wait(&self, long: Duration) {
        let began = Instant::now();
        while !self.is_asked() {
            let left = long.saturating_sub(began.elapsed());
            if left.is_zero() {
                return;
            }
            thread::sleep(left.min(LOOK_UP));
        }
    }
}
