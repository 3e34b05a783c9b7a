//! Sentences of Cisco's firewalls, `AnyConnect` among them.
//!
//! Whoever logs on chooses the name that these sentences tell: it ends at the device's own words behind it,
//! at the last of them where a name could hold them too. A name that the device hides (`*****`) is none.

use std::net::IpAddr;

use memchr::{memchr, memchr2};

use super::{
    header::Header,
    shape::Shape,
    words::{around, behind, find, find_last},
};
use crate::Hints;

/// `%ASA-4-113019: Group = …, Username = …, IP = …, Session disconnected. …`.
pub(super) fn of(header: &Header<'_>, _: &Hints, shape: &mut Shape<'_>) -> Option<()> {
    let text = header.message;
    let at = find(text, "%ASA-").or_else(|| find(text, "%FTD-"))?;
    let (code, rest) = around(text.get(at..)?, ": ")?;
    shape.is("cisco", "asa");
    shape.put("event_type", code.trim_start_matches('%'));
    shape.put("message", rest);
    let (user, beyond) = user(rest).unwrap_or(("", rest));
    if user.bytes().any(|b| b != b'*') {
        // Accounts of the device itself are what is changed, by somebody whom the sentence does not name.
        let kept = ["New user added", "User deleted", "User priv level changed"];
        let is_target = kept.iter().any(|begin| rest.starts_with(begin));
        shape.put(if is_target { "target_user" } else { "user" }, user);
    }
    shape.put_some("group", group(rest));
    shape.put_some("src_ip", address(beyond).or_else(|| address(rest)));
    shape.put_some("command", command(rest));
    shape.put_some("assigned_ip", assigned(beyond).or_else(|| freed(rest)));
    Some(())
}

/// The address that a session was given inside, told behind the name that somebody chose:
/// `IPv4 Address <ADDRESS> IPv6 address <::> assigned to session`, `IPv4 Address=ADDRESS`.
fn assigned(beyond: &str) -> Option<&str> {
    let labels = [
        "IPv4 Address <",
        "> Address <",
        "IPv6 address <",
        "IPv4 Address=",
        "IPv6 Address=",
    ];
    let mut told = labels.iter().filter_map(|label| behind(beyond, label));
    let is_real = |text: &&str| text.parse::<IpAddr>().is_ok_and(|ip| !ip.is_unspecified());
    told.find_map(|text| leading_address(text).filter(is_real))
}

/// `IPAA: Freed local pool address 10.1.1.5`: nobody's any more.
fn freed(text: &str) -> Option<&str> {
    let rest = behind(text, "IPAA: ")?;
    leading_address(behind(rest, "reed local pool address ")?)
}

/// The name, and what stands behind it.
fn user(text: &str) -> Option<(&str, &str)> {
    let holds = |sign| memchr(sign, text.as_bytes()).is_some();
    quoted(text)
        .or_else(|| holds(b'<').then(|| bracketed(text))?)
        .or_else(|| holds(b'=').then(|| equated(text))?)
        .or_else(|| up_to_first(behind(text, "Uname: ")?, &[" Priv: ", " From: "]))
        .or_else(|| up_to_first(behind(text, "Username:")?, &[" IKE", " "]))
        .or_else(|| up_to_last(behind(text, "DAP: User ")?, ", Addr "))
        .or_else(|| {
            let rest = text.strip_prefix("User ")?;
            up_to_last(rest, " locked out on exceeding ")
                .or_else(|| up_to_last(rest, " unlocked by "))
        })
        .map(|(user, rest)| (user.trim(), rest))
        .filter(|(user, _)| !user.is_empty())
}

/// `Group <g> User <bob> IP <ADDRESS> …`.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let rest = behind(text, "User <")?;
    up_to_last(rest, "> IP <").or_else(|| up_to_first(rest, &[">"]))
}

/// `Username = bob, IP = ADDRESS, …`, `… : user = bob : user IP = ADDRESS`, `… for user = bob`.
fn equated(text: &str) -> Option<(&str, &str)> {
    if let Some(rest) = behind(text, "Username = ") {
        return up_to_last(rest, ", IP = ").or_else(|| up_to_first(rest, &[", "]));
    }
    if let Some(rest) = behind(text, ": user = ").or_else(|| behind(text, ", User = ")) {
        return up_to_last(rest, " : user IP = ").or(Some((rest, "")));
    }
    Some((behind(text, "for user = ").or_else(|| accepted(text))?, ""))
}

/// `AAA transaction status ACCEPT : user = bob`.
fn accepted(text: &str) -> Option<&str> {
    let (_, rest) = around(text, "AAA transaction status ")?;
    behind(rest, "user = ")
}

