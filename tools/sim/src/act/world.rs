//! One world: what happens when, until its time is over.

use std::collections::BTreeMap;

use rand::{Rng as _, RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::{
    event::{Event, Fate, Order},
    executors::{Clock, Cut, Executor, Journal},
    order::{PATIENCE, order},
    targets::{PENDING, Target, WANTED},
};
use cordon_act::{Act, Answer, Call, EffectIx, Health, Input, Look, Output, Phase, Standstill};

/// When nothing unkind happens any more, so that everything can come to its end.
const CALM_MS: u64 = 240_000;

/// When the world ends.
const END_MS: u64 = 520_000;

/// More events than any world of this length has.
const EVENTS_MAX: u32 = 200_000;

/// One world, and what was seen in it.
pub(super) struct World {
    chance: ChaCha8Rng,
    pub(super) now_ms: u64,
    queue: BTreeMap<(u64, u64), Event>,
    pub(super) targets: Vec<Target>,
    pub(super) journal: Journal,
    pub(super) executors: Vec<Option<Executor>>,
    pub(super) current: usize,
    /// Which target hurts which service while it is as wanted.
    pub(super) hurts: Option<(usize, usize)>,
    /// Whether that only keeps anybody from seeing the service.
    pub(super) blinds: bool,
    /// What the clock of the day shows.
    day: Clock,
    pub(super) recall_ordered: bool,
    /// What was seen that must not be.
    pub(super) unlawful: Vec<String>,
    /// Calls that do something, as they were sent.
    pub(super) sent: Vec<u32>,
    /// Writes so far, by whomever.
    pub(super) writes: u64,
    /// At which write an executor dies, and nobody else by chance.
    doom: Option<(u64, Cut)>,
}

impl World {
    pub(super) fn new(seed: u64) -> Self {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let (opened, approved) = order(&mut chance);
        let count = opened.effects.len();
        let targets = opened.effects.iter().map(|_| Target::made(&mut chance));
        let targets: Vec<Target> = targets.collect();
        let guarded = opened.guarded.len();
        let hurts = (guarded > 0 && chance.random_ratio(1, 2)).then(|| {
            (
                chance.random_range(0..count),
                chance.random_range(0..guarded),
            )
        });
        let mut world = Self {
            chance,
            now_ms: 0,
            queue: BTreeMap::new(),
            targets,
            journal: Journal::default(),
            executors: vec![Some(Executor::first(approved, Clock::default()))],
            current: 0,
            hurts,
            blinds: false,
            day: Clock::default(),
            recall_ordered: false,
            unlawful: Vec::new(),
            sent: vec![0; count],
            writes: 0,
            doom: None,
        };
        world.plan_fate(count);
        world.plan_deceit(seed);
        world
    }

    /// What makes the world look other than it is, by a chance of its own.
    fn plan_deceit(&mut self, seed: u64) {
        let mut chance = ChaCha8Rng::seed_from_u64(!seed);
        for _ in 0..chance.random_range(0..4_u32) {
            let at = chance.random_range(0..CALM_MS);
            let ahead_ms = chance.random_range(-3_600_000..=3_600_000);
            let set = Event::SetClock { ahead_ms };
            self.queue.insert((at, chance.next_u64()), set);
        }
        for target in &mut self.targets {
            target.dud = chance.random_ratio(1, 12);
        }
        self.blinds = chance.random_ratio(1, 3);
    }

    /// The same world, but its executor dies at one write and at no other.
    pub(super) fn doomed(seed: u64, write: u64, cut: Cut) -> Self {
        Self {
            doom: Some((write, cut)),
            ..Self::new(seed)
        }
    }

    /// People and others who will have their say.
    fn plan_fate(&mut self, count: usize) {
        if self.chance.random_ratio(3, 5) {
            let at = self.chance.random_range(0..CALM_MS);
            self.at(at, Event::Order(Order::Recall));
        }
        if self.chance.random_ratio(1, 5) {
            let at = self.chance.random_range(0..60_000);
            self.at(at, Event::Order(Order::Hold));
            self.at(at + 40_000, Event::Order(Order::Release));
        }
        for _ in 0..self.chance.random_range(0..3_u32) {
            let (at, effect) = (
                self.chance.random_range(0..CALM_MS),
                self.chance.random_range(0..count),
            );
            let value = if self.chance.random() { 0 } else { 3 };
            self.at(at, Event::Meddle { effect, value });
        }
        self.at(0, Event::Wake { executor: 0 });
    }

    fn at(&mut self, ms: u64, event: Event) {
        let tie = self.chance.next_u64();
        self.queue.insert((ms, tie), event);
    }

    fn soon(&mut self, within_ms: u64, event: Event) {
        let at = self.now_ms + self.chance.random_range(1..=within_ms);
        self.at(at, event);
    }

    fn one_in(&mut self, n: u32) -> bool {
        self.now_ms < CALM_MS && self.chance.random_ratio(1, n)
    }

    /// Lets everything happen.
    pub(super) fn run(&mut self) {
        let mut events = 0;
        while let Some(((at, _), event)) = self.queue.pop_first() {
            self.now_ms = self.now_ms.max(at);
            events += 1;
            if self.now_ms > END_MS && !matches!(event, Event::Lands { .. }) {
                continue;
            }
            if events > EVENTS_MAX {
                self.unlawful
                    .push("the world never comes to rest".to_owned());
                return;
            }
            self.happen(event);
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Lands { effect, value } => self.land(effect, value),
            Event::Meddle { effect, value } => {
                if let Some(target) = self.targets.get_mut(effect)
                    && !self.recall_ordered
                    && target.state == WANTED
                    && target.original != WANTED
                {
                    target.state = value;
                }
            }
            Event::Answer {
                executor,
                call,
                answer,
            } => {
                self.tell(executor, Input::Answered { call, answer });
            }
            Event::Sight {
                executor,
                look,
                health,
            } => {
                self.tell(executor, Input::Looked { look, health });
            }
            Event::Wake { executor } => {
                if let Some(Some(woken)) = self.executors.get_mut(executor) {
                    woken.wake_ms = None;
                }
                self.tell(executor, Input::Tick);
            }
            Event::Awake { executor } => {
                if let Some(Some(sleeper)) = self.executors.get_mut(executor) {
                    sleeper.asleep = false;
                }
                self.act(executor);
            }
            Event::TakeOver => self.take_over(),
            Event::SetClock { ahead_ms } => self.day = Clock::ahead(ahead_ms),
            Event::Order(order) => self.order(order),
        }
    }

    fn land(&mut self, effect: usize, value: i64) {
        if let Some(target) = self.targets.get_mut(effect) {
            target.state = value;
        }
    }

    /// An order reaches whoever has the run, or is given again.
    fn order(&mut self, order: Order) {
        let why = "somebody says so".to_owned();
        let awake = matches!(self.executors.get(self.current), Some(Some(e)) if !e.asleep);
        if !awake || self.journal.is_empty() {
            let at = self.now_ms + 1_000;
            self.at(at, Event::Order(order));
            return;
        }
        let input = match order {
            Order::Recall => {
                self.recall_ordered = true;
                Input::Recall { why }
            }
            Order::Hold => Input::Hold { why },
            Order::Release => Input::Release { why },
        };
        self.tell(self.current, input);
        if order == Order::Recall {
            // People who see that something is stuck, or that their order was lost, ask again.
            let at = self.now_ms.max(CALM_MS) + 60_000;
            if at < END_MS - 100_000 {
                self.at(at, Event::Order(Order::Recall));
            }
        }
    }

    fn take_over(&mut self) {
        if self.journal.is_empty() {
            return;
        }
        let next = Executor::next(&mut self.journal, self.day, self.now_ms);
        self.current = self.executors.len();
        self.executors.push(Some(next));
        self.tell(self.current, Input::Tick);
    }

    /// Tells an executor something, if it lives and is awake, and lets it act.
    fn tell(&mut self, number: usize, input: Input) {
        let Some(Some(executor)) = self.executors.get_mut(number) else {
            return;
        };
        if executor.asleep {
            return;
        }
        let outputs = executor.run.advance(executor.time(self.now_ms), input);
        let most = executor.run.state().opened.limits.in_flight_max;
        if executor.run.in_flight() > most {
            let seen = format!(
                "{} calls under way, {most} allowed",
                executor.run.in_flight()
            );
            self.unlawful.push(seen);
        }
        executor.waiting.extend(outputs);
        if let Some(wake) = executor.wake_at() {
            let at = wake.max(self.now_ms + 1);
            if executor.wake_ms.is_none_or(|before| at < before) {
                executor.wake_ms = Some(at);
                self.at(at, Event::Wake { executor: number });
            }
        }
        self.act(number);
        self.unlawful.extend(self.held_early(number));
    }

    /// A hold that is called one while something is on its way, which nobody would see come.
    fn held_early(&self, number: usize) -> Option<String> {
        let executor = self.executors.get(number)?.as_ref()?;
        if number != self.current || executor.run.standstill() != Standstill::Held {
            return None;
        }
        let state = executor.run.state();
        let under_way = |n: &usize| {
            state
                .effects
                .get(*n)
                .is_some_and(|p| p.phase == Phase::Doing)
        };
        let mut landing = self.queue.values().filter_map(|event| {
            if let Event::Lands { effect, .. } = event {
                Some(*effect)
            } else {
                None
            }
        });
        let early = landing.find(under_way)?;
        Some(format!("held while effect {early} is on its way"))
    }

    /// Lets an executor do what it decided on, unless it dies or falls asleep over it.
    fn act(&mut self, number: usize) {
        loop {
            let fate = self.fate(number);
            let Some(Some(executor)) = self.executors.get_mut(number) else {
                return;
            };
            let Some(output) = executor.waiting.pop_front() else {
                return;
            };
            match output {
                Output::Write(record) => {
                    self.writes += 1;
                    let doomed = self.doom.filter(|(write, _)| *write == self.writes);
                    let doomed = doomed.map(|(_, cut)| Fate::Dies(cut));
                    let fate = doomed.or(fate).filter(|_| number == self.current);
                    let cut = match fate {
                        Some(Fate::Dies(cut)) => cut,
                        Some(Fate::Sleeps) | None => Cut::Nowhere,
                    };
                    if !executor.write(&mut self.journal, self.now_ms, (&record, cut)) {
                        return;
                    }
                    match fate {
                        Some(Fate::Dies(_)) => return self.die(number),
                        Some(Fate::Sleeps) => return self.sleep(number),
                        None => {}
                    }
                }
                Output::Call(call) => self.send(number, &call),
                Output::Look(look) => self.look(number, look),
            }
        }
    }

    /// What happens to an executor at its next write; the first one of a run is spared, because before
    /// it there is no run.
    fn fate(&mut self, number: usize) -> Option<Fate> {
        let struck = self.doom.is_none() && self.one_in(60);
        if !struck || number != self.current || self.journal.is_empty() {
            return None;
        }
        Some(match self.chance.random_range(0..5_u32) {
            0 => Fate::Dies(Cut::Nothing),
            1 => Fate::Dies(Cut::Half),
            2 => Fate::Dies(Cut::AllButEnd),
            3 => Fate::Dies(Cut::Nowhere),
            _ => Fate::Sleeps,
        })
    }

    fn die(&mut self, number: usize) {
        if let Some(executor) = self.executors.get_mut(number) {
            *executor = None;
        }
        self.soon(5_000, Event::TakeOver);
    }

    fn sleep(&mut self, number: usize) {
        if let Some(Some(executor)) = self.executors.get_mut(number) {
            executor.asleep = true;
        }
        self.soon(1_000, Event::TakeOver);
        self.soon(4_000, Event::Awake { executor: number });
    }

    fn look(&mut self, executor: usize, look: Look) {
        if self.one_in(40) {
            return;
        }
        let hurt = self.hurts.is_some_and(|(target, service)| {
            service == look.guarded && self.targets.get(target).is_some_and(|t| t.state == WANTED)
        });
        let health = match (hurt, self.blinds) {
            (true, false) => Health::Ill("no payment for a second".to_owned()),
            (true, true) => Health::Unknown("its name does not resolve".to_owned()),
            (false, _) => Health::Well,
        };
        let sight = Event::Sight {
            executor,
            look,
            health,
        };
        self.soon(200, sight);
    }

    /// A call goes out; where it goes from there is the world's choice.
    fn send(&mut self, executor: usize, call: &Call) {
        let sender = self.executors.get(executor).and_then(Option::as_ref);
        let late = sender.is_none_or(|sender| sender.time(self.now_ms) > call.send_by);
        if late || self.one_in(12) {
            return;
        }
        let effect = call.id.effect.index();
        let answer = match call.act {
            Act::Do => self.change(effect, WANTED),
            Act::Undo => {
                let prior = call.prior.as_ref().and_then(cordon_model::Value::as_i64);
                self.change(effect, prior.unwrap_or(-1))
            }
            Act::Capture | Act::ReadBack | Act::Probe => self.read(effect, call),
        };
        if call.act == Act::Do {
            self.sent_do(call.id.effect);
        }
        if self.one_in(12) {
            return;
        }
        let within = if self.one_in(10) { 9_000 } else { 400 };
        let (call, twice) = (call.id, self.one_in(10));
        for _ in 0..=u32::from(twice) {
            let answer = answer.clone();
            self.soon(
                within,
                Event::Answer {
                    executor,
                    call,
                    answer,
                },
            );
        }
    }

    fn sent_do(&mut self, effect: EffectIx) {
        let state = self.journal.state();
        let captured = state.effects.get(effect.index());
        if captured.is_none_or(|p| p.prior.is_none() || p.phase == Phase::AlreadySo) {
            let seen = format!("effect {} is done without its state before", effect.0);
            self.unlawful.push(seen);
        }
        if let Some(sent) = self.sent.get_mut(effect.index()) {
            *sent += 1;
        }
    }

    fn read(&mut self, effect: usize, call: &Call) -> Answer {
        if self.one_in(15) {
            return Answer::Unknown {
                why: "the connection broke".to_owned(),
            };
        }
        match self.targets.get(effect) {
            Some(target) => target.answer(call.act, call.prior.as_ref()),
            None => Answer::Refused {
                why: "no such target".to_owned(),
            },
        }
    }

    fn change(&mut self, effect: usize, value: i64) -> Answer {
        let Some(target) = self.targets.get(effect).cloned() else {
            return Answer::Refused {
                why: "no such target".to_owned(),
            };
        };
        if self.one_in(15) || target.keeps && value != WANTED {
            return Answer::Refused {
                why: "not allowed".to_owned(),
            };
        }
        if self.one_in(15) {
            return Answer::Throttled { after_ms: 3_000 };
        }
        if self.one_in(15) {
            // It says yes and does nothing.
            return Answer::Accepted;
        }
        let within = if self.one_in(6) {
            PATIENCE.land_ms
        } else {
            300
        };
        let twice = self.one_in(10);
        for _ in 0..=u32::from(twice) {
            if target.slow && value == WANTED {
                let at = self.now_ms + self.chance.random_range(1..=within / 2);
                let done = self.now_ms + self.chance.random_range(within / 2 + 1..=within);
                self.at(
                    at,
                    Event::Lands {
                        effect,
                        value: PENDING,
                    },
                );
                self.at(done, Event::Lands { effect, value });
            } else {
                self.soon(within, Event::Lands { effect, value });
            }
        }
        if self.one_in(15) {
            return Answer::Unknown {
                why: "the connection broke".to_owned(),
            };
        }
        Answer::Accepted
    }
}
