//! Logins by a real SSH server, with a session that is open.

use std::{fs, path::Path};

use cordon_act::{Act, Answer};
use cordon_effect::{Connector as _, Job, Nftables, OpenSsh, OpenSshServer, Shell, Ssh, harness};
use cordon_model::Value;

use crate::{
    call, effect,
    room::{Network, Room, Running, free_port, until},
};

/// A server, and who may sign in.
struct Server {
    port: u16,
    room: Room,
    folder: tempfile::TempDir,
}

impl Server {
    fn start() -> Option<Self> {
        let room = Room::with(Network::Shared, &["sshd", "ssh", "ssh-keygen", "ps"])?;
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let server = Self { port, room, folder };
        let (room, at) = (&server.room, |name: &str| server.at(name));
        for key in ["host", "user"] {
            room.run(&[
                "ssh-keygen",
                "-q",
                "-t",
                "ed25519",
                "-N",
                "",
                "-f",
                &at(key),
            ]);
        }
        fs::create_dir(at("more")).unwrap();
        let host = fs::read_to_string(at("host.pub")).unwrap();
        fs::write(at("known"), format!("[127.0.0.1]:{port} {host}")).unwrap();
        let user = fs::read_to_string(at("user.pub")).unwrap();
        fs::write(at("wrong"), format!("[127.0.0.1]:{port} {user}")).unwrap();
        let config = format!(
            "Include {0}/more/*.conf\nPort {port}\nListenAddress 127.0.0.1\nHostKey {0}/host\nPidFile {0}/pid\nAuthorizedKeysFile {0}/user.pub\nStrictModes no\nPermitRootLogin yes\nUsePAM no\n",
            server.folder.path().display(),
        );
        fs::write(at("config"), config).unwrap();
        room.run(&["mkdir", "-p", "/run/sshd"]);
        room.run(&["/usr/sbin/sshd", "-f", &at("config")]);
        until("the server listens", || Path::new(&at("pid")).exists());
        Some(server)
    }

    fn at(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn connector(&self) -> OpenSsh {
        let shell = Shell {
            ssh: None,
            become_: self.room.words(),
        };
        OpenSsh::new(shell, self.settings())
    }

    fn settings(&self) -> OpenSshServer {
        OpenSshServer {
            config: self.at("config"),
            folder: self.at("more"),
            reload: Vec::new(),
            pid_file: self.at("pid"),
        }
    }

    fn login(&self, command: &str) -> Vec<String> {
        let port = self.port.to_string();
        let (key, known) = (
            self.at("user"),
            format!("UserKnownHostsFile={}", self.at("known")),
        );
        let words = [
            "ssh",
            "-F",
            "none",
            "-o",
            "BatchMode=yes",
            "-o",
            &known,
            "-i",
            &key,
            "-p",
            &port,
            "root@127.0.0.1",
            command,
        ];
        words.map(str::to_owned).to_vec()
    }

    fn session(&self) -> Running {
        let words = self.login("echo in; cat");
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let child = self.room.open(&words);
        until("the session is open", || {
            self.room
                .run(&["ps", "-eo", "args="])
                .contains("sshd: root@notty")
        });
        child
    }

    fn lets_in(&self) -> bool {
        let words = self.login("true");
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        self.room.try_run(&words).status.success()
    }

    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.at("more")).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }
}

#[test]
fn denying_an_account_holds_to_the_contract() {
    let Some(server) = Server::start() else {
        return;
    };
    let connector = server.connector();
    let effect = effect(&connector, "disable-account", "root", Value::Null);
    harness::check(&connector, &effect, || (server.files(), server.lets_in())).unwrap();
}

