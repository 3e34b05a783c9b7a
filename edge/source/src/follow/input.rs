//! Standard input while it is followed: a thread takes in what comes, because waiting for it must hold up nobody.

use std::{
    io::{self, Read as _},
    path::PathBuf,
    sync::{
        Arc,
        mpsc::{self, Receiver, TryRecvError},
    },
    thread,
};

use super::Followed;
use crate::{Member, member::Place};

/// How much is taken in at a time, in bytes.
const CHUNK_BYTES: usize = 256 * 1024;

/// How many pieces may wait to be read; whoever writes waits beyond that.
const WAITING_MAX: usize = 64;

/// Standard input.
pub(super) struct Input {
    pieces: Receiver<io::Result<Vec<u8>>>,
    followed: Followed,
    over: bool,
    failed: Option<io::Error>,
}

impl Input {
    pub(super) fn standard() -> Self {
        let (send, pieces) = mpsc::sync_channel(WAITING_MAX);
        thread::spawn(move || {
            let mut input = io::stdin().lock();
            let mut chunk = vec![0; CHUNK_BYTES];
            loop {
                let piece = match input.read(&mut chunk) {
                    Ok(0) => return,
                    Ok(bytes) => Ok(chunk.get(..bytes).unwrap_or_default().to_vec()),
                    Err(why) if why.kind() == io::ErrorKind::Interrupted => continue,
                    Err(why) => Err(why),
                };
                let fails = piece.is_err();
                if send.send(piece).is_err() || fails {
                    return;
                }
            }
        });
        let member = Member::new(Arc::from("-"), 0, Place::Stdin);
        Self {
            pieces,
            followed: Followed::piped(&member),
            over: false,
            failed: None,
        }
    }

    /// Takes what has come; gives why no more can come, if that is not its end.
    pub(super) fn take_in(&mut self) {
        for _ in 0..WAITING_MAX {
            match self.pieces.try_recv() {
                Ok(Ok(piece)) => self.followed.take_in(&piece),
                Ok(Err(why)) => self.failed = Some(why),
                Err(TryRecvError::Empty) => return,
                Err(TryRecvError::Disconnected) => {
                    self.over = true;
                    self.followed.has_ended();
                    return;
                }
            }
        }
    }

    /// Why it ended early, told once.
    pub(super) fn failure(&mut self) -> Option<crate::SourceError> {
        self.failed.take().map(|source| crate::SourceError::Open {
            path: PathBuf::from("-"),
            source,
        })
    }

    pub(super) fn followed(&mut self) -> &mut Followed {
        &mut self.followed
    }

    pub(super) fn known(&self) -> &Followed {
        &self.followed
    }

    /// Whether it has ended and all of it was read.
    pub(super) fn is_over(&self) -> bool {
        self.over && self.followed.said_all()
    }
}
