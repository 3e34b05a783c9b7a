//! Citrix ADC and Gateway: `… : default SSLVPN LOGIN 1071 0 : Context a@b - SessionId: 1 - User a - …`.
//!
//! Names keep the device's spelling (`Client_ip`, `Nat_ip`, `Failure_reason`). `event_type` is the module
//! and the event (`SSLVPN LOGIN`, `AAA LOGIN_FAILED`, `GUI CMD_EXECUTED`).
//!
//! Clients choose the user's name, which stands without quotes before the address, and what follows
//! the address (the browser's name, the command). So the address is the last one before the client's
//! words begin, the name is all that stands before it, and of anything else the first counts.

use memchr::{memchr_iter, memchr2, memchr2_iter};

use super::{
    header::Header,
    shape::Shape,
    words::{around, around_last, around_sign, has, trimmed},
};
use crate::{
    Hints,
    time::{self, Zoneless},
};

/// Modules whose events are told from a sentence by this word and the next, which is in capitals.
const MODULES: [&str; 14] = [
    "SSLVPN", "AAA", "AAATM", "GUI", "CLI", "API", "APPFW", "SSLLOG", "TCP", "EVENT", "SNMP", "UI",
    "CMD", "ICA",
];

pub(super) fn of(header: &Header<'_>, hints: &Hints, shape: &mut Shape<'_>) -> Option<()> {
    let line = header.message;
    let (before, text) = around_colon(line)?;
    let mut words = text.split_ascii_whitespace();
    let mut next = || words.next();
    // Partitions are named since version 11.
    let first = next()?;
    let (module, event) = if MODULES.contains(&first) {
        (first, next()?)
    } else {
        (next().filter(|word| MODULES.contains(word))?, next()?)
    };
    let is_event = |c: char| c.is_ascii_uppercase() || matches!(c, '_' | '0'..='9');
    let shown = event == "Message";
    if !shown && !event.chars().all(is_event) {
        return None;
    }
    shape.is("citrix", "netscaler");
    let begin = place_of(module, text);
    let both = text.get(begin..place_of(event, text) + event.len());
    let is_one = |both: &&str| both.len() == module.len() + 1 + event.len() && both.contains(' ');
    match both.filter(is_one) {
        Some(both) => shape.put("event_type", both),
        None => shape.put("event_type", &[module, " ", event].concat()),
    }
    shape.put_some("event_id", next());
    let (_, told) = around_colon(text).unwrap_or(("", text));
    let told = trimmed(told);
    shape.put("message", told);
    put_parts(told, shape);
    // The device's last word on a command.
    if event == "CMD_EXECUTED"
        && let Some((_, status)) = around_last(told, " - Status ")
    {
        shape.put("Status", bare(status));
    }
    let user = shape
        .text("Context")
        .and_then(|context| context.split_once('@'))
        .filter(|_| shape.text("User").is_none())
        .map(|(user, _)| user.to_owned());
    shape.put_some("User", user.as_deref());
    shape.when = own_time(before, hints);
    if header.host.is_none() {
        let mut words = before.split_ascii_whitespace().rev();
        shape.put_some("host", words.nth(1));
    }
    Some(())
}

/// What stands before and behind the first colon with blanks around it.
fn around_colon(text: &str) -> Option<(&str, &str)> {
    let is_apart = |at: &usize| {
        let around = at
            .checked_sub(1)
            .and_then(|from| text.as_bytes().get(from..)?.first_chunk());
        around == Some(b" : ")
    };
    let at = memchr_iter(b':', text.as_bytes()).find(is_apart)?;
    Some((text.get(..at - 1)?, text.get(at + 2..)?))
}

/// Where the device says from where, in words of its own.
const ADDRESSES: [&str; 2] = ["Client_ip", "Remote_ip"];

/// Names whose values clients write, or may.
const OF_CLIENTS: [&str; 5] = [
    "Browser_type",
    "Browser",
    "User_agent",
    "Command",
    "Failure_reason",
];

