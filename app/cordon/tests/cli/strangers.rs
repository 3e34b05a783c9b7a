//! Who is told apart from whom, from lines of logs to incidents: what many use joins nobody, one doing is
//! one witness, and nobody is left out because of the form of their name.

use std::fs;

use serde_json::Value;

use crate::running::{cordon, folder};

const ESTATE: &str = "cordon: estate/v1\nname: Shop\ncurrency: GBP\nnodes:\n  \
                      - { id: user:jane, kind: user, aliases: [jane@shop.example, 'SHOP\\jane'] }\n";

/// The rules of a case, each with its name, its level and a number of Windows or a word of Okta.
fn rules(lines: &[(&str, &str, &str)]) -> String {
    let rules = lines.iter().map(|(name, level, event)| {
        let (source, field) = match event.parse::<u32>() {
            Ok(_) => ("product: windows, service: security", "EventID"),
            Err(_) => ("product: okta", "eventType"),
        };
        format!(
            "title: {name}\nname: {name}\nlevel: {level}\nlogsource: {{ {source} }}\n\
             detection: {{ s: {{ {field}: {event} }}, condition: s }}\n"
        )
    });
    rules.collect::<Vec<_>>().join("---\n")
}

/// A moment so many minutes into April 2025.
fn at(minute: u32) -> String {
    let (day, minute) = (minute / 1_440 + 1, minute % 1_440);
    format!(
        "2025-04-{day:02}T{:02}:{:02}:00.000Z",
        minute / 60,
        minute % 60
    )
}

/// What Windows writes on a machine of somebody, `DOMAIN\name` or a number.
fn windows(event: u32, minute: u32, (host, who): (&str, &str)) -> String {
    let (domain, name) = who.split_once('\\').unwrap_or(("-", "-"));
    let number = match who {
        r"NT AUTHORITY\SYSTEM" => "S-1-5-18",
        number if number.starts_with("S-1-") => number,
        _ => "-",
    };
    let subject = match event {
        4624 => "Target",
        _ => "Subject",
    };
    let number_name = if subject == "Target" {
        "TargetUserSid"
    } else {
        "SubjectUserSid"
    };
    let record = serde_json::json!({
        "Channel": "Security", "EventID": event, "Computer": host, "@timestamp": at(minute),
        "EventRecordID": minute, format!("{subject}UserName"): name,
        format!("{subject}DomainName"): domain, number_name: number,
    });
    format!("{record}\n")
}

/// What Okta writes of somebody, `name@domain id`.
fn okta(event: &str, minute: u32, (who, address): (&str, &str)) -> String {
    let (who, id) = who.split_once(' ').unwrap_or((who, who));
    let record = serde_json::json!({
        "uuid": format!("{event}-{minute}-{who}"), "published": at(minute), "eventType": event,
        "actor": {"id": id, "type": "User", "alternateId": who},
        "client": {"ipAddress": address}, "outcome": {"result": "SUCCESS"},
    });
    format!("{record}\n")
}

/// A line for each incident: what is held, and how surely.
fn held(rules: &str, logs: &[String], history: &[String]) -> Vec<String> {
    // Windows and Okta have a file each.
    let of = |lines: &[String], windows: bool| {
        let own = lines
            .iter()
            .filter(|line| line.contains("Channel") == windows);
        own.map(String::as_str).collect::<String>()
    };
    let dir = folder(&[
        ("estate.yaml", ESTATE),
        ("rules.yml", rules),
        ("logs/windows.ndjson", &of(logs, true)),
        ("logs/okta.ndjson", &of(logs, false)),
        ("history/windows.ndjson", &of(history, true)),
        ("history/okta.ndjson", &of(history, false)),
    ]);
    let mut words = vec!["respond", "--estate", "estate.yaml", "--logs", "logs"];
    words.extend(["--rules", "rules.yml", "--out", "out"]);
    if !history.is_empty() {
        words.extend(["--history", "history"]);
    }
    let ran = cordon(dir.path(), &words);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let text = fs::read_to_string(dir.path().join("out/incidents.json")).unwrap_or_default();
    let found: Value = serde_json::from_str(&text).unwrap_or_default();
    let incidents = found.get("incidents").and_then(Value::as_array).cloned();
    let incidents = incidents.unwrap_or_default();
    let mut rows: Vec<String> = incidents.iter().map(row).collect();
    rows.sort();
    rows
}

