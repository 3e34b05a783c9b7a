//! Windows Security and System events as a forwarder flattens them, without the rendered message.

use crate::{
    account::Account,
    estate::Group,
    json::Json,
    log::{Record, Stamp, mix, uuid},
    machine::Machine,
    moment::Span,
    place::Ip,
    program::Program,
};

/// Who an event is about.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Who<'n> {
    /// A person's or a program's account.
    Account(&'n Account),
    /// A server's own account.
    Machine(&'n Machine),
    /// The account of the device that a person uses.
    DeviceOf(&'n Account),
}

impl Who<'_> {
    fn sam(self) -> String {
        match self {
            Self::Account(account) => account.sam.clone(),
            Self::Machine(machine) => machine.account(),
            Self::DeviceOf(account) => format!("{}$", account.seat.device),
        }
    }

    fn sid(self) -> String {
        match self {
            Self::Account(account) => account.sid.clone(),
            Self::Machine(_) => "S-1-5-18".to_owned(),
            Self::DeviceOf(account) => format!("{}7", account.sid),
        }
    }
}

/// What happened.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Act<'n> {
    LoggedOn {
        who: Who<'n>,
        kind: u8,
        from: Ip,
        session: u64,
    },
    LoggedOff {
        who: Who<'n>,
        kind: u8,
        session: u64,
    },
    Refused {
        who: Who<'n>,
        from: Ip,
    },
    GivenPrivileges {
        who: Who<'n>,
        session: u64,
    },
    Started {
        who: Who<'n>,
        program: &'static Program,
        session: u64,
    },
    AskedForTicketGranting {
        who: Who<'n>,
        from: Ip,
    },
    AskedForService {
        who: Who<'n>,
        service: &'n Machine,
        from: Ip,
    },
    CheckedByNtlm {
        who: Who<'n>,
    },
    PasswordReset {
        by: &'n Account,
        to: &'n Account,
    },
    Changed {
        by: &'n Account,
        to: &'n Account,
    },
    LockedOut {
        who: &'n Account,
    },
    AddedToGlobalGroup {
        by: &'n Account,
        member: &'n Account,
        group: &'static Group,
    },
    AddedToUniversalGroup {
        by: &'n Account,
        member: &'n Account,
        group: &'static Group,
    },
    ServiceInstalled {
        by: &'n Account,
        name: &'static str,
        image: &'static str,
    },
    ServiceState {
        name: &'static str,
        state: &'static str,
    },
}

/// One event on one computer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Windows<'n> {
    pub(crate) on: &'n Machine,
    pub(crate) act: Act<'n>,
}

/// How far ahead a computer's clock is: one jump host was never joined to the time service.
pub(crate) fn clock_of(machine: &Machine) -> Span {
    if machine.short == "jump-partner-1" {
        return Span::ms(-252_000);
    }
    let spread = machine
        .short
        .bytes()
        .fold(0_i64, |n, b| (n * 31 + i64::from(b)) % 1_801);
    Span::ms(spread - 900)
}