fn put_parts(told: &str, shape: &mut Shape<'_>) {
    let mut by_client = false;
    // Where the user's name begins.
    let mut user_at = None;
    for (at, part) in parts_outside_quotes(told) {
        let Some((name, value)) = named(part) else {
            continue;
        };
        // Firmware of some years leaves out the blank behind the session's number.
        if name == "SessionId"
            && let Some((number, rest)) = around(value, "- ")
        {
            shape.put_first(name, number.trim());
            if let Some((name, value)) = named(rest.trim()) {
                user_at = user_at.or((name == "User").then(|| place_of(value, told)));
                shape.put_first(name, bare(value));
            }
            continue;
        }
        by_client |= OF_CLIENTS.contains(&name);
        if name == "User" && !by_client {
            user_at = user_at.or(Some(place_of(value, told)));
        }
        if ADDRESSES.contains(&name) && !by_client {
            let user = user_at.and_then(|from| told.get(from..at)?.trim().strip_suffix('-'));
            if shape.text(name).is_some() {
                shape.put_some("User", user.map(bare));
            }
            shape.put(name, bare(value));
        } else {
            shape.put_first(name, bare(value));
        }
    }
}

/// Where a part of a text begins in it.
fn place_of(part: &str, whole: &str) -> usize {
    part.as_ptr().addr() - whole.as_ptr().addr()
}

/// The parts between ` - `, each with its place; a pair of quotes holds its part together.
fn parts_outside_quotes(told: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut from = Some(0);
    std::iter::from_fn(move || {
        let begin = from?;
        let rest = told.get(begin..)?;
        let mut quoted = false;
        let bytes = rest.as_bytes();
        let end = memchr2_iter(b'"', b'-', bytes).find_map(|at| {
            quoted ^= bytes.get(at) == Some(&b'"');
            let before = at.checked_sub(1).filter(|_| !quoted)?;
            let is_end = bytes.get(before..)?.starts_with(b" - ");
            is_end.then_some(before)
        });
        from = end.map(|end| begin + end + " - ".len());
        Some((begin, rest.get(..end.unwrap_or(rest.len()))?))
    })
}

/// `Name value` or `Name: value`; names are in capitals at their beginning.
fn named(part: &str) -> Option<(&str, &str)> {
    let part = bare(part);
    let (name, value) = part.split_at_checked(memchr2(b' ', b':', part.as_bytes())?)?;
    let value = value.get(1..)?;
    let is_name = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let is_capital = name.bytes().next()?.is_ascii_uppercase();
    let is_one = is_capital && name.bytes().all(is_name);
    is_one.then_some((name, value.trim_start()))
}

fn bare(value: &str) -> &str {
    // Most values have nothing around them.
    let is_plain = |sign: Option<&u8>| sign.is_some_and(|b| b.is_ascii_graphic() && *b != b'"');
    if is_plain(value.as_bytes().first()) && is_plain(value.as_bytes().last()) {
        return value;
    }
    trimmed(value).trim_matches('"')
}

