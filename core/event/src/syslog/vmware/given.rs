//! To whom rights and accounts were given, and where a file went, as sentences of vCenter and Hostd say it.
//!
//! Names in them may have been chosen by whoever is looked for: what the product says around them is looked for
//! from the side that they cannot write on.

use super::super::{
    shape::Shape,
    words::{around, around_last},
};

/// Sentences about accounts of a hypervisor, behind `Account NAME `, and the event they tell.
const ACCOUNTS: [(&str, &str); 3] = [
    (" was created on host ", "vim.event.AccountCreatedEvent"),
    (" was updated on host ", "vim.event.AccountUpdatedEvent"),
    (" was removed from host ", "vim.event.AccountRemovedEvent"),
];

/// How sentences about permissions begin.
const PERMISSIONS: [&str; 3] = [
    "Permission created for ",
    "Permission changed for ",
    "Permission rule removed for ",
];

/// Puts whom a sentence is about.
pub(super) fn put(text: &str, shape: &mut Shape<'_>) {
    if let Some(rest) = text.strip_prefix("Account ") {
        let told = |(words, kind): &(&str, &'static str)| {
            let (name, _host) = rest.rsplit_once(*words)?;
            Some((name.to_owned(), *kind))
        };
        if let Some((name, kind)) = ACCOUNTS.iter().find_map(told) {
            shape.put("event_type", kind);
            shape.put("principal", &name);
        }
    }
    let mut begins = PERMISSIONS.iter();
    if let Some(rest) = begins.find_map(|begin| text.strip_prefix(begin)) {
        let told = rest.rsplit_once(", role is ").unwrap_or((rest, ""));
        let (whom, role) = (told.0.rsplit_once(" on "), told.1);
        shape.put_some("principal", whom.map(|(whom, _)| whom));
        let role = role.split_once(',').map_or(role, |(role, _)| role);
        shape.put_some("role_name", Some(role).filter(|role| !role.is_empty()));
    }
    // `File download from path '…' was initiated from 'AGENT@ADDRESS' and completed with status 'Success'`
    if let Some((rest, status)) = around_last(text, "' and completed with status '")
        && let Some((_, agent)) = around_last(rest, "' was initiated from '")
    {
        shape.put("result", status.trim_end_matches('\''));
        let address = agent.rsplit_once('@').map(|(_, address)| address);
        let is_address = |text: &&str| text.parse::<std::net::IpAddr>().is_ok();
        shape.put_some("src_ip", address.filter(is_address));
    }
}

/// Puts whom a record of the sign-on is about:
/// `Adding principals '[{Name: erin, Domain: corp.example}]' to local group 'Administrators'`, with `users` and
/// without the quotes too.
pub(super) fn put_members(description: &str, shape: &mut Shape<'_>) {
    let told = description.strip_prefix("PrincipalManagement: ");
    let told = told.unwrap_or(description).strip_prefix("Adding ");
    let Some((who, group)) = told.and_then(|told| told.rsplit_once(" to local group '")) else {
        return;
    };
    let Some((_, list)) = around(who, "[") else {
        return;
    };
    let name = list.strip_prefix("{Name: ").and_then(|one| {
        let (name, rest) = around(one, ", Domain: ")?;
        let (domain, _) = around(rest, "}")?;
        Some(format!("{domain}\\{name}"))
    });
    if let Some(name) = name {
        shape.put("principal", &name);
    }
    shape.put("group", group.trim_end_matches('\''));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::syslog::tests::check;

    #[test]
    fn whom_rights_are_given_to_is_read() {
        let vpxd = |kind: &str, text: &str| {
            format!(
                "<14>1 2025-06-03T10:05:08.341Z vc1 vpxd 6743 - - Event [8520] [1-1] [2025-06-03T10:05:08.340Z] [vim.event.{kind}] [info] [V\\A] [] [8520] [{text}]"
            )
        };
        let hostd = "<166>2025-06-03T10:05:06Z esx7 Hostd: verbose hostd[20] [Originator@6876 sub=Vimsvc opID=x user=root] Event 152 : Account evil was created on host x was created on host esx7";
        let sign_on = "<14>1 2025-06-03T10:05:04.341Z vc1 ssoAdminServer - - - 2025-06-03T10:05:04.341Z sso-admin [auditlogger] {\"user\":\"A@V\",\"client\":\"203.0.113.10\",\"timestamp\":\"06/03/2025 10:05:04 UTC\",\"description\":\"Adding principals '[{Name: erin, Domain: corp.example}]' to local group 'Administrators'\",\"eventSeverity\":\"INFO\",\"type\":\"com.vmware.sso.PrincipalManagement\"}";
        for (line, kind, expect) in [
            (
                vpxd(
                    "PermissionAddedEvent",
                    "Permission created for CORP\\evil on x on Datacenters, role is Admin, propagation is Enabled",
                ),
                "vmware/vcenter",
                json!({"principal": "CORP\\evil on x", "role_name": "Admin"}),
            ),
            (
                vpxd(
                    "DatastoreFileDownloadEvent",
                    "File download from path '[ds1] a' was initiated from 'x@192.0.2.1' b.vmdk' was initiated from 'govc/0.30@203.0.113.10' and completed with status 'Success'",
                ),
                "vmware/vcenter",
                json!({"src_ip": "203.0.113.10", "result": "Success"}),
            ),
            (
                hostd.to_owned(),
                "vmware/esxi",
                json!({"principal": "evil was created on host x", "event_type": "vim.event.AccountCreatedEvent"}),
            ),
            (
                sign_on.to_owned(),
                "vmware/vcenter",
                json!({"principal": "corp.example\\erin", "group": "Administrators"}),
            ),
            (
                vpxd(
                    "EventEx",
                    "PrincipalManagement: Adding users [{Name: erin, Domain: corp.example}] to local group 'Administrators'",
                ),
                "vmware/vcenter",
                json!({"principal": "corp.example\\erin", "group": "Administrators"}),
            ),
            (
                vpxd(
                    "VmReconfiguredEvent",
                    "Reconfigured [{Name: x, Domain: y}] to local group 'Administrators' on esx7 in DC.",
                ),
                "vmware/vcenter",
                json!({"principal": null, "group": null}),
            ),
        ] {
            let second = match kind {
                "vmware/esxi" => "06",
                _ if line.contains("sso-admin") => "04",
                _ => "08.341",
            };
            let time = format!("2025-06-03T10:05:{second}Z");
            check(&line, kind, Some(&time), expect);
        }
    }
}
