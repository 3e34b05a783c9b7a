//! What can be switched off for many at once: ways in, consoles, links between networks.

use super::{
    console_steps::{CONSOLES, WAYS_IN},
    edges::privileged_but_resettable,
    network_steps::NETWORKS,
    steps::{OnlyForward, Step},
    yaml::Yaml,
};
use crate::{cast::Cast, machine::Machines, people::People};

/// Id, kind, nodes that go, links that go, what it takes down, pounds, minutes, how it is taken
/// back, how it is checked, connector, target.
pub(super) struct Row {
    pub(super) id: &'static str,
    pub(super) kind: &'static str,
    pub(super) nodes: &'static [&'static str],
    pub(super) links: &'static [(&'static str, &'static str)],
    pub(super) takes_down: &'static [&'static str],
    pub(super) cost: (u32, u32),
    pub(super) undo: &'static str,
    pub(super) check: &'static str,
    pub(super) carried_out: (&'static str, &'static str),
}

pub(super) fn write(yaml: &mut Yaml, people: &People, machines: &Machines, cast: &Cast<'_>) {
    let parts: [(&str, &[Row]); 3] = [
        (
            "Ways in, and what is handed out over the telephone.",
            WAYS_IN,
        ),
        ("Consoles and what they command.", CONSOLES),
        ("Networks, and what flows over them.", NETWORKS),
    ];
    for (note, rows) in parts {
        yaml.note(note);
        for row in rows {
            row.step().write(yaml);
        }
    }
    yaml.note("What touches many accounts at once.");
    restrict_resets(people).write(yaml);
    end_sessions(cast).write(yaml);
    revoke_esx_rights().write(yaml);
    reset_kerberos(machines).write(yaml);
}

impl Row {
    fn step(&self) -> Step {
        let owned = |list: &[&str]| list.iter().map(|&s| s.to_owned()).collect();
        let (connector, target) = self.carried_out;
        Step {
            id: self.id.to_owned(),
            kind: self.kind,
            nodes: owned(self.nodes),
            edges: self
                .links
                .iter()
                .map(|(f, t)| ((*f).to_owned(), (*t).to_owned()))
                .collect(),
            takes_down: owned(self.takes_down),
            cost: self.cost,
            undo: self.undo.to_owned(),
            check: self.check.to_owned(),
            carried_out: (connector, target.to_owned()),
            ..Step::default()
        }
    }
}

/// The narrow form of suspending the desk: it goes on helping 74,000 people, and privileged people
/// come to an office with a colleague who knows them.
fn restrict_resets(people: &People) -> Step {
    let edges = privileged_but_resettable(people)
        .into_iter()
        .map(|account| ("app:reset-console".to_owned(), account.node()));
    Step {
        id: "restrict-resets/privileged".to_owned(),
        kind: "restrict-resets",
        edges: edges.collect(),
        takes_down: vec!["app:privileged-resets".to_owned()],
        cost: (2_400, 12),
        undo: "give the desk's role its old resource set".to_owned(),
        check: "a reset of a privileged account by an agent is refused".to_owned(),
        carried_out: ("okta", "resource-set:desk".to_owned()),
        ..Step::default()
    }
}

fn end_sessions(cast: &Cast<'_>) -> Step {
    Step {
        id: "revoke-sessions/tier-0".to_owned(),
        kind: "revoke-sessions",
        edges: vec![(cast.scheduler.node(), cast.tier_zero.node())],
        cost: (1_500, 20),
        undo: "nothing to take back: people sign in again".to_owned(),
        check: "no session of a tier 0 account outside its own desk".to_owned(),
        carried_out: ("ad", "OU=Tier 0,DC=northgate,DC=example".to_owned()),
        ..Step::default()
    }
}

fn revoke_esx_rights() -> Step {
    let group = || "group:helpline-virtualisation".to_owned();
    Step {
        id: "revoke-right/helpline-esx-admins".to_owned(),
        kind: "revoke-right",
        edges: ["group:esx-admins", "group:vsphere-admins"]
            .map(|to| (group(), to.to_owned()))
            .to_vec(),
        cost: (350, 8),
        undo: "put the access control entries back from the saved descriptor".to_owned(),
        check: "the outsourcer's group can no longer write the members".to_owned(),
        carried_out: (
            "ad",
            "CN=ESX Admins,OU=Groups,DC=northgate,DC=example".to_owned(),
        ),
        ..Step::default()
    }
}

/// Only forward: old tickets cannot be made valid again.
fn reset_kerberos(machines: &Machines) -> Step {
    let controllers = machines.of_kind("domain-controller");
    let edges = controllers
        .iter()
        .map(|dc| (dc.node(), "group:domain-admins".to_owned()));
    Step {
        id: "rotate-krbtgt/northgate".to_owned(),
        kind: "rotate-krbtgt",
        edges: edges.collect(),
        takes_down: vec!["host:sync1".to_owned()],
        cost: (12_000, 600),
        undo: "none: tickets issued before stay invalid".to_owned(),
        check: "an old ticket is refused".to_owned(),
        carried_out: (
            "ad",
            "CN=krbtgt,CN=Users,DC=northgate,DC=example".to_owned(),
        ),
        only_forward: OnlyForward::Yes,
        ..Step::default()
    }
}
