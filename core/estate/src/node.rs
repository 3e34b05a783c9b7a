//! Nodes: what can be held, and what its loss costs.

use cordon_model::{Jewel, Node, NodeId, NodeIx, NodeKind};
use cordon_text::Node as Text;

use crate::{
    names::{Named, Names, Symbol},
    place::Place,
    scalar::Reader,
    spelling::{is_kebab, to_kebab},
};

/// All nodes read so far. Entries that could not be read keep their place, so that an index counts
/// entries and not successes.
#[derive(Debug, Default)]
pub(crate) struct Nodes {
    list: Vec<Option<Node>>,
    kinds: std::collections::BTreeMap<String, NodeKind>,
}

impl Nodes {
    pub(crate) fn read<'t>(&mut self, read: &mut Reader<'t, '_>, names: &mut Names, at: &'t Text) {
        let node = self.entry(read, names, at);
        self.list.push(node);
    }

    /// Adds a node that was read already, under the id that [`Nodes::declare`] gave it.
    pub(crate) fn add(&mut self, node: Node) {
        self.list.push(Some(node));
    }

    /// Gives the next node its id.
    pub(crate) fn declare(
        &self,
        read: &mut Reader<'_, '_>,
        names: &mut Names,
        id: &str,
        place: Place,
    ) -> Symbol {
        let ix = NodeIx(u32::try_from(self.list.len()).unwrap_or(u32::MAX));
        let symbol = names.declare(read, id, place, Named::Node(ix));
        names.claim(read, id, place, symbol);
        symbol
    }

    /// The nodes in order; only sensible if nothing was wrong.
    pub(crate) fn finish(self) -> Vec<Node> {
        self.list.into_iter().flatten().collect()
    }

    fn entry<'t>(
        &mut self,
        read: &mut Reader<'t, '_>,
        names: &mut Names,
        at: &'t Text,
    ) -> Option<Node> {
        let mut fields = read.fields(at, "a node")?;
        let id = fields.required("id", read.report);
        let id = id.and_then(|id| Some((read.text(id, "an id")?, read.place(id.span))));
        let id = id.map(|(id, place)| self.declare(read, names, id, place));
        let kind = fields
            .required("kind", read.report)
            .and_then(|at| Some((read.text(at, "a kind")?, read.place(at.span))))
            .map(|(kind, place)| self.kind(read, names, kind, place));
        let name = fields
            .optional("name")
            .and_then(|name| read.text(name, "a name"));
        let list = fields.optional("aliases");
        let list = list.map_or(&[][..], |list| read.list(list, "a list of aliases"));
        let mut aliases = Vec::new();
        for item in list {
            let Some(alias) = read.text(item, "an alias") else {
                continue;
            };
            if let Some(id) = id {
                names.claim(read, alias, read.place(item.span), id);
            }
            aliases.push(alias.to_owned());
        }
        let jewel = fields
            .optional("jewel")
            .and_then(|jewel| self::jewel(read, jewel));
        fields.finish(read.report);
        Some(Node {
            id: NodeId::new(names.shared(id?)),
            kind: kind?,
            name: name.map(str::to_owned),
            aliases,
            jewel,
        })
    }

    /// Node kinds are open words without pages; only their spelling can be doubted.
    pub(crate) fn kind(
        &mut self,
        read: &mut Reader<'_, '_>,
        names: &Names,
        word: &str,
        place: Place,
    ) -> NodeKind {
        if let Some(kind) = self.kinds.get(word) {
            return kind.clone();
        }
        if !is_kebab(word) {
            let message = format!("expected a kind in kebab-case, found `{word}`");
            let help = format!("write `{}`", to_kebab(word));
            let said = ("kind-spelling", message, help);
            names.files.doubt(place, said, read.report);
        }
        let kind = NodeKind::new(word);
        self.kinds.insert(word.to_owned(), kind.clone());
        kind
    }
}

fn jewel<'t>(read: &mut Reader<'t, '_>, at: &'t Text) -> Option<Jewel> {
    let mut fields = read.fields(at, "a jewel")?;
    let loss = fields
        .required("loss", read.report)
        .and_then(|loss| read.money(loss));
    let why = fields
        .optional("why")
        .and_then(|why| read.text(why, "a reason"));
    fields.finish(read.report);
    Some(Jewel {
        loss: loss?,
        why: why.map(str::to_owned),
    })
}
