//! What bounds any engine: how fast the same bytes can be split, parsed, or merely read.

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader},
    path::Path,
    sync::Arc,
};

use cordon_event::{Degradation, Event, Refusal, Sink};
use cordon_source::list;
use evtx::{EvtxParser, ParserSettings};
use simd_json::{Buffers, Tape};

use crate::{Fault, decoder_inputs, told::Told, walk::files};

/// One way of doing less than evaluating rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limit {
    /// Lines, and nothing else.
    Split,
    /// A `serde_json::Value` a line.
    SerdeValue,
    /// A `simd-json` tape a line, buffers reused.
    SimdTape,
    /// Cordon's own reading, with nothing done to the events.
    Read,
    /// The records of EVTX files as the `evtx` crate walks them, nothing rendered.
    EvtxWalk,
}

impl Limit {
    /// Those on lines of JSON.
    pub(crate) const OF_LINES: [Self; 4] =
        [Self::Split, Self::SerdeValue, Self::SimdTape, Self::Read];

    /// Those on EVTX files.
    pub(crate) const OF_EVTX: [Self; 2] = [Self::EvtxWalk, Self::Read];

    /// The word it is asked for by.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Split => "split",
            Self::SerdeValue => "serde-value",
            Self::SimdTape => "simd-tape",
            Self::Read => "read",
            Self::EvtxWalk => "evtx-walk",
        }
    }

    /// What it is, for a table.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Split => "limit: lines split",
            Self::SerdeValue => "limit: `serde_json::Value`",
            Self::SimdTape => "limit: `simd-json` tape, buffers reused",
            Self::Read => "Cordon's reading alone",
            Self::EvtxWalk => "limit: `evtx` crate walks the records",
        }
    }

    /// The one asked for.
    pub(crate) fn of_word(word: &str) -> Option<Self> {
        let all = Self::OF_LINES.into_iter().chain(Self::OF_EVTX);
        all.into_iter().find(|limit| limit.word() == word)
    }

    /// Does it.
    pub(crate) fn run(self, input: &Path) -> Result<Told, Fault> {
        match self {
            Self::Split => each_line(input, &mut |_| Ok(())),
            Self::SerdeValue => each_line(input, &mut |line| {
                serde_json::from_slice::<serde_json::Value>(line)?;
                Ok(())
            }),
            Self::SimdTape => tapes(input),
            Self::Read => read(input),
            Self::EvtxWalk => walk(input),
        }
    }
}

fn each_line(
    input: &Path,
    take: &mut dyn FnMut(&mut [u8]) -> Result<(), Fault>,
) -> Result<Told, Fault> {
    let mut lines = BufReader::with_capacity(1 << 18, File::open(input)?);
    let mut told = Told::default();
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = lines.read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(told);
        }
        told.events += 1;
        told.bytes += u64::try_from(read)?;
        take(&mut line)?;
    }
}

fn tapes(input: &Path) -> Result<Told, Fault> {
    let mut buffers = Buffers::default();
    let mut spare = Some(Tape::null());
    each_line(input, &mut |line| {
        let mut tape = spare.take().unwrap_or_else(Tape::null).reset();
        simd_json::fill_tape(line, &mut buffers, &mut tape)?;
        spare = Some(tape.reset());
        Ok(())
    })
}

fn read(input: &Path) -> Result<Told, Fault> {
    let mut count = Count(0);
    let (listing, hints) = (list(&[input.to_owned()])?, decoder_inputs::hints()?);
    for member in &listing.members {
        member.read(&hints, &mut count, &|_| {})?;
    }
    Ok(Told {
        events: count.0,
        matches: 0,
        bytes: listing.size(),
    })
}

struct Count(u64);

impl Sink for Count {
    fn event(&mut self, _event: &Event, _degraded: &[Degradation]) {
        self.0 += 1;
    }

    fn refusal(&mut self, _refusal: Refusal) {}
}

fn walk(input: &Path) -> Result<Told, Fault> {
    let mut told = Told::default();
    let settings = Arc::new(ParserSettings::new());
    for path in files(input, "evtx")? {
        told.bytes += fs::metadata(&path)?.len();
        let Ok(mut parser) = EvtxParser::from_path(&path) else {
            continue;
        };
        for chunk in parser.chunks() {
            let Ok(mut data) = chunk else { continue };
            let Ok(mut chunk) = data.parse(Arc::clone(&settings)) else {
                continue;
            };
            told.events += u64::try_from(chunk.iter().flatten().count())?;
        }
    }
    Ok(told)
}
