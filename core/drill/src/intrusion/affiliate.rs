//! With a bought password: over the VPN to a server, the directory, a tunnel, a domain controller's
//! disk, and a hypervisor that sees no more.

use cordon_model::NodeId;

use crate::{
    cast::Guest,
    chance::{Chance, Concern},
    day::World,
    ledger::Ledger,
    log::Part,
    machine::Machine,
    moment::{Moment, Span},
    place::Ip,
    program::{Program, REVERSE_TUNNEL, SECOND_TOOL, SWEEPING_THE_DIRECTORY},
    source::{
        esxi::{Esxi, Voice},
        fortigate::{self, Tunnel},
        sysmon::{self, Sysmon},
        vcenter::{Vcenter, disk_attached},
        windows::{self, Who, Windows},
    },
    truth::{Held, Stage},
};

/// Writes the intrusion into the ledger, and says what is held since when.
pub(super) fn pass<'n>(world: &World<'n>, intrusion: usize, ledger: &mut Ledger<'n>) -> Vec<Held> {
    let mut chance = Chance::new(world.seed ^ 1, Concern::Affiliate);
    let mut story = Story {
        guest: &world.cast.affiliate,
        session: chance.below(u64::MAX),
        chance,
        ledger,
        intrusion,
    };
    let (first, second) = (
        world.machines.named("bi-1"),
        world.machines.named("config-1"),
    );
    let hypervisor = world.machines.named("esx-b07");
    story.comes_in();
    story.reads(first);
    story.stays(second, first.address);
    story.takes_the_disk(first.address);
    story.blinds(hypervisor);
    let held = |node: String, minutes: i64| Held {
        node: NodeId::new(node),
        since: story.at(minutes, 0).timestamp(),
        intrusion,
    };
    vec![
        held(story.guest.victim.node(), 0),
        held(first.node(), 14),
        held(second.node(), 66),
        held(hypervisor.node(), 164),
    ]
}

struct Story<'w, 'n> {
    guest: &'n Guest<'n>,
    chance: Chance,
    ledger: &'w mut Ledger<'n>,
    intrusion: usize,
    session: u64,
}

