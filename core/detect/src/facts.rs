//! What detections say of the rule behind them.

use std::sync::Arc;

use cordon_model::{Level, Role, RuleFacts, RuleId};
use cordon_sigma::{self as sigma, Header, Holds};

/// The facts of a rule or correlation; `tags` and `holds` serve where its header is silent.
pub(crate) fn facts(header: &Header, tags: Vec<String>, holds: &[Role]) -> Arc<RuleFacts> {
    let id = header.id.as_ref().or(header.name.as_ref());
    let id = id.map_or_else(
        || RuleId::new(header.title.as_str()),
        |id| RuleId::new(Arc::clone(id)),
    );
    let own = header.tags.iter().map(|tag| tag.as_ref().to_owned());
    Arc::new(RuleFacts {
        id,
        title: header.title.clone(),
        level: header.level.map_or(Level::Medium, level),
        tags: if header.tags.is_empty() {
            tags
        } else {
            own.collect()
        },
        holds: match &header.holds {
            Some(holds) => holds.iter().copied().map(role).collect(),
            None => holds.to_vec(),
        },
    })
}

/// Whom the intruder holds if a plain rule is right and does not say: the actor, and where
/// something ran on a Windows machine that machine too.
///
/// The machine that merely wrote the record is not held: a domain controller logs what others do.
pub(crate) fn usual_holds(source: &sigma::LogSource) -> &'static [Role] {
    let windows = source.product.as_deref() == Some("windows");
    let service = source.service.as_deref();
    let telemetry =
        service.is_some_and(|s| s.starts_with("powershell") || ABOUT_THE_MACHINE.contains(&s));
    if windows && (source.category.is_some() || telemetry) {
        return &[Role::Actor, Role::Host];
    }
    &[Role::Actor]
}

/// Windows logs of what is done on the machine that writes them: services and tasks that are put there, what its own
/// protection found.
const ABOUT_THE_MACHINE: [&str; 6] = [
    "sysmon",
    "system",
    "windefend",
    "taskscheduler",
    "wmi",
    "bits-client",
];

fn level(level: sigma::Level) -> Level {
    match level {
        sigma::Level::Informational => Level::Informational,
        sigma::Level::Low => Level::Low,
        sigma::Level::Medium => Level::Medium,
        sigma::Level::High => Level::High,
        sigma::Level::Critical => Level::Critical,
    }
}

fn role(holds: Holds) -> Role {
    match holds {
        Holds::Actor => Role::Actor,
        Holds::Target => Role::Target,
        Holds::Host => Role::Host,
        Holds::Origin => Role::Origin,
        Holds::Means => Role::Means,
    }
}
