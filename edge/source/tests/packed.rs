//! Packed files and `tar` archives, whole, broken and hostile.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot make its files must fail"
)]

use std::{
    cell::Cell,
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
};

use cordon_event::{Degradation, Event, Hints, ReadSummary, Refusal, Sink};
use cordon_source::{Listing, Member, SkipReason, SourceError, list};
use flate2::{Compression, write::GzEncoder};
use tempfile::TempDir;

#[derive(Default)]
struct Kept(Vec<Event>);

impl Sink for Kept {
    fn event(&mut self, event: &Event, _: &[Degradation]) {
        self.0.push(event.clone());
    }

    fn refusal(&mut self, _: Refusal) {}
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let options = lzma_rust2::XzOptions::with_preset(3);
    let mut packer = lzma_rust2::XzWriter::new(Vec::new(), options).unwrap();
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(u64::try_from(bytes.len()).unwrap());
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

type Packer = fn(&[u8]) -> Vec<u8>;

const PACKERS: [(&str, Packer); 4] = [
    ("", <[u8]>::to_vec),
    (".gz", gzip),
    (".zst", zstd),
    (".xz", xz),
];

const LOG: &[u8] = b"{\"a\":1}\n{\"a\":2}\n";

fn listed(name: &str, bytes: &[u8]) -> (TempDir, PathBuf, Result<Listing, SourceError>) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    let listing = list(std::slice::from_ref(&path));
    (folder, path, listing)
}

fn read(member: &Member) -> (Vec<Event>, Result<ReadSummary, SourceError>, u64) {
    let mut kept = Kept::default();
    let watched = Cell::new(0);
    let watch = |bytes| watched.set(watched.get() + bytes);
    let read = member.read(&Hints::default(), &mut kept, &watch);
    (kept.0, read, watched.get())
}

/// The records of all members as `name#number`, the folder left out.
fn records(listing: &Listing, root: &Path) -> Vec<String> {
    let root = format!("{}/", root.display());
    let mut found = Vec::new();
    for member in &listing.members {
        let (events, summary, watched) = read(member);
        assert_eq!(summary.unwrap().records, events.len() as u64);
        assert_eq!(watched, member.size(), "{}", member.name());
        let named = |e: &Event| format!("{}#{}", e.log.path.replace(&root, ""), e.log.record);
        found.extend(events.iter().map(named));
    }
    found
}

#[test]
fn a_packed_file_gives_its_records_under_its_own_name_wherever_its_streams_end() {
    for (ending, pack) in PACKERS {
        let name = format!("okta.json{ending}");
        let bytes = [pack(b"{\"a\":1}\n"), pack(b"{\"a\":2}\n")].concat();
        let (folder, _, listing) = listed(&name, &bytes);
        let found = records(&listing.unwrap(), folder.path());
        assert_eq!(found, [format!("{name}#1"), format!("{name}#2")]);
    }
}

#[test]
fn a_tar_gives_the_records_of_each_member_under_its_name() {
    let long = format!("{}/x.json", "deep/".repeat(40));
    let members: [(&str, &[u8]); 7] = [
        ("z.json", LOG),
        ("in/y.json.zst", &zstd(LOG)),
        (&long, LOG),
        ("README.md", b"x"),
        ("none.json", b""),
        ("inner.tar.gz", b"x"),
        ("._z.json", b"x"),
    ];
    for (ending, pack) in PACKERS {
        let name = format!("logs.tar{ending}");
        let (folder, _, listing) = listed(&name, &pack(&tar(&members)));
        let listing = listing.unwrap();
        let mut found = records(&listing, folder.path());
        found.sort();
        let long = format!("{name}!{long}");
        let mut expect = Vec::new();
        for inner in [
            &format!("{name}!z.json"),
            &format!("{name}!in/y.json.zst"),
            &long,
        ] {
            expect.extend([format!("{inner}#1"), format!("{inner}#2")]);
        }
        expect.sort();
        assert_eq!(found, expect);
        let skipped: Vec<_> = listing.skipped.iter().map(|(r, s)| (*r, s.count)).collect();
        let one = |reason| (reason, 1);
        assert_eq!(
            skipped,
            [
                SkipReason::Leftover,
                SkipReason::Document,
                SkipReason::Packed,
                SkipReason::Empty
            ]
            .map(one)
        );
    }
}

#[test]
fn what_was_unpacked_before_a_file_broke_counts() {
    let numbers = (0..40_000_u64).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let lines = numbers.map(|n| format!("{{\"a\":\"{n:x}\"}}\n").into_bytes());
    let log = lines.collect::<Vec<_>>().concat();
    for (ending, pack) in PACKERS.into_iter().skip(1) {
        for name in [format!("a.json{ending}"), format!("a.tar{ending}")] {
            let whole = if name.contains("tar") {
                tar(&[("one.json", LOG), ("big.json", &log)])
            } else {
                log.clone()
            };
            let packed = pack(&whole);
            let cut = packed.get(..packed.len() - 40).unwrap();
            let (_folder, _, listing) = listed(&name, cut);
            let (events, summary, _) = read(&listing.unwrap().members[0]);
            let error = summary.unwrap_err();
            let so_far = error.so_far().unwrap();
            assert_eq!(so_far.events, events.len() as u64, "{name}");
            assert!(!name.contains("tar") || so_far.events >= 2, "{name}");
        }
    }
}

