//! vCenter events as `vpxd` sends them to syslog.

use std::fmt::Write as _;

use crate::{
    log::{Record, Stamp},
    moment::Span,
};

/// One event.
#[derive(Debug, Clone)]
pub(crate) struct Vcenter {
    /// 1 or 2.
    pub(crate) site: u8,
    /// `vim.event.UserLoginSessionEvent`.
    pub(crate) event: &'static str,
    /// `NORTHGATE\pnair`; empty if nobody did it.
    pub(crate) user: String,
    pub(crate) text: String,
}

/// The event of a disk that belonged to one machine being attached to another.
pub(crate) fn disk_attached(to: &str, of: &str) -> (&'static str, String) {
    let text = format!(
        "Reconfigured {to} on esx-b02.northgate.example in DC-South.    Modified:    \
         config.changeVersion: \"2026-05-23T01:02:11.204Z\" -> \"2026-05-23T17:09:40.773Z\";    \
         Added:    config.hardware.device(2001): (key = 2001, deviceInfo = (label = \"Hard disk 2\", \
         summary = \"94,371,840 KB\"), backing = (fileName = \"[ds-b-01] {of}/{of}.vmdk\", \
         diskMode = \"persistent\"), controllerKey = 1000, unitNumber = 1);    Deleted:    "
    );
    ("vim.event.VmReconfiguredEvent", text)
}

impl Record for Vcenter {
    fn skew(&self) -> Span {
        Span::seconds(2)
    }

    fn write(&self, stamp: Stamp, out: &mut String) {
        let Self {
            site,
            event,
            user,
            text,
        } = self;
        let (at, id) = (stamp.at.iso_ms(), 8_840_000 + stamp.number);
        let centre = if *site == 1 { "DC-North" } else { "DC-South" };
        let _ = write!(
            out,
            "<14>1 {at} vcenter-{site}.northgate.example vpxd 4{site}57 - - Event [{id}] [1-1] [{at}] \
             [{event}] [info] [{user}] [{centre}] [{id}] [{text}]",
        );
    }
}
