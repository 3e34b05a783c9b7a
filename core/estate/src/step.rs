//! Steps: what can be switched off, completed by the page of their kind.

use std::collections::BTreeMap;

use cordon_model::{EdgeKind, EdgePattern, NodeIx, Step, StepId, StepKind, Value};
use cordon_text::Node as Text;

use crate::{
    Pages,
    edge::Edges,
    names::Names,
    scalar::{Reader, plain_value},
    spelling::nearest_kind,
};

/// All steps read so far.
#[derive(Debug)]
pub(crate) struct Steps<'p> {
    pages: &'p Pages,
    list: Vec<Step>,
    kinds: BTreeMap<String, StepKind>,
}

/// What a step removes.
#[derive(Debug, Default)]
struct Removes {
    nodes: Vec<NodeIx>,
    edges: Vec<EdgePattern>,
}

impl<'p> Steps<'p> {
    pub(crate) fn new(pages: &'p Pages) -> Self {
        let (list, kinds) = (Vec::new(), BTreeMap::new());
        Self { pages, list, kinds }
    }

    /// Reads a step once all edges are known.
    pub(crate) fn read<'t>(
        &mut self,
        read: &mut Reader<'t, '_>,
        names: &mut Names<'t>,
        edges: &Edges<'_>,
        at: &'t Text,
    ) {
        let step = self.entry(read, names, edges, at);
        self.list.extend(step);
    }

    pub(crate) fn finish(self) -> Vec<Step> {
        self.list
    }

    fn entry<'t>(
        &mut self,
        read: &mut Reader<'t, '_>,
        names: &mut Names<'t>,
        edges: &Edges<'_>,
        at: &'t Text,
    ) -> Option<Step> {
        let mut fields = read.fields(at, "a step")?;
        let id = fields.required("id", read.report);
        let id = id.and_then(|id| Some((read.text(id, "an id")?, id.span)));
        if let Some((id, span)) = id {
            names.declare_step(read, id, span);
        }
        let kind = fields
            .required("kind", read.report)
            .and_then(|kind| self.kind(read, kind));
        let before = read.report.diagnostics.len();
        let removed = fields.optional("removes");
        let removed = removed.and_then(|at| removes(read, names, edges, at));
        let removed = removed.unwrap_or_default();
        let down = fields.optional("takes_down");
        let down = down.map(|list| nodes(read, names, list, "`takes_down`"));
        let down = down.unwrap_or_default();
        let idle = removed.is_empty() && down.is_empty();
        let idle = idle && read.report.diagnostics.len() == before;
        let cost = fields
            .required("cost", read.report)
            .and_then(|cost| read.money(cost));
        let minutes = fields
            .optional("minutes")
            .and_then(|minutes| read.minutes(minutes));
        let undo = fields
            .optional("undo")
            .and_then(|undo| read.text(undo, "a text"));
        let check = fields
            .optional("check")
            .and_then(|at| read.text(at, "a text"));
        let irreversible = fields.optional("irreversible").map(|flag| read.flag(flag));
        let action = fields.optional("do").and_then(|at| action(read, at));
        fields.finish(read.report);
        let (kind, (id, span)) = (kind?, id?);
        if idle {
            let message = format!("the step `{id}` removes nothing and takes nothing down");
            let help = "add `removes`, or leave the step out: no plan will choose it";
            read.doubt(span, "idle-step", message, help.to_owned());
        }
        let page = self.pages.step(kind.as_str());
        if irreversible.is_none() && page.is_some_and(|page| page.irreversible) {
            let message =
                format!("steps of the kind `{kind}` only go forward, and `{id}` does not say so");
            let help = "add `irreversible: true`, so that whoever approves it knows, or `irreversible: false`";
            read.doubt(span, "unsaid-irreversible", message, help.to_owned());
        }
        Some(Step {
            id: StepId::new(id),
            removes_nodes: removed.nodes,
            removes_edges: removed.edges,
            takes_down: down,
            cost: cost?,
            minutes,
            undo: undo.map(str::to_owned).or_else(|| page?.undo.clone()),
            check: check
                .map(str::to_owned)
                .or_else(|| page.map(|page| page.check.clone())),
            irreversible: irreversible.flatten().unwrap_or(false),
            action: action.or_else(|| page?.action.clone()),
            kind,
        })
    }

    fn kind<'t>(&mut self, read: &mut Reader<'t, '_>, at: &'t Text) -> Option<StepKind> {
        let word = read.text(at, "a kind")?;
        if let Some(kind) = self.kinds.get(word) {
            return Some(kind.clone());
        }
        if self.pages.step(word).is_none() {
            let message = format!("no page describes steps of the kind `{word}`");
            let meant = nearest_kind(word, self.pages.steps().map(|page| page.kind.as_str()));
            let add = || {
                "it works without one; add a page under `content/steps` to give it an undo and a check".to_owned()
            };
            let help = meant.map_or_else(add, |meant| format!("did you mean `{meant}`?"));
            read.doubt(at.span, "kind-without-page", message, help);
        }
        let kind = StepKind::new(word);
        self.kinds.insert(word.to_owned(), kind.clone());
        Some(kind)
    }
}

impl Removes {
    fn is_empty(&self) -> bool {
        self.nodes.is_empty() && self.edges.is_empty()
    }
}

fn removes<'t>(
    read: &mut Reader<'t, '_>,
    names: &mut Names<'t>,
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
    let patterns = list
        .iter()
        .filter_map(|at| pattern(read, names, edges, at))
        .collect();
    Some(Removes {
        nodes,
        edges: patterns,
    })
}

fn nodes<'t>(
    read: &mut Reader<'t, '_>,
    names: &mut Names<'t>,
    list: &'t Text,
    what: &str,
) -> Vec<NodeIx> {
    let items = read.list(list, "a list of nodes").iter();
    items
        .filter_map(|item| names.node(read, item, what))
        .collect()
}

fn pattern<'t>(
    read: &mut Reader<'t, '_>,
    names: &mut Names<'t>,
    edges: &Edges<'_>,
    at: &'t Text,
) -> Option<EdgePattern> {
    let mut fields = read.fields(at, "an edge to remove")?;
    let from = fields.required("from", read.report);
    let from = from.and_then(|from| names.node(read, from, "`removes`"));
    let to = fields.required("to", read.report);
    let to = to.and_then(|to| names.node(read, to, "`removes`"));
    let kind = fields
        .optional("kind")
        .map(|kind| read.text(kind, "a kind"));
    fields.finish(read.report);
    let (from, to) = (from?, to?);
    let kind = match kind {
        None => None,
        Some(word) => Some(EdgeKind::new(word?)),
    };
    if !edges.any(from, to, kind.as_ref()) {
        let end = |key| at.get(key).and_then(Text::text).unwrap_or_default();
        let ends = format!("leads from `{}` to `{}`", end("from"), end("to"));
        let message = match &kind {
            Some(kind) if edges.any(from, to, None) => {
                format!("no edge of the kind `{kind}` {ends}, only others do")
            }
            Some(_) | None => format!("no edge {ends}"),
        };
        let help = "it removes nothing; correct the ends or the kind, or leave it out".to_owned();
        read.doubt(at.span, "removes-no-edge", message, help);
    }
    Some(EdgePattern { from, to, kind })
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
