//! `FortiGate` VPN events, `key=value` in syslog, in the gateway's local time.

use std::fmt::Write as _;

use crate::{
    account::Account,
    log::{Record, Stamp},
    moment::Span,
    place::Seat,
};

/// What happened to a tunnel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    Up,
    Down,
    Statistics,
    LoginFailed,
}

/// One record.
#[derive(Debug, Clone)]
pub(crate) struct Tunnel<'n> {
    pub(crate) act: Act,
    pub(crate) who: &'n Account,
    pub(crate) seat: &'n Seat,
    /// The tunnel, any number.
    pub(crate) number: u64,
    /// How long it has been up.
    pub(crate) up_for: Span,
}

impl Act {
    const fn words(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Self::Up => (
                "tunnel-up",
                "0101039947",
                "SSL VPN tunnel up",
                "tunnel established",
            ),
            Self::Down => (
                "tunnel-down",
                "0101039948",
                "SSL VPN tunnel down",
                "User request",
            ),
            Self::Statistics => ("tunnel-stats", "0101039949", "SSL VPN statistics", "N/A"),
            Self::LoginFailed => (
                "ssl-login-fail",
                "0101039426",
                "SSL VPN login fail",
                "sslvpn_login_permission_denied",
            ),
        }
    }
}

impl Record for Tunnel<'_> {
    fn skew(&self) -> Span {
        Span::seconds(-37)
    }

    fn write(&self, stamp: Stamp, out: &mut String) {
        let (action, id, description, reason) = self.act.words();
        let level = if self.act == Act::LoginFailed {
            "alert"
        } else {
            "information"
        };
        let local = stamp.at.british();
        let group = if self.who.role.is_partner() {
            "vpn-partners"
        } else {
            "vpn-staff"
        };
        let gateway = self.number % 2 + 1;
        let _ = write!(
            out,
            "<189>date={} time={} devname=\"vpn-gw-{gateway}\" devid=\"FGVMNG000000000{gateway}\" \
             eventtime={}000000 tz=\"+0100\" logid=\"{id}\" type=\"event\" subtype=\"vpn\" \
             level=\"{level}\" vd=\"root\" logdesc=\"{description}\" action=\"{action}\" \
             tunneltype=\"ssl-tunnel\" tunnelid={} remip={} tunnelip={} user=\"{}\" \
             group=\"{group}\" dst_host=\"N/A\" duration={} reason=\"{reason}\" msg=\"{description}\"",
            local.date(),
            local.time(),
            stamp.at.epoch_ms(),
            self.number & 0x7fff_ffff,
            self.seat.egress,
            self.seat.inside,
            self.who.sam,
            self.up_for.as_ms() / 1_000,
        );
    }
}