/// `User 'bob', running …`, `… for user "bob"`, `… for user 'bob' from ADDRESS/port …`.
fn quoted(text: &str) -> Option<(&str, &str)> {
    if let Some(rest) = text.strip_prefix("User '") {
        return up_to_first(rest, &["'"]);
    }
    memchr2(b'\'', b'"', text.as_bytes())?;
    let rest = behind(text, "for user ")?;
    let quote = rest.get(..1).filter(|sign| matches!(*sign, "'" | "\""))?;
    let inner = rest.get(1..)?;
    [" from ", " disconnected by "]
        .iter()
        .find_map(|after| up_to_last(inner, &format!("{quote}{after}")))
        .or_else(|| up_to_last(inner, quote))
}

fn up_to_last<'l>(text: &'l str, end: &str) -> Option<(&'l str, &'l str)> {
    text.split_at_checked(find_last(text, end)?)
}

fn up_to_first<'l>(text: &'l str, ends: &[&str]) -> Option<(&'l str, &'l str)> {
    let at = ends.iter().find_map(|end| find(text, end));
    text.split_at_checked(at.unwrap_or(text.len()))
}

fn group(text: &str) -> Option<&str> {
    let (rest, end) = ["Group <", "GroupPolicy <"]
        .iter()
        .find_map(|label| Some((behind(text, label)?, ">")))
        .or_else(|| Some((behind(text, "Group = ")?, ", ")))?;
    let (group, _) = up_to_first(rest, &[end])?;
    Some(group).filter(|group| !group.is_empty())
}

/// The address that the person came from.
fn address(text: &str) -> Option<&str> {
    const LABELS: [&str; 8] = [
        "user IP = ",
        "IP = ",
        "IP <",
        "IP address: ",
        "from IP ",
        "Addr ",
        "Remote:",
        " from ",
    ];
    // Mostly it follows at once.
    let near = text.trim_start_matches(['>', ',', ' ', ':']);
    let mut at_once = LABELS.iter().filter_map(|label| near.strip_prefix(label));
    let mut anywhere = LABELS.iter().filter_map(|label| behind(text, label));
    at_once
        .find_map(leading_address)
        .or_else(|| anywhere.find_map(leading_address))
}

/// The address that a text begins with, perhaps with a port.
fn leading_address(text: &str) -> Option<&str> {
    let ends = |b: u8| matches!(b, b',' | b' ' | b'>' | b'/' | b')');
    let word = text.get(..text.bytes().position(ends).unwrap_or(text.len()))?;
    let is_one = |word: &str| word.parse::<IpAddr>().is_ok();
    let bare = word.rsplit_once(':').map(|(address, _)| address);
    Some(word)
        .filter(|word| is_one(word))
        .or(bare.filter(|bare| is_one(bare)))
}

