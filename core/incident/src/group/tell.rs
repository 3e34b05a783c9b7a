//! An incident, told from the detections that belong to it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use cordon_model::{Belief, Confidence, Detection, EntityKind, EventId, Level, Timestamp};

use super::{Grouping, lodge::tenancies, shelf::Place};
use crate::{
    Bond, FirstSeen, HeldEntity, Incident, IncidentId, Naming, Says, TooCommon,
    belief::{Bench, Judged, Statement, judge},
    identity::{Mention, Name, Thing, Told, spelling_rank},
};

/// Most things listed that so many use that they joined nothing.
const TOO_COMMON_MAX: usize = 12;

/// One joining of two parts of a group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Joined {
    /// What they share that counts most.
    pub(super) by: Thing,
    pub(super) weight: f64,
}

/// Makes an incident of detections that belong together, if they make anything suspected.
pub(super) fn tell(grouping: &Grouping, members: &[Place], joined: &[Joined]) -> Option<Incident> {
    let told: Vec<&Told> = members
        .iter()
        .filter_map(|place| grouping.shelf.get(*place))
        .collect();
    if !may_be_suspected(grouping, &told) {
        return None;
    }
    let held = held(grouping, &told);
    if held.is_empty() {
        return None;
    }
    let names = names(&told);
    let detections: Vec<Arc<Detection>> = told.iter().map(|t| Arc::clone(&t.detection)).collect();
    let (first, last) = span(&detections);
    // What calls for no decision resembles everybody.
    let acts = held.iter().any(|h| h.belief == Belief::Likely);
    let likeness = if acts {
        let actors = &grouping.knowledge.actors;
        actors.compare(&detections, &grouping.absences)
    } else {
        Vec::new()
    };
    Some(Incident {
        id: IncidentId::of(detections.first()?),
        first,
        last,
        held,
        bonds: bonds(grouping, joined, &names),
        too_common: too_common(grouping, members, &names),
        likeness,
        first_seen: news(grouping, &told),
        tenancies: tenancies(&told),
        detections,
    })
}

/// Whether anything may come out as suspected: not if all that the detections say would not suffice though it were all
/// of one entity. Most weak detections end here.
fn may_be_suspected(grouping: &Grouping, told: &[&Told]) -> bool {
    if !grouping.marks.is_empty() || !grouping.knowledge.usual.is_empty() {
        return true;
    }
    // Whom records of one name speak of is doubted in those of other names only, see `Case::call_by_name`.
    let surest = |told: &&Told| {
        let held = told.says.iter().map(|say| say.held);
        held.fold(0.0, f64::max) / Naming::Record.confidence()
    };
    let doubt: f64 = told
        .iter()
        .map(|told| (1.0 - surest(told)).max(0.0))
        .product();
    let enough = grouping.knowledge.thresholds.suspected_from().get();
    // The same numbers in another order differ in their last digit.
    1.0 - doubt >= enough - 1e-9
}

/// From the first that a strong rule speaks of to the last of all: what weak rules say of before may be anybody's.
fn span(detections: &[Arc<Detection>]) -> (Option<Timestamp>, Option<Timestamp>) {
    let times = |from: Level| {
        let told = detections.iter().filter(move |d| d.rule.level >= from);
        told.flat_map(|d| &d.records).filter_map(|r| r.time)
    };
    let strong = times(Level::Medium).min();
    let all = || times(Level::Informational);
    (strong.or_else(|| all().min()), all().max())
}

/// What each thing is called: the first of its most telling names.
type Names<'t> = BTreeMap<Thing, (EntityKind, &'t Arc<str>)>;

fn names<'t>(told: &[&'t Told]) -> Names<'t> {
    let mut names: Names<'t> = BTreeMap::new();
    for told in told {
        for mention in &told.mentions {
            let Some(entity) = told.entity(mention) else {
                continue;
            };
            let rank = |kind, id| spelling_rank(kind, id);
            let called = names
                .entry(mention.meaning.thing)
                .or_insert((entity.kind, &entity.id));
            if !Arc::ptr_eq(called.1, &entity.id)
                && *called.1 != entity.id
                && rank(entity.kind, &entity.id) < rank(called.0, called.1)
            {
                *called = (entity.kind, &entity.id);
            }
        }
    }
    names
}

