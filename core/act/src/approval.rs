//! Approvals: what a person signed, and whether that lets an order be carried out.
//!
//! A person signs a short text that names the plan, the order (every target, limit, connector and the
//! policy, by digest), themselves, until when it holds and a number used once. Invariants: an
//! [`Approved`] order exists only if every kind of step in it has the people that the policy asks
//! for, at the time of asking; an approval counts for one run. Absent on purpose: keeping count of
//! runs, which the caller knows.

use std::{collections::BTreeSet, fmt::Write as _};

use cordon_model::{Timestamp, Value};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    Digest, Lately, Need, Opened, Order, Policy, PrivateKey, PublicKey, hand::later, need::needs,
};

/// An approval as it travels: the exact text that was signed, and the signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// `cordon/approval/v1`.
    pub format: String,
    /// What was signed.
    pub statement: String,
    /// The Base64 of the Ed25519 signature over the statement's bytes.
    pub signature: String,
}

/// What a statement says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The plan's digest.
    pub plan: Digest,
    /// The order's digest.
    pub order: Digest,
    /// Who says so.
    pub by: String,
    /// From when on it holds.
    pub from: Timestamp,
    /// Until when it holds.
    pub until: Timestamp,
    /// Used once.
    pub once: String,
}

/// The first line of every statement.
const HEAD: &str = "cordon/approval/v1";

/// Longest time for which anybody may approve; a plan older than a day is made anew.
pub const APPROVAL_HOURS_MAX: i64 = 24;

impl Statement {
    /// The text that is signed.
    pub fn text(&self) -> String {
        let mut text = format!("{HEAD}\n");
        for (key, value) in [
            ("plan", self.plan.to_string()),
            ("order", self.order.to_string()),
            ("by", self.by.clone()),
            ("from", self.from.to_string()),
            ("until", self.until.to_string()),
            ("once", self.once.clone()),
        ] {
            let _never_fails = writeln!(text, "{key}: {value}");
        }
        text
    }

    /// Reads a statement; only the very text that [`Statement::text`] gives is one.
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        if lines.next()? != HEAD {
            return None;
        }
        let mut value = |key: &str| lines.next()?.strip_prefix(key)?.strip_prefix(": ");
        let statement = Self {
            plan: value("plan")?.parse().ok()?,
            order: value("order")?.parse().ok()?,
            by: value("by")?.to_owned(),
            from: value("from")?.parse().ok()?,
            until: value("until")?.parse().ok()?,
            once: value("once")?.to_owned(),
        };
        (statement.text() == text).then_some(statement)
    }

    /// Signs it.
    pub fn sign(&self, key: &PrivateKey) -> Approval {
        let statement = self.text();
        Approval {
            format: HEAD.to_owned(),
            signature: key.sign(statement.as_bytes()),
            statement,
        }
    }
}

/// Why an approval does not count, or an order may not be carried out.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// No statement of this format.
    #[error("approval {0} holds no statement of {HEAD}")]
    Unreadable(usize),
    /// By nobody that the policy names.
    #[error("`{0}` is nobody whom the policy names")]
    Nobody(String),
    /// Not signed by whom it names, or changed since.
    #[error("the approval that names `{0}` was not signed with their key, or was changed since")]
    Forged(String),
    /// For another plan.
    #[error("the approval of `{0}` is for another plan")]
    OtherPlan(String),
    /// For other targets, limits, connectors or another policy.
    #[error(
        "the approval of `{0}` is for this plan with other targets, limits, connectors or another policy"
    )]
    OtherOrder(String),
    /// Not yet or no longer.
    #[error("the approval of `{by}` holds from {from} until {until}")]
    Expired {
        /// Whose.
        by: String,
        /// From when.
        from: Timestamp,
        /// Until when.
        until: Timestamp,
    },
    /// For longer than anybody may approve.
    #[error("the approval of `{0}` holds for more than {APPROVAL_HOURS_MAX} hours")]
    TooLong(String),
    /// Used by another run, or named twice.
    #[error("the approval of `{0}` was used before")]
    Replayed(String),
    /// A kind of step that no rule allows.
    #[error("no rule of the policy allows `{kind}` for {targets} targets at this price and time")]
    NoRule {
        /// The kind.
        kind: String,
        /// How many targets it would change.
        targets: usize,
    },
    /// Too few people.
    #[error(
        "`{kind}` needs {} to approve it{}{}, and has {}",
        as_people(*needed),
        as_roles(roles),
        as_reason(why),
        as_names(have)
    )]
    TooFew {
        /// The kind.
        kind: String,
        /// How many must approve.
        needed: usize,
        /// As what.
        roles: Vec<String>,
        /// Why more than the policy's rule asks for; empty if not more.
        why: &'static str,
        /// Who did.
        have: Vec<String>,
    },
    /// As much as a minute allows was begun by other runs.
    #[error(
        "other runs began `{kind}` on {begun} targets within a minute, and the policy allows {most}: try again in a minute"
    )]
    TooFast {
        /// The kind.
        kind: String,
        /// How many others began.
        begun: usize,
        /// How many may be begun.
        most: u32,
    },
    /// The clock stands before a time that was seen.
    #[error(
        "it is {now} by this machine's clock, and {seen} was seen before: set the clock right, or whatever expired would count again"
    )]
    ClockBack {
        /// What the clock says.
        now: Timestamp,
        /// What it said before.
        seen: Timestamp,
    },
    /// On the never-list.
    #[error("`{target}` is never touched: {why}")]
    Never {
        /// The target.
        target: String,
        /// Why.
        why: String,
    },
    /// Ordered under another policy.
    #[error("the order was made under another policy")]
    OtherPolicy,
    /// By another executor than the policy names.
    #[error("the policy lets only the executor with the key {0} carry anything out")]
    OtherExecutor(String),
}

