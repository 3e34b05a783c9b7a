//! The hypervisors' day: reports, snapshots for backups, administrators, one planned change.

use super::{Turn, World};
use crate::{
    account::Role,
    chance::{Chance, Concern},
    ledger::Ledger,
    machine::{Machine, System},
    moment::{Moment, Span},
    source::{
        esxi::{Esxi, Voice},
        vcenter::Vcenter,
    },
};

const LOGIN: &str = "vim.event.UserLoginSessionEvent";
const LOGOUT: &str = "vim.event.UserLogoutSessionEvent";

const CHATTER: [&str; 4] = [
    "RecordOp ASSIGN: guest.disk, ha-host",
    "RecordOp ASSIGN: summary.quickStats, ha-host",
    "Refreshing statistics of datastore",
    "Time to gather data: 41 ms",
];

pub(super) fn write<'n>(world: &World<'n>, turns: &[Turn<'n>], ledger: &mut Ledger<'n>) {
    let mut chance = Chance::new(world.seed, Concern::Platform);
    let mut platform = Platform {
        world,
        chance: &mut chance,
        ledger,
    };
    platform.reports();
    platform.snapshots();
    platform.hypervisors();
    for turn in turns {
        let role = turn.who.role;
        if matches!(
            role,
            Role::VirtualisationAdmin | Role::PartnerVirtualisation
        ) {
            platform.administrator(turn);
        }
    }
    platform.planned_change(turns);
}

struct Platform<'w, 'n> {
    world: &'w World<'n>,
    chance: &'w mut Chance,
    ledger: &'w mut Ledger<'n>,
}

impl<'n> Platform<'_, 'n> {
    fn event(&mut self, at: Moment, (site, event): (u8, &'static str), user: &str, text: String) {
        let user = user.to_owned();
        self.ledger.vcenter.push(
            at,
            Vcenter {
                site,
                event,
                user,
                text,
            },
        );
    }

    /// The reporting account comes every few minutes.
    fn reports(&mut self) {
        let user = self.world.people.service("svc-vcenter").down_level();
        let from = self.world.machines.named("mon-1").address;
        for site in [1, 2] {
            let mut at = Moment::START + Span::ms(self.chance.between(0, 240_000));
            while at < Moment::END {
                let text = format!("User {user}@{from} logged in as report-client");
                self.event(at, (site, LOGIN), &user, text);
                let text = format!("User {user}@{from} logged out (login time: {})", at.iso());
                self.event(at + Span::seconds(20), (site, LOGOUT), &user, text);
                at = at + Span::ms(self.chance.between(230_000, 250_000));
            }
        }
    }

    /// Each guest is frozen for its backup.
    fn snapshots(&mut self) {
        let user = self.world.people.service("svc-backup").down_level();
        let guests = self.world.machines.servers().iter();
        let guests: Vec<&Machine> = guests
            .filter(|m| matches!(m.system, System::Windows | System::Linux))
            .collect();
        for guest in guests {
            let name = &guest.short;
            let at = Moment::clock(0, 10) + Span::ms(self.chance.between(0, 10_000_000));
            for (after, event, text) in [
                (
                    0,
                    "vim.event.TaskEvent",
                    "Task: Create virtual machine snapshot",
                ),
                (
                    9,
                    "vim.event.VmReconfiguredEvent",
                    "Reconfigured for backup",
                ),
                (600, "vim.event.TaskEvent", "Task: Remove snapshot"),
            ] {
                let text = format!("{text} {name}");
                self.event(at + Span::seconds(after), (1, event), &user, text);
            }
        }
    }

    /// Hypervisors talk to themselves.
    fn hypervisors(&mut self) {
        for on in self.world.machines.running(System::Hypervisor) {
            let mut at = Moment::START + Span::ms(self.chance.between(0, 120_000));
            while at < Moment::END {
                let voice = match self.chance.below(40) {
                    0 => Voice::Observed {
                        name: "vob.scsi.device.io.latency.high",
                        text: "Device naa.6006016 performance has deteriorated".to_owned(),
                    },
                    1 => Voice::Event {
                        user: "vpxuser".to_owned(),
                        text: "User vpxuser@127.0.0.1 logged in as VMware-client".to_owned(),
                    },
                    _ => Voice::Chatter(self.chance.pick::<&'static str>(&CHATTER)),
                };
                self.ledger.hypervisors.push(at, Esxi { on, voice });
                at = at + Span::ms(self.chance.between(150_000, 330_000));
            }
        }
    }

    /// An administrator's sessions, from the jump host as always.
    fn administrator(&mut self, turn: &Turn<'n>) {
        let partner = turn.who.role.is_partner();
        let jump = if partner { "jump-partner-1" } else { "jump-1" };
        let from = self.world.machines.named(jump).address;
        let user = turn.who.down_level();
        for _ in 0..4 {
            let (at, site) = (turn.some_time(self.chance), *self.chance.pick(&[1, 2]));
            let text = format!("User {user}@{from} logged in as VMware-client/8.0");
            self.event(at, (site, LOGIN), &user, text);
            let machine = self.chance.pick(self.world.machines.servers());
            let text = format!(
                "Reconfigured {} on esx-a02.northgate.example",
                machine.short
            );
            let event = (site, "vim.event.VmReconfiguredEvent");
            self.event(at + Span::minutes(6), event, &user, text);
            let text = format!("User {user}@{from} logged out");
            self.event(at + Span::minutes(31), (site, LOGOUT), &user, text);
        }
    }

    /// A driver is replaced on one hypervisor: shell on, shell off, all within the hour.
    fn planned_change(&mut self, turns: &[Turn<'n>]) {
        let admin = turns
            .iter()
            .find(|t| t.who.role == Role::VirtualisationAdmin);
        let Some(turn) = admin else { return };
        let on = self.world.machines.named("esx-b04");
        let user = turn.who.down_level();
        let at = turn.from + Span::minutes(90);
        let host = on.fqdn();
        for (after, event, text) in [
            (
                0,
                "vim.event.EnteredMaintenanceModeEvent",
                format!("Host {host} has entered maintenance mode"),
            ),
            (
                4,
                "esx.audit.ssh.enabled",
                format!("SSH access has been enabled on the host {host}"),
            ),
            (
                26,
                "esx.audit.ssh.disabled",
                format!("SSH access has been disabled on the host {host}"),
            ),
            (
                31,
                "vim.event.ExitMaintenanceModeEvent",
                format!("Host {host} has exited maintenance mode"),
            ),
        ] {
            self.event(at + Span::minutes(after), (2, event), &user, text);
        }
        self.hypervisors_side_of_it(on, at, &format!("vpxuser:{user}"));
    }

    /// The same change as the hypervisor itself notes it.
    fn hypervisors_side_of_it(&mut self, on: &'n Machine, at: Moment, user: &str) {
        let root = format!("'root@{}'", self.world.machines.named("jump-1").address);
        let event = |text: &str| Voice::Event {
            user: user.to_owned(),
            text: text.to_owned(),
        };
        let observed = |name, text: &str| Voice::Observed {
            name,
            text: format!("SSH session was {text} for {root}."),
        };
        for (after, voice) in [
            (4, event("SSH access has been enabled.")),
            (9, observed("vob.user.ssh.session.opened", "opened")),
            (
                11,
                Voice::Shell("esxcli software vib update -d /vmfs/volumes/ds-b/driver.zip"),
            ),
            (22, observed("vob.user.ssh.session.closed", "closed")),
            (26, event("SSH access has been disabled.")),
        ] {
            let at = at + Span::minutes(after);
            self.ledger.hypervisors.push(at, Esxi { on, voice });
        }
    }
}
