//! The connector for AWS against moto, which answers as AWS does and checks signatures as AWS does.
//!
//! `pip install 'moto[server]'` brings `moto_server`. Without it these tests say `SKIPPED`; with `CI` set that is a
//! failure, unless `CORDON_WITHOUT_MOTO` says that it could not be had.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot make its subject has failed, and one that is skipped says so"
)]

use std::{
    collections::BTreeMap,
    env,
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use cordon_act::{Act, Answer, Asked, Effect, Standing};
use cordon_effect::{Aws, Connector as _, Job, Secret, Site, harness};
use cordon_model::{StepKind, Value};
use serde_json::json;

/// Requests before which moto lets anybody in: those that make what is tried.
const MADE_BY_ANYBODY: usize = 9;

struct Moto {
    child: Child,
    url: String,
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _it_may_be_gone = self.child.kill();
        let _nothing_is_left = self.child.wait();
    }
}

/// A server of its own, or none where moto is not installed.
fn moto() -> Option<Moto> {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let started = Command::new("moto_server")
        .args(["-H", "127.0.0.1", "-p", &port.to_string()])
        .env("INITIAL_NO_AUTH_ACTION_COUNT", MADE_BY_ANYBODY.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(child) = started else {
        let excused = env::var_os("CORDON_WITHOUT_MOTO").is_some();
        assert!(
            env::var_os("CI").is_none() || excused,
            "moto_server is not here: pip install 'moto[server]'"
        );
        println!("SKIPPED: moto_server is not here, so the connector for AWS was not tried");
        return None;
    };
    let mut moto = Moto {
        child,
        url: format!("http://127.0.0.1:{port}"),
    };
    let began = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        let ended = moto.child.try_wait().unwrap();
        assert!(ended.is_none(), "moto_server ended: {ended:?}");
        assert!(
            began.elapsed() < Duration::from_mins(1),
            "moto_server does not come up"
        );
        thread::sleep(Duration::from_millis(100));
    }
    Some(moto)
}

impl Moto {
    /// Makes something, as anybody.
    fn made(&self, service: &str, form: &str) -> String {
        let scope = format!("x/20260101/eu-west-2/{service}/aws4_request");
        let by = format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0");
        let sent = ureq::post(&self.url)
            .header("Authorization", by)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .config()
            .http_status_as_error(false)
            .build()
            .send(form);
        let mut reply = sent.unwrap();
        let text = reply.body_mut().read_to_string().unwrap();
        assert_eq!(reply.status().as_u16(), 200, "{form}: {text}");
        text
    }
}

/// The text of the first element of this name.
fn text(xml: &str, name: &str) -> String {
    let (_, rest) = xml.split_once(&format!("<{name}>")).unwrap();
    rest.split('<').next().unwrap().to_owned()
}

/// An account with somebody to cut off, and the keys of an executor.
struct Account {
    moto: Moto,
    key: (String, String),
    stolen: String,
    instance: String,
    quarantine: String,
}

fn account() -> Option<Account> {
    let moto = moto()?;
    moto.made(
        "iam",
        "Action=CreateUser&Version=2010-05-08&UserName=cordon",
    );
    let all = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D";
    moto.made("iam", &format!("Action=PutUserPolicy&Version=2010-05-08&UserName=cordon&PolicyName=all&PolicyDocument={all}"));
    let own = moto.made(
        "iam",
        "Action=CreateAccessKey&Version=2010-05-08&UserName=cordon",
    );
    moto.made("iam", "Action=CreateUser&Version=2010-05-08&UserName=build");
    let stolen = moto.made(
        "iam",
        "Action=CreateAccessKey&Version=2010-05-08&UserName=build",
    );
    moto.made(
        "iam",
        &format!(
            "Action=CreateRole&Version=2010-05-08&RoleName=deploy&AssumeRolePolicyDocument={all}"
        ),
    );
    let group = |name| {
        let made = format!(
            "Action=CreateSecurityGroup&Version=2016-11-15&GroupName={name}&GroupDescription=made"
        );
        text(&moto.made("ec2", &made), "groupId")
    };
    let (web, quarantine) = (group("web"), group("quarantine"));
    let one = "Action=RunInstances&Version=2016-11-15&ImageId=ami-12c6146b&MinCount=1&MaxCount=1";
    let ran = moto.made("ec2", &format!("{one}&SecurityGroupId.1={web}"));
    Some(Account {
        key: (text(&own, "AccessKeyId"), text(&own, "SecretAccessKey")),
        stolen: text(&stolen, "AccessKeyId"),
        instance: text(&ran, "instanceId"),
        quarantine,
        moto,
    })
}

