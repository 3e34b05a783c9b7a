//! A directory that is none, or is not believed; and the real one of `tests/range`, where that runs this.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    thread,
    time::{Duration, Instant},
};

use cordon_act::{Act, Answer};
use cordon_effect::{ActiveDirectory, DirectoryServer, SecretPlace, harness};
use cordon_model::Value;
use serde_json::json;

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

/// The domain controller of the range, which sets these.
struct Real {
    host: String,
    password: String,
    ca: String,
    base: String,
}

impl Real {
    fn here() -> Option<Self> {
        let set = |name: &str| std::env::var(format!("CORDON_RANGE_{name}")).ok();
        let real = set("HOST").and_then(|host| {
            Some(Self {
                host,
                password: set("PASSWORD")?,
                ca: set("CA")?,
                base: set("BASE")?,
            })
        });
        if real.is_none() {
            eprintln!(
                "\n!!! SKIPPED: no domain controller; `tests/range/run directory` brings one\n"
            );
        }
        real
    }

    fn connector(&self, password: &str) -> ActiveDirectory {
        let server = DirectoryServer {
            host: self.host.clone(),
            port: 636,
            user: "cordon@range.test".to_owned(),
        };
        let words = ["echo", password].map(str::to_owned).to_vec();
        let password = SecretPlace::Command(words).fetch().unwrap();
        let ca_pem = fs::read_to_string(&self.ca).unwrap();
        ActiveDirectory::new(server, password, Some(&ca_pem)).unwrap()
    }

    /// An attribute, as another client sees it.
    fn attribute(&self, dn: &str, name: &str) -> Vec<String> {
        let url = format!("ldaps://{}", self.host);
        let words = [
            "-LLL",
            "-o",
            "ldif-wrap=no",
            "-x",
            "-D",
            "cordon@range.test",
            "-s",
            "base",
        ];
        let output = std::process::Command::new("ldapsearch")
            .env("LDAPTLS_CACERT", &self.ca)
            .args(words)
            .args(["-H", &url, "-w", &self.password, "-b", dn, name])
            .output();
        let text = String::from_utf8(output.unwrap().stdout).unwrap();
        let lines = text.lines().filter(|line| line.starts_with(name));
        let mut values: Vec<String> = lines.map(str::to_owned).collect();
        values.sort();
        values
    }
}

#[test]
fn every_action_on_a_real_directory_holds_to_the_contract() {
    let Some(real) = Real::here() else {
        return;
    };
    let connector = real.connector(&real.password);
    let person = format!("CN=anna,CN=Users,{}", real.base);
    let group = format!("CN=service-desk,CN=Users,{}", real.base);
    let asked = |action: &str| json!({ "action": action, "group": group });
    for (action, seen) in [
        ("disable", "userAccountControl"),
        ("remove-from-group", "member"),
        ("close-logon-hours", "logonHours"),
        ("force-password-change", "pwdLastSet"),
        ("reset-password", "pwdLastSet"),
    ] {
        let effect = effect(&connector, "cut", &person, asked(action));
        let truth = || match action {
            "remove-from-group" => real.attribute(&group, seen),
            // The server makes the time itself: whether it is forced is what counts.
            "force-password-change" => {
                let forced = real.attribute(&person, seen) == ["pwdLastSet: 0"];
                vec![forced.to_string()]
            }
            _ => real.attribute(&person, seen),
        };
        harness::check(&connector, &effect, truth).unwrap_or_else(|why| panic!("{action}: {why}"));
    }
}

#[test]
fn the_key_of_tickets_on_a_real_directory_is_rotated_as_often_as_asked_and_no_other_account_is() {
    let Some(real) = Real::here() else {
        return;
    };
    let connector = real.connector(&real.password);
    let dn = |name: &str| format!("CN={name},CN=Users,{}", real.base);
    // Without a wait both resets are one call, as the contract wants it.
    let often = json!({ "resets": 2, "wait_minutes": 0 });
    let rotated = effect(&connector, "rotate-krbtgt", &dn("krbtgt"), often.clone());
    let truth = || real.attribute(&dn("krbtgt"), "msDS-KeyVersionNumber");
    harness::check(&connector, &rotated, truth).unwrap();
    let another = effect(&connector, "rotate-krbtgt", &dn("anna"), often);
    match call(&connector, &another, Act::Capture) {
        Answer::Refused { why } => assert!(why.contains("not the account whose key"), "{why}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_real_directory_refuses_a_wrong_password_an_unknown_entry_and_cordon_itself() {
    let Some(real) = Real::here() else {
        return;
    };
    let told = |connector: &ActiveDirectory, name: &str| {
        let dn = format!("CN={name},CN=Users,{}", real.base);
        let effect = effect(connector, "disable-account", &dn, Value::Null);
        match call(connector, &effect, Act::Capture) {
            Answer::Refused { why } => why,
            other => panic!("{other:?}"),
        }
    };
    let why = told(&real.connector("wrong-hunter2"), "anna");
    assert!(why.contains("does not let `cordon@range.test` in"), "{why}");
    assert!(!why.contains("hunter2"), "{why}");
    let connector = real.connector(&real.password);
    assert!(told(&connector, "nobody-at-all").contains("answers 32"));
    assert!(told(&connector, "cordon").contains("who Cordon is there"));
    assert!(told(&connector, "service-desk").contains("no `userAccountControl`"));
}
