//! Attack edges. Of two that agree in both ends and kind one is enough if it serves the intruder no worse in anything;
//! else both stay, so that no edge says what nobody said.
//!
//! Until everything was read an end is the number of its symbol.

use std::{collections::BTreeMap, hash::BuildHasher as _};

use cordon_model::{Edge, EdgeIx, EdgeKind, Likelihood, NodeIx};
use cordon_text::Node as Text;
use hashbrown::{DefaultHashBuilder, HashTable};

use crate::{
    Grounds, Pages,
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
    /// Symbols of what edges stand on, by their places in the list.
    grounds: BTreeMap<u32, Vec<NodeIx>>,
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
            grounds: BTreeMap::new(),
            kinds: BTreeMap::new(),
            by_ends: HashTable::new(),
            hash: DefaultHashBuilder::default(),
            certain: Likelihood::certain(),
        }
    }

    pub(crate) fn read<'t>(&mut self, read: &mut Reader<'t, '_>, names: &mut Names, at: &'t Text) {
        if let Some(said) = self.entry(read, names, at) {
            self.add(read, names, said, read.place(at.span));
        }
    }

    /// The edges and what they stand on, naming nodes now that every id is known.
    pub(crate) fn finish(mut self, names: &Names) -> (Vec<Edge>, Grounds) {
        for edge in &mut self.list {
            edge.from = node(names, edge.from);
            edge.to = node(names, edge.to);
        }
        let grounds = self.grounds.into_iter().map(|(place, on)| {
            let mut on: Vec<NodeIx> = on.iter().map(|on| node(names, *on)).collect();
            on.sort_unstable();
            on.dedup();
            (EdgeIx(place), on)
        });
        (self.list, grounds.collect())
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
    ) -> Option<(Edge, Vec<NodeIx>)> {
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
        let grounds = fields.optional("grounds");
        let grounds = grounds.map_or(&[][..], |at| read.list(at, "a list of nodes"));
        let grounds = grounds.iter();
        let grounds: Vec<NodeIx> = grounds
            .filter_map(|at| names.used(read, at, Wanted::Node("`grounds`")))
            .map(|symbol| NodeIx(symbol.0))
            .collect();
        fields.finish(read.report);
        let edge = Edge {
            from: NodeIx(from?.0),
            to: NodeIx(to?.0),
            kind: kind?,
            minutes,
            likelihood: likelihood.unwrap_or_else(|| self.certain.clone()),
            unknown: unknown.map(str::to_owned),
        };
        Some((edge, grounds))
    }

    /// What an edge has that does not say how surely it works.
    pub(crate) fn certain(&self) -> Likelihood {
        self.certain.clone()
    }

    /// Adds an edge between two symbols, with what it stands on, or what it says to the one that is there.
    pub(crate) fn add(
        &mut self,
        read: &mut Reader<'_, '_>,
        names: &Names,
        (edge, grounds): (Edge, Vec<NodeIx>),
        place: Place,
    ) {
        let hash = self.hash.hash_one(Some((edge.from, edge.to)));
        let same = |known: &&Edge| {
            (known.from, known.to) == (edge.from, edge.to) && known.kind == edge.kind
        };
        let places = self.by_ends.iter_hash(hash).copied();
        let places =
            places.filter(|&place| self.list.get(place as usize).is_some_and(|e| same(&e)));
        let places: Vec<u32> = places.collect();
        let mut known = places
            .iter()
            .filter_map(|&place| self.list.get(place as usize));
        if known.any(|known| says_otherwise(known, &edge)) {
            let message = "this edge was given before with other minutes or another likelihood";
            let help = "each counts as an edge of its own; keep one of them if they are the same";
            let said = ("edge-given-twice", message.to_owned(), help.to_owned());
            names.files.doubt(place, said, read.report);
        }
        let find = |fits: &dyn Fn(&Edge) -> bool| {
            let mut places = places.iter().copied();
            places.find(|&place| self.list.get(place as usize).is_some_and(fits))
        };
        if let Some(better) = find(&|known| serves_no_worse(known, &edge)) {
            self.stands_on_too(better, grounds);
            return;
        }
        if let Some(worse) = find(&|known| serves_no_worse(&edge, known)) {
            self.stands_on_too(worse, grounds);
            if let Some(known) = self.list.get_mut(worse as usize) {
                *known = edge;
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
        if !grounds.is_empty() {
            self.grounds.insert(new, grounds);
        }
        self.list.push(edge);
    }

    /// An edge that is given again stands on either; if one of the two stands by itself, so does the edge.
    fn stands_on_too(&mut self, place: u32, grounds: Vec<NodeIx>) {
        if grounds.is_empty() {
            self.grounds.remove(&place);
        } else if let Some(known) = self.grounds.get_mut(&place) {
            known.extend(grounds);
        }
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

/// Whether two edges between the same ends state other minutes or another likelihood.
fn says_otherwise(one: &Edge, other: &Edge) -> bool {
    let times = one.minutes.as_ref().zip(other.minutes.as_ref());
    times.is_some_and(|(one, other)| one != other) || one.likelihood != other.likelihood
}

/// Whether an edge is as good for the intruder as another in everything: a stated time counts before an unstated
/// one, what is known before what is not.
fn serves_no_worse(one: &Edge, other: &Edge) -> bool {
    let as_soon = match (&one.minutes, &other.minutes) {
        (Some(one), Some(other)) => one <= other,
        (Some(_) | None, None) => true,
        (None, Some(_)) => false,
    };
    let as_known = one.unknown.is_none() || other.unknown.is_some();
    as_soon && as_known && one.likelihood >= other.likelihood
}
