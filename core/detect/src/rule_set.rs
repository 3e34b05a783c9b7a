//! All rules, compiled: routed by log source, prefiltered, then decided by the authority.

use std::sync::Arc;

use cordon_event::Event;
use cordon_model::{Detection, Entity, RuleFacts};
use cordon_sigma::{Correlation, Rule};
use cordon_text::Report;

use crate::{
    authority,
    compiled::{Compiled, compile},
    correlate::{Linked, Listener, link},
    evidence::{Hit, evidence},
    facts::{facts, usual_holds},
    prefilter::{Prefilter, Texts},
    route::Routes,
    view::{Names, View},
    witness::{Witnesses, witnesses},
};

/// A plain rule, by its place in its rule set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleIx(pub u32);

/// Rules compiled for matching, and the correlations over them.
#[derive(Debug)]
pub struct RuleSet {
    rules: Vec<Ready>,
    names: Names,
    routes: Routes<Prefilter>,
    correlations: Vec<Linked>,
}

/// One rule, ready to match.
#[derive(Debug)]
struct Ready {
    compiled: Compiled,
    facts: Arc<RuleFacts>,
    listeners: Vec<Listener>,
    /// Only feeds correlations.
    silent: bool,
}

impl RuleSet {
    /// Compiles rules, and links correlations to them. A correlation whose references cannot be
    /// resolved is left out, with an error in the report.
    pub fn compile(
        rules: impl AsRef<[Rule]>,
        correlations: impl AsRef<[Correlation]>,
    ) -> (Self, Report) {
        let (rules, correlations) = (rules.as_ref(), correlations.as_ref());
        let facts: Vec<_> = rules
            .iter()
            .map(|rule| facts(&rule.header, Vec::new(), usual_holds(&rule.log_source)))
            .collect();
        let headers: Vec<_> = rules.iter().map(|rule| &rule.header).zip(&facts).collect();
        let (links, report) = link(&headers, correlations);
        let mut names = Names::default();
        let mut routes: Routes<Vec<(RuleIx, Option<Witnesses>)>> = Routes::new();
        for (number, rule) in (0_u32..).zip(rules) {
            let class = routes.class_mut(&rule.log_source, Vec::new);
            class.push((RuleIx(number), witnesses(rule)));
        }
        let linked = links.listeners.into_iter().zip(links.silent);
        let ready = rules.iter().zip(facts).zip(linked);
        let rules = ready
            .map(|((rule, facts), (listeners, silent))| Ready {
                compiled: compile(rule, &mut names),
                facts,
                listeners,
                silent,
            })
            .collect();
        let set = Self {
            rules,
            names,
            routes: routes.map(Prefilter::new),
            correlations: links.correlations,
        };
        (set, report)
    }

    /// How many rules there are, correlations included.
    pub fn len(&self) -> usize {
        self.rules.len() + self.correlations.len()
    }

    /// Whether there is no rule at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What a detection says of a rule.
    ///
    /// # Panics
    /// When the place is one of another rule set.
    pub fn facts(&self, rule: RuleIx) -> &Arc<RuleFacts> {
        &self.ready(rule).facts
    }

    /// Adds a hit for every rule that matches an event, in the order of the rules. `entities` is
    /// asked whom the event names, once, and only if some rule matches.
    pub fn screen(
        &self,
        event: &Event,
        entities: &dyn Fn(&Event) -> Vec<Entity>,
        hits: &mut Vec<Hit>,
    ) {
        let mut candidates = Vec::new();
        let mut texts = None;
        for class in self.routes.classes(&event.kind) {
            let texts = texts.get_or_insert_with(|| Texts::of(&event.fields));
            class.candidates(texts, &mut candidates);
        }
        candidates.sort_unstable();
        self.decide(event, &candidates, entities, hits);
    }

    /// As [`RuleSet::screen`], but evaluates every rule of the log in full. Slow; there to test
    /// the fast way, and to find out which of them a surprising result comes from.
    pub fn screen_in_full(
        &self,
        event: &Event,
        entities: &dyn Fn(&Event) -> Vec<Entity>,
        hits: &mut Vec<Hit>,
    ) {
        let classes = self.routes.classes(&event.kind);
        let mut rules: Vec<_> = classes
            .flat_map(|class| class.rules().iter().copied())
            .collect();
        rules.sort_unstable();
        self.decide(event, &rules, entities, hits);
    }

    /// The plain detection of a hit; none if its rule only feeds correlations.
    ///
    /// # Panics
    /// When the hit is one of another rule set.
    pub fn detection(&self, hit: &Hit) -> Option<Detection> {
        let rule = self.ready(hit.rule);
        (!rule.silent).then(|| Detection {
            rule: Arc::clone(&rule.facts),
            time: hit.evidence.time,
            records: vec![hit.evidence.as_ref().clone()],
            matched: hit.matched.clone(),
            group: Vec::new(),
        })
    }

    /// The correlations that a rule feeds.
    pub(crate) fn listeners(&self, rule: RuleIx) -> &[Listener] {
        &self.ready(rule).listeners
    }

    /// All correlations, each behind those that it builds on.
    pub(crate) fn correlations(&self) -> &[Linked] {
        &self.correlations
    }

    /// The authority's verdict on each of these rules.
    fn decide(
        &self,
        event: &Event,
        rules: &[RuleIx],
        entities: &dyn Fn(&Event) -> Vec<Entity>,
        hits: &mut Vec<Hit>,
    ) {
        let mut view = View::new(&event.fields, &self.names);
        let matches = |rule: &RuleIx| authority::matches(&self.ready(*rule).compiled, &mut view);
        let beside: Arc<[RuleIx]> = rules.iter().copied().filter(matches).collect();
        if beside.is_empty() {
            return;
        }
        let evidence = Arc::new(evidence(event, entities(event)));
        let hit = |rule: &RuleIx| Hit {
            rule: *rule,
            evidence: Arc::clone(&evidence),
            matched: authority::reasons(&self.ready(*rule).compiled, &mut view),
            beside: Arc::clone(&beside),
        };
        hits.extend(beside.iter().map(hit));
    }

    fn ready(&self, rule: RuleIx) -> &Ready {
        let place = usize::try_from(rule.0).ok();
        let Some(ready) = place.and_then(|place| self.rules.get(place)) else {
            unreachable!("a rule's place is used only with the rule set it comes from");
        };
        ready
    }
}
