//! A vetted choice of steps to an order: every target named, every limit set, nothing left to compute.
//!
//! What is approved is the order's digest. Invariants: a step without a connector is a person's; each
//! target is an effect of its own; the first of a step's several targets goes ahead of the others.
//! Absent on purpose: whether the order may be carried out, which is the policy's to say.

use std::collections::{BTreeMap, BTreeSet};

use cordon_model::{Estate, Hours, Money, Probe, Step, StepIx, StepKind, Value};
use cordon_plan::wave;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    Beat, Digest, Effect, EffectIx, Guarded, Limits, Means, Patience, Reversal, as_text,
    policy::PolicyDigest,
};

/// More targets than a person can look through, and than a minute-wise limit lets pass in hours.
pub const EFFECTS_MAX: usize = 10_000;

/// What the document is.
const FORMAT: &str = "cordon/order/v1";

/// What carries out steps that name nothing else.
pub const MANUAL: &str = "manual";

/// What a connector can do about a kind of step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ability {
    /// Which of its actions it is.
    pub action: String,
    /// How it is taken back.
    pub reversal: Reversal,
    /// How long its calls may take.
    pub patience: Patience,
}

/// Connectors by name.
pub trait Catalogue {
    /// What a connector can do about a step.
    ///
    /// # Errors
    /// Why it can do nothing, in words.
    fn ability(&self, connector: &str, step: Asked<'_>) -> Result<Ability, String>;

    /// What an action of a connector comes to, whatever the step is called.
    fn means(&self, connector: &str, action: &str) -> Means;

    /// The digest of what defines a connector; none if it is built in.
    fn digest(&self, connector: &str) -> Option<Digest>;
}

/// What a connector is asked whether it can do.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'s> {
    /// The step's kind.
    pub kind: &'s StepKind,
    /// The action that the estate names, if any.
    pub action: Option<&'s str>,
    /// Everything that the estate says.
    pub parameters: &'s Value,
}

/// Something that keeps steps from becoming an order.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OrderFlaw {
    /// A key of `do` that is missing or of another kind.
    #[error("step `{step}`: expected `do` with {wanted}")]
    Shape {
        /// The step.
        step: String,
        /// What should be there.
        wanted: &'static str,
    },
    /// A connector that cannot do it.
    #[error("step `{step}`: the connector `{connector}` cannot carry it out: {why}")]
    Connector {
        /// The step.
        step: String,
        /// The connector.
        connector: String,
        /// Why not.
        why: String,
    },
    /// An action that is no way of carrying out steps of the kind.
    #[error(
        "step `{step}`: `{action}` of the connector `{connector}` is no way to `{kind}`; it carries out steps of the kinds {}",
        kinds.join(", ")
    )]
    OtherKind {
        /// The step.
        step: String,
        /// Its kind.
        kind: String,
        /// The connector.
        connector: String,
        /// Its action.
        action: String,
        /// Which it does carry out.
        kinds: Vec<String>,
    },
    /// Too many targets.
    #[error("the plan has {0} targets, and an order holds {EFFECTS_MAX} at most")]
    TooMany(usize),
}

/// An order. Its digest is what people approve.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Order {
    /// `cordon/order/v1`.
    pub format: &'static str,
    /// The estate's name.
    pub estate: String,
    /// The digest of the plan's exact bytes.
    #[serde(with = "text")]
    pub plan: Digest,
    /// The plan's own generation.
    pub plan_generation: u64,
    /// The policy under which it was ordered.
    #[serde(with = "text")]
    pub policy: PolicyDigest,
    /// What defines the connectors that are used.
    pub connectors: Vec<ConnectorDigest>,
    /// What is to be done.
    pub effects: Vec<Effect>,
    /// Services that are looked at throughout.
    pub guarded: Vec<Guarded>,
    /// What is never exceeded.
    pub limits: Limits,
    /// What is at stake, which people and policies weigh.
    pub stake: Stake,
    /// Which effects cannot be taken back, as far as anybody says so.
    pub irreversible: Vec<EffectIx>,
    /// Kinds of steps in it that reach a whole zone or everybody.
    #[serde(skip)]
    pub wide: BTreeSet<StepKind>,
    /// Kinds of steps in it that are carried out by what the site made itself.
    #[serde(skip)]
    pub own: BTreeSet<StepKind>,
}

mod text {
    pub(super) use crate::as_text::serialize;
}

/// What defines one connector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectorDigest {
    /// Its name.
    pub connector: String,
    /// The digest of its definition.
    #[serde(with = "as_text")]
    pub definition: Digest,
}

/// What a plan costs and stops, and on how much it rests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stake {
    /// For how long the cut is planned to stay. Nothing takes it back by itself then.
    #[serde(with = "text")]
    pub hold_hours: Hours,
    /// Its price over the hold.
    #[serde(with = "text")]
    pub price: Money,
    /// In which currency.
    pub currency: String,
    /// Services that stop if the cut stays, whether within the hold or later.
    pub stops: Vec<Stop>,
    /// What the intruder is believed to hold, by id.
    pub footholds: Vec<String>,
    /// Footholds for which logs of fewer than two products speak, by id.
    pub on_one_word: Vec<String>,
}

