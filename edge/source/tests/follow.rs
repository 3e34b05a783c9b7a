//! Files that grow, turn over, appear and go: each record once, under its own number.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test stops at what it did not expect"
)]

use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    path::{Path, PathBuf},
};

use cordon_event::{Degradation, Event, Hints, Refusal, Sink};
use cordon_source::{Followed, Follower, SourceError, Turnover};
use tempfile::TempDir;

/// `app.log 3 m7`: the file, the record's number, and what it says.
#[derive(Default)]
struct Taken(Vec<String>);

impl Sink for Taken {
    fn event(&mut self, event: &Event, _: &[Degradation]) {
        let said = event
            .fields
            .get("m")
            .or_else(|| event.fields.get("message"));
        let said = said.map_or("", |said| said.as_str().unwrap_or_default());
        self.put(&event.log.path, event.log.record, said);
    }

    fn refusal(&mut self, refusal: Refusal) {
        self.put(&refusal.log.path, refusal.log.record, "refused");
    }
}

impl Taken {
    fn put(&mut self, path: &str, record: u64, said: &str) {
        let name = Path::new(path)
            .file_name()
            .unwrap()
            .to_string_lossy()
            .into_owned();
        self.0.push(format!("{name} {record} {said}"));
    }
}

struct World {
    dir: TempDir,
    follower: Option<Follower>,
}

