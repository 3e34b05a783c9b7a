//! Which relations are edges of the estate: those that lead an intruder on, each once.

use std::collections::BTreeMap;

use crate::{EdgePage, Pages};

use super::{
    Options, SILENT, Unknown,
    inventory::{Inventory, Ix, Link, Rel},
    kind_word, letters,
    write::Imported,
};

/// One edge that is written. They sort by where they come from, where they lead, and kind.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub(super) from: Ix,
    pub(super) to: Ix,
    /// A place in the list of kinds.
    kind: u16,
    pub(super) rel: Rel,
    pub(super) why: u32,
    derived: bool,
    /// Whether nobody said anything else of it.
    unsaid: bool,
}

/// What a relation is to an intruder.
enum Meaning<'p> {
    Walked(String, Option<&'p EdgePage>),
    Silent,
    Unclear(String),
}

impl Meaning<'_> {
    fn kind(&self) -> Option<&str> {
        match self {
            Self::Walked(kind, _) | Self::Unclear(kind) => Some(kind),
            Self::Silent => None,
        }
    }
}

impl Imported {
    /// The kind of an edge.
    pub(super) fn kind_of(&self, edge: &Edge) -> &'static str {
        let kind = self.kinds.get(usize::from(edge.kind));
        kind.copied().unwrap_or_default()
    }

    /// Chooses which relations are edges. The first `read` of them were read, and the others derived.
    pub(super) fn choose(&mut self, pages: &Pages, options: &Options, read: usize) {
        let rels = 0..Rel::try_from(self.inventory.rels()).unwrap_or(Rel::MAX);
        let mut by_letters: BTreeMap<String, &EdgePage> = BTreeMap::new();
        for page in pages.edges() {
            let names = [Some(page.kind.as_str()), page.bloodhound.as_deref()];
            let names = names.into_iter().flatten().map(letters);
            by_letters.extend(names.map(|name| (name, page)));
        }
        let meanings: Vec<Meaning<'_>> = rels
            .map(|rel| meaning(&self.inventory, rel, pages, &by_letters))
            .collect();
        let mut kinds: Vec<&str> = meanings.iter().filter_map(Meaning::kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        self.kinds = kinds.iter().map(|kind| self.inventory.word(kind)).collect();
        let links = std::mem::take(&mut self.inventory.links);
        for (place, link) in links.into_iter().enumerate() {
            match meanings.get(usize::from(link.rel)) {
                Some(Meaning::Silent) | None => self.put_aside(link),
                Some(meaning) => {
                    let edge = self.edge(link, meaning);
                    let derived = place >= read;
                    self.edges.push(Edge { derived, ..edge });
                }
            }
        }
        self.each_once();
        self.leave_out(options.unknown);
        for meaning in meanings {
            if let Meaning::Walked(kind, Some(page)) = meaning {
                self.inventory
                    .usual
                    .insert(kind, (page.minutes.clone(), page.chance.clone()));
            }
        }
    }

    fn put_aside(&mut self, link: Link) {
        let name = self.inventory.rel_name(link.rel);
        let shown = name.trim_start_matches(SILENT).to_owned();
        if name.starts_with(SILENT) {
            let (from, to) = (self.inventory.id(link.from), self.inventory.id(link.to));
            let example = format!("{from} {shown} {to}");
            let what = "relations that lead nobody on, as their source says";
            self.inventory.note("left-aside", what, &example);
        }
        *self.silent.entry(shown).or_default() += 1;
    }

    /// An edge that was read.
    fn edge(&mut self, link: Link, meaning: &Meaning<'_>) -> Edge {
        let mut why = link.why;
        if matches!(meaning, Meaning::Unclear(_)) && why == 0 {
            let name = self.inventory.rel_name(link.rel);
            let reason = format!("no page says whether `{name}` leads an intruder on");
            why = self.inventory.reason(&reason);
        }
        let kind = meaning.kind().unwrap_or_default();
        let kind = self.kinds.binary_search(&kind).unwrap_or_default();
        Edge {
            from: link.from,
            to: link.to,
            kind: u16::try_from(kind).unwrap_or(u16::MAX),
            rel: link.rel,
            why,
            derived: false,
            unsaid: self
                .inventory
                .said
                .of((link.from, link.to, link.rel))
                .is_none(),
        }
    }

    /// Of equal edges one that is known counts, and then one that was read and of which more was said.
    fn each_once(&mut self) {
        self.edges.retain(|edge| edge.from != edge.to);
        self.edges.sort_unstable_by_key(|edge| {
            let ends = (edge.from, edge.to, edge.kind);
            let merit = (edge.why > 0, edge.derived, edge.unsaid);
            (ends, merit, edge.why, edge.rel)
        });
        let mut repeated = 0;
        self.edges.dedup_by(|edge, kept| {
            let same = |edge: &Edge| (edge.from, edge.to, edge.kind);
            let is_same = same(edge) == same(kept);
            repeated += usize::from(is_same && !edge.derived);
            is_same
        });
        self.inventory.repeated(repeated);
        for place in 0..self.edges.len() {
            let Some(edge) = self.edges.get(place).filter(|edge| edge.derived) else {
                continue;
            };
            let kind = self.kind_of(edge).to_owned();
            *self.derived_by_kind.entry(kind).or_default() += 1;
        }
    }

    /// Leaves out what is not known, if asked to, and counts the rest.
    fn leave_out(&mut self, unknown: Unknown) {
        let doubtful = self.edges.iter().filter(|edge| edge.why > 0).count();
        if unknown == Unknown::LeaveOut && doubtful > 0 {
            let what = "edges that are not known to exist and were left out as asked";
            let many = u64::try_from(doubtful).unwrap_or(u64::MAX);
            self.inventory
                .note_many("unknown-left-out", what, (many, ""));
            self.edges.retain(|edge| edge.why == 0);
        }
        for place in 0..self.edges.len() {
            let Some(edge) = self.edges.get(place).copied() else {
                continue;
            };
            let kind = self.kind_of(&edge);
            *self.edges_by_kind.entry(kind.to_owned()).or_default() += 1;
            if edge.why > 0 {
                *self.unknown_by_kind.entry(kind.to_owned()).or_default() += 1;
            }
        }
    }
}

fn meaning<'p>(
    inventory: &Inventory,
    rel: Rel,
    pages: &'p Pages,
    by_letters: &BTreeMap<String, &'p EdgePage>,
) -> Meaning<'p> {
    let name = inventory.rel_name(rel);
    let page = by_letters.get(&letters(name)).copied();
    let walked = inventory.walked.contains(name);
    match page {
        _ if name.starts_with(SILENT) => Meaning::Silent,
        Some(page) => Meaning::Walked(page.kind.to_string(), Some(page)),
        None if walked => Meaning::Walked(kind_word(name), None),
        None if pages.is_silent(name) => Meaning::Silent,
        None => Meaning::Unclear(kind_word(name)),
    }
}
