//! What hypervisors themselves send to syslog: `hostd`, `vobd` and shell lines.

use std::fmt::Write as _;

use crate::{
    log::{Record, Stamp, mix},
    machine::Machine,
    moment::Span,
};

/// Which part of the hypervisor speaks.
#[derive(Debug, Clone)]
pub(crate) enum Voice {
    /// An event of the host agent, with the user it names.
    Event { user: String, text: String },
    /// A line of the host agent that is no event.
    Chatter(&'static str),
    /// An observation, with its name.
    Observed { name: &'static str, text: String },
    /// A command in the shell.
    Shell(&'static str),
}

/// One line.
#[derive(Debug, Clone)]
pub(crate) struct Esxi<'n> {
    pub(crate) on: &'n Machine,
    pub(crate) voice: Voice,
}

impl Record for Esxi<'_> {
    fn skew(&self) -> Span {
        // Hypervisors drift by up to three seconds.
        let spread = self
            .on
            .short
            .bytes()
            .fold(0_i64, |n, b| (n * 17 + i64::from(b)) % 6_001);
        Span::ms(spread - 3_000)
    }

    fn write(&self, stamp: Stamp, out: &mut String) {
        let (at, host) = (stamp.at.iso_ms(), self.on.fqdn());
        let process = 2_099_000 + mix(self.on.address.0.map(u64::from).iter().sum()) % 900;
        let op = stamp.key & 0xffff_ffff;
        let _ = match &self.voice {
            Voice::Event { user, text } => write!(
                out,
                "<166>{at} {host} Hostd: info hostd[{process}] [Originator@6876 sub=Vimsvc.ha-eventmgr \
                 opID={op:08x} user={user}] Event {} : {text}",
                1_000 + stamp.number,
            ),
            Voice::Chatter(text) => write!(
                out,
                "<166>{at} {host} Hostd: verbose hostd[{process}] [Originator@6876 sub=PropertyProvider \
                 opID={op:08x}] {text} {op:x}",
            ),
            Voice::Observed { name, text } => write!(
                out,
                "<14>{at} {host} vobd[{}]:  [GenericCorrelator] {}us: [{name}] {text}",
                process - 40,
                910_000_000_000 + stamp.at.as_ms() * 1_000 + i64::from(stamp.key.is_multiple_of(2)),
            ),
            Voice::Shell(command) => write!(
                out,
                "<110>{at} {host} shell[{process}]: [shell.cmd@6876 subject=\"root\" object=\"shell\" \
                 command=\"{command}\" result=\"success\" status=\"0\"]",
            ),
        };
    }
}
