//! Whose tradecraft an incident resembles, against an intruder of whom nothing is known.
//!
//! The answer is a likelihood ratio with what speaks for and against it, never a bare name: many
//! intruders buy the same access and run the same tools. Each step of a profile is there or not, and each is
//! worth what its being there, or not being there, is likelier with this actor than with anybody; a step that is
//! not there counts only if a rule in use could have shown it and later steps are there. Order and tempo are worth
//! what they are likelier, too. Steps come together because one makes the next possible, whoever takes
//! them: of the product of all factors the square root is told. Shares are judged from reports, so that no
//! ratio is told above a hundred: it is then said to be at least that.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use cordon_model::{Detection, EventId, Level, Timestamp};
use jiff::SignedDuration;

use crate::actor::{Actor, Actors, Habit, Technique};

/// Ratio from which a likeness is worth a line.
const TOLD_FROM: f64 = 3.0;

/// Most likenesses told.
const TOLD_MAX: usize = 3;

/// Most and least that one thing may speak for an actor.
const ONE_THING: f64 = 6.0;

/// Share of intrusions in which a technique is seen of which the table says nothing.
const USUAL_SHARE: f64 = 0.15;

/// Share of an actor's intrusions in which it does what no report says that it does.
const UNREPORTED_SHARE: f64 = 0.08;

/// Chance that a step that was taken is seen where a rule in use could show it.
const SEEN_SHARE: f64 = 0.6;

/// Share of pairs of steps that follow the actor's order, if it is the actor; of anybody, half do.
const ORDER_SHARE: f64 = 0.625;

/// Chance that the time from first to last step is within a factor of three of the actor's, if it is the
/// actor.
const TEMPO_SHARE: f64 = 0.6;

/// The same of anybody.
const TEMPO_USUAL: f64 = 0.48;

/// Highest ratio told: what profiles rest on bears no more.
const RATIO_MAX: f64 = 100.0;

/// Actors between whose ratios lies less than this are not told apart: the least that counts as strong
/// evidence.
const APART_FROM: f64 = 10.0;

/// Most records named for one thing.
const RECORDS_MAX: usize = 3;

/// Most next steps told.
const NEXT_MAX: usize = 4;

/// How much an incident resembles what is reported of one actor.
#[derive(Debug, Clone, PartialEq)]
pub struct Likeness {
    /// The actor's name.
    pub actor: String,
    /// Its other names.
    pub also: Vec<String>,
    /// How many times likelier what was seen is with this actor than with an intruder of whom
    /// nothing is known; at most a hundred.
    pub ratio: f64,
    /// Whether the ratio would be higher if profiles bore more than they do.
    pub at_least: bool,
    /// Other actors that fit so nearly as well that they cannot be told apart from it.
    pub not_told_apart: Vec<String>,
    /// What speaks for it, strongest first.
    pub speaks_for: Vec<Sign>,
    /// What speaks against it, strongest first.
    pub speaks_against: Vec<Sign>,
    /// What it usually does after what was seen, in its order.
    pub next: Vec<Next>,
    /// What it usually does before that, and was not seen.
    pub unseen: Vec<Next>,
}

/// Something that speaks for or against an actor.
#[derive(Debug, Clone, PartialEq)]
pub struct Sign {
    /// In words.
    pub what: String,
    /// The factor by which it changes the ratio.
    pub factor: f64,
    /// Records that show it; the first few.
    pub records: Vec<EventId>,
}

/// Something that an actor usually does.
#[derive(Debug, Clone, PartialEq)]
pub struct Next {
    /// In words.
    pub does: String,
    /// Its techniques, as ATT&CK writes them.
    pub techniques: Vec<String>,
    /// How long after the step before it, usually.
    pub within: SignedDuration,
    /// Which log would show it.
    pub look: String,
}

impl Next {
    fn of(habit: &Habit) -> Self {
        Self {
            does: habit.does.clone(),
            techniques: habit
                .techniques
                .iter()
                .map(|t| t.0.to_uppercase())
                .collect(),
            within: habit.within,
            look: habit.look.clone(),
        }
    }
}

/// Techniques that rules in use could show in the logs that were read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Watched(BTreeSet<Technique>);

