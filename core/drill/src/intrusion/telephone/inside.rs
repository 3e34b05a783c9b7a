//! Inside: the directory is read, a tool stays, rights are added, the hypervisors' console opens.

use super::Story;
use crate::{
    account::Account,
    estate::{GROUPS, Group},
    machine::Machine,
    moment::{Moment, Span},
    place::Ip,
    program::{
        Program, READING_FROM_THE_SCHEDULER, READING_THE_DIRECTORY, REMOTE_TOOL,
        REMOTE_TOOL_SERVICE,
    },
    source::{
        entra::{Activity, Audit},
        esxi::{Esxi, Voice},
        sysmon::{self, Sysmon},
        vcenter::Vcenter,
        windows::{self, Who, Windows},
    },
    truth::Stage,
};

impl<'n> Story<'_, 'n> {
    /// A desktop session on a server.
    fn logs_on(&mut self, at: Moment, on: &'n Machine, from: Ip) {
        let (who, session) = (Who::Account(self.cast.victim), self.session);
        let dc = self.world.machines.named("dc2");
        let stage = if on.short == self.cast.jump.short {
            Stage::RemoteAccess
        } else {
            Stage::Persistence
        };
        let ticket = windows::Act::AskedForService {
            who,
            service: on,
            from,
        };
        self.ledger.security.mark(
            at + Span::ms(-400),
            self.part(stage),
            Windows {
                on: dc,
                act: ticket,
            },
        );
        let act = windows::Act::LoggedOn {
            who,
            kind: 10,
            from,
            session,
        };
        self.ledger
            .security
            .mark(at, self.part(stage), Windows { on, act });
        let act = windows::Act::GivenPrivileges { who, session };
        self.ledger
            .security
            .mark(at + Span::ms(4), self.part(stage), Windows { on, act });
    }

    fn runs(&mut self, at: Moment, on: &'n Machine, program: &'static Program, stage: Stage) {
        let system = program.command.contains("--service");
        let user = (!system).then_some(self.cast.victim);
        let record = Sysmon {
            on,
            user,
            act: sysmon::Act::Started(program),
            session: self.session,
        };
        self.ledger.sysmon.mark(at, self.part(stage), record);
        if !system {
            let who = Who::Account(self.cast.victim);
            let act = windows::Act::Started {
                who,
                program,
                session: self.session,
            };
            self.ledger
                .security
                .mark(at + Span::ms(3), self.part(stage), Windows { on, act });
        }
    }

    fn notes(&mut self, at: Moment, on: &'n Machine, act: sysmon::Act, stage: Stage) {
        let user = Some(self.cast.victim);
        let record = Sysmon {
            on,
            user,
            act,
            session: self.session,
        };
        self.ledger.sysmon.mark(at, self.part(stage), record);
    }

    /// On the outsourcer's jump host; says when it was taken.
    pub(super) fn reads_the_directory(&mut self) -> Moment {
        let on = self.cast.jump;
        let taken = self.at(58, 0);
        self.logs_on(taken, on, self.cast.seat.inside);
        let mut at = self.at(62, 0);
        for program in READING_THE_DIRECTORY {
            self.runs(at, on, program, Stage::Discovery);
            at = at + Span::minutes(2) + self.pause();
        }
        let explorer = r"C:\Users\Public\Downloads\ADExplorer64.exe";
        let to = self.world.machines.named("dc1").address;
        let asked = sysmon::Act::Connected {
            image: explorer,
            to,
            port: 389,
        };
        self.notes(at, on, asked, Stage::Discovery);
        let file = r"C:\Users\Public\ng.dat";
        let written = sysmon::Act::FileWritten {
            image: explorer,
            file,
        };
        self.notes(at + Span::minutes(3), on, written, Stage::Discovery);
        taken
    }

    /// On the job scheduler; says when it was taken.
    pub(super) fn stays(&mut self) -> Moment {
        const TOOL: &str = r"C:\ProgramData\AnyDesk\AnyDesk.exe";
        const IMAGE: &str = r#""C:\ProgramData\AnyDesk\AnyDesk.exe" --service"#;
        let (on, stage) = (self.cast.scheduler, Stage::Persistence);
        let taken = self.at(97, 0);
        self.logs_on(taken, on, self.cast.jump.address);
        self.runs(
            self.at(101, 0),
            on,
            READING_FROM_THE_SCHEDULER,
            Stage::Discovery,
        );
        let written = sysmon::Act::FileWritten {
            image: r"C:\Windows\explorer.exe",
            file: r"C:\Users\Public\Downloads\AnyDesk.exe",
        };
        self.notes(self.at(111, 0), on, written, stage);
        self.runs(self.at(113, 0), on, REMOTE_TOOL, stage);
        let by = self.cast.victim;
        let act = windows::Act::ServiceInstalled {
            by,
            name: "AnyDesk Service",
            image: IMAGE,
        };
        self.ledger
            .system
            .mark(self.at(113, 9), self.part(stage), Windows { on, act });
        let act = windows::Act::ServiceState {
            name: "AnyDesk Service",
            state: "running",
        };
        self.ledger
            .system
            .mark(self.at(113, 11), self.part(stage), Windows { on, act });
        self.runs(self.at(113, 12), on, REMOTE_TOOL_SERVICE, stage);
        let name = "relay-7f31.net.anydesk.com";
        self.notes(
            self.at(113, 20),
            on,
            sysmon::Act::NameAsked { image: TOOL, name },
            stage,
        );
        let to = Ip([203, 0, 113, 250]);
        let connected = sysmon::Act::Connected {
            image: TOOL,
            to,
            port: 443,
        };
        self.notes(self.at(113, 21), on, connected, stage);
        taken
    }

    pub(super) fn adds_rights(&mut self) {
        let on = self.world.machines.named("dc2");
        let (by, member): (&Account, &Account) = (self.cast.victim, self.cast.victim);
        let vsphere = windows::Act::AddedToGlobalGroup {
            by,
            member,
            group: group("vsphere-admins"),
        };
        let esx = windows::Act::AddedToUniversalGroup {
            by,
            member,
            group: group("esx-admins"),
        };
        for (minute, act) in [(141, vsphere), (148, esx)] {
            let at = self.at(minute, 0) + self.pause();
            self.ledger
                .security
                .mark(at, self.part(Stage::GroupChange), Windows { on, act });
        }
        let activity = Activity::RoleGiven("Hybrid Identity Administrator");
        let audit = Audit {
            activity,
            by,
            to: member,
            seat: &self.cast.seat,
        };
        self.ledger
            .audits
            .mark(self.at(163, 0), self.part(Stage::GroupChange), audit);
    }

    fn console(&mut self, minute: i64, stage: Stage, event: &'static str, text: String) {
        let at = self.at(minute, 0) + self.pause();
        let user = self.cast.victim.down_level();
        self.ledger.vcenter.mark(
            at,
            self.part(stage),
            Vcenter {
                site: 1,
                event,
                user,
                text,
            },
        );
    }

    pub(super) fn enters_vcenter(&mut self) {
        let user = self.cast.victim.down_level();
        let (from, on) = (self.cast.seat.inside, self.cast.hypervisor);
        let login = format!("User {user}@{from} logged in as Mozilla/5.0");
        self.console(
            188,
            Stage::HypervisorLogin,
            "vim.event.UserLoginSessionEvent",
            login,
        );
        let ticket = "A ticket for dc1 of type webmks has been acquired".to_owned();
        self.console(
            231,
            Stage::HypervisorLogin,
            "vim.event.VmAcquiredMksTicketEvent",
            ticket,
        );
        let shell = format!("SSH access has been enabled on the host {}", on.fqdn());
        self.console(274, Stage::HypervisorShell, "esx.audit.ssh.enabled", shell);
        let text = "SSH access has been enabled.".to_owned();
        let voice = Voice::Event {
            user: format!("vpxuser:{user}"),
            text,
        };
        let at = self.at(274, 6);
        self.ledger
            .hypervisors
            .mark(at, self.part(Stage::HypervisorShell), Esxi { on, voice });
    }
}

fn group(id: &str) -> &'static Group {
    let found = GROUPS.iter().find(|(group, ..)| *group == id);
    found.unwrap_or_else(|| unreachable!("{id} stands in the list of groups"))
}
