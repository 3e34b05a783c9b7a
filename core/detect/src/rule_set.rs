//! All rules, compiled: routed by log source, those with a chance found by index, then decided.

use std::sync::Arc;

use cordon_event::{Event, LogKind};
use cordon_model::{Detection, Entity, RuleFacts};
use cordon_sigma::{Correlation, Lost, Rule};
use cordon_text::Report;

use crate::{
    authority,
    check::Check,
    compiled::{Compiled, compile},
    correlate::{Linked, Listener, link},
    evidence::{Hit, Match, evidence},
    facts::{facts, usual_holds},
    folded::Folded,
    index::Index,
    names::Names,
    route::Routes,
    sight::{Plain, Sight},
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
    routes: Routes<Index>,
    correlations: Vec<Linked>,
}

/// One rule, ready to match.
#[derive(Debug)]
struct Ready {
    compiled: Compiled,
    check: Check,
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
        Self::compile_beside(&[], rules, correlations)
    }

    /// Compiles rules as [`RuleSet::compile`] does, beside others that were refused before: what
    /// refers to one of those is told so, and what they refer to is checked too.
    pub fn compile_beside(
        lost: &[Lost],
        rules: impl AsRef<[Rule]>,
        correlations: impl AsRef<[Correlation]>,
    ) -> (Self, Report) {
        let (rules, correlations) = (rules.as_ref(), correlations.as_ref());
        let facts: Vec<_> = rules
            .iter()
            .map(|rule| facts(&rule.header, Vec::new(), usual_holds(&rule.log_source)))
            .collect();
        let described: Vec<_> = rules.iter().zip(&facts).collect();
        let (links, report) = link(&described, correlations, lost);
        let mut names = Names::default();
        let mut routes: Routes<Vec<(RuleIx, Option<Witnesses>)>> = Routes::new();
        let witnesses = witnesses(rules, &mut names);
        for ((number, rule), witnesses) in (0_u32..).zip(rules).zip(witnesses) {
            let class = routes.class_mut(&rule.log_source, Vec::new);
            class.push((RuleIx(number), witnesses));
        }
        let linked = links.listeners.into_iter().zip(links.silent);
        let ready = rules.iter().zip(facts).zip(linked);
        let rules = ready
            .map(|((rule, facts), (listeners, silent))| {
                let compiled = compile(rule, &mut names);
                Ready {
                    check: Check::new(&compiled),
                    compiled,
                    facts,
                    listeners,
                    silent,
                }
            })
            .collect();
        names.finish();
        let set = Self {
            rules,
            names,
            routes: routes.map(Index::new),
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

    /// How many plain rules are for events of this kind.
    pub fn readers(&self, kind: &LogKind) -> usize {
        let classes = self.routes.classes(kind).into_iter();
        classes.map(|class| class.rules().len()).sum()
    }

    /// What a detection says of a rule.
    ///
    /// # Panics
    /// When the place is one of another rule set.
    pub fn facts(&self, rule: RuleIx) -> &Arc<RuleFacts> {
        &self.ready(rule).facts
    }

    /// What a screener finds, by evaluating every rule of the log in full. Slow; the
    /// authority that tests compare the fast way with, and there to find out which of them a
    /// surprising result comes from.
    pub fn screen_in_full(
        &self,
        event: &Event,
        entities: &dyn Fn(&Event) -> Vec<Entity>,
    ) -> Option<Match> {
        let classes = self.routes.classes(&event.kind);
        let mut rules: Vec<_> = classes
            .iter()
            .flat_map(|class| class.rules())
            .copied()
            .collect();
        rules.sort_unstable();
        rules.dedup();
        let mut folded = Folded::default();
        folded.fill(&event.fields);
        let sight = Plain {
            record: &event.fields,
            folded: &folded,
            names: &self.names,
        };
        rules.retain(|rule| authority::matches(&self.ready(*rule).compiled, &sight));
        self.tell(event, &rules, &sight, entities)
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
            matched: hit.matched.as_slice().into(),
            group: Vec::new(),
        })
    }

    /// All plain rules, and what is said of them.
    pub(crate) fn described(&self) -> impl Iterator<Item = (RuleIx, &Arc<RuleFacts>)> {
        (0..)
            .map(RuleIx)
            .zip(self.rules.iter().map(|rule| &rule.facts))
    }

    /// The correlations that a rule feeds.
    pub(crate) fn listeners(&self, rule: RuleIx) -> &[Listener] {
        &self.ready(rule).listeners
    }

    /// All correlations, each behind those that it builds on.
    pub(crate) fn correlations(&self) -> &[Linked] {
        &self.correlations
    }

    /// Which rules are for which log.
    pub(crate) fn routes(&self) -> &Routes<Index> {
        &self.routes
    }

    /// The fields that rules ask for.
    pub(crate) fn names(&self) -> &Names {
        &self.names
    }

    /// Whether a rule matches, decided quickly.
    pub(crate) fn holds(&self, rule: RuleIx, sight: &dyn Sight<'_>) -> bool {
        self.ready(rule).check.holds(sight)
    }

    /// What is told of a record that these rules match; none if there are none.
    pub(crate) fn tell(
        &self,
        event: &Event,
        rules: &[RuleIx],
        sight: &dyn Sight<'_>,
        entities: &dyn Fn(&Event) -> Vec<Entity>,
    ) -> Option<Match> {
        if rules.is_empty() {
            return None;
        }
        let reasons = |rule: &RuleIx| authority::reasons(&self.ready(*rule).compiled, sight);
        Some(Match {
            evidence: evidence(event, entities(event)),
            rules: rules.iter().map(|rule| (*rule, reasons(rule))).collect(),
        })
    }

    fn ready(&self, rule: RuleIx) -> &Ready {
        let place = usize::try_from(rule.0).ok();
        let Some(ready) = place.and_then(|place| self.rules.get(place)) else {
            unreachable!("a rule's place is used only with the rule set it comes from");
        };
        ready
    }
}
