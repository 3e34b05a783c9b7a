//! `cordon apply`: what a plan would call, or the doing of it.

use std::{fs, path::Path, sync::Arc, time::Duration};

use cordon_act::{
    Approval, Approved, Circumstances, Digest, Order, Output, Phase, Policy, PrivateKey, PublicKey,
    Record, Run, Standstill, Tally, authorise, journal::Scribe,
};
use cordon_effect::Watchers;
use cordon_model::Timestamp;

use crate::{
    Failure,
    carry::Carrier,
    clock::Clock,
    connecting::{For, one},
    console::Console,
    exported::exported,
    failure::Problems,
    ordered::{Ordered, ordered},
    post::Post,
    render, run_folder,
    spent::{Spending, Spent},
    typed::{self, Format},
};

/// Prints every call, or makes them.
///
/// # Errors
/// When the input is wrong, the world fails, or the order may not be carried out.
pub(crate) fn run(asked: &typed::Apply, console: &mut Console) -> Result<(), Failure> {
    match (&asked.key, &asked.anchor, &asked.order.policy) {
        (Some(key), Some(anchor), Some(policy)) if asked.execute => {
            signed(policy, &run_folder::public_key(anchor)?)?;
            execute(asked, key, console)
        }
        (_, _, _) => {
            let nowhere = asked.runs.join("dry-run");
            let ordered = ordered(&asked.order, &nowhere, For::Showing, console)?;
            match asked.export {
                None => show(&ordered, console),
                Some(language) => console.result(&exported(&ordered, language)?),
            }
        }
    }
}

fn execute(asked: &typed::Apply, key: &Path, console: &mut Console) -> Result<(), Failure> {
    let now = Timestamp::now();
    let plan = &asked.order.plan;
    let digest = Digest::of(&fs::read(plan).map_err(|cause| Failure::read(plan, cause))?);
    let name = format!(
        "{}-{:.8}",
        now.strftime("%Y%m%dT%H%M%SZ"),
        digest.to_string()
    );
    let folder = asked.runs.join(&name);
    let confirmations = run_folder::confirmations(&folder);
    let ordered = ordered(&asked.order, &confirmations, For::Calling, console)?;
    let document = ordered.order.document();
    let key = run_folder::private_key(key)?;
    let (run, first) = spending(asked, &ordered, (&name, &key))?;
    let documents = [
        ("plan.json", ordered.plan.as_slice()),
        ("order.json", document.as_bytes()),
    ];
    let file = run_folder::create(&folder, &documents)?;
    let post = Post::of(&folder, vec![key.public()], Digest::NONE)?;
    let folder = folder.display();
    console.remark(&format!(
        "to take it back: cordon recall {folder} --key … --why …"
    ));
    let watchers = Arc::new(Watchers::over(&run.state().opened.guarded));
    let mut carrier = Carrier {
        run,
        file,
        scribe: Scribe::new(key),
        registry: ordered.registry,
        watchers,
        clock: Clock::from(Timestamp::now()),
        post,
        console,
    };
    let end = carrier.carry(first, Vec::new(), Duration::from_secs(asked.watch))?;
    let (tally, head) = (carrier.run.tally(), carrier.scribe.head());
    let end = if tally.total() == in_place(&tally) {
        end
    } else {
        unfinished(end)
    };
    finish(end, &render::tally(&tally), head, console)
}

/// More than any number of executors that start in the same moment have been seen to need.
const SPENDS_MAX: u32 = 100;

/// A run of the order, once its approvals are spent: whoever comes second with one of them is refused.
fn spending(
    asked: &typed::Apply,
    ordered: &Ordered,
    (name, key): (&str, &PrivateKey),
) -> Result<(Run, Vec<Output>), Failure> {
    let (Some(policy), Some(anchor)) = (&ordered.policy, &asked.anchor) else {
        unreachable!("nothing is executed without a policy and its anchor");
    };
    for _ in 0..SPENDS_MAX {
        let mut spent = Spent::beside(anchor)?;
        let mut used = run_folder::used(&asked.runs)?;
        used.extend(spent.numbers.iter().cloned());
        let circumstances = Circumstances {
            now: Timestamp::now(),
            used,
            run: name.to_owned(),
            executor: key.public(),
        };
        let approved = allowed(asked, key, (&ordered.order, policy), circumstances)?;
        let numbers = approved.numbers();
        let opened = Run::open(approved).map_err(|why| {
            let help = "correct the policy's limits";
            Failure::Input(Problems::of_arguments("PLAN", &why.to_string(), help))
        })?;
        if spent.spend(&numbers, name)? == Spending::Done {
            return Ok(opened);
        }
    }
    let why = "others keep spending approvals beside this anchor; try again";
    Err(Failure::No(why.to_owned()))
}

/// The order, if it may be carried out; a refusal is recorded.
fn allowed(
    asked: &typed::Apply,
    key: &PrivateKey,
    (order, policy): (&Order, &Policy),
    circumstances: Circumstances,
) -> Result<Approved, Failure> {
    let mut approvals = Vec::new();
    for file in &asked.approval {
        let source = one(file)?;
        let approval: Approval = serde_json::from_str(&source.text).map_err(|why| {
            let message = format!("expected an approval, found none: {why}");
            let help = "make it with `cordon approve`";
            Failure::Input(Problems::of_arguments(&source.name, &message, help))
        })?;
        approvals.push(approval);
    }
    let now = circumstances.now;
    let allowed = authorise(order.clone(), policy, &approvals, circumstances);
    allowed.map_err(|refusals| {
        let why: Vec<String> = refusals.iter().map(ToString::to_string).collect();
        let told = format!("refused: {}", why.join("; "));
        let (plan, order) = (order.plan, order.digest());
        let record = Record::Refused { plan, order, why };
        let recorded = run_folder::record_refusal(&asked.runs, key, now, &record);
        recorded.err().unwrap_or(Failure::No(told))
    })
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

/// A policy counts as its anchor signed it.
fn signed(policy: &Path, anchor: &PublicKey) -> Result<(), Failure> {
    let mut name = policy.as_os_str().to_owned();
    name.push(".sig");
    let signature = one(Path::new(&name))?;
    let bytes = fs::read(policy).map_err(|cause| Failure::read(policy, cause))?;
    if anchor.signed(&bytes, &signature.text) {
        return Ok(());
    }
    let message = "the policy is not signed with the anchor's key, or was changed since";
    let help = "sign it anew: openssl pkeyutl -sign -rawin -inkey ANCHOR -in POLICY | base64 -w0 > POLICY.sig";
    Err(Failure::Input(Problems::of_arguments(
        "--policy", message, help,
    )))
}

fn show(ordered: &Ordered, console: &mut Console) -> Result<(), Failure> {
    match console.format {
        Format::Json | Format::Jsonl => console.json_text(&ordered.order.document()),
        Format::Table => {
            let text = render::order(&ordered.order, &ordered.registry, ordered.policy.as_ref());
            console.result(&text)
        }
    }
}
