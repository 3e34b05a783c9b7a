//! A rule on its way through pipelines: the same parts as a [`Rule`], and which steps touched each.

use std::{collections::BTreeSet, sync::Arc};

use cordon_text::Span;

use super::{
    refusal::Refusal,
    value::{self, Value},
};
use crate::{
    Body, Expr, Header, Item, Joined, LogSource, Quantifier, Rule, Selection, lower::Place,
};

/// Ids of steps that touched something.
pub(crate) type Marks = BTreeSet<Arc<str>>;

/// A rule while it is changed.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) header: Header,
    pub(crate) log_source: LogSource,
    pub(crate) selections: Vec<DraftSelection>,
    pub(crate) conditions: Vec<Expr>,
    pub(crate) marks: Marks,
    filters: Vec<Joined>,
}

/// A selection while it is changed.
#[derive(Debug)]
pub(crate) struct DraftSelection {
    pub(crate) name: Arc<str>,
    pub(crate) span: Span,
    /// None once all it asked for was dropped.
    pub(crate) body: Option<DraftBody>,
    pub(crate) origin: Origin,
}

/// Where a selection was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// In this text: the rule's own, or that of a filter.
    File(Arc<str>),
    /// In a pipeline, whose places say nothing about a rule.
    Pipeline,
}

/// What a selection asks for.
#[derive(Debug, Clone)]
pub(crate) enum DraftBody {
    All(Vec<DraftBody>),
    Any(Vec<DraftBody>),
    Item(DraftItem),
}

/// One field or keyword while it is changed.
#[derive(Debug, Clone)]
pub(crate) struct DraftItem {
    pub(crate) field: Option<Arc<str>>,
    pub(crate) quantifier: Quantifier,
    pub(crate) values: Vec<Value>,
    pub(crate) span: Span,
    pub(crate) marks: Marks,
}

/// An item after a step: kept or changed, several in its place, or none.
pub(crate) type Changed = Result<Option<DraftBody>, Refusal>;

impl Draft {
    /// Begins with a rule as it was read.
    pub(crate) fn of(rule: Rule) -> Self {
        let selections = rule.selections.into_iter().enumerate();
        let selections = selections.map(|(place, selection)| {
            let filter = rule.filters.iter().find(|f| f.selections.contains(&place));
            let header = filter.map_or(&rule.header, |filter| &filter.header);
            DraftSelection {
                name: selection.name,
                span: selection.span,
                body: Some(DraftBody::of(&selection.body)),
                origin: Origin::File(Arc::clone(&header.file)),
            }
        });
        let selections = selections.collect();
        Self {
            header: rule.header,
            log_source: rule.log_source,
            selections,
            conditions: rule.conditions,
            marks: Marks::new(),
            filters: rule.filters,
        }
    }

    /// Changes every item.
    pub(crate) fn each_item(
        &mut self,
        mut change: impl FnMut(DraftItem) -> Changed,
    ) -> Result<(), Refusal> {
        for selection in &mut self.selections {
            if let Some(body) = selection.body.take() {
                selection.body = body.changed(&mut change)?;
            }
        }
        Ok(())
    }

    /// Every item there is.
    pub(crate) fn items(&self) -> Vec<&DraftItem> {
        let mut items = Vec::new();
        for selection in &self.selections {
            if let Some(body) = &selection.body {
                body.collect(&mut items);
            }
        }
        items
    }

    /// The rule that this became, or all that keeps it from being one.
    pub(crate) fn finish(self) -> Result<Rule, Vec<Refusal>> {
        let log = self.log_source;
        let mut places = Vec::new();
        let mut selections = Vec::new();
        let mut refusals = Vec::new();
        for selection in self.selections {
            let mut found = Vec::new();
            let body = selection.body.map(|body| body.finish(&log, &mut found));
            refusals.extend(found.into_iter().map(|r| r.within(&selection.origin)));
            places.push(body.is_some().then_some(selections.len()));
            selections.extend(body.map(|body| Selection {
                name: selection.name,
                span: selection.span,
                body,
            }));
        }
        if !refusals.is_empty() {
            return Err(refusals);
        }
        let kept = self.conditions.iter();
        let conditions: Vec<_> = kept.filter_map(|c| without_dropped(c, &places)).collect();
        if conditions.is_empty() {
            return Err(vec![Refusal::new(
                "pipeline-emptied",
                "the pipeline dropped everything that the rule asks for".to_owned(),
                "restrict its `drop_detection_item` to some fields, or leave the rule out",
            )]);
        }
        Ok(Rule {
            header: self.header,
            log_source: log,
            selections,
            conditions,
            filters: moved(self.filters, &places),
        })
    }
}

