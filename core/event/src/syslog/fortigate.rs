//! Lines of `FortiGate`: pairs under the vendor's own names.

use super::{header::Header, pairs, shape::Shape, words::has};
use crate::{
    Hints,
    intake::Kind,
    time::{self, Zoneless},
};

/// Services of `FortiGate`'s lines: their `type`.
const FORTIGATE: [&str; 5] = ["event", "traffic", "utm", "anomaly", "dns"];

/// `date=… time=… devname="…" logid="…" type="event" subtype="vpn" …`.
///
/// Lines about tunnels are product `fortinet`, service `vpn`; all others keep the names that
/// public rules use, product `fortigate` and the type.
pub(super) fn of(header: &Header<'_>, hints: &Hints, shape: &mut Shape<'_>) -> Option<()> {
    let text = header.message;
    let own = has(text, "logid=") && (has(text, "devid=") || has(text, "devname="));
    if !own {
        return None;
    }
    shape.is("fortinet", "vpn");
    for (name, value) in pairs::pairs(text) {
        shape.put(name, &value);
    }
    let value = |name: &str| shape.text(name);
    let when = value("eventtime").and_then(|text| time::of_text(text, Zoneless::Utc, hints));
    let local = || {
        let zone = value("tz").unwrap_or_default();
        let text = format!("{}T{}{zone}", value("date")?, value("time")?);
        time::of_text(&text, Zoneless::Local, hints)
    };
    let when = when.or_else(local);
    let kind = value("type").unwrap_or_default();
    let service = FORTIGATE.into_iter().find(|service| *service == kind);
    let is_tunnel = value("subtype") == Some("vpn");
    if !is_tunnel {
        shape.kind = Kind {
            product: Some("fortigate"),
            service,
            categories: &[],
        };
    }
    shape.when = when;
    if let Some(host) = shape.place("devname") {
        shape.put_place("host", host);
    }
    Some(())
}
