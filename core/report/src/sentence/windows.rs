//! What records of Windows and Sysmon say happened, by their numbers.

use super::{Fields, Phrase, quoted};
use crate::record::name;

/// None for a number that is not known here.
pub(super) fn phrase(source: &str, fields: Fields<'_>) -> Option<Phrase> {
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

fn sysmon(number: u32, fields: Fields<'_>) -> Option<Phrase> {
    let image = || fields.program("Image");
    let told = match number {
        1 => ran(fields, "ParentImage"),
        3 => connected(fields),
        6 => Phrase::by(
            "Windows".to_owned(),
            format!("loaded the driver {}", fields.quoted("ImageLoaded")),
        ),
        7 => Phrase::by(image(), format!("loaded {}", fields.quoted("ImageLoaded"))),
        8 => Phrase::by(
            fields.program("SourceImage"),
            format!("started a thread in {}", fields.program("TargetImage")),
        ),
        10 => Phrase::by(
            fields.program("SourceImage"),
            format!(
                "opened the memory of {} with the rights {}",
                fields.program("TargetImage"),
                fields.text("GrantedAccess").map_or_else(String::new, name)
            ),
        ),
        11 | 15 => Phrase::by(
            image(),
            format!("wrote {}", fields.quoted("TargetFilename")),
        ),
        12 | 14 => Phrase::by(
            image(),
            format!("made, removed or renamed {}", fields.quoted("TargetObject")),
        ),
        13 => Phrase::by(
            image(),
            format!(
                "set {} to {}",
                fields.quoted("TargetObject"),
                fields.quoted("Details")
            ),
        ),
        17 => Phrase::by(
            image(),
            format!("made the pipe {}", fields.quoted("PipeName")),
        ),
        18 => Phrase::by(
            image(),
            format!("opened the pipe {}", fields.quoted("PipeName")),
        ),
        19..=21 => Phrase::plain(format!(
            "bound {} to an event of WMI",
            fields
                .first(&["Destination", "Consumer", "Query"])
                .map_or_else(|| "something".to_owned(), quoted)
        )),
        22 => Phrase::by(
            image(),
            format!("asked for the name {}", fields.quoted("QueryName")),
        ),
        23 | 26 => Phrase::by(
            image(),
            format!("deleted {}", fields.quoted("TargetFilename")),
        ),
        _ => return None,
    };
    Some(told)
}

/// A connection was made, out or in.
fn connected(fields: Fields<'_>) -> Phrase {
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
    Phrase::by(fields.program("Image"), told)
}

/// A program was started.
fn ran(fields: Fields<'_>, parent: &str) -> Phrase {
    let what = fields.first(&["CommandLine", "NewProcessName", "Image"]);
    let what = what.map_or_else(|| "a program".to_owned(), quoted);
    match fields.text(parent) {
        Some(_) => Phrase::plain(format!("ran {what} out of {}", fields.program(parent))),
        None => Phrase::plain(format!("ran {what}")),
    }
}

fn logon(number: u32, fields: Fields<'_>) -> Option<Phrase> {
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
        4624 => Phrase::plain(format!("logged on{}", way())),
        4625 => Phrase {
            result: fields
                .text("SubStatus")
                .and_then(refusal)
                .map(str::to_owned),
            ..Phrase::plain(format!("failed to log on{}", way()))
        },
        4634 | 4647 => Phrase::plain("logged off"),
        4648 => Phrase::plain("used the password of {}"),
        4672 => Phrase::plain("was given rights of an administrator"),
        4768 => ticket("asked for a ticket", fields),
        4769 => ticket("asked for a ticket for {}", fields),
        4771 => ticket("failed to get a ticket", fields),
        4776 => ticket("had a password checked", fields),
        4778 => Phrase::plain("took a remote desktop up again"),
        4779 => Phrase::plain("left a remote desktop"),
        _ => return None,
    };
    Some(told)
}

