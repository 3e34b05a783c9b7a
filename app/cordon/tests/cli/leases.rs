//! An address that two machines, and two people, had one after the other: what is done from it is done by whoever had
//! it then.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::running::{Ran, cordon, folder};

const ESTATE: &str = r"cordon: estate/v1
name: Northgate
currency: GBP
nodes:
  - { id: host:ws7, kind: workstation, aliases: [ws7.ng.example] }
  - { id: user:ann, kind: user, aliases: ['NG\ann', ann@ng.example] }
";

const RULES: [(&str, &str); 3] = [
    (
        "rules/tool.yml",
        "title: Tool\nid: 3f0f6bb6-3c5e-4f0e-9a86-1f6b4f2f4a01\nlevel: critical\n\
         logsource: { product: windows, service: sysmon }\n\
         detection:\n  s: { EventID: 1, Image|endswith: tool.exe }\n  condition: s\ncordon: { holds: [host] }\n",
    ),
    (
        "rules/share.yml",
        "title: Share\nid: 3f0f6bb6-3c5e-4f0e-9a86-1f6b4f2f4a02\nlevel: high\n\
         logsource: { product: windows, service: security }\n\
         detection:\n  s: { EventID: 5145 }\n  condition: s\ncordon: { holds: [actor] }\n",
    ),
    (
        "rules/reset.yml",
        "title: Reset\nid: 3f0f6bb6-3c5e-4f0e-9a86-1f6b4f2f4a03\nlevel: critical\n\
         logsource: { product: windows, service: security }\n\
         detection:\n  s: { EventID: 4724 }\n  condition: s\ncordon: { holds: [target] }\n",
    ),
];

/// `10.0.0.7` is `ws7`'s until noon, then `ws8`'s.
const DHCP: &str = "\t\tMicrosoft DHCP Service Activity Log\r\n\r\n\r\nEvent ID  Meaning\r\n00\tThe log was started.\r\n\r\nID,Date,Time,Description,IP Address,Host Name,MAC Address,User Name, TransactionID, QResult,Probationtime, CorrelationID,Dhcid,VendorClass(Hex),VendorClass(ASCII),UserClass(Hex),UserClass(ASCII),RelayAgentInformation,DnsRegError.\r\n\
10,04/17/26,08:00:00,Assign,10.0.0.7,ws7.ng.example,000C29AABBCC,,1,0,,,,,,,,,0\r\n\
12,04/17/26,11:59:00,Release,10.0.0.7,ws7.ng.example,000C29AABBCC,,2,6,,,,,,,,,0\r\n\
10,04/17/26,12:00:00,Assign,10.0.0.7,ws8.ng.example,000C29AABBDD,,3,0,,,,,,,,,0\r\n";

/// `10.8.0.4` is Ann's tunnel, then Bob's.
fn vpn() -> String {
    let line = |time: &str, action: &str, user: &str| {
        format!(
            "date=2026-04-17 time={time} devname=\"fw1\" logid=\"0101039947\" type=\"event\" subtype=\"vpn\" tz=\"+0000\" action=\"{action}\" tunneltype=\"ssl-tunnel\" remip=203.0.113.4 tunnelip=10.8.0.4 user=\"{user}\"\n"
        )
    };
    [
        line("09:00:00", "tunnel-up", "ann@ng.example"),
        line("10:00:00", "tunnel-down", "ann@ng.example"),
        line("11:00:00", "tunnel-up", "bob@ng.example"),
    ]
    .concat()
}

fn windows() -> String {
    let share = |time: &str, who: &str, from: &str| {
        format!(
            "{{\"Channel\":\"Security\",\"EventID\":5145,\"Computer\":\"fs1.ng.example\",\"TimeCreated\":\"2026-04-17T{time}Z\",\"SubjectUserName\":\"{who}\",\"SubjectDomainName\":\"NG\",\"IpAddress\":\"{from}\",\"ShareName\":\"\\\\\\\\*\\\\C$\"}}\n"
        )
    };
    [
        "{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":1,\"Computer\":\"ws7.ng.example\",\"TimeCreated\":\"2026-04-17T08:30:00Z\",\"Image\":\"C:\\\\tool.exe\"}\n".to_owned(),
        "{\"Channel\":\"Security\",\"EventID\":4724,\"Computer\":\"dc1.ng.example\",\"TimeCreated\":\"2026-04-17T08:40:00Z\",\"TargetUserName\":\"ann\",\"TargetDomainName\":\"NG\",\"SubjectUserName\":\"desk\",\"SubjectDomainName\":\"NG\"}\n".to_owned(),
        share("09:00:00", "svc1", "10.0.0.7"),
        share("13:00:00", "svc2", "10.0.0.7"),
        share("09:30:00", "adm1", "10.8.0.4"),
        share("11:30:00", "adm2", "10.8.0.4"),
    ]
    .concat()
}

