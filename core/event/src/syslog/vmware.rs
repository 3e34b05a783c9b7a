//! Lines of vCenter and `ESXi`.
//!
//! `event_type` is the hypervisor's own name of what happened (`vim.event.…`, `esx.audit.…`,
//! `vob.…`, `com.vmware.sso.…`) wherever the line says it. Hostd tells the same events as sentences
//! only; those that matter for access are named from them.

use std::sync::LazyLock;

mod given;
mod machine;
mod sign_on;

use super::{
    header::Header,
    pairs,
    shape::Shape,
    words::{Words, around, around_sign, behind, first_word, trimmed},
};
use crate::Hints;

const VCENTER: [&str; 11] = [
    "vpxd",
    "vpxd-svcs",
    "vpxd-main",
    "websso",
    "sso-events",
    "sso",
    "ssoadminserver",
    "applmgmt",
    "applmgmt-audit",
    "vsphere-ui",
    "vmware-sps",
];
const ESXI: [&str; 14] = [
    "hostd",
    "vobd",
    "shell",
    "esxshell",
    "vpxa",
    "vmkernel",
    "vmkwarning",
    "rhttpproxy",
    "hostd-probe",
    "vmauthd",
    "dcui",
    "fdm",
    "esxupdate",
    "vmsyslogd",
];

pub(super) fn of(header: &Header<'_>, hints: &Hints, shape: &mut Shape<'_>) -> Option<()> {
    let app = header.app.or_else(|| loose_app(header.message))?;
    let named = |list: &[&'static str]| {
        let mut list = list.iter().copied();
        list.find(|known| known.eq_ignore_ascii_case(app))
    };
    let program = if let Some(program) = named(&VCENTER) {
        shape.is("vmware", "vcenter");
        program
    } else if let Some(program) = named(&ESXI) {
        shape.is("vmware", "esxi");
        program
    } else {
        // Forwarders give the sign-on's file a name of their own.
        sign_on::is_whole(header.message).then(|| shape.is("vmware", "vcenter"))?;
        "websso"
    };
    if header.app.is_none() {
        shape.put("app", app);
    }
    match program {
        "hostd" | "vpxa" | "rhttpproxy" | "fdm" => of_hostd(header.message, shape),
        "vobd" => of_vobd(header.message, shape),
        "shell" | "esxshell" => of_shell(header.message, shape),
        "applmgmt" | "applmgmt-audit" => of_appliance(header.message, shape),
        _ => of_vcenter(header.message, hints, shape),
    }
    Some(())
}

/// Whether a line holds a record of the single sign-on.
pub(super) fn is_sign_on(text: &str) -> bool {
    sign_on::is_one(text)
}

/// Some forwarders leave out the colon after the program's name, and the sign-on's own file has no name.
fn loose_app(message: &str) -> Option<&str> {
    if sign_on::is_one(message) {
        return Some("websso");
    }
    let (word, _) = message.split_once(' ')?;
    (word == "applmgmt-audit").then_some(word)
}

/// `Event [id] [1-1] [time] [type] [level] [user] [data centre] [id] [text]`.
fn of_vcenter(message: &str, hints: &Hints, shape: &mut Shape<'_>) {
    if sign_on::is_one(message) {
        let _read = sign_on::put(message, hints, shape);
        return;
    }
    let Some((_, rest)) = around(message, "Event [") else {
        return;
    };
    let mut rest = Some(rest);
    let mut part = || {
        let text = rest?;
        let found = around(text, "] [");
        rest = found.map(|(_, after)| after);
        Some(found.map_or(text, |(part, _)| part))
    };
    let (Some(id), Some(_), Some(_), Some(kind)) = (part(), part(), part(), part()) else {
        return;
    };
    let (severity, user, datacenter) = (part(), part(), part());
    // The event's number once more stands before its text.
    let (_, text) = (part(), rest);
    shape.put("event_id", id);
    // What was added after its interface was fixed is told under one type for all.
    let wrapped = kind.ends_with(".EventEx") || kind.ends_with(".ExtendedEvent");
    let named = text.filter(|_| wrapped).and_then(named_by_sentence);
    shape.put("event_type", named.unwrap_or(kind));
    shape.put_some("severity", severity);
    shape.put_some("user", user);
    shape.put_some("datacenter", datacenter.filter(|name| !name.is_empty()));
    if let Some(text) = text {
        let text = text.strip_suffix(']').unwrap_or(text);
        shape.put("message", text);
        of_text(text, shape);
        sign_on::put_sentence(text, shape);
        given::put(text, shape);
        given::put_members(text, shape);
        machine::put(kind, text, shape);
    }
}

/// `level program[pid] [Originator@6876 sub=… opID=… user=…] Event N : text`.
fn of_hostd(message: &str, shape: &mut Shape<'_>) {
    let (level, rest) = first_word(message).unwrap_or((message, ""));
    let is_level = matches!(
        level,
        "info" | "warning" | "error" | "verbose" | "trivia" | "panic"
    );
    if is_level {
        shape.put("severity", level);
    }
    let text = if is_level { rest } else { message };
    let mut text = text;
    if let Some((_, after)) = around(text, "[Originator@6876") {
        let (context, after) = after
            .split_at_checked(pairs::element_end(after))
            .unwrap_or((after, ""));
        for (name, value) in pairs::pairs(context) {
            match name {
                "sub" => shape.put("sub", &value),
                "opID" => shape.put("op_id", &value),
                "user" => put_acting(&value, shape),
                _ => {}
            }
        }
        text = after.strip_prefix(']').unwrap_or(after);
        text = trimmed(text);
    }
    if let Some((id, sentence)) = text
        .strip_prefix("Event ")
        .and_then(|rest| around(rest, " : "))
    {
        shape.put("event_id", id);
        text = sentence;
    }
    shape.put("message", text);
    if let Some(kind) = named_by_sentence(text) {
        shape.put("event_type", kind);
    }
    given::put(text, shape);
    of_text(text, shape);
}

