//! What the formats of others ask of a detection, in the words that they share: ATT&CK, severity, names.

use std::net::IpAddr;

use cordon_model::{Detection, Entity, EntityKind, Evidence, Level, Role, Timestamp};
use serde_json::{Value, json};

use super::v1::RawTold;

/// Who wrote a document, and when.
#[derive(Debug, Clone, Copy)]
pub struct Writer<'a> {
    /// The version of the program.
    pub version: &'a str,
    /// When it was written.
    pub written: Timestamp,
}

/// Tactics of ATT&CK by the names that Sigma's tags have, with the ids of the Enterprise matrix. Those that
/// came with v19 are left without an id here.
const TACTICS: [(&str, &str, &str); 16] = [
    ("reconnaissance", "Reconnaissance", "TA0043"),
    ("resource-development", "Resource Development", "TA0042"),
    ("initial-access", "Initial Access", "TA0001"),
    ("execution", "Execution", "TA0002"),
    ("persistence", "Persistence", "TA0003"),
    ("privilege-escalation", "Privilege Escalation", "TA0004"),
    ("defense-evasion", "Defense Evasion", "TA0005"),
    ("stealth", "Stealth", ""),
    ("defense-impairment", "Defense Impairment", ""),
    ("credential-access", "Credential Access", "TA0006"),
    ("discovery", "Discovery", "TA0007"),
    ("lateral-movement", "Lateral Movement", "TA0008"),
    ("collection", "Collection", "TA0009"),
    ("command-and-control", "Command and Control", "TA0011"),
    ("exfiltration", "Exfiltration", "TA0010"),
    ("impact", "Impact", "TA0040"),
];

/// A tactic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tactic {
    pub(super) name: &'static str,
    pub(super) id: Option<&'static str>,
}

/// The tactics that tags name, in their order.
pub(super) fn tactics(tags: &[String]) -> Vec<Tactic> {
    let named = attack(tags).filter_map(|word| {
        let word = word.replace('_', "-");
        let known = TACTICS.iter().find(|(tag, ..)| *tag == word)?;
        let id = Some(known.2).filter(|id| !id.is_empty());
        Some(Tactic { name: known.1, id })
    });
    named.collect()
}

/// The version of ATT&CK whose numbers the tags of the shipped rules are.
pub(super) const ATTACK: &str = "18";

/// The techniques that tags name, such as `T1098` or `T1098.003`, in their order.
pub(super) fn techniques(tags: &[String]) -> Vec<String> {
    let is_technique = |word: &&str| {
        let digits = word.strip_prefix(['t', 'T']).unwrap_or_default();
        digits.len() >= 4 && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    };
    let named = attack(tags).filter(is_technique);
    named.map(str::to_uppercase).collect()
}

fn attack(tags: &[String]) -> impl Iterator<Item = &str> {
    tags.iter().filter_map(|tag| tag.strip_prefix("attack."))
}

/// Names of one role and kinds, each once, of the records in their order.
pub(super) fn names(records: &[Evidence], role: Option<Role>, kinds: &[EntityKind]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for entity in records.iter().flat_map(|record| &record.entities) {
        let fits = kinds.contains(&entity.kind) && role.is_none_or(|role| role == entity.role);
        if fits && !names.iter().any(|name| **name == *entity.id) {
            names.push(entity.id.to_string());
        }
    }
    names
}

/// An address as others write it; none if it is a name.
pub(super) fn ip(entity: &Entity) -> Option<String> {
    let address: IpAddr = entity.id.parse().ok()?;
    (entity.kind == EntityKind::Address).then(|| address.to_string())
}

/// What makes a finding the same as another: the rule, its group, and the records it rests on.
pub(super) fn finding_id(detection: &Detection) -> String {
    let mut id = detection.rule.id.to_string();
    for group in &detection.group {
        id.push('/');
        id.push_str(group);
    }
    let ends = [detection.records.first(), detection.last()];
    let ends = ends.iter().flatten().map(|record| record.id.as_str());
    let mut ends: Vec<&str> = ends.collect();
    ends.dedup();
    for record in ends {
        id.push('/');
        id.push_str(record);
    }
    id
}

/// Of a level: the number of OCSF and its word, and the number that Elastic's own rules give it.
pub(super) fn severity(level: Level) -> (u8, &'static str, u8) {
    match level {
        Level::Informational => (1, "Informational", 0),
        Level::Low => (2, "Low", 21),
        Level::Medium => (3, "Medium", 47),
        Level::High => (4, "High", 73),
        Level::Critical => (5, "Critical", 99),
    }
}

/// Where a record's bytes are; null of a record that stands in no file.
pub(super) fn raw(record: &Evidence) -> Value {
    RawTold::of(&record.raw).map_or(
        Value::Null,
        |raw| json!({ "offset": raw.offset, "length": raw.length, "sha256": raw.sha256 }),
    )
}

/// The fields of a record as one JSON text.
pub(super) fn original(evidence: &Evidence) -> String {
    evidence.fields.to_value().to_string()
}

#[cfg(test)]
mod tests {
    use super::{tactics, techniques};

    #[test]
    fn tags_name_tactics_and_techniques() {
        let tags: Vec<String> = [
            "attack.t1098.003",
            "attack.persistence",
            "attack.initial_access",
            "attack.stealth",
            "attack.g1015",
            "attack.t1078",
            "cve.2024-1",
            "attack.trouble",
        ]
        .map(str::to_owned)
        .to_vec();
        assert_eq!(techniques(&tags), ["T1098.003", "T1078"]);
        let named = tactics(&tags);
        let named: Vec<_> = named
            .iter()
            .map(|tactic| (tactic.name, tactic.id))
            .collect();
        assert_eq!(
            named,
            [
                ("Persistence", Some("TA0003")),
                ("Initial Access", Some("TA0001")),
                ("Stealth", None)
            ]
        );
    }
}
