//! Which Sigma service a Windows channel is, and which categories its events belong to.
//!
//! Channels are compared without case. A channel that is not here is Windows without a service.

use std::{collections::BTreeMap, sync::LazyLock};

/// Channels by service; a name ending in `*` stands for all channels that begin like it.
const CHANNELS: [(&str, &[&str]); 53] = [
    ("security", &["Security"]),
    ("sysmon", &["Microsoft-Windows-Sysmon/Operational"]),
    ("system", &["System"]),
    ("application", &["Application"]),
    (
        "powershell",
        &[
            "Microsoft-Windows-PowerShell/Operational",
            "PowerShellCore/Operational",
        ],
    ),
    ("powershell-classic", &["Windows PowerShell"]),
    (
        "windefend",
        &["Microsoft-Windows-Windows Defender/Operational"],
    ),
    (
        "taskscheduler",
        &["Microsoft-Windows-TaskScheduler/Operational"],
    ),
    ("wmi", &["Microsoft-Windows-WMI-Activity/Operational"]),
    ("ntlm", &["Microsoft-Windows-NTLM/Operational"]),
    (
        "firewall-as",
        &["Microsoft-Windows-Windows Firewall With Advanced Security/*"],
    ),
    (
        "bits-client",
        &["Microsoft-Windows-Bits-Client/Operational"],
    ),
    (
        "terminalservices-localsessionmanager",
        &["Microsoft-Windows-TerminalServices-LocalSessionManager/*"],
    ),
    (
        "codeintegrity-operational",
        &["Microsoft-Windows-CodeIntegrity/Operational"],
    ),
    ("applocker", &["Microsoft-Windows-AppLocker/*"]),
    (
        "dns-client",
        &["Microsoft-Windows-DNS Client Events/Operational"],
    ),
    (
        "dns-server",
        &["DNS Server", "Microsoft-Windows-DNS-Server-Service/*"],
    ),
    ("dns-server-audit", &["Microsoft-Windows-DNS-Server/Audit"]),
    (
        "dns-server-analytic",
        &["Microsoft-Windows-DNS-Server/Analytical"],
    ),
    ("dhcp", &["Microsoft-Windows-DHCP-Server/Operational"]),
    (
        "printservice-admin",
        &["Microsoft-Windows-PrintService/Admin"],
    ),
    (
        "printservice-operational",
        &["Microsoft-Windows-PrintService/Operational"],
    ),
    (
        "smbclient-security",
        &["Microsoft-Windows-SmbClient/Security"],
    ),
    (
        "smbclient-connectivity",
        &["Microsoft-Windows-SmbClient/Connectivity"],
    ),
    (
        "smbserver-connectivity",
        &["Microsoft-Windows-SMBServer/Connectivity"],
    ),
    ("msexchange-management", &["MSExchange Management"]),
    (
        "security-mitigations",
        &["Microsoft-Windows-Security-Mitigations*"],
    ),
    (
        "diagnosis-scripted",
        &["Microsoft-Windows-Diagnosis-Scripted/Operational"],
    ),
    ("shell-core", &["Microsoft-Windows-Shell-Core/Operational"]),
    ("openssh", &["OpenSSH/Operational"]),
    ("ldap", &["Microsoft-Windows-LDAP-Client/Debug"]),
    (
        "bitlocker",
        &["Microsoft-Windows-BitLocker/BitLocker Management"],
    ),
    ("vhdmp", &["Microsoft-Windows-VHDMP/Operational"]),
    (
        "appxdeployment-server",
        &["Microsoft-Windows-AppXDeploymentServer/Operational"],
    ),
    ("lsa-server", &["Microsoft-Windows-LSA/Operational"]),
    (
        "appxpackaging-om",
        &["Microsoft-Windows-AppxPackaging/Operational"],
    ),
    (
        "appmodel-runtime",
        &["Microsoft-Windows-AppModel-Runtime/Admin"],
    ),
    ("capi2", &["Microsoft-Windows-CAPI2/Operational"]),
    (
        "certificateservicesclient-lifecycle-system",
        &["Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational"],
    ),
    (
        "kernel-shimengine",
        &["Microsoft-Windows-Kernel-ShimEngine/*"],
    ),
    (
        "application-experience",
        &["Microsoft-Windows-Application-Experience/*"],
    ),
    ("ntfs", &["Microsoft-Windows-Ntfs/Operational"]),
    ("hyper-v-worker", &["Microsoft-Windows-Hyper-V-Worker*"]),
    (
        "kernel-event-tracing",
        &["Microsoft-Windows-Kernel-EventTracing*"],
    ),
    ("sense", &["Microsoft-Windows-SENSE/Operational"]),
    // The name that the public rule uses; Sigma's taxonomy calls it `servicebus-client`.
    (
        "microsoft-servicebus-client",
        &[
            "Microsoft-ServiceBus-Client/Admin",
            "Microsoft-ServiceBus-Client/Operational",
        ],
    ),
    ("iis-configuration", &["Microsoft-IIS-Configuration/*"]),
    (
        "driver-framework",
        &["Microsoft-Windows-DriverFrameworks-UserMode/Operational"],
    ),
    // From here on services that no public rule names yet, for our own.
    ("directory-service", &["Directory Service"]),
    ("dfs-replication", &["DFS Replication"]),
    ("winrm", &["Microsoft-Windows-WinRM/Operational"]),
    (
        "terminalservices-remoteconnectionmanager",
        &["Microsoft-Windows-TerminalServices-RemoteConnectionManager/*"],
    ),
    ("setup", &["Setup"]),
];

