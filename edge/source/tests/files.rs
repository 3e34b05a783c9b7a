//! Files, folders and archives as people hand them over.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot make its files must fail"
)]

use std::{
    cell::Cell,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use cordon_event::{Degradation, Event, Hints, ReadSummary, Refusal, Sink};
use cordon_source::{Listing, Member, SkipReason, SourceError, list};
use flate2::{Compression, write::GzEncoder};
use tempfile::TempDir;
use zip::{ZipWriter, write::SimpleFileOptions};

#[derive(Default)]
struct Kept(Vec<Event>);

impl Sink for Kept {
    fn event(&mut self, event: &Event, _: &[Degradation]) {
        self.0.push(event.clone());
    }

    fn refusal(&mut self, _: Refusal) {}
}

fn write(path: PathBuf, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn names(listing: &Listing, root: &Path) -> Vec<String> {
    let root = format!("{}/", root.display());
    let members = listing.members.iter();
    members.map(|m| m.name().replace(&root, "")).collect()
}

fn read(member: &Member) -> (Vec<Event>, ReadSummary, u64) {
    let mut kept = Kept::default();
    let watched = Cell::new(0);
    let watch = |bytes| watched.set(watched.get() + bytes);
    let summary = member.read(&Hints::default(), &mut kept, &watch).unwrap();
    (kept.0, summary, watched.get())
}

#[test]
fn folders_archives_and_packed_files_give_their_records_under_their_names() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    let log = b"{\"a\":1}\n{\"a\":2}\n";
    write(root.join("b/plain.json"), log);
    write(
        root.join("a/packed.log.gz"),
        &[gzip(b"{\"a\":1}\n"), gzip(b"{\"a\":2}\n")].concat(),
    );
    write(
        root.join("all.zip"),
        &zip(&[
            ("z.json", log),
            ("in/y.json.gz", &gzip(log)),
            ("__MACOSX/._z.json", b"x"),
            ("README.md", b"x"),
            ("inner.zip", b"x"),
            ("none.json", b""),
        ]),
    );
    write(root.join("LICENSE"), b"text");
    write(root.join("tool"), b"\x7fELF\x02\x01\x01\0");
    let listing = list(&[root.to_owned()]).unwrap();
    assert_eq!(
        names(&listing, root),
        [
            "a/packed.log.gz",
            "all.zip!in/y.json.gz",
            "all.zip!z.json",
            "b/plain.json"
        ]
    );
    for member in &listing.members {
        let (events, summary, watched) = read(member);
        assert_eq!(
            (summary.records, summary.events),
            (2, 2),
            "{}",
            member.name()
        );
        assert_eq!(events[1].log.path, *member.name());
        assert_eq!(events[1].log.record, 2);
        assert_eq!(watched, member.size(), "{}", member.name());
    }
    let skipped: Vec<_> = listing.skipped.iter().map(|(r, s)| (*r, s.count)).collect();
    assert_eq!(
        skipped,
        [
            (SkipReason::Leftover, 1),
            (SkipReason::Document, 2),
            (SkipReason::Executable, 1),
            (SkipReason::Packed, 1),
            (SkipReason::Empty, 1),
        ]
    );
}

#[test]
fn members_can_be_read_on_any_thread() {
    fn check<T: Send + Sync>() {}
    check::<Member>();
}

#[test]
fn a_file_given_by_name_is_read_whatever_it_is_called() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("README.md");
    write(path.clone(), b"{\"a\":1}\n");
    let listing = list(&[path.clone(), path]).unwrap();
    assert_eq!(listing.members.len(), 1);
    assert_eq!(read(&listing.members[0]).1.events, 1);
}

#[test]
fn paths_without_logs_are_the_users_mistake_and_say_so() {
    let folder = TempDir::new().unwrap();
    let missing = list(&[folder.path().join("none")]).unwrap_err();
    assert!(missing.is_input());
    assert!(
        missing
            .to_string()
            .starts_with("there is no file or folder ")
    );
    write(folder.path().join("README"), b"text");
    let empty = list(&[folder.path().to_owned()]).unwrap_err();
    assert!(empty.is_input());
    let said = empty.to_string();
    assert!(
        said.contains("1 file was passed over: 1 × a document, such as "),
        "{said}"
    );
    let packed = folder.path().join("logs.tar.bz2");
    write(packed.clone(), b"BZh91AY&SY");
    let packed = list(&[packed]).unwrap_err();
    assert!(matches!(packed, SourceError::UnknownPacking { .. }));
}

