//! Real recordings: every record is accounted for, and known for what it is.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot unpack recordings must fail"
)]

use std::{env, fs, path::PathBuf};

use cordon_event::{Degradation, Event, Hints, ReadSummary, Refusal, RefusalReason, Sink};
use cordon_recordings::{recording, unpacked};
use cordon_source::list;

const ATTACK: &str = "evtx/evtx-attack.tar.xz";

#[derive(Default)]
struct Kept {
    refusals: Vec<Refusal>,
    strange: Vec<String>,
}

impl Sink for Kept {
    fn event(&mut self, event: &Event, _: &[Degradation]) {
        let product = event.kind.product.as_deref();
        if product == Some("windows") && event.fields.get("EventID").is_none() {
            self.strange.push(format!("{:?}", event.log));
        }
    }

    fn refusal(&mut self, refusal: Refusal) {
        self.refusals.push(refusal);
    }
}

fn read_all(paths: &[PathBuf]) -> (ReadSummary, Kept) {
    let mut all = ReadSummary::default();
    let mut kept = Kept::default();
    let hints = Hints::at("2026-01-01T00:00:00Z".parse().unwrap());
    for member in list(paths).unwrap().members {
        let summary = member.read(&hints, &mut kept, &|_| {}).unwrap();
        assert_eq!(summary.records, summary.events + summary.refused_count());
        assert!(summary.records > 0, "{} holds no record", member.name());
        all.merge(summary);
    }
    (all, kept)
}

fn count(summary: &ReadSummary, source: &str) -> u64 {
    summary.by_source.get(source).copied().unwrap_or_default()
}

#[test]
fn every_record_of_558_windows_logs_becomes_an_event() {
    let (Some(attack), Some(mitre)) = (unpacked(ATTACK), unpacked("evtx/evtx-to-mitre.tar.xz"))
    else {
        return;
    };
    let (summary, kept) = read_all(&[attack, mitre]);
    assert_eq!(kept.strange, Vec::<String>::new());
    assert_eq!((summary.records, summary.events), (18_270, 18_270));
    assert_eq!(summary.degraded.keys().next(), None);
    assert_eq!(count(&summary, "windows/security"), 9_184);
    assert_eq!(count(&summary, "windows/sysmon"), 3_354);
    assert_eq!(count(&summary, "windows/windefend"), 476);
    assert!(
        summary
            .by_source
            .keys()
            .all(|source| source.starts_with("windows"))
    );
}

#[test]
fn flat_recordings_in_archives_are_known_by_channel() {
    let Some(folder) = recording("windows-json") else {
        return;
    };
    let named = |start: &str| {
        let mut files = fs::read_dir(&folder).unwrap().map(|f| f.unwrap().path());
        files
            .find(|path| {
                path.file_name()
                    .unwrap()
                    .to_string_lossy()
                    .starts_with(start)
            })
            .unwrap()
    };
    let (summary, kept) = read_all(&[named("covenant_psremoting"), named("empire_psexec")]);
    assert_eq!(kept.strange, Vec::<String>::new());
    assert_eq!(summary.records, summary.events);
    assert!(summary.records > 8_000, "{}", summary.records);
    let known = count(&summary, "windows/sysmon") + count(&summary, "windows/security");
    assert!(known * 2 > summary.records, "{:?}", summary.by_source);
    assert_eq!(count(&summary, "unknown"), 0);
}

#[test]
fn cloud_recordings_are_known_with_their_times() {
    let (Some(sorted), Some(raw)) = (
        recording("cloud/cloudtrail-by-technique"),
        unpacked("cloud/cloudtrail-raw.tar.xz"),
    ) else {
        return;
    };
    let (summary, _) = read_all(&[sorted, raw]);
    assert_eq!(summary.records, 3_210);
    assert_eq!(count(&summary, "aws/cloudtrail"), 3_210);
    assert_eq!(summary.degraded.keys().next(), None);
}

#[test]
fn a_cut_off_windows_log_gives_what_is_before_the_cut_and_counts_the_rest() {
    let Some(folder) = unpacked(ATTACK) else {
        return;
    };
    let whole = fs::read(folder.join("UACME_59_Sysmon.evtx")).unwrap();
    let target = tempfile::TempDir::new().unwrap();
    let run = |bytes: &[u8]| {
        let path = target.path().join("cut.evtx");
        fs::write(&path, bytes).unwrap();
        read_all(&[path])
    };
    let (all, _) = run(&whole);
    let cut = 4096 + 8_000;
    let (summary, kept) = run(&whole[..cut]);
    assert_eq!(summary.records, all.records);
    assert!(
        summary.events > 0 && summary.events < all.events,
        "{} of {}",
        summary.events,
        all.events
    );
    let reasons: Vec<_> = kept.refusals.iter().map(|refusal| refusal.reason).collect();
    assert!(
        reasons.iter().all(|r| *r == RefusalReason::Truncated),
        "{reasons:?}"
    );
    let (summary, _) = run(&whole[..100]);
    assert_eq!((summary.records, summary.events), (1, 0));
}

#[test]
fn windows_logs_without_chunks_they_count_or_with_a_damaged_one_lose_no_record_uncounted() {
    let Some(folder) = unpacked(ATTACK) else {
        return;
    };
    let whole = fs::read(folder.join("UACME_59_Sysmon.evtx")).unwrap();
    let target = tempfile::TempDir::new().unwrap();
    let path = target.path().join("log.evtx");
    let run = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        read_all(std::slice::from_ref(&path))
    };
    let (all, _) = run(&whole);
    let chunks = u64::from(u16::from_le_bytes([whole[42], whole[43]]));
    let (summary, kept) = run(&whole[..4096]);
    assert_eq!((summary.records, summary.events), (chunks, 0));
    assert_eq!(kept.refusals[0].reason, RefusalReason::Truncated);
    assert!(kept.refusals[0].sample.contains("missing"));
    for damage in [4096..4104, 4096..4096 + 48] {
        let mut bytes = whole.clone();
        bytes[damage].fill(0);
        let (summary, _) = run(&bytes);
        assert_eq!(summary.records, all.records);
        assert!(summary.refused_count() > 1);
    }
}

/// A step of xorshift: damage that is the same in every run.
fn next(seed: &mut u64) -> u64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed
}

#[test]
fn damaged_windows_logs_never_end_the_reading() {
    let Some(folder) = unpacked(ATTACK) else {
        return;
    };
    let whole = fs::read(folder.join("UACME_59_Sysmon.evtx")).unwrap();
    let target = tempfile::TempDir::new().unwrap();
    let path = target.path().join("damaged.evtx");
    let mut seed = 0x9E37_79B9_7F4A_7C15;
    let rounds = env::var("CORDON_DAMAGE_ROUNDS").map_or(60, |n| n.parse().unwrap());
    for _ in 0..rounds {
        let mut bytes = whole.clone();
        let hits = 1 + next(&mut seed) % 40;
        for _ in 0..hits {
            let length = u64::try_from(bytes.len() - 8).unwrap();
            let at = usize::try_from(8 + next(&mut seed) % length).unwrap();
            bytes[at] = next(&mut seed).to_le_bytes()[0];
        }
        fs::write(&path, &bytes).unwrap();
        read_all(std::slice::from_ref(&path));
    }
}
