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
