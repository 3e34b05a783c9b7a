//! `cordon rules coverage` as people and scripts meet it.

use crate::running::{cordon, folder};
use serde_json::Value;

fn rule(tags: &str) -> String {
    format!(
        "title: T {tags}\nlogsource: {{ product: p }}\ntags: [{tags}]\n\
         detection: {{ s: {{ f: 1 }}, condition: s }}\n"
    )
}

fn rules() -> tempfile::TempDir {
    folder(&[
        ("r/a.yml", &rule("attack.t1562.001, attack.defense-evasion")),
        (
            "r/b.yml",
            &rule("attack.t1078.004, attack.initial-access, attack.persistence"),
        ),
        (
            "r/c.yml",
            &rule("attack.t1078.004, attack.t9999, attack.initial_access"),
        ),
        ("r/d.yml", &rule("attack.t1690, attack.stealth")),
        (
            "list.tsv",
            "id\tname\ttactics\nT1078.004\tCloud Accounts\tpersistence,initial-access\n",
        ),
    ])
}

#[test]
fn techniques_are_listed_by_tactic_and_ids_that_changed_are_remarked() {
    let dir = rules();
    let ran = cordon(dir.path(), &["rules", "coverage", "r"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    insta::assert_snapshot!(format!("{}--\n{}", ran.stdout, ran.stderr));
    let old = cordon(dir.path(), &["rules", "coverage", "r", "--attack", "18"]);
    assert!(old.stdout.contains("T1562.001×1"), "{}", old.stdout);
    assert!(
        old.stderr.contains("T1690 is not in ATT&CK v18"),
        "{}",
        old.stderr
    );
}

#[test]
fn a_list_of_techniques_gives_names_and_finds_ids_that_do_not_exist() {
    let dir = rules();
    let arguments = ["rules", "coverage", "r", "--techniques", "list.tsv"];
    let ran = cordon(dir.path(), &arguments);
    assert!(
        ran.stdout.contains("T1078.004    2 Cloud Accounts"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stderr.contains("T1690 is not in the list"),
        "{}",
        ran.stderr
    );
    assert_eq!(
        cordon(
            dir.path(),
            &["rules", "coverage", "r", "--techniques", "r/a.yml"]
        )
        .code,
        2
    );
}

#[test]
fn the_layer_is_one_that_the_navigator_reads() {
    let dir = rules();
    let ran = cordon(
        dir.path(),
        &[
            "rules",
            "coverage",
            "r",
            "--out",
            "layer.json",
            "--format",
            "json",
        ],
    );
    let written = std::fs::read_to_string(dir.path().join("layer.json")).unwrap();
    assert_eq!(ran.stdout, written);
    let layer: Value = serde_json::from_str(&written).unwrap();
    assert_eq!(layer["versions"]["layer"], "4.5");
    assert_eq!(layer["versions"]["attack"], "19");
    assert_eq!(layer["domain"], "enterprise-attack");
    let techniques: Vec<_> = layer["techniques"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| {
            (
                t["techniqueID"].as_str().unwrap(),
                t["score"].as_u64(),
                t["showSubtechniques"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        techniques,
        [
            ("T1078", None, true),
            ("T1078.004", Some(2), false),
            ("T1685", Some(1), false),
            ("T1690", Some(1), false),
        ]
    );
    assert_eq!(layer["gradient"]["maxValue"], 2);
    assert!(layer["gradient"]["colors"].is_array() && layer["legendItems"].is_array());
}
