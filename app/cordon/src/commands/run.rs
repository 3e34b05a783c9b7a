//! `cordon recall` and `cordon run`: what is done with a run that exists.

use std::{path::Path, sync::Arc, time::Duration};

use cordon_act::{Input, Run, Standstill, journal::Scribe};
use cordon_effect::{Confirmation, Manual, Watchers};
use cordon_model::Timestamp;

use super::apply::finish;
use crate::{
    Failure,
    carry::Carrier,
    connecting::{For, registry},
    console::Console,
    render,
    run_folder::{self, RunFolder},
    typed::{self, RunCommand},
};

/// Takes a run back.
///
/// # Errors
/// When the world fails, or something cannot be taken back.
pub(crate) fn recall(asked: &typed::Recall, console: &mut Console) -> Result<(), Failure> {
    let why = asked.why.clone();
    carry_on(
        &asked.run,
        &asked.executor,
        vec![Input::Recall { why }],
        console,
    )
}

/// Does what was asked with a run.
///
/// # Errors
/// When the world fails, or the answer is no.
pub(crate) fn run(asked: &RunCommand, console: &mut Console) -> Result<(), Failure> {
    match asked {
        RunCommand::Show { run, trusted } => {
            let keys: Result<Vec<_>, Failure> = trusted
                .iter()
                .map(|file| run_folder::public_key(file))
                .collect();
            show(&run_folder::open(run, &keys?)?, console)
        }
        RunCommand::Resume {
            run,
            release,
            executor,
        } => {
            let release = release.clone().map(|why| Input::Release { why });
            carry_on(run, executor, release.into_iter().collect(), console)
        }
        RunCommand::Hold { run, why, executor } => {
            let hold = Input::Hold { why: why.clone() };
            match carry_on(run, executor, vec![hold], console) {
                // That it is held is what was asked for.
                Err(Failure::No(_)) => Ok(()),
                other => other,
            }
        }
        RunCommand::Confirm {
            run,
            target,
            by,
            undone,
        } => {
            let what = if *undone {
                Confirmation::Undone
            } else {
                Confirmation::Done
            };
            let folder = run_folder::confirmations(run);
            let manual = Manual::new(&folder);
            manual
                .confirm(target, what, by)
                .map_err(|cause| Failure::write(folder, cause))
        }
    }
}

fn carry_on(
    folder: &Path,
    asked: &typed::Executor,
    orders: Vec<Input>,
    console: &mut Console,
) -> Result<(), Failure> {
    let key = run_folder::private_key(&asked.key)?;
    // What somebody else signed is not done: its undo may be anything.
    let mut trusted = vec![key.public()];
    for file in &asked.trusted {
        trusted.push(run_folder::public_key(file)?);
    }
    let confirmations = run_folder::confirmations(folder);
    let registry = registry(&asked.connectors, &confirmations, For::Calling)?;
    let RunFolder {
        mut file,
        journal,
        state,
    } = run_folder::open(folder, &trusted)?;
    file.put_aside(journal.torn_bytes)
        .map_err(|why| Failure::World(Box::new(why)))?;
    let torn = u64::try_from(journal.torn_bytes).unwrap_or(u64::MAX);
    let recalled = orders
        .iter()
        .any(|order| matches!(order, Input::Recall { .. }));
    let watchers = Arc::new(Watchers::over(&state.opened.guarded));
    let (run, first) = Run::resume(state, Timestamp::now(), torn);
    let mut carrier = Carrier {
        run,
        file,
        scribe: Scribe::after(&journal, key),
        registry,
        watchers,
        console,
    };
    let end = carrier.carry(first, orders, Duration::from_secs(asked.watch))?;
    let (tally, head) = (carrier.run.tally(), carrier.scribe.head());
    // A recall that did not close has left something in place.
    let end = if recalled && end == Standstill::Settled {
        Standstill::Working
    } else {
        end
    };
    finish(end, &render::tally(&tally), head, console)
}

fn show(folder: &RunFolder, console: &mut Console) -> Result<(), Failure> {
    for entry in &folder.journal.entries {
        if let Some(told) = render::record(&entry.record, &folder.state) {
            let line = format!("{:>5}  {:.19}Z  {told}", entry.n, entry.at.to_string());
            console.result(&format!("{}\n", render::plain(&line)))?;
        }
    }
    let count = folder.journal.entries.len();
    let torn = folder.journal.torn_bytes;
    console.result(&format!(
        "{count} records, every link and signature holds; head {}\n{}",
        folder.journal.head,
        if torn > 0 {
            format!("{torn} bytes at the end belong to a write that never finished\n")
        } else {
            String::new()
        }
    ))
}
