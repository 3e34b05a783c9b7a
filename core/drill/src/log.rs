//! From what happened to what is exported: clocks that are wrong, records that come late or twice.

use std::sync::Arc;

use cordon_model::LogRef;

use crate::{
    chance::Chance,
    moment::{Moment, Span},
    truth::{LogFile, Stage, TruthStep},
};

/// How late a record may arrive: well within the quarter of an hour that the product waits, even
/// behind the clock that is furthest off.
const LATE_MAX: Span = Span::minutes(9);

/// Where a record stands among its kind.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stamp {
    /// When, by the clock of whoever writes it.
    pub(crate) at: Moment,
    /// Its number by time, from 0.
    pub(crate) number: u64,
    /// A number that no other record of the file has and that looks like chance.
    pub(crate) key: u64,
}

impl Stamp {
    /// `0e4c9f6a-…`, the record's own.
    pub(crate) fn uuid(self) -> String {
        uuid(self.key)
    }
}

/// A universally unique id made from a number.
pub(crate) fn uuid(key: u64) -> String {
    let hex = format!("{key:016x}{:016x}", mix(key));
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    let parts = [
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32),
    ];
    parts.join("-")
}

/// Scatters a number; different numbers stay different (the finaliser of `SplitMix64`).
pub(crate) const fn mix(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

/// What an intrusion's record is part of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    /// Which intrusion, by position in the truth.
    pub(crate) intrusion: usize,
    pub(crate) stage: Stage,
}

/// One kind of record.
pub(crate) trait Record {
    /// How far ahead the clock of its writer is.
    fn skew(&self) -> Span;

    /// Writes it, without a line end.
    fn write(&self, stamp: Stamp, out: &mut String);
}

struct Entry<R> {
    at: Moment,
    part: Option<Part>,
    record: R,
}

/// Everything of one kind that happened, in any order.
pub(crate) struct Stream<R>(Vec<Entry<R>>);

/// How records are put together in a file.
#[derive(Clone, Copy)]
pub(crate) enum Framing {
    /// One a line.
    Lines,
    /// A list within a JSON object.
    Within {
        open: &'static str,
        close: &'static str,
    },
}

/// How records get from those who write them into files.
pub(crate) struct Delivery<'d> {
    pub(crate) chance: Chance,
    /// How far ahead the clocks of a file's writers are, beside what each is off by itself.
    pub(crate) ahead: &'d dyn Fn(&str) -> Span,
}

/// A file and the places of the intrusion's records in it.
pub(crate) struct Export {
    pub(crate) file: LogFile,
    pub(crate) steps: Vec<TruthStep>,
}

impl<R: Record> Stream<R> {
    pub(crate) fn new() -> Self {
        Self(Vec::new())
    }

    /// Something ordinary; what lies outside the day is not exported.
    pub(crate) fn push(&mut self, at: Moment, record: R) {
        self.add(at, None, record);
    }

    /// Something that the intruder did or brought about.
    pub(crate) fn mark(&mut self, at: Moment, part: Part, record: R) {
        self.add(at, Some(part), record);
    }

    fn add(&mut self, at: Moment, part: Option<Part>, record: R) {
        if at.is_of_the_day() {
            self.0.push(Entry { at, part, record });
        }
    }

    /// Writes the file in the order of arrival.
    pub(crate) fn export(
        mut self,
        path: &str,
        framing: Framing,
        delivery: &mut Delivery<'_>,
    ) -> Export {
        let ahead = (delivery.ahead)(path);
        let chance = &mut delivery.chance;
        self.0.sort_by_key(|entry| entry.at);
        let salt = chance.below(u64::MAX);
        let mut arena = String::with_capacity(self.0.len() * 700);
        let mut parcels: Vec<Parcel> = Vec::with_capacity(self.0.len() + 64);
        for (number, entry) in (0_u64..).zip(&self.0) {
            let at = entry.at + entry.record.skew() + ahead;
            let from = arena.len();
            let key = mix(salt.wrapping_add(number));
            entry.record.write(Stamp { at, number, key }, &mut arena);
            let parcel = Parcel {
                arrival_ms: entry.at.as_ms() + delay(chance).as_ms(),
                at: entry.at,
                part: entry.part,
                text: from..arena.len(),
            };
            if chance.below(1_500) == 0 {
                let arrival_ms = parcel.arrival_ms + chance.between(200, 60_000);
                parcels.push(Parcel {
                    arrival_ms,
                    ..parcel.clone()
                });
            }
            parcels.push(parcel);
        }
        parcels.sort_by_key(|parcel| parcel.arrival_ms);
        pack(path, framing, &arena, &parcels)
    }
}

/// A written record on its way.
#[derive(Clone)]
struct Parcel {
    arrival_ms: i64,
    at: Moment,
    part: Option<Part>,
    text: std::ops::Range<usize>,
}

/// Most records come within seconds, a few only after minutes.
fn delay(chance: &mut Chance) -> Span {
    if chance.percent(3) {
        Span::ms(chance.between(3_000, LATE_MAX.as_ms()))
    } else {
        Span::ms(chance.between(50, 2_500))
    }
}

fn pack(path: &str, framing: Framing, arena: &str, parcels: &[Parcel]) -> Export {
    let (open, between, close) = match framing {
        Framing::Lines => ("", "\n", "\n"),
        Framing::Within { open, close } => (open, ",\n", close),
    };
    let shared: Arc<str> = path.into();
    let mut steps = Vec::new();
    let mut bytes = Vec::with_capacity(arena.len() + parcels.len() * 2 + 64);
    bytes.extend_from_slice(open.as_bytes());
    for (record, parcel) in (1_u64..).zip(parcels) {
        if record > 1 {
            bytes.extend_from_slice(between.as_bytes());
        }
        let text = arena.get(parcel.text.clone()).unwrap_or_default();
        bytes.extend_from_slice(text.as_bytes());
        if let Some(Part { intrusion, stage }) = parcel.part {
            let log = LogRef {
                path: Arc::clone(&shared),
                record,
            };
            steps.push(TruthStep {
                time: parcel.at.timestamp(),
                intrusion,
                stage,
                log,
            });
        }
    }
    bytes.extend_from_slice(close.as_bytes());
    let records = u64::try_from(parcels.len()).unwrap_or(u64::MAX);
    Export {
        file: LogFile {
            path: path.to_owned(),
            bytes,
            records,
        },
        steps,
    }
}
