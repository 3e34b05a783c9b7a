//! Why a rule matches an event, or why it does not, condition by condition.
//!
//! Every yes and no in an [`Explanation`] is the authority's own, asked for the part that it stands
//! at, so that an explanation cannot disagree with a verdict. Near misses are guesses for people and
//! decide nothing. Absent on purpose: how any of it is shown.

mod near;
mod wanted;

use std::sync::Arc;

use cordon_event::{Event, LogKind};
use cordon_sigma::{Body, Expr, Item, LogSource, Quantifier, Rule};
use cordon_text::Span;

use crate::{
    authority,
    compiled::{Compiled, Group, Line, compile},
    folded::Folded,
    names::Names,
    predicate::{Outcome, Predicate},
    route::Routes,
    sight::{Leaves, Plain, Sight as _},
};
pub use near::NearMiss;
use near::near_misses;
use wanted::wanted;

/// Why a rule matches an event, or why it does not.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Whether its detection holds, whatever log the event is of.
    pub holds: bool,
    /// Whether the rule sees events of this log at all.
    pub log: LogFit,
    /// The rule's conditions, one of which must hold.
    pub conditions: Vec<Judged>,
    /// The rule's selections, in the order written; conditions name them by place.
    pub selections: Vec<JudgedSelection>,
}

impl Explanation {
    /// The verdict: the detection holds, and the rule is for this log.
    pub fn matched(&self) -> bool {
        self.holds && self.log.fits
    }
}

/// Whether the rule sees events of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFit {
    /// Whether every part that the rule gives is the event's.
    pub fits: bool,
    /// The parts that the rule gives.
    pub parts: Vec<LogPart>,
}

/// One part of a log source, as the rule wants it and as the event has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogPart {
    /// `product`, `service` or `category`.
    pub part: &'static str,
    /// What the rule wants.
    pub wanted: Arc<str>,
    /// What the event is; nothing if that is unknown, several for categories.
    pub found: Vec<Arc<str>>,
}

impl LogPart {
    /// Whether this part is the event's.
    pub fn fits(&self) -> bool {
        self.found.contains(&self.wanted)
    }
}

/// A part of a condition, and whether it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Whether it holds.
    pub holds: bool,
    /// What it is.
    pub term: Term,
}

/// What a part of a condition is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// The selection at this place.
    Selection(usize),
    /// Not this.
    Not(Box<Judged>),
    /// All of these.
    And(Vec<Judged>),
    /// One of these.
    Or(Vec<Judged>),
}

/// A selection, and whether it holds.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedSelection {
    /// Its name.
    pub name: Arc<str>,
    /// Where it stands in the text of the rule, or of the filter.
    pub span: Span,
    /// The file of the filter that it came with; none if it is the rule's own.
    pub filter: Option<Arc<str>>,
    /// What it asks for.
    pub body: JudgedBody,
}

/// A part of a selection, and whether it holds.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedBody {
    /// Whether it holds.
    pub holds: bool,
    /// What it asks for.
    pub asks: Asks,
}

/// What a part of a selection asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Asks {
    /// All of these, as the lines of a map.
    All(Vec<JudgedBody>),
    /// One of these, as the entries of a list.
    Any(Vec<JudgedBody>),
    /// One field or keyword.
    Line(JudgedLine),
}

/// One line of a selection, and what the event has for it.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedLine {
    /// The field; none for keywords, which are sought in every value.
    pub field: Option<Arc<str>>,
    /// The modifiers as the line was understood, such as `contains` and `all`.
    pub modifiers: Vec<&'static str>,
    /// Where it stands in the rule's text.
    pub span: Span,
    /// What the event has in this field.
    pub seen: Seen,
    /// The values wanted, in the order written.
    pub values: Vec<JudgedValue>,
    /// What may have been meant, where the line does not hold.
    pub near: Vec<NearMiss>,
}

/// What an event has in a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// No such field.
    Missing,
    /// The field, with an empty list in it.
    Nothing,
    /// These values; `null` and `{…}` stand for null and for nested fields.
    Values(Vec<String>),
    /// A keyword looks at everything.
    Everything,
}

/// A value wanted, and whether the event has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedValue {
    /// Whether the event has it.
    pub holds: bool,
    /// What is wanted, as a rule would write it.
    pub wanted: String,
    /// The value of the event that it holds for, where one shows it.
    pub shown_by: Option<String>,
}

/// Why a rule matches an event, or why it does not.
pub fn explain(rule: &Rule, event: &Event) -> Explanation {
    SingleRule::new(rule).explain(event)
}

/// One rule by itself, prepared to be asked about several events.
#[derive(Debug)]
pub struct SingleRule<'r> {
    rule: &'r Rule,
    names: Names,
    compiled: Compiled,
}

impl<'r> SingleRule<'r> {
    /// Prepares a rule.
    pub fn new(rule: &'r Rule) -> Self {
        let mut names = Names::default();
        let compiled = compile(rule, &mut names);
        Self {
            rule,
            names,
            compiled,
        }
    }

    /// Whether its detection holds, whatever log the event is of.
    pub fn holds(&self, event: &Event) -> bool {
        let folded = folded(event);
        authority::matches(&self.compiled, &self.sight(event, &folded))
    }