/// A service that stops if a cut stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stop {
    /// Which.
    pub service: String,
    /// How long after the cut.
    #[serde(with = "text")]
    pub after_hours: Hours,
    /// Whether no plan may stop it within the hold.
    pub protected: bool,
}

impl Stake {
    /// That nothing is, for no time.
    pub fn none() -> Self {
        Self {
            hold_hours: Hours::zero(),
            price: Money::zero(),
            currency: String::new(),
            stops: Vec::new(),
            footholds: Vec::new(),
            on_one_word: Vec::new(),
        }
    }

    /// Whether any service stops within the hold.
    pub fn stops_a_service(&self) -> bool {
        let mut stops = self.stops.iter();
        stops.any(|stop| stop.after_hours < self.hold_hours)
    }

    /// Whether a protected service stops some time if nobody takes the cut back: the hold is the word of whoever made
    /// the plan, and nothing ends with it.
    pub fn stops_a_protected_service_if_it_stays(&self) -> bool {
        self.stops.iter().any(|stop| stop.protected)
    }
}

/// From which plan an order comes.
#[derive(Debug, Clone, PartialEq)]
pub struct Origin {
    /// The digest of the plan's exact bytes.
    pub plan: Digest,
    /// The plan's own generation.
    pub generation: u64,
    /// What it costs and stops.
    pub stake: Stake,
    /// The policy, and the limits it sets.
    pub policy: PolicyDigest,
    /// What is never exceeded.
    pub limits: Limits,
    /// What is known of kinds of steps, whatever the estate says of a step.
    pub kinds: BTreeMap<StepKind, KindFacts>,
}

/// What is known of every step of a kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KindFacts {
    /// It only goes forward.
    pub lasting: bool,
    /// It reaches a whole zone or everybody, so that one person is too few.
    pub wide: bool,
    /// Facts about a target that the cut may destroy.
    pub volatile: Vec<String>,
}

impl Order {
    /// Makes an order of the steps of a vetted plan.
    ///
    /// # Errors
    /// Everything that keeps them from becoming one.
    pub fn of(
        estate: &Estate,
        steps: &[StepIx],
        catalogue: &impl Catalogue,
        origin: Origin,
    ) -> Result<Self, Vec<OrderFlaw>> {
        let mut draft = Draft {
            kinds: origin.kinds,
            ..Draft::default()
        };
        for step in steps.iter().map(|ix| estate.step(*ix)) {
            if let Err(flaw) = draft.add(step, catalogue) {
                draft.flaws.push(flaw);
            }
        }
        if draft.effects.len() > EFFECTS_MAX {
            draft.flaws.push(OrderFlaw::TooMany(draft.effects.len()));
        }
        if !draft.flaws.is_empty() {
            return Err(draft.flaws);
        }
        draft
            .connectors
            .sort_by(|a, b| a.connector.cmp(&b.connector));
        draft.connectors.dedup();
        Ok(Self {
            format: FORMAT,
            estate: estate.name().to_owned(),
            plan: origin.plan,
            plan_generation: origin.generation,
            policy: origin.policy,
            connectors: draft.connectors,
            effects: draft.effects,
            guarded: guarded(estate),
            limits: origin.limits,
            stake: origin.stake,
            irreversible: draft.irreversible,
            wide: draft.wide,
            own: draft.own,
        })
    }

    /// An order of effects that no plan stands behind and that costs and stops nothing: what executors are tried with
    /// where there is no estate.
    pub fn bare(policy: PolicyDigest, effects: Vec<Effect>) -> Self {
        Self {
            format: FORMAT,
            estate: "made".to_owned(),
            plan: Digest::of(b"plan"),
            plan_generation: 1,
            policy,
            connectors: Vec::new(),
            effects,
            guarded: Vec::new(),
            limits: Limits::default(),
            stake: Stake::none(),
            irreversible: Vec::new(),
            wide: BTreeSet::new(),
            own: BTreeSet::new(),
        }
    }

    /// The digest that approvals are bound to.
    pub fn digest(&self) -> Digest {
        Digest::of(self.document().as_bytes())
    }

    /// The order as the JSON whose SHA-256 is its digest.
    pub fn document(&self) -> String {
        match serde_json::to_string(self) {
            Ok(text) => text,
            Err(why) => unreachable!("our own orders can always be written: {why}"),
        }
    }
}

#[derive(Default)]
struct Draft {
    kinds: BTreeMap<StepKind, KindFacts>,
    wide: BTreeSet<StepKind>,
    own: BTreeSet<StepKind>,
    effects: Vec<Effect>,
    connectors: Vec<ConnectorDigest>,
    irreversible: Vec<EffectIx>,
    flaws: Vec<OrderFlaw>,
}

