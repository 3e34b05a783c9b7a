//! Correlations tied to what they build on.

use std::{collections::BTreeSet, sync::Arc};

use cordon_model::RuleFacts;
use cordon_sigma::{
    Bound, Comparison, Correlation, CorrelationKind, Decimal, Lost, Reference, Rule,
};
use cordon_text::{Diagnostic, Report, Severity, Span};
use jiff::SignedDuration;

use super::{
    WINDOW_RECORDS_MAX,
    fingerprint::Fingerprint,
    reference::{Index, Target},
};
use crate::facts::facts;

/// A correlation tied to what it builds on.
#[derive(Debug)]
pub(crate) struct Linked {
    pub(crate) facts: Arc<RuleFacts>,
    /// The same for correlations that mean the same, in whatever rule set.
    pub(crate) fingerprint: Fingerprint,
    pub(crate) kind: CorrelationKind,
    /// How many references it has; each is a position.
    pub(crate) positions: usize,
    /// For each position, the field behind each `group-by` name.
    pub(crate) group_fields: Vec<Vec<Arc<str>>>,
    /// For each position, the fields behind those whose values are counted or measured.
    pub(crate) worth_fields: Vec<Vec<Arc<str>>>,
    /// The `group-by` names, which are the fields of this correlation for others.
    pub(crate) group_names: Vec<Arc<str>>,
    pub(crate) timespan: SignedDuration,
    /// The positions that must be absent, if it waits for that.
    pub(crate) waits: Option<BTreeSet<usize>>,
    pub(crate) listeners: Vec<Listener>,
    /// Only feeds other correlations.
    pub(crate) silent: bool,
}

impl Linked {
    /// How long a record is kept: what waits looks a timespan back and ahead.
    pub(crate) fn kept(&self) -> SignedDuration {
        match self.waits {
            Some(_) => self.timespan.saturating_mul(2),
            None => self.timespan,
        }
    }
}

/// Where something feeds a correlation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Listener {
    pub(crate) correlation: usize,
    pub(crate) position: usize,
}

/// All correlations that could be tied, and what they mean for plain rules.
#[derive(Debug, Default)]
pub(crate) struct Links {
    /// Each behind those it builds on.
    pub(crate) correlations: Vec<Linked>,
    /// For each plain rule, whom it feeds.
    pub(crate) listeners: Vec<Vec<Listener>>,
    /// For each plain rule, whether it only feeds.
    pub(crate) silent: Vec<bool>,
}

/// What became of a correlation so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    Refused,
    /// Its place among those that were tied.
    Tied(usize),
}

/// Ties correlations to rules and to each other; what cannot be tied is reported and left out.
pub(crate) fn link(
    rules: &[(&Rule, &Arc<RuleFacts>)],
    correlations: &[Correlation],
    lost: &[Lost],
) -> (Links, Report) {
    let mut linker = Linker {
        rules,
        correlations,
        lost: lost
            .iter()
            .flat_map(|lost| &lost.names)
            .map(|n| &**n)
            .collect(),
        index: Index::new(rules.iter().map(|(rule, _)| &rule.header), correlations),
        states: vec![State::Waiting; correlations.len()],
        links: Links {
            correlations: Vec::new(),
            listeners: vec![Vec::new(); rules.len()],
            silent: vec![false; rules.len()],
        },
        report: Report::default(),
    };
    linker.index.report_duplicates(&mut linker.report);
    while linker.round() {}
    linker.report_cycles();
    linker.check_lost(lost);
    for (silent, (rule, _)) in linker.links.silent.iter_mut().zip(rules) {
        *silent &= !rule.header.alone;
    }
    (linker.links, linker.report)
}

struct Linker<'r> {
    rules: &'r [(&'r Rule, &'r Arc<RuleFacts>)],
    correlations: &'r [Correlation],
    /// What rules are called that were refused before.
    lost: BTreeSet<&'r str>,
    index: Index<'r>,
    states: Vec<State>,
    links: Links,
    report: Report,
}

