//! Files beside logs that are clearly none.

use std::{collections::BTreeMap, sync::Arc};

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

/// Judges a file by its name alone.
pub(crate) fn by_name(path: &str) -> Option<SkipReason> {
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
    const KNOWN: [(&[u8], SkipReason); 13] = [
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
    use super::{SkipReason, by_name, nested};

    #[test]
    fn what_is_clearly_no_log_is_told_by_its_name() {
        let check = |path, expect| assert_eq!(by_name(path), expect, "{path}");
        check("logs/auth.log", None);
        check("logs/auth.log.1", None);
        check("logs/okta.ndjson.gz", None);
        check("logs/events", None);
        check("logs/readme-audit.json", None);
        check("logs/README", Some(SkipReason::Document));
        check("logs/LICENSE-samples", Some(SkipReason::Document));
        check("logs/License.txt", Some(SkipReason::Document));
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
