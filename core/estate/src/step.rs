//! Steps: what can be switched off, completed by the page of their kind.
//!
//! Until everything was read a node in a step is the number of its symbol.

use std::{collections::BTreeMap, sync::Arc};

use cordon_model::{EdgePattern, Money, NodeIx, Step, StepId, StepKind, Value};
use cordon_text::{Node as Text, Report};

use crate::{
    Pages,
    edge::{self, Edges},
    names::{Named, Names, Symbol, Wanted},
    place::Place,
    scalar::{Reader, plain_value},
    spelling::nearest_kind,
};

/// All steps read so far.
#[derive(Debug)]
pub(crate) struct Steps<'p> {
    pages: &'p Pages,
    list: Vec<Step>,
    kinds: BTreeMap<String, Known>,
    /// Where each pattern of the listed steps stands, in their order.
    patterns: Vec<Place>,
}

/// A kind, and what its page gives to steps that leave it out.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    kind: StepKind,
    undo: Option<Arc<str>>,
    check: Option<Arc<str>>,
    action: Option<Arc<Value>>,
    irreversible: bool,
}

/// What a step removes, with the places of its patterns.
#[derive(Debug, Default)]
pub(crate) struct Removes {
    pub(crate) nodes: Vec<NodeIx>,
    pub(crate) edges: Vec<EdgePattern>,
    pub(crate) places: Vec<Place>,
}

/// A step as its text says it, before its page completes it.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) id: Arc<str>,
    pub(crate) kind: Known,
    pub(crate) removes: Removes,
    pub(crate) takes_down: Vec<NodeIx>,
    /// None if it could not be read, and that was told.
    pub(crate) cost: Option<Money>,
    pub(crate) minutes: Option<cordon_model::Minutes>,
    pub(crate) undo: Option<Arc<str>>,
    pub(crate) check: Option<Arc<str>>,
    pub(crate) irreversible: Option<bool>,
    pub(crate) action: Option<Arc<Value>>,
}

impl<'p> Steps<'p> {
    pub(crate) fn new(pages: &'p Pages) -> Self {
        Self {
            pages,
            list: Vec::new(),
            kinds: BTreeMap::new(),
            patterns: Vec::new(),
        }
    }