/// What stands behind each reference of a correlation.
type Targets = Vec<Vec<Target>>;

impl Linker<'_> {
    /// Ties or refuses what can be decided now; whether anything was.
    fn round(&mut self) -> bool {
        let mut progress = false;
        for (place, correlation) in self.correlations.iter().enumerate() {
            if self.states.get(place) != Some(&State::Waiting) {
                continue;
            }
            let targets = self.targets(correlation);
            if targets
                .iter()
                .flatten()
                .any(|target| self.state(*target) == State::Waiting)
            {
                continue;
            }
            progress = true;
            let state = self
                .tie(correlation, &targets)
                .map_or(State::Refused, State::Tied);
            if let Some(slot) = self.states.get_mut(place) {
                *slot = state;
            }
        }
        progress
    }

    fn targets(&self, correlation: &Correlation) -> Targets {
        correlation
            .rules
            .iter()
            .map(|reference| self.index.get(&reference.to))
            .collect()
    }

    /// Plain rules are always ready.
    fn state(&self, target: Target) -> State {
        match target {
            Target::Rule(place) => State::Tied(place),
            Target::Correlation(place) => self.states.get(place).copied().unwrap_or(State::Refused),
        }
    }

    /// Ties one correlation whose references are all decided; its place if nothing is wrong.
    fn tie(&mut self, correlation: &Correlation, targets: &Targets) -> Option<usize> {
        let errors = self.report.diagnostics.len();
        for (reference, targets) in correlation.rules.iter().zip(targets) {
            let refused = |target: &Target| self.state(*target) == State::Refused;
            if targets.is_empty() || targets.iter().any(refused) {
                self.unknown(&correlation.header.file, reference, targets);
            }
        }
        self.check_waiting(correlation, targets);
        self.check_aliases(correlation);
        self.check_counts(correlation);
        self.check_group(correlation, targets);
        let fresh = self.report.diagnostics.get(errors..).unwrap_or_default();
        if fresh.iter().any(|d| d.severity == Severity::Error) {
            return None;
        }
        let place = self.links.correlations.len();
        let fields = |names: &[Arc<str>]| {
            let field = |position, name| self.index.field(correlation, position, name);
            (0..targets.len())
                .map(|position| names.iter().map(|name| field(position, name)).collect())
                .collect()
        };
        let group_fields = fields(&correlation.group_by);
        let worth_fields = fields(correlation.kind.fields());
        let linked = Linked {
            facts: facts(&correlation.header, self.tags(targets), &[]),
            fingerprint: Fingerprint::of_correlation(correlation, &self.fingerprints(targets)),
            kind: correlation.kind.clone(),
            positions: targets.len(),
            group_fields,
            worth_fields,
            group_names: correlation.group_by.clone(),
            timespan: SignedDuration::from_secs(
                i64::try_from(correlation.timespan_seconds).unwrap_or(i64::MAX),
            ),
            waits: correlation.waits.clone(),
            listeners: Vec::new(),
            silent: false,
        };
        self.links.correlations.push(linked);
        self.listen(place, targets, correlation);
        Some(place)
    }

    /// Lets a tied correlation hear what it builds on, and silences that unless it says otherwise.
    fn listen(&mut self, correlation: usize, targets: &Targets, written: &Correlation) {
        for (position, targets) in targets.iter().enumerate() {
            let listener = Listener {
                correlation,
                position,
            };
            for target in targets {
                let State::Tied(place) = self.state(*target) else {
                    continue;
                };
                let heard = match target {
                    Target::Rule(_) => {
                        let listeners = self.links.listeners.get_mut(place);
                        listeners.zip(self.links.silent.get_mut(place))
                    }
                    Target::Correlation(_) => {
                        let inner = self.links.correlations.get_mut(place);
                        inner.map(|inner| (&mut inner.listeners, &mut inner.silent))
                    }
                };
                if let Some((listeners, silent)) = heard {
                    listeners.push(listener);
                    *silent |= !written.generate;
                }
            }
        }
    }

    /// What stands behind each reference.
    fn fingerprints(&self, targets: &Targets) -> Vec<Vec<Fingerprint>> {
        let of = |target: &Target| match (target, self.state(*target)) {
            (Target::Rule(place), _) => {
                let rule = self.rules.get(*place);
                rule.map(|(rule, _)| Fingerprint::of_rule(rule))
            }
            (Target::Correlation(_), State::Tied(place)) => {
                let inner = self.links.correlations.get(place);
                inner.map(|inner| inner.fingerprint.clone())
            }
            (Target::Correlation(_), State::Waiting | State::Refused) => None,
        };
        targets
            .iter()
            .map(|targets| targets.iter().filter_map(of).collect())
            .collect()
    }

    /// The tags of everything a correlation builds on, each once.
    fn tags(&self, targets: &Targets) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let mut tags = Vec::new();
        for target in targets.iter().flatten() {
            let facts = match (target, self.state(*target)) {
                (Target::Rule(place), _) => self.rules.get(*place).map(|(_, facts)| *facts),
                (Target::Correlation(_), State::Tied(place)) => {
                    self.links.correlations.get(place).map(|inner| &inner.facts)
                }
                (Target::Correlation(_), State::Waiting | State::Refused) => None,
            };
            let theirs = facts.map_or(&[][..], |facts| &facts.tags);
            tags.extend(
                theirs
                    .iter()
                    .filter(|tag| seen.insert((*tag).clone()))
                    .cloned(),
            );
        }
        tags
    }

    /// What waits is told a timespan late, when other windows have moved on.
    fn check_waiting(&mut self, correlation: &Correlation, targets: &Targets) {
        for (reference, targets) in correlation.rules.iter().zip(targets) {
            let waits = targets.iter().any(|target| match target {
                Target::Rule(_) => false,
                Target::Correlation(place) => self
                    .correlations
                    .get(*place)
                    .is_some_and(|inner| inner.waits.is_some()),
            });
            if waits {
                let message = format!("nothing can build on `{}`, which waits", reference.to);
                let help = "build on the rules behind it, and let this correlation wait itself";
                let at = (&correlation.header.file, reference.span);
                self.problem(at, "builds-on-waiting", message, help);
            }
        }
    }

    /// Tells of a reference to what is not there, or was refused.
    fn unknown(&mut self, file: &Arc<str>, reference: &Reference, targets: &[Target]) {
        let to = &reference.to;
        let (message, help) = if !targets.is_empty() || self.lost.contains(&**to) {
            let what = match targets.first() {
                Some(Target::Correlation(_)) => "correlation",
                Some(Target::Rule(_)) | None => "rule",
            };
            let message = format!("the {what} `{to}` was refused itself");
            (message, "correct that one first")
        } else {
            let message = format!("there is no rule with the id or name `{to}`");
            let help = "rules are referred to by `id` or `name`; give all their files together";
            (message, help)
        };
        self.problem((file, reference.span), "unknown-reference", message, help);
    }

    /// Tells of what is not there also where a correlation was refused for something else.
    fn check_lost(&mut self, lost: &[Lost]) {
        for lost in lost {
            for reference in &lost.rules {
                let known = self.lost.contains(&*reference.to);
                if !known && self.index.get(&reference.to).is_empty() {
                    self.unknown(&lost.file, reference, &[]);
                }
            }
        }
    }

    fn check_aliases(&mut self, correlation: &Correlation) {
        let named = correlation
            .aliases
            .values()
            .flat_map(|by_rule| by_rule.keys());
        let strangers: Vec<_> = named
            .filter(|rule| !self.index.refers(correlation, rule))
            .collect();
        for rule in strangers {
            let message = format!("an alias names a field of `{rule}`, which is no rule here");
            let help = "name one of the rules that the correlation lists";
            let place = correlation.places.aliased.get(rule);
            let at = at(correlation, place);
            self.problem(at, "unknown-reference", message, help);
        }
    }

    /// A threshold above what a window keeps would never be reached.
    fn check_counts(&mut self, correlation: &Correlation) {
        let bounds: &[Bound] = match &correlation.kind {
            CorrelationKind::EventCount(bounds) | CorrelationKind::ValueCount { bounds, .. } => {
                bounds
            }
            CorrelationKind::ValueMeasure { .. }
            | CorrelationKind::Temporal(_)
            | CorrelationKind::TemporalWhere(_)
            | CorrelationKind::TemporalOrdered(_) => &[],
        };
        let reached = |bound: &Bound| match bound.comparison {
            Comparison::Greater | Comparison::AtLeast | Comparison::Equal => true,
            Comparison::Less | Comparison::AtMost | Comparison::NotEqual => false,
        };
        let most = Decimal::from(u64::try_from(WINDOW_RECORDS_MAX).unwrap_or(u64::MAX));
        let mut places = correlation.places.thresholds.iter();
        let bounded = bounds.iter().map(|bound| (bound, places.next()));
        let too_large = |(bound, _): &(&Bound, _)| reached(bound) && bound.threshold >= most;
        for (_, place) in bounded.filter(too_large) {
            let message = format!("a window keeps at most {WINDOW_RECORDS_MAX} records");
            let help = "lower the count, or shorten the timespan with it";
            let at = at(correlation, place);
            self.problem(at, "correlation-count-too-large", message, help);
        }
    }

    /// What builds on a correlation sees only the names that one groups by.
    fn check_group(&mut self, correlation: &Correlation, targets: &Targets) {
        for (position, targets) in targets.iter().enumerate() {
            for target in targets {
                let Target::Correlation(inner) = target else {
                    continue;
                };
                let Some(inner) = self.correlations.get(*inner) else {
                    continue;
                };
                let names = correlation.group_by.iter().chain(correlation.kind.fields());
                let field = |name| self.index.field(correlation, position, name);
                let wanted = names.map(|name| (name, field(name)));
                let unknown: Vec<_> = wanted
                    .filter(|(_, field)| !inner.group_by.contains(field))
                    .collect();
                for (name, field) in unknown {
                    let message = format!(
                        "`{field}` is not among the `group-by` of the correlation `{}`",
                        inner.header.title
                    );
                    let help = "a correlation over a correlation sees only what that one groups by";
                    let at = at(correlation, correlation.places.fields.get(name));
                    self.problem(at, "group-by-unknown", message, help);
                }
            }
        }
    }

    fn report_cycles(&mut self) {
        let states = self.states.clone();
        for (correlation, state) in self.correlations.iter().zip(states) {
            if state == State::Waiting {
                let message = "correlations build on each other in a circle".to_owned();
                let help = "let one of them build on plain rules only";
                for reference in &correlation.rules {
                    if self.index.get(&reference.to).is_empty() {
                        self.unknown(&correlation.header.file, reference, &[]);
                    }
                }
                let waits = |target: &Target| self.state(*target) == State::Waiting;
                let mut references = correlation.rules.iter();
                let guilty = references.find(|r| self.index.get(&r.to).iter().any(waits));
                let at = at(correlation, guilty.map(|reference| &reference.span));
                self.problem(at, "correlation-cycle", message, help);
            }
        }
    }

    fn problem(
        &mut self,
        (file, span): (&Arc<str>, Span),
        code: &'static str,
        message: String,
        help: &str,
    ) {
        self.report.push(Diagnostic {
            file: Arc::clone(file),
            span,
            code,
            severity: Severity::Error,
            message,
            help: Some(help.to_owned()),
        });
    }
}

/// A place within a correlation; the correlation itself where none is known.
fn at<'c>(correlation: &'c Correlation, place: Option<&Span>) -> (&'c Arc<str>, Span) {
    let header = &correlation.header;
    (&header.file, place.copied().unwrap_or(header.span))
}