#[test]
fn a_cut_off_tar_gives_what_is_there_and_fails_aloud() {
    let whole = tar(&[("one.json", LOG), ("two.json", &LOG.repeat(2_000))]);
    let (folder, _, listing) = listed("cut.tar", &whole[..whole.len() / 2]);
    let listing = listing.unwrap();
    assert!(matches!(listing.failed[..], [SourceError::Tar { .. }]));
    let (events, _, _) = read(&listing.members[0]);
    assert_eq!(events.len(), 2, "{}", folder.path().display());
    assert_eq!(listing.members.len(), 2);
}

#[test]
fn a_cut_off_zip_gives_what_is_there_and_fails_aloud() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for name in ["a.json", "logo.png", "b.json"] {
        zip.start_file(name, options).unwrap();
        zip.write_all(LOG).unwrap();
    }
    let whole = zip.finish().unwrap().into_inner();
    let list = whole.windows(4).position(|at| at == b"PK\x01\x02").unwrap();
    for (end, whole_members) in [(whole.len() - 40, 2), (list, 2), (list - 10, 1)] {
        let (_folder, _, listing) = listed("a.zip", &whole[..end]);
        let listing = listing.unwrap();
        assert!(!listing.skipped.is_empty(), "a picture is counted");
        let (found, summary, _) = read(&listing.members[0]);
        assert!(found.len() >= 2 * whole_members, "{end}: {}", found.len());
        if end <= list {
            let error = summary.unwrap_err();
            assert_eq!(error.so_far().unwrap().events, found.len() as u64, "{end}");
        }
    }
}

#[test]
fn what_unpacks_to_more_than_any_log_ends_in_an_error() {
    let mut zeros = std::io::repeat(b'\n').take(80 * 1024 * 1024);
    let mut packer = zstd::Encoder::new(Vec::new(), 1).unwrap();
    std::io::copy(&mut zeros, &mut packer).unwrap();
    let (_folder, _, listing) = listed("a.log.zst", &packer.finish().unwrap());
    let (_, summary, _) = read(&listing.unwrap().members[0]);
    assert!(matches!(summary, Err(SourceError::Read(_))));
}

#[test]
fn a_stream_that_asks_for_much_memory_is_refused() {
    // A frame whose window is 2^31 bytes.
    let frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x01, 0x00, 0x00];
    let (_folder, _, listing) = listed("a.log.zst", &frame);
    let (_, summary, _) = read(&listing.unwrap().members[0]);
    assert!(matches!(summary, Err(SourceError::Read(_))));
}

#[test]
fn a_broken_tar_is_an_error_that_names_it() {
    let mut bytes = tar(&[("a.json", LOG)]);
    bytes.truncate(600);
    bytes[148] = b'9';
    let (_folder, _, listing) = listed("broken.tar", &bytes);
    let error = listing.unwrap_err();
    assert!(matches!(error, SourceError::Tar { .. }), "{error:?}");
    assert!(error.to_string().contains("broken.tar"), "{error}");
}

#[test]
fn a_small_packed_file_that_breaks_off_gives_what_was_whole_and_says_so() {
    // Little of it repeats, so that what is cut off are a few records.
    let line = |n: u64| {
        let noise = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        format!(
            "{{\"uuid\":\"{noise:016x}\",\"n\":{n},\"more\":\"{:016x}\"}}\n",
            !noise
        )
    };
    let log: String = (0..200).map(line).collect();
    for (ending, pack) in &PACKERS[1..] {
        let whole = pack(log.as_bytes());
        let mut spoilt = whole.clone();
        // The checksum of the content; of xz, the index behind it.
        let at = spoilt.len() - 6;
        spoilt[at] ^= 0x55;
        let cut = whole[..whole.len() * 9 / 10].to_vec();
        let trailed = [whole, b"not packed at all".to_vec()].concat();
        for (what, bytes, least) in [
            ("cut", cut, 100),
            ("spoilt", spoilt, 200),
            ("trailed", trailed, 200),
        ] {
            let (_folder, _, listing) = listed(&format!("log.json{ending}"), &bytes);
            let (events, read, _) = read(&listing.unwrap().members[0]);
            let so_far = match read {
                // What follows a stream of gzip may be padding, and is.
                Ok(summary) => summary,
                Err(failed) => failed.so_far().unwrap().clone(),
            };
            // One block is all of it, and their blocks cannot be read in part. These files of zstd have no checksum, so that
            // what is spoilt is the block.
            if (*ending != ".gz" && what == "cut") || (*ending == ".zst" && what == "spoilt") {
                assert_eq!(so_far.events, 0);
                continue;
            }
            assert!(
                events.len() >= least,
                "{} events of {what} {ending}",
                events.len()
            );
            assert_eq!(so_far.records, so_far.events + so_far.refused_count());
        }
    }
}
