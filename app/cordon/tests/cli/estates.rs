//! `cordon plan` and `cordon reach`: answers, and messages for wrong estates and footholds.

use crate::running::{Ran, cordon, folder};
use serde_json::Value;

/// A small estate: an agent who can reach a jewel through a group.
const ESTATE: &str = r"cordon: estate/v1
name: Northgate
currency: GBP
nodes:
  - { id: user:agent-7, kind: user, name: Agent 7, aliases: ['NORTHGATE\agent7'] }
  - { id: group:desk, kind: group }
  - { id: host:dc1, kind: domain-controller, jewel: { loss: 3000000 } }
  - { id: host:till, kind: host }
edges:
  - { from: user:agent-7, to: group:desk, kind: member-of, minutes: 1 }
  - { from: group:desk, to: host:dc1, kind: admin-to, minutes: 10, likelihood: 0.9 }
services:
  - { id: service:tills, needs: host:till, loss_per_hour: 40000, protected: true }
steps:
  - id: disable-account/agent-7
    kind: disable-account
    removes: { nodes: [user:agent-7] }
    cost: 50
    minutes: 2
";

/// Runs `plan` on the estate above, changed.
fn plan_with(from: &str, to: &str) -> Ran {
    assert!(ESTATE.contains(from), "the estate holds {from:?}");
    let dir = folder(&[("estate.yaml", &ESTATE.replace(from, to))]);
    cordon(
        dir.path(),
        &[
            "plan",
            "--estate",
            "estate.yaml",
            "--foothold",
            "user:agent-7",
        ],
    )
}

#[test]
fn a_plan_is_printed_with_its_price_and_proof() {
    let ran = plan_with("", "");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for words in [
        "disable-account/agent-7",
        "cut off",
        "over 24 h: £50",
        "proven",
        "do nothing",
    ] {
        assert!(ran.stdout.contains(words), "{words}: {}", ran.stdout);
    }
}

#[test]
fn a_plan_as_json_is_the_documented_format() {
    let dir = folder(&[("estate.yaml", ESTATE)]);
    let arguments = [
        "plan",
        "--estate",
        "estate.yaml",
        "--foothold",
        r"northgate\AGENT7=0.97",
    ];
    let ran = cordon(
        dir.path(),
        &[&arguments[..], &["--format", "json"]].concat(),
    );
    let plan: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(plan["format"], "cordon/plan/v1");
    assert_eq!(plan["footholds"][0]["id"], "user:agent-7");
    assert_eq!(plan["footholds"][0]["confidence"], 0.97);
    assert_eq!(plan["price"]["total"], 50);
    assert_eq!(plan["infeasible"], Value::Null);
    let line = cordon(
        dir.path(),
        &[&arguments[..], &["--format", "jsonl"]].concat(),
    );
    assert_eq!(line.stdout.lines().count(), 1);
    assert_eq!(serde_json::from_str::<Value>(&line.stdout).unwrap(), plan);
}

#[test]
fn the_same_question_gets_the_same_bytes() {
    let dir = folder(&[("estate.yaml", ESTATE)]);
    for format in ["table", "json", "jsonl"] {
        for command in ["plan", "reach"] {
            let arguments = [
                command,
                "--estate",
                "estate.yaml",
                "--foothold",
                "group:desk",
                "--format",
                format,
            ];
            let (one, two) = (
                cordon(dir.path(), &arguments),
                cordon(dir.path(), &arguments),
            );
            assert_eq!(one.stdout, two.stdout);
            assert!(!one.stdout.is_empty());
        }
    }
}

