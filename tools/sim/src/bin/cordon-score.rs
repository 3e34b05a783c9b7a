//! Scores incidents on made days, and measures rules on days on which nothing happens.
//!
//! `cargo run --release -p cordon-sim --bin cordon-score -- days [FIRST [COUNT]]` prints a table of three
//! days for each seed: one without an intruder, one with an intruder, one with two.
//! `… -- rates [FIRST [COUNT]]` prints what `content/beliefs/northgate.yml` holds. `… -- load [DETECTIONS
//! [ENTITIES]]` groups that many made detections at once and prints what it cost.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    io::{self, Write as _},
    path::Path,
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use cordon_drill::Profile;
use cordon_incident::Grouping;
use cordon_model::{Estate, EstateParts, RuleId};
use cordon_sim::{IntrusionScore, Load, Score, Texts, claims, score, texts};

/// Seeds on which rules are measured; others than those on which they are scored.
const MEASURED_ON: (u64, u64) = (1_000, 20);

/// Seeds that are scored.
const SCORED_ON: (u64, u64) = (1, 20);

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let number = |at: usize, or: u64| words.get(at).map_or(Some(or), |word| word.parse().ok());
    let texts = match texts(Path::new("content")) {
        Ok(texts) => texts,
        Err(why) => return say(&format!("cannot read content/: {why}"), 1),
    };
    match words.first().map(String::as_str) {
        Some("rates") => match (number(1, MEASURED_ON.0), number(2, MEASURED_ON.1)) {
            (Some(first), Some(count)) => rates(first, count, texts),
            (None, _) | (_, None) => usage(),
        },
        Some("days") => match (number(1, SCORED_ON.0), number(2, SCORED_ON.1)) {
            (Some(first), Some(count)) => days(first, count, &texts),
            (None, _) | (_, None) => usage(),
        },
        Some("load") => match (number(1, 1_000_000), number(2, 100_000)) {
            (Some(detections), Some(entities)) => {
                let load = Load {
                    detections,
                    entities,
                };
                grouped(load, &texts)
            }
            (None, _) | (_, None) => usage(),
        },
        Some(_) | None => usage(),
    }
}

/// Groups many detections and says what it cost, without what it costs to make them.
fn grouped(load: Load, texts: &Texts) -> ExitCode {
    let knowledge = Arc::new(texts.knowledge());
    let estate = Arc::new(Estate::new(EstateParts::default()));
    let before = Cost::now();
    let made = load.detections(1).count();
    let making = Cost::now();
    let mut grouping = Grouping::new(estate, knowledge);
    for detection in load.detections(1) {
        grouping.add(detection);
    }
    let taken = Cost::now();
    let incidents = grouping.into_incidents();
    let grouped = Cost::now();
    let largest = incidents.iter().map(|i| i.detections.len()).max();
    let within: usize = incidents.iter().map(|i| i.detections.len()).sum();
    say(
        &format!(
            "{made} detections over {} entities: {} incidents with {within} of them, {} in the largest\n\
             CPU time: {:.2} s to take them and {:.2} s to group them, beside {:.2} s to make them\n\
             most memory: {} MB once they were taken and {} MB in the end, with {} MB of before",
            load.entities,
            incidents.len(),
            largest.unwrap_or(0),
            taken.since(&making) - making.since(&before),
            grouped.since(&taken),
            making.since(&before),
            taken.peak_mb,
            grouped.peak_mb,
            before.peak_mb,
        ),
        0,
    )
}

/// What this process used so far, as far as the system tells; nothing where it does not.
#[derive(Debug, Default)]
struct Cost {
    /// Seconds of CPU time.
    seconds: f64,
    /// The most memory at a time, in megabytes.
    peak_mb: u64,
}

