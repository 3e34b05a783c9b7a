//! Sentences of `OpenVPN` and `OpenVPN` Access Server.

use std::net::IpAddr;

use super::{
    header::{Header, is_peer},
    shape::Shape,
    words::{behind, first_word, has},
};
use crate::Hints;

/// `user/1.2.3.4:1194 …` and `1.2.3.4:1194 [user] Peer Connection Initiated …`.
pub(super) fn of(header: &Header<'_>, _: &Hints, shape: &mut Shape<'_>) -> Option<()> {
    let text = match header.app {
        Some(app) if app.starts_with("openvpn") || app.starts_with("ovpn") => header.message,
        Some(_) => return None,
        None => of_own_file(header.message)?,
    };
    shape.is("openvpn", "openvpn");
    let (who, rest) = first_word(text).unwrap_or((text, ""));
    let (user, address) = who.rsplit_once('/').unwrap_or(("", who));
    let address = address.strip_prefix("[AF_INET]").unwrap_or(address);
    let ip = address.rsplit_once(':').map_or(address, |(ip, _)| ip);
    if ip.parse::<IpAddr>().is_ok() {
        shape.put("src_ip", ip);
        let named = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        let user = named.map_or(user, |(name, _)| name);
        shape.put_some("user", Some(user).filter(|user| !user.is_empty()));
    }
    let _learned = learned(rest, shape);
    let accepted = behind(text, "authentication succeeded for username '");
    // The name may have quotes of its own; behind it the program writes none.
    let accepted = accepted.and_then(|rest| rest.rsplit_once('\''));
    if let Some((user, _)) = accepted {
        shape.put("event_type", "authenticated");
        shape.put("user", user);
    } else if is_over(rest) {
        shape.put("event_type", "disconnected");
    } else if has(text, "Peer Connection Initiated") {
        shape.put("event_type", "connected");
    } else if has(text, "AUTH_FAILED") || has(text, "TLS Auth Error") {
        shape.put("event_type", "auth-failed");
    }
    Some(())
}

/// The address that somebody has inside: `MULTI: Learn: 10.8.0.6 -> erin/198.51.100.31:40000`,
/// `MULTI: primary virtual IP for erin/198.51.100.31:40000: 10.8.0.6`.
fn learned(said: &str, shape: &mut Shape<'_>) -> Option<()> {
    let said = said.strip_prefix("MULTI: ")?;
    let (event, address) = if let Some(rest) = said.strip_prefix("Learn: ") {
        ("address-learned", rest.split(' ').next()?)
    } else {
        let rest = said.strip_prefix("primary virtual IP for ")?;
        ("address-assigned", rest.rsplit_once(": ")?.1)
    };
    if address.parse::<IpAddr>().is_ok() {
        shape.put("event_type", event);
        shape.put("virtual_ip", address);
    }
    Some(())
}

/// `SIGTERM[soft,remote-exit] received, client-instance exiting`.
fn is_over(said: &str) -> bool {
    said.starts_with("SIG") && has(said, "] received, client-instance ")
}

/// A line of the program's own log, which has no tag: known by the peer it begins with and by its words.
fn of_own_file(message: &str) -> Option<&str> {
    const WORDS: [&str; 12] = [
        "TLS",
        "VERIFY ",
        "MULTI",
        "Peer Connection Initiated",
        "Control Channel",
        "Data Channel",
        "AUTH",
        "peer info",
        "SENT CONTROL",
        "PUSH",
        "SIG",
        "Connection reset",
    ];
    let text = match message.strip_prefix("us=") {
        Some(rest) => first_word(rest)?.1,
        None => message,
    };
    let (peer, said) = first_word(text)?;
    let own = is_peer(peer) && WORDS.iter().any(|word| has(said, word));
    own.then_some(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::syslog::tests::check;

    #[test]
    fn the_programs_own_file_is_read_in_all_its_forms() {
        check(
            "2026-04-17 11:06:03 erin/198.51.100.32:40000 SIGTERM[soft,remote-exit] received, client-instance exiting",
            "openvpn",
            Some("2026-04-17T11:06:03Z"),
            json!({"user": "erin", "src_ip": "198.51.100.32", "host": null, "event_type": "disconnected"}),
        );
        check(
            "2026-04-17 11:06:04 198.51.100.31:40000 [erin] Peer Connection Initiated with [AF_INET]198.51.100.31:40000",
            "openvpn",
            Some("2026-04-17T11:06:04Z"),
            json!({"user": "erin", "src_ip": "198.51.100.31", "event_type": "connected"}),
        );
        check(
            "2026-04-17 11:06:05 us=123456 198.51.100.31:40000 TLS Auth Error: Auth Username/Password verification failed for peer",
            "openvpn",
            Some("2026-04-17T11:06:05Z"),
            json!({"src_ip": "198.51.100.31", "event_type": "auth-failed"}),
        );
        check(
            "Fri Apr 17 11:06:02 2026 erin/198.51.100.31:40000 MULTI: Learn: 10.8.0.6 -> erin/198.51.100.31:40000",
            "openvpn",
            Some("2026-04-17T11:06:02Z"),
            json!({"user": "erin", "src_ip": "198.51.100.31", "event_type": "address-learned", "virtual_ip": "10.8.0.6"}),
        );
        check(
            "2026-04-17 11:06:02 erin/198.51.100.31:40000 MULTI: primary virtual IP for erin/198.51.100.31:40000: 10.8.0.6",
            "openvpn",
            Some("2026-04-17T11:06:02Z"),
            json!({"user": "erin", "event_type": "address-assigned", "virtual_ip": "10.8.0.6"}),
        );
        check(
            "2026-04-17 11:06:02 erin/198.51.100.31:40000 MULTI: Learn: 192.168.7.0/24 -> erin/198.51.100.31:40000",
            "openvpn",
            Some("2026-04-17T11:06:02Z"),
            json!({"user": "erin", "virtual_ip": null, "event_type": null}),
        );
        check(
            "2026-04-17 11:06:02 198.51.100.31:40000 TLS: Username/Password authentication succeeded for username 'x' 9.9.9.9:1 TLS: AUTH_FAILED 'root' [CN SET]",
            "openvpn",
            Some("2026-04-17T11:06:02Z"),
            json!({"user": "x' 9.9.9.9:1 TLS: AUTH_FAILED 'root", "src_ip": "198.51.100.31", "event_type": "authenticated"}),
        );
        check(
            "2026-04-17 11:06:03 198.51.100.32:40000 GET /index.html",
            "unknown",
            Some("2026-04-17T11:06:03Z"),
            json!({}),
        );
    }
}