#[test]
fn an_answer_of_no_is_printed_in_full_and_ends_with_3() {
    let dir = folder(&[(
        "estate.yaml",
        &ESTATE.replace("nodes: [user:agent-7]", "nodes: []"),
    )]);
    let arguments = [
        "plan",
        "--estate",
        "estate.yaml",
        "--foothold",
        "user:agent-7",
    ];
    let ran = cordon(
        dir.path(),
        &[&arguments[..], &["--format", "json"]].concat(),
    );
    assert_eq!(ran.code, 3);
    let plan: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(plan["price"], Value::Null);
    assert_eq!(plan["infeasible"]["reasons"][0]["target"], "host:dc1");
    assert!(ran.stderr.contains("no admissible plan exists"));
    let table = cordon(dir.path(), &arguments);
    assert_eq!(table.code, 3);
    assert!(
        table.stdout.contains("What could be given up"),
        "{}",
        table.stdout
    );
}

#[test]
fn what_is_wrong_with_an_estate_is_said_with_its_place_and_what_to_do() {
    let cases = [
        (
            "currency: GBP\n",
            "currency: [GBP\n",
            "yaml-syntax",
            "estate.yaml:",
        ),
        (
            "kind: group }",
            "knd: group }",
            "unknown-key",
            "estate.yaml:6:23",
        ),
        ("to: host:dc1,", "to: host:dc9,", "unknown", "host:dc1"),
        ("cost: 50", "cost: -50", "negative", "estate.yaml:18:11"),
        (
            "id: host:till,",
            "id: host:dc1,",
            "host:dc1",
            "estate.yaml:8:",
        ),
        ("cordon: estate/v1\n", "", "missing-key", "`cordon`"),
    ];
    for (from, to, code, words) in cases {
        let ran = plan_with(from, to);
        assert_eq!(ran.code, 2, "{to:?}: {}", ran.stderr);
        assert_eq!(ran.stdout, "", "{to:?}");
        for words in [code, words, "help:"] {
            assert!(
                ran.stderr.contains(words),
                "{to:?} lacks {words}: {}",
                ran.stderr
            );
        }
    }
}

#[test]
fn services_that_need_each_other_are_refused() {
    let services = "services:\n  - { id: service:a, needs: service:b }\n  - { id: service:b, needs: service:a }\n";
    let ran = plan_with("services:\n", services);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("service:a"), "{}", ran.stderr);
    assert!(ran.stderr.contains("cycle"), "{}", ran.stderr);
}

#[test]
fn all_problems_are_listed_and_counted() {
    let dir = folder(&[("estate.yaml", &ESTATE.replace("kind: group", "knd: group"))]);
    let broken = ESTATE
        .replace("cost: 50", "cost: ten")
        .replace("GBP", "EUR");
    std::fs::write(dir.path().join("more.yaml"), broken).unwrap();
    let ran = cordon(
        dir.path(),
        &[
            "plan",
            "--estate",
            "estate.yaml",
            "more.yaml",
            "--foothold",
            "user:agent-7",
        ],
    );
    assert_eq!(ran.code, 2);
    for words in ["knd", "ten", "EUR", "user:agent-7", " errors"] {
        assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
    }
}

#[test]
fn several_estates_add_up() {
    let more = "cordon: estate/v1\nnodes:\n  - { id: host:dc2, kind: domain-controller, jewel: { loss: 5 } }\n\
                edges:\n  - { from: group:desk, to: host:dc2, kind: admin-to }\n";
    let dir = folder(&[("estate.yaml", ESTATE), ("more.yaml", more)]);
    for estates in [
        &["--estate", "estate.yaml", "more.yaml"][..],
        &["--estate", "estate.yaml", "--estate", "more.yaml"],
    ] {
        let arguments = [&["reach", "--foothold", "group:desk"][..], estates].concat();
        let ran = cordon(dir.path(), &arguments);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(ran.stdout.contains("host:dc2"), "{}", ran.stdout);
    }
}

#[test]
fn two_currencies_or_two_names_are_refused() {
    for (from, to) in [("GBP", "EUR"), ("name: Northgate", "name: Southgate")] {
        let more = ESTATE.replace(from, to);
        let head = more.split("nodes:").next().unwrap();
        let dir = folder(&[("estate.yaml", ESTATE), ("more.yaml", head)]);
        let ran = cordon(
            dir.path(),
            &[
                "reach",
                "--estate",
                "estate.yaml",
                "more.yaml",
                "--foothold",
                "group:desk",
            ],
        );
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains("more.yaml"), "{}", ran.stderr);
    }
}

