//! A log file as its pieces, framed without any reader of the product: lines, or a list of objects one on a line.

use jiff::{SignedDuration, Timestamp};
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

/// One in this many records comes a second time: a forwarder that lost an acknowledgement.
const DOUBLED_ONE_IN: u32 = 7;

/// A file and where its records stand in it.
#[derive(Debug, Clone, Default)]
pub(super) struct Framed {
    pub(super) bytes: Vec<u8>,
    pub(super) pieces: Vec<Piece>,
    /// Whether what is cut in the middle can be seen to be cut.
    pub(super) is_json: bool,
    /// What its name ends with.
    pub(super) suffix: &'static str,
}

/// A record in a file.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) from: usize,
    pub(super) to: usize,
    /// Its number in the day as it was made.
    pub(super) original: u64,
    /// When it arrives, by true time.
    pub(super) arrival: Timestamp,
}

/// The records of a file in the order in which they arrive, and those that arrive again.
pub(super) fn shuffled_and_doubled(
    bytes: &[u8],
    times: &[Option<Timestamp>],
    lateness: SignedDuration,
    chance: &mut ChaCha8Rng,
) -> [Framed; 2] {
    let (open, records, close) = framing(bytes);
    let mut order: [Vec<(Timestamp, u64, &[u8])>; 2] = [Vec::new(), Vec::new()];
    for ((number, record), time) in (1_u64..).zip(records).zip(times) {
        let time = time.unwrap_or(Timestamp::MIN);
        let [first, again] = &mut order;
        first.push((delayed(time, lateness, chance), number, record));
        if chance.random_ratio(1, DOUBLED_ONE_IN) {
            again.push((delayed(time, lateness, chance), number, record));
        }
    }
    let [first, again] = order;
    [
        put_together(&open, first, &close, ""),
        put_together(&open, again, &close, ".again"),
    ]
}

/// Any delay that is still in time.
fn delayed(time: Timestamp, lateness: SignedDuration, chance: &mut ChaCha8Rng) -> Timestamp {
    let most = i64::try_from(lateness.as_millis()).unwrap_or(1);
    let delay = SignedDuration::from_millis(chance.random_range(0..most));
    time.saturating_add(delay).unwrap_or(time)
}

/// What stands before the records, these, and what stands behind.
fn framing(bytes: &[u8]) -> (Vec<u8>, Vec<&[u8]>, Vec<u8>) {
    let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    lines.retain(|line| !line.is_empty());
    let is_list = lines.first().is_some_and(|line| line.ends_with(b"["));
    if !is_list {
        return (Vec::new(), lines, Vec::new());
    }
    let records = lines.get(1..lines.len() - 1).unwrap_or_default();
    let records = records
        .iter()
        .map(|line| line.strip_suffix(b",").unwrap_or(line));
    let [open, close] =
        [lines.first(), lines.last()].map(|line| line.map_or(Vec::new(), |l| l.to_vec()));
    (open, records.collect(), close)
}

fn put_together(
    open: &[u8],
    mut records: Vec<(Timestamp, u64, &[u8])>,
    close: &[u8],
    suffix: &'static str,
) -> Framed {
    records.sort_by_key(|(arrival, number, _)| (*arrival, *number));
    let is_json = records
        .first()
        .is_some_and(|(.., record)| record.starts_with(b"{"));
    let mut framed = Framed {
        is_json,
        suffix,
        ..Framed::default()
    };
    let is_list = !open.is_empty();
    if is_list {
        framed.bytes.extend_from_slice(open);
        framed.bytes.push(b'\n');
    }
    let last = records.len();
    for (place, (arrival, original, record)) in records.into_iter().enumerate() {
        let from = framed.bytes.len();
        framed.bytes.extend_from_slice(record);
        framed.pieces.push(Piece {
            from,
            to: framed.bytes.len(),
            original,
            arrival,
        });
        let ends = if is_list && place + 1 < last {
            ",\n"
        } else {
            "\n"
        };
        framed.bytes.extend_from_slice(ends.as_bytes());
    }
    framed.bytes.extend_from_slice(close);
    framed
}
