//! Sentences of the programs that keep a machine's accounts and groups, and of `su`.

use super::super::{
    shape::Shape,
    words::{around, behind},
};

pub(super) fn of(app: &str, message: &str, shape: &mut Shape<'_>) {
    match app {
        "su" => of_su(message, shape),
        "passwd" => of_passwd(message, shape),
        "gpasswd" => of_gpasswd(message, shape),
        "useradd" | "usermod" | "userdel" | "groupadd" | "chage" => of_kept(message, shape),
        "systemd-logind" => {
            let user = message
                .strip_prefix("New session ")
                .and_then(|rest| behind(rest, " of user "));
            if let Some(user) = user {
                shape.put("event_type", "session-opened");
                shape.put("user", user.trim_end_matches('.'));
            }
        }
        _ => {}
    }
}

/// Of shadow: `Successful su for root by alice`. Of util-linux: `FAILED SU (to root) alice on pts/0`.
fn of_su(message: &str, shape: &mut Shape<'_>) {
    let failed = message
        .get(..6)
        .is_some_and(|begin| begin.eq_ignore_ascii_case("failed"));
    let told = behind(message, " su for ").and_then(|rest| around(rest, " by "));
    let told = told.or_else(|| {
        let (target, rest) = around(behind(message, "(to ")?, ") ")?;
        let (user, _) = rest.rsplit_once(" on ").unwrap_or((rest, ""));
        Some((target, user))
    });
    if let Some((target, user)) = told {
        let kind = if failed {
            "authentication-failed"
        } else {
            "became-user"
        };
        shape.put("event_type", kind);
        shape.put("user", user);
        shape.put("target_user", target);
    }
}

/// `password for 'bob' changed by 'root'`.
fn of_passwd(message: &str, shape: &mut Shape<'_>) {
    if let Some((target, user)) = message
        .strip_prefix("password for ")
        .and_then(|rest| around(rest, " changed by "))
    {
        shape.put("event_type", "password-changed");
        shape.put("target_user", bare(target));
        shape.put("user", bare(user));
    }
}

/// `user bob added by root to group sudo`, `members of group sudo set by root to bob`.
fn of_gpasswd(message: &str, shape: &mut Shape<'_>) {
    for (verb, link, kind) in [
        (" added by ", " to group ", "added-to-group"),
        (" removed by ", " from group ", "removed-from-group"),
    ] {
        let Some((target, rest)) = message
            .strip_prefix("user ")
            .and_then(|rest| around(rest, verb))
        else {
            continue;
        };
        if let Some((user, group)) = around(rest, link) {
            shape.put("event_type", kind);
            shape.put("user", user);
            shape.put("target_user", target);
            shape.put("group", group);
        }
    }
}

/// `new user: name=bob, UID=…`, `add 'bob' to group 'sudo'`, `change user 'bob' password`, `delete user 'bob'`.
fn of_kept(message: &str, shape: &mut Shape<'_>) {
    if let Some(rest) = message.strip_prefix("new user: name=") {
        let (user, rest) = rest.split_once(", ").unwrap_or((rest, ""));
        shape.put("event_type", "user-added");
        shape.put("target_user", user);
        for (name, value) in rest.split(", ").filter_map(|part| part.split_once('=')) {
            // The home may be any path, and stands behind who it is.
            shape.put_first(name, value);
        }
        return;
    }
    if let Some(rest) = message.strip_prefix("new group: name=") {
        shape.put("event_type", "group-added");
        return shape.put_some("group", rest.split(',').next());
    }
    for (verb, link, kind) in [
        ("add '", " to ", "added-to-group"),
        ("delete '", " from ", "removed-from-group"),
    ] {
        let parted = message
            .strip_prefix(verb)
            .and_then(|rest| around(rest, "'"))
            .filter(|(_, rest)| rest.starts_with(link));
        if let Some((target, rest)) = parted {
            shape.put("event_type", kind);
            shape.put("target_user", target);
            let group = behind(rest, "group '").and_then(|rest| rest.split('\'').next());
            return shape.put_some("group", group);
        }
    }
    for (begin, kind) in [
        ("change user name '", "user-renamed"),
        ("change user '", "user-changed"),
        ("delete user '", "user-deleted"),
        ("lock user '", "user-locked"),
        ("unlock user '", "user-unlocked"),
        ("changed password expiry for ", "password-expiry-changed"),
    ] {
        if let Some(rest) = message.strip_prefix(begin) {
            shape.put("event_type", kind);
            return shape.put_some("target_user", rest.split(['\'', ' ']).next());
        }
    }
}

fn bare(text: &str) -> &str {
    text.trim().trim_matches('\'')
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::syslog::tests::check;

    #[test]
    fn whom_an_administrator_made_or_changed_is_told() {
        let told = |program: &str, message: &str, fields: Value| {
            let line = format!("Apr 17 10:00:00 web1 {program}[8]: {message}");
            check(&line, "linux/auth", Some("2026-04-17T10:00:00Z"), fields);
        };
        told(
            "useradd",
            "new user: name=backdoor, UID=1005, GID=1005, home=/home/backdoor, shell=/bin/bash, from=/dev/pts/0",
            json!({"event_type": "user-added", "target_user": "backdoor", "UID": "1005", "shell": "/bin/bash"}),
        );
        for message in [
            "add 'bob' to group 'sudo'",
            "add 'bob' to shadow group 'sudo'",
        ] {
            told(
                "usermod",
                message,
                json!({"event_type": "added-to-group", "target_user": "bob", "group": "sudo"}),
            );
        }
        told(
            "gpasswd",
            "user bob added by root to group sudo",
            json!({"user": "root", "target_user": "bob", "group": "sudo"}),
        );
        told(
            "usermod",
            "change user 'bob' password",
            json!({"event_type": "user-changed", "target_user": "bob"}),
        );
        told(
            "userdel",
            "delete user 'bob'",
            json!({"event_type": "user-deleted", "target_user": "bob"}),
        );
        told(
            "su",
            "Successful su for root by alice",
            json!({"event_type": "became-user", "user": "alice", "target_user": "root"}),
        );
        told(
            "su",
            "FAILED SU (to root) alice on pts/0",
            json!({"event_type": "authentication-failed", "user": "alice", "target_user": "root"}),
        );
        told(
            "passwd",
            "password for 'bob' changed by 'root'",
            json!({"user": "root", "target_user": "bob"}),
        );
        told(
            "systemd-logind",
            "New session 5 of user alice.",
            json!({"user": "alice"}),
        );
    }
}
