//! `cargo run -p xtask -- generate [--check]`: writes what is generated, or says what is stale.

use std::{env, io::Write as _, process::ExitCode};

use xtask::{Fault, Repo, generate, stale};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["generate"] => generate(&Repo::here()).map(|written| (written, ExitCode::SUCCESS)),
        ["generate", "--check"] => stale(&Repo::here()).map(|found| {
            let code = if found.is_empty() {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(3)
            };
            (found, code)
        }),
        _ => Err(Fault::from("expected `generate` or `generate --check`")),
    };
    let (lines, code) = done.unwrap_or_else(|fault| (vec![format!("error: {fault}")], 1.into()));
    for line in lines {
        let _nobody_to_tell = writeln!(std::io::stderr(), "{line}");
    }
    code
}
