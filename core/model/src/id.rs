//! Names of things. Two kinds of name never mix; each is compared whole and bytewise.

use std::{borrow::Borrow, convert::Infallible, fmt, str::FromStr, sync::Arc};

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Names the thing.
            pub fn new(name: impl Into<Arc<str>>) -> Self {
                Self(name.into())
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = Infallible;

            fn from_str(name: &str) -> Result<Self, Infallible> {
                Ok(Self::new(name))
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    )*};
}

names! {
    /// A node of the estate, such as `host:dc1`.
    NodeId;
    /// A service of the estate, such as `service:contactless`.
    ServiceId;
    /// A step of the estate, such as `disable-account/agent-7`.
    StepId;
    /// An open word for what a node is, in kebab-case.
    NodeKind;
    /// An open word for what an attack edge is, in kebab-case.
    EdgeKind;
    /// An open word for what a step does, in kebab-case.
    StepKind;
    /// A rule: its `id` if it has one, else its `name`, else its title.
    RuleId;
    /// A record of a log: its vendor's own unique id, or a digest of its bytes.
    EventId;
}
