//! One file that is followed: how far it was read, and what there is to read now.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufReader, Read as _, Seek as _, SeekFrom},
    path::Path,
    sync::Arc,
    time::SystemTime,
};

use cordon_event::{Hints, ReadSummary, Resume, Sink, grows_by_lines, read_on};

use super::fresh::{Fresh, Taken};

use crate::{
    Member, SourceError,
    list::beginning as beginning_unpacked,
    packing::{Packing, is_zip},
};

/// How much of a file's beginning it is known by, in bytes: the first record of any log differs from that of
/// the file before it.
const HEAD_BYTES_MAX: usize = 512;

/// How much of a file's beginning tells that a packed one holds the same, in bytes at least: a line of a log.
const HEAD_MIN: usize = 32;

/// How much of a file says what it holds, in bytes.
const PREFIX_BYTES_MAX: u64 = 64 * 1024;

/// How far back from its end a line that never ends is looked for, in bytes: the longest record there is.
const LINE_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// For how many looks without growth a file is kept that is no longer there: programs go on writing to a log
/// that was turned over until they are told.
const LEAVING_LOOKS: u8 = 10;

/// How much is read at a time, in bytes.
const BUFFER_BYTES: usize = 256 * 1024;

/// One file, or another stream of records, that is followed.
pub struct Followed {
    member: Member,
    hints: Hints,
    way: Way,
    summary: ReadSummary,
    /// How long it is and when it changed, as last seen.
    state: State,
    /// Its beginning.
    head: Vec<u8>,
    news: News,
}

/// How it is read.
enum Way {
    /// What it holds is not known yet, because there is too little of it.
    Unknown,
    /// A piece at a time, from a file that is kept open: one that was renamed or removed can still be read.
    Lines { file: File, resume: Resume },
    /// What has come of a stream that cannot be looked at again.
    Piped { pending: Vec<u8>, resume: Resume },
    /// All of it, and what was taken before is passed over: so many records under each name.
    Whole { taken: Taken },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    bytes: u64,
    changed: Option<SystemTime>,
}

/// Whether there is something to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum News {
    None,
    /// It changed; one that is read as a whole waits until it does not.
    Changed,
    /// It is at rest since it changed.
    Settled,
    /// It is no longer there, but whoever writes it may not know that yet: so many looks are left to it.
    Leaving(u8),
    /// No more will come: what is left of it is read to its last byte.
    Gone,
    /// All of it was read, and no more will come.
    Over,
}

/// How far is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    /// To the end of the last whole line.
    LineEnd,
    /// To the last byte.
    End,
}

impl Followed {
    pub(super) fn new(member: &Member, hints: Hints) -> Result<Self, SourceError> {
        let mut followed = Self {
            member: member.clone(),
            hints,
            way: Way::Unknown,
            summary: ReadSummary::default(),
            state: State {
                bytes: 0,
                changed: None,
            },
            head: Vec::new(),
            news: News::Settled,
        };
        match member.file() {
            Some(path) => {
                followed.state = state(path)?;
                followed.find_way(path)?;
            }
            None => followed.way = Way::whole(),
        }
        Ok(followed)
    }

    /// A stream of which what has come is handed in.
    pub(super) fn piped(member: &Member) -> Self {
        Self {
            member: member.clone(),
            hints: Hints::default(),
            way: Way::Piped {
                pending: Vec::new(),
                resume: Resume::default(),
            },
            summary: ReadSummary::default(),
            state: State {
                bytes: 0,
                changed: None,
            },
            head: Vec::new(),
            news: News::None,
        }
    }

    /// Takes what has come of a stream.
    pub(super) fn take_in(&mut self, bytes: &[u8]) {
        if let Way::Piped { pending, .. } = &mut self.way {
            pending.extend_from_slice(bytes);
            self.news = News::Changed;
        }
    }

