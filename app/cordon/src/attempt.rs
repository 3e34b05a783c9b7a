//! Somebody asks for a plan to be carried out: what must be so before anything is, and a record if it is not.
//!
//! Invariants: the policy is parsed from the very bytes that its anchor signed; approvals are spent once the run's folder is
//! there and before its journal is; every refusal is written down and told.

use std::{
    cell::Cell,
    fs,
    path::{Path, PathBuf},
};

use cordon_act::{
    Approval, Approved, Before, Circumstances, Digest, Order, Output, Policy, PrivateKey, Record,
    Run, authorise,
};
use cordon_model::Timestamp;
use cordon_store::JournalFile;

use crate::{
    Failure,
    connecting::{For, one},
    console::Console,
    failure::Problems,
    ordered::{Ordered, ordered, signed_policy},
    refusals, run_folder,
    spent::{Spending, Spent},
    typed,
};

/// An attempt to carry out a plan.
pub(crate) struct Attempt<'a> {
    asked: &'a typed::Apply,
    pub(crate) key: PrivateKey,
    pub(crate) now: Timestamp,
    /// The digest of the plan's bytes; none if it cannot be read.
    plan: Digest,
    /// The order's, once it is made.
    order: Cell<Digest>,
    /// What the run will be called.
    name: String,
    /// Whether its folder is there, made by us.
    made: Cell<bool>,
}

/// A run that may go on: its approvals are spent.
pub(crate) struct Begun {
    pub(crate) run: Run,
    pub(crate) first: Vec<Output>,
    pub(crate) file: JournalFile,
    pub(crate) ordered: Ordered,
}

/// More than any number of executors that start in the same moment have been seen to need.
const SPENDS_MAX: u32 = 100;

/// Room for the signature and for the records that follow at once.
const ROOM_BYTES: usize = 64 << 10;

impl<'a> Attempt<'a> {
    /// An attempt that is made now.
    pub(crate) fn new(asked: &'a typed::Apply, key: PrivateKey) -> Self {
        let now = Timestamp::now();
        let plan = fs::read(&asked.order.plan).map_or(Digest::NONE, |bytes| Digest::of(&bytes));
        let name = format!("{}-{:.8}", now.strftime("%Y%m%dT%H%M%SZ"), plan.to_string());
        Self {
            asked,
            key,
            now,
            plan,
            order: Cell::new(Digest::NONE),
            name,
            made: Cell::new(false),
        }
    }

    /// The folder of the run.
    pub(crate) fn folder(&self) -> PathBuf {
        self.asked.runs.join(&self.name)
    }

    /// Makes the order and spends its approvals.
    ///
    /// # Errors
    /// When it may not be carried out, which is recorded, or the world fails.
    pub(crate) fn begin(
        &self,
        (policy, anchor): (&Path, &Path),
        console: &Console,
    ) -> Result<Begun, Failure> {
        let begun = self.try_to_begin((policy, anchor), console);
        begun.map_err(|failure| {
            if self.made.get() {
                run_folder::forget(&self.folder());
            }
            self.refused(failure, console)
        })
    }

    fn try_to_begin(
        &self,
        (policy, anchor): (&Path, &Path),
        console: &Console,
    ) -> Result<Begun, Failure> {
        let policy = signed_policy(policy, &run_folder::public_key(anchor)?)?;
        let confirmations = run_folder::confirmations(&self.folder());
        let (asked, kept) = (&self.asked.order, Some(policy.clone()));
        let ordered = ordered(asked, kept, &confirmations, For::Calling, console)?;
        self.order.set(ordered.order.digest());
        let (run, first) = self.spend((&ordered, &policy), anchor, console)?;
        let file = run_folder::begin(&self.folder())?;
        Ok(Begun {
            run,
            first,
            file,
            ordered,
        })
    }

