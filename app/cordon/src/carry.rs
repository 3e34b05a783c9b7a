//! The executor's hands: a clock, threads for calls and looks, and the journal on the disk.
//!
//! What is decided is decided by `cordon_act::Run`. Invariant: a record is on the disk before anything that
//! follows it is done; when it cannot be written, nothing follows.

use std::{
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use cordon_act::{
    Answer, Call, Effect, Input, Look, Output, Record, Run, Standstill, journal::Scribe,
};
use cordon_effect::{Job, Registry, Watchers};
use cordon_model::{Timestamp, Value};
use cordon_store::JournalFile;

use crate::{Failure, console::Console, render};

/// Longest sleep: a clock that was set back must not make an executor sleep through its work.
const NAP: Duration = Duration::from_secs(1);

/// An executor at work.
pub(crate) struct Carrier<'c> {
    pub(crate) run: Run,
    pub(crate) file: JournalFile,
    pub(crate) scribe: Scribe,
    pub(crate) registry: Registry,
    pub(crate) watchers: Arc<Watchers>,
    pub(crate) console: &'c Console,
}

impl Carrier<'_> {
    /// Carries on until nothing is left to do, or only people can say how it goes on.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub(crate) fn carry(
        &mut self,
        first: Vec<Output>,
        orders: Vec<Input>,
        watch: Duration,
    ) -> Result<Standstill, Failure> {
        let (sender, inbox) = mpsc::channel();
        self.act(first, &sender)?;
        let begins_nothing = |order: &Input| matches!(order, Input::Recall { .. });
        if !orders.iter().any(begins_nothing) {
            self.settle();
        }
        for order in orders {
            self.tell(order, &sender)?;
        }
        self.tell(Input::Tick, &sender)?;
        let mut settled: Option<Timestamp> = None;
        loop {
            let now = Timestamp::now();
            match self.run.standstill() {
                end @ (Standstill::Closed | Standstill::Held | Standstill::Superseded) => {
                    return Ok(end);
                }
                Standstill::Settled => {
                    let since = *settled.get_or_insert(now);
                    let watched = now.duration_since(since).unsigned_abs();
                    if watched >= watch {
                        return Ok(Standstill::Settled);
                    }
                }
                Standstill::Working => settled = None,
            }
            let input = inbox.recv_timeout(self.nap(now)).unwrap_or(Input::Tick);
            self.tell(input, &sender)?;
        }
    }

    /// Follows logs until each can be told: a service that is not known to be well is not guarded.
    fn settle(&self) {
        if let Some(most) = self.watchers.settling() {
            let seconds = most.as_secs() + 1;
            self.console.remark(&format!(
                "following the logs that show whether services run, for {seconds} s at most"
            ));
            self.watchers.settle();
        }
    }

    fn nap(&self, now: Timestamp) -> Duration {
        let wake = self.run.wake_at();
        let until = wake.map(|wake| wake.duration_since(now));
        until.map_or(NAP, |until| {
            if until.is_negative() {
                Duration::ZERO
            } else {
                until.unsigned_abs().min(NAP)
            }
        })
    }

    fn tell(&mut self, input: Input, inbox: &mpsc::Sender<Input>) -> Result<(), Failure> {
        let outputs = self.run.advance(Timestamp::now(), input);
        self.act(outputs, inbox)
    }

    fn act(&mut self, outputs: Vec<Output>, inbox: &mpsc::Sender<Input>) -> Result<(), Failure> {
        for output in outputs {
            match output {
                Output::Write(record) => self.write(&record)?,
                Output::Call(call) => self.call(call, inbox.clone()),
                Output::Look(look) => self.look(look, inbox.clone()),
            }
        }
        Ok(())
    }

    fn write(&mut self, record: &Record) -> Result<(), Failure> {
        let now = Timestamp::now();
        let line = self.scribe.line(now, record);
        if let Err(why) = self.file.append(&line) {
            let _nothing_follows = self.run.advance(now, Input::Superseded);
            return Err(Failure::World(Box::new(why)));
        }
        if let Some(told) = render::record(record, self.run.state()) {
            self.console.remark(&told);
        }
        Ok(())
    }

    fn call(&self, call: Call, inbox: mpsc::Sender<Input>) {
        let effect: Option<Effect> = self.run.state().effect(call.id.effect).cloned();
        let connector = effect
            .as_ref()
            .and_then(|effect| self.registry.get(&effect.connector));
        let (Some(effect), Some(connector)) = (effect, connector) else {
            let why = "this process has no such connector: name it with --connectors".to_owned();
            let answer = Answer::Unknown { why };
            let _nobody_waits = inbox.send(Input::Answered {
                call: call.id,
                answer,
            });
            return;
        };
        let connector = Arc::clone(connector);
        thread::spawn(move || {
            let answer = if Timestamp::now() > call.send_by {
                Answer::Unknown {
                    why: "it was too late to send it".to_owned(),
                }
            } else {
                let prior = call.prior.as_ref().unwrap_or(&Value::Null);
                connector.call(Job {
                    effect: &effect,
                    act: call.act,
                    prior,
                })
            };
            let _nobody_waits = inbox.send(Input::Answered {
                call: call.id,
                answer,
            });
        });
    }

    fn look(&self, asked: Look, inbox: mpsc::Sender<Input>) {
        let watchers = Arc::clone(&self.watchers);
        thread::spawn(move || {
            let health = watchers.look(asked.guarded);
            let _nobody_waits = inbox.send(Input::Looked {
                look: asked,
                health,
            });
        });
    }
}
