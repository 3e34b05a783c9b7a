//! Files beside logs that are clearly none.
//!
//! What a file holds decides. A name that logs do not have (`README.md`, `rules.yml`, `.profile`) only says
//! where to look twice: such a file is read all the same once most records at its beginning tell a time.

use std::{
    cell::Cell,
    collections::BTreeMap,
    io::{Cursor, Read},
    rc::Rc,
    sync::Arc,
};

use cordon_event::{Degradation, Event, Hints, Reader, Refusal, Sink};

use crate::packing::Packing;

/// Why a file in a folder or archive was passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SkipReason {
    /// A file that a system or tool left behind, such as `.DS_Store` or `__MACOSX/`.
    Leftover,
    /// Something for people to read: a README, a licence, Markdown, a web page.
    Document,
    /// Source code, rules or configuration.
    Code,
    /// An image, sound or film.
    Media,
    /// An executable or library.
    Executable,
    /// An archive inside an archive, or packed in a way that is not understood.
    Packed,
    /// An archive's member that needs a password.
    Encrypted,
    /// A file of no bytes.
    Empty,
    /// A pipe, socket or device in a folder.
    NoFile,
    /// A link in an archive: what it names is there under its own name, or not at all.
    Link,
}

impl SkipReason {
    /// The reason in words, for a table of counts.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Leftover => "left behind by a system or tool",
            Self::Document => "a document",
            Self::Code => "code, rules or configuration",
            Self::Media => "an image, sound or film",
            Self::Executable => "an executable",
            Self::Packed => "packed in a way that is not understood",
            Self::Encrypted => "encrypted",
            Self::Empty => "empty",
            Self::NoFile => "a pipe, socket or device",
            Self::Link => "a link in an archive",
        }
    }
}

/// How many files were passed over for one reason, and the first of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// How many.
    pub count: u64,
    /// The first one's name.
    pub example: Arc<str>,
}

/// Counts a file that was passed over.
pub(crate) fn count(skipped: &mut BTreeMap<SkipReason, Skipped>, why: SkipReason, name: &str) {
    skipped
        .entry(why)
        .or_insert_with(|| Skipped {
            count: 0,
            example: Arc::from(name),
        })
        .count += 1;
}

const DOCUMENTS: [&str; 12] = [
    "md", "markdown", "rst", "pdf", "html", "htm", "css", "doc", "docx", "xlsx", "pptx", "rtf",
];
const CODE: [&str; 18] = [
    "yml", "yaml", "toml", "ini", "py", "rs", "go", "js", "ts", "c", "h", "sh", "ps1", "psm1",
    "bat", "cmd", "tf", "lock",
];
const MEDIA: [&str; 13] = [
    "png", "jpg", "jpeg", "gif", "svg", "ico", "bmp", "webp", "mp3", "mp4", "mov", "avi", "wav",
];
const EXECUTABLES: [&str; 11] = [
    "exe", "dll", "sys", "so", "dylib", "msi", "class", "jar", "apk", "deb", "rpm",
];
const PACKED: [&str; 7] = ["bz2", "tbz2", "7z", "rar", "lz4", "cab", "z"];

/// Endings of archives, which are not looked at inside another archive.
const ARCHIVES: [&str; 5] = ["zip", "tar", "tgz", "txz", "tzst"];

/// Judges a member of an archive: archives in archives are how bombs are made.
pub(crate) fn nested(name: &str) -> Option<SkipReason> {
    let lower = name.to_ascii_lowercase();
    let (stem, ending) = lower.rsplit_once('.')?;
    let tarred = stem
        .rsplit_once('.')
        .is_some_and(|(_, under)| under == "tar");
    let archive = tarred || ARCHIVES.contains(&ending);
    archive.then_some(SkipReason::Packed)
}

/// How much of a file with a name that logs do not have is looked at, in bytes.
pub(crate) const LOOKED_AT_BYTES: u64 = 64 * 1024;

/// Judges a file by its name and what it begins with: the first of these only where the other does not show
/// a log.
pub(crate) fn judged(path: &str, head: impl FnOnce() -> Vec<u8>) -> Option<SkipReason> {
    let why = suspect(path)?;
    let head = head();
    by_magic(&head).or_else(|| (!begins_as_log(&head)).then_some(why))
}

