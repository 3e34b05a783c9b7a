//! Lines of `FortiGate`: pairs under the vendor's own names.

use super::{Shape, header::Header, pairs};
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
pub(super) fn of(header: &Header<'_>, hints: &Hints) -> Option<Shape> {
    let text = header.message;
    let own = text.contains("logid=") && (text.contains("devid=") || text.contains("devname="));
    if !own {
        return None;
    }
    let mut shape = Shape::new("fortinet", "vpn");
    for (name, value) in pairs::pairs(text) {
        shape.put(name, &value);
    }
    let value = |name: &str| shape.fields.get(name).and_then(|v| v.as_str());
    let when = value("eventtime").and_then(|text| time::of_text(text, Zoneless::Utc, hints));
    let local = || {
        let zone = value("tz").unwrap_or_default();
        let text = format!("{}T{}{zone}", value("date")?, value("time")?);
        time::of_text(&text, Zoneless::Local, hints)
    };
    let when = when.or_else(local);
    let kind = value("type").unwrap_or_default();
    let service = FORTIGATE.into_iter().find(|service| *service == kind);
    if value("subtype") != Some("vpn") {
        shape.kind = Kind {
            product: Some("fortigate"),
            service,
            categories: &[],
        };
    }
    shape.when = when;
    let host = shape.fields.get("devname").cloned();
    if let Some(host) = host {
        shape.fields.insert("host".to_owned(), host);
    }
    Some(shape)
}