impl Account {
    fn connector(&self, secret: &str) -> Aws {
        let settings = ["iam", "ec2"].map(|name| (name.to_owned(), self.moto.url.clone()));
        let site = Site {
            settings: settings.into(),
            secrets: BTreeMap::from([
                ("access_key_id".to_owned(), Secret::new(self.key.0.clone())),
                ("secret_access_key".to_owned(), Secret::new(secret)),
            ]),
            ca_pem: None,
        };
        Aws::new("eu-west-2", site).unwrap()
    }
}

fn effect(connector: &Aws, kind: &str, (target, parameters): (&str, Value)) -> Effect {
    let kind = StepKind::new(kind);
    let asked = Asked {
        kind: &kind,
        action: None,
        parameters: &parameters,
    };
    let ability = connector.ability(asked).unwrap();
    Effect {
        parameters,
        ..Effect::alone(kind, target, ability)
    }
}

#[test]
fn keys_people_sessions_and_machines_of_an_account_are_cut_off_and_given_back() {
    let Some(account) = account() else {
        return;
    };
    let aws = account.connector(&account.key.1);
    for (kind, target, parameters) in [
        (
            "revoke-cloud-keys",
            account.stolen.as_str(),
            json!({"user": "build"}),
        ),
        ("disable-account", "build", Value::Null),
        ("revoke-sessions", "deploy", Value::Null),
        (
            "isolate-host",
            &account.instance,
            json!({"group": account.quarantine}),
        ),
    ] {
        let effect = effect(&aws, kind, (target, parameters));
        // What is so is told by the connector's own reading, which moto answers from what it holds.
        let truth = || {
            let (act, prior) = (Act::ReadBack, &Value::Null);
            let answer = aws.call(Job {
                effect: &effect,
                act,
                prior,
            });
            let Answer::Stands { state, .. } = answer else {
                panic!("{kind}: {answer:?}");
            };
            state
        };
        if let Err(why) = harness::check(&aws, &effect, truth) {
            panic!("{kind}: {why}");
        }
        assert!(aws.preview(&effect).len() >= 3);
    }
}

#[test]
fn a_wrong_secret_is_refused_without_effect_and_the_right_one_can_still_take_back() {
    let Some(account) = account() else {
        return;
    };
    let (right, wrong) = (
        account.connector(&account.key.1),
        account.connector("wr0ng-secret"),
    );
    let target = (account.stolen.as_str(), json!({"user": "build"}));
    let effect = effect(&right, "revoke-cloud-keys", target);
    let call = |aws: &Aws, act, prior: &Value| {
        aws.call(Job {
            effect: &effect,
            act,
            prior,
        })
    };
    let Answer::Captured {
        prior, evidence, ..
    } = call(&right, Act::Capture, &Value::Null)
    else {
        panic!("the state before is captured");
    };
    assert!(evidence.taken.contains_key("tokens"), "{evidence:?}");
    let refused = call(&wrong, Act::Do, &prior);
    let Answer::Refused { why } = &refused else {
        panic!("{refused:?}");
    };
    assert!(why.starts_with("SignatureDoesNotMatch"), "{why}");
    assert!(!why.contains("wr0ng"), "{why}");
    let stands = |expect| {
        let answer = call(&right, Act::ReadBack, &prior);
        let Answer::Stands { standing, .. } = answer else {
            panic!("{answer:?}");
        };
        assert_eq!(standing, expect);
    };
    stands(Standing::AsBefore);
    assert_eq!(call(&right, Act::Do, &prior), Answer::Accepted);
    stands(Standing::AsWanted);
    assert!(matches!(
        call(&wrong, Act::Undo, &prior),
        Answer::Refused { .. }
    ));
    stands(Standing::AsWanted);
    assert_eq!(call(&right, Act::Undo, &prior), Answer::Accepted);
    stands(Standing::AsBefore);
}

#[test]
fn what_does_not_exist_is_refused_and_what_is_missing_is_asked_for() {
    let Some(account) = account() else {
        return;
    };
    let aws = account.connector(&account.key.1);
    let kind = StepKind::new("isolate-host");
    let asked = Asked {
        kind: &kind,
        action: None,
        parameters: &Value::Null,
    };
    let missing = aws.ability(asked).unwrap_err();
    assert!(missing.contains("needs `group: …`"), "{missing}");
    for (kind, target, parameters) in [
        ("revoke-cloud-keys", "AKIANOWHERE", json!({"user": "build"})),
        (
            "isolate-host",
            "i-00000000000000000",
            json!({"group": "sg-1"}),
        ),
    ] {
        let effect = effect(&aws, kind, (target, parameters));
        let (act, prior) = (Act::Capture, &Value::Null);
        let answer = aws.call(Job {
            effect: &effect,
            act,
            prior,
        });
        assert!(
            matches!(answer, Answer::Refused { .. }),
            "{kind}: {answer:?}"
        );
    }
}
