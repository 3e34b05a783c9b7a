//! `cordon scan --follow`: logs that go on, and what the rules say as it becomes known.
//!
//! The engine is the one that reads files at once, told how far event time has come. What one plain rule says of a
//! record is told with the record; a correlation waits for the lateness.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use cordon_engine::{Engine, Input, Screened, Setup};
use cordon_event::{Hints, ReadSummary};
use cordon_model::Detection;
use cordon_source::{Followed, Follower, HintsOf, SourceError, Turnover};
use jiff::Timestamp;
use rayon::prelude::*;

use super::{
    only_detections,
    telling::{Telling, place},
    watermark::Watermark,
};
use crate::{
    Failure,
    console::{Console, causes},
    moment::Period,
    passing::{Ids, Outside},
    progress::Progress,
    reading::{Read, Wanted, count, facts, products, remark, wrong},
    screening::{Found, Lanes},
    stop::Stop,
    typed,
};

/// How often files are looked at: nobody waits longer for what is new.
const PAUSE: Duration = Duration::from_millis(500);

/// At most one in this many parts of the time is spent on looking, however many files there are.
const LOOKING_SHARE: u32 = 5;

/// Stays with logs until an end is asked for; gives what was read, the engine, and how many detections were told.
///
/// # Errors
/// When a path is wrong, or results cannot be written.
pub(super) fn follow(
    asked: &typed::Scan,
    setup: Setup,
    wanted: Wanted,
    console: &mut Console,
) -> Result<(Read, Engine, u64), Failure> {
    let stop = Stop::on_interrupt().map_err(|cause| Failure::World(Box::new(cause)))?;
    let wanted = Arc::new(wanted);
    let awaiting = Arc::new(AtomicBool::new(false));
    let hints = hints(&wanted, &awaiting);
    let mut follower = Follower::new(&asked.logs, hints).map_err(wrong)?;
    let mut following = Following::new(setup, wanted.period, console)?;
    let progress = console.progress("reading logs");
    following.look(&mut follower, Follower::look, &progress);
    drop(progress);
    following.tell(console)?;
    awaiting.store(true, Ordering::Relaxed);
    console.remark("following; Ctrl-C ends");
    let quiet = Progress::unwatched();
    let is_over = |following: &Following| {
        wanted
            .period
            .is_over(Timestamp::now(), following.setup.lateness)
    };
    while !stop.is_asked() && !follower.is_over() && !is_over(&following) {
        let began = Instant::now();
        following.look(&mut follower, Follower::look, &quiet);
        following.tell(console)?;
        following.complain(&mut follower, console);
        stop.wait(PAUSE.max(began.elapsed() * LOOKING_SHARE));
    }
    following.look(&mut follower, Follower::last_look, &quiet);
    following.complain(&mut follower, console);
    following.end(&follower, &wanted, console)
}

/// What is known of the records of a name. When those arrived that were there before anybody waited for them, nobody
/// knows.
fn hints(wanted: &Arc<Wanted>, awaiting: &Arc<AtomicBool>) -> Box<HintsOf> {
    let (wanted, awaiting) = (Arc::clone(wanted), Arc::clone(awaiting));
    Box::new(move |name| {
        let now = Timestamp::now();
        let hints = Hints {
            arrival: awaiting.load(Ordering::Relaxed).then_some(now),
            ..Hints::at(now)
        };
        wanted.sources.hints(name, &hints)
    })
}

struct Following {
    setup: Setup,
    engine: Engine,
    watermark: Watermark,
    period: Period,
    telling: Telling,
    /// What is known and not told yet.
    untold: Vec<Detection>,
    outside: Outside,
    ids: Ids,
    failed: Vec<SourceError>,
}

/// What came of one file at one look.
struct Part {
    found: Found,
    failed: Option<SourceError>,
}

