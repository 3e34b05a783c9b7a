//! What really happened, for scoring an answer against.

mod read;

use cordon_model::{LogRef, NodeId, Timestamp};

use serde_json::{Value, json};

use crate::Profile;

pub use read::NoTruth;

/// A part of the intrusion, in the order in which parts happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// The desk is called in somebody's name.
    Call,
    /// The desk resets the password.
    PasswordReset,
    /// The desk resets the second factor.
    FactorReset,
    /// Somebody's telephone is asked again and again to let the intruder in, until it does.
    Exhaustion,
    /// The intruder enrols a factor of their own.
    FactorEnrolled,
    /// The intruder signs in from a place and a device never seen before.
    NewSession,
    /// Application after application is opened.
    AppBurst,
    /// The cloud is looked at and a secret read.
    CloudAccess,
    /// Secret after secret is read.
    SecretsHarvest,
    /// A tunnel into the network is up.
    RemoteAccess,
    /// The directory is copied and read.
    Discovery,
    /// A tunnel leads back into the network.
    Tunnel,
    /// A remote access tool stays behind.
    Persistence,
    /// Rights are added.
    GroupChange,
    /// The hypervisors' console is entered.
    HypervisorLogin,
    /// A domain controller's disk is read behind its back.
    DiskSwap,
    /// What would see the next steps is switched off.
    Blinding,
    /// A shell is opened on a hypervisor: encryption is next.
    HypervisorShell,
}

impl Stage {
    /// All stages.
    pub const ALL: [Self; 18] = [
        Self::Call,
        Self::PasswordReset,
        Self::FactorReset,
        Self::Exhaustion,
        Self::FactorEnrolled,
        Self::NewSession,
        Self::AppBurst,
        Self::CloudAccess,
        Self::SecretsHarvest,
        Self::RemoteAccess,
        Self::Discovery,
        Self::Tunnel,
        Self::Persistence,
        Self::GroupChange,
        Self::HypervisorLogin,
        Self::DiskSwap,
        Self::Blinding,
        Self::HypervisorShell,
    ];

    /// The stage a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.word() == word)
    }

    /// The word used in files and output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::PasswordReset => "password-reset",
            Self::FactorReset => "factor-reset",
            Self::Exhaustion => "exhaustion",
            Self::FactorEnrolled => "factor-enrolled",
            Self::NewSession => "new-session",
            Self::AppBurst => "app-burst",
            Self::CloudAccess => "cloud-access",
            Self::SecretsHarvest => "secrets-harvest",
            Self::RemoteAccess => "remote-access",
            Self::Discovery => "discovery",
            Self::Tunnel => "tunnel",
            Self::Persistence => "persistence",
            Self::GroupChange => "group-change",
            Self::HypervisorLogin => "hypervisor-login",
            Self::DiskSwap => "disk-swap",
            Self::Blinding => "blinding",
            Self::HypervisorShell => "hypervisor-shell",
        }
    }

    /// What the intruder wants with it: the tactic, as ATT&CK calls it.
    pub const fn tactic(self) -> &'static str {
        match self {
            Self::Call
            | Self::PasswordReset
            | Self::FactorReset
            | Self::FactorEnrolled
            | Self::Exhaustion
            | Self::NewSession
            | Self::RemoteAccess => "initial-access",
            Self::AppBurst | Self::CloudAccess | Self::Discovery => "discovery",
            Self::SecretsHarvest | Self::DiskSwap => "credential-access",
            Self::Tunnel => "command-and-control",
            Self::Persistence | Self::GroupChange => "persistence",
            Self::HypervisorLogin => "lateral-movement",
            Self::Blinding => "defense-evasion",
            Self::HypervisorShell => "execution",
        }
    }
}

/// A node that the intruder holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its id in the estate.
    pub node: NodeId,
    /// Since when.
    pub since: Timestamp,
    /// Which intrusion took it, by position in [`Truth::intrusions`].
    pub intrusion: usize,
}

/// One record that the intrusion left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TruthStep {
    /// When it really happened, whatever the clock of the log's writer said.
    pub time: Timestamp,
    /// Which intrusion it belongs to, by position in [`Truth::intrusions`].
    pub intrusion: usize,
    /// What it was part of.
    pub stage: Stage,
    /// Where its record stands.
    pub log: LogRef,
}

/// What really happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truth {
    /// Who was there, one profile for each intrusion; none on a day without one.
    pub intrusions: Vec<Profile>,
    /// What intruders hold at the day's end, in the order of taking, intrusion by intrusion.
    pub held: Vec<Held>,
    /// Every record of the intrusions, in the order of happening; a record delivered twice stands
    /// twice.
    pub steps: Vec<TruthStep>,
    /// How many records have nothing to do with it.
    pub benign_records: u64,
    /// How many do.
    pub intrusion_records: u64,
}

impl Truth {
    /// The truth as a JSON document (`cordon/truth/v1`), one step a line.
    pub fn document(&self) -> String {
        let step = |step: &TruthStep| {
            let (record, path) = (step.log.record, &*step.log.path);
            json!({ "time": step.time.to_string(), "intrusion": step.intrusion, "stage": step.stage.word(),
                "tactic": step.stage.tactic(), "log": { "path": path, "record": record } })
        };
        let held = |held: &Held| json!({ "node": held.node.as_str(), "since": held.since.to_string(), "intrusion": held.intrusion });
        let words: Vec<&str> = self
            .intrusions
            .iter()
            .map(|profile| profile.word())
            .collect();
        let list = |rows: Vec<Value>| {
            let rows: Vec<String> = rows.iter().map(|row| format!("\n    {row}")).collect();
            rows.join(",")
        };
        format!(
            "{{\n  \"format\": \"cordon/truth/v1\",\n  \"intrusions\": {},\n  \"benign_records\": {},\n  \
             \"intrusion_records\": {},\n  \"held\": [{}\n  ],\n  \"steps\": [{}\n  ]\n}}\n",
            json!(words),
            self.benign_records,
            self.intrusion_records,
            list(self.held.iter().map(held).collect()),
            list(self.steps.iter().map(step).collect()),
        )
    }
}

/// One log as a system would export it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFile {
    /// Where it goes, relative to the drill's folder, such as `okta/system-log.ndjson`.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// How many records it has.
    pub records: u64,
}

/// One rehearsal: an estate, a day of its logs, and what really happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drill {
    /// The estate, in the format `cordon/estate/v1`.
    pub estate: String,
    /// The logs, by path.
    pub logs: Vec<LogFile>,
    /// What really happened.
    pub truth: Truth,
}