fn ticket(phrase: &str, fields: Fields<'_>) -> Phrase {
    let status = fields.first(&["Status", "FailureCode"]);
    let failed =
        status.filter(|status| !status.trim_start_matches("0x").trim_matches('0').is_empty());
    Phrase {
        result: failed.map(|status| format!("refused with {}", name(status))),
        ..Phrase::plain(phrase)
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

fn account(number: u32, fields: Fields<'_>) -> Option<Phrase> {
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
        4720 | 4741 => Phrase::plain("made the account {}"),
        4722 => Phrase::plain("switched the account {} on"),
        4723 => Phrase::plain("changed the password of {}"),
        4724 => Phrase::plain("reset the password of {}"),
        4725 => Phrase::plain("switched the account {} off"),
        4726 | 4743 => Phrase::plain("deleted the account {}"),
        4738 | 4742 => Phrase::plain("changed the account {}"),
        4740 => Phrase::plain("locked the account {}"),
        4767 => Phrase::plain("unlocked the account {}"),
        4781 => Phrase::plain("renamed the account {}"),
        4794 => Phrase::plain("set the recovery password of a domain controller"),
        4728 | 4732 | 4756 => Phrase::plain(format!("put {} into the group {}", member(), group())),
        4729 | 4733 | 4757 => {
            Phrase::plain(format!("took {} out of the group {}", member(), group()))
        }
        4727 | 4731 | 4754 => Phrase::plain("made the group {}"),
        4730 | 4734 | 4758 => Phrase::plain("deleted the group {}"),
        4704 => Phrase::plain(format!(
            "gave an account the right {}",
            fields.quoted("PrivilegeList")
        )),
        4706 => Phrase::plain(format!(
            "made the directory trust {}",
            fields.quoted("DomainName")
        )),
        4719 => Phrase::plain("changed what the computer records"),
        1102 => Phrase::plain("cleared the security log"),
        _ => return None,
    };
    Some(told)
}

fn object(number: u32, fields: Fields<'_>) -> Option<Phrase> {
    let task = || fields.quoted("TaskName");
    let told = match number {
        4656 | 4663 => Phrase::by(
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
            Phrase::plain("had the directory copied out as domain controllers do among themselves")
        }
        4662 => Phrase::plain("used a right over an object of the directory"),
        4688 => ran(fields, "ParentProcessName"),
        4697 => Phrase::plain(format!(
            "made the service {}, which runs {}",
            fields.quoted("ServiceName"),
            fields.quoted("ServiceFileName")
        )),
        4698 => Phrase::plain(format!("made the task {}", task())),
        4699 => Phrase::plain(format!("deleted the task {}", task())),
        4702 => Phrase::plain(format!("changed the task {}", task())),
        5136 => Phrase::plain(format!(
            "set {} of {} to {}",
            fields.quoted("AttributeLDAPDisplayName"),
            fields.quoted("ObjectDN"),
            fields.quoted("AttributeValue")
        )),
        5137 => Phrase::plain(format!(
            "made {} in the directory",
            fields.quoted("ObjectDN")
        )),
        5141 => Phrase::plain(format!(
            "deleted {} from the directory",
            fields.quoted("ObjectDN")
        )),
        5140 => Phrase::plain(format!("opened the share {}", fields.quoted("ShareName"))),
        5145 => Phrase::plain(format!(
            "opened {} on the share {}",
            fields.quoted("RelativeTargetName"),
            fields.quoted("ShareName")
        )),
        5156 | 5157 => Phrase::by(
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

fn system(number: u32, fields: Fields<'_>) -> Option<Phrase> {
    let told = match number {
        104 => Phrase::plain("cleared a log of the computer"),
        7045 => Phrase::plain(format!(
            "made the service {}, which runs {}",
            fields.quoted("ServiceName"),
            fields.quoted("ImagePath")
        )),
        7036 => Phrase::by(
            format!("the service {}", fields.quoted("param1")),
            format!("is now {}", fields.quoted("param2")),
        ),
        7040 => Phrase::plain(format!(
            "changed when the service {} starts",
            fields.quoted("param1")
        )),
        _ => return None,
    };
    Some(told)
}

fn powershell(number: u32, fields: Fields<'_>) -> Option<Phrase> {
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
    Some(Phrase::plain(told))
}

fn defender(number: u32, fields: Fields<'_>) -> Option<Phrase> {
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
    Some(Phrase::by("Windows Defender".to_owned(), told))
}
