//! Reading on where reading stopped, in a file that grows by lines.
//!
//! Invariant: a file read in pieces, each of whole lines, gives the records that it gives when read at once: the same
//! numbers, offsets and ids. *Absent*: knowing that a file grew, or that another one took its place.

use std::{io::BufRead, sync::Arc};

use crate::{
    Hints, LogFormat, ReadError, ReadSummary, Sink,
    format::{Format, recognise},
    ids::Ids,
    intake::Intake,
    memory::Memory,
    read::{read_any, read_lines},
};

/// How far a file was read.
#[derive(Debug, Default)]
pub struct Resume {
    offset: u64,
    records: u64,
    ids: Ids,
    memory: Memory,
}

impl Resume {
    /// How many bytes were read: where the next piece begins.
    pub const fn offset(&self) -> u64 {
        self.offset
    }
}

/// Whether a file that begins so can be read in pieces: records that end with their line, and nothing that
/// stands before them once and counts for all.
pub fn grows_by_lines(prefix: &[u8], hints: &Hints) -> bool {
    match hints.settings.format {
        Some(LogFormat::Lines) => true,
        Some(_) => false,
        None => recognise(prefix) == Format::Lines,
    }
}

/// Reads the next piece of a file, `bytes` long, which must be whole lines of a file that [`grows_by_lines`].
///
/// # Errors
/// If the stream itself fails. The sink then holds what was read before, the error counts it, and what is left
/// cannot be told from what was read: the file is to be read anew.
pub fn read_on(
    path: &Arc<str>,
    (input, bytes): (&mut dyn BufRead, u64),
    hints: &Hints,
    resume: &mut Resume,
    sink: &mut dyn Sink,
) -> Result<ReadSummary, ReadError> {
    let mut memory = std::mem::take(&mut resume.memory);
    let mut intake = Intake::new(Arc::clone(path), hints, &mut memory, sink);
    intake.go_on(std::mem::take(&mut resume.ids), resume.records);
    let read = if resume.offset == 0 {
        read_any(input, &mut intake)
    } else {
        read_lines(input, resume.offset, &mut intake)
    };
    (resume.ids, resume.records) = intake.stop();
    resume.offset += bytes;
    let summary = intake.finish();
    resume.memory = memory;
    match read {
        Ok(()) => Ok(summary),
        Err(source) => Err(ReadError {
            path: Arc::clone(path),
            so_far: Box::new(summary),
            source,
        }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Resume, grows_by_lines, read_on};
    use crate::{Degradation, Event, Hints, Refusal, Sink, read};

    /// Number, offset and id of each event; number and offset of each refusal.
    #[derive(Debug, Default, PartialEq)]
    struct Taken(Vec<(u64, u64, String)>);

    impl Sink for Taken {
        fn event(&mut self, event: &Event, _: &[Degradation]) {
            let id = event.id().as_str().to_owned();
            self.0.push((event.log.record, event.offset, id));
        }

        fn refusal(&mut self, refusal: Refusal) {
            self.0
                .push((refusal.log.record, refusal.offset, String::new()));
        }
    }

    const LINES: [&str; 6] = [
        "{\"a\":1}\n",
        "{\"a\":1}\n",
        "{broken\n",
        "\n",
        "May  4 10:00:00 host sshd[1]: Accepted password for root\n",
        "{\"uuid\":\"7\",\"eventType\":\"x\",\"actor\":{},\"published\":\"2025-05-04T10:00:00Z\"}\r\n",
    ];

    proptest! {
        #[test]
        fn a_file_read_in_pieces_is_the_file_read_at_once(
            lines in prop::collection::vec(0_usize..6, 1..30),
            marked in any::<bool>(),
            cuts in prop::collection::vec(1_usize..5, 1..30),
        ) {
            let hints = Hints::at("2025-06-01T00:00:00Z".parse().unwrap());
            let mut text = String::from(if marked { "\u{feff}" } else { "" });
            text.push_str(LINES[0]);
            text.extend(lines.iter().map(|line| LINES[*line]));
            prop_assert!(grows_by_lines(text.as_bytes(), &hints));
            let mut at_once = Taken::default();
            let whole = read(&"f".into(), &mut text.as_bytes(), &hints, &mut at_once).unwrap();
            let (mut resume, mut taken) = (Resume::default(), Taken::default());
            let mut total = crate::ReadSummary::default();
            let mut rest = text.split_inclusive('\n').peekable();
            for cut in cuts.iter().cycle() {
                let piece: String = rest.by_ref().take(*cut).collect();
                if piece.is_empty() {
                    break;
                }
                let input = (&mut piece.as_bytes() as &mut dyn std::io::BufRead, piece.len() as u64);
                total.merge(read_on(&"f".into(), input, &hints, &mut resume, &mut taken).unwrap());
            }
            prop_assert_eq!(taken, at_once);
            prop_assert_eq!(total, whole);
            prop_assert_eq!(resume.offset(), text.len() as u64);
        }
    }
}