    /// That the stream has ended.
    pub(super) fn has_ended(&mut self) {
        if self.news != News::Over {
            self.news = News::Gone;
        }
    }

    /// Its name in output.
    pub fn name(&self) -> &Arc<str> {
        self.member.name()
    }

    /// What came of it so far.
    pub fn summary(&self) -> &ReadSummary {
        &self.summary
    }

    pub(super) fn into_past(self) -> (Arc<str>, ReadSummary) {
        (Arc::clone(self.member.name()), self.summary)
    }

    /// Meets it again, perhaps under another name; says whether it is still the same.
    pub(super) fn meet(&mut self, member: &Member) -> Result<bool, SourceError> {
        self.member = member.clone();
        let Some(path) = member.file() else {
            return Ok(true);
        };
        let now = state(path)?;
        if now == self.state {
            if matches!(self.news, News::Changed | News::Leaving(_)) {
                self.news = News::Settled;
            }
            return Ok(true);
        }
        if now.bytes < self.state.bytes && !matches!(self.way, Way::Unknown) {
            return Ok(false);
        }
        let head = head(path)?;
        if !head.starts_with(self.lasting_head()) {
            return Ok(false);
        }
        let was_short = self.state.bytes < PREFIX_BYTES_MAX;
        (self.head, self.state, self.news) = (head, now, News::Changed);
        match self.way {
            Way::Unknown => self.find_way(path)?,
            // A first line may be the head of a table, which shows only by the next.
            Way::Lines { .. } if was_short => self.look_again(path)?,
            Way::Lines { .. } | Way::Piped { .. } | Way::Whole { .. } => {}
        }
        Ok(true)
    }

    /// What of its beginning stays as it is while it grows: a document's last bytes close it.
    fn lasting_head(&self) -> &[u8] {
        if !matches!(self.way, Way::Whole { .. }) || self.head.len() == HEAD_BYTES_MAX {
            return &self.head;
        }
        let closing = |byte: &u8| matches!(byte, b']' | b'}') || byte.is_ascii_whitespace();
        let last = self.head.iter().rposition(|byte| !closing(byte));
        let end = last.map_or(0, |at| at + 1);
        self.head.get(..end).unwrap_or_default()
    }

    /// Takes back that it grows by lines, if more of it says so.
    fn look_again(&mut self, path: &Path) -> Result<(), SourceError> {
        if !grows_by_lines(&prefix(path)?, &self.hints) {
            self.way = Way::whole();
        }
        Ok(())
    }

    fn find_way(&mut self, path: &Path) -> Result<(), SourceError> {
        let file = File::open(path).map_err(|source| open_failed(path, source))?;
        let prefix = prefix(path)?;
        self.head = prefix.get(..HEAD_BYTES_MAX).unwrap_or(&prefix).to_vec();
        self.way = if grows_by_lines(&prefix, &self.hints) && !is_packed(&prefix) {
            Way::Lines {
                file,
                resume: Resume::default(),
            }
        } else if prefix.trim_ascii().is_empty() {
            Way::Unknown
        } else {
            Way::whole()
        };
        Ok(())
    }

    /// Its beginning, unpacked, if it is a packed file that nothing was read of.
    pub(super) fn unpacked_head(&self) -> Option<Vec<u8>> {
        let Way::Whole { taken } = &self.way else {
            return None;
        };
        let packing = Packing::of(&self.head);
        if !taken.is_empty() || packing == Packing::Plain {
            return None;
        }
        beginning_unpacked(self.member.file()?, packing, len(HEAD_BYTES_MAX)).ok()
    }

    /// How many records were read of a file that grew by lines, if it began so.
    pub(super) fn records_if_began(&self, head: &[u8]) -> Option<u64> {
        let by_lines = matches!(self.way, Way::Lines { .. });
        let is_one = by_lines && self.head.len() >= HEAD_MIN && head.starts_with(&self.head);
        is_one.then_some(self.summary.records)
    }

