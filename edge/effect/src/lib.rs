//! Where effects go: any HTTP API by a definition of it, programs, people; and where services are looked at.
//!
//! A [`Connector`] answers the five calls of [`cordon_act::Act`] and holds to a contract that
//! [`harness`] checks: what only asks changes nothing; doing twice is doing once; the undo restores the
//! state before and nothing else; a doubt is answered as one. Invariants: a secret is in no plan, no
//! journal, no message; a peer that hangs, lies or breaks off ends in an answer within the time
//! allowed. Absent on purpose: the order in which things are done, and every decision.

mod aws;
mod connector;
mod definition;
mod dry;
mod exec;
pub mod harness;
mod heartbeat;
mod http;
mod look;
mod manual;
mod matching;
mod pointer;
mod program;
mod registry;
mod secret;
mod site;
mod template;
mod tls;
mod tried;

pub use aws::Aws;
pub use connector::{Connector, Job};
pub use definition::Definition;
pub use dry::Dry;
pub use exec::{Exec, Programs};
pub use http::Http;
pub use look::Watchers;
pub use manual::{Confirmation, Manual};
pub use registry::Registry;
pub use secret::{Secret, SecretError, SecretPlace};
pub use site::{HttpSite, Site, SiteConnector, read as read_site};