    /// Reads a step.
    pub(crate) fn read<'t>(
        &mut self,
        read: &mut Reader<'t, '_>,
        names: &mut Names,
        edges: &Edges<'_>,
        at: &'t Text,
    ) {
        if let Some((said, place)) = self.entry(read, names, edges, at) {
            self.add(read, names, said, place);
        }
    }

    /// Doubts patterns that name no edge, now that all edges are known.
    pub(crate) fn doubt_patterns(&self, names: &Names, edges: &Edges<'_>, report: &mut Report) {
        let patterns = self.list.iter().flat_map(|step| &step.removes_edges);
        for (pattern, place) in patterns.zip(&self.patterns) {
            let kind = pattern.kind.as_ref();
            let (from, to) = (Symbol(pattern.from.0), Symbol(pattern.to.0));
            let is_node = |end| matches!(names.meaning(end), Some(Named::Node(_)));
            if !is_node(from) || !is_node(to) || edges.any(pattern.from, pattern.to, kind) {
                continue;
            }
            let (from, to) = (names.text(from), names.text(to));
            let ends = format!("leads from `{from}` to `{to}`");
            let message = match kind {
                Some(kind) if edges.any(pattern.from, pattern.to, None) => {
                    format!("no edge of the kind `{kind}` {ends}, only others do")
                }
                Some(_) | None => format!("no edge {ends}"),
            };
            let help = "it removes nothing; correct the ends or the kind, or leave it out";
            let said = ("removes-no-edge", message, help.to_owned());
            names.files.doubt(*place, said, report);
        }
    }

    /// The steps, naming nodes now that every id is known.
    pub(crate) fn finish(mut self, names: &Names) -> Vec<Step> {
        for step in &mut self.list {
            for node in step.removes_nodes.iter_mut().chain(&mut step.takes_down) {
                *node = edge::node(names, *node);
            }
            for pattern in &mut step.removes_edges {
                pattern.from = edge::node(names, pattern.from);
                pattern.to = edge::node(names, pattern.to);
            }
        }
        self.list
    }

    fn entry<'t>(
        &mut self,
        read: &mut Reader<'t, '_>,
        names: &mut Names,
        edges: &Edges<'_>,
        at: &'t Text,
    ) -> Option<(Said, Place)> {
        let mut fields = read.fields(at, "a step")?;
        let id = fields.required("id", read.report);
        let id = id.and_then(|id| Some((read.text(id, "an id")?, read.place(id.span))));
        let id = id.map(|(id, place)| (names.declare_step(read, id, place), place));
        let kind = fields
            .required("kind", read.report)
            .and_then(|at| Some((read.text(at, "a kind")?, read.place(at.span))))
            .map(|(kind, place)| self.kind(read, names, kind, place));
        let before = read.report.diagnostics.len();
        let removes = fields.optional("removes");
        let removes = removes.and_then(|at| self::removes(read, names, edges, at));
        let down = fields.optional("takes_down");
        let down = down.map(|list| nodes(read, names, list, "`takes_down`"));
        let unread = read.report.diagnostics.len() > before;
        let cost = fields
            .required("cost", read.report)
            .and_then(|cost| read.money(cost));
        let minutes = fields
            .optional("minutes")
            .and_then(|minutes| read.minutes(minutes));
        let undo = fields.optional("undo");
        let undo = undo.and_then(|undo| read.text(undo, "a text"));
        let check = fields.optional("check");
        let check = check.and_then(|check| read.text(check, "a text"));
        let irreversible = fields.optional("irreversible").map(|flag| read.flag(flag));
        let action = fields.optional("do").and_then(|at| action(read, at));
        fields.finish(read.report);
        let (kind, (id, place)) = (kind?, id?);
        let removes = removes.unwrap_or_default();
        let takes_down = down.unwrap_or_default();
        if unread && removes.is_empty() && takes_down.is_empty() {
            // What it does could not be read, so that nothing can be said of it.
            return None;
        }
        let said = Said {
            id,
            kind,
            removes,
            takes_down,
            cost,
            minutes,
            undo: undo.map(Arc::from),
            check: check.map(Arc::from),
            irreversible: irreversible.map(|flag| flag.unwrap_or(false)),
            action: action.map(Arc::new),
        };
        Some((said, place))
    }

    /// Adds a step, completed by the page of its kind.
    pub(crate) fn add(
        &mut self,
        read: &mut Reader<'_, '_>,
        names: &Names,
        said: Said,
        place: Place,
    ) {
        let (id, kind) = (&said.id, &said.kind);
        if said.removes.is_empty() && said.takes_down.is_empty() {
            let message = format!("the step `{id}` removes nothing and takes nothing down");
            let help = "add `removes`, or leave the step out: no plan will choose it".to_owned();
            let doubt = ("idle-step", message, help);
            names.files.doubt(place, doubt, read.report);
        }
        if said.irreversible.is_none() && kind.irreversible {
            let message = format!(
                "steps of the kind `{}` only go forward, and `{id}` does not say so",
                kind.kind
            );
            let help = "add `irreversible: true`, so that whoever approves it knows, or `irreversible: false`";
            let doubt = ("unsaid-irreversible", message, help.to_owned());
            names.files.doubt(place, doubt, read.report);
        }
        let Some(cost) = said.cost else {
            return;
        };
        self.patterns.extend(said.removes.places);
        let Known {
            kind,
            undo,
            check,
            action,
            ..
        } = said.kind;
        self.list.push(Step {
            id: StepId::new(said.id),
            removes_nodes: said.removes.nodes,
            removes_edges: said.removes.edges,
            takes_down: said.takes_down,
            cost,
            minutes: said.minutes,
            undo: said.undo.or(undo),
            check: said.check.or(check),
            irreversible: said.irreversible.unwrap_or(false),
            action: said.action.or(action),
            kind,
        });
    }

    /// The kind of a word, told once if no page describes it.
    pub(crate) fn kind(
        &mut self,
        read: &mut Reader<'_, '_>,
        names: &Names,
        word: &str,
        place: Place,
    ) -> Known {
        if let Some(known) = self.kinds.get(word) {
            return known.clone();
        }
        let page = self.pages.step(word);
        if page.is_none() {
            let message = format!("no page describes steps of the kind `{word}`");
            let meant = nearest_kind(word, self.pages.steps().map(|page| page.kind.as_str()));
            let add = || {
                "it works without one; add a page under `content/steps` to give it an undo and a check".to_owned()
            };
            let help = meant.map_or_else(add, |meant| format!("did you mean `{meant}`?"));
            let doubt = ("kind-without-page", message, help);
            names.files.doubt(place, doubt, read.report);
        }
        let known = Known {
            kind: StepKind::new(word),
            undo: page.and_then(|page| page.undo.as_deref()).map(Arc::from),
            check: page.map(|page| Arc::from(page.check.as_str())),
            action: page.and_then(|page| page.action.clone()).map(Arc::new),
            irreversible: page.is_some_and(|page| page.irreversible),
        };
        self.kinds.insert(word.to_owned(), known.clone());
        known
    }
}

