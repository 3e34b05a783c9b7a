//! Runs many seeds and prints every law that does not hold, with the seed that shows it.
//!
//! `cargo run --release -p cordon-sim -- [act|killed] [FIRST [COUNT]]`, from the root of the repository: days of
//! logs; with `act` the carrying out of orders; with `killed` that with an executor that dies at every
//! write of its journal, one world after the other.

use std::{
    cell::Cell,
    env,
    io::{self, Write as _},
    path::Path,
    process::ExitCode,
};

use cordon_sim::{Broken, Day, check_act, check_act_killed, check_seed, texts};

/// Seeds run unless told otherwise.
const COUNT: u64 = 200;

fn main() -> ExitCode {
    let mut words = env::args().skip(1).peekable();
    let what = words.next_if(|word| word == "act" || word == "killed");
    let mut numbers = words.map(|word| word.parse::<u64>());
    let (first, count) = (numbers.next(), numbers.next());
    let (Ok(first), Ok(count)) = (first.unwrap_or(Ok(0)), count.unwrap_or(Ok(COUNT))) else {
        return say(
            "usage: cordon-sim [act|killed] [FIRST [COUNT]], both whole numbers",
            ExitCode::from(2),
        );
    };
    match what.as_deref() {
        Some("act") => return run(first, count, check_act),
        Some(_) => return killed(first, count),
        None => {}
    }
    let texts = match texts(Path::new("content")) {
        Ok(texts) => texts,
        Err(why) => return say(&format!("cannot read content/: {why}"), ExitCode::from(1)),
    };
    let day = Day::new(cordon_drill::DEFAULT_SEED, &texts);
    run(first, count, |seed| check_seed(&day, seed))
}

fn killed(first: u64, count: u64) -> ExitCode {
    let deaths = Cell::new(0_u64);
    let code = run(first, count, |seed| {
        deaths.set(deaths.get() + check_act_killed(seed)?);
        Ok(())
    });
    say(&format!("executors died {} times", deaths.get()), code)
}

fn run(first: u64, count: u64, check: impl Fn(u64) -> Result<(), Vec<Broken>>) -> ExitCode {
    let mut broken = 0_u64;
    for seed in first..first.saturating_add(count) {
        for law in check(seed).err().unwrap_or_default() {
            broken += 1;
            let _ = say(
                &format!("seed {}: not so: {} ({})", law.seed, law.law, law.seen),
                ExitCode::SUCCESS,
            );
        }
    }
    let code = if broken == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(3)
    };
    say(
        &format!("{count} seeds from {first}: {broken} laws broken"),
        code,
    )
}

/// Prints a line; nobody is left to be told when that fails.
fn say(line: &str, code: ExitCode) -> ExitCode {
    let _ = writeln!(io::stdout().lock(), "{line}");
    code
}