impl Watched {
    /// Those that tags of rules name, such as `attack.t1098`.
    pub fn of_tags<'t>(tags: impl IntoIterator<Item = &'t str>) -> Self {
        let named = tags
            .into_iter()
            .filter_map(|tag| tag.strip_prefix("attack."));
        let techniques = named.filter(|tag| is_technique(tag));
        Self(
            techniques
                .map(|tag| Technique(tag.to_lowercase().into()))
                .collect(),
        )
    }

    /// Whether a habit could have been seen.
    fn shows(&self, habit: &Habit) -> bool {
        let mut watched = self.0.iter();
        watched.any(|tag| habit.techniques.iter().any(|t| t.is_meant_by(&tag.0)))
    }
}

/// For each habit of each actor how much it says that it is not there though later ones are; nothing where no rule in
/// use could have shown it. The same for all incidents.
#[derive(Debug)]
pub(crate) struct Absences(Vec<Vec<Option<f64>>>);

/// When a technique was seen first, and on which records.
#[derive(Debug, Default)]
struct Sighting {
    first: Option<Timestamp>,
    records: Vec<EventId>,
}

impl Actors {
    /// Compares detections, oldest first, with every actor; likest first.
    pub(crate) fn compare(
        &self,
        detections: &[Arc<Detection>],
        absences: &Absences,
    ) -> Vec<Likeness> {
        if self.actors.is_empty() {
            return Vec::new();
        }
        let seen = sightings(detections);
        let actors = self.actors.iter().zip(&absences.0);
        let weighed = actors.map(|(actor, absences)| self.weigh(actor, &seen, absences));
        // Words are made for those only that are told.
        let mut told: Vec<Weighed<'_>> = weighed.filter(|w| w.ratio >= TOLD_FROM).collect();
        told.sort_by(|a, b| {
            let order = b.ratio.total_cmp(&a.ratio);
            order.then_with(|| a.actor.name.cmp(&b.actor.name))
        });
        told.truncate(TOLD_MAX);
        let mut told: Vec<Likeness> = told.into_iter().map(Weighed::tell).collect();
        part(&mut told);
        for likeness in &mut told {
            likeness.at_least = likeness.ratio > RATIO_MAX;
            likeness.ratio = likeness.ratio.min(RATIO_MAX);
        }
        told
    }

    /// What was seen, weighed for one actor.
    fn weigh<'a>(
        &'a self,
        actor: &'a Actor,
        seen: &'a BTreeMap<&'a str, Sighting>,
        absences: &[Option<f64>],
    ) -> Weighed<'a> {
        let mut clues = Vec::new();
        let mut matched: Vec<(usize, Option<Timestamp>)> = Vec::new();
        for (at, habit) in actor.habits.iter().enumerate() {
            if let Some((clue, first)) = self.habit(habit, seen) {
                clues.push(clue);
                matched.push((at, first));
            }
        }
        let reached = matched.iter().map(|(at, _)| *at).max();
        let (mut next, mut unseen) = (Vec::new(), Vec::new());
        for (at, habit) in actor.habits.iter().enumerate() {
            if matched.iter().any(|(known, _)| *known == at) {
                continue;
            }
            if reached.is_none_or(|reached| at > reached) {
                next.push(habit);
                continue;
            }
            unseen.push(habit);
            if let Some(factor) = absences.get(at).copied().flatten() {
                clues.push((factor, What::Missing(habit)));
            }
        }
        clues.extend(self.unreported(actor, seen));
        clues.extend(order(&matched));
        clues.extend(tempo(actor, &matched));
        let product: f64 = clues.iter().map(|(factor, _)| factor).product();
        Weighed {
            actor,
            ratio: product.sqrt(),
            clues,
            next,
            unseen,
        }
    }

    /// What the absence of each habit says where rules watch for these techniques.
    pub(crate) fn absences(&self, watched: &Watched) -> Absences {
        let of = |habit: &Habit| watched.shows(habit).then(|| self.absence(habit));
        let actors = self.actors.iter();
        Absences(
            actors
                .map(|actor| actor.habits.iter().map(of).collect())
                .collect(),
        )
    }

    fn absence(&self, habit: &Habit) -> f64 {
        let usual = habit
            .techniques
            .iter()
            .map(|technique| self.usual(&technique.0));
        let usual = usual.max_by(f64::total_cmp).unwrap_or(USUAL_SHARE);
        let absent = |share: f64| 1.0 - share * SEEN_SHARE;
        (absent(habit.share) / absent(usual)).clamp(1.0 / ONE_THING, ONE_THING)
    }

    /// A habit that was seen, with when first.
    fn habit<'a>(
        &self,
        habit: &'a Habit,
        seen: &'a BTreeMap<&'a str, Sighting>,
    ) -> Option<(Clue<'a>, Option<Timestamp>)> {
        let found = || {
            let meant = |tag: &str| habit.techniques.iter().any(|t| t.is_meant_by(tag));
            seen.iter().filter(move |(tag, _)| meant(tag))
        };
        // The rarest of the techniques by which it was seen says most.
        let usual = found().map(|(tag, _)| self.usual(tag));
        let usual = usual.min_by(f64::total_cmp)?;
        let first = found().filter_map(|(_, s)| s.first).min();
        let factor = (habit.share / usual).clamp(1.0 / ONE_THING, ONE_THING);
        let sightings = found().map(|(_, sighting)| sighting).collect();
        Some(((factor, What::Done(habit, sightings)), first))
    }

    /// Techniques that were seen and that no report ascribes to the actor.
    fn unreported<'a>(
        &'a self,
        actor: &'a Actor,
        seen: &'a BTreeMap<&'a str, Sighting>,
    ) -> impl Iterator<Item = Clue<'a>> {
        let known = |tag: &str| {
            let mut all = actor.habits.iter().flat_map(|habit| &habit.techniques);
            all.any(|technique| technique.is_meant_by(tag))
        };
        let others = seen.iter().filter(move |(tag, _)| !known(tag));
        others.map(|(tag, sighting)| {
            let factor = UNREPORTED_SHARE / self.usual(tag);
            let what = What::Unreported(tag, sighting);
            (factor.clamp(1.0 / ONE_THING, 1.0), what)
        })
    }

    /// In what share of all intrusions a technique is seen.
    fn usual(&self, tag: &str) -> f64 {
        let exact = self
            .usual
            .iter()
            .find(|(technique, _)| &*technique.0 == tag);
        let near = || {
            self.usual
                .iter()
                .find(|(technique, _)| technique.is_meant_by(tag))
        };
        exact.or_else(near).map_or(USUAL_SHARE, |(_, share)| *share)
    }
}

