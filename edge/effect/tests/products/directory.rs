//! A directory that is none, or is not believed. The real one is in `tests/range`.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    thread,
    time::{Duration, Instant},
};

use cordon_act::{Act, Answer};
use cordon_effect::{ActiveDirectory, DirectoryServer, SecretPlace};
use cordon_model::Value;

use crate::{
    call, effect,
    room::{Network, Room, free_port, until},
};

const SECRET: &str = "hunter2";

fn directory(port: u16, ca_pem: &str) -> ActiveDirectory {
    let server = DirectoryServer {
        host: "localhost".to_owned(),
        port,
        user: "cordon@range.test".to_owned(),
    };
    let words = ["echo", SECRET].map(str::to_owned).to_vec();
    let password = SecretPlace::Command(words).fetch().unwrap();
    ActiveDirectory::new(server, password, Some(ca_pem)).unwrap()
}

/// What disabling an account comes to.
fn asked(connector: &ActiveDirectory) -> Answer {
    let mut effect = effect(connector, "disable-account", "CN=a,DC=x", Value::Null);
    effect.patience.answer_ms = 1_000;
    let began = Instant::now();
    let answer = call(connector, &effect, Act::Do);
    assert!(began.elapsed() < Duration::from_millis(1_200), "{answer:?}");
    assert!(!format!("{answer:?}").contains(SECRET), "{answer:?}");
    answer
}

/// Certificates of a house for `localhost`: one that is good and one that is not any more.
struct House {
    room: Room,
    folder: tempfile::TempDir,
}

impl House {
    fn new() -> Option<Self> {
        let house = Self {
            room: Room::with(Network::Shared, &[])?,
            folder: tempfile::tempdir().unwrap(),
        };
        fs::write(house.at("names"), "subjectAltName=DNS:localhost\n").unwrap();
        let curve = [
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
        ];
        let (ca, ca_key, key, request) = (
            house.at("ca"),
            house.at("ca.key"),
            house.at("key"),
            house.at("request"),
        );
        let mut words = vec![
            "openssl",
            "req",
            "-x509",
            "-days",
            "2",
            "-subj",
            "/CN=house",
            "-keyout",
            &ca_key,
            "-out",
            &ca,
        ];
        words.extend(curve);
        house.room.run(&words);
        let mut words = vec![
            "openssl",
            "req",
            "-subj",
            "/CN=localhost",
            "-keyout",
            &key,
            "-out",
            &request,
        ];
        words.extend(curve);
        house.room.run(&words);
        for (name, days) in [("good", "2"), ("expired", "-1")] {
            house.room.run(&[
                "openssl",
                "x509",
                "-req",
                "-days",
                days,
                "-in",
                &request,
                "-CA",
                &ca,
                "-CAkey",
                &ca_key,
                "-set_serial",
                "7",
                "-extfile",
                &house.at("names"),
                "-out",
                &house.at(name),
            ]);
        }
        Some(house)
    }

    fn at(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn ca(&self) -> String {
        fs::read_to_string(self.at("ca")).unwrap()
    }

    /// Something that speaks TLS and answers every line with itself, which is no LDAP.
    fn serve(&self, certificate: &str) -> u16 {
        let port = free_port();
        self.room.start(&[
            "openssl",
            "s_server",
            "-quiet",
            "-rev",
            "-accept",
            &format!("127.0.0.1:{port}"),
            "-cert",
            &self.at(certificate),
            "-key",
            &self.at("key"),
        ]);
        until("it listens", || {
            std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        port
    }
}

#[test]
fn an_expired_certificate_and_one_of_a_stranger_are_refused_before_anything_is_sent() {
    let Some(house) = House::new() else {
        return;
    };
    let told = |answer| match answer {
        Answer::Refused { why } => why,
        other => panic!("{other:?}"),
    };
    let expired = house.serve("expired");
    let why = told(asked(&directory(expired, &house.ca())));
    assert!(
        why.contains("localhost") && why.contains("Expired"),
        "{why}"
    );
    let good = house.serve("good");
    let stranger = fs::read_to_string(house.at("expired")).unwrap();
    let why = told(asked(&directory(good, &stranger)));
    assert!(why.contains("certificate"), "{why}");
}

#[test]
fn what_speaks_tls_and_no_ldap_is_a_doubt() {
    let Some(house) = House::new() else {
        return;
    };
    let port = house.serve("good");
    match asked(&directory(port, &house.ca())) {
        Answer::Unknown { why } => assert!(why.contains("localhost"), "{why}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn peers_that_hang_break_off_or_are_missing_are_doubts_in_time() {
    let Some(house) = House::new() else {
        return;
    };
    let ca = house.ca();
    let hangs = TcpListener::bind("127.0.0.1:0").unwrap();
    let breaks = TcpListener::bind("127.0.0.1:0").unwrap();
    let breaks_port = breaks.local_addr().unwrap().port();
    thread::spawn(move || {
        for mut stream in breaks.incoming().map_while(Result::ok) {
            let _a_hello = stream.read(&mut [0; 100]);
            // Half of the head of a record, and then nothing more.
            let _half = stream.write_all(&[22, 3, 3]);
        }
    });
    for port in [hangs.local_addr().unwrap().port(), breaks_port, free_port()] {
        match asked(&directory(port, &ca)) {
            Answer::Unknown { why } => assert!(why.contains("localhost"), "{why}"),
            other => panic!("{other:?}"),
        }
    }
}