/// Why a member of an archive that is read from its beginning is passed over, and what was read of it to see that.
pub(crate) fn member(name: &str, size: u64, bytes: &mut dyn Read) -> (Option<SkipReason>, Vec<u8>) {
    if size == 0 {
        return (Some(SkipReason::Empty), Vec::new());
    }
    if let Some(why) = nested(name) {
        return (Some(why), Vec::new());
    }
    let mut head = Vec::new();
    let why = judged(name, || {
        // Where the archive breaks off in it, reading the rest says so.
        let _broken = bytes.take(LOOKED_AT_BYTES).read_to_end(&mut head);
        head.clone()
    });
    (why, head)
}

/// Whether most records at the beginning of a file tell a time.
fn begins_as_log(head: &[u8]) -> bool {
    let mut unpacked = Vec::new();
    let packed = Rc::new(Cell::new(u64::try_from(head.len()).unwrap_or(u64::MAX)));
    let Ok(input) = Packing::of(head).unpack(Cursor::new(head), packed) else {
        return false;
    };
    // What is packed breaks off where the beginning ends; what came out before it counts.
    let _broken_off = input.take(LOOKED_AT_BYTES).read_to_end(&mut unpacked);
    let mut timed = Timed::default();
    let mut input = unpacked.as_slice();
    // Any year does for times that are written without one.
    let hints = Hints {
        year: Some(2000),
        ..Hints::default()
    };
    let read = Reader::new().read(&Arc::from(""), &mut input, &hints, &mut timed);
    read.is_ok() && timed.with_time * 2 > timed.events
}

/// Counts records that tell a time.
#[derive(Default)]
struct Timed {
    events: u64,
    with_time: u64,
}

impl Sink for Timed {
    fn event(&mut self, event: &Event, _: &[Degradation]) {
        self.events += 1;
        self.with_time += u64::from(event.time.is_some());
    }

    fn refusal(&mut self, _: Refusal) {}
}

/// What a file's name says it is, if that is no log.
pub(crate) fn suspect(path: &str) -> Option<SkipReason> {
    let parts = || path.split(['/', '\\']);
    let name = parts().next_back().unwrap_or(path);
    if name.starts_with('.') || parts().any(|part| matches!(part, "__MACOSX" | ".git")) {
        return Some(SkipReason::Leftover);
    }
    let lower = name.to_ascii_lowercase();
    let (stem, extension) = lower.rsplit_once('.').unwrap_or((&lower, ""));
    let has = |list: &[&str]| list.contains(&extension);
    let for_people = |word: &&str| {
        *word == stem || *word == lower || (extension.is_empty() && lower.starts_with(*word))
    };
    if matches!(lower.as_str(), "thumbs.db" | "desktop.ini") {
        Some(SkipReason::Leftover)
    } else if has(&DOCUMENTS)
        || [
            "readme",
            "license",
            "licence",
            "copying",
            "notice",
            "changelog",
        ]
        .iter()
        .any(for_people)
    {
        Some(SkipReason::Document)
    } else if has(&CODE) {
        Some(SkipReason::Code)
    } else if has(&MEDIA) {
        Some(SkipReason::Media)
    } else if has(&EXECUTABLES) {
        Some(SkipReason::Executable)
    } else if has(&PACKED) {
        Some(SkipReason::Packed)
    } else {
        None
    }
}

