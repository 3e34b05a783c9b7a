//! In which order a plan's steps are carried out.
//!
//! In the order that loses least to the intruder if they start at the same moment (`soonest`). Among orders that are as good in
//! that, identities come first, so that nothing can sign in anew; then their sessions, so that nothing signed
//! in goes on; then the network, so that what is left cannot travel; then the rest. Within each, what
//! is held goes first, then what is done soonest, an unknown time last, and ids decide what remains.

mod soonest;

use std::collections::BTreeSet;

use cordon_model::{NodeIx, StepIx};

use crate::{Question, target::held};

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

/// Steps in the order of carrying them out.
pub(crate) fn in_order(question: &Question<'_>, steps: Vec<StepIx>) -> Vec<StepIx> {
    soonest::soonest(question, &usual(question, steps))
}

/// The order that does not look at the race.
fn usual(question: &Question<'_>, mut steps: Vec<StepIx>) -> Vec<StepIx> {
    let estate = question.estate;
    let held: BTreeSet<NodeIx> = held(question).into_iter().collect();
    steps.sort_by_key(|&ix| {
        let step = estate.step(ix);
        let is_held = step.removes_nodes.iter().any(|node| held.contains(node));
        (
            wave(step.kind.as_str()),
            !is_held,
            (step.minutes.is_none(), &step.minutes),
            &step.id,
        )
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
