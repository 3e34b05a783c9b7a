//! Lines of Linux services.

mod accounts;
mod pam;
mod sshd;

use super::{
    header::Header,
    key_value,
    shape::Shape,
    words::{around, behind, parts},
};
use crate::Hints;

/// Programs by Sigma's service.
const SERVICES: [(&str, &[&str]); 9] = [
    ("sshd", &["sshd", "sshd-session"]),
    ("sudo", &["sudo"]),
    ("cron", &["cron", "crond", "crontab", "anacron"]),
    ("auditd", &["auditd", "audispd"]),
    ("clamav", &["clamd", "freshclam", "clamav"]),
    ("vsftpd", &["vsftpd"]),
    ("guacamole", &["guacd", "guacamole"]),
    (
        "auth",
        &[
            "su",
            "login",
            "pkexec",
            "polkitd",
            "systemd-logind",
            "useradd",
            "userdel",
            "usermod",
            "groupadd",
            "gpasswd",
            "passwd",
            "chage",
            "unix_chkpwd",
        ],
    ),
    (
        "syslog",
        &[
            "kernel",
            "systemd",
            "rsyslogd",
            "syslogd",
            "syslog-ng",
            "dbus-daemon",
            "init",
            "NetworkManager",
            "dhclient",
            "ntpd",
            "chronyd",
            "snapd",
        ],
    ),
];

pub(super) fn of(header: &Header<'_>, hints: &Hints, shape: &mut Shape<'_>) -> Option<()> {
    let app = header.app?;
    let named = SERVICES.iter().find(|(_, programs)| {
        let mut programs = programs.iter();
        programs.any(|program| program.eq_ignore_ascii_case(app))
    });
    let service = match (named, header.facility()) {
        (Some((service, _)), _) => *service,
        (None, Some("auth" | "authpriv")) => "auth",
        (None, Some("cron")) => "cron",
        // A file in the classic layout without priorities is a Linux machine's own.
        (None, Some("kern" | "user" | "daemon" | "syslog") | None) if header.host.is_some() => {
            "syslog"
        }
        (None, _) => return None,
    };
    if named.is_none() {
        let _pairs = key_value::of(header, hints, shape);
    }
    shape.is("linux", service);
    match (service, unrepeated(header.message, shape)) {
        (_, message) if message.starts_with("pam_") => pam::of(message, shape),
        ("sshd", message) => sshd::of(message, shape),
        ("sudo", message) => of_sudo(message, shape),
        ("auth", message) => accounts::of(app, message, shape),
        (_, _) => {}
    }
    Some(())
}

/// What a line says. Where equal ones followed each other, rsyslog writes how many in place of the rest:
/// `message repeated 5 times: [ Failed password for … ]`.
fn unrepeated<'l>(message: &'l str, shape: &mut Shape<'_>) -> &'l str {
    let counted = message.strip_prefix("message repeated ").and_then(|rest| {
        let (count, rest) = around(rest, " times: [")?;
        let count: u32 = count.parse().ok()?;
        Some((count, rest.strip_suffix(']')?.trim()))
    });
    let Some((count, message)) = counted else {
        return message;
    };
    shape.put_number("repeated", count);
    shape.put("message", message);
    message
}

/// `NAME : TTY=… ; PWD=… ; USER=… ; COMMAND=…`.
fn of_sudo(message: &str, shape: &mut Shape<'_>) {
    let Some((user, rest)) = around(message, " : ") else {
        return;
    };
    shape.put("user", user.trim());
    for part in parts(rest, " ; ") {
        match part.split_once('=') {
            Some(("USER", value)) => shape.put("target_user", value),
            Some(("PWD", value)) => shape.put("pwd", value),
            _ => {}
        }
    }
    // The command comes last and may have semicolons of its own.
    let command = behind(rest, "COMMAND=");
    shape.put_some("command", command);
}
