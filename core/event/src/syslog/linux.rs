//! Lines of Linux services.

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
    match service {
        "sshd" => of_sshd(header.message, shape),
        "sudo" => of_sudo(header.message, shape),
        _ => {}
    }
    Some(())
}

/// `Accepted password for NAME from ADDRESS port N ssh2` and its siblings.
fn of_sshd(message: &str, shape: &mut Shape<'_>) {
    let (outcome, rest) = if let Some(rest) = message.strip_prefix("Accepted ") {
        ("accepted", rest)
    } else if let Some(rest) = message.strip_prefix("Failed ") {
        ("failed", rest)
    } else {
        return;
    };
    let Some((method, who)) = around(rest, " for ") else {
        return;
    };
    let who = who.strip_prefix("invalid user ").unwrap_or(who);
    let Some((user, from)) = around(who, " from ") else {
        return;
    };
    shape.put("event_type", outcome);
    shape.put("auth_method", method);
    shape.put("user", user);
    shape.put_some("src_ip", from.split(' ').next());
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
