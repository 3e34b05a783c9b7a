//! Lines of `FortiGate`: pairs under the vendor's own names.

use std::net::IpAddr;

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
    // The vendor's own reference prints lines without the device.
    let own = has(text, "logid=")
        && (has(text, "devid=")
            || has(text, "devname=")
            || ["type=", "subtype=", "level="]
                .iter()
                .all(|name| has(text, name)));
    if !own {
        return None;
    }
    shape.is("fortinet", "vpn");
    for (name, value) in pairs::pairs(text) {
        shape.put_first(name, &value);
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
    let from = value("ui").and_then(within).map(str::to_owned);
    if !is_tunnel {
        shape.kind = Kind {
            product: Some("fortigate"),
            service,
            categories: &[],
        };
    }
    shape.when = when;
    shape.put_some("ui_address", from.as_deref());
    if let Some(host) = shape.place("devname") {
        shape.put_place("host", host);
    }
    Some(())
}

/// The address in `GUI(203.0.113.5)`: where an administrator works from.
fn within(ui: &str) -> Option<&str> {
    let (_, rest) = ui.split_once('(')?;
    let address = rest.strip_suffix(')')?;
    address.parse::<IpAddr>().is_ok().then_some(address)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::syslog::tests::check;

    #[test]
    fn lines_of_the_vendors_log_reference_are_read() {
        check(
            r#"date=2019-05-13 time=11:20:54 logid="0100032001" type="event" subtype="system" level="information" vd="vdom1" eventtime=1557771654587081441 logdesc="Admin login successful" sn="1557771654" user="admin" ui="ssh(172.16.200.254)" srcip=172.16.200.254 action="login" status="success""#,
            "fortigate/event",
            Some("2019-05-13T18:20:54.587081441Z"),
            json!({"user": "admin", "srcip": "172.16.200.254"}),
        );
        check(
            r#"date=2019-05-14 time=14:12:09 logid="0101039424" type="event" subtype="vpn" level="information" vd="root" eventtime=1557868329 logdesc="SSL VPN tunnel up" action="tunnel-up" remip=172.18.52.9 user="eve""#,
            "fortinet/vpn",
            Some("2019-05-14T21:12:09Z"),
            json!({"user": "eve", "remip": "172.18.52.9"}),
        );
        check(
            r#"date=2019-06-14 time=14:12:09 logid="0100044547" type="event" subtype="system" level="information" vd="root" eventtime=1560546729 logdesc="Object attribute configured" user="admin" ui="GUI(172.16.200.254)" action="Add" cfgpath="system.admin" cfgobj="helper" cfgattr="accprofile[super_admin]""#,
            "fortigate/event",
            Some("2019-06-14T21:12:09Z"),
            json!({"ui": "GUI(172.16.200.254)", "ui_address": "172.16.200.254"}),
        );
    }
}