/// Judges a file by its first bytes.
pub(crate) fn by_magic(head: &[u8]) -> Option<SkipReason> {
    const KNOWN: [(&[u8], SkipReason); 21] = [
        (b"\xca\xfe\xba\xbe", SkipReason::Executable),
        (b"!<arch>\n", SkipReason::Executable),
        (b"\xed\xab\xee\xdb", SkipReason::Executable),
        (b"RIFF", SkipReason::Media),
        (b"ID3", SkipReason::Media),
        (b"{\\rtf", SkipReason::Document),
        (b"\0\0\0\x01Bud1", SkipReason::Leftover),
        (b"\0\x05\x16\x07", SkipReason::Leftover),
        (b"\x7fELF", SkipReason::Executable),
        (b"MZ\x90\0", SkipReason::Executable),
        (b"\xcf\xfa\xed\xfe", SkipReason::Executable),
        (b"\x89PNG", SkipReason::Media),
        (b"\xff\xd8\xff", SkipReason::Media),
        (b"GIF8", SkipReason::Media),
        (b"%PDF", SkipReason::Document),
        (b"\xd0\xcf\x11\xe0", SkipReason::Document),
        (b"BZh", SkipReason::Packed),
        (b"7z\xbc\xaf", SkipReason::Packed),
        (b"Rar!", SkipReason::Packed),
        (b"\x04\x22\x4d\x18", SkipReason::Packed),
        (b"MSCF", SkipReason::Packed),
    ];
    if head.is_empty() {
        return Some(SkipReason::Empty);
    }
    KNOWN
        .iter()
        .find(|(magic, _)| head.starts_with(magic))
        .map(|(_, reason)| *reason)
}

#[cfg(test)]
mod tests {
    use super::{SkipReason, judged, nested, suspect};

    #[test]
    fn what_a_file_holds_decides_whatever_its_name() {
        let log = br#"{"eventType":"user.session.start","published":"2026-04-17T10:00:00Z","uuid":"u","actor":{}}
{"eventType":"user.session.end","published":"2026-04-17T10:00:01Z","uuid":"v","actor":{}}
"#;
        for name in [
            "notice.log",
            "license.log",
            "changelog.csv",
            "audit.sys",
            "okta.bin",
            "syslog.lock",
            "okta.js",
            "events.c",
            "vpn.z",
            "mail.html",
            ".okta.jsonl",
            "README.md",
            "in/.hidden/okta",
            "__MACOSX/okta.json",
        ] {
            assert_eq!(judged(name, || log.to_vec()), None, "{name}");
        }
        let syslog = b"<38>Apr 17 10:00:00 web1 sshd[7]: Invalid user x from 203.0.113.10 port 5\n";
        assert_eq!(judged("a.html", || syslog.to_vec()), None);
        let check = |name, head: &[u8], expect| {
            assert_eq!(judged(name, || head.to_vec()), Some(expect), "{name}");
        };
        check(
            "README.md",
            b"# Logs\n\nThey are of 2026.\n\n| a | b | c |\n|---|---|---|\n| 1 | 2 | 3 |\n",
            SkipReason::Document,
        );
        check(
            "rule.yml",
            b"title: x\ndate: 2026-04-17\n",
            SkipReason::Code,
        );
        check("a.js", b"{\n  \"name\": \"x\"\n}\n", SkipReason::Code);
        check(".git/index", b"DIRC\0\0\0\x02", SkipReason::Leftover);
        check("a.exe", b"MZ\x90\0", SkipReason::Executable);
    }

    #[test]
    fn what_is_hardly_a_log_is_told_by_its_name() {
        let check = |path, expect| assert_eq!(suspect(path), expect, "{path}");
        check("logs/auth.log", None);
        check("logs/auth.log.1", None);
        check("logs/okta.ndjson.gz", None);
        check("logs/events", None);
        check("logs/readme-audit.json", None);
        check("logs/README", Some(SkipReason::Document));
        check("logs/LICENSE-samples", Some(SkipReason::Document));
        check("logs/License.txt", Some(SkipReason::Document));
        check("logs/notice.log", Some(SkipReason::Document));
        check("logs/LICENSE.GPL", Some(SkipReason::Document));
        check("logs/notes.md", Some(SkipReason::Document));
        check("__MACOSX/._a.json", Some(SkipReason::Leftover));
        check("__MACOSX/a.json", Some(SkipReason::Leftover));
        check("logs/events.bin", None);
        check("estate.yaml", Some(SkipReason::Code));
        check("a.tar.xz", None);
        check("a.tar.bz2", Some(SkipReason::Packed));
    }

    #[test]
    fn archives_in_archives_are_left_alone() {
        let check = |path, expect: bool| assert_eq!(nested(path).is_some(), expect, "{path}");
        check("in/a.zip", true);
        check("in/a.TAR.gz", true);
        check("a.tgz", true);
        check("a.json.gz", false);
        check("tar", false);
        check("guitar.log", false);
    }
}
