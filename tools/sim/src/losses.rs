//! A day of logs that is shuffled, doubled, told by wrong clocks and cut off, against the day as it was.
//!
//! Each record gets a delay within the lateness, some come a second time in another file, every source's clock
//! is off by hours and declared so, and one source is cut off at a place in its bytes. What the engine tells then must
//! be what it tells of the day as it was made, without the records that the cut took: those are found by a framing
//! of this module's own and not by the readers that are tried. *Absent*: anything that both sides share but the rules
//! and the engine.

mod file;
mod reading;

use std::{collections::BTreeMap, sync::Arc};

use cordon_drill::{LogFile, northgate_by_clocks};
use cordon_engine::{Engine, Goal, Input, Output, Setup};
use cordon_event::Coverage;
use cordon_model::{Detection, Timestamp};
use jiff::SignedDuration;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;

use crate::{Texts, day};

use file::{Framed, shuffled_and_doubled};
use reading::{Observed, Taken, nth, read};

/// A record of the day as it was made: its file and its number there.
pub(crate) type Place = (Arc<str>, u64);

/// A detection as far as both sides can name it: its rule, and its records as they stood in the day as it was made.
type Key = (String, Vec<Place>);

/// One day and what became of it.
#[derive(Debug)]
pub struct Trial {
    setup: Setup,
    /// The day as it was made, by record.
    made: BTreeMap<Place, Observed>,
    /// How many detections the whole of it is worth.
    made_told: usize,
    sources: Vec<Source>,
}

/// One source: its file, and the file in which some of its records come again.
#[derive(Debug)]
struct Source {
    path: Arc<str>,
    ahead: SignedDuration,
    files: [Framed; 2],
}

/// What was compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// Worlds that were run.
    pub worlds: u64,
    /// Detections that were told in them, all as expected.
    pub told: u64,
    /// Detections of the day as it was that were not, because the cut took a record of theirs.
    pub lost: u64,
    /// Records that the cuts took.
    pub records_lost: u64,
    /// Records that a cut went through: each was refused, or told as far as it went.
    pub records_halved: u64,
    /// Cuts after which the source was told to be silent.
    pub silences: u64,
}

impl Trial {
    /// Makes the day of a seed, and what becomes of it. Files of more records are left out on both sides, for whoever
    /// has little time.
    pub fn new(seed: u64, texts: &Texts, records_max: u64) -> Self {
        let mut drill = cordon_drill::northgate(seed);
        drill.logs.retain(|log| log.records <= records_max);
        let setup = Setup {
            goal: Goal::Detections,
            ..day::setup(&drill.estate, texts)
        };
        let (made, logs) = as_made(&setup, drill.logs);
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let mut shifted = northgate_by_clocks(seed, &ahead_minutes);
        shifted.logs.retain(|log| log.records <= records_max);
        let sources = shifted.logs.into_iter().zip(&logs).map(|(log, times)| {
            let path: Arc<str> = Arc::from(log.path.as_str());
            Source {
                ahead: SignedDuration::from_mins(ahead_minutes(&path)),
                files: shuffled_and_doubled(&log.bytes, times, setup.lateness, &mut chance),
                path,
            }
        });
        let mut trial = Self {
            sources: sources.collect(),
            setup,
            made,
            made_told: 0,
        };
        trial.made_told = trial.expected_of(&|_| true).len();
        trial
    }

    /// How many sources there are.
    pub fn sources(&self) -> usize {
        self.sources.len()
    }

    /// Runs the day without a cut, and with each of some sources cut off at `cuts` places spread over it.
    ///
    /// # Errors
    /// What is not as it must be, in words.
    pub fn check(&self, sources: &[usize], cuts: u64) -> Result<Checked, String> {
        let whole: Vec<Taken> = self
            .sources
            .iter()
            .map(|source| self.take(source, None))
            .collect();
        let mut taken = whole.clone();
        let mut checked = Checked::default();
        self.compare(&taken, None, &mut checked)?;
        for number in sources {
            let Some(source) = self.sources.get(*number) else {
                continue;
            };
            taken.clone_from(&whole);
            for cut in 0..cuts {
                let place = (2 * cut + 1, 2 * cuts);
                if let Some(cut_off) = taken.get_mut(*number) {
                    *cut_off = self.take(source, Some(place));
                }
                let what = format!("{} cut at {}/{}", source.path, place.0, place.1);
                let compared = self.compare(&taken, Some(*number), &mut checked);
                compared.map_err(|why| format!("{what}: {why}"))?;
            }
        }
        Ok(checked)
    }

    /// What is read of a source, cut off at a share of its bytes or not.
    fn take(&self, source: &Source, cut: Option<(u64, u64)>) -> Taken {
        let mut taken = Taken::default();
        for file in &source.files {
            taken.merge(read(
                &self.setup,
                source.path.as_ref(),
                (file, cut),
                source.ahead,
            ));
        }
        taken
    }

