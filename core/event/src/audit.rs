//! The lines of one event of the Linux audit daemon, joined.
//!
//! The daemon tells an event in several lines that share a stamp. Each line stays a record of its own, with
//! its own number; what the others know of it is added: every line learns who did it, and the line of a
//! system call that started a program learns its arguments and folder, under the names that rules about
//! processes know.
//!
//! Invariant: lines leave in the order they came, and no more than [`LINES_MAX`] of them are held.

use std::{mem, sync::LazyLock};

use cordon_model::{Item, Record, Scalar};
use memchr::memmem::{self, Finder};

use crate::{
    intake::{Draft, Intake, Kind, Raw, Understood},
    lines, syslog,
};

/// Most lines of one event that are held: an event has a handful, and a line for each path it touches.
const LINES_MAX: usize = 64;

/// Longest line that is held, in bytes: the kernel writes none above 8,970.
const LINE_BYTES_MAX: usize = 64 * 1024;

/// What every line learns from the line of the system call.
const WHO: [&str; 8] = ["auid", "AUID", "uid", "UID", "ses", "pid", "ppid", "tty"];

/// Whether a stream that begins so is one of whose lines some are to be joined. What begins otherwise is
/// cut into parts that know nothing of each other, so that its lines are never joined.
pub(crate) fn begins(prefix: &[u8]) -> bool {
    memmem::find(prefix, b"audit(").is_some()
}

/// The lines of the event that is being read.
#[derive(Default)]
pub(crate) struct Group {
    stamp: Vec<u8>,
    lines: Vec<Line>,
    /// The memory of lines that were handed on, to be used again.
    spare: Vec<(Vec<u8>, Draft)>,
}

struct Line {
    bytes: Vec<u8>,
    offset: u64,
    understood: Understood,
    draft: Draft,
}

impl Group {
    /// Takes a line if it is one of the daemon's, and hands on what is complete; whether it took it.
    pub(crate) fn take(&mut self, line: &lines::Line<'_>, intake: &mut Intake<'_>) -> bool {
        let raw = Raw {
            bytes: line.bytes,
            offset: line.offset,
        };
        let is_json = raw.bytes.trim_ascii_start().starts_with(b"{");
        let held = raw.bytes.len() <= LINE_BYTES_MAX && !raw.bytes.contains(&0) && !is_json;
        let stamp = stamp(raw.bytes).filter(|_| held);
        let Some(stamp) = stamp else {
            self.finish(intake);
            return false;
        };
        if stamp != self.stamp || self.lines.len() >= LINES_MAX {
            self.finish(intake);
            self.stamp.extend_from_slice(stamp);
        }
        let understood = syslog::understand(raw.bytes, intake.hints, &mut intake.draft);
        let (mut bytes, spare) = self.spare.pop().unwrap_or_default();
        bytes.clear();
        bytes.extend_from_slice(raw.bytes);
        self.lines.push(Line {
            bytes,
            offset: raw.offset,
            understood,
            draft: mem::replace(&mut intake.draft, spare),
        });
        // The last line of an event, which need not wait for the next one.
        if self
            .lines
            .last()
            .is_some_and(|line| line.is("PROCTITLE") || line.is("EOE"))
        {
            self.finish(intake);
        }
        true
    }

    /// Hands on all lines that are held.
    pub(crate) fn finish(&mut self, intake: &mut Intake<'_>) {
        self.stamp.clear();
        join(&mut self.lines);
        for line in self.lines.drain(..) {
            let raw = Raw {
                bytes: &line.bytes,
                offset: line.offset,
            };
            let spare = mem::replace(&mut intake.draft, line.draft);
            intake.accept(raw, line.understood);
            self.spare.push((line.bytes, spare));
        }
    }
}

/// What stands between the brackets of `audit(…)`; none where nothing of that form is.
fn stamp(line: &[u8]) -> Option<&[u8]> {
    static MARK: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("audit("));
    let at = MARK.find(line)? + MARK.needle().len();
    let rest = line.get(at..)?;
    let end = rest.iter().take(64).position(|b| *b == b')')?;
    rest.get(..end)
}

impl Line {
    fn is(&self, kind: &str) -> bool {
        self.understood.kind.service == Some("auditd") && self.text("type") == Some(kind)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.draft.fields.get(name).and_then(Item::as_str)
    }
}

fn join(lines: &mut [Line]) {
    // A line alone learns nothing from itself.
    if lines.len() < 2 {
        return;
    }
    let Some(call) = lines.iter().position(|line| line.is("SYSCALL")) else {
        return;
    };
    let told = |name: &&'static str| {
        let value = lines.get(call)?.text(name)?;
        Some((*name, value.to_owned()))
    };
    let who: Vec<(&str, String)> = WHO.iter().filter_map(told).collect();
    let started = started(lines, call);
    for (at, line) in lines.iter_mut().enumerate() {
        if line.understood.kind.service != Some("auditd") {
            continue;
        }
        put(&mut line.draft.fields, &who);
        if at == call && !started.is_empty() {
            put(&mut line.draft.fields, &started);
            line.understood.kind = Kind {
                categories: &["process_creation"],
                ..line.understood.kind
            };
        }
    }
}

