//! Attack edges. Two that agree in both ends and kind are one edge.

use std::collections::BTreeMap;

use cordon_model::{Edge, EdgeKind, Likelihood, NodeIx};
use cordon_text::{Node as Text, Span};

use crate::{Pages, names::Names, scalar::Reader, spelling::nearest_kind};

/// All edges read so far.
#[derive(Debug)]
pub(crate) struct Edges<'p> {
    pages: &'p Pages,
    list: Vec<Edge>,
    kinds: BTreeMap<String, EdgeKind>,
    by_ends: BTreeMap<(NodeIx, NodeIx, EdgeKind), usize>,
}

impl<'p> Edges<'p> {
    pub(crate) fn new(pages: &'p Pages) -> Self {
        let (list, kinds, by_ends) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        Self {
            pages,
            list,
            kinds,
            by_ends,
        }
    }

    pub(crate) fn read<'t>(
        &mut self,
        read: &mut Reader<'t, '_>,
        names: &mut Names<'t>,
        at: &'t Text,
    ) {
        if let Some(edge) = self.entry(read, names, at) {
            self.add(read, edge, at.span);
        }
    }

    pub(crate) fn finish(self) -> Vec<Edge> {
        self.list
    }

    /// Whether an edge leads from one node to the other, of the given kind or of any.
    pub(crate) fn any(&self, from: NodeIx, to: NodeIx, kind: Option<&EdgeKind>) -> bool {
        if let Some(kind) = kind {
            return self.by_ends.contains_key(&(from, to, kind.clone()));
        }
        let first = self.by_ends.range((from, to, EdgeKind::new(""))..).next();
        first.is_some_and(|((f, t, _), _)| (*f, *t) == (from, to))
    }

    fn entry<'t>(
        &mut self,
        read: &mut Reader<'t, '_>,
        names: &mut Names<'t>,
        at: &'t Text,
    ) -> Option<Edge> {
        let mut fields = read.fields(at, "an edge")?;
        let from = fields.required("from", read.report);
        let from = from.and_then(|from| names.node(read, from, "an edge"));
        let to = fields.required("to", read.report);
        let to = to.and_then(|to| names.node(read, to, "an edge"));
        let kind = fields
            .required("kind", read.report)
            .and_then(|kind| self.kind(read, kind));
        let minutes = fields
            .optional("minutes")
            .and_then(|minutes| read.minutes(minutes));
        let likelihood = fields
            .optional("likelihood")
            .and_then(|at| read.likelihood(at));
        fields.finish(read.report);
        Some(Edge {
            from: from?,
            to: to?,
            kind: kind?,
            minutes,
            likelihood: likelihood.unwrap_or_else(Likelihood::certain),
            unknown: None,
        })
    }

    fn add(&mut self, read: &mut Reader<'_, '_>, edge: Edge, span: Span) {
        let key = (edge.from, edge.to, edge.kind.clone());
        let place = *self.by_ends.entry(key).or_insert(self.list.len());
        let Some(first) = self.list.get_mut(place) else {
            self.list.push(edge);
            return;
        };
        if merge(first, edge) {
            let message = "this edge was given before with other minutes or another likelihood";
            let help = "the fewest minutes and the highest likelihood count; keep one of them";
            read.doubt(
                span,
                "edge-given-twice",
                message.to_owned(),
                help.to_owned(),
            );
        }
    }

    fn kind<'t>(&mut self, read: &mut Reader<'t, '_>, at: &'t Text) -> Option<EdgeKind> {
        let word = read.text(at, "a kind")?;
        if let Some(kind) = self.kinds.get(word) {
            return Some(kind.clone());
        }
        if self.pages.edge(word).is_none() {
            let message = format!("no page describes attack edges of the kind `{word}`");
            let meant = nearest_kind(word, self.pages.edges().map(|page| page.kind.as_str()));
            let add = || {
                "it works without one; add a page under `content/reach` to explain it".to_owned()
            };
            let help = meant.map_or_else(add, |meant| format!("did you mean `{meant}`?"));
            read.doubt(at.span, "kind-without-page", message, help);
        }
        let kind = EdgeKind::new(word);
        self.kinds.insert(word.to_owned(), kind.clone());
        Some(kind)
    }
}

/// Makes one edge of two, whichever serves the intruder better: a stated time before an unstated one,
/// the shorter of two, the higher likelihood. Tells whether two statements differed.
fn merge(first: &mut Edge, again: Edge) -> bool {
    let times_differ = match (&first.minutes, again.minutes) {
        (None, stated) => {
            first.minutes = stated;
            false
        }
        (Some(_), None) => false,
        (Some(known), Some(stated)) => {
            let differ = *known != stated;
            if stated < *known {
                first.minutes = Some(stated);
            }
            differ
        }
    };
    let likelihoods_differ = first.likelihood != again.likelihood;
    if again.likelihood > first.likelihood {
        first.likelihood = again.likelihood;
    }
    times_differ || likelihoods_differ
}