    /// How it began and how many records were read of it, if it grew by lines.
    pub(super) fn begun(&self) -> Option<(Vec<u8>, u64)> {
        let records = self.records_if_began(&self.head)?;
        Some((self.head.clone(), records))
    }

    /// Takes so many of its records for taken: they were read before they were packed.
    pub(super) fn pass_over(&mut self, records: u64) {
        let name = Arc::clone(self.member.name());
        self.way = Way::Whole {
            taken: BTreeMap::from([(name, records)]),
        };
    }

    /// What is known of its records by now.
    pub(super) fn know(&mut self, hints: Hints) {
        self.hints = hints;
    }

    /// About how many bytes there are to read.
    pub fn news_bytes(&self) -> u64 {
        match &self.way {
            Way::Unknown => 0,
            Way::Lines { resume, .. } => self.state.bytes.saturating_sub(resume.offset()),
            Way::Piped { pending, .. } => u64::try_from(pending.len()).unwrap_or(u64::MAX),
            Way::Whole { .. } => self.member.size(),
        }
    }

    /// Whether a look has something to read.
    pub(super) fn has_news(&self) -> bool {
        match (&self.way, self.news) {
            (Way::Unknown, _) | (_, News::None | News::Over) => false,
            (Way::Lines { .. } | Way::Piped { .. }, _) => true,
            (Way::Whole { .. }, news) => news == News::Settled,
        }
    }

    /// That no more is awaited; says whether something is left.
    pub(super) fn ends(&mut self) -> bool {
        let left = match (&self.way, self.news) {
            (_, News::Over) | (Way::Unknown, _) => false,
            (Way::Lines { .. } | Way::Piped { .. }, _) => true,
            (Way::Whole { .. }, news) => news != News::None,
        };
        self.news = if left { News::Gone } else { News::Over };
        left
    }

    /// That it is not there any more. Asked at each look.
    pub(super) fn is_gone(&mut self) {
        self.news = match (&self.way, self.news) {
            (Way::Unknown | Way::Whole { .. }, _) | (_, News::Over) => News::Over,
            (_, News::Gone | News::Leaving(0)) => News::Gone,
            (_, News::Leaving(looks)) => News::Leaving(looks - 1),
            (_, News::None | News::Changed | News::Settled) => News::Leaving(LEAVING_LOOKS),
        };
    }

    pub(super) fn said_all(&self) -> bool {
        self.news == News::Over
    }

    /// Reads what is new. `watch` is told of bytes as they are read.
    ///
    /// # Errors
    /// If the stream fails; the sink then holds what was read before.
    pub fn read(&mut self, sink: &mut dyn Sink, watch: &dyn Fn(u64)) -> Result<(), SourceError> {
        let until = match self.news {
            News::Gone | News::Over => Until::End,
            News::None | News::Changed | News::Settled | News::Leaving(_) => Until::LineEnd,
        };
        self.news = match self.news {
            News::Gone | News::Over => News::Over,
            News::Leaving(looks) => News::Leaving(looks),
            News::None | News::Changed | News::Settled => News::None,
        };
        let name = Arc::clone(self.member.name());
        match &mut self.way {
            Way::Unknown => Ok(()),
            Way::Lines { file, resume } => {
                let failed = |source| open_failed(Path::new(&*name), source);
                let bytes = new_bytes(file, resume.offset(), until).map_err(failed)?;
                if bytes == 0 {
                    return Ok(());
                }
                file.seek(SeekFrom::Start(resume.offset()))
                    .map_err(failed)?;
                let mut input = BufReader::with_capacity(BUFFER_BYTES, file.take(bytes));
                let part = read_on(&name, (&mut input, bytes), &self.hints, resume, sink)?;
                watch(bytes);
                self.summary.merge(part);
                if matches!(self.news, News::Leaving(_)) {
                    self.news = News::Leaving(LEAVING_LOOKS);
                }
                Ok(())
            }
            Way::Piped { pending, resume } => {
                let ready = ready(pending, resume, (&self.hints, until));
                let bytes = u64::try_from(ready.len()).unwrap_or(u64::MAX);
                let mut input = ready.as_slice();
                let part = read_on(&name, (&mut input, bytes), &self.hints, resume, sink)?;
                watch(bytes);
                self.summary.merge(part);
                Ok(())
            }
            Way::Whole { taken } => {
                let mut fresh = Fresh::new(sink, taken.clone());
                let read = self.member.read(&self.hints, &mut fresh, watch);
                // Where it breaks off it may only not be written yet; what stands before is taken all the same.
                if read.is_ok() || until == Until::End {
                    fresh.tell_half();
                }
                fresh.note(taken);
                match read {
                    Ok(summary) => self.summary = summary,
                    Err(failed) => {
                        self.summary = failed.so_far().cloned().unwrap_or_default();
                        return Err(failed);
                    }
                }
                Ok(())
            }
        }
    }
}