/// What rules about processes ask, if the system call started a program.
fn started(lines: &[Line], call: usize) -> Vec<(&'static str, String)> {
    let arguments = lines.iter().find(|line| line.is("EXECVE"));
    let (Some(arguments), Some(call)) = (arguments, lines.get(call)) else {
        return Vec::new();
    };
    if call.text("success") == Some("no") {
        return Vec::new();
    }
    let folder = lines.iter().find(|line| line.is("CWD"));
    let user = ["UID", "AUID", "uid"];
    let user = user.iter().find_map(|name| call.text(name));
    let told = [
        ("Image", call.text("exe").map(str::to_owned)),
        ("CommandLine", Some(command_line(&arguments.draft.fields))),
        (
            "CurrentDirectory",
            folder.and_then(|f| f.text("cwd")).map(str::to_owned),
        ),
        ("ProcessId", call.text("pid").map(str::to_owned)),
        ("ParentProcessId", call.text("ppid").map(str::to_owned)),
        ("User", user.map(str::to_owned)),
    ];
    told.into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}

/// The arguments in a row. A long one is told in pieces: `a2[0]`, `a2[1]`.
fn command_line(fields: &Record) -> String {
    let mut line = String::new();
    for item in fields.root().children() {
        let digits = item.key().strip_prefix('a').unwrap_or_default();
        let (number, piece) = match digits.split_once('[') {
            Some((number, rest)) => (number, rest.trim_end_matches(']')),
            None => (digits, "0"),
        };
        let is_argument = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        let Some(text) = item.as_str().filter(|_| is_argument) else {
            continue;
        };
        if !line.is_empty() && piece == "0" {
            line.push(' ');
        }
        line.push_str(text);
    }
    line
}

fn put(record: &mut Record, told: &[(&str, String)]) {
    for (name, value) in told {
        if record.get(name).is_none() {
            let key = record.name(name);
            record.put(key, Scalar::Text(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::LINES_MAX;
    use crate::{Degradation, Event, Hints, Refusal, Sink, read};

    #[derive(Default)]
    struct Kept(Vec<Event>);

    impl Sink for Kept {
        fn event(&mut self, event: &Event, _: &[Degradation]) {
            self.0.push(event.clone());
        }

        fn refusal(&mut self, refusal: Refusal) {
            panic!("refused: {refusal:?}");
        }
    }

    fn run(text: &str) -> Vec<Event> {
        let mut kept = Kept::default();
        let summary = read(
            &"t".into(),
            &mut text.as_bytes(),
            &Hints::default(),
            &mut kept,
        )
        .unwrap();
        assert_eq!(summary.records, summary.events);
        let numbers: Vec<u64> = kept.0.iter().map(|event| event.log.record).collect();
        assert_eq!(numbers, (1..=summary.records).collect::<Vec<_>>());
        for event in &kept.0 {
            let begin = usize::try_from(event.offset).unwrap();
            let raw = &text[begin..begin + usize::try_from(event.length).unwrap()];
            assert!(!raw.contains('\n') && raw.contains(' '), "{raw}");
        }
        kept.0
    }

    fn fields(event: &Event) -> Value {
        event.fields.to_value()
    }

    const STARTED: &str = "type=SYSCALL msg=audit(1776415024.250:9): syscall=59 success=yes ppid=7 pid=8 auid=1000 uid=0 exe=\"/usr/bin/curl\" key=\"x\"\u{1d}UID=\"root\" AUID=\"bob\"\ntype=EXECVE msg=audit(1776415024.250:9): argc=3 a0=\"curl\" a1=\"-o\" a2_len=9 a2[0]=\"/tmp\" a2[1]=\"/x\"\ntype=CWD msg=audit(1776415024.250:9): cwd=\"/root\"\ntype=PROCTITLE msg=audit(1776415024.250:9): proctitle=\"curl\"\n";

    #[test]
    fn lines_of_one_event_know_of_each_other_and_stay_records_of_their_own() {
        let events = run(&format!(
            "{STARTED}type=USER_LOGIN msg=audit(1776415025.0:10): pid=1 auid=2 res=success\n"
        ));
        assert_eq!(events.len(), 5);
        let call = fields(&events[0]);
        assert_eq!(call["Image"], "/usr/bin/curl");
        assert_eq!(call["CommandLine"], "curl -o /tmp/x");
        assert_eq!(call["CurrentDirectory"], "/root");
        assert_eq!(call["User"], "root");
        assert_eq!(&*events[0].kind.categories[0], "process_creation");
        let arguments = fields(&events[1]);
        assert_eq!(arguments["AUID"], "bob");
        assert_eq!(arguments.get("exe"), None);
        assert!(events[1].kind.categories.is_empty());
        assert_eq!(
            fields(&events[4]),
            json!({"message": "type=USER_LOGIN msg=audit(1776415025.0:10): pid=1 auid=2 res=success",
            "type": "USER_LOGIN", "serial": "10", "pid": "1", "auid": "2", "res": "success"})
        );
    }

    #[test]
    fn a_call_that_failed_started_nothing_and_lines_between_events_stay_in_their_place() {
        let events = run(&format!(
            "words before\n{}more words\n",
            STARTED.replace("success=yes", "success=no")
        ));
        assert_eq!(fields(&events[1]).get("Image"), None);
        assert_eq!(fields(&events[0])["message"], "words before");
        assert_eq!(fields(&events[5])["message"], "more words");
    }

    #[test]
    fn no_more_lines_are_held_than_the_limit() {
        let line = "type=PATH msg=audit(1776415024.250:9): item=0 name=\"/x\"\n";
        assert_eq!(
            run(&line.repeat(LINES_MAX * 3 + 1)).len(),
            LINES_MAX * 3 + 1
        );
    }
}
