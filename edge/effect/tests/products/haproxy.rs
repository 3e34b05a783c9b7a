//! A real load balancer, with a session that is open.

use std::{
    fs,
    io::Read as _,
    net::{TcpListener, TcpStream},
    path::PathBuf,
    thread,
    time::Duration,
};

use cordon_act::{Act, Answer};
use cordon_effect::{Address, Connector as _, HaProxy, Job, harness};
use serde_json::json;

use crate::{
    call, effect,
    room::{Network, Room, free_port, until},
};

struct Balancer {
    room: Room,
    folder: tempfile::TempDir,
    port: u16,
}

impl Balancer {
    fn start() -> Option<Self> {
        let room = Room::with(Network::Shared, &["haproxy"])?;
        let folder = tempfile::tempdir().unwrap();
        let behind = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, server) = (free_port(), behind.local_addr().unwrap());
        let config = format!(
            "global\n  stats socket {}/socket level admin\ndefaults\n  mode tcp\n  timeout connect 2s\n  timeout client 60s\n  timeout server 60s\nfrontend shop\n  bind 127.0.0.1:{port}\n  default_backend web\nbackend web\n  server s1 {server}\n",
            folder.path().display(),
        );
        fs::write(folder.path().join("config"), config).unwrap();
        thread::spawn(move || {
            let open: Vec<_> = behind.incoming().collect();
            drop(open);
        });
        let file = folder.path().join("config").display().to_string();
        room.start(&["haproxy", "-f", &file]);
        let balancer = Self { room, folder, port };
        until("it listens", || balancer.socket().exists());
        Some(balancer)
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }

    fn connector(&self) -> HaProxy {
        HaProxy::new(Address::Socket(self.socket()))
    }

    /// Without connecting: `HAProxy` keeps a session whose client has gone until its server goes too.
    fn listens(&self) -> bool {
        let port = format!(":{}", self.port);
        !self
            .room
            .run(&["ss", "-Htln", "sport", "=", &port])
            .is_empty()
    }

    fn connect(&self) -> Option<TcpStream> {
        TcpStream::connect(("127.0.0.1", self.port)).ok()
    }
}

#[test]
fn servers_and_frontends_hold_to_the_contract() {
    let Some(balancer) = Balancer::start() else {
        return;
    };
    let connector = balancer.connector();
    for (action, target) in [("disable-server", "web/s1"), ("disable-frontend", "shop")] {
        let effect = effect(&connector, "block", target, json!({ "action": action }));
        let truth = || {
            let (act, prior) = (Act::ReadBack, &serde_json::Value::Null);
            let read = connector.call(Job {
                effect: &effect,
                act,
                prior,
            });
            let open = balancer.listens();
            match read {
                Answer::Stands { state, .. } => (state, open),
                other => panic!("{other:?}"),
            }
        };
        harness::check(&connector, &effect, truth).unwrap_or_else(|why| panic!("{target}: {why}"));
    }
}

#[test]
fn an_open_session_ends_with_what_it_goes_through() {
    let Some(balancer) = Balancer::start() else {
        return;
    };
    let connector = balancer.connector();
    for (action, target) in [("disable-server", "web/s1"), ("disable-frontend", "shop")] {
        let effect = effect(&connector, "block", target, json!({ "action": action }));
        let mut session = balancer.connect().unwrap();
        let ask = |act, prior: &_| {
            connector.call(Job {
                effect: &effect,
                act,
                prior,
            })
        };
        let mut before = call(&connector, &effect, Act::Capture);
        until("the session is known", || {
            before = call(&connector, &effect, Act::Capture);
            format!("{before:?}").contains("srv=s1")
        });
        let Answer::Captured { prior, .. } = before else {
            panic!("{before:?}");
        };
        assert_eq!(ask(Act::Do, &prior), Answer::Accepted);
        session
            .set_read_timeout(Some(Duration::from_secs(5)))
            .unwrap();
        assert!(matches!(session.read(&mut [0]), Ok(0) | Err(_)), "{target}");
        until("none is left", || {
            ask(Act::Probe, &prior) == Answer::Effective
        });
        assert_eq!(ask(Act::Undo, &prior), Answer::Accepted);
        assert!(matches!(ask(Act::Probe, &prior), Answer::NotYet { .. }));
    }
}

#[test]
fn names_that_it_does_not_know_and_a_missing_socket_are_told() {
    let Some(balancer) = Balancer::start() else {
        return;
    };
    let connector = balancer.connector();
    for (action, target) in [
        ("disable-server", "web/s9"),
        ("disable-server", "nowhere/s1"),
        ("disable-frontend", "nowhere"),
    ] {
        let effect = effect(&connector, "block", target, json!({ "action": action }));
        match call(&connector, &effect, Act::Capture) {
            Answer::Refused { why } => assert!(why.contains(target), "{why}"),
            other => panic!("{other:?}"),
        }
    }
    let gone = HaProxy::new(Address::Socket("/nowhere/socket".into()));
    let effect = effect(
        &gone,
        "block",
        "web/s1",
        json!({ "action": "disable-server" }),
    );
    match call(&gone, &effect, Act::Do) {
        Answer::Unknown { why } => assert!(why.contains("/nowhere/socket"), "{why}"),
        other => panic!("{other:?}"),
    }
}