/// Takes what can be read now off what has come of a stream.
fn ready(pending: &mut Vec<u8>, resume: &Resume, (hints, until): (&Hints, Until)) -> Vec<u8> {
    if until == Until::End {
        return std::mem::take(pending);
    }
    if resume.offset() == 0 && !grows_by_lines(pending, hints) {
        return Vec::new();
    }
    let whole = pending.iter().rposition(|byte| *byte == b'\n');
    pending.drain(..whole.map_or(0, |at| at + 1)).collect()
}

impl Way {
    fn whole() -> Self {
        Self::Whole {
            taken: Taken::new(),
        }
    }
}

/// How many bytes there are to read: up to the last line's end, or all of them.
fn new_bytes(file: &mut File, from: u64, until: Until) -> io::Result<u64> {
    let end = file.metadata()?.len();
    if until == Until::End || end <= from {
        return Ok(end.saturating_sub(from));
    }
    let mut block = vec![0; BUFFER_BYTES];
    let mut back = end;
    while back > from {
        let size = u64::try_from(BUFFER_BYTES)
            .unwrap_or(u64::MAX)
            .min(back - from);
        let block = block
            .get_mut(..usize::try_from(size).unwrap_or(0))
            .unwrap_or_default();
        file.seek(SeekFrom::Start(back - size))?;
        file.read_exact(block)?;
        if let Some(at) = block.iter().rposition(|byte| *byte == b'\n') {
            let at = u64::try_from(at).unwrap_or(0);
            return Ok(back - size + at + 1 - from);
        }
        back -= size;
        if end - back > LINE_BYTES_MAX {
            return Ok(end - from);
        }
    }
    Ok(0)
}

fn is_packed(prefix: &[u8]) -> bool {
    Packing::of(prefix) != Packing::Plain || is_zip(prefix)
}

fn len(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

fn state(path: &Path) -> Result<State, SourceError> {
    let metadata = std::fs::metadata(path).map_err(|source| open_failed(path, source))?;
    Ok(State {
        bytes: metadata.len(),
        changed: metadata.modified().ok(),
    })
}

fn head(path: &Path) -> Result<Vec<u8>, SourceError> {
    beginning(path, len(HEAD_BYTES_MAX))
}

fn prefix(path: &Path) -> Result<Vec<u8>, SourceError> {
    beginning(path, PREFIX_BYTES_MAX)
}

fn beginning(path: &Path, bytes: u64) -> Result<Vec<u8>, SourceError> {
    let opened = |source| open_failed(path, source);
    let file = File::open(path).map_err(opened)?;
    let mut beginning = Vec::new();
    file.take(bytes)
        .read_to_end(&mut beginning)
        .map_err(opened)?;
    Ok(beginning)
}

fn open_failed(path: &Path, source: io::Error) -> SourceError {
    SourceError::Open {
        path: path.to_owned(),
        source,
    }
}
