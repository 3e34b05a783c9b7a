//! Which machine, and on which hypervisor, as vCenter's sentences say it.
//!
//! The type of the event says what its sentence is about: only events of machines name one. Names of machines
//! may hold blanks, names of hypervisors do not.

use super::super::{shape::Shape, words::around};

/// What may stand before a machine's name.
const VERBS: [&str; 18] = [
    "Reconfigured ",
    "Created ",
    "Creating ",
    "New virtual machine ",
    "Removed ",
    "Cloning ",
    "Clone of ",
    "Registered ",
    "Registering ",
    "Migrating ",
    "Starting ",
    "Stopping ",
    "Suspending ",
    "Resetting ",
    "Powering off ",
    "Powering on ",
    "Virtual machine ",
    "Guest OS shut down for ",
];

/// Longest name of a machine that is taken for one, in bytes: the product's own limit.
const NAME_BYTES_MAX: usize = 80;

/// Puts what the sentence of an event of this type names.
pub(super) fn put(kind: &str, text: &str, shape: &mut Shape<'_>) {
    let of_machines = kind.contains("Vm") || kind.contains(".vm.");
    let Some((before, host)) = on_host(text) else {
        return of_host(text, shape);
    };
    shape.put("esxi_host", host);
    if of_machines {
        let (machine, clone) = machine(before);
        shape.put_some("vm", named(machine));
        let clone = clone.or_else(|| destination(text));
        shape.put_some("new_vm", clone.and_then(named));
    }
}

/// `… on HOST in DATA CENTRE …`, `… on host HOST, in …`, `… on HOST from DATA CENTRE`.
///
/// Names of machines may say such a thing too, but the sentence says it behind them. What was changed, which
/// anybody may have written, comes last; a clone's name comes behind where its source is.
fn on_host(text: &str) -> Option<(&str, &str)> {
    let told = around(text, "Modified: ").map_or(text, |(told, _)| told);
    let placed = |(at, word): (usize, &str)| {
        let after = told.get(at + word.len()..)?.trim_start();
        let after = after.strip_prefix("host ").unwrap_or(after).trim_start();
        let (host, rest) = after.split_once(' ').unwrap_or((after, ""));
        let rest = rest.trim_start();
        let is_place = rest.starts_with("in ") || rest.starts_with("from ");
        let host = named(host.trim_end_matches(',')).filter(|_| is_place)?;
        Some((told.get(..at)?, host))
    };
    let mut all = told.match_indices(" on ").filter_map(placed);
    if told.starts_with("Cloning ") {
        return all.next();
    }
    all.last()
}

/// `Host HOST in DATA CENTRE is not responding`.
fn of_host(text: &str, shape: &mut Shape<'_>) {
    let rest = text.strip_prefix("Host ");
    let host = rest.and_then(|rest| rest.trim_start().split_once(" in "));
    let host = host
        .map(|(host, _)| host)
        .filter(|host| !host.contains(' '));
    shape.put_some("esxi_host", host.and_then(named));
}

/// The machine that is meant, and the one that came of it.
fn machine(before: &str) -> (&str, Option<&str>) {
    let mut verbs = VERBS.iter();
    let bare = verbs.find_map(|verb| before.strip_prefix(verb));
    let bare = bare.unwrap_or(before).trim();
    if let Some((source, clone)) = around(bare, " completed: ") {
        return (source, Some(clone));
    }
    if let Some((source, clone)) = around(bare, " cloned to ") {
        return (source, Some(clone));
    }
    (bare.strip_suffix(" created").unwrap_or(bare), None)
}

/// `Cloning A on host H in D to B on host …`.
fn destination(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("Cloning ")?;
    let (_, rest) = around(rest, " in ")?;
    let (_, rest) = around(rest, " to ")?;
    around(rest, " on ").map(|(name, _)| name)
}

fn named(name: &str) -> Option<&str> {
    let name = name.trim();
    let is_name = !name.is_empty() && name.len() <= NAME_BYTES_MAX && !name.contains(['\'', '"']);
    is_name.then_some(name)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::syslog::tests::check;

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table of sentences")]
    fn only_sentences_about_machines_name_one() {
        let told = |kind: &str, text: &str, vm: Value, host: Value, new: Value| {
            let line = format!(
                "<14>1 2026-04-17T10:30:04Z vc vpxd 4417 - - Event [1] [1-1] [2026-04-17T10:30:04Z] [vim.event.{kind}] [info] [SHOP\\bob] [DC] [1] [{text}]"
            );
            let fields = json!({"vm": vm, "esxi_host": host, "new_vm": new});
            check(
                &line,
                "vmware/vcenter",
                Some("2026-04-17T10:30:04Z"),
                fields,
            );
        };
        let none = Value::Null;
        for (kind, text, vm, host) in [
            (
                "VmPoweredOffEvent",
                "DC01 on esx07.example in DC is powered off",
                json!("DC01"),
                json!("esx07.example"),
            ),
            (
                "VmPoweredOffEvent",
                "A on esx99 in DC1 on esx07.example in DC is powered off",
                json!("A on esx99 in DC1"),
                json!("esx07.example"),
            ),
            (
                "VmReconfiguredEvent",
                "Reconfigured DC01 on esx07.example in DC.  Modified: config.annotation: x on esx99 in DC",
                json!("DC01"),
                json!("esx07.example"),
            ),
            (
                "VmPoweredOffEvent",
                "DC01 on  esx07.example in DC is powered off",
                json!("DC01"),
                json!("esx07.example"),
            ),
            (
                "VmRemovedEvent",
                "Removed VEEAM-PROXY1 on esx07.example from DC",
                json!("VEEAM-PROXY1"),
                json!("esx07.example"),
            ),
            (
                "VmReconfiguredEvent",
                "Reconfigured file server 2 on esx07 in DC.  Modified: config.hardware",
                json!("file server 2"),
                json!("esx07"),
            ),
            (
                "VmBeingCreatedEvent",
                "Creating x on host esx07, in DC",
                json!("x"),
                json!("esx07"),
            ),
            (
                "GeneralHostWarningEvent",
                "Issue detected on esx07 in DC: vmsyslog logger 10.1.1.1:514 lost 317 log messages",
                none.clone(),
                json!("esx07"),
            ),
            (
                "HostConnectionLostEvent",
                "Host esx07 in DC is not responding",
                none.clone(),
                json!("esx07"),
            ),
            (
                "AlarmStatusChangedEvent",
                "Alarm 'Host CPU usage' on esx07 in DC changed from Gray to Green",
                none.clone(),
                json!("esx07"),
            ),
            (
                "TaskEvent",
                "Task: Power Off virtual machine",
                none.clone(),
                none.clone(),
            ),
        ] {
            told(kind, text, vm, host, none.clone());
        }
        told(
            "VmClonedEvent",
            "Clone of DC01 completed: copy1 on esx07 in DC",
            json!("DC01"),
            json!("esx07"),
            json!("copy1"),
        );
        told(
            "VmClonedEvent",
            "DC01 cloned to copy1 on esx07 in DC",
            json!("DC01"),
            json!("esx07"),
            json!("copy1"),
        );
        told(
            "VmBeingClonedEvent",
            "Cloning DC01 on host esx07 in DC to copy1 on host esx08",
            json!("DC01"),
            json!("esx07"),
            json!("copy1"),
        );
    }
}
