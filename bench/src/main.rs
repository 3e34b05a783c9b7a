//! Cordon beside its peers, on the same bytes with the same rules.
//!
//! Every lane is a process of its own, so that CPU time and memory are its own; this process only
//! starts them, waits and computes. Cordon's lane is the binary as it is shipped. Absent on purpose:
//! anything that makes Cordon faster, and any number that was not measured in the same run.

mod corpus;
mod decoder_inputs;
mod decoders;
mod lane;
mod limits;
mod machine;
mod measured;
mod peers;
mod places;
mod table;
mod tenfold;
mod told;
mod verdicts;
mod walk;

use std::{env, error::Error, path::Path, process::ExitCode};

use crate::{limits::Limit, places::Places};

/// Whatever ends a benchmark; nobody but a person reads it.
type Fault = Box<dyn Error>;

const USAGE: &str = "usage: cordon-bench corpus [EVENTS]\n\
                     \x20      cordon-bench peers [ROUNDS]\n\
                     \x20      cordon-bench decoders [ROUNDS [NAME]]\n\
                     \x20      cordon-bench verdicts\n\
                     \x20      cordon-bench limit NAME INPUT";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("error: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<(), Fault> {
    match words {
        ["corpus"] => make_corpus(300_000),
        ["corpus", events] => make_corpus(events.parse()?),
        ["peers"] => peers::run(&Places::here()?, 3),
        ["peers", rounds] => peers::run(&Places::here()?, rounds.parse()?),
        ["decoders"] => decoders::run(&Places::here()?, 3, ""),
        ["decoders", rounds] => decoders::run(&Places::here()?, rounds.parse()?, ""),
        ["decoders", rounds, only] => decoders::run(&Places::here()?, rounds.parse()?, only),
        ["verdicts"] => verdicts::run_and_print(&Places::here()?),
        ["limit", name, input] => {
            let limit = Limit::of_word(name).ok_or(USAGE)?;
            eprintln!("{}", limit.run(Path::new(input))?.line());
            Ok(())
        }
        _ => Err(USAGE.into()),
    }
}

fn make_corpus(events: u64) -> Result<(), Fault> {
    let places = Places::here()?;
    corpus::make(&places, events)?;
    if !places.ten_times_the_rules().is_dir() {
        tenfold::write(&places.rules(), &places.ten_times_the_rules())?;
    }
    Ok(())
}