/// All that is said of one entity.
struct Case<'d> {
    statements: Vec<Statement<'d>>,
    /// Which name each of them uses.
    used: Vec<Name>,
    names: Vec<(Arc<str>, Naming)>,
    kind: EntityKind,
    called: &'d Arc<str>,
    name: Name,
}

impl Case<'_> {
    /// Whoever is called by a name is held as surely as the records of that name say. That they are one with whom
    /// other names mean is in doubt for those only.
    fn call_by_name(&mut self) {
        for (statement, used) in self.statements.iter_mut().zip(&self.used) {
            if *used == self.name && statement.how == Naming::Record {
                statement.how = Naming::Itself;
            }
        }
        for (name, how) in &mut self.names {
            if *name == *self.called && *how == Naming::Record {
                *how = Naming::Itself;
            }
        }
    }
}

/// Everything at least suspected, surest first.
fn held(grouping: &Grouping, told: &[&Told]) -> Vec<HeldEntity> {
    let mut cases: BTreeMap<Thing, Case<'_>> = BTreeMap::new();
    // Where everything is tied, all of it counts.
    let known = if told.iter().all(|told| told.is_tied()) {
        BTreeSet::new()
    } else {
        surely_about(told)
    };
    for told in told {
        let held = told.mentions.iter().filter(|mention| mention.held);
        for mention in held.filter(|m| told.is_tied() || known.contains(&m.meaning.thing)) {
            take(&mut cases, (told, mention), grouping);
        }
    }
    let last = last_known(told);
    let mut held: Vec<HeldEntity> = cases
        .into_iter()
        .filter_map(|(thing, case)| entity(grouping, thing, case, last))
        .collect();
    held.shrink_to_fit();
    held.sort_by(|a, b| {
        let order = b.confidence.cmp(&a.confidence);
        order.then_with(|| (a.kind, &a.id).cmp(&(b.kind, &b.id)))
    });
    held
}

/// What detections whose records are tied say is held. Of what a correlation says whose records nothing ties, only that
/// counts which one of those says too: the others may be held by whom another incident is about. Where there is
/// no such detection, everything does.
fn surely_about(told: &[&Told]) -> BTreeSet<Thing> {
    let any_tied = told.iter().any(|told| told.is_tied());
    let told = told.iter().filter(|told| told.is_tied() || !any_tied);
    let held = told.flat_map(|told| told.mentions.iter().filter(|mention| mention.held));
    held.map(|mention| mention.meaning.thing).collect()
}

/// When the last of the detections was, of those of at least medium level if there is any.
fn last_known(told: &[&Told]) -> Option<Timestamp> {
    let strong = told.iter().filter(|told| told.is_strong());
    let last = strong.filter_map(|told| told.detection.time).max();
    let any = || told.iter().filter_map(|told| told.detection.time).max();
    last.or_else(any)
}

fn take<'d>(
    cases: &mut BTreeMap<Thing, Case<'d>>,
    (told, mention): (&'d Told, &Mention),
    grouping: &Grouping,
) {
    let mark = grouping.marks.get(&mention.meaning.thing);
    let Some(entity) = told
        .entity(mention)
        .filter(|_| !mark.is_some_and(|mark| mark.clears(told.detection.time)))
    else {
        return;
    };
    let case = cases.entry(mention.meaning.thing).or_insert(Case {
        statements: Vec::new(),
        used: Vec::new(),
        names: Vec::new(),
        kind: entity.kind,
        called: &entity.id,
        name: mention.name,
    });
    case.used.push(mention.name);
    case.statements.push(Statement {
        detection: &told.detection,
        level: told.level(),
        record: usize::from(mention.record),
        how: mention.meaning.how,
        first_seen: first_seen_beside(grouping, told, mention),
        sessions: &told.sessions,
    });
    if !case.names.iter().any(|(name, _)| *name == entity.id) {
        let how = mention.meaning.how;
        case.names.push((Arc::clone(&entity.id), how));
        if spelling_rank(entity.kind, &entity.id) < spelling_rank(case.kind, case.called) {
            (case.kind, case.called, case.name) = (entity.kind, &entity.id, mention.name);
        }
    }
}