impl Act<'_> {
    const fn number_and_task(self) -> (u32, u32) {
        match self {
            Self::LoggedOn { .. } => (4624, 12544),
            Self::LoggedOff { .. } => (4634, 12545),
            Self::Refused { .. } => (4625, 12544),
            Self::GivenPrivileges { .. } => (4672, 12548),
            Self::Started { .. } => (4688, 13312),
            Self::AskedForTicketGranting { .. } => (4768, 14339),
            Self::AskedForService { .. } => (4769, 14337),
            Self::CheckedByNtlm { .. } => (4776, 14336),
            Self::PasswordReset { .. } => (4724, 13824),
            Self::Changed { .. } => (4738, 13824),
            Self::LockedOut { .. } => (4740, 13824),
            Self::AddedToGlobalGroup { .. } => (4728, 13826),
            Self::AddedToUniversalGroup { .. } => (4756, 13826),
            Self::ServiceInstalled { .. } => (7045, 0),
            Self::ServiceState { .. } => (7036, 0),
        }
    }

    const fn is_of_the_system_channel(self) -> bool {
        matches!(
            self,
            Self::ServiceInstalled { .. } | Self::ServiceState { .. }
        )
    }

    fn write(self, j: &mut Json<'_>) {
        match self {
            Self::LoggedOn {
                who,
                kind,
                from,
                session,
            } => logged_on(j, who, (kind, from, session)),
            Self::LoggedOff { who, kind, session } => {
                target(j, who, "NORTHGATE");
                logon_id(j, "TargetLogonId", session).shown("LogonType", kind);
            }
            Self::Refused { who, from } => refused(j, who, from),
            Self::GivenPrivileges { who, session } => {
                subject(j, who, session);
                j.text("PrivilegeList", "SeSecurityPrivilege\n\t\t\tSeBackupPrivilege\n\t\t\tSeRestorePrivilege\n\t\t\tSeDebugPrivilege");
            }
            Self::Started {
                who,
                program,
                session,
            } => started(j, who, program, session),
            Self::AskedForTicketGranting { who, from } => asked_for_granting(j, who, from),
            Self::AskedForService { who, service, from } => {
                asked_for_service(j, who, service, from);
            }
            Self::CheckedByNtlm { who } => {
                j.text("PackageName", "MICROSOFT_AUTHENTICATION_PACKAGE_V1_0");
                j.text("TargetUserName", &who.sam())
                    .text("Workstation", "-")
                    .text("Status", "0x0");
            }
            Self::PasswordReset { by, to } => {
                target(j, Who::Account(to), "NORTHGATE");
                subject(j, Who::Account(by), 0x0a00);
            }
            Self::Changed { by, to } => {
                target(j, Who::Account(to), "NORTHGATE");
                subject(j, Who::Account(by), 0x0a00);
                j.text("PasswordLastSet", "-")
                    .text("UserAccountControl", "-");
            }
            Self::LockedOut { who } => {
                j.text("TargetUserName", &who.sam)
                    .text("TargetDomainName", &who.seat.device);
                j.text("TargetSid", &who.sid)
                    .text("SubjectUserSid", "S-1-5-18");
                j.text("SubjectUserName", "DC1$")
                    .text("SubjectDomainName", "NORTHGATE");
            }
            Self::AddedToGlobalGroup { by, member, group }
            | Self::AddedToUniversalGroup { by, member, group } => added(j, by, member, group),
            Self::ServiceInstalled { by, name, image } => {
                j.text("ServiceName", name).text("ImagePath", image);
                j.text("ServiceType", "user mode service")
                    .text("StartType", "auto start");
                j.text("AccountName", "LocalSystem").text("UserID", &by.sid);
                j.text("Domain", "NORTHGATE").text("InstalledBy", &by.sam);
            }
            Self::ServiceState { name, state } => {
                j.text("param1", name).text("param2", state);
            }
        }
    }
}

impl Record for Windows<'_> {
    fn skew(&self) -> Span {
        clock_of(self.on)
    }

    fn write(&self, stamp: Stamp, out: &mut String) {
        let (number, task) = self.act.number_and_task();
        let system = self.act.is_of_the_system_channel();
        let failed = matches!(self.act, Act::Refused { .. });
        Json::object_into(out, |j| {
            if system {
                j.text("SourceName", "Service Control Manager");
                j.text("ProviderGuid", "{555908d1-a6d7-4695-8e1e-26931d2012f4}");
                j.text("Level", "4").text("Keywords", "0x8080000000000000");
                j.text("Channel", "System");
            } else {
                j.text("SourceName", "Microsoft-Windows-Security-Auditing");
                j.text("ProviderGuid", "{54849625-5478-4994-a5ba-3e3b0328c30d}");
                let keywords = if failed {
                    "0x8010000000000000"
                } else {
                    "0x8020000000000000"
                };
                j.text("Level", "0")
                    .text("Keywords", keywords)
                    .text("Channel", "Security");
            }
            let time = stamp.at.iso_ms();
            j.text("Hostname", &self.on.fqdn())
                .text("TimeCreated", &time);
            j.text("@timestamp", &time)
                .bare("EventID", number)
                .shown("Task", task);
            j.bare("RecordNumber", 4_100_000 + stamp.number);
            self.act.write(j);
        });
    }
}

fn logon_id<'j, 'o>(j: &'j mut Json<'o>, key: &str, session: u64) -> &'j mut Json<'o> {
    j.shown(key, format_args!("{:#x}", session & 0x0fff_ffff))
}

fn target(j: &mut Json<'_>, who: Who<'_>, domain: &str) {
    j.text("TargetUserName", &who.sam())
        .text("TargetDomainName", domain);
    j.text("TargetUserSid", &who.sid());
}

