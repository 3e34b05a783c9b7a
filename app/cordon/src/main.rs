//! The front door: arguments to calls to rendering.
//!
//! `typed` is what was typed, the commands say what is meant and call the rooms, `render` shows what
//! they found. Results go to standard output, everything else to standard error, and the exit code
//! says whose fault it was if it did not end well. Absent on purpose: any judgement about logs,
//! estates or plans; those live in the rooms.

mod attack;
mod attempt;
mod bound;
mod carry;
mod clock;
mod commands;
mod connecting;
mod console;
mod content;
mod duration;
mod estate;
mod examples;
mod exported;
mod failure;
mod footholds;
mod left_out;
mod library;
mod marks;
mod moment;
mod one_event;
mod ordered;
mod passing;
mod pipelines;
mod post;
mod progress;
mod reading;
mod refusals;
mod render;
mod rule_set;
mod run_folder;
mod screening;
mod sources;
mod spent;
mod stop;
mod summary;
mod texts;
mod typed;
mod usage;
mod usual;
mod written;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _, error::ErrorKind};

use crate::{
    console::Console,
    failure::Failure,
    typed::{Cli, Command},
};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(usage) => {
            let _nobody_to_tell = usage.print();
            return ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(2));
        }
    };
    if cli.format.common().is_none() && !matches!(cli.command, Command::Scan(_)) {
        let message =
            "only `cordon scan` prints csv, ecs and ocsf; use table, json or jsonl here\n";
        let usage = Cli::command().error(ErrorKind::InvalidValue, message);
        let _nobody_to_tell = usage.print();
        return ExitCode::from(2);
    }
    let mut console = Console::new(cli.format);
    let done = commands::run(&cli.command, &mut console);
    match done.and_then(|()| console.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let flushed = console.flush();
            console.failure(&failure);
            match (&failure, flushed) {
                (Failure::No(_), Err(lost)) => lost.exit_code(),
                _ => failure.exit_code(),
            }
        }
    }
}
