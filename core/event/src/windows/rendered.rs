//! The rendered English text of Security events to the names of their data, for collectors that send
//! nothing else.
//!
//! A text has sections (`Subject:`, `New Logon:`) with labels (`Account Name:`) and their values. The
//! pair of both has one name in the data. What is not listed stays in the text only.

use std::ops::Range;

use memchr::memchr_iter;

use crate::words;

/// Sections whose labels mean the same data.
const SECTIONS: [(&str, Who); 20] = [
    ("Subject", Who::Subject),
    ("Creator Subject", Who::Subject),
    ("New Logon", Who::Target),
    ("Target Account", Who::Target),
    ("Target Subject", Who::Target),
    ("New Account", Who::Target),
    ("Account For Which Logon Failed", Who::Target),
    ("Account Whose Credentials Were Used", Who::Target),
    ("Account That Was Locked Out", Who::Target),
    ("Account Information", Who::Target),
    ("Group", Who::Target),
    ("Member", Who::Member),
    ("Target Server", Who::Other),
    ("Network Information", Who::Other),
    ("Process Information", Who::Other),
    ("Service Information", Who::Other),
    ("Logon Information", Who::Other),
    ("Detailed Authentication Information", Who::Other),
    ("Failure Information", Who::Other),
    ("Additional Information", Who::Other),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Subject,
    Target,
    Member,
    Other,
}

/// What a label that names an account means, by whose it is.
#[derive(Debug, Clone, Copy)]
struct Names {
    subject: &'static str,
    target: &'static str,
    /// Empty where nobody tells it of members.
    member: &'static str,
}

const SID: Names = Names {
    subject: "SubjectUserSid",
    target: "TargetUserSid",
    member: "MemberSid",
};

const NAME: Names = Names {
    subject: "SubjectUserName",
    target: "TargetUserName",
    member: "MemberName",
};

const DOMAIN: Names = Names {
    subject: "SubjectDomainName",
    target: "TargetDomainName",
    member: "",
};

const LOGON: Names = Names {
    subject: "SubjectLogonId",
    target: "TargetLogonId",
    member: "",
};

/// Labels that name an account.
const WHO_LABELS: [(&str, Names); 8] = [
    ("Security ID", SID),
    ("User ID", SID),
    ("Account Name", NAME),
    ("Group Name", NAME),
    ("Account Domain", DOMAIN),
    ("Group Domain", DOMAIN),
    ("Supplied Realm Name", DOMAIN),
    ("Logon ID", LOGON),
];

/// Labels that mean the same in any section.
const LABELS: [(&str, &str); 24] = [
    ("Logon Type", "LogonType"),
    ("Source Network Address", "IpAddress"),
    ("Client Address", "IpAddress"),
    ("Network Address", "IpAddress"),
    ("Source Port", "IpPort"),
    ("Client Port", "IpPort"),
    ("Workstation Name", "WorkstationName"),
    ("Source Workstation", "Workstation"),
    ("Caller Computer Name", "TargetDomainName"),
    ("Target Server Name", "TargetServerName"),
    ("New Process Name", "NewProcessName"),
    ("New Process ID", "NewProcessId"),
    ("Creator Process Name", "ParentProcessName"),
    ("Process Command Line", "CommandLine"),
    ("Process Name", "ProcessName"),
    ("Process ID", "ProcessId"),
    ("Logon Process", "LogonProcessName"),
    ("Authentication Package", "AuthenticationPackageName"),
    ("Failure Reason", "FailureReason"),
    ("Sub Status", "SubStatus"),
    ("Status", "Status"),
    ("Service Name", "ServiceName"),
    ("Ticket Encryption Type", "TicketEncryptionType"),
    ("Privileges", "PrivilegeList"),
];