impl<'n> Story<'_, 'n> {
    /// So long after the tunnel came up.
    fn at(&self, minutes: i64, seconds: i64) -> Moment {
        self.guest.at + Span::minutes(minutes) + Span::seconds(seconds)
    }

    fn part(&self, stage: Stage) -> Part {
        Part {
            intrusion: self.intrusion,
            stage,
        }
    }

    fn comes_in(&mut self) {
        let number = self.chance.below(u64::MAX);
        let up = self.guest.at;
        let mut records = vec![
            (up + Span::seconds(-95), fortigate::Act::LoginFailed),
            (up + Span::seconds(-50), fortigate::Act::LoginFailed),
            (up, fortigate::Act::Up),
        ];
        let counted = (1..28).map(|n| (up + Span::minutes(10 * n), fortigate::Act::Statistics));
        records.extend(counted);
        for (at, act) in records {
            let record = Tunnel {
                act,
                who: self.guest.victim,
                seat: &self.guest.seat,
                number,
                up_for: Span::ms((at - up).as_ms().max(0)),
            };
            self.ledger
                .tunnels
                .mark(at, self.part(Stage::RemoteAccess), record);
        }
    }

    fn logs_on(&mut self, at: Moment, (on, from): (&'n Machine, Ip), stage: Stage) {
        let (who, session) = (Who::Account(self.guest.victim), self.session);
        for (after, act) in [
            (
                0,
                windows::Act::LoggedOn {
                    who,
                    kind: 10,
                    from,
                    session,
                },
            ),
            (4, windows::Act::GivenPrivileges { who, session }),
        ] {
            let at = at + Span::ms(after);
            self.ledger
                .security
                .mark(at, self.part(stage), Windows { on, act });
        }
    }

    fn runs(&mut self, at: Moment, (on, program): (&'n Machine, &'static Program), stage: Stage) {
        let record = Sysmon {
            on,
            user: Some(self.guest.victim),
            act: sysmon::Act::Started(program),
            session: self.session,
        };
        self.ledger.sysmon.mark(at, self.part(stage), record);
        let act = windows::Act::Started {
            who: Who::Account(self.guest.victim),
            program,
            session: self.session,
        };
        let at = at + Span::ms(3);
        self.ledger
            .security
            .mark(at, self.part(stage), Windows { on, act });
    }

    /// On the server with the reports.
    fn reads(&mut self, on: &'n Machine) {
        let from = self.guest.seat.inside;
        self.logs_on(self.at(14, 0), (on, from), Stage::RemoteAccess);
        let mut at = self.at(19, 0);
        for program in SWEEPING_THE_DIRECTORY {
            self.runs(at, (on, program), Stage::Discovery);
            at = at + Span::ms(self.chance.between(60_000, 200_000));
        }
        self.runs(self.at(41, 0), (on, REVERSE_TUNNEL), Stage::Tunnel);
        let connected = Sysmon {
            on,
            user: Some(self.guest.victim),
            act: sysmon::Act::Connected {
                image: REVERSE_TUNNEL.image,
                to: Ip([203, 0, 113, 249]),
                port: 443,
            },
            session: self.session,
        };
        let at = self.at(41, 2);
        self.ledger
            .sysmon
            .mark(at, self.part(Stage::Tunnel), connected);
    }

    /// On the server that distributes software.
    fn stays(&mut self, on: &'n Machine, from: Ip) {
        let stage = Stage::Persistence;
        self.logs_on(self.at(66, 0), (on, from), stage);
        self.runs(self.at(71, 0), (on, SECOND_TOOL), stage);
        let by = self.guest.victim;
        for (second, act) in [
            (
                9,
                windows::Act::ServiceInstalled {
                    by,
                    name: "ScreenConnect Client (5f1c29d0)",
                    image: SECOND_TOOL.image,
                },
            ),
            (
                12,
                windows::Act::ServiceState {
                    name: "ScreenConnect Client (5f1c29d0)",
                    state: "running",
                },
            ),
        ] {
            let at = self.at(71, second);
            self.ledger
                .system
                .mark(at, self.part(stage), Windows { on, act });
        }
    }

    fn console(&mut self, minute: i64, stage: Stage, (event, text): (&'static str, String)) {
        let at = self.at(minute, 0) + Span::ms(self.chance.between(500, 20_000));
        let user = self.guest.victim.down_level();
        let record = Vcenter {
            site: 2,
            event,
            user,
            text,
        };
        self.ledger.vcenter.mark(at, self.part(stage), record);
    }

    fn takes_the_disk(&mut self, from: Ip) {
        let user = self.guest.victim.down_level();
        let login = format!("User {user}@{from} logged in as Mozilla/5.0");
        let off = "dc3 on  esx-b02.northgate.example in DC-South is powered off".to_owned();
        for (minute, stage, event) in [
            (
                104,
                Stage::HypervisorLogin,
                ("vim.event.UserLoginSessionEvent", login),
            ),
            (128, Stage::DiskSwap, ("vim.event.VmPoweredOffEvent", off)),
            (133, Stage::DiskSwap, disk_attached("wms-app-1", "dc3")),
        ] {
            self.console(minute, stage, event);
        }
    }

    /// The hypervisor's log goes nowhere, and unsigned programs may run on it.
    fn blinds(&mut self, on: &'n Machine) {
        let host = on.fqdn();
        let shell = format!("SSH access has been enabled on the host {host}");
        self.console(
            164,
            Stage::HypervisorShell,
            ("esx.audit.ssh.enabled", shell),
        );
        let user = format!("vpxuser:{}", self.guest.victim.down_level());
        let event = |text: &str| Voice::Event {
            user: user.clone(),
            text: text.to_owned(),
        };
        let root = format!("'root@{}'", self.guest.seat.inside);
        let opened = Voice::Observed {
            name: "vob.user.ssh.session.opened",
            text: format!("SSH session was opened for {root}."),
        };
        for (second, stage, voice) in [
            (
                4,
                Stage::HypervisorShell,
                event("SSH access has been enabled."),
            ),
            (
                50,
                Stage::Blinding,
                event("Administrator access to the host has been enabled."),
            ),
            (120, Stage::HypervisorShell, opened),
            (
                190,
                Stage::Blinding,
                Voice::Shell("esxcli system syslog config set --loghost="),
            ),
            (
                260,
                Stage::Blinding,
                Voice::Shell("esxcli software acceptance set --level CommunitySupported"),
            ),
        ] {
            let at = self.at(164, second);
            self.ledger
                .hypervisors
                .mark(at, self.part(stage), Esxi { on, voice });
        }
    }
}
