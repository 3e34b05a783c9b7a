//! One event after another through all rules, with memory that is used again.

use std::sync::Arc;

use aho_corasick::packed::Searcher;
use cordon_event::{Event, LogKind};
use cordon_model::Entity;

use crate::{
    evidence::Match,
    folded::Folded,
    index::{Index, Probe, Rules},
    layouts::{Known, Task},
    names::FieldIx,
    rule_set::{RuleIx, RuleSet},
    sight::Leaf,
    slots::{Quick, Slots},
};

/// Most kinds of log whose rules are kept at hand: far more than one estate has.
const KINDS_MAX: usize = 1024;

/// Matches events against the rules of one set. It keeps no state that shows in a result: any
/// number of them, each for a thread, find the same.
#[derive(Debug)]
pub struct Screener<'r> {
    set: &'r RuleSet,
    folded: Folded,
    known: Known,
    /// Where the fields are in a record of no known layout, and what is to be searched in it.
    slots: Slots,
    task: Task,
    /// What is to be done for each kind of log met so far.
    plans: Vec<(Arc<LogKind>, Plan<'r>)>,
    /// The place of the plan used last.
    last: usize,
    /// Rules that have a chance on the record.
    chances: Vec<RuleIx>,
}

/// The rules for one kind of log.
#[derive(Debug)]
struct Plan<'r> {
    always: Vec<RuleIx>,
    /// For each field, where its probes begin in the list of them, and how many there are.
    fields: Vec<(u32, u32)>,
    probes: Vec<&'r Probe<Rules>>,
    everything: Vec<&'r Probe<Rules>>,
    /// Finds whether any text is there that those ask for; none if that cannot be said quickly.
    anything: Option<Searcher>,
}

impl<'r> Screener<'r> {
    /// For the rules of a set.
    pub fn new(set: &'r RuleSet) -> Self {
        Self {
            set,
            folded: Folded::default(),
            known: Known::default(),
            task: Task::default(),
            slots: Slots::default(),
            plans: Vec::new(),
            last: 0,
            chances: Vec::new(),
        }
    }

    /// Which rules match an event; none if no rule does. `entities` is asked whom the event names
    /// only if some rule matches.
    pub fn screen(
        &mut self,
        event: &Event,
        entities: &dyn Fn(&Event) -> Vec<Entity>,
    ) -> Option<Match> {
        let place = self.plan(&event.kind);
        let (_, plan) = self.plans.get(place)?;
        let (record, names) = (&event.fields, self.set.names());
        self.folded.fill(record);
        let fixed = record
            .layout()
            .and_then(|layout| self.known.of(layout, record, names));
        let (slots, task) = if let Some(fixed) = fixed {
            fixed.task(place, |slots, task| plan.fill_task(slots, task))
        } else {
            self.slots.fill(record, names);
            plan.fill_task(&self.slots, &mut self.task);
            (&self.slots, &self.task)
        };
        let sight = Quick {
            record,
            folded: &self.folded,
            slots,
        };
        self.chances.clear();
        plan.find_chances(task, &sight, &mut self.chances);
        self.chances.sort_unstable();
        self.chances.dedup();
        self.chances.retain(|rule| self.set.holds(*rule, &sight));
        self.set.tell(event, &self.chances, &sight, entities)
    }

    /// Where the plan for a kind of log is. Readers share one kind among all events of it, so that
    /// it is known by its place in memory; another one of the same words gets a plan of its own.
    fn plan(&mut self, kind: &Arc<LogKind>) -> usize {
        let is_it = |(known, _): &(Arc<LogKind>, Plan<'r>)| Arc::ptr_eq(known, kind);
        if self.plans.get(self.last).is_some_and(is_it) {
            return self.last;
        }
        self.last = self.plans.iter().position(is_it).unwrap_or_else(|| {
            if self.plans.len() >= KINDS_MAX {
                self.plans.clear();
                self.known.clear();
            }
            let classes = self.set.routes().classes(kind);
            let plan = Plan::new(&classes, self.set.names().len());
            self.plans.push((Arc::clone(kind), plan));
            self.plans.len() - 1
        });
        self.last
    }
}

impl<'r> Plan<'r> {
    fn new(classes: &[&'r Index], fields: usize) -> Self {
        let mut probes: Vec<(FieldIx, &Probe<Rules>)> =
            classes.iter().flat_map(|c| c.fields()).collect();
        probes.sort_by_key(|(field, _)| *field);
        let mut ranges = vec![(0, 0); fields];
        for ((field, _), at) in probes.iter().zip(0_u32..) {
            if let Some((begin, count)) = ranges.get_mut(field.place()) {
                if *count == 0 {
                    *begin = at;
                }
                *count += 1;
            }
        }
        let everything: Vec<_> = classes.iter().filter_map(|c| c.everything()).collect();
        let texts = everything.iter().flat_map(|probe| probe.texts_inside());
        Self {
            anything: Searcher::new(texts),
            always: classes.iter().flat_map(|c| c.always()).copied().collect(),
            fields: ranges,
            probes: probes.into_iter().map(|(_, probe)| probe).collect(),
            everything,
        }
    }

    /// What is to be searched in records with these fields.
    fn fill_task(&self, slots: &Slots, task: &mut Task) {
        task.chances.clear();
        task.searches.clear();
        task.chances.extend(&self.always);
        for field in slots.present() {
            let probes = self.of_field(*field);
            for probe in probes {
                task.chances.extend(probe.present().into_iter().flatten());
            }
            if !probes.is_empty() {
                let places = slots.places(*field);
                task.searches.extend(places.map(|place| (place, *field)));
            }
        }
    }

    /// Adds the rules that have a chance on a record, perhaps more than once.
    fn find_chances(&self, task: &Task, sight: &Quick<'_>, chances: &mut Vec<RuleIx>) {
        chances.extend(&task.chances);
        for (place, field) in &task.searches {
            let Some(item) = sight.record.at(*place) else {
                continue;
            };
            let leaf = Leaf::new(item, sight.folded);
            for probe in self.of_field(*field) {
                probe.search(&leaf, &mut |rules: &Rules| chances.extend(rules));
            }
        }
        let all = sight.folded.all();
        let is_there = |anything: &Searcher| anything.find(all).is_some();
        if self.anything.as_ref().is_none_or(is_there) {
            for probe in &self.everything {
                probe.search_inside(all, &mut |rules: &Rules| chances.extend(rules));
            }
        }
    }

    fn of_field(&self, field: FieldIx) -> &[&'r Probe<Rules>] {
        let Some((begin, count)) = self.fields.get(field.place()) else {
            return &[];
        };
        let index = |number: &u32| usize::try_from(*number).unwrap_or(usize::MAX);
        let range = index(begin)..index(begin) + index(count);
        self.probes.get(range).unwrap_or_default()
    }
}
