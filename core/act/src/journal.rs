//! Records as lines of a journal (`cordon/journal/v1`): each names the digest of the one before it, and
//! is signed.
//!
//! A line is a JSON object, a tab, the Base64 of the Ed25519 signature over the bytes before the tab, and
//! a line end. How to check it without Cordon stands in `docs/reference/journal.md`. Invariants: what is read
//! was written in this order by the holders of the keys named; only the last line may be torn, by a
//! write that never finished. Absent on purpose: files. What no journal can show by itself is that
//! its last lines were cut away; whoever keeps the digest of the head can.

use cordon_model::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{Digest, PrivateKey, PublicKey, Record, as_text};

/// The format's name, in every line.
const FORMAT: &str = "cordon/journal/v1";

/// A line longer than this is no record: the state of one target is some kilobytes at most, an
/// opening record of ten thousand effects some megabytes.
const LINE_BYTES_MAX: usize = 64 << 20;

/// One record with its place in the chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// `cordon/journal/v1`.
    pub journal: String,
    /// Its number, from 1.
    pub n: u64,
    /// When it was written.
    #[serde(with = "as_text")]
    pub at: Timestamp,
    /// The digest of the entry before it, its bytes before the tab; zeros before the first.
    #[serde(with = "as_text")]
    pub prev: Digest,
    /// Who signed it.
    #[serde(with = "as_text")]
    pub key: PublicKey,
    /// The record.
    pub record: Record,
}

/// A journal as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Journal {
    /// Its entries.
    pub entries: Vec<Entry>,
    /// The digest of the last one.
    pub head: Digest,
    /// How many bytes at the end belong to no record: a write that never finished left them, or they are not to be believed.
    pub torn_bytes: usize,
}

/// What is wrong with a line of a journal.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    /// Not text, a tab and a signature.
    #[error("expected a JSON object, a tab and a signature")]
    Shape,
    /// No record that this version knows.
    #[error("it holds no record of {FORMAT}: {0}")]
    Record(String),
    /// Not the next one.
    #[error("it is numbered {found}, and {wanted} should follow")]
    Number {
        /// The number that should be there.
        wanted: u64,
        /// The number found.
        found: u64,
    },
    /// Another one was before it.
    #[error("it follows {named}, and the line before it has the digest {before}")]
    Chain {
        /// What it says was before it.
        named: Digest,
        /// What was before it.
        before: Digest,
    },
    /// Signed by somebody else, or changed since.
    #[error("its signature does not hold for the key {0}")]
    Signature(String),
    /// Signed by a key that nobody trusts.
    #[error("it is signed with the key {0}, which is not among those trusted")]
    Stranger(String),
}

/// A journal that cannot be believed, and from where on.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line} of the journal cannot be believed")]
pub struct Unbelievable {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    #[source]
    pub fault: Fault,
}

/// Writes the lines of one journal.
#[derive(Debug)]
pub struct Scribe {
    key: PrivateKey,
    written: u64,
    head: Digest,
}

impl Scribe {
    /// For a new journal.
    pub fn new(key: PrivateKey) -> Self {
        let (written, head) = (0, Digest::NONE);
        Self { key, written, head }
    }

    /// To go on with a journal.
    pub fn after(journal: &Journal, key: PrivateKey) -> Self {
        Self {
            key,
            written: journal.entries.last().map_or(0, |entry| entry.n),
            head: journal.head,
        }
    }

    /// The digest of the last entry.
    pub fn head(&self) -> Digest {
        self.head
    }

    /// The next line, line end included.
    pub fn line(&mut self, at: Timestamp, record: &Record) -> String {
        self.written += 1;
        let entry = Entry {
            journal: FORMAT.to_owned(),
            n: self.written,
            at,
            prev: self.head,
            key: self.key.public(),
            record: record.clone(),
        };
        let body = match serde_json::to_string(&entry) {
            Ok(body) => body,
            Err(why) => unreachable!("our own records can always be written: {why}"),
        };
        self.head = Digest::of(body.as_bytes());
        let signature = self.key.sign(body.as_bytes());
        format!("{body}\t{signature}\n")
    }
}

/// Reads a journal and checks every link and signature. Keys that are trusted are named; without any,
/// each line is checked against the key that it names itself.
///
/// # Errors
/// When a line cannot be believed; the first such line.
pub fn read(bytes: &[u8], trusted: &[PublicKey]) -> Result<Journal, Unbelievable> {
    match believed(bytes, trusted) {
        (journal, None) => Ok(journal),
        (_, Some(why)) => Err(why),
    }
}

/// As much of a journal as can be believed, and what is wrong with the line after that, if there is one.
pub fn believed(bytes: &[u8], trusted: &[PublicKey]) -> (Journal, Option<Unbelievable>) {
    let end = bytes.iter().rposition(|byte| *byte == b'\n');
    let whole = end.map_or(0, |end| end + 1);
    let (lines, _torn) = bytes.split_at(whole);
    let mut journal = Journal {
        entries: Vec::new(),
        head: Digest::NONE,
        torn_bytes: bytes.len(),
    };
    for (number, line) in (1..).zip(lines.split_inclusive(|byte| *byte == b'\n')) {
        let body = line.strip_suffix(b"\n").unwrap_or(line);
        if let Err(fault) = journal.take(body, trusted) {
            let line = number;
            return (journal, Some(Unbelievable { line, fault }));
        }
        journal.torn_bytes -= line.len();
    }
    (journal, None)
}