#[test]
fn an_open_session_ends_and_none_begins_until_it_is_taken_back() {
    let Some(server) = Server::start() else {
        return;
    };
    let connector = server.connector();
    let effect = effect(&connector, "disable-account", "root", Value::Null);
    let mut session = server.session();
    let Answer::Captured {
        prior,
        already: false,
        evidence,
    } = call(&connector, &effect, Act::Capture)
    else {
        panic!("not captured");
    };
    assert!(
        format!("{evidence:?}").contains("sshd: root@notty"),
        "{evidence:?}"
    );
    let ask = |act| {
        connector.call(Job {
            effect: &effect,
            act,
            prior: &prior,
        })
    };
    assert!(matches!(ask(Act::Probe), Answer::NotYet { .. }));
    assert_eq!(ask(Act::Do), Answer::Accepted);
    until("the session has ended", || session.has_ended());
    assert_eq!(ask(Act::Probe), Answer::Effective);
    assert!(!server.lets_in());
    assert_eq!(ask(Act::Undo), Answer::Accepted);
    until("it lets in again", || server.lets_in());
}

#[test]
fn a_server_that_does_not_read_the_folder_is_refused_and_left_as_it_was() {
    let Some(server) = Server::start() else {
        return;
    };
    let config = fs::read_to_string(server.at("config")).unwrap();
    let without = config.split_once('\n').unwrap().1;
    fs::write(server.at("config"), without).unwrap();
    let connector = server.connector();
    let effect = effect(&connector, "disable-account", "root", Value::Null);
    match call(&connector, &effect, Act::Do) {
        Answer::Refused { why } => assert!(why.contains("does not include"), "{why}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(server.files(), Vec::<String>::new());
    assert!(server.lets_in());
}

/// A router that is reached through the server.
fn router(server: &Server, (identity, known): (&str, &str), port: u16) -> Nftables {
    let ssh = Ssh {
        host: "127.0.0.1".to_owned(),
        user: "root".to_owned(),
        port,
        identity: server.at(identity),
        known_hosts: server.at(known),
    };
    let shell = Shell {
        ssh: Some(ssh),
        become_: Vec::new(),
    };
    Nftables::new(shell, Vec::new())
}

#[test]
fn by_ssh_wrong_keys_unknown_hosts_and_silence_are_told_apart() {
    let Some(server) = Server::start() else {
        return;
    };
    let asked = |files, port| {
        let connector = router(&server, files, port);
        let mut effect = effect(&connector, "block-address", "10.1.0.7", Value::Null);
        effect.patience.answer_ms = 2_000;
        call(&connector, &effect, Act::ReadBack)
    };
    match asked(("host", "known"), server.port) {
        Answer::Refused { why } => assert!(why.contains("Permission denied"), "{why}"),
        other => panic!("{other:?}"),
    }
    match asked(("user", "wrong"), server.port) {
        Answer::Refused { why } => assert!(why.contains("Host key verification failed"), "{why}"),
        other => panic!("{other:?}"),
    }
    // It takes the connection and says nothing.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let began = std::time::Instant::now();
    match asked(("user", "known"), silent.local_addr().unwrap().port()) {
        Answer::Unknown { why } => assert!(why.contains("root@127.0.0.1"), "{why}"),
        other => panic!("{other:?}"),
    }
    assert!(began.elapsed() < std::time::Duration::from_millis(2_500));
}

#[test]
fn what_would_cut_cordon_off_is_refused() {
    let Some(server) = Server::start() else {
        return;
    };
    let connector = router(&server, ("user", "known"), server.port);
    for target in ["127.0.0.0/8", "127.0.0.1 -> 127.0.0.1 tcp 1-65535"] {
        let effect = effect(&connector, "block-address", target, Value::Null);
        match call(&connector, &effect, Act::Capture) {
            Answer::Refused { why } => assert!(why.contains("nobody could take it back"), "{why}"),
            other => panic!("{other:?}"),
        }
    }
    let ssh = Ssh {
        host: "127.0.0.1".to_owned(),
        user: "root".to_owned(),
        port: server.port,
        identity: server.at("user"),
        known_hosts: server.at("known"),
    };
    let shell = Shell {
        ssh: Some(ssh),
        become_: Vec::new(),
    };
    let connector = OpenSsh::new(shell, server.settings());
    let effect = effect(&connector, "disable-account", "root", Value::Null);
    match call(&connector, &effect, Act::Capture) {
        Answer::Refused { why } => assert!(why.contains("who Cordon is there"), "{why}"),
        other => panic!("{other:?}"),
    }
}