fn subject(j: &mut Json<'_>, who: Who<'_>, session: u64) {
    j.text("SubjectUserSid", &who.sid())
        .text("SubjectUserName", &who.sam());
    j.text("SubjectDomainName", "NORTHGATE");
    logon_id(j, "SubjectLogonId", session);
}

fn nobody(j: &mut Json<'_>) {
    j.text("SubjectUserSid", "S-1-0-0")
        .text("SubjectUserName", "-");
    j.text("SubjectDomainName", "-")
        .text("SubjectLogonId", "0x0");
}

fn logged_on(j: &mut Json<'_>, who: Who<'_>, (kind, from, session): (u8, Ip, u64)) {
    nobody(j);
    target(j, who, "NORTHGATE");
    logon_id(j, "TargetLogonId", session).shown("LogonType", kind);
    let package = if kind == 10 {
        ("User32 ", "Negotiate")
    } else {
        ("Kerberos", "Kerberos")
    };
    j.text("LogonProcessName", package.0)
        .text("AuthenticationPackageName", package.1);
    j.text("WorkstationName", "-")
        .shown("LogonGuid", format_args!("{{{}}}", uuid(session)));
    j.text("LmPackageName", "-")
        .text("KeyLength", "0")
        .text("ProcessName", "-");
    j.shown("IpAddress", from)
        .shown("IpPort", 49_152 + mix(session) % 16_000);
    j.text("ImpersonationLevel", "%%1833")
        .text("ElevatedToken", "%%1843");
}

fn refused(j: &mut Json<'_>, who: Who<'_>, from: Ip) {
    nobody(j);
    j.text("TargetUserName", &who.sam())
        .text("TargetDomainName", "NORTHGATE");
    j.text("TargetUserSid", "S-1-0-0")
        .text("Status", "0xc000006d");
    j.text("SubStatus", "0xc000006a")
        .text("FailureReason", "%%2313")
        .text("LogonType", "3");
    j.text("LogonProcessName", "NtLmSsp ")
        .text("AuthenticationPackageName", "NTLM");
    j.text("WorkstationName", "-").shown("IpAddress", from);
}

fn started(j: &mut Json<'_>, who: Who<'_>, program: &Program, session: u64) {
    subject(j, who, session);
    j.shown("NewProcessId", format_args!("{:#x}", mix(session) % 30_000));
    j.text("NewProcessName", program.image)
        .text("TokenElevationType", "%%1936");
    j.shown(
        "ProcessId",
        format_args!("{:#x}", mix(session ^ 1) % 30_000),
    );
    j.text("CommandLine", program.command)
        .text("TargetUserSid", "S-1-0-0");
    j.text("TargetUserName", "-")
        .text("TargetDomainName", "-")
        .text("TargetLogonId", "0x0");
    j.text("ParentProcessName", program.parent)
        .text("MandatoryLabel", "S-1-16-12288");
}

fn asked_for_granting(j: &mut Json<'_>, who: Who<'_>, from: Ip) {
    j.text("TargetUserName", &who.sam())
        .text("TargetDomainName", "NORTHGATE");
    j.text("TargetSid", &who.sid())
        .text("ServiceName", "krbtgt");
    j.text("TicketOptions", "0x40810010").text("Status", "0x0");
    j.text("TicketEncryptionType", "0x12")
        .text("PreAuthType", "2");
    j.shown("IpAddress", format_args!("::ffff:{from}"));
}

fn asked_for_service(j: &mut Json<'_>, who: Who<'_>, service: &Machine, from: Ip) {
    j.text(
        "TargetUserName",
        &format!("{}@NORTHGATE.EXAMPLE", who.sam()),
    );
    j.text("TargetDomainName", "NORTHGATE.EXAMPLE")
        .text("ServiceName", &service.account());
    j.text("TicketOptions", "0x40810000")
        .text("TicketEncryptionType", "0x12");
    j.shown("IpAddress", format_args!("::ffff:{from}"))
        .text("Status", "0x0");
    j.text("TransmittedServices", "-");
}

fn added(j: &mut Json<'_>, by: &Account, member: &Account, group: &Group) {
    let (_, name, relative) = group;
    j.text("MemberName", &member.distinguished())
        .text("MemberSid", &member.sid);
    j.text("TargetUserName", name)
        .text("TargetDomainName", "NORTHGATE");
    let domain = member.sid.rsplit_once('-').map_or("", |(domain, _)| domain);
    j.shown("TargetSid", format_args!("{domain}-{relative}"));
    subject(j, Who::Account(by), 0x0a00);
    j.text("PrivilegeList", "-");
}