/// Tells the data of a rendered text by their names, in its order; some perhaps several times.
pub(crate) fn tell<'t>(text: &'t str, mut put: impl FnMut(&'static str, &'t str)) {
    let mut who = Who::Other;
    // The last label, and where its value begins.
    let mut open: Option<(&'static str, usize)> = None;
    let mut tell = |(name, from): (&'static str, usize), to: usize| {
        // A sentence that explains the event follows the last value.
        let value = text.get(from..to).unwrap_or_default().trim();
        let value = words::around(value, "\r\n\r\n").map_or(value, |(value, _)| value.trim());
        if !value.is_empty() && value != "-" {
            put(name, value);
        }
    };
    let mut from = 0;
    for colon in memchr_iter(b':', text.as_bytes()) {
        let mark = mark(text, from..colon);
        from = colon + 1;
        let Some((begin, says)) = mark else {
            continue;
        };
        if let Some(open) = open.take() {
            tell(open, begin);
        }
        let name = match says {
            Says::Section(section) => {
                who = section;
                ""
            }
            Says::Label(name) => name,
            Says::Who(names) => match who {
                Who::Subject => names.subject,
                Who::Target => names.target,
                Who::Member => names.member,
                Who::Other => "",
            },
        };
        open = (!name.is_empty()).then_some((name, from));
    }
    if let Some(open) = open {
        tell(open, text.len());
    }
}

#[derive(Debug, Clone, Copy)]
enum Says {
    Section(Who),
    Label(&'static str),
    Who(Names),
}

/// The known section or label that ends a part of a text, and where it begins: with a line, or behind a tabulator or
/// two blanks. The part begins where the text does, or behind a colon, which no label has.
fn mark(text: &str, part: Range<usize>) -> Option<(usize, Says)> {
    let bytes = text.as_bytes().get(part.clone())?;
    let is_break = |end: &usize| match bytes.get(..*end) {
        Some([.., b'\t' | b'\n'] | [.., b' ', b' ']) => true,
        Some(_) | None => false,
    };
    let behind = (1..=bytes.len()).rev().find(is_break);
    let begin = match (behind, part.start) {
        (Some(behind), start) => start + behind,
        (None, 0) => 0,
        (None, _) => return None,
    };
    Some((begin, says(text.get(begin..part.end)?.trim())?))
}

/// What a section or label says, if it is known.
fn says(label: &str) -> Option<Says> {
    if !label.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let section = SECTIONS.iter().find(|(name, _)| *name == label);
    let section = section.map(|(_, who)| Says::Section(*who));
    let who = || WHO_LABELS.iter().find(|(name, _)| *name == label);
    let who = || who().map(|(_, names)| Says::Who(*names));
    let other = || LABELS.iter().find(|(name, _)| *name == label);
    let other = || other().map(|(_, name)| Says::Label(name));
    section.or_else(who).or_else(other)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::{LABELS, SECTIONS, WHO_LABELS, tell};

    fn told(text: &str) -> BTreeMap<&'static str, &str> {
        let mut told = BTreeMap::new();
        tell(text, |name, value| {
            told.entry(name).or_insert(value);
        });
        told
    }

    #[test]
    fn sections_tell_whose_name_it_is() {
        let text = "An account was successfully logged on.\r\n\r\nSubject:\r\n\tSecurity ID:\t\tS-1-0-0\r\n\tAccount Name:\t\t-\r\n\tAccount Domain:\t\t-\r\n\tLogon ID:\t\t0x0\r\n\r\nLogon Information:\r\n\tLogon Type:\t\t3\r\n\r\nNew Logon:\r\n\tSecurity ID:\t\tS-1-5-21-1-2-3-7\r\n\tAccount Name:\t\tbob\r\n\tAccount Domain:\t\tSHOP\r\n\tLogon ID:\t\t0x1F\r\n\r\nNetwork Information:\r\n\tWorkstation Name:\tTILL7\r\n\tSource Network Address:\t10.0.0.9\r\n\r\nThis event is generated when a logon session is created.";
        assert_eq!(
            told(text),
            BTreeMap::from([
                ("SubjectUserSid", "S-1-0-0"),
                ("SubjectLogonId", "0x0"),
                ("LogonType", "3"),
                ("TargetUserSid", "S-1-5-21-1-2-3-7"),
                ("TargetUserName", "bob"),
                ("TargetDomainName", "SHOP"),
                ("TargetLogonId", "0x1F"),
                ("WorkstationName", "TILL7"),
                ("IpAddress", "10.0.0.9")
            ])
        );
    }

    /// Where the marks of a text are by the rule's own words: what ends in a colon, behind the last break before it.
    fn marks(text: &str) -> Vec<(usize, usize, String)> {
        let known = |label: &str| {
            SECTIONS.iter().any(|(name, _)| *name == label)
                || WHO_LABELS.iter().any(|(name, _)| *name == label)
                || LABELS.iter().any(|(name, _)| *name == label)
        };
        let all = text.match_indices(':').map(|(colon, _)| {
            let before = &text[..colon];
            let breaks = ["  ", "\t", "\n"];
            let begin = breaks
                .iter()
                .filter_map(|b| Some(before.rfind(b)? + b.len()));
            let begin = begin.max().unwrap_or(0);
            (begin, colon + 1, before[begin..].trim().to_owned())
        });
        all.filter(|(_, _, label)| known(label)).collect()
    }

    proptest! {
        #[test]
        fn labels_are_found_where_they_stand(parts in prop::collection::vec(prop::sample::select(vec![
            "Subject", "New Logon", "Member", "Security ID", "Account Name", "Logon ID", "Logon Type", "Status", ":", ":",
            "  ", "\t", "\n", "\r\n\r\n", " ", "-", "é", "x", "S-1-5", "\u{a0}",
        ]), 0..24)) {
            let text = parts.concat();
            let marks = marks(&text);
            let mut told = Vec::new();
            tell(&text, |name, value| told.push((name, value)));
            let mut expect = Vec::new();
            let mut who = "";
            for (at, (_, end, label)) in marks.iter().enumerate() {
                let to = marks.get(at + 1).map_or(text.len(), |(begin, ..)| *begin);
                let value = text.get(*end..to).unwrap_or_default().trim();
                let value = value.split("\r\n\r\n").next().unwrap_or_default().trim();
                let name = match (label.as_str(), who) {
                    ("Subject" | "New Logon" | "Member", _) => {
                        who = match label.as_str() { "Subject" => "Subject", "New Logon" => "Target", _ => "Member" };
                        continue;
                    }
                    ("Logon Type", _) => "LogonType".to_owned(),
                    ("Status", _) => "Status".to_owned(),
                    (_, "") | ("Logon ID", "Member") => continue,
                    ("Security ID", "Member") => "MemberSid".to_owned(),
                    ("Security ID", who) => format!("{who}UserSid"),
                    ("Account Name", "Member") => "MemberName".to_owned(),
                    ("Account Name", who) => format!("{who}UserName"),
                    (_, who) => format!("{who}LogonId"),
                };
                if !value.is_empty() && value != "-" {
                    expect.push((name, value));
                }
            }
            let told: Vec<_> = told.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            prop_assert_eq!(told, expect);
        }
    }
}