/// What speaks for or against an actor, and by which factor.
type Clue<'a> = (f64, What<'a>);

/// What speaks for or against an actor.
#[derive(Debug)]
enum What<'a> {
    /// A habit that was seen.
    Done(&'a Habit, Vec<&'a Sighting>),
    /// A habit that is not there, though later ones are and a rule in use could have shown it.
    Missing(&'a Habit),
    /// A technique that no report ascribes to the actor.
    Unreported(&'a str, &'a Sighting),
    /// How many steps, of how many, came in the actor's order.
    Order(usize, usize),
    /// How long it took, and how long it usually takes.
    Tempo(SignedDuration, SignedDuration),
}

impl What<'_> {
    /// In words.
    fn words(&self) -> String {
        match self {
            Self::Done(habit, _) => habit.does.clone(),
            Self::Missing(habit) => format!("usually {}, which was not seen", habit.does),
            Self::Unreported(tag, _) => format!("{} is not reported of it", tag.to_uppercase()),
            Self::Order(ahead, of) => format!("{ahead} of {of} steps follow its order"),
            Self::Tempo(took, usual) => format!(
                "took {} hours where it usually takes {}",
                took.as_hours(),
                usual.as_hours()
            ),
        }
    }

    /// The first few records that show it.
    fn records(&self) -> Vec<EventId> {
        match self {
            Self::Done(_, sightings) => {
                let records = sightings.iter().flat_map(|sighting| &sighting.records);
                let mut records: Vec<EventId> = records.cloned().collect();
                records.sort();
                records.dedup();
                records.truncate(RECORDS_MAX);
                records
            }
            Self::Unreported(_, sighting) => sighting.records.clone(),
            Self::Missing(_) | Self::Order(..) | Self::Tempo(..) => Vec::new(),
        }
    }
}

/// One actor, and how well what was seen fits.
#[derive(Debug)]
struct Weighed<'a> {
    actor: &'a Actor,
    ratio: f64,
    clues: Vec<Clue<'a>>,
    /// What it does after what was seen, and what it does before that and was not seen.
    next: Vec<&'a Habit>,
    unseen: Vec<&'a Habit>,
}