impl Grouping {
    /// What the record that names somebody says of them for the first time.
    fn first_seen(&self, told: &Told, mention: &Mention) -> Vec<FirstSeen> {
        let usual = &self.knowledge.usual;
        let record = told.detection.records.get(usize::from(mention.record));
        let found = record.filter(|_| !usual.is_empty()).and_then(|record| {
            let entity = record.entities.get(usize::from(mention.place))?;
            let names = self.names_of.get(&mention.meaning.thing)?;
            Some(usual.first_seen((entity, names), &record.entities, record.time?))
        });
        found.unwrap_or_default()
    }
}

/// What the record that names somebody says of them for the first time, unless its rule says so itself.
fn first_seen_beside(grouping: &Grouping, told: &Told, mention: &Mention) -> Vec<FirstSeen> {
    let mut found = grouping.first_seen(told, mention);
    if !found.is_empty() && speaks_of_news(&told.detection) {
        found.clear();
    }
    found
}

/// Words of rules that say of something that it was not seen before.
const NEWS: [&str; 8] = [
    "new",
    "newly",
    "first",
    "unfamiliar",
    "unusual",
    "unknown",
    "rare",
    "impossible",
];

/// Whether a rule itself says that something is new: by its title, or by the value that made it match. That the same
/// record is new of somebody is then no second reason.
fn speaks_of_news(detection: &Detection) -> bool {
    let says = |text: &str| {
        let words = text.split(|c: char| !c.is_alphanumeric());
        words
            .into_iter()
            .any(|word| NEWS.iter().any(|new| new.eq_ignore_ascii_case(word)))
    };
    let matched = || detection.matched.iter().any(|field| says(&field.value));
    says(&detection.rule.title) || matched()
}

/// What records say of their actors for the first time, by record.
fn news(grouping: &Grouping, told: &[&Told]) -> BTreeMap<EventId, Vec<FirstSeen>> {
    let mut news: BTreeMap<EventId, Vec<FirstSeen>> = BTreeMap::new();
    if grouping.knowledge.usual.is_empty() {
        return news;
    }
    for told in told {
        for mention in &told.mentions {
            let found = grouping.first_seen(told, mention);
            let record = told.detection.records.get(usize::from(mention.record));
            if let Some(record) = record.filter(|_| !found.is_empty()) {
                news.entry(record.id.clone()).or_default().extend(found);
            }
        }
    }
    for found in news.values_mut() {
        found.sort();
        found.dedup();
    }
    news
}

fn entity(
    grouping: &Grouping,
    thing: Thing,
    mut case: Case<'_>,
    last: Option<Timestamp>,
) -> Option<HeldEntity> {
    let node = grouping.directory.node_of(thing);
    if node.is_none() {
        case.call_by_name();
    }
    case.names.sort();
    case.names.shrink_to_fit();
    let names = || case.used.iter().collect::<BTreeSet<_>>().into_iter();
    let names = names().map(|name| grouping.directory.digest_of_name(*name));
    let bench = Bench {
        rates: &grouping.knowledge.rates,
        quiet_days: last.map_or(0, |last| grouping.usage.days_after(last, names)),
    };
    let Judged {
        confidence: faded,
        grounds,
    } = judge(&case.statements, bench);
    let confidence = if bench.quiet_days == 0 {
        faded
    } else {
        faded.max(remains(grouping, &case, bench))
    };
    let mark = grouping.marks.get(&thing).cloned();
    let confidence = match mark.as_ref().map(|mark| mark.says) {
        Some(Says::Held(said)) => said,
        Some(Says::Cleared) | None => confidence,
    };
    let belief = grouping.knowledge.thresholds.belief(confidence);
    let id = node.map(|node| grouping.estate.node(node).id.as_str().into());
    (belief >= Belief::Suspected).then(|| HeldEntity {
        kind: case.kind,
        id: id.unwrap_or_else(|| Arc::clone(case.called)),
        node,
        names: case.names,
        confidence,
        belief,
        evidence: evidence(&case.statements),
        grounds,
        mark,
    })
}

