//! What domain controllers and servers note: tickets, logons, and the round of service accounts.

use super::{Turn, World};
use crate::{
    account::Role,
    chance::{Chance, Concern},
    estate::GROUPS,
    ledger::Ledger,
    machine::{Machine, System},
    moment::{Moment, Span},
    place::Ip,
    source::windows::{Act, Who, Windows},
};

pub(super) fn write<'n>(world: &World<'n>, turns: &[Turn<'n>], ledger: &mut Ledger<'n>) {
    let mut chance = Chance::new(world.seed, Concern::Domain);
    let mut domain = Domain {
        controllers: world.machines.of_kind("domain-controller"),
        servers: world.machines.running(System::Windows),
        shares: [
            "file-1",
            "file-2",
            "file-3",
            "print-1",
            "crm-1",
            "bi-1",
            "order-app-1",
        ]
        .map(|short| world.machines.named(short)),
        world,
        chance: &mut chance,
        ledger,
    };
    for turn in turns {
        domain.turn(turn);
    }
    domain.monitoring();
    domain.backups();
    domain.replication();
    domain.services();
    domain.group_changes(turns);
    domain.tier_zero_work();
}

struct Domain<'w, 'n> {
    controllers: Vec<&'n Machine>,
    servers: Vec<&'n Machine>,
    shares: [&'n Machine; 7],
    world: &'w World<'n>,
    chance: &'w mut Chance,
    ledger: &'w mut Ledger<'n>,
}

impl<'n> Domain<'_, 'n> {
    fn push(&mut self, at: Moment, on: &'n Machine, act: Act<'n>) {
        self.ledger.security.push(at, Windows { on, act });
    }

    /// A person's tickets and logons.
    fn turn(&mut self, turn: &Turn<'n>) {
        let from = turn.who.seat.inside;
        let (person, device) = (Who::Account(turn.who), Who::DeviceOf(turn.who));
        let controller = *self.chance.pick(&self.controllers);
        let start = turn.from + Span::ms(self.chance.between(0, 600_000));
        for (after, who) in [(0, device), (40_000, person)] {
            self.push(
                start + Span::ms(after),
                controller,
                Act::AskedForTicketGranting { who, from },
            );
        }
        if self.chance.percent(6) {
            self.push(
                start + Span::seconds(30),
                controller,
                Act::Refused { who: person, from },
            );
        }
        for _ in 0..turn.hours() * 5 {
            let at = turn.some_time(self.chance);
            self.use_share((person, from), at, controller);
        }
        for _ in 0..turn.hours() {
            let at = turn.some_time(self.chance);
            let service = *self.chance.pick(&self.controllers);
            self.push(
                at,
                controller,
                Act::AskedForService {
                    who: device,
                    service,
                    from,
                },
            );
            self.visit((device, from), at + Span::ms(300), service);
        }
        if self.chance.percent(12) {
            let at = turn.some_time(self.chance);
            self.push(at, controller, Act::CheckedByNtlm { who: person });
        }
    }

