//! What records of Windows and Sysmon say happened, by their numbers.

use super::{Deed, Fields, quoted};
use crate::record::name;

/// None for a number that is not known here.
pub(super) fn deed(source: &str, fields: Fields<'_>) -> Option<Deed> {
    let number: u32 = fields.text("EventID")?.parse().ok()?;
    match source.rsplit('/').next()? {
        "sysmon" => sysmon(number, fields),
        "security" => logon(number, fields)
            .or_else(|| account(number, fields))
            .or_else(|| object(number, fields)),
        "system" => system(number, fields),
        "powershell" | "powershell-classic" => powershell(number, fields),
        "windefend" => defender(number, fields),
        _ => None,
    }
}

fn sysmon(number: u32, fields: Fields<'_>) -> Option<Deed> {
    let image = || fields.program("Image");
    let told = match number {
        1 => ran(fields, "ParentImage"),
        3 => connected(fields),
        6 => Deed::by(
            "Windows".to_owned(),
            format!("loaded the driver {}", fields.quoted("ImageLoaded")),
        ),
        7 => Deed::by(image(), format!("loaded {}", fields.quoted("ImageLoaded"))),
        8 => Deed::by(
            fields.program("SourceImage"),
            format!("started a thread in {}", fields.program("TargetImage")),
        ),
        10 => Deed::by(
            fields.program("SourceImage"),
            format!(
                "opened the memory of {} with the rights {}",
                fields.program("TargetImage"),
                fields.text("GrantedAccess").map_or_else(String::new, name)
            ),
        ),
        11 | 15 => Deed::by(
            image(),
            format!("wrote {}", fields.quoted("TargetFilename")),
        ),
        12 | 14 => Deed::by(
            image(),
            format!("made, removed or renamed {}", fields.quoted("TargetObject")),
        ),
        13 => Deed::by(
            image(),
            format!(
                "set {} to {}",
                fields.quoted("TargetObject"),
                fields.quoted("Details")
            ),
        ),
        17 => Deed::by(
            image(),
            format!("made the pipe {}", fields.quoted("PipeName")),
        ),
        18 => Deed::by(
            image(),
            format!("opened the pipe {}", fields.quoted("PipeName")),
        ),
        19..=21 => Deed::plain(format!(
            "bound {} to an event of WMI",
            fields
                .first(&["Destination", "Consumer", "Query"])
                .map_or_else(|| "something".to_owned(), quoted)
        )),
        22 => Deed::by(
            image(),
            format!("asked for the name {}", fields.quoted("QueryName")),
        ),
        23 | 26 => Deed::by(
            image(),
            format!("deleted {}", fields.quoted("TargetFilename")),
        ),
        _ => return None,
    };
    Some(told)
}

/// A connection was made, out or in.
fn connected(fields: Fields<'_>) -> Deed {
    let port = fields
        .text("DestinationPort")
        .map_or_else(|| "?".to_owned(), name);
    let told = if fields.text("Initiated") == Some("false") {
        format!("was reached on its port {port}")
    } else {
        let far = fields.first(&["DestinationHostname", "DestinationIp"]);
        let far = far.map_or_else(|| "somewhere".to_owned(), name);
        format!("reached out to {far}:{port}")
    };
    Deed::by(fields.program("Image"), told)
}

/// A program was started.
fn ran(fields: Fields<'_>, parent: &str) -> Deed {
    let what = fields.first(&["CommandLine", "NewProcessName", "Image"]);
    let what = what.map_or_else(|| "a program".to_owned(), quoted);
    match fields.text(parent) {
        Some(_) => Deed::plain(format!("ran {what} out of {}", fields.program(parent))),
        None => Deed::plain(format!("ran {what}")),
    }
}

