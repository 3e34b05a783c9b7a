//! Sentences of `OpenSSH`.
//!
//! Whoever connects chooses the name, blanks and all, so that a name is what the daemon's own words leave
//! over on both sides, and the address is the last that stands where the daemon puts one. Where the address
//! comes first and the client's words after it, it is the first.

use super::super::{shape::Shape, words::around};

/// Beginnings of sentences that go on with the name, and what they tell.
const NAMED_FIRST: [(&str, &str); 2] = [("Invalid user ", "invalid-user"), ("User ", "refused")];

/// Beginnings of sentences in which a connection ends.
const ENDINGS: [(&str, &str); 3] = [
    ("Disconnected from ", "disconnected"),
    ("Connection closed by ", "closed"),
    ("Connection reset by ", "closed"),
];

/// Beginnings of sentences that go on with the address and end with what the client said.
const ADDRESS_FIRST: [(&str, &str); 2] = [
    ("Received disconnect from ", "disconnected"),
    ("Unable to negotiate with ", "not-negotiated"),
];

/// Why the daemon ends a connection that has a name.
const REASONS: [&str; 2] = [
    "Too many authentication failures",
    "Change of username or service not allowed",
];

/// Words before a name that say what is thought of it.
const STATES: [&str; 3] = ["invalid user ", "authenticating user ", "user "];

/// `Accepted password for NAME from ADDRESS port N ssh2` and its siblings.
pub(super) fn of(message: &str, shape: &mut Shape<'_>) {
    let message = message.strip_prefix("error: ").unwrap_or(message);
    for (begin, kind) in [
        ("Accepted ", "accepted"),
        ("Failed ", "failed"),
        ("Partial ", "partial"),
        ("Postponed ", "postponed"),
    ] {
        if let Some((method, who)) = message
            .strip_prefix(begin)
            .and_then(|rest| around(rest, " for "))
        {
            shape.put("event_type", kind);
            shape.put("auth_method", method);
            return put_from(stated(who), shape);
        }
    }
    if let Some(who) = message.strip_prefix("maximum authentication attempts exceeded for ") {
        shape.put("event_type", "too-many-attempts");
        return put_from(stated(who), shape);
    }
    if let Some((_, who)) = message
        .strip_prefix("Starting session: ")
        .and_then(|rest| around(rest, " for "))
    {
        shape.put("event_type", "session-started");
        return put_from(who, shape);
    }
    for (begin, kind) in NAMED_FIRST {
        if let Some(who) = message.strip_prefix(begin) {
            shape.put("event_type", kind);
            return put_from(who, shape);
        }
    }
    for (begin, kind) in ENDINGS {
        if let Some(who) = message.strip_prefix(begin) {
            shape.put("event_type", kind);
            return put_before_address(stated(who), shape);
        }
    }
    for (begin, kind) in ADDRESS_FIRST {
        if let Some(rest) = message.strip_prefix(begin) {
            shape.put("event_type", kind);
            return shape.put_some("src_ip", address(rest).map(|(address, _)| address));
        }
    }
    if let Some(who) = message.strip_prefix("Disconnecting ") {
        shape.put("event_type", "disconnected");
        let mut reasons = REASONS.iter();
        let before = reasons.find_map(|reason| {
            let (at, _) = who.rmatch_indices(reason).last()?;
            who.get(..at)?.strip_suffix(": ")
        });
        return put_before_address(stated(before.unwrap_or(who)), shape);
    }
    if message.starts_with("Bad protocol version identification ") {
        shape.put("event_type", "bad-protocol");
        let from = message.rsplit_once(" from ").map(|(_, from)| from);
        shape.put_some("src_ip", from.and_then(address).map(|(address, _)| address));
    }
}

fn stated(who: &str) -> &str {
    let mut states = STATES.iter();
    states
        .find_map(|state| who.strip_prefix(state))
        .unwrap_or(who)
}

/// `NAME from ADDRESS port N …`; before version 7 of the daemon some sentences have no port.
fn put_from(who: &str, shape: &mut Shape<'_>) {
    let places = || who.rmatch_indices(" from ");
    let split = |(at, word): (usize, &str)| {
        let (user, _) = who.split_at_checked(at)?;
        Some((user, who.get(at + word.len()..)?))
    };
    let mut all = places().filter_map(split);
    // What the daemon says after the address has a form; the end of a name could have it too, but not later.
    let with_port = all.find(|(_, from)| address(from).is_some_and(|(_, ported)| ported));
    let found = with_port.or_else(|| {
        let mut all = places().filter_map(split);
        all.find(|(_, from)| address(from).is_some())
    });
    if let Some((user, from)) = found {
        shape.put_some("user", Some(user).filter(|user| !user.is_empty()));
        shape.put_some("src_ip", address(from).map(|(address, _)| address));
    }
}

/// The address a text begins with, and whether a port follows.
fn address(text: &str) -> Option<(&str, bool)> {
    let (address, rest) = text.split_once(' ').unwrap_or((text, ""));
    let ported = rest
        .strip_prefix("port ")
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let own = address.trim_end_matches(':');
    let is_one = own.parse::<std::net::IpAddr>().is_ok() || ported;
    is_one.then_some((own, ported))
}

