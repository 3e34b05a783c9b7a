//! Every declarative connector against a mock that was written from its vendor's documentation.
//!
//! None of these was tried on the real product. What is checked: the contract, and what each says when the
//! service throttles, lies, breaks off, hangs or knows the secret to be wrong.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    clippy::too_many_lines,
    clippy::format_collect,
    reason = "a test that cannot make its subject has failed"
)]

mod mock;
mod partly;
mod recalled;
mod tls;
mod trouble;
mod vendors;

use std::{collections::BTreeMap, fs, path::Path};

use cordon_act::{Act, Answer, Asked, Effect, Standing};
use cordon_effect::{Connector as _, Definition, Http, Job, Said, Secret, Site, harness};
use cordon_model::{StepKind, Value};
use cordon_text::Source;

use mock::{Fault, Mock};
use vendors::{Vendor, vendors};

const SECRET: &str = "s3cr3t-of-the-site";

fn definition(name: &str) -> Definition {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content/connectors");
    let file = folder.join(format!("{name}.yml"));
    let text = fs::read_to_string(&file).unwrap();
    Definition::parse(&Source::new(file.to_string_lossy(), text)).unwrap()
}

fn connect(vendor: &Vendor, mock: &Mock, secret: &str) -> Http {
    connect_trusting(vendor, &mock.url, (secret, None))
}

fn connect_trusting(vendor: &Vendor, url: &str, (secret, ca_pem): (&str, Option<String>)) -> Http {
    let definition = definition(vendor.connector);
    let settings = definition.settings.iter().map(|name| {
        let value = match name.as_str() {
            "url" | "graph" | "login" | "api" => url.to_owned(),
            other => format!("our-{other}"),
        };
        (name.clone(), value)
    });
    let settings: BTreeMap<String, String> = settings.collect();
    let secrets = definition
        .secrets
        .iter()
        .map(|name| (name.clone(), Secret::new(secret)));
    let site = Site {
        settings,
        secrets: secrets.collect(),
        ca_pem,
    };
    Http::new(definition, site).unwrap()
}

fn effect(vendor: &Vendor, connector: &Http) -> Effect {
    let kind = StepKind::new(vendor.kind);
    let asked = Asked {
        kind: &kind,
        action: Some(vendor.action),
        parameters: &vendor.parameters,
    };
    let ability = connector.ability(asked).unwrap();
    let mut effect = Effect::alone(kind, vendor.target, ability);
    vendor.connector.clone_into(&mut effect.connector);
    effect.parameters.clone_from(&vendor.parameters);
    effect.patience.answer_ms = 2_000;
    effect
}

/// Runs a claim for every vendor, with a mock and a connector of its own.
fn each(claim: impl Fn(&Vendor, &Mock, &Http, &Effect)) {
    for vendor in vendors() {
        let mock = Mock::serve(vendor.state.clone(), vendor.answer);
        let connector = connect(&vendor, &mock, SECRET);
        let effect = effect(&vendor, &connector);
        claim(&vendor, &mock, &connector, &effect);
    }
}

fn call(connector: &Http, effect: &Effect, act: Act, prior: &Value) -> Answer {
    connector.call(Job { effect, act, prior })
}

fn captured(connector: &Http, effect: &Effect) -> Value {
    match call(connector, effect, Act::Capture, &Value::Null) {
        Answer::Captured { prior, .. } => prior,
        other => panic!("{}: {other:?}", effect.connector),
    }
}

fn standing(connector: &Http, effect: &Effect, prior: &Value) -> Standing {
    match call(connector, effect, Act::ReadBack, prior) {
        Answer::Stands { standing, .. } => standing,
        other => panic!("{}: {other:?}", effect.connector),
    }
}

#[test]
fn every_connector_holds_to_the_contract() {
    each(|vendor, mock, connector, effect| {
        let truth = || (vendor.truth)(&mock.state());
        if let Err(why) = harness::check(connector, effect, truth) {
            panic!(
                "{} {}: {why}\n{:#?}",
                vendor.connector,
                vendor.action,
                mock.requests()
            );
        }
    });
}

#[test]
fn every_definition_in_content_is_among_those_tried() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content/connectors");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let tried = vendors().iter().any(|vendor| vendor.connector == name);
        assert!(tried, "{name} has no mock");
        assert_eq!(definition(&name).name, name);
        assert_eq!(definition(&name).tested, "mock");
    }
}

#[test]
fn not_now_is_told_with_its_pause_and_changes_nothing() {
    each(|vendor, mock, connector, effect| {
        let prior = captured(connector, effect);
        mock.next(Fault::Throttle);
        let answer = call(connector, effect, Act::Do, &prior);
        assert_eq!(
            answer,
            Answer::Throttled { after_ms: 7_000 },
            "{}",
            vendor.connector
        );
        assert_eq!(standing(connector, effect, &prior), Standing::AsBefore);
    });
}

#[test]
fn a_success_without_effect_reads_back_as_before() {
    each(|vendor, mock, connector, effect| {
        let prior = captured(connector, effect);
        mock.next(Fault::Lie);
        let answer = call(connector, effect, Act::Do, &prior);
        assert_eq!(answer, Answer::Accepted, "{}", vendor.connector);
        assert_eq!(
            standing(connector, effect, &prior),
            Standing::AsBefore,
            "{}",
            vendor.connector
        );
    });
}

#[test]
fn a_connection_that_breaks_after_the_change_is_a_doubt_that_reading_back_resolves() {
    each(|vendor, mock, connector, effect| {
        let prior = captured(connector, effect);
        mock.next(Fault::Break);
        let answer = call(connector, effect, Act::Do, &prior);
        assert!(
            matches!(answer, Answer::Unknown { .. }),
            "{}: {answer:?}",
            vendor.connector
        );
        let mut found = standing(connector, effect, &prior);
        while found == Standing::Pending {
            found = standing(connector, effect, &prior);
        }
        // Of two requests the first one had its effect: half of it is neither, and both are made again.
        let expect = if vendor.connector == "panos" {
            Standing::Other
        } else {
            Standing::AsWanted
        };
        assert_eq!(found, expect, "{}", vendor.connector);
    });
}

#[test]
fn a_wrong_secret_is_refused_and_never_shown() {
    for vendor in vendors() {
        let mock = Mock::serve(vendor.state.clone(), vendor.answer);
        let connector = connect(&vendor, &mock, "wr0ng-secret");
        let effect = effect(&vendor, &connector);
        let answer = call(&connector, &effect, Act::Capture, &Value::Null);
        assert!(
            matches!(answer, Answer::Refused { .. }),
            "{}: {answer:?}",
            vendor.connector
        );
        let shown = format!("{answer:?} {:?}", connector.preview(&effect));
        assert!(!shown.contains("wr0ng-secret"), "{shown}");
    }
}

#[test]
fn a_dry_run_names_every_call_and_sends_none() {
    each(|vendor, mock, connector, effect| {
        let lines = connector.preview(effect);
        assert!(
            lines.iter().any(|line| line.starts_with("do: ")),
            "{lines:?}"
        );
        assert!(lines.iter().all(|line| !line.contains(SECRET)), "{lines:?}");
        let spoken = connector.spoken(effect);
        let all = [&spoken.reads, &spoken.does, &spoken.undoes];
        let requests = |said: &Said| matches!(said, Said::Http { .. });
        assert!(
            all.iter().all(|said| said.iter().all(requests)),
            "{spoken:#?}"
        );
        assert!(!spoken.does.is_empty() && !format!("{spoken:?}").contains(SECRET));
        assert_eq!(mock.requests(), [] as [String; 0], "{}", vendor.connector);
    });
}
