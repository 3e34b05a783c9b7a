//! Recordings of real attacks, with the built-in rules and with public ones: each becomes one incident that
//! holds whom and what was attacked, and no bystander is called `likely`.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that cannot read recordings must fail, and what it found is what it is for"
)]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use cordon_detect::RuleSet;
use cordon_engine::{Engine, Goal, Input, Output, Repeats, Screen, Screened, Setup};
use cordon_event::{Degradation, Event, FieldMap, Hints, Refusal, Sink};
use cordon_incident::Incident;
use cordon_model::{Belief, Estate, EstateParts, Hours, Timestamp};
use cordon_plan::Effort;
use cordon_recordings::{files_ending, recording, unpacked};
use cordon_sim::texts;
use cordon_source::list;
use cordon_text::Source;

/// An estate of which nothing is known, and the rules that ship.
fn built_in() -> Setup {
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content");
    setup(&texts(&content).unwrap().rules)
}

/// The same with all public rules.
fn public() -> Option<Setup> {
    let rules = recording("sigma-rules/rules")?;
    let sources = files_ending(&rules, ".yml").into_iter().map(|path| {
        let text = fs::read_to_string(&path).unwrap();
        Source::new(path.display().to_string(), text)
    });
    Some(setup(&sources.collect::<Vec<_>>()))
}

fn setup(sources: &[Source]) -> Setup {
    let (mut rules, mut correlations) = (Vec::new(), Vec::new());
    for source in sources {
        let parsed = cordon_sigma::parse(source);
        rules.extend(parsed.rules);
        correlations.extend(parsed.correlations);
    }
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content");
    let estate = EstateParts {
        name: "laboratory".to_owned(),
        currency: "GBP".to_owned(),
        nodes: Vec::new(),
        edges: Vec::new(),
        services: Vec::new(),
        steps: Vec::new(),
    };
    Setup {
        estate: Arc::new(Estate::new(estate)),
        rules: Arc::new(RuleSet::compile(rules, correlations).0),
        fields: Arc::new(FieldMap::parse(&texts(&content).unwrap().fields).0),
        knowledge: Arc::default(),
        hold: Hours::from_units(24),
        effort: Effort::DEFAULT,
        lateness: Setup::LATENESS,
        repeats: Repeats::Once,
        goal: Goal::Decision,
    }
}

struct Intake<'s> {
    screen: Screen<'s>,
    events: u64,
}

impl Sink for Intake<'_> {
    fn event(&mut self, event: &Event, _: &[Degradation]) {
        self.events += 1;
        self.screen.take(event);
    }

    fn refusal(&mut self, _: Refusal) {}
}

/// The incidents in everything below some paths, and how many events there were.
fn incidents(setup: &Setup, paths: &[PathBuf]) -> (Vec<Incident>, u64) {
    let mut intake = Intake {
        screen: setup.screen(),
        events: 0,
    };
    for member in list(paths).unwrap().members {
        // Some recordings are cut off in the middle; what was read before that counts.
        let _ = member.read(&Hints::default(), &mut intake, &|_| {});
    }
    let screened: Screened = intake.screen.give();
    let mut engine = Engine::new(setup.clone());
    engine.advance(Timestamp::MIN, Input::Screened(screened));
    let outputs = engine.advance(Timestamp::MIN, Input::End);
    let found = outputs.into_iter().find_map(|output| match output {
        Output::Incidents(incidents) => Some(incidents),
        Output::Detections(_) | Output::Changes(_) | Output::Decision(_) => None,
    });
    (found.unwrap_or_default(), intake.events)
}

/// What an incident holds, by the first part of its name in lower case: whether it is likely.
fn held(incident: &Incident) -> BTreeMap<String, Belief> {
    let short = |id: &str| {
        let name = id.rsplit('\\').next().unwrap_or(id);
        name.split(['.', '@']).next().unwrap_or(name).to_lowercase()
    };
    let held = incident.held.iter();
    held.map(|h| (short(&h.id), h.belief)).collect()
}

fn show(name: &str, found: &[Incident], events: u64) {
    eprintln!("{name}: {events} events, {} incidents", found.len());
    for incident in found {
        let held: Vec<String> = incident
            .held
            .iter()
            .map(|h| format!("{} {}={}", h.kind.word(), h.id, h.confidence))
            .collect();
        eprintln!(
            "  {} {} detections: {}",
            incident.id,
            incident.detections.len(),
            held.join(", ")
        );
    }
}