fn logon(number: u32, fields: Fields<'_>) -> Option<Deed> {
    let way = || match fields.text("LogonType") {
        Some("2") => " at the keyboard",
        Some("3") => " over the network",
        Some("4") => " as a job",
        Some("5") => " as a service",
        Some("7") => " by unlocking",
        Some("8") => " with a password in clear",
        Some("9") => " under another identity for the network",
        Some("10") => " by remote desktop",
        Some("11") => " with what the computer remembered",
        Some(_) | None => "",
    };
    let told = match number {
        4624 => Deed::plain(format!("logged on{}", way())),
        4625 => Deed {
            result: fields
                .text("SubStatus")
                .and_then(refusal)
                .map(str::to_owned),
            ..Deed::plain(format!("failed to log on{}", way()))
        },
        4634 | 4647 => Deed::plain("logged off"),
        4648 => Deed::plain("used the password of {}"),
        4672 => Deed::plain("was given rights of an administrator"),
        4768 => ticket("asked for a ticket", fields),
        4769 => ticket("asked for a ticket for {}", fields),
        4771 => ticket("failed to get a ticket", fields),
        4776 => ticket("had a password checked", fields),
        4778 => Deed::plain("took a remote desktop up again"),
        4779 => Deed::plain("left a remote desktop"),
        _ => return None,
    };
    Some(told)
}

fn ticket(phrase: &str, fields: Fields<'_>) -> Deed {
    let status = fields.first(&["Status", "FailureCode"]);
    let failed =
        status.filter(|status| !status.trim_start_matches("0x").trim_matches('0').is_empty());
    Deed {
        result: failed.map(|status| format!("refused with {}", name(status))),
        ..Deed::plain(phrase)
    }
}

/// Why a logon was refused, of the reasons that come often.
fn refusal(status: &str) -> Option<&'static str> {
    let reasons = [
        ("0xc0000064", "there is no such account"),
        ("0xc000006a", "the password was wrong"),
        ("0xc0000072", "the account is switched off"),
        ("0xc0000234", "the account is locked"),
        ("0xc0000193", "the account has expired"),
        ("0xc0000071", "the password has expired"),
        ("0xc000006f", "it is not the time for it"),
        ("0xc0000070", "it is not allowed from there"),
    ];
    let is_it = |(number, _): &&(&str, &str)| number.eq_ignore_ascii_case(status);
    reasons.iter().find(is_it).map(|(_, reason)| *reason)
}

fn account(number: u32, fields: Fields<'_>) -> Option<Deed> {
    let group = || {
        fields
            .text("TargetUserName")
            .map_or_else(|| "a group".to_owned(), name)
    };
    let member = || {
        fields
            .first(&["MemberName", "MemberSid"])
            .map_or_else(|| "somebody".to_owned(), name)
    };
    let told = match number {
        4720 | 4741 => Deed::plain("made the account {}"),
        4722 => Deed::plain("switched the account {} on"),
        4723 => Deed::plain("changed the password of {}"),
        4724 => Deed::plain("reset the password of {}"),
        4725 => Deed::plain("switched the account {} off"),
        4726 | 4743 => Deed::plain("deleted the account {}"),
        4738 | 4742 => Deed::plain("changed the account {}"),
        4740 => Deed::plain("locked the account {}"),
        4767 => Deed::plain("unlocked the account {}"),
        4781 => Deed::plain("renamed the account {}"),
        4794 => Deed::plain("set the recovery password of a domain controller"),
        4728 | 4732 | 4756 => Deed::plain(format!("put {} into the group {}", member(), group())),
        4729 | 4733 | 4757 => {
            Deed::plain(format!("took {} out of the group {}", member(), group()))
        }
        4727 | 4731 | 4754 => Deed::plain("made the group {}"),
        4730 | 4734 | 4758 => Deed::plain("deleted the group {}"),
        4704 => Deed::plain(format!(
            "gave an account the right {}",
            fields.quoted("PrivilegeList")
        )),
        4706 => Deed::plain(format!(
            "made the directory trust {}",
            fields.quoted("DomainName")
        )),
        4719 => Deed::plain("changed what the computer records"),
        1102 => Deed::plain("cleared the security log"),
        _ => return None,
    };
    Some(told)
}