/// Filters whose selections stand where those that were left now stand.
fn moved(mut filters: Vec<Joined>, places: &[Option<usize>]) -> Vec<Joined> {
    let kept = |before: usize| places.iter().take(before).flatten().count();
    for filter in &mut filters {
        filter.selections = kept(filter.selections.start)..kept(filter.selections.end);
    }
    filters
}

/// A condition over the selections that are left; an operand that speaks of a dropped one falls
/// away, as for a pattern that matches no selection.
fn without_dropped(expr: &Expr, places: &[Option<usize>]) -> Option<Expr> {
    let each = |parts: &[Expr]| -> Vec<Expr> {
        let parts = parts.iter();
        parts.filter_map(|p| without_dropped(p, places)).collect()
    };
    let joined = |before: usize, mut left: Vec<Expr>, join: fn(Vec<Expr>) -> Expr| {
        if left.len() == before || left.len() > 1 {
            return Some(join(left));
        }
        left.pop()
    };
    match expr {
        Expr::Selection(place) => places.get(*place).copied().flatten().map(Expr::Selection),
        Expr::Not(inner) => without_dropped(inner, places).map(|e| Expr::Not(Box::new(e))),
        Expr::And(parts) => joined(parts.len(), each(parts), Expr::And),
        Expr::Or(parts) => joined(parts.len(), each(parts), Expr::Or),
    }
}

impl DraftBody {
    /// Begins with what was read.
    pub(crate) fn of(body: &Body) -> Self {
        match body {
            Body::All(parts) => Self::All(parts.iter().map(Self::of).collect()),
            Body::Any(parts) => Self::Any(parts.iter().map(Self::of).collect()),
            Body::Item(item) => Self::Item(DraftItem {
                field: item.field.clone(),
                quantifier: item.quantifier,
                values: value::of(item),
                span: item.span,
                marks: Marks::new(),
            }),
        }
    }

    /// One of several, or all of them; one stands for itself, none for nothing.
    pub(crate) fn joined(mut parts: Vec<Self>, join: fn(Vec<Self>) -> Self) -> Option<Self> {
        match parts.len() {
            0 | 1 => parts.pop(),
            _ => Some(join(parts)),
        }
    }

    /// Marks every item as touched.
    pub(crate) fn mark(&mut self, id: Option<&Arc<str>>) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter_mut().for_each(|p| p.mark(id)),
            Self::Item(item) => item.marks.extend(id.cloned()),
        }
    }

    fn changed(self, change: &mut impl FnMut(DraftItem) -> Changed) -> Changed {
        let mut each = |parts: Vec<Self>| -> Result<Vec<Self>, Refusal> {
            let parts = parts.into_iter();
            parts
                .filter_map(|p| p.changed(change).transpose())
                .collect()
        };
        // What nothing was dropped from keeps its form.
        let left = |before: usize, parts: Vec<Self>, join: fn(Vec<Self>) -> Self| {
            if parts.len() == before {
                return Some(join(parts));
            }
            Self::joined(parts, join)
        };
        match self {
            Self::All(parts) => Ok(left(parts.len(), each(parts)?, Self::All)),
            Self::Any(parts) => Ok(left(parts.len(), each(parts)?, Self::Any)),
            Self::Item(item) => change(item),
        }
    }

    fn collect<'d>(&'d self, items: &mut Vec<&'d DraftItem>) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|p| p.collect(items)),
            Self::Item(item) => items.push(item),
        }
    }

    fn finish(&self, log: &LogSource, refusals: &mut Vec<Refusal>) -> Body {
        let mut each = |parts: &[Self]| parts.iter().map(|p| p.finish(log, refusals)).collect();
        match self {
            Self::All(parts) => Body::All(each(parts)),
            Self::Any(parts) => Body::Any(each(parts)),
            Self::Item(item) => Body::Item(item.finish(log, refusals)),
        }
    }
}

impl DraftItem {
    /// The item that this became; a value that means nothing is told and left out.
    fn finish(&self, log: &LogSource, refusals: &mut Vec<Refusal>) -> Item {
        let place = match &self.field {
            Some(_) => Place::Field(log),
            None => Place::Keyword,
        };
        let tests = self.values.iter().filter_map(|value| {
            let refused = |refusal: Refusal| refusals.push(refusal.near(self.span));
            value.test(place, self.span).map_err(refused).ok()
        });
        Item {
            field: self.field.as_ref().map(|name| log.field(name)),
            quantifier: self.quantifier,
            tests: tests.collect(),
            span: self.span,
            waiting: Vec::new(),
        }
    }
}
