//! `cordon apply`: what a plan would call, or the doing of it.

use std::{sync::Arc, time::Duration};

use cordon_act::{Digest, Phase, Standstill, Tally, journal::Scribe};
use cordon_effect::Watchers;
use cordon_model::Timestamp;

use crate::{
    Failure,
    attempt::{Attempt, Begun},
    carry::Carrier,
    clock::Clock,
    connecting::For,
    console::Console,
    exported::exported,
    ordered::{Ordered, ordered, policy},
    post::Post,
    render, run_folder,
    typed::{self, Format},
};

/// Prints every call, or makes them.
///
/// # Errors
/// When the input is wrong, the world fails, or the order may not be carried out.
pub(crate) fn run(asked: &typed::Apply, console: &mut Console) -> Result<(), Failure> {
    match (&asked.key, &asked.anchor, &asked.order.policy) {
        (Some(key), Some(anchor), Some(policy)) if asked.execute => {
            let attempt = Attempt::new(asked, run_folder::private_key(key)?);
            let begun = attempt.begin((policy, anchor), console)?;
            carry_out(attempt, begun, Duration::from_secs(asked.watch), console)
        }
        (_, _, _) => {
            let nowhere = asked.runs.join("dry-run");
            let policy = asked.order.policy.as_deref().map(policy).transpose()?;
            let ordered = ordered(&asked.order, policy, &nowhere, For::Showing, console)?;
            match asked.export {
                None => show(&ordered, console),
                Some(language) => console.result(&exported(&ordered, language)?),
            }
        }
    }
}

fn carry_out(
    attempt: Attempt<'_>,
    begun: Begun,
    watch: Duration,
    console: &mut Console,
) -> Result<(), Failure> {
    let folder = attempt.folder();
    let post = Post::of(&folder, vec![attempt.key.public()], Digest::NONE)?;
    let folder = folder.display();
    console.remark(&format!(
        "to take it back: cordon recall {folder} --key … --why …"
    ));
    if let Some(told) = render::stays(&begun.ordered.order, attempt.now) {
        console.remark(&told);
    }
    let watchers = Arc::new(Watchers::over(&begun.run.state().opened.guarded));
    let mut carrier = Carrier {
        run: begun.run,
        file: begun.file,
        scribe: Scribe::new(attempt.key),
        registry: begun.ordered.registry,
        watchers,
        clock: Clock::from(Timestamp::now()),
        post,
        console,
    };
    let end = carrier.carry(begun.first, Vec::new(), watch)?;
    let (tally, head) = (carrier.run.tally(), carrier.scribe.head());
    let end = if tally.total() == in_place(&tally) {
        end
    } else {
        unfinished(end)
    };
    finish(end, &render::tally(&tally), head, console)
}

/// An end that looks well, of a run in which not everything is.
fn unfinished(end: Standstill) -> Standstill {
    match end {
        Standstill::Settled | Standstill::Closed => Standstill::Working,
        other @ (Standstill::Working | Standstill::Held | Standstill::Superseded) => other,
    }
}

fn in_place(tally: &Tally) -> usize {
    let good = [Phase::Effective, Phase::AlreadySo];
    good.iter().map(|phase| tally.get(*phase)).sum()
}

/// Says how a run ended, and whether that is what was asked for: `Working` is not.
///
/// # Errors
/// When it is not.
pub(crate) fn finish(
    end: Standstill,
    tally: &str,
    head: Digest,
    console: &mut Console,
) -> Result<(), Failure> {
    console.result(&format!("{tally}\njournal head {head}\n"))?;
    let why = match end {
        Standstill::Settled | Standstill::Closed => return Ok(()),
        Standstill::Held => "the run is held: `cordon run resume --release`, or `cordon recall`",
        Standstill::Superseded => "another executor has taken over",
        Standstill::Working => "not everything is as it should be; see above",
    };
    Err(Failure::No(why.to_owned()))
}

fn show(ordered: &Ordered, console: &mut Console) -> Result<(), Failure> {
    match console.format {
        Format::Json | Format::Jsonl => console.json_text(&ordered.order.document()),
        Format::Table => {
            let weighed = ordered
                .policy
                .as_ref()
                .map(|policy| (policy, Timestamp::now()));
            let text = render::order(&ordered.order, &ordered.registry, weighed);
            console.result(&text)
        }
    }
}