impl Cost {
    fn now() -> Self {
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        let schedule = read("/proc/self/schedstat");
        let nanoseconds = schedule.split(' ').next().and_then(|n| n.parse().ok());
        let status = read("/proc/self/status");
        let line = status.lines().find(|line| line.starts_with("VmHWM:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
        Self {
            seconds: Duration::from_nanos(nanoseconds.unwrap_or_default()).as_secs_f64(),
            peak_mb: kilobytes.unwrap_or_default() / 1_000,
        }
    }

    fn since(&self, before: &Self) -> f64 {
        self.seconds - before.seconds
    }
}

fn usage() -> ExitCode {
    say(
        "usage: cordon-score days|rates [FIRST [COUNT]], or load [DETECTIONS [ENTITIES]]",
        2,
    )
}

/// The table of rates; what was measured before plays no part.
fn rates(first: u64, count: u64, mut texts: Texts) -> ExitCode {
    texts.beliefs.clear();
    let mut all: BTreeMap<RuleId, usize> = BTreeMap::new();
    for seed in first..first.saturating_add(count) {
        for (rule, entities) in claims(seed, &texts) {
            *all.entry(rule).or_default() += entities;
        }
    }
    let last = first + count.saturating_sub(1);
    let _ = say(
        &format!(
            "# Made by `cordon-score rates {first} {count}`; do not edit. See README.md.\n\
             measured: days of Northgate without an intruder, seeds {first} to {last}, \
             entities that each built-in rule said are held\n\
             days: {count}\nrules:"
        ),
        0,
    );
    for (rule, entities) in all {
        let _ = say(&format!("  {rule}: {entities}"), 0);
    }
    ExitCode::SUCCESS
}

/// Three days for each seed; fails if one of them is not told as it should be.
fn days(first: u64, count: u64, texts: &Texts) -> ExitCode {
    let _ = say(
        "seed day        detections acting watched | intrusion  recall  precision foreign>=medium \
         held in time  wrongly likely  likest",
        0,
    );
    let mut bad = 0_u64;
    for seed in first..first.saturating_add(count) {
        for profiles in casts(seed) {
            let score = score(seed, &profiles, texts);
            bad += u64::from(!holds(&score));
            tell(&score);
        }
    }
    say(
        &format!("{count} seeds from {first}: {bad} days not as they should be"),
        if bad == 0 { 0 } else { 3 },
    )
}

/// Who comes on a seed's days: nobody; one; another and one.
fn casts(seed: u64) -> [BTreeSet<Profile>; 3] {
    let all = Profile::ALL.into_iter().cycle();
    let mut from = all.skip(usize::try_from(seed % 3).unwrap_or(0));
    let one: BTreeSet<Profile> = from.next().into_iter().collect();
    let two = one.iter().copied().chain(from.next()).collect();
    [BTreeSet::new(), one, two]
}

/// What must hold of a day.
fn holds(score: &Score) -> bool {
    if score.intrusions.is_empty() {
        return score.acting == 0;
    }
    let found = |i: &IntrusionScore| i.recall() >= 0.95 && i.missed_in_time().is_empty();
    score.told_apart() && score.intrusions.iter().all(found)
}

fn tell(score: &Score) {
    let day = match score.intrusions.len() {
        0 => "quiet",
        1 => "one",
        _ => "two",
    };
    let mark = if holds(score) { ' ' } else { '!' };
    let Score {
        seed,
        detections,
        acting,
        watched,
        ..
    } = score;
    let head = format!("{seed:4} {day:5}{mark}     {detections:10} {acting:6} {watched:7} |");
    if score.intrusions.is_empty() {
        let _ = say(&head, 0);
    }
    for found in &score.intrusions {
        let missed = found.missed_in_time();
        let in_time = found.held.len() - missed.len();
        let missed: Vec<String> = missed
            .iter()
            .map(|held| format!(" missed {}", held.node))
            .collect();
        let apart = if found.recall() < 0.95 {
            format!(" apart {:?}", found.apart)
        } else {
            String::new()
        };
        let likest = found.likeness.as_ref();
        let likest = likest.map_or("-".to_owned(), |(name, ratio)| {
            format!("{name} x{ratio:.0}")
        });
        let _ = say(
            &format!(
                "{head} {:10} {:5.1} %    {:5.1} % {:15} {:7} of {} {:>15}  {likest}{}{apart}",
                found.profile.word(),
                found.recall() * 100.0,
                found.precision() * 100.0,
                found.foreign_strong,
                in_time,
                found.held.len(),
                found.wrong.join(","),
                missed.concat(),
            ),
            0,
        );
    }
}

/// Prints a line; nobody is left to be told when that fails.
fn say(line: &str, code: u8) -> ExitCode {
    let _ = writeln!(io::stdout().lock(), "{line}");
    ExitCode::from(code)
}
