//! What a collector could not say about passing on sign-ins of hosts is neither a danger nor none.

use serde_json::{Value, json};

use crate::{
    edges,
    small::{Collected, DOMAIN, ace, authority, domain, group, host, weak},
};

/// Whether it is known that a host can be had by the pages of an authority; none if nothing leads there.
fn by_pages(pages: &Value) -> (Option<bool>, u64) {
    let mut collected = authority(&weak());
    let sends = json!({"Collected": true, "Result": {"RestrictSendingNtlmTraffic": 0}});
    collected.of("computers")["NTLMRegistryData"] = sends;
    collected.of("certtemplates")["Aces"] = json!([ace("HOST", "Enroll")]);
    let ca = collected.of("enterprisecas");
    ca["Aces"] = json!([ace("HOST", "Enroll")]);
    ca["HttpEnrollmentEndpoints"] = pages.clone();
    let found = edges(&collected.estate(), "coerce-and-relay-ntlm-to-adcs");
    let known = found.into_iter().map(|(.., why)| why.is_none()).next();
    let imported = collected.imported();
    let lost = imported.notes.iter();
    let lost = lost.filter(|((code, _), _)| *code == "unreadable-part");
    (known, lost.map(|(_, note)| note.count).sum())
}

#[test]
fn an_authority_is_safe_if_each_of_its_pages_is_known_to_be() {
    let page = |http: Value, https: Value, epa: Value| json!({"Collected": true, "Result": {"ADCSWebEnrollmentHTTP": http, "ADCSWebEnrollmentHTTPS": https, "ADCSWebEnrollmentEPA": epa}});
    let flags = |http: bool, https: bool, epa: bool| page(json!(http), json!(https), json!(epa));
    let (safe, closed) = (flags(false, true, true), flags(false, false, false));
    let (open, bare) = (flags(true, false, false), flags(false, true, false));
    let silent = json!({"Collected": false, "FailureReason": "timeout"});
    let garbled = page(json!("true"), json!(false), json!(false));
    let partly = page(json!(false), Value::Null, Value::Null);
    let unproven = page(json!(false), json!(true), Value::Null);
    let cases = [
        (json!([safe]), None, 0),
        (json!([safe, closed]), None, 0),
        (json!([safe, open]), Some(true), 0),
        (json!([bare]), Some(true), 0),
        (json!([silent, open]), Some(true), 0),
        (json!([garbled, open]), Some(true), 1),
        (json!([safe, silent]), Some(false), 0),
        (json!([safe, garbled]), Some(false), 1),
        (json!([safe, partly]), Some(false), 0),
        (json!([safe, unproven]), Some(false), 0),
        (json!([{"Collected": true, "Result": {}}]), Some(false), 0),
        (json!([]), Some(false), 0),
    ];
    for (pages, known, lost) in cases {
        assert_eq!(by_pages(&pages), (known, lost), "{pages}");
    }
}

#[test]
fn only_a_domain_of_a_level_that_is_known_protects_or_does_not() {
    let of = |level: Value| {
        let mut domain = domain();
        domain["Properties"]["functionallevel"] = level;
        let mut hosts = ["SENDER", "OPEN"].map(host);
        hosts[0]["NTLMRegistryData"] =
            json!({"Collected": true, "Result": {"RestrictSendingNtlmTraffic": 0}});
        hosts[1]["SmbInfo"] = json!({"Collected": true, "Result": {"SigningEnabled": false}});
        hosts[1]["LocalGroups"][0]["Results"] =
            json!([{"ObjectIdentifier": "SENDER", "ObjectType": "Computer"}]);
        let collected = Collected::default()
            .with("domains", &[domain])
            .with("groups", &[group(&format!("{DOMAIN}-525"), &["SENDER"])])
            .with("computers", &hosts);
        let found = edges(&collected.estate(), "coerce-and-relay-ntlm-to-smb");
        found.into_iter().map(|(.., why)| why.is_none()).next()
    };
    for level in ["2012 R2", "2016", "2025"] {
        assert_eq!(of(json!(level)), None, "{level}");
    }
    for level in ["2000 Mixed/Native", "2008 R2", "2012"] {
        assert_eq!(of(json!(level)), Some(true), "{level}");
    }
    for level in [
        json!("Unknown"),
        json!("7"),
        json!(7),
        json!(""),
        Value::Null,
    ] {
        assert_eq!(of(level.clone()), Some(false), "{level}");
    }
}