/// People by their number.
pub fn as_people(number: usize) -> String {
    match number {
        0 => "nobody".to_owned(),
        1 => "one person".to_owned(),
        _ => format!("{number} people"),
    }
}

fn as_reason(why: &str) -> String {
    if why.is_empty() {
        return String::new();
    }
    format!(" because {why}")
}

fn as_roles(roles: &[String]) -> String {
    if roles.is_empty() {
        return String::new();
    }
    format!(" with the role {}", roles.join(" or "))
}

fn as_names(have: &[String]) -> String {
    if have.is_empty() {
        return "none".to_owned();
    }
    format!("{} ({})", have.len(), have.join(", "))
}

/// An order that may be carried out; there is no other way to one than [`authorise`].
///
/// ```compile_fail
/// let forged = |opened: cordon_act::Opened| cordon_act::Approved { opened };
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Approved {
    opened: Opened,
}

impl Approved {
    /// The number of every approval that it rests on.
    pub fn numbers(&self) -> Vec<String> {
        self.opened.numbers()
    }

    /// What a run opens with.
    pub(crate) fn into_opened(self) -> Opened {
        self.opened
    }
}

/// What counts beside an order, a policy and approvals.
#[derive(Debug, Clone)]
pub struct Circumstances {
    /// When it is asked.
    pub now: Timestamp,
    /// The `once` of every approval that a run has used.
    pub used: BTreeSet<String>,
    /// A name for the run.
    pub run: String,
    /// Who will carry it out.
    pub executor: PublicKey,
    /// What other runs of the anchor did.
    pub lately: Lately,
    /// The latest time that was seen, if any is remembered.
    pub seen: Option<Timestamp>,
}

/// How far a clock may be set back by what keeps it right.
const CLOCK_BACK_MAX: SignedDuration = SignedDuration::from_secs(10);