impl World {
    fn new(follow: &[&str]) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder can be made");
        let world = Self {
            dir,
            follower: None,
        };
        let paths: Vec<PathBuf> = follow.iter().map(|name| world.path(name)).collect();
        for path in &paths {
            if path.extension().is_none() {
                fs::create_dir_all(path).unwrap();
            } else {
                fs::write(path, "").unwrap();
            }
        }
        let hints = Box::new(|_: &str| Hints::default());
        let follower = Follower::new(&paths, hints).unwrap();
        Self {
            follower: Some(follower),
            ..world
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn add(&self, name: &str, text: &str) {
        let mut options = OpenOptions::new();
        let mut file = options
            .create(true)
            .append(true)
            .open(self.path(name))
            .unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    fn look_by(&mut self, look: fn(&mut Follower) -> Vec<&mut Followed>) -> Vec<String> {
        let mut taken = Taken::default();
        for file in look(self.follower.as_mut().unwrap()) {
            file.read(&mut taken, &|_| {}).unwrap();
        }
        taken.0.sort();
        taken.0
    }

    fn look(&mut self) -> Vec<String> {
        self.look_by(Follower::look)
    }

    fn turnover(&self) -> Turnover {
        self.follower.as_ref().unwrap().turnover()
    }

    fn records(&self) -> u64 {
        let summaries = self.follower.as_ref().unwrap().summaries();
        summaries.iter().map(|(_, summary)| summary.records).sum()
    }
}

#[test]
fn whole_lines_are_read_once_and_half_ones_when_they_end() {
    let mut world = World::new(&["logs"]);
    assert_eq!(world.look(), [""; 0], "an empty folder may fill");
    world.add("logs/a.log", "{\"m\":\"1\"}\n{\"m\":\"2\"}\n{\"m\":");
    assert_eq!(world.look(), ["a.log 1 1", "a.log 2 2"]);
    assert_eq!(world.look(), [""; 0]);
    world.add("logs/a.log", "\"3\"}\n");
    assert_eq!(world.look(), ["a.log 3 3"]);
    world.add("logs/a.log", "{\"m\":\"4\"}");
    assert_eq!(world.look(), [""; 0]);
    assert_eq!(world.look_by(Follower::last_look), ["a.log 4 4"]);
    assert_eq!(world.records(), 4);
}

#[test]
fn a_log_that_is_turned_over_is_read_to_its_end_and_the_next_one_from_its_beginning() {
    let mut world = World::new(&["logs"]);
    world.add("logs/a.log", "{\"m\":\"1\"}\n");
    assert_eq!(world.look(), ["a.log 1 1"]);
    fs::rename(world.path("logs/a.log"), world.path("logs/a.log.1")).unwrap();
    world.add("logs/a.log.1", "{\"m\":\"2\"}\n");
    world.add("logs/a.log", "{\"m\":\"3\"}\n");
    assert_eq!(world.look(), ["a.log 1 3", "a.log.1 2 2"]);
    assert_eq!(world.records(), 3);
}

#[test]
fn a_file_named_alone_is_read_to_its_end_after_it_was_moved_away() {
    let mut world = World::new(&["a.log"]);
    world.add("a.log", "{\"m\":\"1\"}\n");
    world.look();
    fs::rename(world.path("a.log"), world.path("a.log.1")).unwrap();
    world.add("a.log.1", "{\"m\":\"2\"}\n");
    world.add("a.log", "{\"m\":\"3\"}\n");
    assert_eq!(world.look(), ["a.log 1 3", "a.log 2 2"]);
    // Whoever writes it may not know yet that it was moved.
    world.add("a.log.1", "{\"m\":\"4\"}\nhalf");
    assert_eq!(world.look(), ["a.log 3 4"]);
    let rest: Vec<String> = (0..20).flat_map(|_| world.look()).collect();
    assert_eq!(rest, ["a.log 4 half"]);
    assert_eq!(world.turnover().gone, 1);
    assert_eq!(world.records(), 5);
}

#[test]
fn a_file_that_is_cut_off_or_written_anew_is_read_from_its_beginning_and_counted() {
    let mut world = World::new(&["logs"]);
    world.add("logs/a.log", "{\"m\":\"1\"}\n{\"m\":\"2\"}\n");
    world.look();
    fs::write(world.path("logs/a.log"), "{\"m\":\"3\"}\n").unwrap();
    assert_eq!(world.look(), ["a.log 1 3"]);
    fs::write(
        world.path("logs/a.log"),
        "{\"m\":\"other\"}\n{\"m\":\"and longer\"}\n",
    )
    .unwrap();
    assert_eq!(world.look(), ["a.log 1 other", "a.log 2 and longer"]);
    assert_eq!(world.turnover().rewritten, 2);
    assert_eq!(world.records(), 5);
}

#[test]
fn a_document_that_grows_is_read_anew_when_it_has_come_to_rest() {
    let mut world = World::new(&["logs"]);
    world.add("logs/a.json", "[\n{\"m\":\"1\"},\n{\"m\":\"2\"}\n]");
    assert_eq!(world.look(), ["a.json 1 1", "a.json 2 2"]);
    let longer = "[\n{\"m\":\"1\"},\n{\"m\":\"2\"},\n{\"m\":\"3\"}\n]";
    fs::write(world.path("logs/a.json"), longer).unwrap();
    assert_eq!(world.look(), [""; 0], "it may still be written");
    assert_eq!(world.look(), ["a.json 3 3"]);
    assert_eq!(world.records(), 3);
}

#[test]
fn a_document_is_not_judged_before_there_is_something_of_it() {
    let mut world = World::new(&["logs"]);
    world.add("logs/a.json", "\n");
    assert_eq!(world.look(), [""; 0]);
    world.add("logs/a.json", "[\n{\"m\":\"1\"}\n]\n");
    let all: Vec<String> = (0..3).flat_map(|_| world.look()).collect();
    assert_eq!(all, ["a.json 1 1"]);
}

#[test]
fn a_file_that_appears_is_read_and_a_missing_path_is_wrong() {
    let mut world = World::new(&["logs"]);
    world.look();
    world.add("logs/deep.log", "{\"m\":\"1\"}\n");
    assert_eq!(world.look(), ["deep.log 1 1"]);
    assert_eq!(world.turnover().appeared, 1);
    let hints = Box::new(|_: &str| Hints::default());
    let missing = Follower::new(&[world.path("nowhere")], hints);
    assert!(matches!(missing.err(), Some(SourceError::Missing { .. })));
}

fn gzip(text: &str) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    packer.write_all(text.as_bytes()).unwrap();
    packer.finish().unwrap()
}

#[test]
fn a_packed_file_that_is_still_written_gives_each_record_once() {
    let lines: Vec<String> = (1..=60).map(|n| format!("{{\"m\":\"{n}\"}}\n")).collect();
    let text = lines.concat();
    let packed = gzip(&text);
    let mut world = World::new(&["logs"]);
    let mut taken = Taken::default();
    let mut failures = 0;
    for end in [packed.len() / 3, packed.len() / 2, packed.len()] {
        fs::write(world.path("logs/a.gz"), packed.get(..end).unwrap()).unwrap();
        for _ in 0..3 {
            for file in world.follower.as_mut().unwrap().look() {
                failures += u32::from(file.read(&mut taken, &|_| {}).is_err());
            }
        }
    }
    let all: Vec<String> = (1..=60).map(|n| format!("a.gz {n} {n}")).collect();
    assert_eq!(taken.0, all);
    assert_eq!(failures, 2, "that it broke off was said");
    assert_eq!(world.records(), 60);
}

#[test]
fn what_was_read_before_it_was_packed_is_not_read_again() {
    let lines: Vec<String> = (1..=9)
        .map(|n| format!("{{\"m\":\"{n}\",\"said\":\"a line of a log\"}}\n"))
        .collect();
    let text = lines.concat();
    let mut world = World::new(&["logs"]);
    world.add("logs/a.log", &text);
    assert_eq!(world.look().len(), 9);
    fs::rename(world.path("logs/a.log"), world.path("logs/a.log.1")).unwrap();
    fs::write(world.path("logs/a.log.1.gz"), gzip(&text)).unwrap();
    fs::remove_file(world.path("logs/a.log.1")).unwrap();
    let again: Vec<String> = (0..20).flat_map(|_| world.look()).collect();
    assert_eq!(again, [""; 0]);
    fs::write(
        world.path("logs/b.gz"),
        gzip("{\"m\":\"of another log, with a line that is its own\"}\n"),
    )
    .unwrap();
    let other: Vec<String> = (0..3).flat_map(|_| world.look()).collect();
    assert_eq!(other.len(), 1, "{other:?}");
}