/// The case with its logs under names that decide in which order they are read.
fn case(names: [&str; 3]) -> TempDir {
    let (vpn, windows) = (vpn(), windows());
    let mut files = vec![("estate.yaml", ESTATE)];
    files.extend(RULES);
    files.extend(names.into_iter().zip([DHCP, &vpn, &windows]));
    folder(&files)
}

fn respond(dir: &TempDir) -> Ran {
    let arguments = ["respond", "--estate", "estate.yaml", "--logs", "logs"];
    let rest = ["--rules", "rules", "--out", "out"];
    let all: Vec<&str> = arguments.into_iter().chain(rest).collect();
    let ran = cordon(dir.path(), &all);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran
}

#[expect(
    clippy::unwrap_used,
    reason = "a document that is missing or broken should stop the test"
)]
fn incidents(dir: &TempDir) -> Vec<Value> {
    let text = fs::read_to_string(dir.path().join("out/incidents.json")).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    document
        .pointer("/incidents")
        .unwrap()
        .as_array()
        .unwrap()
        .clone()
}

/// Each incident as what was seen, and who is held.
fn rows(incidents: &[Value]) -> Vec<String> {
    let words = |incident: &Value, list: &str, word: &str| {
        let all = incident.pointer(list).and_then(Value::as_array);
        let all = all.into_iter().flatten();
        let words = all.filter_map(|one| one.pointer(word)?.as_str());
        words.collect::<Vec<_>>().join(" ")
    };
    incidents
        .iter()
        .map(|incident| {
            let seen = words(incident, "/detections", "/rule/title");
            let held = words(incident, "/held", "/id");
            format!("{seen}: {held}")
        })
        .collect()
}

const EXPECT: [&str; 4] = [
    "Tool Share: host:ws7 NG\\svc1",
    "Reset Share: user:ann NG\\adm1",
    "Share: NG\\adm2",
    "Share: NG\\svc2",
];

#[test]
fn what_is_done_from_an_address_belongs_to_whoever_had_it_then() {
    for names in [
        [
            "logs/DhcpSrvLog-Fri.log",
            "logs/vpn.log",
            "logs/windows.json",
        ],
        ["logs/z.log", "logs/y.log", "logs/a.json"],
    ] {
        let dir = case(names);
        respond(&dir);
        assert_eq!(rows(&incidents(&dir)), EXPECT, "{names:?}");
    }
}

#[test]
fn without_the_leases_the_address_joins_what_it_should_not() {
    let dir = case(["rest/dhcp.log", "rest/vpn.log", "logs/windows.json"]);
    respond(&dir);
    let found = rows(&incidents(&dir));
    assert!(
        found.contains(&"Share Share: NG\\svc1 NG\\svc2".to_owned()),
        "{found:?}"
    );
}

#[test]
fn whose_an_address_was_is_told_down_to_the_bytes_that_say_so() {
    let dir = case([
        "logs/DhcpSrvLog-Fri.log",
        "logs/vpn.log",
        "logs/windows.json",
    ]);
    let ran = respond(&dir);
    let found = incidents(&dir);
    let tenancy = &found[0]["tenancies"][0];
    assert_eq!(tenancy["address"], "10.0.0.7");
    assert_eq!(tenancy["finding"], "one");
    assert_eq!(tenancy["confidence"], 0.9);
    let share = &found[0]["detections"][1]["records"][0];
    assert_eq!(tenancy["record"], share["id"]);
    let tenant = &tenancy["tenants"][0];
    assert_eq!(tenant["id"], "ws7.ng.example");
    assert_eq!(tenant["says"], "given");
    assert_eq!(tenant["log"]["path"], "logs/DhcpSrvLog-Fri.log");
    assert_eq!(tenant["log"]["record"], 1);
    let place = |key: &str| usize::try_from(tenant["raw"][key].as_u64().unwrap_or(0)).unwrap_or(0);
    let raw = DHCP.get(place("offset")..place("offset") + place("length"));
    assert!(raw.is_some_and(|raw| raw.starts_with("10,04/17/26,08:00:00,Assign,10.0.0.7,ws7")));
    assert!(tenant["raw"]["sha256"].is_string());
    assert_eq!(
        found[1]["tenancies"][0]["tenants"][0]["id"],
        "ann@ng.example"
    );
    assert_eq!(
        found[3]["tenancies"][0]["tenants"][0]["id"],
        "ws8.ng.example"
    );
    let told = "10.0.0.7 was taken for host ws7.ng.example, which had been given the address, says logs/DhcpSrvLog-Fri.log record 1";
    let line = fs::read_to_string(dir.path().join("out/timeline.csv")).unwrap_or_default();
    assert!(line.contains(told), "{line}");
    let screen: Vec<&str> = ran.stdout.split_whitespace().collect();
    assert!(screen.join(" ").contains(told), "{}", ran.stdout);
}
