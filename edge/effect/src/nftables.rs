//! Cuts in a network by nftables, on this machine or on a router by SSH.
//!
//! Each cut is a table of its own, so that it is set and taken away as one change and touches no rule of
//! the site. Its chains stand in front of the usual ones and drop first: behind a rule that accepts
//! established traffic they would let live sessions go on. Invariants: what is read back is compared
//! rule by rule; a cut that would part Cordon from the machine that it is made on is refused, since nobody
//! could take it back. Absent on purpose: rules that accept.

use cordon_act::{
    Ability, Act, Answer, Asked, Digest, Effect, Means, Patience, Reversal, Standing,
};
use cordon_model::Value;

use crate::{
    Connector, Job, Shell, Spoken,
    connector::action,
    evidence,
    http::Failed,
    program,
    shell::{Ends, Told, first_line},
};
use cut::Cut;
use table::Found;

mod cut;
mod rule;
mod table;

/// The text that is run to look; the other side's `sh` reads it from its standard input.
const LOOK: &str = include_str!("nftables/look.sh");

/// The one thing that it does.
const BLOCK: &str = "block";

/// Kinds of steps that dropping packets is a way of carrying out.
const KINDS: [&str; 15] = [
    "block-address",
    "block-zone-to-zone",
    "close-admin-rights",
    "close-citrix",
    "close-console",
    "close-hypervisor-console",
    "close-vpn",
    "disconnect-third-party",
    "isolate-backup",
    "isolate-host",
    "isolate-zone",
    "part-vcenter-from-hosts",
    "quarantine-device",
    "restrict-vault",
    "take-application-offline",
];

/// A packet filter.
#[derive(Debug)]
pub struct Nftables {
    shell: Shell,
    /// What tries whether a cut holds, called with the target: code 0 if a connection came about, 1 if none did.
    probe: Vec<String>,
    digest: Digest,
}

impl Nftables {
    /// The filter of the machine behind a shell, with a program that tries cuts, if there is one.
    pub fn new(shell: Shell, probe: Vec<String>) -> Self {
        let digest = Digest::of(format!("nftables {shell:?} {probe:?}").as_bytes());
        Self {
            shell,
            probe,
            digest,
        }
    }

    /// How the table of a cut stands; with `capture`, also what the script tells then.
    fn look(&self, part: &str, cut: &Cut, job: &Job<'_>) -> Result<(Found, Told), Failed> {
        let (table, from) = (cut.table(), cut.cut_off());
        let words = [&*table, part, &*from, self.shell.ends_word()];
        let told = self
            .shell
            .script(LOOK, &words, job.effect.patience.answer_ms)?;
        let found = match told.first("table") {
            "absent" => Found::Absent,
            listed => table::compare(&self.json(listed)?, cut),
        };
        Ok((found, told))
    }

    fn json(&self, text: &str) -> Result<Value, Failed> {
        serde_json::from_str(text).map_err(|why| Failed::Unknown {
            why: format!("{}: nft printed no JSON: {why}", self.shell.place()),
        })
    }

    fn capture(&self, cut: &Cut, job: &Job<'_>) -> Result<Answer, Failed> {
        let (found, told) = self.look("capture", cut, job)?;
        self.keeps_us(cut, &told)?;
        if table::has_flowtable(&self.json(told.first("flowtables"))?) {
            let place = self.shell.place();
            let why = format!(
                "{place} has a flowtable, whose open connections pass by every filter: cut it elsewhere, or by hand"
            );
            return Err(Failed::Refused { why });
        }
        if found == Found::Altered {
            let why = format!(
                "a table `{}` with other rules is there already",
                cut.table()
            );
            return Err(Failed::Refused { why });
        }
        let evidence = match told.first("untold") {
            "" => evidence::lines("connections", told.all("connection")),
            why => evidence::skipped("connections", why.to_owned()),
        };
        Ok(Answer::Captured {
            prior: found.word().into(),
            already: found == Found::Present,
            evidence,
        })
    }

    /// Refuses a cut between Cordon and this machine.
    fn keeps_us(&self, cut: &Cut, told: &Told) -> Result<(), Failed> {
        if self.shell.ssh.is_none() {
            return Ok(());
        }
        let ends = Ends::read(told.first("ends")).ok_or_else(|| Failed::Unknown {
            why: format!(
                "{} does not say from where it is reached",
                self.shell.place()
            ),
        })?;
        if !cut.parts(&ends) {
            return Ok(());
        }
        let (from, to) = (ends.client, ends.server);
        Err(Failed::Refused {
            why: format!(
                "it would cut Cordon ({from}) off from {to}, so that nobody could take it back"
            ),
        })
    }