/// How surely something is held still, however long it was quiet: as what was suspected of it once, until somebody says
/// that it is not. Nobody throws an intruder out by waiting.
fn remains(grouping: &Grouping, case: &Case<'_>, bench: Bench<'_>) -> Confidence {
    let rates = bench.rates;
    let fresh = Bench {
        rates,
        quiet_days: 0,
    };
    let once = judge(&case.statements, fresh).confidence;
    once.min(grouping.knowledge.thresholds.suspected_from())
}

/// The records that name the entity, oldest first, those of at least medium level if there are any.
fn evidence(statements: &[Statement<'_>]) -> Vec<EventId> {
    let strong = |s: &&Statement<'_>| s.detection.rule.level >= Level::Medium;
    let any_strong = statements.iter().any(|s| strong(&s));
    let statements = statements.iter();
    let mut records: Vec<_> = statements
        .filter(|s| !any_strong || strong(s))
        .filter_map(|s| s.detection.records.get(s.record))
        .map(|record| (record.time.is_none(), record.time, &record.id))
        .collect();
    records.sort();
    records.dedup();
    records.into_iter().map(|(.., id)| id.clone()).collect()
}

/// By what the detections were joined: each thing once, what joins most first.
fn bonds(grouping: &Grouping, joined: &[Joined], names: &Names<'_>) -> Vec<Bond> {
    let mut by: BTreeMap<Thing, (usize, f64)> = BTreeMap::new();
    for joined in joined {
        let (count, weakest) = by.entry(joined.by).or_insert((0, 1.0));
        *count += 1;
        *weakest = weakest.min(joined.weight);
    }
    let bonds = by.into_iter().filter_map(|(thing, (joins, weakest))| {
        let (kind, id) = called(grouping, thing, names)?;
        Some(Bond {
            kind,
            id,
            joins,
            weakest: Confidence::new(weakest)?,
        })
    });
    let mut bonds: Vec<Bond> = bonds.collect();
    bonds.shrink_to_fit();
    bonds.sort_by(|a, b| {
        let order = b.joins.cmp(&a.joins);
        order.then_with(|| (a.kind, &a.id).cmp(&(b.kind, &b.id)))
    });
    bonds
}

fn called(grouping: &Grouping, thing: Thing, names: &Names<'_>) -> Option<(EntityKind, Arc<str>)> {
    let (kind, name) = names.get(&thing)?;
    let id = match grouping.directory.node_of(thing) {
        Some(node) => grouping.estate.node(node).id.as_str().into(),
        None => Arc::clone(name),
    };
    Some((*kind, id))
}

/// What the detections share with others without being joined by it, because so many use it.
fn too_common(grouping: &Grouping, members: &[Place], names: &Names<'_>) -> Vec<TooCommon> {
    let told = members
        .iter()
        .filter_map(|place| grouping.shelf.get(*place));
    let mentions = told.flat_map(|told| &told.mentions);
    let mut things: Vec<Thing> = mentions.map(|m| m.meaning.thing).collect();
    things.sort_unstable();
    things.dedup();
    let common = things.into_iter().filter_map(|thing| {
        let seen = grouping.seen.get(thing.index())?;
        let accounts = seen.used.count();
        if accounts < 2 || !seen.is_common() {
            return None;
        }
        let (kind, id) = called(grouping, thing, names)?;
        Some(TooCommon { kind, id, accounts })
    });
    let mut common: Vec<TooCommon> = common.collect();
    common.sort_by(|a, b| {
        let order = b.accounts.cmp(&a.accounts);
        order.then_with(|| (a.kind, &a.id).cmp(&(b.kind, &b.id)))
    });
    common.truncate(TOO_COMMON_MAX);
    common.shrink_to_fit();
    common
}
