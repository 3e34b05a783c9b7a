//! Running a program without a shell, within a time and a size, and no longer than this process lives.

use std::{
    io::{self, Read, Write as _},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use thiserror::Error;

/// More than any state or secret has.
const OUTPUT_BYTES_MAX: u64 = 1 << 20;

/// What a program printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// None if a signal ended it.
    pub(crate) code: Option<i32>,
}

/// Why a program has no outcome.
#[derive(Debug, Error)]
pub(crate) enum ProgramError {
    /// No program is named.
    #[error("no program is named")]
    Nothing,
    /// It could not be started.
    #[error("`{program}` cannot be started: {cause}")]
    Start { program: String, cause: io::Error },
    /// It ran for too long and was ended.
    #[error("it was ended after {} s without an end", .0.as_secs())]
    Hung(Duration),
    /// The operating system failed.
    #[error("it cannot be waited for: {0}")]
    Wait(io::Error),
}

impl Ran {
    pub(crate) fn ending(&self) -> String {
        match self.code {
            Some(code) => format!("code {code}"),
            None => "a signal".to_owned(),
        }
    }
}

/// Runs a program with something on its standard input, and without some variables of the environment.
pub(crate) fn run(
    words: &[String],
    input: &[u8],
    without: &[String],
    wait: Duration,
) -> Result<Ran, ProgramError> {
    let (program, arguments) = words.split_first().ok_or(ProgramError::Nothing)?;
    let mut command = Command::new(program);
    command.args(arguments);
    command.stdin(Stdio::piped());
    command.stdout(Stdio::piped());
    command.stderr(Stdio::piped());
    for variable in without {
        command.env_remove(variable);
    }
    group(&mut command);
    let mut child = command.spawn().map_err(|cause| ProgramError::Start {
        program: program.clone(),
        cause,
    })?;
    let _keeper = Keeper::of(child.id());
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let input = input.to_vec();
    // Nobody waits for these: a grandchild that keeps a pipe open would keep them too.
    thread::spawn(move || stdin.map(|mut pipe| pipe.write_all(&input)));
    let (stdout, stderr) = (reader(stdout), reader(stderr));
    let deadline = Instant::now() + wait;
    let code = loop {
        match child.try_wait().map_err(ProgramError::Wait)? {
            Some(status) => break status.code(),
            None if Instant::now() >= deadline => {
                end(&mut child);
                return Err(ProgramError::Hung(wait));
            }
            None => thread::sleep(Duration::from_millis(10)),
        }
    };
    let left = deadline.saturating_duration_since(Instant::now());
    let left = left.max(Duration::from_millis(500));
    Ok(Ran {
        stdout: stdout.recv_timeout(left).unwrap_or_default(),
        stderr: stderr.recv_timeout(left).unwrap_or_default(),
        code,
    })
}

fn reader<R: Read + Send + 'static>(pipe: Option<R>) -> std::sync::mpsc::Receiver<String> {
    let (sender, receiver) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            let _what_came_counts = pipe.take(OUTPUT_BYTES_MAX).read_to_end(&mut bytes);
        }
        let _nobody_waits = sender.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    receiver
}

/// Puts the program into a group of its own, so that its children can be ended with it.
#[cfg(unix)]
fn group(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    command.process_group(0);
}

#[cfg(not(unix))]
fn group(_command: &mut Command) {}

/// Ends a program and its children as soon as this process is gone, however it ended: what was begun for an executor
/// must not go on when another one has the run. A shell that waits on a pipe does so, because nothing else outlives a
/// process that is killed.
#[derive(Debug)]
struct Keeper(Option<std::process::Child>);

impl Keeper {
    #[cfg(unix)]
    fn of(program: u32) -> Self {
        let mut shell = Command::new("sh");
        let script = "read -r over || kill -KILL \"-$1\"";
        shell
            .args(["-c", script, "sh", &program.to_string()])
            .env_clear();
        shell.stdin(Stdio::piped());
        shell.stdout(Stdio::null()).stderr(Stdio::null());
        group(&mut shell);
        Self(shell.spawn().ok())
    }

    #[cfg(not(unix))]
    fn of(_program: u32) -> Self {
        Self(None)
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        if let Some(shell) = &mut self.0 {
            let stdin = shell.stdin.take();
            let _it_may_be_gone = stdin.map(|mut pipe| pipe.write_all(b"over\n"));
            let _nothing_is_left = shell.wait();
        }
    }
}

/// Ends a program and, where that can be said, its children.
fn end(child: &mut std::process::Child) {
    #[cfg(unix)]
    {
        let group = format!("-{}", child.id());
        let mut kill = Command::new("kill");
        let _it_may_be_gone = kill
            .args(["-KILL", "--", &group])
            .stderr(Stdio::null())
            .status();
    }
    let _it_may_be_gone = child.kill();
    let _nothing_is_left = child.wait();
}

#[cfg(all(test, unix))]
mod tests {
    use std::time::{Duration, Instant};

    use super::{ProgramError, run};

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn a_program_gets_its_input_and_gives_its_output_and_code() {
        let shell = words(&["sh", "-c", "cat; echo bad >&2; exit 3"]);
        let ran = run(&shell, b"good", &[], Duration::from_secs(5)).unwrap();
        assert_eq!(
            (ran.stdout.as_str(), ran.stderr.as_str()),
            ("good", "bad\n")
        );
        assert_eq!(ran.code, Some(3));
    }

    #[test]
    fn a_program_does_not_see_what_is_withheld() {
        let shell = words(&["sh", "-c", "echo ${HOME:-none}; test -n \"$PATH\""]);
        let ran = run(&shell, b"", &words(&["HOME"]), Duration::from_secs(5)).unwrap();
        assert_eq!((ran.stdout.as_str(), ran.code), ("none\n", Some(0)));
    }

    #[test]
    fn a_program_that_hangs_is_ended_with_its_children() {
        let began = Instant::now();
        let shell = words(&["sh", "-c", "sleep 60 & sleep 60"]);
        let hung = run(&shell, b"", &[], Duration::from_millis(300)).unwrap_err();
        assert!(matches!(hung, ProgramError::Hung(_)), "{hung}");
        assert!(began.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let none = words(&["/nowhere/program"]);
        let missing = run(&none, b"", &[], Duration::from_secs(1)).unwrap_err();
        assert!(missing.to_string().contains("/nowhere/program"));
    }
}