    fn run_batch(&self, batch: &str, job: &Job<'_>) -> Result<Answer, Failed> {
        let wait_ms = job.effect.patience.answer_ms;
        let ran = self.shell.run(&["nft", "-f", "-"], batch, wait_ms)?;
        // One batch is one change: what is refused has changed nothing.
        let (place, said) = (self.shell.place(), first_line(&ran.stderr));
        let why = format!("{place}: nft ended with {}: {said}", ran.ending());
        match ran.code {
            Some(0) => Ok(Answer::Accepted),
            Some(_) => Err(Failed::Refused { why }),
            None => Err(Failed::Unknown { why }),
        }
    }

    fn read_back(&self, cut: &Cut, job: &Job<'_>) -> Result<Answer, Failed> {
        let (found, _told) = self.look("look", cut, job)?;
        let state = Value::from(found.word());
        let standing = match found {
            Found::Present => Standing::AsWanted,
            Found::Absent if state == *job.prior => Standing::AsBefore,
            Found::Absent | Found::Altered => Standing::Other,
        };
        Ok(Answer::Stands { standing, state })
    }

    fn probe(&self, job: &Job<'_>) -> Answer {
        let wait = std::time::Duration::from_millis(job.effect.patience.answer_ms);
        let mut words = self.probe.clone();
        if words.is_empty() {
            let why = "the site names no program that tries it from the side that is cut off";
            return Answer::CannotTell {
                why: why.to_owned(),
            };
        }
        words.push(job.effect.target.clone());
        let why = match program::run(&words, b"", &[], wait) {
            Ok(ran) if ran.code == Some(1) => return Answer::Effective,
            Ok(ran) if ran.code == Some(0) => {
                return Answer::NotYet {
                    why: format!("a connection came about: {}", first_line(&ran.stdout)),
                };
            }
            Ok(ran) => format!(
                "the probe ended with {}: {}",
                ran.ending(),
                first_line(&ran.stderr)
            ),
            Err(why) => format!("the probe: {why}"),
        };
        Answer::CannotTell { why }
    }

    fn try_call(&self, job: &Job<'_>) -> Result<Answer, Failed> {
        let cut = Cut::parse(&job.effect.target).map_err(|why| Failed::Refused { why })?;
        match job.act {
            Act::Capture => self.capture(&cut, job),
            Act::Do => self.run_batch(&table::set(&cut), job),
            Act::ReadBack => self.read_back(&cut, job),
            Act::Probe => Ok(self.probe(job)),
            Act::Undo => self.run_batch(&table::clear(&cut), job),
        }
    }
}

impl Connector for Nftables {
    fn ability(&self, asked: Asked<'_>) -> Result<Ability, String> {
        Ok(Ability {
            action: action(asked, &[(BLOCK, &[])])?.to_owned(),
            reversal: Reversal::Undo,
            patience: Patience {
                answer_ms: 10_000,
                // A batch that has not arrived by then has lost its connection, and its shell ended with it.
                land_ms: 10_000,
                effect_ms: 60_000,
                ..Patience::default()
            }
            .by_program(),
        })
    }

    fn means(&self, _action: &str) -> Means {
        Means::of(&KINDS)
    }

    fn call(&self, job: Job<'_>) -> Answer {
        self.try_call(&job).unwrap_or_else(Answer::from)
    }

    fn preview(&self, effect: &Effect) -> Vec<String> {
        let place = self.shell.place();
        match Cut::parse(&effect.target) {
            Err(why) => vec![why],
            Ok(cut) => {
                let rules = cut.rules();
                let rules = rules
                    .iter()
                    .map(|rule| format!("do: nft on {place}: {}", rule.text()));
                let undo = format!("undo: nft on {place}: delete table inet {}", cut.table());
                rules.chain([undo]).collect()
            }
        }
    }

    fn spoken(&self, effect: &Effect) -> Spoken {
        let Ok(cut) = Cut::parse(&effect.target) else {
            return Spoken::in_words(&self.preview(effect));
        };
        let batch = |text: &str| vec![self.shell.said(&["nft", "-f", "-"], text)];
        Spoken {
            reads: vec![self.shell.said(
                &["nft", "-f", "-"],
                &format!("list table inet {}\n", cut.table()),
            )],
            does: batch(&table::set(&cut)),
            undoes: batch(&table::clear(&cut)),
        }
    }

    fn digest(&self) -> Option<Digest> {
        Some(self.digest)
    }
}