/// What was attacked in each archive, by hand, with the records that show it.
const ARCHIVES: [(&str, &[&str]); 8] = [
    // 4688 and Sysmon 1 on DC01: the administrator starts ntdsutil with `ac i ntds`.
    (
        "cmd_dumping_ntds_dit_file_ntdsutil",
        &["dc01", "administrator"],
    ),
    // 4688 and Sysmon 1 on DC01: vssadmin, then copy from the shadow.
    (
        "cmd_dumping_ntds_dit_file_volume_shadow_copy",
        &["dc01", "administrator"],
    ),
    // Sysmon 1 on DESKTOP-CQF82L6: pedro starts wevtutil with /lfn.
    (
        "cmd_wevtutil_modify_security_eventlog_path",
        &["desktop-cqf82l6", "pedro"],
    ),
    // Sysmon 3 on IT001: pgustavo's PowerShell reaches out to HR001:5985; Sysmon 1 and 4104 there: wsmprovhost starts the agent.
    ("covenant_psremoting_grunt", &["pgustavo", "hr001", "it001"]),
    // 4662 with 1131f6ad-… on the domain controller, by pgustavo; 4103 and 800 on WORKSTATION5, where the agent runs.
    (
        "empire_dcsync_dcerpc_drsuapi_DsGetNCChanges",
        &["pgustavo", "workstation5"],
    ),
    // Sysmon 10, 4656 and 4663 on WORKSTATION5: PowerShell opens lsass.
    (
        "empire_mimikatz_logonpasswords",
        &["pgustavo", "workstation5"],
    ),
    // 7045 and 4697 on WORKSTATION6: a service of a random name, from WORKSTATION5.
    (
        "empire_psexec_dcerpc_tcp_svcctl",
        &["pgustavo", "workstation5", "workstation6"],
    ),
    // Sysmon 1: PurpleSharp.exe on WORKSTATION5, then wsmprovhost.exe and powershell.exe by pgustavo on
    // WORKSTATION6, WORKSTATION7 and MORDORDC.
    (
        "purplesharp_ad_playbook_I",
        &[
            "pgustavo",
            "workstation5",
            "workstation6",
            "workstation7",
            "mordordc",
        ],
    ),
];

/// Whom and what the built-in rules must call likely, beside what they must hold.
const LIKELY: [(&str, &[&str]); 8] = [
    ("cmd_dumping_ntds_dit_file_ntdsutil", &["dc01"]),
    (
        "cmd_dumping_ntds_dit_file_volume_shadow_copy",
        &["dc01", "administrator"],
    ),
    // One command, out of a program that was fetched: suspected, and no more.
    ("cmd_wevtutil_modify_security_eventlog_path", &[]),
    ("covenant_psremoting_grunt", &["hr001", "pgustavo"]),
    (
        "empire_dcsync_dcerpc_drsuapi_DsGetNCChanges",
        &["workstation5", "pgustavo"],
    ),
    (
        "empire_mimikatz_logonpasswords",
        &["workstation5", "pgustavo"],
    ),
    (
        "empire_psexec_dcerpc_tcp_svcctl",
        &["workstation5", "workstation6", "pgustavo"],
    ),
    ("purplesharp_ad_playbook_I", &["pgustavo"]),
];

/// What is wrong about the incidents in one archive.
fn judge(setup: &Setup, (name, attacked): (&str, &[&str]), likely: &[&str]) -> Vec<String> {
    let Some(path) = recording(&format!("windows-json/{name}.zip")) else {
        return Vec::new();
    };
    let (found, events) = incidents(setup, &[path]);
    show(name, &found, events);
    let mut wrong = Vec::new();
    if found.len() != 1 {
        wrong.push(format!("{name}: {} incidents", found.len()));
    }
    let Some(found) = found.iter().max_by_key(|i| i.detections.len()) else {
        return wrong;
    };
    let held = held(found);
    for node in attacked {
        if !held.contains_key(*node) {
            wrong.push(format!("{name}: {node} is not held"));
        }
    }
    for node in likely {
        if held.get(*node) != Some(&Belief::Likely) {
            wrong.push(format!("{name}: {node} is not likely held"));
        }
    }
    for (node, belief) in &held {
        if *belief == Belief::Likely && !attacked.contains(&node.as_str()) {
            wrong.push(format!("{name}: {node} is called likely"));
        }
    }
    wrong
}

#[test]
fn each_recorded_attack_is_one_incident_that_holds_whom_it_hit_with_the_rules_that_ship() {
    let setup = built_in();
    let wrong = ARCHIVES
        .iter()
        .zip(LIKELY)
        .flat_map(|(archive, (name, likely))| {
            assert_eq!(archive.0, name);
            judge(&setup, *archive, likely)
        });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn each_recorded_attack_is_one_incident_that_holds_whom_it_hit_with_public_rules() {
    let Some(setup) = public() else { return };
    let wrong = ARCHIVES
        .iter()
        .flat_map(|archive| judge(&setup, *archive, &[]));
    let wrong: Vec<String> = wrong.collect();
    // These rules speak of the account there and of no machine.
    let silent = [
        "empire_dcsync_dcerpc_drsuapi_DsGetNCChanges: workstation5 is not held",
        "empire_mimikatz_logonpasswords: workstation5 is not held",
    ];
    assert_eq!(wrong, silent);
}

#[test]
fn every_folder_of_recorded_techniques_is_processed() {
    let Some(public) = public() else { return };
    for (archive, setup) in [
        ("evtx/evtx-attack.tar.xz", &public),
        ("evtx/evtx-to-mitre.tar.xz", &public),
        ("evtx/evtx-attack.tar.xz", &built_in()),
        ("evtx/evtx-to-mitre.tar.xz", &built_in()),
    ] {
        let Some(folder) = unpacked(archive) else {
            return;
        };
        let (found, events) = incidents(setup, &[folder]);
        show(archive, &found, events);
        assert!(events > 7_000 && found.len() > 10, "{archive}");
        for incident in &found {
            let records = incident.detections.iter().flat_map(|d| &d.records);
            let ids: std::collections::BTreeSet<_> = records.map(|r| &r.id).collect();
            for held in &incident.held {
                assert!(!held.evidence.is_empty(), "{}", held.id);
                assert!(held.evidence.iter().all(|id| ids.contains(id)));
            }
        }
    }
}