fn object(number: u32, fields: Fields<'_>) -> Option<Deed> {
    let task = || fields.quoted("TaskName");
    let told = match number {
        4656 | 4663 => Deed::by(
            fields.program("ProcessName"),
            format!(
                "asked for {} with the rights {}",
                fields.quoted("ObjectName"),
                fields.text("AccessMask").map_or_else(String::new, name)
            ),
        ),
        4662 if fields
            .text("Properties")
            .is_some_and(|p| p.to_lowercase().contains("1131f6a")) =>
        {
            Deed::plain("had the directory copied out as domain controllers do among themselves")
        }
        4662 => Deed::plain("used a right over an object of the directory"),
        4688 => ran(fields, "ParentProcessName"),
        4697 => Deed::plain(format!(
            "made the service {}, which runs {}",
            fields.quoted("ServiceName"),
            fields.quoted("ServiceFileName")
        )),
        4698 => Deed::plain(format!("made the task {}", task())),
        4699 => Deed::plain(format!("deleted the task {}", task())),
        4702 => Deed::plain(format!("changed the task {}", task())),
        5136 => Deed::plain(format!(
            "set {} of {} to {}",
            fields.quoted("AttributeLDAPDisplayName"),
            fields.quoted("ObjectDN"),
            fields.quoted("AttributeValue")
        )),
        5137 => Deed::plain(format!(
            "made {} in the directory",
            fields.quoted("ObjectDN")
        )),
        5141 => Deed::plain(format!(
            "deleted {} from the directory",
            fields.quoted("ObjectDN")
        )),
        5140 => Deed::plain(format!("opened the share {}", fields.quoted("ShareName"))),
        5145 => Deed::plain(format!(
            "opened {} on the share {}",
            fields.quoted("RelativeTargetName"),
            fields.quoted("ShareName")
        )),
        5156 | 5157 => Deed::by(
            fields.program("Application"),
            format!(
                "{} {}:{}",
                if number == 5156 {
                    "was let through to"
                } else {
                    "was kept from"
                },
                fields
                    .text("DestAddress")
                    .map_or_else(|| "?".to_owned(), name),
                fields.text("DestPort").map_or_else(|| "?".to_owned(), name)
            ),
        ),
        _ => return None,
    };
    Some(told)
}

fn system(number: u32, fields: Fields<'_>) -> Option<Deed> {
    let told = match number {
        104 => Deed::plain("cleared a log of the computer"),
        7045 => Deed::plain(format!(
            "made the service {}, which runs {}",
            fields.quoted("ServiceName"),
            fields.quoted("ImagePath")
        )),
        7036 => Deed::by(
            format!("the service {}", fields.quoted("param1")),
            format!("is now {}", fields.quoted("param2")),
        ),
        7040 => Deed::plain(format!(
            "changed when the service {} starts",
            fields.quoted("param1")
        )),
        _ => return None,
    };
    Some(told)
}

fn powershell(number: u32, fields: Fields<'_>) -> Option<Deed> {
    let told = match number {
        4103 => format!("had PowerShell do {}", fields.quoted("Payload")),
        4104 => format!("ran the script {}", fields.quoted("ScriptBlockText")),
        400 | 600 | 800 => {
            let what = fields.first(&["Message", "Data"]);
            format!(
                "worked in PowerShell: {}",
                what.map_or_else(|| "no more is told".to_owned(), quoted)
            )
        }
        _ => return None,
    };
    Some(Deed::plain(told))
}

fn defender(number: u32, fields: Fields<'_>) -> Option<Deed> {
    let told = match number {
        1006 | 1015 | 1116 => format!(
            "found {} in {}",
            fields.quoted("ThreatName"),
            fields.quoted("Path")
        ),
        1007 | 1117 => format!(
            "acted against {} in {}",
            fields.quoted("ThreatName"),
            fields.quoted("Path")
        ),
        5001 => "was switched off".to_owned(),
        5007 => "was set otherwise".to_owned(),
        5010 | 5012 => "no longer looks for malicious code".to_owned(),
        _ => return None,
    };
    Some(Deed::by("Windows Defender".to_owned(), told))
}