#[test]
fn an_unknown_foothold_is_refused_with_the_name_that_was_probably_meant() {
    let dir = folder(&[("estate.yaml", ESTATE)]);
    for command in ["plan", "reach"] {
        let ran = cordon(
            dir.path(),
            &[
                command,
                "--estate",
                "estate.yaml",
                "--foothold",
                "user:agnt-7",
                "host:x=0.4",
            ],
        );
        assert_eq!(ran.code, 2);
        assert_eq!(ran.stdout, "");
        assert!(
            ran.stderr.contains("did you mean `user:agent-7`?"),
            "{}",
            ran.stderr
        );
        assert!(ran.stderr.contains("`host:x`"), "{}", ran.stderr);
        assert!(ran.stderr.contains("2 errors"), "{}", ran.stderr);
    }
}

#[test]
fn a_file_that_is_not_there_is_the_worlds_fault() {
    let dir = folder(&[]);
    let ran = cordon(
        dir.path(),
        &["plan", "--estate", "nowhere.yaml", "--foothold", "x"],
    );
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains("cannot read nowhere.yaml: "),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_file_that_is_no_text_is_the_users_mistake() {
    let dir = folder(&[]);
    std::fs::write(dir.path().join("estate.yaml"), b"\xff\xfe\x00").unwrap();
    let ran = cordon(
        dir.path(),
        &["plan", "--estate", "estate.yaml", "--foothold", "x"],
    );
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("UTF-8"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("states its"), "{}", ran.stderr);
    // A letter of another encoding in the third line: that is all that is wrong.
    let latin = ESTATE.replace("currency: GBP", "currency: GBP # caf\u{e9}");
    let latin: Vec<u8> = latin.chars().map(|c| u8::try_from(c).unwrap()).collect();
    std::fs::write(dir.path().join("estate.yaml"), latin).unwrap();
    let ran = cordon(
        dir.path(),
        &["plan", "--estate", "estate.yaml", "--foothold", "x"],
    );
    for words in ["not-utf8", "estate.yaml:3:20", "help:"] {
        assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
    }
    assert!(!ran.stderr.contains("missing-key"), "{}", ran.stderr);
}

#[test]
fn a_confidence_that_is_no_number_is_named_as_such() {
    let dir = folder(&[("estate.yaml", ESTATE)]);
    let arguments = [
        "plan",
        "--estate",
        "estate.yaml",
        "--foothold",
        "host:till=x",
    ];
    let ran = cordon(dir.path(), &arguments);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    for words in [
        "expected a confidence between 0 and 1, found `x`",
        "host:till=0.9",
    ] {
        assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
    }
}

#[test]
fn text_from_files_cannot_drive_the_terminal() {
    let dir = folder(&[(
        "estate.yaml",
        &ESTATE.replace("name: Agent 7", r#"name: "\e[2Jboo""#),
    )]);
    let arguments = [
        "plan",
        "--estate",
        "estate.yaml",
        "--foothold",
        "user:agent-7",
    ];
    let ran = cordon(dir.path(), &arguments);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("␛[2Jboo"), "{}", ran.stdout);
    assert!(!ran.stdout.contains('\x1b'));
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of what can be said wrongly")]
fn a_plan_is_checked_with_the_estate_alone_and_a_false_one_is_refused_at_its_place() {
    // A dearer step beyond the group: what flows through it must flow on along an edge.
    let estate = format!(
        "{ESTATE}  - id: block-way/desk\n    kind: block-way\n    cost: 70\n    removes: {{ edges: [{{ from: group:desk, to: host:dc1 }}] }}\n"
    );
    let plan = plan_json(&estate);
    let check = |plan: &Value| {
        let files = [
            ("estate.yaml", estate.as_str()),
            ("plan.json", &plan.to_string()),
        ];
        let dir = folder(&files);
        let words = ["plan", "check", "plan.json", "--estate", "estate.yaml"];
        cordon(dir.path(), &words)
    };
    let ran = check(&plan);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(
        ran.stdout.contains("no plan costs less than £50"),
        "{}",
        ran.stdout
    );
    let changed = |place: &str, to: Value| {
        let mut plan = plan.clone();
        *plan.pointer_mut(place).unwrap() = to;
        plan
    };
    let cases = [
        (
            changed("/steps", serde_json::json!([])),
            "can still be reached",
        ),
        (
            changed("/steps/0/id", "none".into()),
            "steps[0].id: the estate has no step `none`",
        ),
        (
            changed("/price/total", 49.into()),
            "price.total: claimed 49, found 50",
        ),
        (
            changed("/proof/lower_bound", 9999.into()),
            "proof.lower_bound: claimed 9999, and the plan costs 50",
        ),
        (
            changed("/proof/lower_bound", 49.into()),
            "proof.proven: a bound of 49 does not prove a price of 50",
        ),
        (
            changed("/targets/0/status", "already_held".into()),
            "targets: ",
        ),
        (
            changed("/targets/0/status", "cut_offx".into()),
            "`cut_offx` is no status",
        ),
        (changed("/targets", serde_json::json!([])), "targets: "),
        (
            changed("/price/services", serde_json::json!([])),
            "price.services: claimed 0 entries, found ",
        ),
        (
            changed("/price/lifeline_hours", 3.into()),
            "price.lifeline_hours: claimed 3, found 0",
        ),
        (
            changed("/exposure", 1.into()),
            "exposure: claimed 1, found 50",
        ),
        (
            changed("/loss_curve/0/loss", 7.into()),
            "loss_curve[0].loss: claimed 7, found ",
        ),
        (
            changed("/proof/flow/bound", 51.into()),
            "proof.flow.bound: claimed 51, found 50",
        ),
        (
            changed("/proof/flow/unit", "100/1".into()),
            "step `disable-account/agent-7` stops",
        ),
        (
            changed("/proof/flow/edges/0/amount", 2.into()),
            "flow in and",
        ),
        (
            changed("/footholds/0/id", "nobody".into()),
            "footholds[0].id: the estate has no node",
        ),
    ];
    for (plan, expect) in cases {
        let ran = check(&plan);
        assert_eq!(ran.code, 3, "{expect}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stdout.contains(expect), "{expect}: {}", ran.stdout);
    }
    let dir = folder(&[("estate.yaml", ESTATE), ("plan.json", "{")]);
    let ran = cordon(
        dir.path(),
        &["plan", "check", "plan.json", "--estate", "estate.yaml"],
    );
    assert_eq!(ran.code, 2, "{}", ran.stderr);
}

/// The plan for the estate above.
fn plan_json(estate: &str) -> Value {
    let dir = folder(&[("estate.yaml", estate)]);
    let words = "plan --estate estate.yaml --foothold user:agent-7 --format json";
    let ran = cordon(dir.path(), &words.split(' ').collect::<Vec<_>>());
    serde_json::from_str(&ran.stdout).unwrap_or_default()
}

#[test]
fn an_estate_of_one_thing_a_line_is_read_and_its_problems_are_shown() {
    let lines = "{\"cordon\": \"estate/v1\", \"name\": \"N\", \"currency\": \"GBP\"}\n\
        {\"node\": {\"id\": \"a\", \"kind\": \"host\", \"jewel\": {\"loss\": 1}}}\n";
    let words = ["reach", "--estate", "e.jsonl", "--foothold", "a"];
    let ran = cordon(folder(&[("e.jsonl", lines)]).path(), &words);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let wrong = format!("{lines}{{\"node\": {{\"id\": \"b\", \"knd\": \"host\"}}}}\n");
    let ran = cordon(folder(&[("e.jsonl", &wrong)]).path(), &words);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    for words in ["e.jsonl:3", "did you mean `kind`?", "\"knd\""] {
        assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
    }
}