    /// A run of the order, once its approvals are spent: whoever comes second with one of them is refused.
    fn spend(
        &self,
        (ordered, policy): (&Ordered, &Policy),
        anchor: &Path,
        console: &Console,
    ) -> Result<(Run, Vec<Output>), Failure> {
        let in_runs = run_folder::used(&self.asked.runs, &self.key.public(), console)?;
        for _ in 0..SPENDS_MAX {
            let mut spent = Spent::beside(anchor)?;
            let circumstances = Circumstances {
                now: Timestamp::now(),
                used: in_runs.union(&spent.numbers).cloned().collect(),
                run: self.name.clone(),
                executor: self.key.public(),
                lately: spent.lately.clone(),
                seen: spent.seen,
            };
            if spent.saw(circumstances.now)? == Spending::Outrun {
                continue;
            }
            let approved = self.allowed((&ordered.order, policy), circumstances)?;
            let numbers = approved.numbers();
            let opened = Run::open(approved).map_err(|why| {
                let help = "correct the policy's limits";
                Failure::Input(Problems::of_arguments("PLAN", &why.to_string(), help))
            })?;
            self.make_room(ordered, &opened.1)?;
            let before = Before::of(&ordered.order, self.now);
            if spent.spend(&numbers, &self.name, &before)? == Spending::Done {
                return Ok(opened);
            }
        }
        let why = "others keep spending approvals beside this anchor; try again";
        Err(Failure::No(why.to_owned()))
    }

    /// Everything but the journal on the disk, and as much room as its first record takes, so that a full disk costs no
    /// approval.
    fn make_room(&self, ordered: &Ordered, first: &[Output]) -> Result<(), Failure> {
        if self.made.get() {
            return Ok(());
        }
        let records = first.iter().filter_map(|output| match output {
            Output::Write(record) => serde_json::to_string(record).ok(),
            Output::Call(_) | Output::Look(_) => None,
        });
        let bytes: usize = records.map(|record| record.len()).sum();
        let (document, room) = (ordered.order.document(), " ".repeat(bytes + ROOM_BYTES));
        let documents = [
            ("plan.json", ordered.plan.as_slice()),
            ("order.json", document.as_bytes()),
            (run_folder::ROOM, room.as_bytes()),
        ];
        run_folder::create(&self.folder())?;
        self.made.set(true);
        run_folder::fill(&self.folder(), &documents)
    }

    /// The order, if it may be carried out.
    fn allowed(
        &self,
        (order, policy): (&Order, &Policy),
        circumstances: Circumstances,
    ) -> Result<Approved, Failure> {
        let mut approvals = Vec::new();
        for file in &self.asked.approval {
            let source = one(file)?;
            let approval: Approval = serde_json::from_str(&source.text).map_err(|why| {
                let message = format!("expected an approval, found none: {why}");
                let help = "make it with `cordon approve`";
                Failure::Input(Problems::of_arguments(&source.name, &message, help))
            })?;
            approvals.push(approval);
        }
        let allowed = authorise(order.clone(), policy, &approvals, circumstances);
        allowed.map_err(|refusals| {
            let why: Vec<String> = refusals.iter().map(ToString::to_string).collect();
            Failure::No(format!("refused: {}", why.join("; ")))
        })
    }

    /// A refusal is recorded whatever its reason, and told even where it cannot be recorded.
    fn refused(&self, failure: Failure, console: &Console) -> Failure {
        let why = match &failure {
            Failure::No(why) => vec![why.clone()],
            Failure::Input(problems) => {
                let told = problems.report.diagnostics.iter();
                told.map(|problem| problem.message.clone()).collect()
            }
            Failure::World(_) | Failure::InputTold | Failure::ReaderLeft => return failure,
        };
        let record = Record::Refused {
            plan: self.plan,
            order: self.order.get(),
            why,
        };
        let recorded = refusals::record(&self.asked.runs, &self.key, (self.now, &record), console);
        if let Err(why) = recorded {
            console.remark(&format!("this refusal could not be recorded: {why}"));
        }
        failure
    }
}
