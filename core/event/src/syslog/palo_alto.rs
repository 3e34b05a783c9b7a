//! Rows of Palo Alto's firewalls: values in an order that the type of the row says.
//!
//! Names of columns are those of the vendor's documentation, in small letters with underscores. Columns
//! beyond the ones named here are kept as `more`.

use std::borrow::Cow;

use memchr::memchr2;

use super::{header::Header, shape::Shape};
use crate::{
    Hints,
    time::{self, Zoneless},
};

/// The time to the millisecond and with its zone.
const PRECISE_TIME: &str = "high_res_timestamp";

/// Columns before those, the type included, but for a blank one.
const BEFORE: [&str; 3] = ["receive_time", "device_serial", "type"];

/// Columns after the type of every row.
const COMMON: [&str; 3] = ["subtype", "config_version", "generated_time"];

/// Types by their service and the columns after the common ones.
const TYPES: [(&str, &str, &[&str]); 7] = [
    ("GLOBALPROTECT", "globalprotect", &GLOBAL_PROTECT),
    ("TRAFFIC", "traffic", &TRAFFIC),
    ("THREAT", "threat", &THREAT),
    ("SYSTEM", "system", &SYSTEM),
    ("CONFIG", "config", &CONFIG),
    ("AUTHENTICATION", "authentication", &AUTHENTICATION),
    ("USERID", "userid", &USERID),
];

/// Words of which each row has one: how the type begins, behind a comma.
pub(super) const SIGNS: [&str; TYPES.len()] = [
    ",GLOBALP", ",TRAFF", ",THREA", ",SYSTE", ",CONFI", ",AUTHEN", ",USERI",
];

/// The column of the type: after a blank one, the time of receipt and the serial number.
const TYPE_AT: usize = 3;

pub(super) fn of(header: &Header<'_>, hints: &Hints, shape: &mut Shape<'_>) -> Option<()> {
    let text = header.message;
    let kind = text.split(',').nth(TYPE_AT)?;
    let (_, service, columns) = TYPES.iter().find(|(known, ..)| *known == kind)?;
    shape.is("paloalto", service);
    let mut names = BEFORE.iter().chain(&COMMON).chain(columns.iter());
    let mut values = row(text).skip(1);
    for (name, value) in names.by_ref().zip(&mut values) {
        shape.put(name, &value);
    }
    let more: Vec<Cow<'_, str>> = values.collect();
    if !more.is_empty() {
        shape.put_list("more", more.into_iter());
    }
    // The one that says its zone, where there is one.
    let precise = shape.text(PRECISE_TIME).filter(|text| text.contains('T'));
    let written = precise.or_else(|| shape.text("generated_time"))?;
    shape.when = time::of_text(written, Zoneless::Local, hints);
    Some(())
}

/// The values of a row, quoted ones without their quotes.
fn row(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let row = rest?;
        let sign = memchr2(b'"', b',', row.as_bytes());
        match sign.and_then(|at| row.split_at_checked(at)) {
            None => {
                rest = None;
                Some(Cow::Borrowed(row))
            }
            Some((value, after)) if after.starts_with(',') => {
                rest = after.get(1..);
                Some(Cow::Borrowed(value))
            }
            Some(_) => {
                let (value, after) = quoted(row);
                rest = after;
                Some(value)
            }
        }
    })
}

/// The first value of a row, which has quotes, and the row behind it.
fn quoted(row: &str) -> (Cow<'_, str>, Option<&str>) {
    let mut inside = false;
    let end = row.bytes().position(|b| {
        inside ^= b == b'"';
        b == b',' && !inside
    });
    let (value, after) = end
        .and_then(|end| row.split_at_checked(end))
        .unwrap_or((row, ""));
    let plain = value
        .strip_prefix('"')
        .and_then(|value| value.strip_suffix('"'));
    let value = match plain.filter(|plain| !plain.contains('"')) {
        Some(plain) => Cow::Borrowed(plain),
        None => Cow::Owned(value.replace('"', "")),
    };
    (value, end.and_then(|_| after.get(1..)))
}

/// Of `GlobalProtect`, since PAN-OS 9.1.
const GLOBAL_PROTECT: [&str; 30] = [
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
    PRECISE_TIME,
];

