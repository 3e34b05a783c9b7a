//! What a run writes down before it acts on it: the only memory it has.
//!
//! These shapes are the first version of the journal's format (`cordon/journal/v1`), described in
//! `docs/reference/journal.md`. A later version may add records and keys; none here changes meaning.

use cordon_model::{ServiceId, Timestamp, Value};
use serde::{Deserialize, Serialize};

use crate::{
    ConnectorDigest, Digest, Effect, EffectIx, Evidence, Guarded, Health, Limits, PublicKey,
    Standing, Statement, as_text,
};

/// Everything that a run needs to know from its beginning; later records only speak of progress.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    /// A name of its own for the run.
    pub run: String,
    /// The estate's name.
    pub estate: String,
    /// The digest of the plan's exact bytes.
    #[serde(with = "as_text")]
    pub plan: Digest,
    /// The digest of what was approved: effects, targets, limits, policy.
    #[serde(with = "as_text")]
    pub order: Digest,
    /// The plan's own generation.
    pub plan_generation: u64,
    /// Approvals, each with the exact statement that was signed.
    pub approvals: Vec<Value>,
    /// What is to be done; [`EffectIx`] counts along this list.
    pub effects: Vec<Effect>,
    /// Services that are looked at throughout.
    pub guarded: Vec<Guarded>,
    /// What is never exceeded.
    pub limits: Limits,
    /// What defines the connectors that were approved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub connectors: Vec<ConnectorDigest>,
    /// Who alone may carry it out, if the policy names somebody.
    #[serde(
        default,
        with = "as_text::maybe",
        skip_serializing_if = "Option::is_none"
    )]
    pub executor: Option<PublicKey>,
    /// Nothing is begun from then on: the approvals hold no longer.
    #[serde(
        default,
        with = "as_text::maybe",
        skip_serializing_if = "Option::is_none"
    )]
    pub begin_by: Option<Timestamp>,
}

impl Opened {
    /// The number of every approval in it.
    pub fn numbers(&self) -> Vec<String> {
        let texts = self.approvals.iter();
        let texts = texts.filter_map(|approval| approval.get("statement")?.as_str());
        let read = texts.filter_map(Statement::parse);
        read.map(|statement| statement.once).collect()
    }
}

/// What an answer to a call that changes something was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Given {
    /// Taken.
    Accepted,
    /// Not now.
    Throttled {
        /// When to ask again.
        #[serde(with = "as_text")]
        until: Timestamp,
    },
    /// Refused, without effect.
    Refused {
        /// Why.
        why: String,
    },
    /// Unknown.
    Unknown {
        /// Why.
        why: String,
    },
}

/// What is taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Everything.
    All,
    /// These effects.
    Effects(Vec<EffectIx>),
}

