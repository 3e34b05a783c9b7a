//! One module for each command: what is meant by its arguments, and the calls that answer it.

mod apply;
mod approve;
pub(crate) mod bench;
mod bench_plan;
mod completions;
mod confirm;
mod demo;
mod drill;
mod estate;
mod man;
mod mark;
mod plan;
mod plan_check;
mod plan_restore;
mod reach;
mod record;
mod respond;
mod rules;
mod run;
mod scan;

use clap::CommandFactory as _;

use crate::{
    Failure,
    console::Console,
    render,
    typed::{Cli, Command},
};

/// Does what was asked.
///
/// # Errors
/// When the world fails, the input is wrong, or the answer is no.
pub(crate) fn run(command: &Command, console: &mut Console) -> Result<(), Failure> {
    match command {
        Command::Demo(asked) => demo::run(asked, console),
        Command::Drill(asked) => drill::run(asked, console),
        Command::Respond(asked) => respond::run(asked, console),
        Command::Mark(asked) => mark::run(asked, console),
        Command::Scan(asked) => scan::run(asked, console),
        Command::Record(asked) => record::run(asked, console),
        Command::Plan(asked) => plan::run(asked, console),
        Command::Reach(asked) => reach::run(asked, console),
        Command::Estate(asked) => estate::run(asked, console),
        Command::Apply(asked) => apply::run(asked, console),
        Command::Approve(asked) => approve::run(asked, console),
        Command::Recall(asked) => run::recall(asked, console),
        Command::Run(asked) => run::run(asked, console),
        Command::Rules(asked) => rules::run(asked, console),
        Command::Bench(asked) => bench::run(asked, console),
        Command::Completions { shell } => completions::run(*shell, console),
        Command::Man { out } => man::run(out.as_deref(), console),
        Command::Reference => console.result(&render::reference(Cli::command())),
    }
}