/// Providers that write to one channel only, for records that lost their channel.
const PROVIDERS: [(&str, &str); 9] = [
    ("sysmon", "Microsoft-Windows-Sysmon"),
    ("security", "Microsoft-Windows-Security-Auditing"),
    ("powershell", "Microsoft-Windows-PowerShell"),
    ("powershell-classic", "PowerShell"),
    ("windefend", "Microsoft-Windows-Windows Defender"),
    ("taskscheduler", "Microsoft-Windows-TaskScheduler"),
    ("wmi", "Microsoft-Windows-WMI-Activity"),
    ("bits-client", "Microsoft-Windows-Bits-Client"),
    ("system", "Service Control Manager"),
];

/// Channels and their services in the order of the table, by the letter with which they begin, in small.
static BY_LETTER: LazyLock<BTreeMap<u8, Vec<(&str, &str)>>> = LazyLock::new(|| {
    let mut by_letter = BTreeMap::<_, Vec<_>>::new();
    for (service, patterns) in CHANNELS {
        for pattern in patterns {
            let letter = pattern.bytes().next().map(|b| b.to_ascii_lowercase());
            let known = by_letter.entry(letter.unwrap_or_default()).or_default();
            known.push((*pattern, service));
        }
    }
    by_letter
});

/// The service of a channel.
pub(super) fn service_of(channel: &str) -> Option<&'static str> {
    let first = channel.bytes().next()?.to_ascii_lowercase();
    let mut alike = BY_LETTER.get(&first)?.iter();
    let found = alike.find(|(pattern, _)| fits(pattern, channel));
    found.map(|(_, service)| *service)
}

/// Whether a channel is the one that a pattern names, or one of them.
fn fits(pattern: &str, channel: &str) -> bool {
    match pattern.strip_suffix('*') {
        None => pattern.eq_ignore_ascii_case(channel),
        Some(start) => channel
            .get(..start.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(start)),
    }
}

/// The service of a provider.
pub(super) fn service_of_provider(provider: &str) -> Option<&'static str> {
    PROVIDERS
        .iter()
        .find(|(_, name)| name.eq_ignore_ascii_case(provider))
        .map(|(service, _)| *service)
}

/// The categories of an event; `event_type` is Sysmon's `EventType`, which few events need.
pub(super) fn categories<'f>(
    service: &str,
    event: u64,
    event_type: impl FnOnce() -> &'f str,
) -> &'static [&'static str] {
    match (service, event) {
        ("sysmon", 12) => registry(event_type()),
        ("sysmon", 13) => &["registry_event", "registry_set"],
        ("sysmon", 14) => &["registry_event", "registry_rename"],
        ("sysmon", _) => sysmon(event),
        ("security", 4688) => &["process_creation"],
        ("powershell", 4103) => &["ps_module"],
        ("powershell", 4104) => &["ps_script"],
        ("powershell-classic", 400) => &["ps_classic_start"],
        ("powershell-classic", 600) => &["ps_classic_provider_start"],
        ("powershell-classic", 800) => &["ps_classic_script"],
        // Those of Defender's events that name a threat or a path.
        ("windefend", 1006..=1012 | 1017..=1019 | 1115 | 1116) => &["antivirus"],
        (_, _) => &[],
    }
}

fn registry(event_type: &str) -> &'static [&'static str] {
    match event_type {
        "CreateKey" => &["registry_event", "registry_add"],
        "DeleteKey" | "DeleteValue" => &["registry_event", "registry_delete"],
        _ => &["registry_event"],
    }
}

fn sysmon(event: u64) -> &'static [&'static str] {
    match event {
        1 => &["process_creation"],
        2 => &["file_change"],
        3 => &["network_connection"],
        4 | 16 => &["sysmon_status"],
        5 => &["process_termination"],
        6 => &["driver_load"],
        7 => &["image_load"],
        8 => &["create_remote_thread"],
        9 => &["raw_access_thread"],
        10 => &["process_access"],
        11 => &["file_event"],
        15 => &["create_stream_hash"],
        17 | 18 => &["pipe_created"],
        19..=21 => &["wmi_event"],
        22 => &["dns_query"],
        23 => &["file_delete"],
        24 => &["clipboard_change"],
        25 => &["process_tampering"],
        26 => &["file_delete_detected"],
        27 => &["file_block_executable"],
        28 => &["file_block_shredding"],
        29 => &["file_executable_detected"],
        255 => &["sysmon_error"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::{CHANNELS, fits, service_of};

    #[test]
    fn a_channel_is_of_the_first_service_of_the_table_that_has_it() {
        let patterns = CHANNELS.iter().flat_map(|(_, patterns)| patterns.iter());
        let channels = patterns.flat_map(|pattern| {
            let whole = pattern.replace('*', "X");
            [whole.to_ascii_uppercase(), format!("{whole} more"), whole]
        });
        for channel in channels.chain([String::new(), "é".to_owned(), "Linux".to_owned()]) {
            let has = |patterns: &[&str]| patterns.iter().any(|pattern| fits(pattern, &channel));
            let expect = CHANNELS.iter().find(|(_, patterns)| has(patterns));
            let expect = expect.map(|(service, _)| *service);
            assert_eq!(service_of(&channel), expect, "{channel}");
        }
    }
}
