//! Formats by name, for whoever knows better than the content.

/// A format that a hint can force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogFormat {
    /// A Windows event log file.
    Evtx,
    /// JSON whose records are not bound to lines: arrays, envelopes, pretty-printed objects.
    Json,
    /// One record on each line, JSON or text.
    Lines,
}

impl LogFormat {
    /// All formats.
    pub const ALL: [Self; 3] = [Self::Evtx, Self::Json, Self::Lines];

    /// The word that names it in settings.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Evtx => "evtx",
            Self::Json => "json",
            Self::Lines => "lines",
        }
    }
}