fn row(incident: &Value) -> String {
    let held = incident.get("held").and_then(Value::as_array).cloned();
    let held = held.unwrap_or_default().into_iter().map(|held| {
        let confidence = held.get("confidence").and_then(Value::as_f64);
        let id = held.get("id").and_then(Value::as_str).unwrap_or_default();
        format!("{id}={:.2}", confidence.unwrap_or_default())
    });
    held.collect::<Vec<_>>().join(" ")
}

#[test]
fn two_tenants_that_begin_alike_have_an_administrator_each() {
    let rules = rules(&[
        ("start", "high", "user.session.start"),
        ("off", "high", "user.mfa.factor.deactivate"),
    ]);
    let alpha = "admin@corp.alpha.example 00uaaaaaaaaaaaaaaaaa";
    let beta = "admin@corp.beta.example 00ubbbbbbbbbbbbbbbbb";
    let logs = [
        okta("user.session.start", 0, (alpha, "192.0.2.1")),
        okta("user.mfa.factor.deactivate", 5, (beta, "192.0.2.2")),
    ];
    let expect = [
        "admin@corp.alpha.example=0.60",
        "admin@corp.beta.example=0.60",
    ];
    assert_eq!(held(&rules, &logs, &[]), expect);
}

#[test]
fn one_logon_and_one_round_of_a_scanner_are_one_witness_each() {
    let names = [
        ("a", "medium", "4624"),
        ("b", "medium", "4648"),
        ("c", "medium", "4672"),
        ("d", "medium", "4697"),
        ("e", "medium", "4698"),
    ];
    let rules = rules(&names);
    let events = [4624, 4648, 4672, 4697, 4698];
    let on = |host: &str, who: &str, from: u32| -> Vec<String> {
        let one = |(event, n): (&u32, u32)| windows(*event, from + n, (host, who));
        events.iter().zip(0..).map(one).collect()
    };
    let logon = on("srv-1.shop.example", r"SHOP\adm", 0);
    assert_eq!(held(&rules, &logon, &[]), [r"SHOP\adm=0.51"]);
    let round: Vec<String> = (0..30)
        .flat_map(|n| on(&format!("srv-{n}.shop.example"), r"SHOP\svc-nessus", n))
        .collect();
    assert_eq!(held(&rules, &round, &[]), [r"SHOP\svc-nessus=0.51"]);
}

#[test]
fn strangers_behind_one_router_and_on_one_busy_machine_stay_strangers() {
    let rules = rules(&[
        ("off", "high", "user.mfa.factor.deactivate"),
        ("service", "high", "4697"),
    ]);
    let everybody = (0..60).flat_map(|n| {
        let who = format!("u{n}@shop.example");
        let on = ("jump-1.shop.example", format!(r"SHOP\u{n}"));
        [
            okta("user.session.start", n, (&who, "198.51.100.7")),
            windows(4624, n, (on.0, &on.1)),
        ]
    });
    let three = ["ann", "bob", "cat"]
        .into_iter()
        .zip(70..)
        .map(|(who, minute)| {
            let who = format!("{who}@shop.example");
            okta("user.mfa.factor.deactivate", minute, (&who, "198.51.100.7"))
        });
    let two = ["dan", "eve"].into_iter().zip(80..).map(|(who, minute)| {
        windows(
            4697,
            minute,
            ("jump-1.shop.example", &format!(r"SHOP\{who}")),
        )
    });
    let logs: Vec<String> = everybody.chain(three).chain(two).collect();
    let expect = [
        r"SHOP\dan=0.60",
        r"SHOP\eve=0.60",
        "ann@shop.example=0.60",
        "bob@shop.example=0.60",
        "cat@shop.example=0.60",
    ];
    assert_eq!(held(&rules, &logs, &[]), expect);
}

