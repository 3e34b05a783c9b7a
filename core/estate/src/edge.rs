//! Attack edges. Two that agree in both ends and kind are one edge.
//!
//! Until everything was read an end is the number of its symbol.

use std::{collections::BTreeMap, hash::BuildHasher as _};

use cordon_model::{Edge, EdgeKind, Likelihood, NodeIx};
use cordon_text::Node as Text;
use hashbrown::{DefaultHashBuilder, HashTable};

use crate::{
    Pages,
    names::{Named, Names, Symbol, Wanted},
    place::Place,
    scalar::Reader,
    spelling::nearest_kind,
};

/// All edges read so far.
#[derive(Debug)]
pub(crate) struct Edges<'p> {
    pages: &'p Pages,
    list: Vec<Edge>,
    kinds: BTreeMap<String, EdgeKind>,
    /// Places in the list by both ends; only ever asked for one pair at a time.
    by_ends: HashTable<u32>,
    hash: DefaultHashBuilder,
    certain: Likelihood,
}

impl<'p> Edges<'p> {
    pub(crate) fn new(pages: &'p Pages) -> Self {
        Self {
            pages,
            list: Vec::new(),
            kinds: BTreeMap::new(),
            by_ends: HashTable::new(),
            hash: DefaultHashBuilder::default(),
            certain: Likelihood::certain(),
        }
    }

    pub(crate) fn read<'t>(&mut self, read: &mut Reader<'t, '_>, names: &mut Names, at: &'t Text) {
        if let Some(edge) = self.entry(read, names, at) {
            self.add(read, names, edge, read.place(at.span));
        }
    }

    /// The edges, their ends being nodes now that every id is known.
    pub(crate) fn finish(mut self, names: &Names) -> Vec<Edge> {
        for edge in &mut self.list {
            edge.from = node(names, edge.from);
            edge.to = node(names, edge.to);
        }
        self.list
    }

    /// Whether an edge leads from one id to the other, of the given kind or of any.
    pub(crate) fn any(&self, from: NodeIx, to: NodeIx, kind: Option<&EdgeKind>) -> bool {
        let fits = |edge: &Edge| kind.is_none_or(|kind| *kind == edge.kind);
        let same = |&place: &u32| {
            let edge = self.list.get(place as usize);
            edge.is_some_and(|edge| (edge.from, edge.to) == (from, to) && fits(edge))
        };
        self.by_ends
            .find(self.hash.hash_one(Some((from, to))), same)
            .is_some()
    }

    fn entry<'t>(
        &mut self,
        read: &mut Reader<'t, '_>,
        names: &mut Names,
        at: &'t Text,
    ) -> Option<Edge> {
        let mut fields = read.fields(at, "an edge")?;
        let wanted = Wanted::Node("an edge");
        let from = fields.required("from", read.report);
        let from = from.and_then(|from| names.used(read, from, wanted));
        let to = fields.required("to", read.report);
        let to = to.and_then(|to| names.used(read, to, wanted));
        let kind = fields
            .required("kind", read.report)
            .and_then(|at| Some((read.text(at, "a kind")?, read.place(at.span))))
            .map(|(kind, place)| self.kind(read, names, kind, place));
        let minutes = fields
            .optional("minutes")
            .and_then(|minutes| read.minutes(minutes));
        let likelihood = fields
            .optional("likelihood")
            .and_then(|at| read.likelihood(at));
        let unknown = fields
            .optional("unknown")
            .and_then(|why| read.text(why, "why it is not known"));
        fields.finish(read.report);
        Some(Edge {
            from: NodeIx(from?.0),
            to: NodeIx(to?.0),
            kind: kind?,
            minutes,
            likelihood: likelihood.unwrap_or_else(|| self.certain.clone()),
            unknown: unknown.map(str::to_owned),
        })
    }

    /// What an edge has that does not say how surely it works.
    pub(crate) fn certain(&self) -> Likelihood {
        self.certain.clone()
    }

    /// Adds an edge between two symbols, or what it says to the one that is there.
    pub(crate) fn add(
        &mut self,
        read: &mut Reader<'_, '_>,
        names: &Names,
        edge: Edge,
        place: Place,
    ) {
        let hash = self.hash.hash_one(Some((edge.from, edge.to)));
        let list = &self.list;
        let known = self.by_ends.find(hash, |&place| {
            let known = list.get(place as usize);
            known.is_some_and(|known| {
                (known.from, known.to) == (edge.from, edge.to) && known.kind == edge.kind
            })
        });
        let known = known.copied();
        if let Some(first) = known.and_then(|place| self.list.get_mut(place as usize)) {
            if merge(first, edge) {
                let message = "this edge was given before with other minutes or another likelihood";
                let help = "the fewest minutes and the highest likelihood count; keep one of them";
                let said = ("edge-given-twice", message.to_owned(), help.to_owned());
                names.files.doubt(place, said, read.report);
            }
            return;
        }
        let (list, hasher) = (&self.list, &self.hash);
        let rehash = |&place: &u32| {
            let known = list.get(place as usize);
            hasher.hash_one(known.map(|known| (known.from, known.to)))
        };
        let new = u32::try_from(list.len()).unwrap_or(u32::MAX);
        self.by_ends.insert_unique(hash, new, rehash);
        self.list.push(edge);
    }

    /// The kind of a word, told once if no page describes it.
    pub(crate) fn kind(
        &mut self,
        read: &mut Reader<'_, '_>,
        names: &Names,
        word: &str,
        place: Place,
    ) -> EdgeKind {
        if let Some(kind) = self.kinds.get(word) {
            return kind.clone();
        }
        if self.pages.edge(word).is_none() {
            let message = format!("no page describes attack edges of the kind `{word}`");
            let meant = nearest_kind(word, self.pages.edges().map(|page| page.kind.as_str()));
            let add = || {
                "it works without one; add a page under `content/reach` to explain it".to_owned()
            };
            let help = meant.map_or_else(add, |meant| format!("did you mean `{meant}`?"));
            let said = ("kind-without-page", message, help);
            names.files.doubt(place, said, read.report);
        }
        let kind = EdgeKind::new(word);
        self.kinds.insert(word.to_owned(), kind.clone());
        kind
    }

    /// The kind of a word that only names edges, as patterns do.
    pub(crate) fn named_kind(&self, word: &str) -> EdgeKind {
        self.kinds
            .get(word)
            .cloned()
            .unwrap_or_else(|| EdgeKind::new(word))
    }
}

/// The node that a symbol, standing for one, turned out to be.
pub(crate) fn node(names: &Names, symbol: NodeIx) -> NodeIx {
    match names.meaning(Symbol(symbol.0)) {
        Some(Named::Node(ix)) => ix,
        Some(Named::Service(_)) | None => {
            unreachable!("an estate with an id that means no node was refused")
        }
    }
}

/// Makes one edge of two, whichever serves the intruder better: a stated time before an unstated one,
/// the shorter of two, the higher likelihood, what is known before what is not. Tells whether two
/// statements of time or likelihood differed.
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
    if again.unknown.is_none() {
        first.unknown = None;
    }
    times_differ || likelihoods_differ
}