impl Weighed<'_> {
    fn tell(self) -> Likeness {
        let signs = self.clues.iter().map(|(factor, what)| Sign {
            what: what.words(),
            factor: *factor,
            records: what.records(),
        });
        let mut signs: Vec<Sign> = signs.collect();
        signs.sort_by(|a, b| a.what.cmp(&b.what));
        let (mut speaks_for, mut speaks_against): (Vec<Sign>, Vec<Sign>) =
            signs.into_iter().partition(|sign| sign.factor >= 1.0);
        speaks_for.sort_by(|a, b| b.factor.total_cmp(&a.factor));
        speaks_against.sort_by(|a, b| a.factor.total_cmp(&b.factor));
        let few = |habits: Vec<&Habit>| {
            let first = habits.into_iter().take(NEXT_MAX);
            first.map(Next::of).collect()
        };
        Likeness {
            actor: self.actor.name.clone(),
            also: self.actor.also.clone(),
            ratio: self.ratio,
            at_least: false,
            not_told_apart: Vec::new(),
            speaks_for,
            speaks_against,
            next: few(self.next),
            unseen: few(self.unseen),
        }
    }
}

/// Names for each actor the others that fit so nearly as well that nothing tells them apart.
fn part(told: &mut [Likeness]) {
    let ratios: Vec<(String, f64)> = told.iter().map(|l| (l.actor.clone(), l.ratio)).collect();
    for likeness in told {
        let near = |(actor, ratio): &&(String, f64)| {
            let apart = (likeness.ratio / ratio).max(ratio / likeness.ratio);
            *actor != likeness.actor && apart < APART_FROM
        };
        let others = ratios.iter().filter(near).map(|(actor, _)| actor.clone());
        likeness.not_told_apart = others.collect();
    }
}

/// Every technique that a rule saw. What is merely informational is on everybody's ordinary day.
fn sightings(detections: &[Arc<Detection>]) -> BTreeMap<&str, Sighting> {
    let mut seen: BTreeMap<&str, Sighting> = BTreeMap::new();
    let telling = detections
        .iter()
        .filter(|d| d.rule.level > Level::Informational);
    for detection in telling {
        let tags = detection.rule.tags.iter();
        let tags = tags.filter_map(|tag| tag.strip_prefix("attack."));
        for tag in tags.filter(|tag| is_technique(tag)) {
            let sighting = seen.entry(tag).or_default();
            let first = detection.records.iter().filter_map(|r| r.time).min();
            sighting.first = [sighting.first, first].into_iter().flatten().min();
            if sighting.records.len() < RECORDS_MAX {
                let ids = detection.records.iter().map(|r| r.id.clone());
                sighting
                    .records
                    .extend(ids.take(RECORDS_MAX - sighting.records.len()));
            }
        }
    }
    seen
}

fn is_technique(tag: &str) -> bool {
    let digits = tag.strip_prefix('t').unwrap_or_default();
    digits.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether what was seen came in the actor's order: one sign for all of it.
fn order<'a>(matched: &[(usize, Option<Timestamp>)]) -> Option<Clue<'a>> {
    let timed: Vec<Timestamp> = matched.iter().filter_map(|(_, first)| *first).collect();
    let pairs = timed.windows(2).map(<[Timestamp]>::is_sorted);
    let (ahead, back): (Vec<bool>, Vec<bool>) = pairs.partition(|ahead| *ahead);
    let (ahead, back) = (ahead.len(), back.len());
    if ahead + back == 0 {
        return None;
    }
    let worth = |share: f64, steps: usize| -> Option<f64> {
        Some((share / 0.5).powi(i32::try_from(steps).ok()?))
    };
    let factor = worth(ORDER_SHARE, ahead)? * worth(1.0 - ORDER_SHARE, back)?;
    let factor = factor.clamp(1.0 / ONE_THING, ONE_THING);
    Some((factor, What::Order(ahead, ahead + back)))
}

/// Whether it went about as fast as the actor does.
fn tempo<'a>(actor: &Actor, matched: &[(usize, Option<Timestamp>)]) -> Option<Clue<'a>> {
    let (first, last) = (matched.first()?.0, matched.last()?.0);
    let times = || matched.iter().filter_map(|(_, first)| *first);
    let took = times().max()?.duration_since(times().min()?);
    let habits = actor.habits.get(first + 1..=last)?;
    let usual: SignedDuration = habits.iter().map(|habit| habit.within).sum();
    if usual.is_zero() {
        return None;
    }
    let in_time = took <= usual * 3 && took * 3 >= usual;
    let factor = if in_time {
        TEMPO_SHARE / TEMPO_USUAL
    } else {
        (1.0 - TEMPO_SHARE) / (1.0 - TEMPO_USUAL)
    };
    Some((factor, What::Tempo(took, usual)))
}

#[cfg(test)]
mod tests;
