//! A place with a network and processes of its own, which ends with everything that runs in it.

use std::{
    cell::RefCell,
    fs,
    io::Write as _,
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

/// A program that runs until this is dropped.
pub(crate) struct Running(Child);

impl Running {
    pub(crate) fn has_ended(&mut self) -> bool {
        self.0.try_wait().unwrap().is_some()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _it_may_be_gone = self.0.kill();
        let _nothing_is_left = self.0.wait();
    }
}

/// The place.
pub(crate) struct Room {
    /// Everything in it ends with this.
    _holder: Running,
    stays: RefCell<Vec<Running>>,
    /// Its first process, as it is numbered outside.
    first: u32,
}

/// Whether it has a network of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Network {
    Own,
    Shared,
}

impl Room {
    /// A place in which these programs can run; none, and a loud note, where that cannot be.
    pub(crate) fn with(network: Network, programs: &[&str]) -> Option<Self> {
        let missing = |program: &&str| {
            let found = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];
            !found
                .iter()
                .any(|folder| Path::new(folder).join(program).exists())
        };
        let needed = ["unshare", "nsenter", "ip", "openssl"];
        let all: Vec<&str> = needed.iter().chain(programs).copied().collect();
        if let Some(program) = all.iter().find(|program| missing(program)) {
            eprintln!("\n!!! SKIPPED: no program `{program}` here, so that nothing was shown\n");
            return None;
        }
        let own = (network == Network::Own).then_some("--net");
        let made = Command::new("unshare")
            .args(own)
            .args(["--pid", "--mount", "--fork", "--mount-proc", "--kill-child"])
            .args(["sleep", "600"])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let mut holder = Running(made.unwrap());
        let began = Instant::now();
        let children = format!("/proc/{0}/task/{0}/children", holder.0.id());
        while began.elapsed() < Duration::from_secs(5) {
            if holder.has_ended() {
                break;
            }
            let first = fs::read_to_string(&children).unwrap_or_default();
            if let Ok(first) = first.trim().parse() {
                let room = Self {
                    _holder: holder,
                    stays: RefCell::default(),
                    first,
                };
                room.run(&["ip", "link", "set", "lo", "up"]);
                return Some(room);
            }
            thread::sleep(Duration::from_millis(10));
        }
        eprintln!(
            "\n!!! SKIPPED: namespaces cannot be made here (root is needed), so that nothing was shown\n"
        );
        None
    }

    /// The words that run others in it.
    pub(crate) fn words(&self) -> Vec<String> {
        let first = self.first.to_string();
        let words = ["nsenter", "-t", &first, "-n", "-p", "-m", "--"];
        words.map(str::to_owned).to_vec()
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let all: Vec<String> = self.words();
        let (program, arguments) = all.split_first().unwrap();
        let mut command = Command::new(program);
        command.args(arguments).args(words);
        command
    }

    pub(crate) fn try_run(&self, words: &[&str]) -> Output {
        self.command(words).stdin(Stdio::null()).output().unwrap()
    }

    /// Runs a program, which has to go well.
    pub(crate) fn run(&self, words: &[&str]) -> String {
        let output = self.try_run(words);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words:?}: {stderr}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Starts a program that stays as long as the place.
    pub(crate) fn start(&self, words: &[&str]) {
        self.stays.borrow_mut().push(self.open(words));
    }

    /// Starts a program.
    pub(crate) fn open(&self, words: &[&str]) -> Running {
        let mut command = self.command(words);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Running(command.spawn().unwrap())
    }

    /// Runs a program with a text on its standard input.
    pub(crate) fn feed(&self, words: &[&str], text: &str) {
        let mut child = self.command(words).stdin(Stdio::piped()).spawn().unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
        assert!(child.wait().unwrap().success(), "{words:?}");
    }
}

/// Waits until something is so.
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(
            began.elapsed() < Duration::from_secs(10),
            "{what}, after ten seconds"
        );
        thread::sleep(Duration::from_millis(20));
    }
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
