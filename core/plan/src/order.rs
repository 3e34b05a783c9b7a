//! In which order a plan's steps are carried out.
//!
//! Identities first, so that nothing can sign in anew; then their sessions, so that nothing signed
//! in goes on; then the network, so that what is left cannot travel; then the rest. Within each, what
//! is held goes first, then what is done soonest, an unknown time last, and ids decide what remains.

use std::collections::BTreeSet;

use cordon_model::{Estate, NodeIx, StepIx};

/// What a step does first of all, in the order of carrying out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wave {
    /// It disables an identity.
    Identity,
    /// It ends what the identity began.
    Session,
    /// It cuts the network.
    Network,
    /// It does something else.
    Rest,
}

/// Sorts steps into the order of carrying them out.
pub(crate) fn in_order(
    estate: &Estate,
    held: &BTreeSet<NodeIx>,
    mut steps: Vec<StepIx>,
) -> Vec<StepIx> {
    let elsewhere = |ix| {
        !estate
            .step(ix)
            .removes_nodes
            .iter()
            .any(|node| held.contains(node))
    };
    steps.sort_by(|&a, &b| {
        let held_first = elsewhere(a).cmp(&elsewhere(b));
        let (a, b) = (estate.step(a), estate.step(b));
        let quick = |minutes: &Option<_>| minutes.is_none();
        wave(a.kind.as_str())
            .cmp(&wave(b.kind.as_str()))
            .then(held_first)
            .then_with(|| quick(&a.minutes).cmp(&quick(&b.minutes)))
            .then_with(|| a.minutes.cmp(&b.minutes))
            .then_with(|| a.id.cmp(&b.id))
    });
    steps
}

/// A kind's wave, by the verb it begins with: kinds are open words, so a kind nobody has described
/// yet falls into its place if it is named like its fellows, and else comes last.
pub fn wave(kind: &str) -> Wave {
    let (verb, object) = kind.split_once('-').unwrap_or((kind, ""));
    match (verb, object) {
        // It takes the lifetime of a ticket, and nothing may wait for that.
        ("rotate", "krbtgt") => Wave::Rest,
        ("revoke", "right" | "role")
        | ("restrict", "resets")
        | ("disable" | "suspend" | "lock" | "reset" | "rotate" | "remove" | "force", _) => {
            Wave::Identity
        }
        ("revoke" | "kill" | "expire" | "terminate", _) | ("sign", "out") | ("end", "sessions") => {
            Wave::Session
        }
        (
            "block" | "isolate" | "close" | "cut" | "segment" | "quarantine" | "disconnect"
            | "part" | "lockdown",
            _,
        ) => Wave::Network,
        _ => Wave::Rest,
    }
}

#[cfg(test)]
mod tests {
    use super::{Wave, wave};

    #[test]
    fn identities_come_before_sessions_before_networks_before_the_rest() {
        for (kind, expect) in [
            ("disable-account", Wave::Identity),
            ("reset-password", Wave::Identity),
            ("restrict-resets", Wave::Identity),
            ("restrict-vault", Wave::Rest),
            ("suspend-service-desk-resets", Wave::Identity),
            ("revoke-right", Wave::Identity),
            ("revoke-sessions", Wave::Session),
            ("revoke-cloud-keys", Wave::Session),
            ("end-sessions", Wave::Session),
            ("isolate-host", Wave::Network),
            ("block-vpn", Wave::Network),
            ("close-vpn", Wave::Network),
            ("rotate-service-secret", Wave::Identity),
            ("rotate-krbtgt", Wave::Rest),
            ("stop-directory-sync", Wave::Rest),
            ("power-down-host", Wave::Rest),
            ("end-of-day", Wave::Rest),
            ("isolate", Wave::Network),
            ("", Wave::Rest),
        ] {
            assert_eq!(wave(kind), expect, "{kind}");
        }
    }
}
