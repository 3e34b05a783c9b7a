//! What starts, connects and asks for names on servers and on the desks of those who run them.

use super::{Turn, World};
use crate::{
    account::Account,
    chance::{Chance, Concern},
    ledger::Ledger,
    machine::{Machine, System},
    moment::{Moment, Span},
    place::Ip,
    program::{ADMINISTRATION, JOBS, ON_DESKS, ON_SERVERS, Program},
    source::{
        sysmon::{Act, Sysmon},
        windows::{self, Who, Windows},
    },
};

/// Names that computers ask for all day.
const NAMES: [&str; 6] = [
    "dc1.northgate.example",
    "file-1.northgate.example",
    "settings.updates.example",
    "northgate.sharepoint.example",
    "intranet.northgate.example",
    "order-app-1.northgate.example",
];

const SVCHOST: &str = r"C:\Windows\System32\svchost.exe";
const EDGE: &str = r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe";

pub(super) fn write<'n>(world: &World<'n>, turns: &[Turn<'n>], ledger: &mut Ledger<'n>) {
    let mut chance = Chance::new(world.seed, Concern::Processes);
    let mut desks = Desks {
        world,
        chance: &mut chance,
        ledger,
    };
    for server in world.machines.running(System::Windows) {
        desks.server(server);
    }
    desks.jobs();
    for turn in turns {
        if let Some(desk) = world.machines.workstation_of(&turn.who.sam) {
            desks.desk(turn, desk);
        }
    }
}

struct Desks<'w, 'n> {
    world: &'w World<'n>,
    chance: &'w mut Chance,
    ledger: &'w mut Ledger<'n>,
}

impl<'n> Desks<'_, 'n> {
    fn push(&mut self, at: Moment, on: &'n Machine, user: Option<&'n Account>, act: Act) {
        let session = self.chance.below(u64::MAX);
        self.ledger.sysmon.push(
            at,
            Sysmon {
                on,
                user,
                act,
                session,
            },
        );
    }

    fn address(&mut self) -> Ip {
        let servers = self.world.machines.servers();
        self.chance.pick(servers).address
    }

    /// A server by itself: tasks, probes, connections.
    fn server(&mut self, on: &'n Machine) {
        for _ in 0..330 {
            let at = Moment::at_ms(self.chance.between(0, Moment::END.as_ms()));
            let program = self.chance.pick(ON_SERVERS);
            self.push(at, on, None, Act::Started(program));
            if self.chance.percent(14) {
                self.audited(at, on, program);
            }
        }
        for _ in 0..310 {
            let at = Moment::at_ms(self.chance.between(0, Moment::END.as_ms()));
            let to = self.address();
            let port = *self.chance.pick(&[53, 88, 135, 389, 443, 445, 1433]);
            self.push(
                at,
                on,
                None,
                Act::Connected {
                    image: SVCHOST,
                    to,
                    port,
                },
            );
        }
        for _ in 0..150 {
            let at = Moment::at_ms(self.chance.between(0, Moment::END.as_ms()));
            let name = *self.chance.pick(&NAMES);
            self.push(
                at,
                on,
                None,
                Act::NameAsked {
                    image: SVCHOST,
                    name,
                },
            );
        }
    }

    /// The same start as the audit policy notes it.
    fn audited(&mut self, at: Moment, on: &'n Machine, program: &'static Program) {
        let session = self.chance.below(u64::MAX);
        let act = windows::Act::Started {
            who: Who::Machine(on),
            program,
            session,
        };
        self.ledger
            .security
            .push(at + Span::ms(4), Windows { on, act });
    }

    /// The scheduler's runs: prices by the half hour, orders in the evening, terminals before dawn.
    fn jobs(&mut self) {
        let on = self.world.cast.scheduler;
        let user = self.world.people.service("svc-jobs");
        let mut at = Moment::clock(0, 7);
        while at < Moment::END {
            let program = self.chance.pick(JOBS);
            self.push(at, on, Some(user), Act::Started(program));
            at = at + Span::ms(self.chance.between(40_000, 160_000));
        }
    }

    /// A desk of somebody who runs systems.
    fn desk(&mut self, turn: &Turn<'n>, on: &'n Machine) {
        for _ in 0..turn.hours() * 22 {
            let (at, program) = (turn.some_time(self.chance), self.chance.pick(ON_DESKS));
            self.push(at, on, Some(turn.who), Act::Started(program));
            let name = *self.chance.pick(&NAMES);
            self.push(
                at + Span::ms(90),
                on,
                Some(turn.who),
                Act::NameAsked { image: EDGE, name },
            );
            let to = self.address();
            let connected = Act::Connected {
                image: EDGE,
                to,
                port: 443,
            };
            self.push(at + Span::ms(140), on, Some(turn.who), connected);
        }
        for _ in 0..2 {
            let (at, program) = (
                turn.some_time(self.chance),
                self.chance.pick(ADMINISTRATION),
            );
            self.push(at, on, Some(turn.who), Act::Started(program));
        }
        let written = Act::FileWritten {
            image: EDGE,
            file: r"C:\Users\Public\Downloads\release-notes.pdf",
        };
        let at = turn.some_time(self.chance);
        self.push(at, on, Some(turn.who), written);
    }
}
