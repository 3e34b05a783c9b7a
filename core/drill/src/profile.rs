//! The kinds of intruder that a drill knows.

/// How an intruder comes and what they are after.
///
/// The profiles share no victim, no computer that they take and no line that they come over, so that
/// two of them on one day are two intrusions for anybody who looks closely.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Profile {
    /// Calls the service desk, has a password and a second factor reset, and goes for the
    /// hypervisors by way of the directory: the retailers' intruders of 2025.
    Telephone,
    /// Has a password already, sends pushes to a telephone until one is accepted, and goes for the
    /// secrets in the cloud.
    Exhaustion,
    /// Comes in over the VPN with a bought password, copies the directory, keeps a tunnel, steals a
    /// domain controller's disk and blinds a hypervisor: an affiliate of a ransomware crew.
    Affiliate,
}

impl Profile {
    /// All profiles.
    pub const ALL: [Self; 3] = [Self::Telephone, Self::Exhaustion, Self::Affiliate];

    /// The word used in files and output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Telephone => "telephone",
            Self::Exhaustion => "exhaustion",
            Self::Affiliate => "affiliate",
        }
    }

    /// The profile a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.word() == word)
    }
}