#[test]
fn a_broken_archive_is_an_error_that_names_it() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("broken.zip");
    write(path.clone(), b"PK\x03\x04 and then nothing");
    let error = list(&[path]).unwrap_err();
    assert!(!error.is_input());
    assert!(error.to_string().contains("broken.zip"), "{error}");
}

#[cfg(unix)]
#[test]
fn what_cannot_be_looked_at_does_not_keep_the_rest_from_being_listed() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    write(root.join("broken.zip"), b"PK\x03\x04 and then nothing");
    std::os::unix::fs::symlink(root.join("none"), root.join("dangling.log")).unwrap();
    write(root.join("z.json"), b"{\"a\":1}\n");
    for paths in [
        vec![root.to_owned()],
        vec![root.join("broken.zip"), root.to_owned()],
    ] {
        let listing = list(&paths).unwrap();
        assert_eq!(names(&listing, root), ["z.json"]);
        let failed: Vec<String> = listing.failed.iter().map(ToString::to_string).collect();
        for name in ["broken.zip", "dangling.log"] {
            assert!(failed.iter().any(|f| f.contains(name)), "{failed:?}");
        }
    }
    fs::remove_file(root.join("z.json")).unwrap();
    let error = list(&[root.to_owned()]).unwrap_err();
    assert!(matches!(error, SourceError::Archive { .. }), "{error}");
}

#[cfg(unix)]
#[test]
fn a_pipe_gives_all_its_records() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    assert!(made.unwrap().success());
    let log = b"{\"a\":1}\n{\"a\":2}\n";
    for bytes in [log.to_vec(), gzip(log)] {
        let listing = list(std::slice::from_ref(&path)).unwrap();
        let to = path.clone();
        let writer = std::thread::spawn(move || fs::write(to, bytes));
        assert_eq!(read(&listing.members[0]).1.events, 2);
        writer.join().unwrap().unwrap();
    }
}

#[test]
fn a_bomb_is_left_alone() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("bomb.zip");
    let mut writer = ZipWriter::new(fs::File::create(&path).unwrap());
    writer
        .start_file("zeros.log", SimpleFileOptions::default())
        .unwrap();
    let block = vec![b'\n'; 1024 * 1024];
    for _ in 0..70 {
        writer.write_all(&block).unwrap();
    }
    writer.finish().unwrap();
    let error = list(&[path]).unwrap_err();
    assert!(matches!(error, SourceError::Bomb { .. }), "{error}");
}

#[test]
fn a_gzip_bomb_ends_in_an_error_while_it_is_read() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("bomb.gz");
    let mut packer = GzEncoder::new(fs::File::create(&path).unwrap(), Compression::best());
    let block = vec![b'\n'; 1024 * 1024];
    for _ in 0..70 {
        packer.write_all(&block).unwrap();
    }
    packer.finish().unwrap();
    let listing = list(&[path]).unwrap();
    let mut kept = Kept::default();
    let read = listing.members[0].read(&Hints::default(), &mut kept, &|_| {});
    assert!(matches!(read, Err(SourceError::Read(_))));
}

#[test]
fn a_folder_that_holds_no_logs_is_a_failure_beside_one_that_does() {
    let folder = TempDir::new().unwrap();
    let (good, bare) = (folder.path().join("good"), folder.path().join("bare"));
    write(good.join("a.json"), b"{\"a\":1}\n");
    write(bare.join("README"), b"nothing yet");
    let listing = list(&[good, bare.clone()]).unwrap();
    assert_eq!(listing.members.len(), 1);
    let [SourceError::NoLogs { paths, .. }] = listing.failed.as_slice() else {
        unreachable!(
            "expected one folder without logs, found {:?}",
            listing.failed
        );
    };
    assert_eq!(*paths, [bare]);
}

#[cfg(unix)]
#[test]
fn a_socket_or_pipe_in_a_folder_is_passed_over_aloud() {
    let folder = TempDir::new().unwrap();
    write(folder.path().join("a.json"), b"{\"a\":1}\n");
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("socket")).unwrap();
    let listing = list(&[folder.path().to_owned()]).unwrap();
    assert_eq!(listing.members.len(), 1);
    assert_eq!(listing.skipped[&SkipReason::NoFile].count, 1);
}
