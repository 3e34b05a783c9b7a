//! Who and what events speak of.

use std::{fmt, sync::Arc};

/// What an entity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntityKind {
    /// A person's or a service's account, under whatever name the log uses.
    Account,
    /// A computer, virtual machine, hypervisor or appliance.
    Host,
    /// A network address.
    Address,
    /// A user's device as an identity provider knows it.
    Device,
    /// A mailbox.
    Mailbox,
    /// A group of accounts.
    Group,
    /// An application or tenant service.
    Application,
    /// A ticket of the service desk.
    Ticket,
    /// A session of any kind.
    Session,
    /// A cloud resource such as a role, key or bucket.
    Resource,
}

impl EntityKind {
    /// All kinds.
    pub const ALL: [Self; 10] = [
        Self::Account,
        Self::Host,
        Self::Address,
        Self::Device,
        Self::Mailbox,
        Self::Group,
        Self::Application,
        Self::Ticket,
        Self::Session,
        Self::Resource,
    ];

    /// The word used in files and output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Host => "host",
            Self::Address => "address",
            Self::Device => "device",
            Self::Mailbox => "mailbox",
            Self::Group => "group",
            Self::Application => "application",
            Self::Ticket => "ticket",
            Self::Session => "session",
            Self::Resource => "resource",
        }
    }

    /// The kind a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// What part an entity plays in an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Who did it.
    Actor,
    /// To whom or to what it was done.
    Target,
    /// Where it happened.
    Host,
    /// Where it came from.
    Origin,
    /// With what it was done (session, device, application).
    Means,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 5] = [
        Self::Actor,
        Self::Target,
        Self::Host,
        Self::Origin,
        Self::Means,
    ];

    /// The word used in files and output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Actor => "actor",
            Self::Target => "target",
            Self::Host => "host",
            Self::Origin => "origin",
            Self::Means => "means",
        }
    }

    /// The role a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// One entity as one event names it: not yet resolved to anything the estate knows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entity {
    /// The part it plays.
    pub role: Role,
    /// What it is.
    pub kind: EntityKind,
    /// Its name, as the log spells it.
    pub id: Arc<str>,
}

/// Two names that one record gives to one thing: `NORTHGATE\pnair` beside a security id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Alias {
    /// What it is.
    pub kind: EntityKind,
    /// The name that entities of such records have.
    pub name: Arc<str>,
    /// The other name.
    pub other: Arc<str>,
}

impl fmt::Display for Entity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.role.word(), self.kind.word(), self.id)
    }
}
