//! `cordon recall` and `cordon run`: what is done with a run that exists.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use cordon_act::{
    Digest, Input, Phase, PrivateKey, PublicKey, Record, Reversal, Run, Standstill, State, Tally,
    journal::Scribe,
};
use cordon_effect::{Confirmation, Registry, Watchers};
use cordon_model::Timestamp;

use super::{apply::finish, confirm::confirm};
use crate::{
    Failure,
    bound::{self, Wish},
    carry::Carrier,
    clock::Clock,
    connecting::{For, registry},
    console::Console,
    failure::Problems,
    post::{self, Post},
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
    let (key, trusted) = keys(&asked.executor)?;
    let (folder, damage) = if asked.from_last_good_line {
        run_folder::open_damaged(&asked.run, &trusted)?
    } else {
        (run_folder::open(&asked.run, &trusted)?, None)
    };
    if let Some(damage) = &damage {
        console.remark(&render::plain(&damage.told()));
    }
    let at_work = AtWork {
        run: &asked.run,
        asked: &asked.executor,
        key,
        trusted,
    };
    let end = at_work.carry_on(folder, vec![Input::Recall { why }], console)?;
    // A recall that did not close has left something in place.
    let standstill = if end.standstill == Standstill::Settled {
        Standstill::Working
    } else {
        end.standstill
    };
    finish(standstill, &render::tally(&end.tally), end.head, console)?;
    damage.map_or(Ok(()), |damage| damage.left())
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
            let keys = keys?;
            show(&run_folder::open(run, &keys)?, &keys, console)
        }
        RunCommand::Resume {
            run,
            release,
            executor,
        } => {
            let release = release.clone().map(|why| Input::Release { why });
            let end = carry_on(run, executor, release.into_iter().collect(), console)?;
            finish(
                end.standstill,
                &render::tally(&end.tally),
                end.head,
                console,
            )
        }
        RunCommand::Hold { run, why, executor } => hold(run, why, executor, console),
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
            confirm(run, target, (what, by))
        }
    }
}

/// A living executor looks for orders every second; one that waits for its disk may take longer.
const HEARD_WITHIN: Duration = Duration::from_secs(10);

/// Orders a hold: whoever has the run hears of it and goes on watching. Where nobody has it, it is held from here.
fn hold(
    run: &Path,
    why: &str,
    asked: &typed::Executor,
    console: &mut Console,
) -> Result<(), Failure> {
    let (key, trusted) = keys(asked)?;
    let began = Instant::now();
    let mut known_at: Option<usize> = None;
    loop {
        // In this order: what was heard is in the journal before it is removed.
        let is_left = post::is_left(run);
        let folder = run_folder::open(run, &trusted)?;
        if folder.state.closed {
            let why = "everything is taken back: there is nothing to hold";
            return Err(Failure::No(why.to_owned()));
        }
        let head = folder.journal.head;
        if Post::of(run, trusted.clone(), head)?.take() {
            post::remove(run)?;
            return hold_here(run, why, asked, console);
        }
        match known_at {
            None => {
                let order = Record::Held {
                    why: why.to_owned(),
                };
                let mut scribe = Scribe::after(&folder.journal, key.clone());
                post::leave(run, &scribe.line(Timestamp::now(), &order))?;
                known_at = Some(folder.journal.entries.len());
            }
            Some(known) => {
                let mut since = folder.journal.records().skip(known);
                if since
                    .any(|(_, record)| matches!(record, Record::Held { why: said } if said == why))
                {
                    return console.result(&format!(
                        "held by the executor that has the run\njournal head {head}\n"
                    ));
                }
                if !is_left {
                    // Another executor took over meanwhile, for which it was given too early.
                    known_at = None;
                }
            }
        }
        if began.elapsed() > HEARD_WITHIN {
            post::remove(run)?;
            let why = "an executor has the run and did not follow the order: it follows those that are signed with its own key, or one that it was told to trust; `cordon recall` takes the run from it";
            return Err(Failure::No(why.to_owned()));
        }
        thread::sleep(Duration::from_millis(100));
    }
}

fn hold_here(
    run: &Path,
    why: &str,
    asked: &typed::Executor,
    console: &mut Console,
) -> Result<(), Failure> {
    let hold = Input::Hold {
        why: why.to_owned(),
    };
    let end = carry_on(run, asked, vec![hold], console)?;
    let tally = render::tally(&end.tally);
    match end.standstill {
        // That it is held is what was asked for.
        Standstill::Held => console.result(&format!("{tally}\njournal head {}\n", end.head)),
        other @ (Standstill::Working
        | Standstill::Settled
        | Standstill::Closed
        | Standstill::Superseded) => finish(other, &tally, end.head, console),
    }
}

/// The executor's key, and every key whose records are believed: what somebody else signed is not done, because its undo
/// may be anything.
fn keys(asked: &typed::Executor) -> Result<(PrivateKey, Vec<PublicKey>), Failure> {
    let key = run_folder::private_key(&asked.key)?;
    let mut trusted = vec![key.public()];
    for file in &asked.trusted {
        trusted.push(run_folder::public_key(file)?);
    }
    Ok((key, trusted))
}

/// How an executor left a run.
struct End {
    standstill: Standstill,
    tally: Tally,
    head: Digest,
}

