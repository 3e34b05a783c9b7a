//! Lines of the gateways through which people and intruders come in.
//!
//! `FortiGate` writes pairs, Palo Alto's `GlobalProtect` a row of values, `OpenVPN` and Cisco's
//! `AnyConnect` sentences. The first two keep their vendor's names of fields.

use std::net::IpAddr;

use super::{Shape, header::Header, pairs};
use crate::{
    Hints,
    intake::Kind,
    time::{self, Zoneless},
};

pub(super) fn of(header: &Header<'_>, hints: &Hints) -> Option<Shape> {
    of_fortigate(header, hints)
        .or_else(|| of_palo_alto(header, hints))
        .or_else(|| of_cisco(header))
        .or_else(|| of_openvpn(header))
}

/// Services of `FortiGate`'s lines: their `type`.
const FORTIGATE: [&str; 5] = ["event", "traffic", "utm", "anomaly", "dns"];

/// `date=… time=… devname="…" logid="…" type="event" subtype="vpn" …`.
///
/// Lines about tunnels are product `fortinet`, service `vpn`; all others keep the names that
/// public rules use, product `fortigate` and the type.
fn of_fortigate(header: &Header<'_>, hints: &Hints) -> Option<Shape> {
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

/// Columns of a `GlobalProtect` row after its type, in Palo Alto's order since PAN-OS 9.1.
const GLOBAL_PROTECT: [&str; 32] = [
    "subtype",
    "config_version",
    "generated_time",
    "vsys",
    "event_id",
    "stage",
    "auth_method",
    "tunnel_type",
    "user",
    "region",
    "machine_name",
    "public_ip",
    "public_ipv6",
    "private_ip",
    "private_ipv6",
    "host_id",
    "serial_number",
    "client_version",
    "client_os",
    "client_os_version",
    "repeat_count",
    "reason",
    "error",
    "description",
    "status",
    "location",
    "login_duration",
    "connect_method",
    "error_code",
    "portal",
    "sequence_number",
    "action_flags",
];

fn of_palo_alto(header: &Header<'_>, hints: &Hints) -> Option<Shape> {
    let text = header.message;
    if !text.contains(",GLOBALPROTECT,") {
        return None;
    }
    let row = row(text);
    let at = row.iter().position(|value| value == "GLOBALPROTECT")?;
    let mut shape = Shape::new("paloalto", "globalprotect");
    for (name, value) in GLOBAL_PROTECT.iter().zip(row.iter().skip(at + 1)) {
        shape.put(name, value);
    }
    let written = shape.fields.get("generated_time")?.as_str()?;
    shape.when = time::of_text(written, Zoneless::Local, hints);
    Some(shape)
}

/// The values of a row, quoted ones without their quotes.
fn row(text: &str) -> Vec<String> {
    let mut values = vec![String::new()];
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => values.push(String::new()),
            _ => {
                if let Some(value) = values.last_mut() {
                    value.push(c);
                }
            }
        }
    }
    values
}

/// `%ASA-4-113019: Group = …, Username = …, IP = …, Session disconnected. …`.
fn of_cisco(header: &Header<'_>) -> Option<Shape> {
    let text = header.message;
    let at = text.find("%ASA-").or_else(|| text.find("%FTD-"))?;
    let (code, rest) = text.get(at..)?.split_once(": ")?;
    let mut shape = Shape::new("cisco", "asa");
    shape.put("event_type", code.trim_start_matches('%'));
    shape.put("message", rest);
    let after = |names: &[&str]| {
        let found = names.iter().find_map(|name| rest.split_once(*name))?.1;
        let found = found.trim_start_matches(['=', ' ', '<']);
        let end = found.find(['>', ',', ' ']).unwrap_or(found.len());
        found.get(..end).filter(|value| !value.is_empty())
    };
    shape.put_some("user", after(&["Username", "User", "user"]));
    shape.put_some("group", after(&["Group", "GroupPolicy"]));
    let address = after(&["IP"]).filter(|text| text.parse::<IpAddr>().is_ok());
    shape.put_some("src_ip", address);
    Some(shape)
}

/// `user/1.2.3.4:1194 …` and `1.2.3.4:1194 [user] Peer Connection Initiated …`.
fn of_openvpn(header: &Header<'_>) -> Option<Shape> {
    let app = header.app?;
    if !app.starts_with("openvpn") && !app.starts_with("ovpn") {
        return None;
    }
    let mut shape = Shape::new("openvpn", "openvpn");
    let text = header.message;
    let (who, rest) = text.split_once(' ').unwrap_or((text, ""));
    let (user, address) = who.rsplit_once('/').unwrap_or(("", who));
    let address = address.strip_prefix("[AF_INET]").unwrap_or(address);
    let ip = address.rsplit_once(':').map_or(address, |(ip, _)| ip);
    if ip.parse::<IpAddr>().is_ok() {
        shape.put("src_ip", ip);
        let named = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        let user = named.map_or(user, |(name, _)| name);
        shape.put_some("user", Some(user).filter(|user| !user.is_empty()));
    }
    if text.contains("Peer Connection Initiated") {
        shape.put("event_type", "connected");
    } else if text.contains("AUTH_FAILED") || text.contains("TLS Auth Error") {
        shape.put("event_type", "auth-failed");
    }
    Some(shape)
}
