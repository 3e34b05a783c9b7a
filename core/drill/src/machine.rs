//! Every computer of Northgate that is more than a till or a desk.

mod table;

pub(crate) use table::ZONES;
use table::{DEPOTS, TABLE};

use crate::{people::People, place::Ip};

/// What a machine runs, and so which logs it writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum System {
    Windows,
    Linux,
    Hypervisor,
    Appliance,
}

/// One computer.
#[derive(Debug, Clone)]
pub(crate) struct Machine {
    /// `dc1`.
    pub(crate) short: String,
    /// Its kind as the estate says it.
    pub(crate) kind: &'static str,
    /// What it is.
    pub(crate) name: String,
    /// The zone it stands in, without `zone:`.
    pub(crate) zone: &'static str,
    pub(crate) system: System,
    pub(crate) address: Ip,
}

impl Machine {
    /// `dc1.northgate.example`.
    pub(crate) fn fqdn(&self) -> String {
        format!("{}.northgate.example", self.short)
    }

    /// `host:dc1`.
    pub(crate) fn node(&self) -> String {
        format!("host:{}", self.short)
    }

    /// `DC1$`.
    pub(crate) fn account(&self) -> String {
        format!("{}$", self.short.to_uppercase())
    }
}

/// How many hypervisors each site has.
pub(crate) const HYPERVISORS_PER_SITE: usize = 10;

/// All machines.
#[derive(Debug)]
pub(crate) struct Machines {
    all: Vec<Machine>,
    workstations: Vec<(String, Machine)>,
}

impl Machines {
    pub(crate) fn new(people: &People) -> Self {
        let mut all: Vec<Machine> = TABLE.lines().filter_map(machine).collect();
        for (site, n) in ["a", "b"]
            .into_iter()
            .flat_map(|s| (1..=HYPERVISORS_PER_SITE).map(move |n| (s, n)))
        {
            all.push(Machine {
                short: format!("esx-{site}{n:02}"),
                kind: "hypervisor",
                name: format!("Hypervisor {n}, site {site}"),
                zone: "virtualisation-mgmt",
                system: System::Hypervisor,
                address: Ip([10, 11, if site == "a" { 1 } else { 2 }, byte(n)]),
            });
        }
        for (n, depot) in DEPOTS.iter().enumerate() {
            all.push(Machine {
                short: format!("depot-{depot}"),
                kind: "depot-server",
                name: format!("Depot server {depot}"),
                zone: "depots",
                system: System::Windows,
                address: Ip([10, 24, 1, byte(n + 1)]),
            });
        }
        number(&mut all);
        let watched = people.all().iter().filter(|a| a.role.runs_systems());
        let workstations = watched
            .enumerate()
            .map(|(n, account)| {
                let machine = Machine {
                    short: format!("ws-{}", 1_400 + n * 7),
                    kind: "workstation",
                    name: format!("Workstation of {}", account.display),
                    zone: "office-lan",
                    system: System::Windows,
                    address: Ip([10, 41, 0, byte(n + 2)]),
                };
                (account.sam.clone(), machine)
            })
            .collect();
        Self { all, workstations }
    }

    /// All but workstations.
    pub(crate) fn servers(&self) -> &[Machine] {
        &self.all
    }

    /// Workstations of those who run systems, each with the short name of its user's account.
    pub(crate) fn workstations(&self) -> &[(String, Machine)] {
        &self.workstations
    }

    /// All of a system.
    pub(crate) fn running(&self, system: System) -> Vec<&Machine> {
        self.all.iter().filter(|m| m.system == system).collect()
    }

    /// All of a kind.
    pub(crate) fn of_kind(&self, kind: &str) -> Vec<&Machine> {
        self.all.iter().filter(|m| m.kind == kind).collect()
    }

    /// A machine by its short name.
    pub(crate) fn named(&self, short: &str) -> &Machine {
        let found = self.all.iter().find(|m| m.short == short);
        found.unwrap_or_else(|| unreachable!("{short} stands in the table of machines"))
    }

    /// The workstation of somebody who runs systems.
    pub(crate) fn workstation_of(&self, sam: &str) -> Option<&Machine> {
        self.workstations
            .iter()
            .find(|(user, _)| user == sam)
            .map(|(_, machine)| machine)
    }

    /// The hypervisor that somebody picked by number, counting round.
    pub(crate) fn hypervisor(&self, n: usize) -> &Machine {
        let all = self.running(System::Hypervisor);
        all.get(n % all.len().max(1))
            .unwrap_or_else(|| unreachable!("there are hypervisors"))
    }
}

/// Reads `name | kind | zone | system | what it is`.
fn machine(row: &'static str) -> Option<Machine> {
    let mut cells = row.split(" | ");
    let (short, kind, zone) = (cells.next()?, cells.next()?, cells.next()?);
    let system = match cells.next()? {
        "windows" => System::Windows,
        "linux" => System::Linux,
        _ => System::Appliance,
    };
    Some(Machine {
        short: short.to_owned(),
        kind,
        name: cells.next()?.to_owned(),
        zone,
        system,
        address: Ip([10, 0, 0, 0]),
    })
}

/// Gives every machine that has none an address of its zone.
fn number(all: &mut [Machine]) {
    for (zone, second, _) in ZONES {
        let waiting = all
            .iter_mut()
            .filter(|m| m.zone == zone && m.address.0 == [10, 0, 0, 0]);
        for (n, machine) in waiting.enumerate() {
            machine.address = Ip([10, second, 4, byte(n + 10)]);
        }
    }
}

fn byte(n: usize) -> u8 {
    u8::try_from(n).unwrap_or(u8::MAX)
}