#[test]
fn what_the_system_does_and_what_a_number_does_is_somebodys_doing() {
    let rules = rules(&[("process", "high", "4688"), ("service", "high", "4697")]);
    let check = |who: &str, expect: &str| {
        let logs =
            [4688, 4697].map(|event| windows(event, event - 4_688, ("ws-3.shop.example", who)));
        assert_eq!(held(&rules, &logs, &[]), [expect]);
    };
    check(r"NT AUTHORITY\SYSTEM", "ws-3.shop.example=0.84");
    check("S-1-5-21-1-2-3-1500", "S-1-5-21-1-2-3-1500=0.84");
}

#[test]
fn accounts_of_machines_outside_a_domain_are_each_machines_own() {
    let rules = rules(&[("process", "high", "4688"), ("service", "high", "4697")]);
    for domain in ["WORKGROUP", "."] {
        let who = format!(r"{domain}\Administrator");
        let logs = [
            windows(4688, 0, ("ws-5", &who)),
            windows(4697, 5, ("ws-6", &who)),
        ];
        let found = held(&rules, &logs, &[]);
        assert_eq!(
            found,
            [r"ws-5\Administrator=0.60", r"ws-6\Administrator=0.60"]
        );
    }
}

#[test]
fn more_of_an_intrusion_never_lowers_what_is_believed() {
    let rules = rules(&[
        ("a", "high", "4688"),
        ("b", "high", "4697"),
        ("c", "high", "4698"),
    ]);
    let on = ("srv-1.shop.example", r"SHOP\eve");
    let first = [windows(4688, 0, on), windows(4697, 30, on)];
    assert_eq!(held(&rules, &first, &[]), [r"SHOP\eve=0.84"]);
    // One of the others goes on writing for a month, and so does she.
    let later = (1..14).map(|n| windows(4698, n * 2_880, on));
    let logs: Vec<String> = first.into_iter().chain(later).collect();
    assert_eq!(held(&rules, &logs, &[]), [r"SHOP\eve=0.94"]);
}

#[test]
fn what_is_new_of_somebody_says_something_only_of_whom_is_known() {
    let rules = rules(&[
        ("service", "high", "4697"),
        ("off", "high", "user.mfa.factor.deactivate"),
    ]);
    let live = [okta(
        "user.mfa.factor.deactivate",
        20 * 1_440,
        ("jane@shop.example", "203.0.113.9"),
    )];
    let day = |n: u32| {
        okta(
            "user.session.start",
            n * 1_440,
            ("jane@shop.example", "192.0.2.7"),
        )
    };
    assert_eq!(held(&rules, &live, &[day(9)]), ["user:jane=0.60"]);
    let days: Vec<String> = (1..10).map(day).collect();
    assert_eq!(held(&rules, &live, &days), ["user:jane=0.75"]);
}

#[test]
fn a_backup_that_visits_every_machine_joins_nobody_who_is_attacked_there() {
    let rules = rules(&[
        ("a", "medium", "4688"),
        ("b", "medium", "4672"),
        ("c", "high", "4697"),
        ("d", "high", "4698"),
    ]);
    let backup = (0..30).flat_map(|n| {
        let host = format!("srv-{n}.shop.example");
        [4688, 4672].map(|event| windows(event, n, (&host, r"SHOP\svc-backup")))
    });
    let attacks = [("ann", 60, "srv-3"), ("bob", 90, "srv-17")];
    let attacks = attacks.into_iter().flat_map(|(who, minute, host)| {
        let (host, who) = (format!("{host}.shop.example"), format!(r"SHOP\{who}"));
        [(4697, 0), (4698, 2)].map(|(event, n)| windows(event, minute + n, (&host, &who)))
    });
    let logs: Vec<String> = backup.chain(attacks).collect();
    let expect = [r"SHOP\ann=0.84", r"SHOP\bob=0.84", r"SHOP\svc-backup=0.51"];
    assert_eq!(held(&rules, &logs, &[]), expect);
}