impl Removes {
    fn is_empty(&self) -> bool {
        self.nodes.is_empty() && self.edges.is_empty()
    }
}

fn removes<'t>(
    read: &mut Reader<'t, '_>,
    names: &mut Names,
    edges: &Edges<'_>,
    at: &'t Text,
) -> Option<Removes> {
    let mut fields = read.fields(at, "`removes`")?;
    let list = fields.optional("nodes");
    let nodes = list
        .map(|list| nodes(read, names, list, "`removes`"))
        .unwrap_or_default();
    let list = fields.optional("edges");
    let list = list.map_or(&[][..], |list| read.list(list, "a list of edges"));
    fields.finish(read.report);
    let mut removes = Removes {
        nodes,
        ..Removes::default()
    };
    for at in list {
        if let Some(pattern) = pattern(read, names, edges, at) {
            removes.edges.push(pattern);
            removes.places.push(read.place(at.span));
        }
    }
    Some(removes)
}

fn nodes<'t>(
    read: &mut Reader<'t, '_>,
    names: &mut Names,
    list: &'t Text,
    what: &'static str,
) -> Vec<NodeIx> {
    let items = read.list(list, "a list of nodes").iter();
    items
        .filter_map(|item| names.used(read, item, Wanted::Node(what)))
        .map(|symbol| NodeIx(symbol.0))
        .collect()
}

fn pattern<'t>(
    read: &mut Reader<'t, '_>,
    names: &mut Names,
    edges: &Edges<'_>,
    at: &'t Text,
) -> Option<EdgePattern> {
    let mut fields = read.fields(at, "an edge to remove")?;
    let from = fields.required("from", read.report);
    let from = from.and_then(|from| names.used(read, from, Wanted::Node("`removes`")));
    let to = fields.required("to", read.report);
    let to = to.and_then(|to| names.used(read, to, Wanted::Node("`removes`")));
    let kind = fields
        .optional("kind")
        .map(|kind| read.text(kind, "a kind"));
    fields.finish(read.report);
    let kind = match kind {
        None => None,
        Some(word) => Some(edges.named_kind(word?)),
    };
    Some(EdgePattern {
        from: NodeIx(from?.0),
        to: NodeIx(to?.0),
        kind,
    })
}

/// What carries the step out; only its being a mapping is known here.
fn action(read: &mut Reader<'_, '_>, at: &Text) -> Option<Value> {
    if at.mapping().is_some() {
        return Some(plain_value(at));
    }
    let message = format!(
        "expected a mapping such as `connector: …`, found {}",
        at.describe()
    );
    let help = "write `do: { connector: ad, target: … }`".to_owned();
    read.wrong(at.span, "wrong-type", message, help);
    None
}
