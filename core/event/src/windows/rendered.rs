//! The rendered English text of Security events to the names of their data, for collectors that send
//! nothing else.
//!
//! A text has sections (`Subject:`, `New Logon:`) with labels (`Account Name:`) and their values. The
//! pair of both has one name in the data. What is not listed stays in the text only.

use cordon_model::Value;

use super::Fields;

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

/// Labels that name an account, and the end of their name in the data.
const WHO_LABELS: [(&str, &str); 8] = [
    ("Security ID", "UserSid"),
    ("User ID", "UserSid"),
    ("Account Name", "UserName"),
    ("Group Name", "UserName"),
    ("Account Domain", "DomainName"),
    ("Group Domain", "DomainName"),
    ("Supplied Realm Name", "DomainName"),
    ("Logon ID", "LogonId"),
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

/// Adds the data that a rendered text tells; what is there already stays.
pub(crate) fn put(text: &str, fields: &mut Fields) {
    let marks = marks(text);
    let mut who = Who::Other;
    for (at, mark) in marks.iter().enumerate() {
        let end = marks.get(at + 1).map_or(text.len(), |next| next.begin);
        let value = text.get(mark.end..end).unwrap_or_default().trim();
        match mark.says {
            Says::Section(section) => who = section,
            Says::Label(name) => add(name, value, fields),
            Says::Who(ending) => match who {
                Who::Subject => add(&format!("Subject{ending}"), value, fields),
                Who::Target => add(target_name(ending), value, fields),
                Who::Member => add(member_name(ending), value, fields),
                Who::Other => {}
            },
        }
    }
}

fn add(name: &str, value: &str, fields: &mut Fields) {
    // A sentence that explains the event follows the last value.
    let value = value.split("\r\n\r\n").next().unwrap_or(value).trim();
    if !name.is_empty() && !value.is_empty() && value != "-" {
        fields
            .entry(name.to_owned())
            .or_insert_with(|| Value::from(value));
    }
}

fn target_name(ending: &str) -> &str {
    match ending {
        "UserSid" => "TargetUserSid",
        "UserName" => "TargetUserName",
        "DomainName" => "TargetDomainName",
        "LogonId" => "TargetLogonId",
        _ => "",
    }
}

fn member_name(ending: &str) -> &str {
    match ending {
        "UserSid" => "MemberSid",
        "UserName" => "MemberName",
        _ => "",
    }
}

#[derive(Debug, Clone, Copy)]
struct Mark {
    begin: usize,
    end: usize,
    says: Says,
}

#[derive(Debug, Clone, Copy)]
enum Says {
    Section(Who),
    Label(&'static str),
    Who(&'static str),
}

/// Every known section and label of a text, in its order. A mark ends in a colon, and begins a line or
/// follows a tabulator or two blanks.
fn marks(text: &str) -> Vec<Mark> {
    let mut found = Vec::new();
    for (colon, _) in text.match_indices(':') {
        let before = text.get(..colon).unwrap_or_default();
        let breaks = ["  ", "\t", "\n"].iter();
        let begin = breaks
            .filter_map(|mark| before.rfind(mark).map(|at| at + mark.len()))
            .max()
            .unwrap_or(0);
        let label = before.get(begin..).unwrap_or_default().trim();
        let section = SECTIONS.iter().find(|(name, _)| *name == label);
        let who = WHO_LABELS.iter().find(|(name, _)| *name == label);
        let other = LABELS.iter().find(|(name, _)| *name == label);
        let says = section
            .map(|(_, who)| Says::Section(*who))
            .or(who.map(|(_, ending)| Says::Who(ending)))
            .or(other.map(|(_, name)| Says::Label(name)));
        found.extend(says.map(|says| Mark {
            begin,
            end: colon + 1,
            says,
        }));
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::put;
    use crate::windows::Fields;

    #[test]
    fn sections_tell_whose_name_it_is() {
        let text = "An account was successfully logged on.\r\n\r\nSubject:\r\n\tSecurity ID:\t\tS-1-0-0\r\n\tAccount Name:\t\t-\r\n\tAccount Domain:\t\t-\r\n\tLogon ID:\t\t0x0\r\n\r\nLogon Information:\r\n\tLogon Type:\t\t3\r\n\r\nNew Logon:\r\n\tSecurity ID:\t\tS-1-5-21-1-2-3-7\r\n\tAccount Name:\t\tbob\r\n\tAccount Domain:\t\tSHOP\r\n\tLogon ID:\t\t0x1F\r\n\r\nNetwork Information:\r\n\tWorkstation Name:\tTILL7\r\n\tSource Network Address:\t10.0.0.9\r\n\r\nThis event is generated when a logon session is created.";
        let mut fields = Fields::new();
        put(text, &mut fields);
        assert_eq!(
            json!(fields),
            json!({"SubjectUserSid": "S-1-0-0", "SubjectLogonId": "0x0", "LogonType": "3",
                "TargetUserSid": "S-1-5-21-1-2-3-7", "TargetUserName": "bob", "TargetDomainName": "SHOP",
                "TargetLogonId": "0x1F", "WorkstationName": "TILL7", "IpAddress": "10.0.0.9"})
        );
    }

    #[test]
    fn what_is_there_already_stays() {
        let mut fields = Fields::new();
        fields.insert("LogonType".to_owned(), json!(10));
        put("Logon Type:\t3", &mut fields);
        assert_eq!(json!(fields), json!({"LogonType": 10}));
    }
}