fn carry_on(
    run: &Path,
    asked: &typed::Executor,
    orders: Vec<Input>,
    console: &mut Console,
) -> Result<End, Failure> {
    let (key, trusted) = keys(asked)?;
    let folder = run_folder::open(run, &trusted)?;
    let at_work = AtWork {
        run,
        asked,
        key,
        trusted,
    };
    at_work.carry_on(folder, orders, console)
}

/// Who carries on with which run.
struct AtWork<'w> {
    run: &'w Path,
    asked: &'w typed::Executor,
    key: PrivateKey,
    trusted: Vec<PublicKey>,
}

impl AtWork<'_> {
    fn carry_on(
        self,
        folder: RunFolder,
        orders: Vec<Input>,
        console: &mut Console,
    ) -> Result<End, Failure> {
        let confirmations = run_folder::confirmations(self.run);
        let registry = registry(&self.asked.connectors, &confirmations, For::Calling)?;
        let RunFolder {
            mut file,
            journal,
            state,
        } = folder;
        if state.closed {
            let (standstill, head) = (Standstill::Closed, journal.head);
            let tally = state.tally();
            return Ok(End {
                standstill,
                tally,
                head,
            });
        }
        let wish = match orders.first() {
            Some(Input::Recall { .. }) => Wish::TakeBack,
            Some(Input::Hold { .. }) => Wish::Hold,
            Some(_) | None => Wish::GoOn,
        };
        bound::check(&state.opened, (self.key.public(), &registry), wish, console)?;
        all_there(&registry, &state, &orders)?;
        file.put_aside(journal.torn_bytes)
            .map_err(|why| Failure::World(Box::new(why)))?;
        let torn = u64::try_from(journal.torn_bytes).unwrap_or(u64::MAX);
        let watchers = Arc::new(Watchers::over(&state.opened.guarded));
        let clock = Clock::from(state.no_earlier(Timestamp::now()));
        let (run, first) = Run::resume(state, clock.now(), torn);
        let mut carrier = Carrier {
            run,
            file,
            scribe: Scribe::after(&journal, self.key),
            registry,
            watchers,
            clock,
            post: Post::of(self.run, self.trusted, journal.head)?,
            console,
        };
        let watch = Duration::from_secs(self.asked.watch);
        let standstill = carrier.carry(first, orders, watch)?;
        Ok(End {
            standstill,
            tally: carrier.run.tally(),
            head: carrier.scribe.head(),
        })
    }
}

/// Everything that may have to be called is there: a run is not taken from whoever has it by somebody who can do nothing
/// with it.
fn all_there(registry: &Registry, state: &State, orders: &[Input]) -> Result<(), Failure> {
    let recalls = orders
        .iter()
        .any(|order| matches!(order, Input::Recall { .. }));
    let holds = orders
        .iter()
        .any(|order| matches!(order, Input::Hold { .. }));
    let effects = state.opened.effects.iter().zip(&state.effects);
    let mut missing = effects.filter(|(effect, progress)| {
        let called = match progress.phase {
            Phase::Doing | Phase::Confirmed | Phase::Undoing => true,
            Phase::Waiting | Phase::Captured => !recalls && !holds,
            Phase::Effective | Phase::Unproven => !holds,
            Phase::GivenUp | Phase::Stuck => recalls && progress.dos.last.is_some(),
            Phase::AlreadySo | Phase::Undone | Phase::Skipped | Phase::ForwardOnly => false,
        };
        let called = called && !(recalls && effect.reversal != Reversal::Undo);
        called && registry.get(&effect.connector).is_none()
    });
    let Some((effect, _)) = missing.next() else {
        return Ok(());
    };
    let message = format!(
        "the run needs the connector `{}` for `{}`, and there is none",
        effect.connector, effect.target
    );
    let help = "name the site's connectors with --connectors, as for `cordon apply`; nothing was changed, and whoever has the run still has it";
    Err(Failure::Input(Problems::of_arguments(
        "--connectors",
        &message,
        help,
    )))
}

fn show(folder: &RunFolder, trusted: &[PublicKey], console: &mut Console) -> Result<(), Failure> {
    for entry in &folder.journal.entries {
        if let Some(told) = render::record(&entry.record, &folder.state) {
            let line = format!("{:>5}  {:.19}Z  {told}", entry.n, entry.at.to_string());
            console.result(&format!("{}\n", render::plain(&line)))?;
        }
    }
    let count = folder.journal.entries.len();
    let torn = folder.journal.torn_bytes;
    let whose = if trusted.is_empty() {
        let keys: BTreeSet<String> = folder
            .journal
            .entries
            .iter()
            .map(|e| e.key.to_string())
            .collect();
        let keys = Vec::from_iter(keys).join(", ");
        format!(
            "every link holds, and each signature for the key that its line names ({keys}): whose that is, only --trusted can tell"
        )
    } else {
        "every link and signature holds, by keys that are trusted".to_owned()
    };
    console.result(&format!(
        "{count} records, {whose}; head {}\n{}",
        folder.journal.head,
        if torn > 0 {
            format!("{torn} bytes at the end belong to a write that never finished\n")
        } else {
            String::new()
        }
    ))
}
