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
    // The command comes last, and the variables before it: both may have semicolons of their own. So may the
    // folder, behind which stands whom they became.
    let (rest, command) = around(rest, "COMMAND=").map_or((rest, None), |(a, b)| (a, Some(b)));
    let rest = around(rest, " ; ENV=").map_or(rest, |(before, _)| before);
    shape.put_some("command", command);
    let (before, target) = match rest.rsplit_once(" ; USER=") {
        Some((before, target)) => (before, Some(target)),
        None => (rest, None),
    };
    let target = target.map(|target| parts(target, " ; ").next().unwrap_or(target));
    shape.put_some("target_user", target);
    let folder = behind(before, "PWD=");
    shape.put_some("pwd", folder.map(|folder| folder.trim_end_matches(" ; ")));
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::syslog::tests::check;

    #[test]
    fn what_was_run_and_where_does_not_say_who_one_became() {
        let told = |text: &str, fields: Value| {
            let line = format!("Apr 17 10:00:00 web1 sudo: {text}");
            check(&line, "linux/sudo", Some("2026-04-17T10:00:00Z"), fields);
        };
        told(
            "erin : TTY=pts/0 ; PWD=/tmp ; USER=root ; COMMAND=/bin/sh -c true ; USER=nobody ; PWD=/home/x",
            json!({"user": "erin", "target_user": "root", "pwd": "/tmp",
                "command": "/bin/sh -c true ; USER=nobody ; PWD=/home/x"}),
        );
        told(
            "erin : TTY=pts/0 ; PWD=/tmp/a ; USER=bob ; USER=root ; COMMAND=/bin/ls",
            json!({"target_user": "root", "pwd": "/tmp/a ; USER=bob"}),
        );
        told(
            "erin : TTY=pts/0 ; PWD=/tmp ; USER=root ; TSID=00001 ; ENV=A=1 ; USER=nobody ; COMMAND=/bin/ls",
            json!({"target_user": "root", "command": "/bin/ls"}),
        );
        told(
            "erin : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/tmp ; USER=root ; COMMAND=/bin/su",
            json!({"user": "erin", "target_user": "root", "pwd": "/tmp"}),
        );
    }
}
