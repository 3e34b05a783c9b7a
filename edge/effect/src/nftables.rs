//! Cuts in a network by nftables, on this machine or on a router by SSH.
//!
//! Each cut is a table of its own, so that it is set and taken away as one change and touches no rule of
//! the site. Its chains stand in front of the usual ones and drop first: behind a rule that accepts
//! established traffic they would let live sessions go on. Invariants: what is read back is compared
//! rule by rule; a cut that would part Cordon from the machine that it is made on is refused, since nobody
//! could take it back. Absent on purpose: rules that accept.

use cordon_act::{
    Ability, Act, Answer, Asked, Digest, Effect, Evidence, Patience, Reversal, Standing,
};
use cordon_model::Value;

use crate::{Connector, Job, Shell, evidence, http::Failed, program::Ran, shell::first_line};
use cut::Cut;

mod cut;
mod rule;
mod table;

/// The one thing that it does.
const BLOCK: &str = "block";

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

    fn nft(&self, words: &[&str], input: &str, job: &Job<'_>) -> Result<Ran, Failed> {
        let all: Vec<&str> = ["nft"].iter().chain(words).copied().collect();
        let wait_ms = job.effect.patience.answer_ms;
        self.shell.run(&all, input, wait_ms)
    }

    fn listed(&self, words: &[&str], job: &Job<'_>) -> Result<Value, Failed> {
        let ran = self.nft(words, "", job)?;
        if ran.code != Some(0) {
            return Err(self.failed(&ran));
        }
        serde_json::from_str(&ran.stdout).map_err(|why| Failed::Unknown {
            why: format!("{}: nft printed no JSON: {why}", self.shell.place()),
        })
    }

    fn failed(&self, ran: &Ran) -> Failed {
        let said = first_line(&ran.stderr);
        // One batch is one change: what is refused has changed nothing.
        let why = format!(
            "{}: nft ended with {}: {said}",
            self.shell.place(),
            ran.ending()
        );
        match ran.code {
            Some(_) => Failed::Refused { why },
            None => Failed::Unknown { why },
        }
    }

    /// How the table of a cut stands.
    fn found(&self, cut: &Cut, job: &Job<'_>) -> Result<table::Found, Failed> {
        let name = cut.table();
        let tables = self.listed(&["-j", "list", "tables"], job)?;
        if !table::names(&tables).any(|known| known == name) {
            return Ok(table::Found::Absent);
        }
        let listed = self.listed(&["-j", "list", "table", "inet", &name], job)?;
        Ok(table::compare(&listed, cut))
    }

    fn capture(&self, cut: &Cut, job: &Job<'_>) -> Result<Answer, Failed> {
        self.keeps_us(cut, job)?;
        let flowtables = self.listed(&["-j", "list", "flowtables"], job)?;
        if table::has_flowtable(&flowtables) {
            let place = self.shell.place();
            let why = format!(
                "{place} has a flowtable, whose open connections pass by every filter: cut it elsewhere, or by hand"
            );
            return Err(Failed::Refused { why });
        }
        let found = self.found(cut, job)?;
        if found == table::Found::Altered {
            let why = format!(
                "a table `{}` with other rules is there already",
                cut.table()
            );
            return Err(Failed::Refused { why });
        }
        Ok(Answer::Captured {
            prior: found.word().into(),
            already: found == table::Found::Present,
            evidence: self.connections(cut, job),
        })
    }

    /// Refuses a cut between Cordon and this machine.
    fn keeps_us(&self, cut: &Cut, job: &Job<'_>) -> Result<(), Failed> {
        let Some(ends) = self.shell.ends(job.effect.patience.answer_ms)? else {
            return Ok(());
        };
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

    /// Connections of what is cut off, which are gone soon.
    fn connections(&self, cut: &Cut, job: &Job<'_>) -> Evidence {
        let from = cut.cut_off();
        let words = ["conntrack", "-L", "-s", &from];
        match self.shell.run(&words, "", job.effect.patience.answer_ms) {
            Ok(ran) if ran.code == Some(0) => {
                let lines = ran.stdout.lines().map(str::to_owned).collect();
                evidence::lines("connections", lines)
            }
            Ok(ran) => {
                let said = first_line(&ran.stderr);
                evidence::skipped("connections", format!("they cannot be listed: {said}"))
            }
            Err(failed) => evidence::skipped("connections", failed.words()),
        }
    }

    fn run_batch(&self, batch: &str, job: &Job<'_>) -> Result<Answer, Failed> {
        let ran = self.nft(&["-f", "-"], batch, job)?;
        if ran.code == Some(0) {
            return Ok(Answer::Accepted);
        }
        Err(self.failed(&ran))
    }

    fn read_back(&self, cut: &Cut, job: &Job<'_>) -> Result<Answer, Failed> {
        let found = self.found(cut, job)?;
        let state = Value::from(found.word());
        let standing = match found {
            table::Found::Present => Standing::AsWanted,
            table::Found::Absent if state == *job.prior => Standing::AsBefore,
            table::Found::Absent | table::Found::Altered => Standing::Other,
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
        let why = match crate::program::run(&words, b"", wait) {
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
        if let Some(action) = asked.action.filter(|action| *action != BLOCK) {
            return Err(format!("it has no action `{action}`; known: {BLOCK}"));
        }
        Ok(Ability {
            action: BLOCK.to_owned(),
            reversal: Reversal::Undo,
            patience: Patience {
                answer_ms: 10_000,
                // A batch that has not arrived by then has lost its connection, and its shell ended with it.
                land_ms: 10_000,
                effect_ms: 60_000,
                ..Patience::default()
            },
        })
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

    fn digest(&self) -> Option<Digest> {
        Some(self.digest)
    }
}
