//! Formats by name, for whoever knows better than the content.

/// A format that a hint can force: how a stream parts into records, or how its lines are built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogFormat {
    /// A Windows event log file.
    Evtx,
    /// JSON whose records are not bound to lines: arrays, envelopes, pretty-printed objects.
    Json,
    /// Rows of values below a row of names.
    Csv,
    /// Rows below `#Fields:`, as IIS and proxies write them.
    W3c,
    /// Windows events as XML text.
    WindowsXml,
    /// One record on each line, JSON or text of any shape.
    Lines,
    /// Lines with a CEF header.
    Cef,
    /// Lines with a LEEF header.
    Leef,
    /// Lines of pairs under any names.
    KeyValue,
    /// The Linux audit daemon.
    Auditd,
    /// Services of a Linux machine.
    Linux,
    /// vCenter and `ESXi`.
    Vmware,
    /// `FortiGate`.
    Fortigate,
    /// Palo Alto's firewalls.
    PaloAlto,
    /// Cisco's firewalls.
    CiscoAsa,
    /// Cisco's Identity Services Engine.
    CiscoIse,
    /// Citrix ADC and Gateway.
    Citrix,
    /// `OpenVPN`.
    OpenVpn,
    /// Veeam Backup & Replication.
    Veeam,
    /// `CyberArk`'s vault.
    Cyberark,
    /// The audit log of Windows' DHCP server.
    WindowsDhcp,
    /// `dhcpd`, `dnsmasq` and Kea.
    Dhcp,
}

impl LogFormat {
    /// All formats.
    pub const ALL: [Self; 22] = [
        Self::Evtx,
        Self::Json,
        Self::Csv,
        Self::W3c,
        Self::WindowsXml,
        Self::Lines,
        Self::Cef,
        Self::Leef,
        Self::KeyValue,
        Self::Auditd,
        Self::Linux,
        Self::Vmware,
        Self::Fortigate,
        Self::PaloAlto,
        Self::CiscoAsa,
        Self::CiscoIse,
        Self::Citrix,
        Self::OpenVpn,
        Self::Veeam,
        Self::Cyberark,
        Self::WindowsDhcp,
        Self::Dhcp,
    ];

    /// The word that names it in settings.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Evtx => "evtx",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::W3c => "w3c",
            Self::WindowsXml => "windows-xml",
            Self::Lines => "lines",
            Self::Cef => "cef",
            Self::Leef => "leef",
            Self::KeyValue => "key-value",
            Self::Auditd => "auditd",
            Self::Linux => "linux",
            Self::Vmware => "vmware",
            Self::Fortigate => "fortigate",
            Self::PaloAlto => "palo-alto",
            Self::CiscoAsa => "cisco-asa",
            Self::CiscoIse => "cisco-ise",
            Self::Citrix => "citrix",
            Self::OpenVpn => "openvpn",
            Self::Veeam => "veeam",
            Self::Cyberark => "cyberark",
            Self::WindowsDhcp => "windows-dhcp",
            Self::Dhcp => "dhcp",
        }
    }
}
