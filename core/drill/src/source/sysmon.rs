//! Sysmon events, flattened like the other Windows events.

use crate::{
    account::Account,
    json::Json,
    log::{Record, Stamp, mix, uuid},
    machine::Machine,
    moment::Span,
    place::Ip,
    program::Program,
    source::windows::clock_of,
};

/// What happened.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Act {
    Started(&'static Program),
    Connected {
        image: &'static str,
        to: Ip,
        port: u16,
    },
    FileWritten {
        image: &'static str,
        file: &'static str,
    },
    NameAsked {
        image: &'static str,
        name: &'static str,
    },
}

/// One event on one computer.
#[derive(Debug, Clone)]
pub(crate) struct Sysmon<'n> {
    pub(crate) on: &'n Machine,
    /// `NORTHGATE\pnair`, or an account of the system.
    pub(crate) user: Option<&'n Account>,
    pub(crate) act: Act,
    /// The session it runs in, any number.
    pub(crate) session: u64,
}

impl Act {
    const fn number(self) -> u32 {
        match self {
            Self::Started(_) => 1,
            Self::Connected { .. } => 3,
            Self::FileWritten { .. } => 11,
            Self::NameAsked { .. } => 22,
        }
    }
}

impl Record for Sysmon<'_> {
    fn skew(&self) -> Span {
        clock_of(self.on)
    }

    fn write(&self, stamp: Stamp, out: &mut String) {
        let number = self.act.number();
        Json::object_into(out, |j| {
            j.text("SourceName", "Microsoft-Windows-Sysmon");
            j.text("ProviderGuid", "{5770385f-c22a-43e0-bf4c-06f5698ffbd9}");
            j.text("Level", "4").text("Keywords", "0x8000000000000000");
            j.text("Channel", "Microsoft-Windows-Sysmon/Operational");
            let time = stamp.at.iso_ms();
            j.text("Hostname", &self.on.fqdn())
                .text("TimeCreated", &time);
            j.text("@timestamp", &time)
                .bare("EventID", number)
                .shown("Task", number);
            j.bare("RecordNumber", 7_200_000 + stamp.number);
            j.text("RuleName", "-")
                .text("UtcTime", &stamp.at.plain_ms());
            j.shown("ProcessGuid", format_args!("{{{}}}", uuid(stamp.key)));
            j.shown("ProcessId", 400 + mix(stamp.key) % 20_000);
            match self.act {
                Act::Started(program) => self.started(j, program, stamp),
                Act::Connected { image, to, port } => self.connected(j, image, (to, port)),
                Act::FileWritten { image, file } => {
                    j.text("Image", image).text("TargetFilename", file);
                    j.text("CreationUtcTime", &stamp.at.plain_ms())
                        .text("User", &self.user());
                }
                Act::NameAsked { image, name } => {
                    j.text("QueryName", name).text("QueryStatus", "0");
                    j.text("QueryResults", "203.0.113.250;")
                        .text("Image", image);
                    j.text("User", &self.user());
                }
            }
        });
    }
}

impl Sysmon<'_> {
    fn user(&self) -> String {
        self.user
            .map_or_else(|| r"NT AUTHORITY\SYSTEM".to_owned(), Account::down_level)
    }

    fn started(&self, j: &mut Json<'_>, program: &Program, stamp: Stamp) {
        j.text("Image", program.image)
            .text("FileVersion", "10.0.20348.1");
        j.text("Description", program.description)
            .text("Product", program.description);
        j.text("Company", program.company)
            .text("OriginalFileName", program.original);
        j.text("CommandLine", program.command)
            .text("CurrentDirectory", r"C:\Windows\system32\");
        j.text("User", &self.user());
        j.shown("LogonId", format_args!("{:#x}", self.session & 0x0fff_ffff));
        j.text("TerminalSessionId", "1")
            .text("IntegrityLevel", "High");
        let digest = program.image.bytes().fold(11, |n, b| mix(n ^ u64::from(b)));
        j.shown(
            "Hashes",
            format_args!("MD5={:016X}{:016X}", digest, mix(digest)),
        );
        j.shown(
            "ParentProcessGuid",
            format_args!("{{{}}}", uuid(mix(stamp.key))),
        );
        j.shown("ParentProcessId", 400 + mix(stamp.key ^ 3) % 20_000);
        j.text("ParentImage", program.parent)
            .text("ParentCommandLine", program.parent);
    }

    fn connected(&self, j: &mut Json<'_>, image: &str, (to, port): (Ip, u16)) {
        j.text("Image", image)
            .text("User", &self.user())
            .text("Protocol", "tcp");
        j.text("Initiated", "true").text("SourceIsIpv6", "false");
        j.shown("SourceIp", self.on.address)
            .text("SourceHostname", &self.on.fqdn());
        j.shown("SourcePort", 49_152 + mix(self.session) % 16_000);
        j.text("DestinationIsIpv6", "false")
            .shown("DestinationIp", to);
        j.text("DestinationHostname", "-")
            .shown("DestinationPort", port);
    }
}