/// `04/17/2026:10:00:00 GMT`, the month first unless the device was told otherwise.
fn own_time(before: &str, hints: &Hints) -> Option<time::When> {
    let colons = |w: &str| w.bytes().filter(|b| *b == b':').count();
    let mut words = before.split_ascii_whitespace();
    let written = words.find(|w| w.len() == 19 && colons(w) == 3)?;
    let (date, clock) = around_sign(written, b':')?;
    let (a, rest) = around_sign(date, b'/')?;
    let (b, year) = around_sign(rest, b'/')?;
    let zoneless = if has(before, " GMT") {
        Zoneless::Utc
    } else {
        Zoneless::Local
    };
    // Some are set to write the year or the day first; a month beyond twelve tells the latter.
    let text = if a.len() == 4 {
        [a, "-", b, "-", year, "T", clock].concat()
    } else if a.parse::<u8>().is_ok_and(|a| a > 12) {
        [year, "-", b, "-", a, "T", clock].concat()
    } else {
        [year, "-", a, "-", b, "T", clock].concat()
    };
    time::of_text(&text, zoneless, hints)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::syslog::tests::check;

    #[test]
    fn logins_and_commands_keep_the_devices_names() {
        check(
            r#"<134> 04/17/2026:10:00:00 GMT adc1 0-PPE-0 : default SSLVPN LOGIN 1071 0 : Context bob@203.0.113.4 - SessionId: 42 - User bob - Client_ip 203.0.113.4 - Nat_ip "Mapped Ip" - Vserver 10.0.0.9:443 - Browser_type "Mozilla/5.0 - x" - Group(s) "N/A""#,
            "citrix/netscaler",
            Some("2026-04-17T10:00:00Z"),
            json!({"event_type": "SSLVPN LOGIN", "event_id": "1071", "User": "bob", "SessionId": "42",
                "Client_ip": "203.0.113.4", "Nat_ip": "Mapped Ip", "host": "adc1"}),
        );
        check(
            r#"<133>Apr 17 10:00:01 adc1 04/17/2026:10:00:00 adc1 0-PPE-0 : default AAA LOGIN_FAILED 24222144 0 :  User admin - Client_ip 203.0.113.4 - Failure_reason "External authentication server denied access" - Browser chrome"#,
            "citrix/netscaler",
            Some("2026-04-17T10:00:00Z"),
            json!({"event_type": "AAA LOGIN_FAILED", "User": "admin",
                "Failure_reason": "External authentication server denied access"}),
        );
        check(
            r#"<134>Apr 17 10:00:01 adc1 04/17/2026:10:00:00 GMT adc1 0-PPE-0 : default GUI CMD_EXECUTED 77 0 :  User nsroot - Remote_ip 10.0.0.4 - Command "add system user x" - Status "Success""#,
            "citrix/netscaler",
            Some("2026-04-17T10:00:00Z"),
            json!({"event_type": "GUI CMD_EXECUTED", "User": "nsroot", "Remote_ip": "10.0.0.4",
                "Command": "add system user x", "Status": "Success"}),
        );
    }

    #[test]
    fn the_devices_own_file_names_host_facility_and_level() {
        check(
            "Apr 17 10:05:03 <local0.notice> 10.1.1.2 04/17/2026:10:05:03 GMT ns1 0-PPE-0 : default SSLVPN TCPCONNSTAT 1237 0 :  Context alice@198.51.100.23 - SessionId: 55- User alice - Client_ip 198.51.100.23 - Nat_ip 10.1.1.9",
            "citrix/netscaler",
            Some("2026-04-17T10:05:03Z"),
            json!({"host": "10.1.1.2", "facility": "local0", "severity": "notice",
                "SessionId": "55", "User": "alice", "Client_ip": "198.51.100.23"}),
        );
    }

    #[test]
    fn what_a_client_writes_says_neither_who_nor_from_where() {
        let told = |text: &str, fields: serde_json::Value| {
            let line = format!("<134> 04/17/2026:10:00:00 GMT adc1 0-PPE-0 : default {text}");
            check(
                &line,
                "citrix/netscaler",
                Some("2026-04-17T10:00:00Z"),
                fields,
            );
        };
        let erin = json!({"User": "erin", "Client_ip": "203.0.113.5"});
        for browser in [
            r#""Mozilla - Client_ip 9.9.9.9 - User root""#,
            r#""Mozilla" - Client_ip 9.9.9.9 - User root - X "y""#,
            r"Mozilla - Client_ip 9.9.9.9 - User root",
        ] {
            for session in ["55 - ", "55- "] {
                let text = format!(
                    r#"SSLVPN LOGIN 1071 0 : Context erin@203.0.113.5 - SessionId: {session}User erin - Client_ip 203.0.113.5 - Nat_ip "x" - Browser_type {browser} - Group(s) "VPN""#
                );
                told(&text, erin.clone());
            }
        }
        told(
            r#"AAA LOGIN_FAILED 99 0 : User erin - Client_ip 9.9.9.9 - Client_ip 203.0.113.5 - Failure_reason "x" - Browser Mozilla"#,
            json!({"User": "erin - Client_ip 9.9.9.9", "Client_ip": "203.0.113.5"}),
        );
        told(
            r#"GUI CMD_EXECUTED 77 0 : User nsroot - Remote_ip 10.0.0.4 - Command "x" - Status "Success" - Remote_ip 9.9.9.9" - Status "ERROR: no""#,
            json!({"User": "nsroot", "Remote_ip": "10.0.0.4", "Status": "ERROR: no"}),
        );
    }

    #[test]
    fn a_sentence_with_a_colon_is_none() {
        check(
            "<134>Apr 17 10:00:01 h app: x : AAA said something : y",
            "unknown",
            Some("2026-04-17T10:00:01Z"),
            json!({}),
        );
    }
}
