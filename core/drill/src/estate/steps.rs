//! What can be switched off one at a time: one account, one computer.

use super::{
    edges::leads_somewhere,
    yaml::{Yaml, list, scalar},
};
use crate::{
    account::{Account, Role},
    machine::{Machine, Machines},
    people::People,
};

/// One thing that can be switched off.
#[derive(Default)]
pub(super) struct Step {
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) nodes: Vec<String>,
    /// From and to of the edges that go.
    pub(super) edges: Vec<(String, String)>,
    pub(super) takes_down: Vec<String>,
    /// Pounds, minutes.
    pub(super) cost: (u32, u32),
    pub(super) undo: String,
    pub(super) check: String,
    /// Connector and target.
    pub(super) carried_out: (&'static str, String),
    pub(super) only_forward: OnlyForward,
}

/// Whether a step can be taken back.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum OnlyForward {
    #[default]
    No,
    Yes,
}

impl Step {
    pub(super) fn write(&self, yaml: &mut Yaml) {
        let mut fields = vec![("id", scalar(&self.id)), ("kind", self.kind.to_owned())];
        let mut removes = Vec::new();
        if !self.nodes.is_empty() {
            removes.push(format!("nodes: {}", list(&self.nodes)));
        }
        if !self.edges.is_empty() {
            let edges = self
                .edges
                .iter()
                .map(|(from, to)| format!("{{ from: {}, to: {} }}", scalar(from), scalar(to)));
            removes.push(format!("edges: [{}]", edges.collect::<Vec<_>>().join(", ")));
        }
        fields.push(("removes", format!("{{ {} }}", removes.join(", "))));
        if !self.takes_down.is_empty() {
            fields.push(("takes_down", list(&self.takes_down)));
        }
        let (cost, minutes) = self.cost;
        fields.push(("cost", cost.to_string()));
        fields.push(("minutes", minutes.to_string()));
        if self.only_forward == OnlyForward::Yes {
            fields.push(("irreversible", "true".to_owned()));
        }
        fields.push(("undo", scalar(&self.undo)));
        fields.push(("check", scalar(&self.check)));
        let (connector, target) = &self.carried_out;
        fields.push((
            "do",
            format!("{{ connector: {connector}, target: {} }}", scalar(target)),
        ));
        yaml.block(&fields);
    }
}

pub(super) fn write(yaml: &mut Yaml, people: &People, machines: &Machines) {
    yaml.part(
        "steps",
        "Costs are people's time and what a step spoils by itself, not lost trade.",
    );
    yaml.note("One account at a time: disabled in the directory, suspended, its sessions ended.");
    for account in people
        .listed()
        .filter(|a| cost_of_disabling(a.role).is_some())
    {
        disable(account).write(yaml);
    }
    yaml.note("One computer at a time. Guests of a hypervisor are moved away first.");
    for machine in machines.servers().iter().filter(|m| leads_somewhere(m)) {
        isolate(machine).write(yaml);
    }
}

/// What it costs to do without somebody for a while; none where there is no such step, because the
/// account leads nowhere.
const fn cost_of_disabling(role: Role) -> Option<u32> {
    match role {
        Role::DeskAgent => Some(60),
        Role::PartnerVirtualisation | Role::PartnerStoreSupport | Role::TierZero => Some(120),
        Role::IdentityAdmin
        | Role::DirectoryAdmin
        | Role::VirtualisationAdmin
        | Role::BackupAdmin
        | Role::CloudAdmin
        | Role::NetworkAdmin
        | Role::DatabaseAdmin
        | Role::PaymentsEngineer => Some(250),
        Role::EdiOperator | Role::JobOperator | Role::Developer => Some(150),
        Role::Service => Some(900),
        Role::SecurityAnalyst
        | Role::Buyer
        | Role::StoreManager
        | Role::DepotManager
        | Role::FuneralDirector
        | Role::Pharmacist
        | Role::CallCentreLead
        | Role::Finance
        | Role::PeopleTeam
        | Role::Executive
        | Role::OfficeStaff
        | Role::StoreStaff
        | Role::DepotStaff
        | Role::CallCentreStaff
        | Role::FuneralStaff => None,
    }
}

fn disable(account: &Account) -> Step {
    let local = account.upn.split('@').next().unwrap_or(&account.sam);
    Step {
        id: format!("disable-account/{local}"),
        kind: "disable-account",
        nodes: vec![account.node()],
        takes_down: vec![account.node()],
        cost: (cost_of_disabling(account.role).unwrap_or(0), 4),
        undo: "enable the account, lift the suspension; the person signs in anew".to_owned(),
        check: "sign-in is refused and no session of the account is left".to_owned(),
        carried_out: ("ad", account.distinguished()),
        ..Step::default()
    }
}

fn isolate(machine: &Machine) -> Step {
    let (cost, minutes) = match machine.kind {
        "hypervisor" => (1_500, 25),
        "domain-controller" | "payment-switch" | "database" => (2_000, 10),
        _ => (600, 5),
    };
    // A hypervisor is emptied first, so that nothing but itself goes down.
    Step {
        id: format!("isolate-host/{}", machine.short),
        kind: "isolate-host",
        nodes: vec![machine.node()],
        takes_down: vec![machine.node()],
        cost: (cost, minutes),
        undo: "lift the isolation".to_owned(),
        check: "no connection to or from it but that of the responders".to_owned(),
        carried_out: ("edr", machine.fqdn()),
        ..Step::default()
    }
}
