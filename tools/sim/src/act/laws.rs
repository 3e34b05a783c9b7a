//! What must hold in every world.

use std::collections::BTreeMap;

use cordon_act::{Phase, Record, Reversal, State, Statement};

use super::{
    executors::Cut,
    order::{ASKED_FOR, approver},
    targets::WANTED,
    world::World,
};
use crate::Broken;

/// Runs one world and checks every law in it.
///
/// # Errors
/// All laws that did not hold, with the seed.
pub fn check_act(seed: u64) -> Result<(), Vec<Broken>> {
    let mut world = World::new(seed);
    world.run();
    kept(seed, &world)
}

/// Runs one world once for each write of its journal and each way in which that write may end, with
/// an executor that dies there, and checks every law each time. Answers how often it died.
///
/// # Errors
/// The laws that did not hold in the first world that broke any, with the seed.
pub fn check_act_killed(seed: u64) -> Result<u64, Vec<Broken>> {
    let mut deaths = 0;
    for write in 2.. {
        for cut in Cut::ALL {
            let mut world = World::doomed(seed, write, cut);
            world.run();
            if world.writes < write {
                return Ok(deaths);
            }
            deaths += 1;
            kept(seed, &world).map_err(|mut broken| {
                for law in &mut broken {
                    law.seen = format!("killed at write {write}, {cut:?} cut off: {}", law.seen);
                }
                broken
            })?;
        }
    }
    Ok(deaths)
}

/// Every law in one world that has come to its end.
fn kept(seed: u64, world: &World) -> Result<(), Vec<Broken>> {
    let state = world.journal.state();
    let mut broken = Vec::new();
    let mut law = |law: &'static str, seen: Vec<String>| {
        let all = seen.into_iter();
        broken.extend(all.map(|seen| Broken { seed, law, seen }));
    };
    law(
        "limits hold, and nothing is done without its undo written down",
        world.unlawful.clone(),
    );
    law(
        "what was recalled is as it was",
        not_as_before(world, &state),
    );
    law(
        "what is said to be in place is in place",
        not_in_place(world, &state),
    );
    law("a recall comes to its end", unended(world, &state));
    law(
        "each call that does something was written down",
        unwritten(world),
    );
    law(
        "no kind is done faster than allowed",
        too_fast(world, &state),
    );
    law(
        "what hurts a service is taken back",
        still_hurting(world, &state),
    );
    law(
        "the others begin after the first target of their step is effective",
        ahead_of_the_canary(world, &state),
    );
    law(
        "each effect is accounted for exactly once",
        uncounted(world, &state),
    );
    law(
        "nothing is opened without the approvals that it needs",
        unapproved(world, &state),
    );
    law(
        "what a cut may destroy was kept, or said not to be",
        unkept(world, &state),
    );
    law(
        "starting again is reading the records again",
        forgotten(world, &state),
    );
    if broken.is_empty() {
        Ok(())
    } else {
        Err(broken)
    }
}

fn not_as_before(world: &World, state: &State) -> Vec<String> {
    let pairs = state.effects.iter().zip(&world.targets).enumerate();
    let wrong = pairs.filter(|(_, (effect, target))| {
        let claims = matches!(
            effect.phase,
            Phase::Undone | Phase::Skipped | Phase::AlreadySo
        );
        claims && target.state != target.original
    });
    wrong
        .map(|(n, (effect, target))| {
            format!(
                "effect {n} is {:?}, and its target is {} after {}",
                effect.phase, target.state, target.original
            )
        })
        .collect()
}

fn not_in_place(world: &World, state: &State) -> Vec<String> {
    let pairs = state.effects.iter().zip(&world.targets).enumerate();
    pairs
        .filter(|(_, (effect, target))| effect.phase == Phase::Effective && target.state != WANTED)
        .map(|(n, (_, target))| format!("effect {n} is effective, its target {}", target.state))
        .collect()
}

fn unended(world: &World, state: &State) -> Vec<String> {
    if !world.recall_ordered {
        return Vec::new();
    }
    let pairs = state.effects.iter().zip(&world.targets).enumerate();
    let open = pairs.filter(|(_, (effect, target))| {
        !(effect.phase.is_recalled() || effect.phase == Phase::Stuck && target.keeps)
    });
    let mut seen: Vec<String> = open
        .map(|(n, (effect, _))| format!("effect {n} is {:?}: {:?}", effect.phase, effect.why))
        .collect();
    let stuck = state.effects.iter().any(|e| e.phase == Phase::Stuck);
    if seen.is_empty() && !stuck && !state.closed {
        seen.push("everything is taken back, and the run is not closed".to_owned());
    }
    seen
}

fn unwritten(world: &World) -> Vec<String> {
    let mut written = vec![0_u32; world.sent.len()];
    for (_, record) in world.journal.records() {
        if let Record::Doing { effect } = record
            && let Some(count) = written.get_mut(effect.index())
        {
            *count += 1;
        }
    }
    let pairs = written.iter().zip(&world.sent).enumerate();
    pairs
        .filter(|(_, (written, sent))| sent > written)
        .map(|(n, (written, sent))| format!("effect {n}: {sent} sent, {written} written"))
        .collect()
}

