//! A run and its clock, told what happens step by step.

use std::collections::BTreeSet;

use cordon_act::{
    Ability, Act, Answer, Beat, Call, Circumstances, Effect, EffectIx, Evidence, Guarded, Health,
    Input, Lately, Look, Order, Output, Patience, Phase, Policy, PrivateKey, Record, Reversal, Run,
    Standing, authorise,
};
use cordon_model::{ServiceId, StepId, StepKind, Timestamp, Value};
use cordon_text::Source;

pub(crate) fn effect(step: &str, stage: u32, canary: Option<u32>) -> Effect {
    let ability = Ability {
        action: "cut".to_owned(),
        reversal: Reversal::Undo,
        patience: Patience::default(),
    };
    let (kind, target) = (
        StepKind::new("disable-account"),
        format!("target of {step}"),
    );
    Effect {
        step: StepId::new(step),
        stage,
        canary: canary.map(EffectIx),
        ..Effect::alone(kind, &target, ability)
    }
}

/// A run and a clock, with every record kept as it would be.
pub(crate) struct Bench {
    pub(crate) run: Run,
    pub(crate) ms: i64,
    pub(crate) records: Vec<(Timestamp, Record)>,
    pub(crate) calls: Vec<Call>,
    pub(crate) looks: Vec<Look>,
}

impl Bench {
    pub(crate) fn new(effects: Vec<Effect>, services: &[&str]) -> Self {
        Self::over(effects, services, None)
    }

    pub(crate) fn over(effects: Vec<Effect>, services: &[&str], beat: Option<&Beat>) -> Self {
        let text = "{ cordon: policy/v1, name: All, rules: [{ people: 0 }] }";
        let policy = Policy::parse(&Source::new("policy.yml", text)).unwrap();
        let guarded = services.iter().map(|id| Guarded {
            service: ServiceId::new(*id),
            by: "tcp".to_owned(),
            at: "127.0.0.1:1".to_owned(),
            beat: beat.cloned(),
        });
        let order = Order {
            guarded: guarded.collect(),
            ..Order::bare(policy.digest, effects)
        };
        let circumstances = Circumstances {
            now: Timestamp::UNIX_EPOCH,
            used: BTreeSet::new(),
            run: "run".to_owned(),
            executor: PrivateKey::from_bytes([7; 32]).public(),
            lately: Lately::default(),
            seen: None,
        };
        let approved = authorise(order, &policy, &[], circumstances).unwrap();
        let (run, outputs) = Run::open(approved).unwrap();
        let mut bench = Self {
            run,
            ms: 0,
            records: Vec::new(),
            calls: Vec::new(),
            looks: Vec::new(),
        };
        bench.take(outputs);
        bench.tell(Input::Tick);
        bench
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.ms).unwrap()
    }

    pub(crate) fn take(&mut self, outputs: Vec<Output>) {
        for output in outputs {
            match output {
                Output::Write(record) => self.records.push((self.now(), record)),
                Output::Call(call) => self.calls.push(call),
                Output::Look(look) => self.looks.push(look),
            }
        }
    }

    pub(crate) fn tell(&mut self, input: Input) {
        let outputs = self.run.advance(self.now(), input);
        self.take(outputs);
    }

    pub(crate) fn pass(&mut self, ms: i64) {
        self.ms += ms;
        self.tell(Input::Tick);
    }

    /// Answers the oldest call, which must be this one.
    pub(crate) fn answer(&mut self, effect: u32, act: Act, answer: Answer) {
        assert!(
            !self.calls.is_empty(),
            "no call is under way: {:?}",
            self.phases()
        );
        let call = self.calls.remove(0);
        assert_eq!((call.id.effect, call.act), (EffectIx(effect), act));
        self.tell(Input::Answered {
            call: call.id,
            answer,
        });
    }

    pub(crate) fn capture(&mut self, effect: u32) {
        let prior = Value::from(0);
        let captured = Answer::Captured {
            prior,
            already: false,
            evidence: Evidence::default(),
        };
        self.answer(effect, Act::Capture, captured);
    }

    pub(crate) fn reads(&mut self, effect: u32, standing: Standing) {
        let state = Value::from(1);
        self.answer(effect, Act::ReadBack, Answer::Stands { standing, state });
    }

    /// Carries one effect to where it is read back as wanted and tried.
    pub(crate) fn carry(&mut self, effect: u32) {
        self.capture(effect);
        self.answer(effect, Act::Do, Answer::Accepted);
        self.reads(effect, Standing::AsWanted);
        self.answer(effect, Act::Probe, Answer::Effective);
    }

    pub(crate) fn see(&mut self, health: &Health) {
        for look in std::mem::take(&mut self.looks) {
            let health = health.clone();
            self.tell(Input::Looked { look, health });
        }
    }

    pub(crate) fn phases(&self) -> Vec<Phase> {
        self.run.state().effects.iter().map(|p| p.phase).collect()
    }

    pub(crate) fn has(&self, wanted: impl Fn(&Record) -> bool) -> bool {
        self.records.iter().any(|(_, record)| wanted(record))
    }
}
