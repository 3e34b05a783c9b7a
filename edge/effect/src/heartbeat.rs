//! A heartbeat from a log: lines that come as long as a service runs, such as payments a minute.
//!
//! A log is followed from its end, so that what counts is what came while somebody looked; times inside the
//! lines are not asked. Invariants: silence is told apart from not being able to see, and from not having
//! looked for long enough; a log that was put aside or cut off is read to its end and then from its new
//! beginning. Absent on purpose: what a line means; it holds a text or it does not.

use std::{
    collections::VecDeque,
    fs::{File, Metadata},
    io::{self, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use cordon_act::{Beat, Health};

/// More than a busy payment switch logs between two looks; the rest is read at the next one.
const READ_BYTES_MAX: u64 = 16 << 20;

/// A line longer than this is counted by its beginning.
const LINE_BYTES_MAX: usize = 64 << 10;

/// One log that is followed.
#[derive(Debug)]
pub(crate) struct Heartbeat {
    path: PathBuf,
    beat: Beat,
    followed: Option<Followed>,
    /// Since when it is followed without a gap.
    since: Option<Instant>,
    /// Lines that count, by when they were seen; the oldest first, none older than the beat's time.
    seen: VecDeque<(Instant, u64)>,
}

#[derive(Debug)]
struct Followed {
    file: File,
    read_bytes: u64,
    /// The beginning of a line whose end has not come yet.
    begun: Vec<u8>,
}

impl Heartbeat {
    /// Follows a log from where it ends now.
    pub(crate) fn of(path: &str, beat: &Beat, now: Instant) -> Self {
        let mut heartbeat = Self {
            path: path.into(),
            beat: beat.clone(),
            followed: None,
            since: None,
            seen: VecDeque::new(),
        };
        let _the_next_look_says_why = heartbeat.begin(now);
        heartbeat
    }

    /// How the service is, going by what came until now.
    pub(crate) fn look(&mut self, now: Instant) -> Health {
        let read = match &self.followed {
            None => self.begin(now),
            Some(_) => self.catch_up(now),
        };
        if let Err(why) = read {
            (self.followed, self.since) = (None, None);
            self.seen.clear();
            return Health::Unknown(format!("`{}` cannot be read: {why}", self.path.display()));
        }
        self.judge(now)
    }

    /// How long it must be followed on at most to tell more than it does now.
    pub(crate) fn settles_in(&self, now: Instant) -> Option<Duration> {
        let followed = now.duration_since(self.since?);
        let left = self.within().checked_sub(followed)?;
        (self.count() < u64::from(self.beat.at_least) && !left.is_zero()).then_some(left)
    }

    fn within(&self) -> Duration {
        Duration::from_millis(self.beat.within_ms)
    }

    fn count(&self) -> u64 {
        self.seen.iter().map(|(_, count)| count).sum()
    }

    fn judge(&mut self, now: Instant) -> Health {
        while let Some((at, _)) = self.seen.front()
            && now.duration_since(*at) > self.within()
        {
            self.seen.pop_front();
        }
        let (count, wanted) = (self.count(), self.beat.at_least);
        if count >= u64::from(wanted) {
            return Health::Well;
        }
        let path = self.path.display();
        let seconds = self.within().as_secs_f64();
        let lines = format!("`{path}`: {count} lines in {seconds} s, and {wanted} are expected");
        if self.settles_in(now).is_some() {
            return Health::Unknown(format!("{lines}; it is followed for less than that"));
        }
        Health::Ill(lines)
    }

    fn begin(&mut self, now: Instant) -> io::Result<()> {
        let mut file = File::open(&self.path)?;
        let read_bytes = file.seek(SeekFrom::End(0))?;
        self.followed = Some(Followed {
            file,
            read_bytes,
            begun: Vec::new(),
        });
        self.since = Some(now);
        Ok(())
    }

    fn catch_up(&mut self, now: Instant) -> io::Result<()> {
        let Some(followed) = &mut self.followed else {
            return Ok(());
        };
        let mut count = followed.lines(&self.beat)?;
        if followed.is_put_aside(&self.path)? {
            *followed = Followed {
                file: File::open(&self.path)?,
                read_bytes: 0,
                begun: Vec::new(),
            };
            count += followed.lines(&self.beat)?;
        }
        if count > 0 {
            self.seen.push_back((now, count));
        }
        Ok(())
    }
}

impl Followed {
    /// How many whole lines came that count.
    fn lines(&mut self, beat: &Beat) -> io::Result<u64> {
        if self.file.metadata()?.len() < self.read_bytes {
            self.read_bytes = self.file.seek(SeekFrom::Start(0))?;
            self.begun.clear();
        }
        let mut bytes = Vec::new();
        let came = (&self.file).take(READ_BYTES_MAX).read_to_end(&mut bytes)?;
        self.read_bytes += u64::try_from(came).unwrap_or(u64::MAX);
        let mut count = 0;
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            let room = LINE_BYTES_MAX.saturating_sub(self.begun.len());
            self.begun.extend(part.iter().take(room));
            if part.ends_with(b"\n") {
                count += u64::from(counts(&self.begun, beat));
                self.begun.clear();
            }
        }
        Ok(count)
    }

    /// Whether another file has the name now.
    fn is_put_aside(&self, path: &Path) -> io::Result<bool> {
        Ok(!same(&self.file.metadata()?, &path.metadata()?))
    }
}

fn counts(line: &[u8], beat: &Beat) -> bool {
    let Some(text) = beat.holds.as_deref().filter(|text| !text.is_empty()) else {
        return !line.trim_ascii().is_empty();
    };
    line.windows(text.len()).any(|part| part == text.as_bytes())
}

#[cfg(unix)]
fn same(a: &Metadata, b: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

/// Elsewhere a file is told from another by when it was made.
#[cfg(not(unix))]
fn same(a: &Metadata, b: &Metadata) -> bool {
    a.created().ok() == b.created().ok()
}

#[cfg(test)]
mod tests {
    use std::{
        fs::{self, OpenOptions},
        io::Write as _,
        path::Path,
        time::{Duration, Instant},
    };

    use cordon_act::{Beat, Health};

    use super::Heartbeat;

    fn log(path: &Path, text: &str) {
        let mut options = OpenOptions::new();
        let mut file = options.create(true).append(true).open(path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    /// Two payments in ten seconds.
    fn beat() -> Beat {
        Beat {
            holds: Some("APPROVED".to_owned()),
            at_least: 2,
            within_ms: 10_000,
        }
    }

    fn word(health: &Health) -> &'static str {
        match health {
            Health::Well => "well",
            Health::Ill(_) => "ill",
            Health::Unknown(_) => "unknown",
        }
    }

    #[test]
    fn payments_that_stop_are_ill_and_what_was_there_before_does_not_count() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("payments.log");
        log(&path, &"1 APPROVED\n".repeat(100));
        let start = Instant::now();
        let mut heartbeat = Heartbeat::of(path.to_str().unwrap(), &beat(), start);
        let mut at = |seconds, more: &str, expect| {
            log(&path, more);
            let health = heartbeat.look(start + Duration::from_secs(seconds));
            assert_eq!(word(&health), expect, "after {seconds} s: {health:?}");
        };
        at(1, "", "unknown");
        at(2, "2 APPROVED\n3 DECLINED\n4 APPR", "unknown");
        at(3, "OVED\n", "well");
        at(12, "", "well");
        at(14, "", "ill");
        at(15, "5 APPROVED\n6 APPROVED\n", "well");
        at(30, "7 APPROVED\n", "ill");
    }

    #[test]
    fn a_log_that_is_put_aside_or_cut_off_is_followed_on_and_a_missing_one_is_unknown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("payments.log");
        let start = Instant::now();
        let mut heartbeat = Heartbeat::of(path.to_str().unwrap(), &beat(), start);
        let seconds = |s| start + Duration::from_secs(s);
        assert_eq!(word(&heartbeat.look(seconds(1))), "unknown");
        assert!(heartbeat.settles_in(seconds(1)).is_none());
        log(&path, "");
        assert_eq!(word(&heartbeat.look(seconds(2))), "unknown");
        assert!(heartbeat.settles_in(seconds(2)).is_some());
        // One line goes into the old file, one into the new one.
        log(&path, "1 APPROVED\n");
        fs::rename(&path, folder.path().join("payments.log.1")).unwrap();
        log(&path, "2 APPROVED\n");
        assert_eq!(word(&heartbeat.look(seconds(3))), "well");
        fs::write(&path, "3 APPROVED\n").unwrap();
        fs::write(&path, "").unwrap();
        assert_eq!(word(&heartbeat.look(seconds(20))), "ill");
        log(&path, "4 APPROVED\n5 APPROVED\n");
        assert_eq!(word(&heartbeat.look(seconds(21))), "well");
        fs::remove_file(&path).unwrap();
        assert_eq!(word(&heartbeat.look(seconds(22))), "unknown");
    }
}
