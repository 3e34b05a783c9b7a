//! Which sessions a detection's records belong to.

use cordon_model::{Detection, EntityKind, Evidence, Item, Level, Role};

use crate::digest::Digest;

/// Fields in which Windows gives the number of a session.
const LOGONS: [&str; 4] = ["SubjectLogonId", "TargetLogonId", "LogonId", "LogonGuid"];

/// Numbers of sessions that every machine has: of the system, its services, and nobody.
const OF_MACHINES: [&str; 5] = ["0x3e7", "0x3e5", "0x3e4", "0x0", "-"];

/// The sessions of a detection of level medium: only for such rules is it asked whether they saw one doing.
pub(super) fn of(detection: &Detection) -> Box<[u64]> {
    if detection.rule.level != Level::Medium {
        return Box::default();
    }
    let mut found: Vec<u64> = Vec::new();
    for record in &detection.records {
        let named = record.entities.iter();
        let named = named.filter(|entity| entity.kind == EntityKind::Session);
        found.extend(named.map(|entity| Digest::new(0).folded(&entity.id).finish()));
        logons(record, &mut found);
    }
    found.sort_unstable();
    found.dedup();
    found.into()
}

/// Windows numbers sessions anew on each machine.
fn logons(record: &Evidence, found: &mut Vec<u64>) {
    let is_host = |role, kind| role == Role::Host && kind == EntityKind::Host;
    let mut hosts = record.entities.iter();
    let Some(host) = hosts.find(|entity| is_host(entity.role, entity.kind)) else {
        return;
    };
    for field in LOGONS {
        let number = record.fields.get(field).and_then(Item::spelled);
        let number = number.filter(|number| {
            !OF_MACHINES
                .iter()
                .any(|own| own.eq_ignore_ascii_case(number))
        });
        if let Some(number) = number {
            found.push(
                Digest::new(1)
                    .folded(&host.id)
                    .number(0)
                    .folded(number)
                    .finish(),
            );
        }
    }
}
