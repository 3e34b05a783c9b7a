//! Hosts that are administered by very many, some of whom send their sign-ins to others.

use serde_json::{Value, json};

use crate::{
    edges,
    small::{Collected, domain, group, host},
};

/// A host that signs what it sends or not, whose setting for old sign-ins was collected or not.
fn told(id: &str, signs: &str, sends: Option<u64>, admins: &[&str]) -> Value {
    let mut host = host(id);
    let signs = signs == "signs";
    host["SmbInfo"] = json!({"Collected": true, "Result": {"SigningEnabled": signs}});
    let sends = sends.map(|sends| json!({"RestrictSendingNtlmTraffic": sends}));
    host["NTLMRegistryData"] = json!({"Collected": sends.is_some(), "Result": sends});
    let admins = admins.iter();
    let admins = admins.map(|id| json!({"ObjectIdentifier": id, "ObjectType": "Group"}));
    host["LocalGroups"][0]["Results"] = admins.collect();
    host
}

/// Hosts that fall to sign-ins that are passed on, where a group of 300 people, which is in a ring of groups, has
/// further members.
fn relayed(members: &[&str], sends: Option<u64>) -> Vec<(String, Option<String>)> {
    let people: Vec<String> = (0..300).map(|n| format!("P{n}")).collect();
    let mut wide: Vec<&str> = people.iter().map(String::as_str).collect();
    wide.extend(members);
    let groups = [
        group("WIDE", &wide),
        group("RING", &["WIDE"]),
        group("NEAR", &["RING"]),
        group("EMPTY", &[]),
    ];
    let computers = [
        told("SENDER", "signs", sends, &[]),
        told("STILL", "signs", Some(2), &[]),
        told("A", "does not", Some(2), &["NEAR", "EMPTY"]),
        told("B", "does not", Some(2), &["EMPTY", "P1"]),
        told("C", "does not", Some(0), &["C", "WIDE"]),
    ];
    let collected = Collected::default()
        .with("domains", &[domain()])
        .with("groups", &groups)
        .with("computers", &computers);
    let found = edges(&collected.estate(), "coerce-and-relay-ntlm-to-smb");
    found.into_iter().map(|(_, to, why)| (to, why)).collect()
}

#[test]
fn whoever_is_in_a_wide_group_counts_as_in_a_narrow_one() {
    let both = |why: Option<&str>| ["A", "C"].map(|host| (host.to_owned(), why.map(str::to_owned)));
    assert_eq!(relayed(&["RING"], Some(0)), []);
    assert_eq!(relayed(&["RING", "STILL"], Some(0)), []);
    assert_eq!(relayed(&["RING", "STILL", "SENDER"], Some(0)), both(None));
    let unknown = Some("`restrictoutboundntlm` of SENDER is not known");
    assert_eq!(relayed(&["RING", "STILL", "SENDER"], None), both(unknown));
    assert_eq!(relayed(&["RING", "SENDER"], Some(2)), []);
}
