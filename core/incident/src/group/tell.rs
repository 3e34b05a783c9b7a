//! An incident, told from the detections that belong to it.

use std::{collections::BTreeMap, sync::Arc};

use cordon_model::{Belief, Confidence, Detection, Entity, EntityKind, EventId, Level, Timestamp};

use super::{Grouping, seen::Place};
use crate::{
    Bond, FirstSeen, HeldEntity, Incident, IncidentId, Knowledge, Naming, Says, TooCommon,
    baseline::Baseline,
    belief::{Bench, Judged, Statement, judge},
    identity::{Mention, Thing, Told, spelling_rank},
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
        .filter_map(|place| grouping.told.get(*place as usize))
        .collect();
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
        let Knowledge {
            actors, watched, ..
        } = &*grouping.knowledge;
        actors.compare(&detections, watched)
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
        first_seen: news(&grouping.knowledge.usual, &detections),
        detections,
    })
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
    names: BTreeMap<Arc<str>, Naming>,
    kind: EntityKind,
    called: &'d Arc<str>,
}

/// Everything at least suspected, surest first.
fn held(grouping: &Grouping, told: &[&Told]) -> Vec<HeldEntity> {
    let mut cases: BTreeMap<Thing, Case<'_>> = BTreeMap::new();
    for told in told {
        for mention in told.mentions.iter().filter(|mention| mention.held) {
            take(&mut cases, (told, mention), &grouping.knowledge.usual);
        }
    }
    let bench = Bench {
        rates: &grouping.knowledge.rates,
        now: told.iter().filter_map(|told| told.detection.time).max(),
    };
    let mut held: Vec<HeldEntity> = cases
        .into_iter()
        .filter_map(|(thing, case)| entity(grouping, thing, case, bench))
        .collect();
    held.sort_by(|a, b| {
        let order = b.confidence.cmp(&a.confidence);
        order.then_with(|| (a.kind, &a.id).cmp(&(b.kind, &b.id)))
    });
    held
}

fn take<'d>(
    cases: &mut BTreeMap<Thing, Case<'d>>,
    (told, mention): (&'d Told, &Mention),
    usual: &Baseline,
) {
    let Some(entity) = told.entity(mention) else {
        return;
    };
    let case = cases.entry(mention.meaning.thing).or_insert(Case {
        statements: Vec::new(),
        names: BTreeMap::new(),
        kind: entity.kind,
        called: &entity.id,
    });
    case.statements.push(Statement {
        detection: &told.detection,
        level: told.level(),
        record: usize::from(mention.record),
        how: mention.meaning.how,
        first_seen: first_seen(told, entity, (mention, usual)),
    });
    if !case.names.contains_key(&entity.id) {
        case.names
            .insert(Arc::clone(&entity.id), mention.meaning.how);
        if spelling_rank(entity.kind, &entity.id) < spelling_rank(case.kind, case.called) {
            (case.kind, case.called) = (entity.kind, &entity.id);
        }
    }
}

/// What the record that names an entity says of it for the first time.
fn first_seen(
    told: &Told,
    entity: &Entity,
    (mention, usual): (&Mention, &Baseline),
) -> Vec<FirstSeen> {
    let record = told.detection.records.get(usize::from(mention.record));
    let found = record.and_then(|r| Some(usual.first_seen(&r.entities, r.time?)));
    let mut found = found.unwrap_or_default();
    found.retain(|new| new.who == entity.id);
    found
}

/// What records say of their actors for the first time, by record.
fn news(usual: &Baseline, detections: &[Arc<Detection>]) -> BTreeMap<EventId, Vec<FirstSeen>> {
    let mut news = BTreeMap::new();
    if usual.is_empty() {
        return news;
    }
    for record in detections.iter().flat_map(|detection| &detection.records) {
        let Some(time) = record.time else { continue };
        let found = usual.first_seen(&record.entities, time);
        if !found.is_empty() {
            news.insert(record.id.clone(), found);
        }
    }
    news
}

fn entity(
    grouping: &Grouping,
    thing: Thing,
    case: Case<'_>,
    bench: Bench<'_>,
) -> Option<HeldEntity> {
    let Judged {
        confidence,
        grounds,
    } = judge(&case.statements, bench);
    let mark = grouping.marks.get(&thing).cloned();
    let confidence = match mark.as_ref().map(|mark| mark.says) {
        Some(Says::Held(said)) => said,
        Some(Says::Cleared) => return None,
        None => confidence,
    };
    let belief = grouping.knowledge.thresholds.belief(confidence);
    let node = grouping.directory.node_of(thing);
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

/// The records that name the entity, oldest first, those of at least medium level if there are any.
fn evidence(statements: &[Statement<'_>]) -> Vec<EventId> {
    let strong = |s: &&Statement<'_>| s.detection.rule.level >= Level::Medium;
    let any_strong = statements.iter().any(|s| strong(&s));
    let mut records: Vec<_> = statements
        .iter()
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
        .filter_map(|place| grouping.told.get(*place as usize));
    let mentions = told.flat_map(|told| &told.mentions);
    let mut things: Vec<Thing> = mentions.map(|m| m.meaning.thing).collect();
    things.sort_unstable();
    things.dedup();
    let common = things.into_iter().filter_map(|thing| {
        let seen = grouping.seen.get(thing.index())?;
        let accounts = seen.used.accounts();
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
    common
}
