//! A real `OpenVPN` server with a client that is connected.

use std::fs;

use cordon_act::{Act, Answer};
use cordon_effect::{Address, Connector as _, Job, OpenVpn, SecretPlace, harness};
use cordon_model::Value;

use crate::{
    call, effect,
    room::{Network, Room, Running, until},
};

struct Vpn {
    room: Room,
    folder: tempfile::TempDir,
}

impl Vpn {
    fn start() -> Option<Self> {
        let room = Room::with(Network::Own, &["openvpn"])?;
        let vpn = Self {
            room,
            folder: tempfile::tempdir().unwrap(),
        };
        let at = |name: &str| vpn.at(name);
        let curve = [
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
        ];
        let mut words = vec!["openssl", "req", "-x509", "-days", "2", "-subj", "/CN=ca"];
        words.extend(curve);
        let (ca, ca_key) = (at("ca.crt"), at("ca.key"));
        words.extend(["-keyout", &ca_key, "-out", &ca]);
        vpn.room.run(&words);
        for name in ["server", "client"] {
            let (key, request, certificate) = (
                at(&format!("{name}.key")),
                at(&format!("{name}.csr")),
                at(&format!("{name}.crt")),
            );
            let subject = format!("/CN={name}");
            let mut words = vec![
                "openssl", "req", "-subj", &subject, "-keyout", &key, "-out", &request,
            ];
            words.extend(curve);
            vpn.room.run(&words);
            vpn.room.run(&[
                "openssl",
                "x509",
                "-req",
                "-days",
                "2",
                "-in",
                &request,
                "-CA",
                &ca,
                "-CAkey",
                &ca_key,
                "-CAcreateserial",
                "-out",
                &certificate,
            ]);
        }
        fs::write(at("password"), "a secret\n").unwrap();
        vpn.run_server();
        Some(vpn)
    }

    fn at(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn run_server(&self) {
        let folder = self.folder.path().display().to_string();
        self.room.start(&[
            "openvpn",
            "--cd",
            &folder,
            "--dev",
            "tun",
            "--server",
            "10.88.0.0",
            "255.255.255.0",
            "--topology",
            "subnet",
            "--proto",
            "tcp-server",
            "--ca",
            "ca.crt",
            "--cert",
            "server.crt",
            "--key",
            "server.key",
            "--dh",
            "none",
            "--management",
            &self.at("socket"),
            "unix",
            "password",
        ]);
        until("it listens", || self.listens());
    }

    fn client(&self) -> Running {
        let folder = self.folder.path().display().to_string();
        self.room.open(&[
            "openvpn",
            "--cd",
            &folder,
            "--dev",
            "tun",
            "--client",
            "--remote",
            "127.0.0.1",
            "1194",
            "tcp",
            "--ca",
            "ca.crt",
            "--cert",
            "client.crt",
            "--key",
            "client.key",
            "--nobind",
            "--connect-retry",
            "1",
            "2",
        ])
    }

    fn listens(&self) -> bool {
        self.room
            .run(&["ss", "-Htln", "sport", "=", ":1194"])
            .contains("1194")
    }

    fn connector(&self) -> OpenVpn {
        let password = SecretPlace::File(self.at("password").into())
            .fetch()
            .unwrap();
        OpenVpn::new(Address::Socket(self.at("socket").into()), Some(password))
    }
}

#[test]
fn closing_the_way_in_holds_to_the_contract() {
    let Some(vpn) = Vpn::start() else {
        return;
    };
    let connector = vpn.connector();
    let effect = effect(&connector, "close-vpn", "vpn", Value::Null);
    harness::check(&connector, &effect, || vpn.listens()).unwrap();
}

#[test]
fn sessions_end_when_it_is_closed_and_come_again_when_it_is_not() {
    let Some(vpn) = Vpn::start() else {
        return;
    };
    let connector = vpn.connector();
    let _client = vpn.client();
    let sessions = effect(&connector, "revoke-sessions", "client", Value::Null);
    let open = || match call(&connector, &sessions, Act::Capture) {
        Answer::Captured { prior, .. } => prior.as_array().unwrap().clone(),
        // On hold it knows of no sessions.
        Answer::Refused { .. } => Vec::new(),
        other => panic!("{other:?}"),
    };
    until("the client is connected", || open().len() == 1);
    let prior = Value::Array(open());
    let ask = |act| {
        connector.call(Job {
            effect: &sessions,
            act,
            prior: &prior,
        })
    };
    assert!(matches!(ask(Act::Probe), Answer::NotYet { .. }));
    assert_eq!(ask(Act::Do), Answer::Accepted);
    until("its session has ended", || {
        ask(Act::Probe) == Answer::Effective
    });
    until("it has come again", || open().len() == 1);

    let close = effect(&connector, "close-vpn", "vpn", Value::Null);
    let Answer::Captured {
        prior, evidence, ..
    } = call(&connector, &close, Act::Capture)
    else {
        panic!("not captured");
    };
    assert!(
        format!("{evidence:?}").contains("client from 127.0.0.1"),
        "{evidence:?}"
    );
    let ask = |act| {
        connector.call(Job {
            effect: &close,
            act,
            prior: &prior,
        })
    };
    assert_eq!(ask(Act::Do), Answer::Accepted);
    until("it is closed", || ask(Act::Probe) == Answer::Effective);
    assert!(open().is_empty() && !vpn.listens());
    assert_eq!(ask(Act::Undo), Answer::Accepted);
    until("the client is back", || open().len() == 1);
}

#[test]
fn a_wrong_password_is_refused_and_told_without_it() {
    let Some(vpn) = Vpn::start() else {
        return;
    };
    fs::write(vpn.at("wrong"), "hunter2\n").unwrap();
    let password = SecretPlace::File(vpn.at("wrong").into()).fetch().unwrap();
    let connector = OpenVpn::new(Address::Socket(vpn.at("socket").into()), Some(password));
    let mut effect = effect(&connector, "close-vpn", "vpn", Value::Null);
    effect.patience.answer_ms = 3_000;
    match call(&connector, &effect, Act::Do) {
        Answer::Refused { why } | Answer::Unknown { why } => {
            assert!(!why.contains("hunter2"), "{why}");
        }
        other => panic!("{other:?}"),
    }
    assert!(vpn.listens());
}