fn too_fast(world: &World, state: &State) -> Vec<String> {
    let mut begun: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for (at, record) in world.journal.records() {
        if let Record::Doing { effect } = record
            && let Some(effect) = state.effect(*effect)
        {
            let times = begun.entry(effect.kind.as_str()).or_default();
            times.push(at.as_millisecond());
        }
    }
    let mut seen = Vec::new();
    for (kind, times) in begun {
        let most = usize::try_from(state.opened.limits.per_minute(kind)).unwrap_or(usize::MAX);
        for (first, last) in times.iter().zip(times.iter().skip(most)) {
            if last - first < 60_000 {
                seen.push(format!(
                    "`{kind}`: more than {most} within {} ms",
                    last - first
                ));
            }
        }
    }
    seen
}

/// A target that hurts a service, and is as wanted at the end, was not noticed.
fn still_hurting(world: &World, state: &State) -> Vec<String> {
    let Some((target, _)) = world.hurts else {
        return Vec::new();
    };
    let (Some(effect), Some(is)) = (state.effects.get(target), world.targets.get(target)) else {
        return Vec::new();
    };
    let ordered = state.opened.effects.get(target);
    let can = ordered.is_some_and(|o| o.reversal == Reversal::Undo) && !is.keeps;
    let hurts = is.state == WANTED && is.original != WANTED;
    // Who never saw the service before it was out of sight may stand where nobody sees it: people are told.
    let told = world.blinds
        && world
            .journal
            .records()
            .iter()
            .any(|(_, record)| matches!(record, Record::Worse { .. }));
    if hurts && can && !told && !effect.recalled && effect.dos.last.is_some() {
        return vec![format!(
            "effect {target} hurts a service and is {:?}",
            effect.phase
        )];
    }
    Vec::new()
}

fn ahead_of_the_canary(world: &World, state: &State) -> Vec<String> {
    let mut good = vec![false; state.opened.effects.len()];
    let mut seen = Vec::new();
    for (_, record) in world.journal.records() {
        let done_well = matches!(
            record,
            Record::Effective { .. } | Record::Captured { already: true, .. }
        );
        if let Some((ix, _)) = record.subject().filter(|_| done_well)
            && let Some(good) = good.get_mut(ix.index())
        {
            *good = true;
        }
        if let Record::Doing { effect } = record {
            let canary = state.effect(*effect).and_then(|effect| effect.canary);
            if canary.is_some_and(|canary| good.get(canary.index()) == Some(&false)) {
                seen.push(format!("effect {} is done", effect.0));
            }
        }
    }
    seen
}

fn uncounted(world: &World, state: &State) -> Vec<String> {
    let Some(Some(executor)) = world.executors.get(world.current) else {
        return Vec::new();
    };
    let total = executor.run.tally().total();
    if total == state.opened.effects.len() {
        Vec::new()
    } else {
        vec![format!("{total} counted of {}", state.opened.effects.len())]
    }
}

/// The approvals in the journal are the ones that the policy asks for, signed for this very order.
fn unapproved(world: &World, state: &State) -> Vec<String> {
    let opened = &state.opened;
    let needed = opened.effects.iter().any(|e| e.kind.as_str() == ASKED_FOR);
    let signed = opened.approvals.iter().any(|approval| {
        let text = |key: &str| approval.get(key).and_then(cordon_model::Value::as_str);
        let (Some(statement), Some(signature)) = (text("statement"), text("signature")) else {
            return false;
        };
        let said = Statement::parse(statement);
        approver().public().signed(statement.as_bytes(), signature)
            && said.is_some_and(|said| said.order == opened.order)
    });
    let acted = world.sent.iter().any(|sent| *sent > 0);
    if needed && acted && !signed {
        return vec!["there is no approval of this order".to_owned()];
    }
    Vec::new()
}

fn unkept(world: &World, state: &State) -> Vec<String> {
    let mut seen = Vec::new();
    for (_, record) in world.journal.records() {
        let Record::Captured {
            effect, evidence, ..
        } = record
        else {
            continue;
        };
        let facts = state.effect(*effect).map(|effect| &effect.volatile);
        let lost = facts.into_iter().flatten().find(|fact| {
            !evidence.taken.contains_key(*fact) && !evidence.skipped.contains_key(*fact)
        });
        seen.extend(lost.map(|fact| format!("effect {}: {fact}", effect.0)));
    }
    seen
}

fn forgotten(world: &World, state: &State) -> Vec<String> {
    let read = world.journal.read();
    let records = world.journal.records().iter();
    let same = read.records().eq(records.map(|(at, record)| (*at, record)));
    if !same {
        return vec!["the file holds other records than were written".to_owned()];
    }
    match world.executors.get(world.current) {
        Some(Some(executor)) if executor.waiting.is_empty() && executor.run.state() != state => {
            vec![format!("{:?}\nbut {state:?}", executor.run.state())]
        }
        Some(_) | None => Vec::new(),
    }
}
