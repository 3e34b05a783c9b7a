//! How many people an order needs, kind by kind: what the policy's rule says, and what no rule can go below.
//!
//! What a kind comes to follows from what is really called, from the targets, and from what other runs did lately: an order
//! in pieces weighs as much as the whole.

use std::collections::{BTreeMap, BTreeSet};

use cordon_model::{Money, Timestamp};

use crate::{
    ADDRESSES_MAX, Digest, EffectIx, Order, Policy, Rule,
    breadth::addresses,
    policy::{Asks, PEOPLE_FOR_LASTING, TARGETS_ON_ONE_WORD_MAX},
};

/// What other runs of the same anchor changed, as far back as rules count.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lately(pub Vec<Before>);

/// A run before this one.
#[derive(Debug, Clone, PartialEq)]
pub struct Before {
    /// When it began.
    pub at: Timestamp,
    /// Its plan.
    pub plan: Digest,
    /// What that costs.
    pub price: Money,
    /// The digests of what it changes, by kind.
    pub targets: BTreeMap<String, BTreeSet<Digest>>,
}

/// How long a run counts together with others: as long as an approval may hold, so that nobody carries out in the same breath
/// what a rule means to keep apart.
pub const LATELY_HOURS: i64 = 24;

impl Lately {
    fn within_hours(&self, now: Timestamp) -> impl Iterator<Item = &Before> {
        let recent =
            move |before: &&Before| now.duration_since(before.at).as_hours() < LATELY_HOURS;
        self.0.iter().filter(recent)
    }

    /// What all plans cost together, this one once.
    fn price(&self, order: &Order, now: Timestamp) -> Money {
        let plans = self.within_hours(now).map(|run| (run.plan, &run.price));
        let plans: BTreeMap<Digest, &Money> =
            plans.chain([(order.plan, &order.stake.price)]).collect();
        plans.into_values().sum()
    }

    /// Targets that steps of a kind began to change within the last minute at most, by a limit for each run.
    pub(crate) fn in_a_minute(&self, kind: &str, most: u32, now: Timestamp) -> usize {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let begun = self.within_hours(now).filter_map(|before| {
            let targets = before.targets.get(kind)?.len();
            let minutes = now.duration_since(before.at).as_mins().max(0);
            let minutes = usize::try_from(minutes).unwrap_or(usize::MAX);
            Some(
                targets
                    .saturating_sub(minutes.saturating_mul(most))
                    .min(most),
            )
        });
        begun.sum()
    }
}

impl Before {
    /// What a run of an order comes to for those after it.
    pub fn of(order: &Order, at: Timestamp) -> Self {
        let mut targets: BTreeMap<String, BTreeSet<Digest>> = BTreeMap::new();
        for effect in &order.effects {
            let of_kind = targets.entry(effect.kind.to_string()).or_default();
            of_kind.insert(Digest::of(effect.target.as_bytes()));
        }
        Self {
            at,
            plan: order.plan,
            price: order.stake.price.clone(),
            targets,
        }
    }
}

/// How many people steps of a kind need.
#[derive(Debug, Clone, PartialEq)]
pub struct Need<'p> {
    /// The kind.
    pub kind: String,
    /// How many targets are changed by steps of it, with those of other runs.
    pub targets: usize,
    /// The rule that fits, with its number from 1; none allows it if there is none.
    pub rule: Option<(usize, &'p Rule)>,
    /// How many people must approve.
    pub people: usize,
    /// Why more than the rule asks for; empty if not more.
    pub why: &'static str,
}

/// What an order needs under a policy, kind by kind.
pub fn needs<'p>(
    order: &Order,
    policy: &'p Policy,
    now: Timestamp,
    lately: &Lately,
) -> Vec<Need<'p>> {
    let price = lately.price(order, now);
    let kinds = kinds(order, now, lately);
    let all: usize = kinds.values().map(Extent::targets).sum();
    let need = |(kind, extent): (&String, &Extent)| {
        let targets = extent.targets();
        let rule = policy.rule(Asks {
            kind,
            targets,
            price: &price,
            now,
        });
        let asked = rule.map_or(0, |(_, rule)| rule.people);
        let (least, why) = least(order, extent, all);
        Need {
            kind: kind.clone(),
            targets,
            rule,
            people: asked.max(least),
            why: if least > asked { why } else { "" },
        }
    };
    kinds.iter().map(need).collect()
}

/// How many people must approve steps of a kind at least, whatever a rule says, and why.
fn least(order: &Order, extent: &Extent, all: usize) -> (usize, &'static str) {
    let on_one_word = !order.stake.on_one_word.is_empty();
    let two = [
        (extent.lasting, "it cannot be taken back"),
        (extent.wide, "it reaches a whole zone or everybody"),
        (order.stake.stops_a_service(), "the plan stops a service"),
        (
            order.stake.stops_a_protected_service_if_it_stays(),
            "a protected service stops if the cut stays",
        ),
        (
            on_one_word && all > TARGETS_ON_ONE_WORD_MAX,
            "one source alone says what many targets are cut off for",
        ),
    ];
    if let Some((_, why)) = two.iter().find(|(so, _)| *so) {
        return (PEOPLE_FOR_LASTING, why);
    }
    if on_one_word {
        return (1, "one source alone says what it is done for");
    }
    if extent.own {
        return (
            1,
            "what carries it out is the site's own, so that nobody else knows what it does",
        );
    }
    (0, "")
}

/// What steps of a kind come to in an order.
#[derive(Default)]
struct Extent {
    /// What they change.
    named: BTreeSet<Digest>,
    /// How often they change anything in this order, and what other runs changed beside that.
    times: usize,
    others: usize,
    /// Whether any for good.
    lasting: bool,
    /// Whether they reach a whole zone or everybody.
    wide: bool,
    /// Whether the site made what carries them out.
    own: bool,
}

impl Extent {
    fn targets(&self) -> usize {
        self.times + self.others
    }
}

/// Kinds of steps in an order.
fn kinds(order: &Order, now: Timestamp, lately: &Lately) -> BTreeMap<String, Extent> {
    let lasting: BTreeSet<EffectIx> = order.irreversible.iter().copied().collect();
    // A zone in pieces is a zone, whatever steps and kinds the pieces belong to.
    let named: Vec<u64> = order.effects.iter().map(addresses).collect();
    let all = named
        .iter()
        .fold(0_u64, |sum, one| sum.saturating_add(*one));
    let mut kinds: BTreeMap<String, Extent> = BTreeMap::new();
    for ((ix, effect), named) in (0..).map(EffectIx).zip(&order.effects).zip(named) {
        let extent = kinds.entry(effect.kind.to_string()).or_default();
        extent.named.insert(Digest::of(effect.target.as_bytes()));
        extent.times += 1;
        extent.lasting |= lasting.contains(&ix);
        extent.wide |= named > 0 && all > ADDRESSES_MAX;
        extent.wide |= order.wide.contains(&effect.kind);
        extent.own |= order.own.contains(&effect.kind);
    }
    for (kind, extent) in &mut kinds {
        let others = lately
            .within_hours(now)
            .filter_map(|run| run.targets.get(kind));
        let others: BTreeSet<Digest> = others.flatten().copied().collect();
        extent.others = others.difference(&extent.named).count();
    }
    kinds
}