/// `vpxuser:NAME` means that vCenter acted on the host for that account.
fn put_acting(user: &str, shape: &mut Shape<'_>) {
    match user.strip_prefix("vpxuser:") {
        Some(user) if !user.is_empty() => {
            shape.put("user", user);
            shape.put("via", "vpxuser");
        }
        Some(_) | None => shape.put("user", user),
    }
}

/// Sentences of Hostd and the event they tell.
const SENTENCES: [(&str, &str); 13] = [
    ("SSH access has been enabled", "esx.audit.ssh.enabled"),
    ("SSH access has been disabled", "esx.audit.ssh.disabled"),
    ("SSH session was opened for", "esx.audit.ssh.session.opened"),
    ("SSH session was closed for", "esx.audit.ssh.session.closed"),
    ("SSH login has failed for", "esx.audit.ssh.session.failed"),
    (
        "ESXi command line shell has been enabled",
        "esx.audit.shell.enabled",
    ),
    (
        "ESXi command line shell has been disabled",
        "esx.audit.shell.disabled",
    ),
    ("ESXi Shell for the host", "vim.event.LocalTSMEnabledEvent"),
    (
        "Administrator access to the host has been enabled",
        "esx.audit.lockdownmode.disabled",
    ),
    (
        "Administrator access to the host has been disabled",
        "esx.audit.lockdownmode.enabled",
    ),
    (
        "lockdown exception users has been changed",
        "esx.audit.lockdownmode.exceptions.changed",
    ),
    ("Cannot login ", "vim.event.BadUsernameSessionEvent"),
    (" logged in as ", "vim.event.UserLoginSessionEvent"),
];

fn named_by_sentence(text: &str) -> Option<&'static str> {
    static WORDS: LazyLock<Words> =
        LazyLock::new(|| Words::new(SENTENCES.iter().map(|(sentence, _)| *sentence)));
    let first = WORDS.found_in(text).min()?;
    SENTENCES.get(first).map(|(_, kind)| *kind)
}

/// `[Correlator] 123us: [vob.or.esx.id] text`.
fn of_vobd(message: &str, shape: &mut Shape<'_>) {
    let correlator = message
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'));
    let Some((correlator, rest)) = correlator else {
        return;
    };
    shape.put("correlator", correlator);
    let Some((_, rest)) = around(rest, ": [") else {
        return;
    };
    if let Some((kind, text)) = rest.split_once(']') {
        let text = trimmed(text);
        shape.put("event_type", kind);
        shape.put("message", text);
        of_text(text, shape);
    }
}

/// A command typed on the host: structured since `ESXi` 8, `[user]: command` before.
fn of_shell(message: &str, shape: &mut Shape<'_>) {
    if message.starts_with("[shell.cmd@") || message.starts_with("[shell.") {
        let params = pairs::elements(message).flat_map(|(_, params)| pairs::pairs(params));
        for (name, value) in params {
            shape.put(name, &value);
        }
        if let Some(subject) = shape.place("subject") {
            shape.put_place("user", subject);
        }
        shape.put("event_type", "shell.cmd");
        return;
    }
    let typed = message
        .strip_prefix('[')
        .and_then(|rest| rest.split_once("]: "));
    if let Some((user, command)) = typed {
        shape.put("user", user);
        shape.put("command", command);
        shape.put("event_type", "shell.cmd");
    } else {
        of_text(message, shape);
    }
}

/// The appliance's own management: `Authorization Result: User=…, priv=…`.
fn of_appliance(message: &str, shape: &mut Shape<'_>) {
    for (name, value) in pairs::pairs(message) {
        match name {
            "User" | "user" => shape.put("user", &value),
            "priv" => shape.put("privilege", &value),
            "authorized" => shape.put("authorized", &value),
            _ => {}
        }
    }
}

/// Who and from where, as the sentences of all these programs say it.
fn of_text(text: &str, shape: &mut Shape<'_>) {
    let quoted = || around_sign(behind(text, "for '")?, b'\'');
    let before = |end: &str| {
        text.strip_prefix("User ")
            .and_then(|rest| around(rest, end))
    };
    let who = quoted()
        .or_else(|| before(" logged in"))
        .or_else(|| before(" logged out"))
        .map(|(who, _)| who)
        .or_else(|| text.strip_prefix("Cannot login "));
    if let Some(who) = who {
        put_who(who.trim_end_matches('.'), shape);
        return;
    }
    let rejected = behind(text, "password for user ");
    if let Some((user, address)) = rejected.and_then(|rest| around(rest, " from ")) {
        shape.put("user", user);
        shape.put("src_ip", address.trim_end_matches('.'));
    }
}

/// `user@address`; the user's own name may have an `@` too.
fn put_who(who: &str, shape: &mut Shape<'_>) {
    let (user, address) = match who.rsplit_once('@') {
        Some((user, address)) if address.parse::<std::net::IpAddr>().is_ok() => {
            (user, Some(address))
        }
        Some(_) | None => (who, None),
    };
    if shape.text("user").is_none_or(str::is_empty) {
        shape.put("user", user);
    }
    shape.put_some("src_ip", address);
}