    fn compare(
        &self,
        taken: &[Taken],
        cut: Option<usize>,
        checked: &mut Checked,
    ) -> Result<(), String> {
        if let Some(wrong) = taken.iter().find_map(|taken| taken.wrong.clone()) {
            return Err(wrong);
        }
        let (mut told, late) = self.told_as_it_arrives(taken);
        if late > 0 {
            return Err(format!("{late} matches were late"));
        }
        let mut expected = self.expected(taken);
        told.sort();
        expected.sort();
        if told != expected {
            return Err(difference(&told, &expected));
        }
        checked.worlds += 1;
        checked.told += size(told.len());
        if let Some(cut) = cut {
            self.count(taken, (cut, told.len()), checked);
        }
        Ok(())
    }

    fn count(&self, taken: &[Taken], (cut, told): (usize, usize), checked: &mut Checked) {
        checked.lost += size(self.made_told.saturating_sub(told));
        let Some(cut_off) = taken.get(cut) else {
            return;
        };
        checked.records_lost += cut_off.lost;
        checked.records_halved += cut_off.halved;
        let mut coverage = Coverage::default();
        for taken in taken {
            coverage.merge(taken.seen.clone());
        }
        coverage.advance(Timestamp::MAX);
        let silent = |silence: &cordon_event::Silence| {
            silence.until.is_none()
                && silence.host.is_none()
                && cut_off.kinds.contains(&silence.source)
        };
        checked.silences += u64::from(coverage.silences().iter().any(silent));
    }

    /// Every detection, with records arriving one by one at their own delays.
    fn told_as_it_arrives(&self, taken: &[Taken]) -> (Vec<Key>, u64) {
        let mut arriving: Vec<&Observed> = taken.iter().flat_map(|taken| &taken.observed).collect();
        arriving.sort_by_key(|observed| observed.arrival);
        let mut engine = Engine::new(self.setup.clone());
        let mut told = Vec::new();
        for observed in arriving {
            let input = Input::Screened(observed.screened.clone());
            told.extend(engine.advance(observed.arrival, input));
        }
        told.extend(engine.advance(Timestamp::MAX, Input::End));
        let original = |path: &str, record| {
            let mut sources = self.sources.iter().zip(taken);
            sources.find_map(|(source, taken)| {
                let number = nth(taken.originals.get(path)?, record)?;
                Some((Arc::clone(&source.path), *number))
            })
        };
        (self.keys(told, &original), engine.tally().late)
    }

    /// Every detection of the day as it was made, at once, without what was lost.
    fn expected(&self, taken: &[Taken]) -> Vec<Key> {
        let by_path: BTreeMap<&str, &Taken> = self
            .sources
            .iter()
            .zip(taken)
            .map(|(source, taken)| (source.path.as_ref(), taken))
            .collect();
        let survives = |(path, number): &Place| {
            let taken = by_path.get(path.as_ref());
            taken.is_some_and(|taken| taken.survivors.contains(number))
        };
        self.expected_of(&survives)
    }

    fn expected_of(&self, survives: &dyn Fn(&Place) -> bool) -> Vec<Key> {
        let mut engine = Engine::new(self.setup.clone());
        let mut told = Vec::new();
        for (_, observed) in self.made.iter().filter(|(place, _)| survives(place)) {
            let input = Input::Screened(observed.screened.clone());
            told.extend(engine.advance(Timestamp::MIN, input));
        }
        told.extend(engine.advance(Timestamp::MIN, Input::End));
        self.keys(told, &|path, record| Some((Arc::from(path), record)))
    }

    /// Detections by name; a record that came twice goes by the first of its places.
    fn keys(&self, told: Vec<Output>, original: &dyn Fn(&str, u64) -> Option<Place>) -> Vec<Key> {
        let detections = told.into_iter().flat_map(|output| match output {
            Output::Detections(detections) => detections,
            Output::Incidents(_) | Output::Changes(_) | Output::Decision(_) => Vec::new(),
        });
        let key = |detection: Detection| {
            let places = detection.records.iter().map(|record| {
                let (path, number) = (&record.log.path, record.log.record);
                let place = original(path, number);
                let place = place.unwrap_or_else(|| (Arc::clone(path), number));
                self.made
                    .get(&place)
                    .map_or(place, |observed| observed.first.clone())
            });
            (detection.rule.id.to_string(), places.collect())
        };
        detections.map(key).collect()
    }
}

/// Every source's clock is off by another number of hours.
fn ahead_minutes(path: &str) -> i64 {
    let letters: i64 = path.bytes().map(i64::from).sum();
    (letters % 19 - 9) * 60
}

/// The day as it was made, read at once: its records by place, and of each file their times.
fn as_made(
    setup: &Setup,
    files: Vec<LogFile>,
) -> (BTreeMap<Place, Observed>, Vec<Vec<Option<Timestamp>>>) {
    let mut made = BTreeMap::new();
    let mut logs = Vec::new();
    for log in files {
        let path: Arc<str> = Arc::from(log.path.as_str());
        let (observed, times) = reading::as_made(setup, &path, &log.bytes);
        made.extend(observed);
        logs.push(times);
    }
    (made, logs)
}

fn difference(told: &[Key], expected: &[Key]) -> String {
    let only = |these: &[Key], those: &[Key]| {
        let only = these.iter().filter(|key| !those.contains(key)).take(3);
        only.map(|key| format!("{key:?}"))
            .collect::<Vec<_>>()
            .join("; ")
    };
    format!(
        "{} told, {} expected; only told: {}; only expected: {}",
        told.len(),
        expected.len(),
        only(told, expected),
        only(expected, told)
    )
}

fn size(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