/// `NAME ADDRESS port N`, or no name at all.
fn put_before_address(who: &str, shape: &mut Shape<'_>) {
    let who = who.strip_suffix(" [preauth]").unwrap_or(who);
    let before = who.rsplit_once(" port ").map_or(who, |(before, _)| before);
    let (user, address) = before.rsplit_once(' ').unwrap_or(("", before));
    let address = address.trim_end_matches(':');
    if address.parse::<std::net::IpAddr>().is_ok() {
        shape.put_some("user", Some(user).filter(|user| !user.is_empty()));
        shape.put("src_ip", address);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::syslog::tests::check;

    fn told(message: &str, fields: Value) {
        let line = format!("<38>Apr 17 10:00:00 web1 sshd[7]: {message}");
        check(&line, "linux/sshd", Some("2026-04-17T10:00:00Z"), fields);
    }

    #[test]
    fn a_name_with_the_words_of_the_daemon_in_it_is_a_name() {
        told(
            "Failed password for invalid user root from 8.8.8.8 from 203.0.113.10 port 51023 ssh2",
            json!({"event_type": "failed", "user": "root from 8.8.8.8", "src_ip": "203.0.113.10"}),
        );
        told(
            "Failed password for invalid user a from 8.8.8.8 port 1 ssh2 from 203.0.113.10 port 51023 ssh2",
            json!({"user": "a from 8.8.8.8 port 1 ssh2", "src_ip": "203.0.113.10"}),
        );
        told(
            "Invalid user x from 8.8.8.8 from 2001:db8::5 port 5",
            json!({"event_type": "invalid-user", "user": "x from 8.8.8.8", "src_ip": "2001:db8::5"}),
        );
        told(
            "Disconnected from invalid user root 8.8.8.8 port 4 203.0.113.10 port 3 [preauth]",
            json!({"user": "root 8.8.8.8 port 4", "src_ip": "203.0.113.10"}),
        );
    }

    #[test]
    fn what_a_client_says_last_is_neither_name_nor_address() {
        let first = json!({"user": null, "src_ip": "203.0.113.10"});
        for message in [
            "Received disconnect from 203.0.113.10 port 22:11: by root 8.8.8.8 port 5 [preauth]",
            "Received disconnect from 203.0.113.10: 11: Bye Bye [preauth]",
            "Received disconnect from 203.0.113.10 port 22:11: disconnected by user from 8.8.8.8 port 1",
            "Unable to negotiate with 203.0.113.10 port 5: no matching host key type found. Their offer: a 8.8.8.8 port 5 [preauth]",
            "Bad protocol version identification 'GET / from 8.8.8.8 port 1' from 203.0.113.10 port 5",
            "Connection closed by 203.0.113.10 [preauth]",
        ] {
            told(message, first.clone());
        }
        told(
            "Disconnecting authenticating user root 203.0.113.10 port 22: Too many authentication failures [preauth]",
            json!({"event_type": "disconnected", "user": "root", "src_ip": "203.0.113.10"}),
        );
        told(
            "Disconnecting invalid user a 203.0.113.10 port 22: Change of username or service not allowed: (a,ssh-connection) -> (b 8.8.8.8 port 1,ssh-connection) [preauth]",
            json!({"user": "a", "src_ip": "203.0.113.10"}),
        );
    }

    #[test]
    fn every_sentence_that_names_somebody_is_read() {
        told(
            "Accepted publickey for deploy from 203.0.113.9 port 51022 ssh2: RSA SHA256:abcd",
            json!({"event_type": "accepted", "auth_method": "publickey", "user": "deploy", "src_ip": "203.0.113.9"}),
        );
        told(
            "Invalid user oracle from 203.0.113.10",
            json!({"user": "oracle", "src_ip": "203.0.113.10"}),
        );
        told(
            "Disconnected from authenticating user root 198.51.100.7 port 3322 [preauth]",
            json!({"event_type": "disconnected", "user": "root", "src_ip": "198.51.100.7"}),
        );
        told(
            "Connection closed by 198.51.100.7 port 3322 [preauth]",
            json!({"event_type": "closed", "user": null, "src_ip": "198.51.100.7"}),
        );
        told(
            "Received disconnect from 198.51.100.7 port 3322:11: Bye Bye [preauth]",
            json!({"src_ip": "198.51.100.7"}),
        );
        told(
            "error: maximum authentication attempts exceeded for root from 198.51.100.7 port 22 ssh2 [preauth]",
            json!({"event_type": "too-many-attempts", "user": "root", "src_ip": "198.51.100.7"}),
        );
        told(
            "User bob from 198.51.100.7 not allowed because not listed in AllowUsers",
            json!({"event_type": "refused", "user": "bob", "src_ip": "198.51.100.7"}),
        );
    }

    #[test]
    fn lines_that_rsyslog_folded_into_one_say_how_many_they_were() {
        told(
            "message repeated 5 times: [ Failed password for root from 198.51.100.7 port 3322 ssh2]",
            json!({"event_type": "failed", "user": "root", "src_ip": "198.51.100.7", "repeated": 5,
                "message": "Failed password for root from 198.51.100.7 port 3322 ssh2"}),
        );
        told(
            "message repeated many times: [ x]",
            json!({"repeated": null}),
        );
    }
}