    /// Why it matches an event, or why it does not.
    pub fn explain(&self, event: &Event) -> Explanation {
        let folded = folded(event);
        let asking = Asking {
            compiled: &self.compiled,
            event,
            sight: self.sight(event, &folded),
        };
        let conditions = self.rule.conditions.iter();
        let selections = self.rule.selections.iter().zip(&self.compiled.selections);
        Explanation {
            holds: self.holds(event),
            log: log_fit(&self.rule.log_source, &event.kind),
            conditions: conditions.map(|expr| asking.expr(expr)).collect(),
            selections: selections
                .enumerate()
                .map(|(place, (written, group))| JudgedSelection {
                    name: Arc::clone(&written.name),
                    span: written.span,
                    filter: filter(self.rule, place),
                    body: asking.body(&written.body, group),
                })
                .collect(),
        }
    }

    fn sight<'e>(&'e self, event: &'e Event, folded: &'e Folded) -> Plain<'e> {
        Plain {
            record: &event.fields,
            folded,
            names: &self.names,
        }
    }
}

fn folded(event: &Event) -> Folded {
    let mut folded = Folded::default();
    folded.fill(&event.fields);
    folded
}

/// The file of the filter that a selection came with.
fn filter(rule: &Rule, selection: usize) -> Option<Arc<str>> {
    let mut filters = rule.filters.iter();
    let joined = filters.find(|joined| joined.selections.contains(&selection));
    joined.map(|joined| Arc::clone(&joined.header.file))
}

/// Whether a rule for one log sees events of another.
fn log_fit(source: &LogSource, kind: &LogKind) -> LogFit {
    let mut routes = Routes::new();
    routes.class_mut(source, || ());
    let fits = !routes.classes(kind).is_empty();
    let one = |part: &Option<Arc<str>>| part.iter().cloned().collect::<Vec<_>>();
    let parts = [
        ("product", &source.product, one(&kind.product)),
        ("service", &source.service, one(&kind.service)),
        ("category", &source.category, kind.categories.clone()),
    ];
    let given = parts.into_iter().filter_map(|(part, wanted, found)| {
        let wanted = Arc::clone(wanted.as_ref()?);
        Some(LogPart {
            part,
            wanted,
            found,
        })
    });
    LogFit {
        fits,
        parts: given.collect(),
    }
}

/// One event while the authority is asked about each part of a rule.
struct Asking<'e> {
    compiled: &'e Compiled,
    event: &'e Event,
    sight: Plain<'e>,
}

impl<'e> Asking<'e> {
    fn expr(&self, expr: &Expr) -> Judged {
        let holds = authority::holds(expr, self.compiled, &self.sight);
        let term = match expr {
            Expr::Selection(place) => Term::Selection(*place),
            Expr::Not(inner) => Term::Not(Box::new(self.expr(inner))),
            Expr::And(parts) => Term::And(parts.iter().map(|part| self.expr(part)).collect()),
            Expr::Or(parts) => Term::Or(parts.iter().map(|part| self.expr(part)).collect()),
        };
        Judged { holds, term }
    }

    fn body(&self, written: &Body, group: &Group) -> JudgedBody {
        let holds = authority::group_holds(group, &self.sight);
        let asks = match (written, group) {
            (Body::All(written), Group::All(groups)) => Asks::All(self.bodies(written, groups)),
            (Body::Any(written), Group::Any(groups)) => Asks::Any(self.bodies(written, groups)),
            (Body::Item(item), Group::Line(line)) => Asks::Line(self.line(item, line)),
            (Body::All(_) | Body::Any(_) | Body::Item(_), _) => {
                unreachable!("a compiled selection has the shape of the written one")
            }
        };
        JudgedBody { holds, asks }
    }

    fn bodies(&self, written: &[Body], groups: &[Group]) -> Vec<JudgedBody> {
        let pairs = written.iter().zip(groups);
        pairs.map(|(body, group)| self.body(body, group)).collect()
    }

    fn line(&self, item: &Item, line: &Line) -> JudgedLine {
        let found = self.sight.look(line.scope);
        let (modifiers, texts) = wanted(item);
        let values = line.predicates.iter().zip(texts);
        let values = values.map(|(predicate, wanted)| self.value(predicate, &found, wanted));
        let values: Vec<_> = values.collect();
        let fails = !authority::line_holds(line, &self.sight);
        let seeks = fails && matches!(item.quantifier, Quantifier::Any | Quantifier::All);
        let near = if seeks {
            let judged = item.tests.iter().zip(&values);
            let failing = judged
                .filter(|(_, value)| !value.holds)
                .map(|(test, _)| test);
            near_misses(item.field.as_deref(), failing, &self.event.fields)
        } else {
            Vec::new()
        };
        JudgedLine {
            field: item.field.clone(),
            modifiers,
            span: item.span,
            seen: item
                .field
                .as_ref()
                .map_or(Seen::Everything, |_| seen(&found)),
            values,
            near,
        }
    }

    fn value(&self, predicate: &Predicate, found: &Leaves<'e>, wanted: String) -> JudgedValue {
        let outcome = predicate.test(found, &self.sight);
        let shown_by = match outcome {
            Outcome::HoldsFor(leaf) => leaf.text(),
            Outcome::Holds | Outcome::Fails => None,
        };
        JudgedValue {
            holds: outcome.held(),
            wanted,
            shown_by: shown_by.map(str::to_owned),
        }
    }
}

fn seen(found: &Leaves<'_>) -> Seen {
    if !found.present {
        return Seen::Missing;
    }
    let mut texts = Vec::new();
    let _all_were_seen = found.find(|leaf| {
        texts.push(match leaf.text() {
            Some(text) => text.to_owned(),
            None if leaf.item.is_null() => "null".to_owned(),
            None => "{…}".to_owned(),
        });
        false
    });
    if texts.is_empty() {
        Seen::Nothing
    } else {
        Seen::Values(texts)
    }
}

#[cfg(test)]
mod tests;
