//! Sentences of PAM's modules, under whatever program asked them: `pam_unix(sudo:session): session opened …`.

use super::super::{shape::Shape, words::around, words::behind};

pub(super) fn of(message: &str, shape: &mut Shape<'_>) {
    let Some((module, text)) = around(message, "): ") else {
        return;
    };
    shape.put_some("pam_module", module.split('(').next());
    if let Some((user, by)) = session(text, "session opened for user ") {
        shape.put("event_type", "session-opened");
        put_who(by.map(name), Some(name(user)), shape);
    } else if let Some((user, by)) = session(text, "session closed for user ") {
        shape.put("event_type", "session-closed");
        put_who(by.map(name), Some(name(user)), shape);
    } else if let Some(user) = text.strip_prefix("password changed for ") {
        shape.put("event_type", "password-changed");
        shape.put("target_user", user.trim());
    } else if text.starts_with("authentication failure") {
        shape.put("event_type", "authentication-failed");
        // `ruser` is who asks, `user` whom they want to be; the latter comes last and may be anything.
        let asks = word(text, "ruser=");
        put_who(asks, behind(text, "  user=").map(str::trim), shape);
        shape.put_some("src_ip", word(text, "rhost="));
    }
}

/// `… for user NAME(uid=0) by NAME(uid=1000)`.
fn session<'l>(text: &'l str, begin: &str) -> Option<(&'l str, Option<&'l str>)> {
    let who = text.strip_prefix(begin)?;
    Some(match around(who, " by ") {
        Some((user, by)) => (user, Some(by)),
        None => (who, None),
    })
}

/// A name without the number behind it.
fn name(text: &str) -> &str {
    let text = text.trim();
    text.split_once('(').map_or(text, |(name, _)| name).trim()
}

fn word<'l>(text: &'l str, name: &str) -> Option<&'l str> {
    let value = behind(text, name)?;
    value.split(' ').next().filter(|value| !value.is_empty())
}

/// Who did it to whom; who came in by themselves did it to nobody.
fn put_who(by: Option<&str>, user: Option<&str>, shape: &mut Shape<'_>) {
    let by = by.filter(|by| !by.is_empty() && Some(*by) != user);
    if let Some(by) = by {
        shape.put("user", by);
        shape.put_some("target_user", user);
    } else {
        shape.put_some("user", user);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::syslog::tests::check;

    #[test]
    fn who_became_whom_is_told() {
        let told = |program: &str, service: &str, message: &str, fields: Value| {
            let line = format!("Apr 17 10:00:00 web1 {program}: {message}");
            check(&line, service, Some("2026-04-17T10:00:00Z"), fields);
        };
        told(
            "sudo",
            "linux/sudo",
            "pam_unix(sudo:session): session opened for user root(uid=0) by alice(uid=1000)",
            json!({"event_type": "session-opened", "user": "alice", "target_user": "root"}),
        );
        told(
            "sshd[7]",
            "linux/sshd",
            "pam_unix(sshd:session): session opened for user deploy(uid=1001) by (uid=0)",
            json!({"user": "deploy", "target_user": null}),
        );
        told(
            "su[8]",
            "linux/auth",
            "pam_unix(su:auth): authentication failure; logname=al uid=1000 euid=0 tty=/dev/pts/0 ruser=al rhost=  user=root",
            json!({"user": "al", "target_user": "root", "src_ip": null}),
        );
        told(
            "sshd[9]",
            "linux/sshd",
            "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.4  user=root",
            json!({"event_type": "authentication-failed", "user": "root", "src_ip": "203.0.113.4"}),
        );
        told(
            "passwd[9]",
            "linux/auth",
            "pam_unix(passwd:chauthtok): password changed for root",
            json!({"event_type": "password-changed", "target_user": "root", "user": null}),
        );
    }
}