/// Whether an order may be carried out now.
///
/// # Errors
/// Everything that speaks against it. An approval that does not count is one of the reasons, even where
/// the others would be enough: somebody tried.
pub fn authorise(
    order: Order,
    policy: &Policy,
    approvals: &[Approval],
    circumstances: Circumstances,
) -> Result<Approved, Vec<Refusal>> {
    let now = circumstances.now;
    let mut refusals = Vec::new();
    if order.policy != policy.digest {
        refusals.push(Refusal::OtherPolicy);
    }
    if let Some(only) = policy
        .executor
        .filter(|only| *only != circumstances.executor)
    {
        refusals.push(Refusal::OtherExecutor(only.to_string()));
    }
    let late = |seen: &Timestamp| seen.duration_since(now) > CLOCK_BACK_MAX;
    if let Some(seen) = circumstances.seen.filter(late) {
        refusals.push(Refusal::ClockBack { now, seen });
    }
    let mut begin_by = later(now, APPROVAL_HOURS_MAX.unsigned_abs() * 3_600_000);
    let mut used = circumstances.used;
    let mut people = BTreeSet::new();
    for (number, approval) in (1..).zip(approvals) {
        match counts(approval, number, (&order, policy, now)) {
            Ok(statement) if used.insert(statement.once.clone()) => {
                begin_by = begin_by.min(statement.until);
                people.insert(statement.by);
            }
            Ok(statement) => refusals.push(Refusal::Replayed(statement.by)),
            Err(refusal) => refusals.push(refusal),
        }
    }
    refusals.extend(forbidden(&order, policy));
    refusals.extend(unapproved(
        &order,
        policy,
        &people,
        (now, &circumstances.lately),
    ));
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let written = |approval| serde_json::to_value(approval).unwrap_or(Value::Null);
    Ok(Approved {
        opened: Opened {
            run: circumstances.run,
            plan: order.plan,
            order: order.digest(),
            plan_generation: order.plan_generation,
            approvals: approvals.iter().map(written).collect(),
            estate: order.estate,
            effects: order.effects,
            guarded: order.guarded,
            limits: order.limits,
            connectors: order.connectors,
            executor: policy.executor,
            begin_by: Some(begin_by),
        },
    })
}

/// What an approval says, if it counts for this order now.
fn counts(
    approval: &Approval,
    number: usize,
    (order, policy, now): (&Order, &Policy, Timestamp),
) -> Result<Statement, Refusal> {
    let statement = Statement::parse(&approval.statement);
    let Some(statement) = statement.filter(|_| approval.format == HEAD) else {
        return Err(Refusal::Unreadable(number));
    };
    let by = statement.by.clone();
    let Some(person) = policy.people.get(&by) else {
        return Err(Refusal::Nobody(by));
    };
    if !person
        .key
        .signed(approval.statement.as_bytes(), &approval.signature)
    {
        return Err(Refusal::Forged(by));
    }
    if statement.plan != order.plan {
        return Err(Refusal::OtherPlan(by));
    }
    if statement.order != order.digest() {
        return Err(Refusal::OtherOrder(by));
    }
    let (from, until) = (statement.from, statement.until);
    if until.duration_since(from).as_hours() > APPROVAL_HOURS_MAX {
        return Err(Refusal::TooLong(by));
    }
    if now < from || now >= until {
        return Err(Refusal::Expired { by, from, until });
    }
    Ok(statement)
}

fn forbidden(order: &Order, policy: &Policy) -> Vec<Refusal> {
    let effects = order.effects.iter();
    let never = effects.filter_map(|effect| {
        let never = policy.forbids(effect)?;
        Some(Refusal::Never {
            target: effect.target.clone(),
            why: never.why.clone(),
        })
    });
    never.collect()
}

/// Kinds of steps that too few people have approved, or that go too fast.
fn unapproved(
    order: &Order,
    policy: &Policy,
    people: &BTreeSet<String>,
    (now, lately): (Timestamp, &Lately),
) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for need in needs(order, policy, now, lately) {
        let Need { kind, targets, .. } = need;
        let Some((_, rule)) = need.rule else {
            refusals.push(Refusal::NoRule { kind, targets });
            continue;
        };
        refusals.extend(too_fast(order, &kind, now, lately));
        let speaks = |by: &&String| {
            let person = policy.people.get(*by);
            person.is_some_and(|person| person.speaks_as(&rule.roles))
        };
        let have: Vec<String> = people.iter().filter(speaks).cloned().collect();
        if have.len() < need.people {
            refusals.push(Refusal::TooFew {
                kind,
                needed: need.people,
                roles: rule.roles.clone(),
                why: need.why,
                have,
            });
        }
    }
    refusals
}

/// A limit of speed holds for all runs together: each keeps to it by itself, and one that finds it used up does not begin.
fn too_fast(order: &Order, kind: &str, now: Timestamp, lately: &Lately) -> Option<Refusal> {
    let most = order.limits.per_minute(kind);
    let begun = lately.in_a_minute(kind, most, now);
    let ours = order.effects.iter().filter(|e| e.kind.as_str() == kind);
    let most_at_once = usize::try_from(most).unwrap_or(usize::MAX);
    let ours = ours.count().min(most_at_once);
    (begun + ours > most_at_once && begun > 0).then(|| Refusal::TooFast {
        kind: kind.to_owned(),
        begun,
        most,
    })
}
