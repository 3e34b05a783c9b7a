//! Where effects go: directories, packet filters, servers, any HTTP API by a definition of it, programs, people;
//! and where services are looked at.
//!
//! A [`Connector`] answers the five calls of [`cordon_act::Act`] and holds to a contract that
//! [`harness`] checks: what only asks changes nothing; doing twice is doing once; the undo restores the
//! state before and nothing else; a doubt is answered as one. Invariants: a secret is in no plan, no
//! journal, no message; a peer that hangs, lies or breaks off ends in an answer within the time
//! allowed. Absent on purpose: the order in which things are done, and every decision.

mod aws;
mod connector;
mod definition;
mod directory;
mod dry;
mod evidence;
mod exec;
mod haproxy;
pub mod harness;
mod heartbeat;
mod http;
mod ldap;
mod look;
mod manual;
mod matching;
mod nftables;
mod openssh;
mod openvpn;
mod pointer;
mod program;
mod registry;
mod seconds;
mod secret;
mod shell;
mod site;
mod spoken;
mod template;
mod timed;
mod tls;
mod tried;

pub use aws::Aws;
pub use connector::{Connector, Job};
pub use definition::{Definition, Maker};
pub use directory::{ActiveDirectory, DirectoryServer};
pub use dry::Dry;
pub use exec::{Exec, Programs};
pub use haproxy::HaProxy;
pub use http::Http;
pub use look::Watchers;
pub use manual::{Confirmation, Manual};
pub use nftables::Nftables;
pub use openssh::{OpenSsh, OpenSshServer};
pub use openvpn::OpenVpn;
pub use registry::Registry;
pub use secret::{Secret, SecretError, SecretPlace};
pub use shell::{Shell, Ssh};
pub use site::{BuiltIn, HttpSite, Site, SiteConnector, read as read_site};
pub use spoken::{Said, Spoken};
pub use timed::Address;