impl Following {
    fn new(setup: Setup, period: Period, console: &mut Console) -> Result<Self, Failure> {
        Ok(Self {
            watermark: Watermark::new(setup.lateness),
            engine: Engine::new(setup.clone()),
            setup,
            period,
            telling: Telling::begin(Timestamp::now(), console)?,
            untold: Vec::new(),
            outside: Outside::default(),
            ids: Ids::new(),
            failed: Vec::new(),
        })
    }

    /// Reads what is new, on every core, and lets the engine have it.
    fn look(
        &mut self,
        follower: &mut Follower,
        look: fn(&mut Follower) -> Vec<&mut Followed>,
        progress: &Progress,
    ) {
        let lanes = Lanes::new(&self.setup, self.period, progress);
        let news = look(follower);
        progress.expect(news.iter().map(|file| file.news_bytes()).sum());
        let news = news.into_par_iter().with_max_len(1);
        let parts: Vec<Part> = news.map(|file| read(file, &lanes, progress)).collect();
        let clock = Timestamp::now();
        let mut screened = Screened::default();
        for part in parts {
            let Found {
                screened: found,
                passed,
                ..
            } = part.found;
            screened.extend(found);
            self.watermark.saw(passed.last, clock);
            self.outside.extend(passed.outside);
            self.ids.add(passed.ids);
            if let Some(failed) = part.failed {
                follower.complain(failed);
            }
        }
        let now = self.watermark.now(clock);
        let outputs = self.engine.advance(now, Input::Screened(screened));
        self.untold.extend(only_detections(outputs));
    }

    /// Tells what is known, oldest first, and lets it leave at once.
    fn tell(&mut self, console: &mut Console) -> Result<(), Failure> {
        self.untold.sort_by(|a, b| place(a).cmp(&place(b)));
        self.telling.at(Timestamp::now());
        self.telling.tell_each(&self.untold, console)?;
        self.untold.clear();
        console.flush()
    }

    /// Says what could not be read, as soon as that is known.
    fn complain(&mut self, follower: &mut Follower, console: &Console) {
        for failed in follower.failures() {
            console.remark(&format!("  not read: {}", causes(&failed)));
            self.failed.push(failed);
        }
    }

    /// Lets the engine conclude, and says how the reading went.
    fn end(
        mut self,
        follower: &Follower,
        wanted: &Wanted,
        console: &mut Console,
    ) -> Result<(Read, Engine, u64), Failure> {
        let outputs = self.engine.advance(Timestamp::MAX, Input::End);
        self.untold.extend(only_detections(outputs));
        self.tell(console)?;
        let mut read = Read {
            failed: self.failed,
            ..Read::default()
        };
        let summaries = follower.summaries();
        let mut total = ReadSummary::default();
        for (name, summary) in &summaries {
            read.reading.sources.push(facts(name, summary));
            total.merge(summary.clone());
        }
        count(&mut read.reading, &total);
        read.outside = self.outside;
        read.reading.repeated = self.ids.repeated();
        let logs = summaries.iter().map(|(name, _)| &**name);
        read.reading.clocks = wanted.sources.facts(&logs.collect::<Vec<_>>());
        read.products = products(&total);
        read.by_source = total.by_source;
        remark(&read.reading, console);
        remark_turnover(follower.turnover(), console);
        Ok((read, self.engine, self.telling.end(console)?))
    }
}

fn read(file: &mut Followed, lanes: &Lanes<'_>, progress: &Progress) -> Part {
    let advance = |bytes| progress.advance(bytes);
    // A piece is read where it is: the next one goes on with its numbers.
    let (read, found) = lanes.here(|_, sink| file.read(sink, &advance));
    Part {
        found,
        failed: read.err(),
    }
}

/// Says what happened to files beside growing.
fn remark_turnover(turnover: Turnover, console: &Console) {
    let told = [
        (turnover.appeared, "appeared while they were followed"),
        (turnover.gone, "went away, and were read to their end"),
        (
            turnover.rewritten,
            "were cut off or written anew in place: what came last before that may be lost",
        ),
    ];
    for (count, what) in told.into_iter().filter(|(count, _)| *count > 0) {
        console.remark(&format!("  {count} files {what}"));
    }
}