/// One record of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Record {
    /// The run begins.
    Opened(Box<Opened>),
    /// An executor took the run over; those before it are refused from here on.
    Resumed {
        /// How many took it over so far.
        generation: u64,
        /// Bytes at the end of the journal that a write which never finished had left.
        torn_bytes: u64,
    },
    /// The state before, to be restored by the undo.
    Captured {
        /// Of which effect.
        effect: EffectIx,
        /// What was read.
        prior: Value,
        /// Whether it already was as wanted: then nothing is done and nothing undone.
        already: bool,
        /// What was taken besides.
        evidence: Evidence,
    },
    /// The effect is about to be done.
    Doing {
        /// Which.
        effect: EffectIx,
    },
    /// What the call that did it was answered.
    DoAnswered {
        /// Which.
        effect: EffectIx,
        /// What.
        given: Given,
    },
    /// It was read back as wanted.
    Confirmed {
        /// Which.
        effect: EffectIx,
        /// What was read.
        state: Value,
    },
    /// What it should refuse is refused.
    Effective {
        /// Which.
        effect: EffectIx,
        /// Why that could not be tried, if it could not.
        untried: Option<String>,
    },
    /// It was read back as wanted, but what it should refuse is not refused.
    Unproven {
        /// Which.
        effect: EffectIx,
        /// What was seen.
        why: String,
    },
    /// It is no longer as wanted, by somebody else's hand.
    Drifted {
        /// Which.
        effect: EffectIx,
        /// How it stands.
        standing: Standing,
        /// What was read.
        state: Value,
    },
    /// It is not tried any further.
    GivenUp {
        /// Which.
        effect: EffectIx,
        /// Why.
        why: String,
    },
    /// These are taken back, from whatever state they are in.
    Recalling {
        /// Which.
        scope: Scope,
        /// Why, and who says so.
        why: String,
    },
    /// The effect is about to be undone.
    Undoing {
        /// Which.
        effect: EffectIx,
        /// What was read last, if it was neither as before nor as wanted.
        overwrites: Option<Value>,
    },
    /// What the call that undid it was answered.
    UndoAnswered {
        /// Which.
        effect: EffectIx,
        /// What.
        given: Given,
    },
    /// It was read back as before; a call on its way might still change that.
    Reverted {
        /// Which.
        effect: EffectIx,
    },
    /// It was read back as before, and nothing is on its way any more.
    Undone {
        /// Which.
        effect: EffectIx,
    },
    /// It was recalled before anything was done.
    Skipped {
        /// Which.
        effect: EffectIx,
    },
    /// It was recalled, and only goes forward.
    ForwardOnly {
        /// Which.
        effect: EffectIx,
    },
    /// It could not be taken back; another recall tries again.
    Stuck {
        /// Which.
        effect: EffectIx,
        /// Why.
        why: String,
    },
    /// Nothing further is begun.
    Held {
        /// Why, and who says so.
        why: String,
    },
    /// The hold is over.
    Released {
        /// Why, and who says so.
        why: String,
    },
    /// A guarded service is another than before.
    Health {
        /// Which.
        #[serde(with = "as_text")]
        service: ServiceId,
        /// How it is.
        health: Health,
    },
    /// A guarded service that was well is not: the run is held, and what may have hurt it is taken
    /// back. One record, because an executor may die after any.
    Worse {
        /// Which.
        #[serde(with = "as_text")]
        service: ServiceId,
        /// How it is.
        health: Health,
        /// What is taken back.
        recalls: Vec<EffectIx>,
        /// In words.
        why: String,
    },
    /// An order that was not allowed; such records stand in a journal of their own.
    Refused {
        /// The plan's digest.
        #[serde(with = "as_text")]
        plan: Digest,
        /// The order's digest.
        #[serde(with = "as_text")]
        order: Digest,
        /// Every reason.
        why: Vec<String>,
    },
    /// Everything is taken back and nothing is on its way.
    Closed,
}

impl Record {
    /// Which effect it is about, and what it says of it.
    pub fn subject(&self) -> Option<(EffectIx, &'static str)> {
        Some(match self {
            Record::Captured { effect, .. } => (*effect, "captured"),
            Record::Doing { effect } => (*effect, "done"),
            Record::DoAnswered { effect, .. } => (*effect, "answered"),
            Record::Confirmed { effect, .. } => (*effect, "confirmed"),
            Record::Effective { effect, .. } => (*effect, "effective"),
            Record::Unproven { effect, .. } => (*effect, "unproven"),
            Record::Drifted { effect, .. } => (*effect, "drifted"),
            Record::GivenUp { effect, .. } => (*effect, "given up"),
            Record::Undoing { effect, .. } => (*effect, "undone"),
            Record::UndoAnswered { effect, .. } => (*effect, "answered as undone"),
            Record::Reverted { effect } => (*effect, "reverted"),
            Record::Undone { effect } => (*effect, "finally undone"),
            Record::Skipped { effect } => (*effect, "skipped"),
            Record::ForwardOnly { effect } => (*effect, "forward only"),
            Record::Stuck { effect, .. } => (*effect, "stuck"),
            Record::Opened(_)
            | Record::Resumed { .. }
            | Record::Recalling { .. }
            | Record::Held { .. }
            | Record::Released { .. }
            | Record::Health { .. }
            | Record::Worse { .. }
            | Record::Refused { .. }
            | Record::Closed => return None,
        })
    }
}

impl Given {
    /// Why a call came to nothing, in words.
    pub fn why(&self) -> String {
        match self {
            Self::Accepted => "it was accepted".to_owned(),
            Self::Throttled { until } => format!("it was throttled until {until}"),
            Self::Refused { why } | Self::Unknown { why } => why.clone(),
        }
    }
}