/// A line by itself, whatever it says it follows: signed by one of these keys, and a record.
///
/// # Errors
/// What is wrong with it.
pub fn alone(line: &[u8], trusted: &[PublicKey]) -> Result<Entry, Fault> {
    Ok(signed(line, trusted)?.0)
}

fn signed(line: &[u8], trusted: &[PublicKey]) -> Result<(Entry, Digest), Fault> {
    if line.len() > LINE_BYTES_MAX {
        return Err(Fault::Shape);
    }
    let line = std::str::from_utf8(line).map_err(|_why| Fault::Shape)?;
    let (body, signature) = line.split_once('\t').ok_or(Fault::Shape)?;
    let entry: Entry = serde_json::from_str(body).map_err(|why| Fault::Record(why.to_string()))?;
    if entry.journal != FORMAT {
        return Err(Fault::Record(format!("it says `{}`", entry.journal)));
    }
    if !trusted.is_empty() && !trusted.contains(&entry.key) {
        return Err(Fault::Stranger(entry.key.to_string()));
    }
    if !entry.key.signed(body.as_bytes(), signature) {
        return Err(Fault::Signature(entry.key.to_string()));
    }
    let digest = Digest::of(body.as_bytes());
    Ok((entry, digest))
}

impl Journal {
    fn take(&mut self, line: &[u8], trusted: &[PublicKey]) -> Result<(), Fault> {
        let (entry, head) = signed(line, trusted)?;
        let wanted = self.entries.last().map_or(1, |last| last.n + 1);
        if entry.n != wanted {
            let found = entry.n;
            return Err(Fault::Number { wanted, found });
        }
        if entry.prev != self.head {
            return Err(Fault::Chain {
                named: entry.prev,
                before: self.head,
            });
        }
        self.head = head;
        self.entries.push(entry);
        Ok(())
    }

    /// The records with their times.
    pub fn records(&self) -> impl Iterator<Item = (Timestamp, &Record)> {
        self.entries.iter().map(|entry| (entry.at, &entry.record))
    }
}

#[cfg(test)]
mod tests {
    use cordon_model::Timestamp;

    use super::{Fault, Scribe, believed, read};
    use crate::{PrivateKey, Record};

    fn held(why: &str) -> Record {
        Record::Held {
            why: why.to_owned(),
        }
    }

    fn three() -> String {
        let mut scribe = Scribe::new(PrivateKey::from_bytes([1; 32]));
        let records = [
            held("a\tb"),
            Record::Released {
                why: "c\n".to_owned(),
            },
            held("d"),
        ];
        records
            .iter()
            .map(|record| scribe.line(Timestamp::UNIX_EPOCH, record))
            .collect()
    }

    #[test]
    fn a_journal_reads_back_and_goes_on() {
        let text = three();
        let journal = read(text.as_bytes(), &[]).unwrap();
        assert_eq!(journal.entries.len(), 3);
        let mut scribe = Scribe::after(&journal, PrivateKey::from_bytes([2; 32]));
        let longer = text + &scribe.line(Timestamp::UNIX_EPOCH, &Record::Closed);
        let journal = read(longer.as_bytes(), &[]).unwrap();
        assert_eq!(journal.entries[3].record, Record::Closed);
        assert_eq!(journal.head, scribe.head());
    }

    #[test]
    fn any_changed_byte_is_noticed_and_its_line_named() {
        let text = three();
        let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            let last = ends.last() == Some(&at);
            match read(&bytes, &[]) {
                Ok(journal) => assert!(last && journal.torn_bytes > 0, "byte {at}"),
                Err(why) => {
                    let line = ends.iter().filter(|end| **end < at).count() + 1;
                    assert!(
                        why.line == line || why.line == line + 1,
                        "byte {at}: {why:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn lines_left_out_doubled_or_exchanged_are_noticed() {
        let text = three();
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        for order in [vec![0, 2], vec![1, 2], vec![0, 0, 1], vec![0, 2, 1]] {
            let other: String = order.iter().map(|&n| lines[n]).collect();
            assert!(read(other.as_bytes(), &[]).is_err(), "{order:?}");
        }
    }

    #[test]
    fn a_write_that_never_finished_is_told_and_everything_before_it_kept() {
        let text = three();
        let whole = text.match_indices('\n').nth(1).unwrap().0 + 1;
        for cut in whole..text.len() {
            let journal = read(&text.as_bytes()[..cut], &[]).unwrap();
            assert_eq!(
                (journal.entries.len(), journal.torn_bytes),
                (2, cut - whole)
            );
        }
    }

    #[test]
    fn what_stands_before_a_line_that_is_not_ours_is_kept_and_all_after_it_counted() {
        let text = three();
        let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at + 1).collect();
        for tail in ["x\n", "x\ty\nmore", "\n"] {
            let (good, rest) = text.split_at(ends[1]);
            let text = format!("{good}{tail}{rest}");
            let (journal, why) = believed(text.as_bytes(), &[]);
            assert_eq!(why.map(|why| why.line), Some(3), "{tail:?}");
            assert_eq!(journal.entries.len(), 2);
            assert_eq!(journal.torn_bytes, tail.len() + rest.len());
        }
    }

    #[test]
    fn a_key_that_nobody_trusts_is_refused() {
        let friend = PrivateKey::from_bytes([1; 32]).public();
        let stranger = PrivateKey::from_bytes([9; 32]).public();
        assert!(read(three().as_bytes(), &[friend]).is_ok());
        let why = read(three().as_bytes(), &[stranger]).unwrap_err();
        assert!(matches!(why.fault, Fault::Stranger(_)), "{why:?}");
    }
}
