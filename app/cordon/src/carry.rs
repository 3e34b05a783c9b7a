//! The executor's hands: a clock, threads for calls and looks, and the journal on the disk.
//!
//! What is decided is decided by `cordon_act::Run`. Invariants: a record is on the disk before anything that
//! follows it is done; when it cannot be written, nothing follows. Whether somebody else has the run now, or ordered a
//! hold, is seen within a second.

use std::{
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

use cordon_act::{
    Answer, Call, Effect, Input, Look, Output, Record, Run, Standstill, journal::Scribe,
};
use cordon_effect::{Job, Registry, Watchers};
use cordon_model::{Timestamp, Value};
use cordon_store::JournalFile;

use crate::{
    Failure,
    clock::{Clock, Moment},
    console::Console,
    post::{Heard, Post},
    render,
};

/// Longest sleep: orders are heard, and other executors noticed, in between.
const NAP: Duration = Duration::from_secs(1);

/// Between looks at logs that cannot be told yet.
const SETTLE: Duration = Duration::from_millis(100);

/// An executor at work.
pub(crate) struct Carrier<'c> {
    pub(crate) run: Run,
    pub(crate) file: JournalFile,
    pub(crate) scribe: Scribe,
    pub(crate) registry: Registry,
    pub(crate) watchers: Arc<Watchers>,
    pub(crate) clock: Clock,
    pub(crate) post: Post,
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
        self.post.take();
        self.act(first, Moment::now(), &sender)?;
        let begins_nothing =
            |order: &Input| matches!(order, Input::Recall { .. } | Input::Hold { .. });
        let (at_once, later): (Vec<_>, Vec<_>) = orders.into_iter().partition(begins_nothing);
        let recalls = at_once
            .iter()
            .any(|order| matches!(order, Input::Recall { .. }));
        for order in at_once {
            self.tell(order, &sender)?;
        }
        if !recalls {
            self.settle(&sender)?;
        }
        for order in later {
            self.tell(order, &sender)?;
        }
        self.tell(Input::Tick, &sender)?;
        let mut settled: Option<Instant> = None;
        loop {
            self.look_around(&sender)?;
            match self.run.standstill() {
                end @ (Standstill::Closed | Standstill::Superseded) => return Ok(end),
                end @ (Standstill::Settled | Standstill::Held) => {
                    if settled.get_or_insert_with(Instant::now).elapsed() >= watch {
                        return Ok(end);
                    }
                }
                Standstill::Working => settled = None,
            }
            let nap = self.nap(self.clock.now());
            let input = inbox.recv_timeout(nap).unwrap_or(Input::Tick);
            self.tell(input, &sender)?;
        }
    }

    /// Sees whether the run is still ours, and hears what was ordered.
    fn look_around(&mut self, inbox: &mpsc::Sender<Input>) -> Result<(), Failure> {
        self.post.take();
        // Where the disk does not say, the next write will.
        if !self.file.is_ours().unwrap_or(true) {
            return self.tell(Input::Superseded, inbox);
        }
        match self.post.heard() {
            None => return Ok(()),
            Some(Heard::Hold(why)) => self.tell(Input::Hold { why }, inbox)?,
            Some(Heard::Nothing(why)) => {
                let told = format!("an order that does not count was left for this run: {why}");
                self.console.remark(&render::plain(&told));
            }
        }
        self.post.clear();
        Ok(())
    }

    /// Follows logs until each can be told: a service that is not known to be well is not guarded.
    fn settle(&mut self, inbox: &mpsc::Sender<Input>) -> Result<(), Failure> {
        let Some(most) = self.watchers.settling() else {
            return Ok(());
        };
        let seconds = most.as_secs() + 1;
        self.console.remark(&format!(
            "following the logs that show whether services run, for {seconds} s at most"
        ));
        while self.watchers.settling().is_some() && self.run.standstill() != Standstill::Superseded
        {
            self.look_around(inbox)?;
            thread::sleep(SETTLE);
        }
        Ok(())
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
        let decided = Moment::now();
        let outputs = self.run.advance(self.clock.now(), input);
        self.act(outputs, decided, inbox)
    }

    fn act(
        &mut self,
        outputs: Vec<Output>,
        decided: Moment,
        inbox: &mpsc::Sender<Input>,
    ) -> Result<(), Failure> {
        for output in outputs {
            match output {
                Output::Write(record) => self.write(&record)?,
                Output::Call(call) => self.call(call, decided, inbox.clone()),
                Output::Look(look) => self.look(look, inbox.clone()),
            }
        }
        Ok(())
    }

    fn write(&mut self, record: &Record) -> Result<(), Failure> {
        let now = self.clock.now();
        let line = self.scribe.line(now, record);
        if let Err(why) = self.file.append(&line) {
            let _nothing_follows = self.run.advance(now, Input::Superseded);
            return Err(Failure::World(Box::new(why)));
        }
        self.post.wrote(record, self.scribe.head());
        if let Some(told) = render::record(record, self.run.state()) {
            self.console.remark(&told);
        }
        Ok(())
    }

    fn call(&self, call: Call, decided: Moment, inbox: mpsc::Sender<Input>) {
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
            let send = Duration::from_millis(effect.patience.send_ms);
            let answer = if decided.is_over(send) {
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