/// Of sessions.
const TRAFFIC: [&str; 31] = [
    "src",
    "dst",
    "nat_src",
    "nat_dst",
    "rule",
    "src_user",
    "dst_user",
    "application",
    "vsys",
    "src_zone",
    "dst_zone",
    "inbound_if",
    "outbound_if",
    "log_action",
    "future_use",
    "session_id",
    "repeat_count",
    "src_port",
    "dst_port",
    "nat_src_port",
    "nat_dst_port",
    "flags",
    "protocol",
    "action",
    "bytes",
    "bytes_sent",
    "bytes_received",
    "packets",
    "start_time",
    "elapsed_time",
    "category",
];

/// Of threats, visited addresses and files.
const THREAT: [&str; 31] = [
    "src",
    "dst",
    "nat_src",
    "nat_dst",
    "rule",
    "src_user",
    "dst_user",
    "application",
    "vsys",
    "src_zone",
    "dst_zone",
    "inbound_if",
    "outbound_if",
    "log_action",
    "future_use",
    "session_id",
    "repeat_count",
    "src_port",
    "dst_port",
    "nat_src_port",
    "nat_dst_port",
    "flags",
    "protocol",
    "action",
    "misc",
    "threat_id",
    "category",
    "severity",
    "direction",
    "sequence_number",
    "action_flags",
];

/// Of the device itself: logins of administrators, tunnels, updates.
const SYSTEM: [&str; 10] = [
    "vsys",
    "event_id",
    "object",
    "future_use",
    "future_use_2",
    "module",
    "severity",
    "description",
    "sequence_number",
    "action_flags",
];

/// Of changes to its configuration.
const CONFIG: [&str; 11] = [
    "host_ip",
    "vsys",
    "command",
    "admin",
    "client",
    "result",
    "path",
    "before_change",
    "after_change",
    "sequence_number",
    "action_flags",
];

/// Of authentications it asked for.
const AUTHENTICATION: [&str; 17] = [
    "vsys",
    "src",
    "user",
    "normalized_user",
    "object",
    "auth_policy",
    "repeat_count",
    "auth_id",
    "vendor",
    "log_action",
    "server_profile",
    "description",
    "client_type",
    "event_type",
    "factor_number",
    "sequence_number",
    "action_flags",
];

/// Of users found behind addresses.
const USERID: [&str; 13] = [
    "vsys",
    "src",
    "user",
    "data_source_name",
    "event_id",
    "repeat_count",
    "timeout",
    "src_port",
    "dst_port",
    "data_source",
    "data_source_type",
    "sequence_number",
    "action_flags",
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::syslog::tests::{check, understand};

    #[test]
    fn rows_are_named_by_their_type() {
        check(
            r#"<14>Apr 17 14:30:55 pan 1,2026/04/17 14:30:55,0111,SYSTEM,auth,2305,2026/04/17 14:30:54,,auth-success,admins,0,0,general,informational,"authenticated for user 'bob'. From: 10.0.0.4.",77,0x8000,0,0,0,0,,pan"#,
            "paloalto/system",
            Some("2026-04-17T14:30:54Z"),
            json!({"event_id": "auth-success", "description": "authenticated for user 'bob'. From: 10.0.0.4.",
                "subtype": "auth", "host": "pan", "more": ["0", "0", "0", "0", "", "pan"]}),
        );
        check(
            "1,2026/04/17 14:30:55,0111,CONFIG,0,2305,2026/04/17 14:30:54,10.0.0.4,,set,admin,Web,Succeeded,config shared log-settings,,,77,0x0",
            "paloalto/config",
            Some("2026-04-17T14:30:54Z"),
            json!({"admin": "admin", "command": "set", "path": "config shared log-settings"}),
        );
        check(
            "<14>Apr 17 14:30:55 pan 1,2026/04/17 14:30:55,0111,TRAFFIC,end,2305,2026/04/17 14:30:54,10.0.0.4,203.0.113.9,,,allow-web,shop\\bob,,ssl,vsys1,in,out,e1,e2,fwd,,99,1,5000,443,0,0,0x19,tcp,allow,100,60,40,4,2026/04/17 14:30:50,4,any",
            "paloalto/traffic",
            Some("2026-04-17T14:30:54Z"),
            json!({"src": "10.0.0.4", "dst": "203.0.113.9", "src_user": "shop\\bob", "bytes_sent": "60"}),
        );
    }

    #[test]
    fn a_row_cut_off_before_its_time_is_a_line_of_text() {
        let (found, _) =
            understand("<14>Apr 17 14:30:55 pan 1,2026/04/17 14:30:55,0111,SYSTEM,auth");
        assert_eq!(found.kind.product, None);
    }
}
