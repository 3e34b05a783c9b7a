//! What the product reads of a file, and what it should have.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use cordon_engine::{Screen, Screened, Setup};
use cordon_event::{Degradation, Event, Hints, ReadSummary, Refusal, Seen, Sink, SourceSettings};
use cordon_model::Timestamp;
use jiff::SignedDuration;

use super::{Place, file::Framed};

/// A record that some rule matched.
#[derive(Debug, Clone)]
pub(super) struct Observed {
    pub(super) arrival: Timestamp,
    pub(super) screened: Screened,
    /// The first record of the day as it was made that is the same.
    pub(super) first: Place,
}

/// What came of one source.
#[derive(Debug, Clone, Default)]
pub(super) struct Taken {
    pub(super) observed: Vec<Observed>,
    pub(super) seen: Seen,
    /// The kinds of log that it holds.
    pub(super) kinds: BTreeSet<Arc<str>>,
    /// By path as read and number there, which record of the source's day as it was made it is.
    pub(super) originals: BTreeMap<Arc<str>, Vec<u64>>,
    /// Records of the source's day as it was made that are there as a whole.
    pub(super) survivors: BTreeSet<u64>,
    /// How many records a cut went through.
    pub(super) halved: u64,
    /// How many of a source's records are gone.
    pub(super) lost: u64,
    /// What is wrong with the count of records.
    pub(super) wrong: Option<String>,
}

impl Taken {
    /// Adds what came of the source's other file.
    pub(super) fn merge(&mut self, other: Self) {
        self.observed.extend(other.observed);
        self.seen.merge(other.seen);
        self.kinds.extend(other.kinds);
        self.originals.extend(other.originals);
        self.survivors.extend(other.survivors);
        self.halved += other.halved;
        self.lost += other.lost;
        self.wrong = self.wrong.take().or(other.wrong);
    }
}

/// Reads a file, cut off at a share of its bytes or not, by a clock that is declared.
pub(super) fn read(
    setup: &Setup,
    path: &str,
    (file, cut): (&Framed, Option<(u64, u64)>),
    ahead: SignedDuration,
) -> Taken {
    let name: Arc<str> = Arc::from(format!("{path}{}", file.suffix));
    let end = cut.map_or(file.bytes.len(), |(part, of)| {
        share(file.bytes.len(), part, of)
    });
    let hints = Hints::default().of(SourceSettings {
        clock_offset: ahead,
        ..SourceSettings::default()
    });
    let mut sink = Watching::new(setup);
    let bytes = file.bytes.get(..end).unwrap_or_default();
    let summary = run(&name, bytes, &hints, &mut sink);
    let whole = file.pieces.iter().take_while(|piece| piece.to <= end);
    let whole: Vec<u64> = whole.map(|piece| piece.original).collect();
    let half = file
        .pieces
        .get(whole.len())
        .filter(|piece| piece.from < end);
    let arrival = |number: u64| nth(&file.pieces, number).map(|piece| piece.arrival);
    // What half a record says is told as far as it goes, and is compared with nothing.
    let halved = whole.len() + 1;
    let found = sink.found.into_iter();
    let found = found.filter(|(number, _)| usize::try_from(*number) != Ok(halved));
    let observed = found.map(|(number, screened)| Observed {
        arrival: arrival(number).unwrap_or(Timestamp::MIN),
        screened,
        first: (Arc::from(path), number),
    });
    Taken {
        observed: observed.collect(),
        seen: sink.seen,
        kinds: summary.by_source.keys().map(Arc::clone).collect(),
        halved: u64::from(half.is_some()),
        lost: u64::try_from(file.pieces.len() - whole.len()).unwrap_or(u64::MAX),
        wrong: wrong(&summary, whole.len(), half.map(|_| file)),
        survivors: whole.iter().copied().collect(),
        originals: BTreeMap::from([(name, whole)]),
    }
}

/// Whole records are events, and half of one is refused, or told as far as it goes where nothing shows that it is
/// half; nothing else is there, and nothing is left out.
fn wrong(summary: &ReadSummary, whole: usize, halved: Option<&Framed>) -> Option<String> {
    let whole = u64::try_from(whole).unwrap_or(u64::MAX);
    let half = u64::from(halved.is_some());
    let refused = summary.refused_count();
    let is_right = match halved {
        Some(file) if !file.is_json => (summary.events, refused) == (whole + half, 0),
        Some(_) | None => (summary.events, refused) == (whole, half),
    };
    (!is_right).then(|| {
        let events = summary.events;
        format!("{events} events and {refused} refused of {whole} whole and {half} half records")
    })
}

/// The record of a number, counted from 1.
pub(super) fn nth<T>(records: &[T], number: u64) -> Option<&T> {
    let place = usize::try_from(number).ok()?.checked_sub(1)?;
    records.get(place)
}

fn share(length: usize, part: u64, of: u64) -> usize {
    let length = u128::try_from(length).unwrap_or(u128::MAX);
    let at = length * u128::from(part) / u128::from(of);
    usize::try_from(at).unwrap_or(usize::MAX)
}

/// Reads a file as it was made: what matched, by place, and the time of each record.
pub(super) fn as_made(
    setup: &Setup,
    path: &Arc<str>,
    bytes: &[u8],
) -> (Vec<(Place, Observed)>, Vec<Option<Timestamp>>) {
    let mut sink = Watching::new(setup);
    let summary = run(path, bytes, &Hints::default(), &mut sink);
    assert_eq!(
        summary.refused_count(),
        0,
        "Northgate's records can be read"
    );
    let mut firsts: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
    let mut first = |number: u64, (offset, length): (usize, usize)| {
        let raw = bytes.get(offset..offset + length).unwrap_or_default();
        *firsts.entry(raw.to_vec()).or_insert(number)
    };
    let firsts: BTreeMap<u64, u64> = (1_u64..)
        .zip(&sink.spans)
        .map(|(number, span)| (number, first(number, *span)))
        .collect();
    let observed = sink.found.into_iter().map(|(number, screened)| {
        let first = firsts.get(&number).copied().unwrap_or(number);
        let observed = Observed {
            arrival: Timestamp::MIN,
            screened,
            first: (Arc::clone(path), first),
        };
        ((Arc::clone(path), number), observed)
    });
    (observed.collect(), sink.times)
}

fn run(path: &Arc<str>, bytes: &[u8], hints: &Hints, sink: &mut Watching<'_>) -> ReadSummary {
    let mut input = bytes;
    let Ok(summary) = cordon_event::read(path, &mut input, hints, sink) else {
        unreachable!("bytes in memory can be read");
    };
    summary
}

struct Watching<'s> {
    screen: Screen<'s>,
    seen: Seen,
    found: Vec<(u64, Screened)>,
    times: Vec<Option<Timestamp>>,
    spans: Vec<(usize, usize)>,
}

impl<'s> Watching<'s> {
    fn new(setup: &'s Setup) -> Self {
        Self {
            screen: setup.screen(),
            seen: Seen::default(),
            found: Vec::new(),
            times: Vec::new(),
            spans: Vec::new(),
        }
    }
}

impl Sink for Watching<'_> {
    fn event(&mut self, event: &Event, _degraded: &[Degradation]) {
        self.seen.saw(event);
        self.times.push(event.time);
        let size = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
        self.spans.push((size(event.offset), size(event.length)));
        self.screen.take(event);
        let screened = self.screen.give();
        if !screened.is_empty() {
            self.found.push((event.log.record, screened));
        }
    }

    fn refusal(&mut self, _refusal: Refusal) {}
}