impl Draft {
    fn add(&mut self, step: &Step, catalogue: &impl Catalogue) -> Result<(), OrderFlaw> {
        let said = said(step)?;
        let asked = Asked {
            kind: &step.kind,
            action: said.action,
            parameters: &said.parameters,
        };
        let ability = catalogue.ability(said.connector, asked);
        let ability = ability.map_err(|why| OrderFlaw::Connector {
            step: step.id.to_string(),
            connector: said.connector.to_owned(),
            why,
        })?;
        self.weigh(step, said.connector, &ability, catalogue)?;
        if let Some(definition) = catalogue.digest(said.connector) {
            self.connectors.push(ConnectorDigest {
                connector: said.connector.to_owned(),
                definition,
            });
        }
        let first = next(&self.effects);
        let facts = self.kinds.get(&step.kind).cloned().unwrap_or_default();
        if facts.wide {
            self.wide.insert(step.kind.clone());
        }
        for target in said.targets {
            let ix = next(&self.effects);
            let never = step.irreversible || ability.reversal == Reversal::Never;
            if never || facts.lasting {
                self.irreversible.push(ix);
            }
            self.effects.push(Effect {
                step: step.id.clone(),
                kind: step.kind.clone(),
                connector: said.connector.to_owned(),
                action: ability.action.clone(),
                target: target.to_owned(),
                parameters: said.parameters.clone(),
                stage: wave(step.kind.as_str()) as u32,
                canary: (ix != first).then_some(first),
                reversal: if never {
                    Reversal::Never
                } else {
                    ability.reversal
                },
                patience: ability.patience,
                volatile: facts.volatile.clone(),
            });
        }
        Ok(())
    }

    /// What a step comes to by what is really called.
    fn weigh(
        &mut self,
        step: &Step,
        connector: &str,
        ability: &Ability,
        catalogue: &impl Catalogue,
    ) -> Result<(), OrderFlaw> {
        match catalogue.means(connector, &ability.action) {
            Means::Nothing => {}
            Means::Own => {
                self.own.insert(step.kind.clone());
            }
            Means::Of { kinds, wide } => {
                if !kinds.iter().any(|kind| kind == step.kind.as_str()) {
                    return Err(OrderFlaw::OtherKind {
                        step: step.id.to_string(),
                        kind: step.kind.to_string(),
                        connector: connector.to_owned(),
                        action: ability.action.clone(),
                        kinds,
                    });
                }
                if wide {
                    self.wide.insert(step.kind.clone());
                }
            }
        }
        Ok(())
    }
}

fn next(effects: &[Effect]) -> EffectIx {
    EffectIx(u32::try_from(effects.len()).unwrap_or(u32::MAX))
}

/// What the estate says of how a step is carried out.
struct Said<'s> {
    connector: &'s str,
    action: Option<&'s str>,
    targets: Vec<&'s str>,
    parameters: Value,
}

fn said(step: &Step) -> Result<Said<'_>, OrderFlaw> {
    let wrong = |wanted| OrderFlaw::Shape {
        step: step.id.to_string(),
        wanted,
    };
    let Some(action) = &step.action else {
        return Ok(Said {
            connector: MANUAL,
            action: None,
            targets: vec![step.id.as_str()],
            parameters: Value::Null,
        });
    };
    let keys = action.as_object().ok_or_else(|| wrong("keys and values"))?;
    let text = |key: &str| keys.get(key).and_then(Value::as_str);
    let connector = text("connector").ok_or_else(|| wrong("`connector: NAME`"))?;
    let targets = match (keys.get("target"), keys.get("targets")) {
        (Some(Value::String(target)), None) => vec![target.as_str()],
        (None, Some(Value::Array(list))) if !list.is_empty() => {
            let texts: Option<Vec<&str>> = list.iter().map(Value::as_str).collect();
            texts.ok_or_else(|| wrong("`targets: [NAME, …]`, all of them texts"))?
        }
        (None, None) if connector == MANUAL => vec![step.id.as_str()],
        (_, _) => return Err(wrong("either `target: NAME` or `targets: [NAME, …]`")),
    };
    let own = ["connector", "action", "target", "targets"];
    let others = keys.iter().filter(|(key, _)| !own.contains(&key.as_str()));
    let others: serde_json::Map<String, Value> = others
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    Ok(Said {
        connector,
        action: text("action"),
        targets,
        parameters: if others.is_empty() {
            Value::Null
        } else {
            Value::Object(others)
        },
    })
}

/// Protected services that can be looked at.
fn guarded(estate: &Estate) -> Vec<Guarded> {
    let protected = estate.services().iter().filter(|service| service.protected);
    let seen = protected.filter_map(|service| {
        let (by, at, beat) = match service.probe.as_ref()? {
            Probe::Http(url) => ("http", url, None),
            Probe::Tcp(address) => ("tcp", address, None),
            Probe::Log(beat) => ("log", &beat.log, Some(beat)),
        };
        let beat = beat.map(|beat| Beat {
            holds: beat.holds.clone(),
            at_least: beat.at_least,
            within_ms: u64::from(beat.within_seconds) * 1000,
        });
        Some(Guarded {
            service: service.id.clone(),
            by: by.to_owned(),
            at: at.clone(),
            beat,
        })
    });
    seen.collect()
}
