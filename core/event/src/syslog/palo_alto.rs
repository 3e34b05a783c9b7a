//! Rows of Palo Alto's firewalls: values in an order that the type of the row says.
//!
//! Names of columns are those of the vendor's documentation, in small letters with underscores. Columns
//! beyond the ones named here are kept as `more`.

use cordon_model::Value;

use super::{Shape, header::Header};
use crate::{
    Hints,
    time::{self, Zoneless},
};

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

/// The column of the type: after a blank one, the time of receipt and the serial number.
const TYPE_AT: usize = 3;

pub(super) fn of(header: &Header<'_>, hints: &Hints) -> Option<Shape> {
    let text = header.message;
    let kind = text.split(',').nth(TYPE_AT)?;
    let (_, service, columns) = TYPES.iter().find(|(known, ..)| *known == kind)?;
    let row = row(text);
    let mut shape = Shape::new("paloalto", service);
    shape.put("type", kind);
    shape.put_some("receive_time", row.get(1).map(String::as_str));
    shape.put_some("device_serial", row.get(2).map(String::as_str));
    let values = row.iter().skip(TYPE_AT + 1);
    let mut names = COMMON.iter().chain(columns.iter());
    let mut more = Vec::new();
    for value in values {
        match names.next() {
            Some(name) => shape.put(name, value),
            None => more.push(Value::from(value.as_str())),
        }
    }
    if !more.is_empty() {
        shape.fields.insert("more".to_owned(), Value::Array(more));
    }
    let written = shape.text("generated_time")?;
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

/// Of `GlobalProtect`, since PAN-OS 9.1.
const GLOBAL_PROTECT: [&str; 29] = [
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
