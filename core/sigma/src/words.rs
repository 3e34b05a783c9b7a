//! The closed vocabularies of rules: levels, states, and the like.

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$case_doc:meta])* $case:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$case_doc])* $case,)* }

        impl $name {
            pub(crate) const WORDS: &'static str = concat!($("`", $word, "` "),*);

            /// The word used in rules.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$case => $word,)* }
            }

            /// What a word names, in any case.
            pub(crate) fn from_word(word: &str) -> Option<Self> {
                match word.to_lowercase().as_str() { $($word => Some(Self::$case),)* _ => None }
            }
        }
    };
}

words! {
    /// How serious a rule says its matches are.
    Level {
        /// Of interest only beside other things.
        Informational = "informational",
        /// Rarely malicious by itself.
        Low = "low",
        /// Worth a look.
        Medium = "medium",
        /// Needs a look soon.
        High = "high",
        /// An incident by itself.
        Critical = "critical",
    }
}

words! {
    /// How far a rule has come.
    Status {
        /// In use without trouble.
        Stable = "stable",
        /// Needs little tuning.
        Test = "test",
        /// May match much.
        Experimental = "experimental",
        /// Replaced by another.
        Deprecated = "deprecated",
        /// Cannot be used as it is.
        Unsupported = "unsupported",
    }
}

words! {
    /// Which of the entities that a record names the intruder holds if the rule is right
    /// (`cordon: { holds: [actor] }`).
    Holds {
        /// Who did it.
        Actor = "actor",
        /// To whom or to what it was done.
        Target = "target",
        /// Where it happened.
        Host = "host",
        /// Where it came from.
        Origin = "origin",
        /// With what it was done.
        Means = "means",
    }
}

words! {
    /// What a rule is to another one.
    Relation {
        /// It was made from the other, which stays in use.
        Derived = "derived",
        /// It replaces the other.
        Obsolete = "obsolete",
        /// It took the other in.
        Merged = "merged",
        /// It is the other under a new id.
        Renamed = "renamed",
        /// It looks for something like it.
        Similar = "similar",
    }
}