/// `… executed the 'no logging host inside 10.1.1.5' command.`, `… executed 'username …'`.
fn command(text: &str) -> Option<&str> {
    memchr(b'\'', text.as_bytes())?;
    let (_, rest) = around(text, " executed ")?;
    let rest = rest.strip_prefix("the ").unwrap_or(rest);
    let (command, _) = up_to_last(rest.strip_prefix('\'')?, "'")?;
    Some(command)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::syslog::tests::check;

    fn told(message: &str, fields: Value) {
        let line = format!("<166>Apr 17 2026 11:00:01 asa1 : %ASA-6-{message}");
        check(&line, "cisco/asa", Some("2026-04-17T11:00:01Z"), fields);
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table of sentences")]
    fn who_logs_on_is_told_as_the_vendor_documents_it() {
        for (message, user, address) in [
            (
                "113004: AAA user authentication Successful : server =  10.1.1.1 : user = alice",
                json!("alice"),
                json!(null),
            ),
            (
                "113004: AAA user authentication Successful: server = 10.1.1.1, User = alice",
                json!("alice"),
                json!(null),
            ),
            (
                "113012: AAA user authentication Successful : local database : user = erin smith",
                json!("erin smith"),
                json!(null),
            ),
            (
                "113005: AAA user authentication Rejected : reason = AAA failure : server = 10.1.1.1 : user = ***** : user IP = 203.0.113.5",
                json!(null),
                json!("203.0.113.5"),
            ),
            (
                "113015: AAA user authentication Rejected : reason = Invalid password : local database : user = bob : user IP = 203.0.113.5",
                json!("bob"),
                json!("203.0.113.5"),
            ),
            (
                "113015: AAA user authentication Rejected : reason = Invalid password : local database : user = bob : user IP = 8.8.8.8 : user IP = 203.0.113.5",
                json!("bob : user IP = 8.8.8.8"),
                json!("203.0.113.5"),
            ),
            (
                "113008: AAA transaction status ACCEPT : user = bob",
                json!("bob"),
                json!(null),
            ),
            (
                "113006: User bob locked out on exceeding 3 successive failed authentication attempts",
                json!("bob"),
                json!(null),
            ),
            (
                "605005: Login permitted from 198.51.100.1/5555 to inside:10.1.1.1/ssh for user \"admin\"",
                json!("admin"),
                json!("198.51.100.1"),
            ),
            (
                "611101: User authentication succeeded: IP address: 10.1.1.9, Uname: admin",
                json!("admin"),
                json!("10.1.1.9"),
            ),
            (
                "734001: DAP: User carol, Addr 203.0.113.6, Connection AnyConnect: The following DAP records were selected for this connection: x",
                json!("carol"),
                json!("203.0.113.6"),
            ),
            (
                "113019: Group = GP, Username = erin smith, IP = 203.0.113.9, Session disconnected. Session Type: SSL, Duration: 0h:00m:09s",
                json!("erin smith"),
                json!("203.0.113.9"),
            ),
            (
                "716039: Group <DfltGrpPolicy> User <frank> IP <203.0.113.10> Authentication: rejected, Session Type: WebVPN.",
                json!("frank"),
                json!("203.0.113.10"),
            ),
            (
                "113039: Group <g> User <a> IP <8.8.8.8> IP <203.0.113.10> AnyConnect parent session started.",
                json!("a> IP <8.8.8.8"),
                json!("203.0.113.10"),
            ),
            (
                "722051: Group <g> User <bob> IP <203.0.113.10> IPv4 Address <10.8.0.4> IPv6 address <::> assigned to session",
                json!("bob"),
                json!("203.0.113.10"),
            ),
            (
                "109006: Authentication failed for user 'bob' from 203.0.113.4/4711 to 10.0.0.1/22 on interface outside",
                json!("bob"),
                json!("203.0.113.4"),
            ),
            (
                "315011: SSH session from 10.1.1.9 on interface inside for user \"bob\" disconnected by SSH server, reason: x",
                json!("bob"),
                json!("10.1.1.9"),
            ),
            (
                "713130: Group = x, IP = 192.0.2.1, Received unsupported transaction mode attribute: 5",
                json!(null),
                json!("192.0.2.1"),
            ),
            (
                "751025: Local:192.0.2.1:4500 Remote:203.0.113.4:4500 Username:bob IKEv2 Group:g IPv4 Address=10.0.0.9",
                json!("bob"),
                json!("203.0.113.4"),
            ),
            (
                "302013: Built inbound TCP connection 1 for outside:203.0.113.4/1 to inside:10.0.0.1/2",
                json!(null),
                json!(null),
            ),
        ] {
            told(message, json!({"user": user, "src_ip": address}));
        }
    }

    #[test]
    fn the_address_of_a_session_is_told_and_when_it_is_free_again() {
        for (message, address) in [
            (
                "722051: Group <g> User <bob> IP <203.0.113.10> IPv4 Address <10.8.0.4> IPv6 address <::> assigned to session",
                json!("10.8.0.4"),
            ),
            (
                "722051: Group <g> User <bob> IP <203.0.113.10> Address <10.8.0.4> assigned to session",
                json!("10.8.0.4"),
            ),
            (
                "722051: Group <g> User <x> IPv4 Address <9.9.9.9> IP <203.0.113.10> IPv4 Address <0.0.0.0> IPv6 address <2001:db8::4> assigned to session",
                json!("2001:db8::4"),
            ),
            (
                "751025: Local:192.0.2.1:4500 Remote:203.0.113.4:4500 Username:bob IKEv2 Group:g IPv4 Address=10.0.0.9 IPv6 address=::",
                json!("10.0.0.9"),
            ),
            (
                "737016: IPAA: Session=0x00001000, Freed local pool address 10.8.0.4",
                json!("10.8.0.4"),
            ),
            (
                "113019: Group = GP, Username = bob, IP = 203.0.113.9, Session disconnected. Session Type: SSL",
                json!(null),
            ),
        ] {
            told(message, json!({"assigned_ip": address}));
        }
    }

    #[test]
    fn commands_and_accounts_of_the_device_are_told() {
        told(
            "111008: User 'enable_15' executed the 'no logging host inside 10.1.1.5' command.",
            json!({"user": "enable_15", "command": "no logging host inside 10.1.1.5"}),
        );
        told(
            "111010: User 'admin', running 'CLI' from IP 10.1.1.9, executed 'username evil password x'",
            json!({"user": "admin", "src_ip": "10.1.1.9", "command": "username evil password x"}),
        );
        told(
            "502101: New user added to local dbase: Uname: evil Priv: 15 Encpass: x",
            json!({"target_user": "evil", "user": null}),
        );
    }
}