    fn use_share(&mut self, (who, from): (Who<'n>, Ip), at: Moment, controller: &'n Machine) {
        let service = *self.chance.pick(&self.shares);
        self.push(at, controller, Act::AskedForService { who, service, from });
        self.visit((who, from), at + Span::ms(150), service);
    }

    /// A logon over the network and its end.
    fn visit(&mut self, (who, from): (Who<'n>, Ip), at: Moment, on: &'n Machine) {
        let session = self.chance.below(u64::MAX);
        self.push(
            at,
            on,
            Act::LoggedOn {
                who,
                kind: 3,
                from,
                session,
            },
        );
        let end = at + Span::ms(self.chance.between(4_000, 900_000));
        self.push(
            end,
            on,
            Act::LoggedOff {
                who,
                kind: 3,
                session,
            },
        );
    }

    fn privileged_visit(&mut self, (who, from): (Who<'n>, Ip), at: Moment, on: &'n Machine) {
        let session = self.chance.below(u64::MAX);
        self.push(
            at,
            on,
            Act::LoggedOn {
                who,
                kind: 3,
                from,
                session,
            },
        );
        self.push(at + Span::ms(2), on, Act::GivenPrivileges { who, session });
        self.push(
            at + Span::seconds(9),
            on,
            Act::LoggedOff {
                who,
                kind: 3,
                session,
            },
        );
    }

    /// Every server is asked how it is, four times an hour.
    fn monitoring(&mut self) {
        let who = Who::Account(self.world.people.service("svc-monitor"));
        let from = self.world.machines.named("mon-1").address;
        for on in self.servers.clone() {
            let mut at = Moment::START + Span::ms(self.chance.between(0, 900_000));
            while at < Moment::END {
                self.visit((who, from), at, on);
                at = at + Span::ms(self.chance.between(890_000, 910_000));
            }
        }
    }

    /// Every server is backed up in the night, by both ends of it that fall into the day.
    fn backups(&mut self) {
        let who = Who::Account(self.world.people.service("svc-backup"));
        let from = self.world.machines.named("backup-1").address;
        for on in self.servers.clone() {
            for hour in [0, 21] {
                let at = Moment::clock(hour, 0) + Span::ms(self.chance.between(0, 9_000_000));
                for step in 0..4 {
                    self.privileged_visit((who, from), at + Span::minutes(step * 4), on);
                }
            }
        }
    }

    /// Domain controllers talk to each other all day.
    fn replication(&mut self) {
        for on in self.controllers.clone() {
            let mut at = Moment::START + Span::ms(self.chance.between(0, 90_000));
            while at < Moment::END {
                let other = *self.chance.pick(&self.controllers);
                self.privileged_visit((Who::Machine(other), other.address), at, on);
                at = at + Span::ms(self.chance.between(80_000, 200_000));
            }
        }
    }

    /// Windows services start and stop.
    fn services(&mut self) {
        const NAMES: [&str; 5] = [
            "Windows Update",
            "Background Intelligent Transfer Service",
            "Software Protection",
            "Volume Shadow Copy",
            "WMI Performance Adapter",
        ];
        for on in self.servers.clone() {
            for _ in 0..24 {
                let at = Moment::at_ms(self.chance.between(0, Moment::END.as_ms()));
                let name = *self.chance.pick(&NAMES);
                for (after, state) in [(0, "running"), (240, "stopped")] {
                    let act = Act::ServiceState { name, state };
                    self.ledger
                        .system
                        .push(at + Span::seconds(after), Windows { on, act });
                }
            }
        }
    }

    /// People join groups that give them folders and reports.
    fn group_changes(&mut self, turns: &[Turn<'n>]) {
        let ordinary: Vec<_> = GROUPS
            .iter()
            .filter(|(id, ..)| {
                matches!(*id, "buyers" | "store-managers" | "finance" | "call-centre")
            })
            .collect();
        let by: Vec<&Turn<'n>> = turns
            .iter()
            .filter(|t| t.who.role == Role::DirectoryAdmin)
            .collect();
        if by.is_empty() {
            return;
        }
        for _ in 0..24 {
            let turn = **self.chance.pick(&by);
            let (at, group) = (turn.some_time(self.chance), *self.chance.pick(&ordinary));
            let member = self.chance.pick(turns).who;
            let on = *self.chance.pick(&self.controllers);
            self.push(
                at,
                on,
                Act::AddedToGlobalGroup {
                    by: turn.who,
                    member,
                    group,
                },
            );
        }
    }

    /// The highest accounts at work: on domain controllers, and on the scheduler, where one of them
    /// is left signed in.
    fn tier_zero_work(&mut self) {
        let jump = self.world.machines.named("jump-1").address;
        for account in self.world.people.of(Role::TierZero) {
            for _ in 0..3 {
                let at = Moment::clock(7, 0) + Span::ms(self.chance.between(0, 28_000_000));
                let on = *self.chance.pick(&self.controllers);
                self.privileged_visit((Who::Account(account), jump), at, on);
            }
        }
        let (who, on) = (
            Who::Account(self.world.cast.tier_zero),
            self.world.cast.scheduler,
        );
        let session = self.chance.below(u64::MAX);
        let at = Moment::clock(9, 40);
        self.push(
            at,
            on,
            Act::LoggedOn {
                who,
                kind: 10,
                from: jump,
                session,
            },
        );
        self.push(at + Span::ms(3), on, Act::GivenPrivileges { who, session });
    }
}
