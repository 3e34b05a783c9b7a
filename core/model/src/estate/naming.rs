//! Which node a name means: tables that hold indices only, the names themselves staying in the nodes.

use std::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::{Node, NodeIx};

/// Ids and aliases of nodes. Only ever asked for one name at a time, so that no order can leak.
#[derive(Debug, Clone, Default)]
pub(super) struct Naming {
    hash: DefaultHashBuilder,
    ids: HashTable<NodeIx>,
    claims: HashTable<Claim>,
}

/// The first node that bears a name, and whether others do too.
#[derive(Debug, Clone, Copy)]
struct Claim {
    hash: u64,
    node: NodeIx,
    is_shared: bool,
}

impl Naming {
    pub(super) fn new(nodes: &[Node]) -> Self {
        let hash = DefaultHashBuilder::default();
        let mut naming = Self {
            hash: hash.clone(),
            ids: HashTable::with_capacity(nodes.len()),
            claims: HashTable::with_capacity(nodes.len()),
        };
        let id = |ix: &NodeIx| nodes.get(ix.index()).map_or("", |node| node.id.as_str());
        for (ix, node) in (0_u32..).map(NodeIx).zip(nodes) {
            let rehash = |known: &NodeIx| hash.hash_one(id(known));
            naming.ids.insert_unique(rehash(&ix), ix, rehash);
            naming.claim(nodes, ix, node.id.as_str());
            for alias in &node.aliases {
                naming.claim(nodes, ix, alias);
            }
        }
        naming
    }

    fn claim(&mut self, nodes: &[Node], node: NodeIx, name: &str) {
        let lower = name.to_lowercase();
        let hash = self.hash.hash_one(lower.as_str());
        let same = |claim: &Claim| claim.hash == hash && bears(nodes, claim.node, &lower);
        if let Some(claim) = self.claims.find_mut(hash, same) {
            claim.is_shared |= claim.node != node;
            return;
        }
        let claim = Claim {
            hash,
            node,
            is_shared: false,
        };
        self.claims.insert_unique(hash, claim, |claim| claim.hash);
    }

    /// The node of an id, compared whole.
    pub(super) fn by_id(&self, nodes: &[Node], id: &str) -> Option<NodeIx> {
        let same = |ix: &NodeIx| nodes.get(ix.index()).is_some_and(|n| n.id.as_str() == id);
        self.ids.find(self.hash.hash_one(id), same).copied()
    }

    /// The one node that bears a name, compared without regard to case.
    pub(super) fn by_name(&self, nodes: &[Node], name: &str) -> Option<NodeIx> {
        let lower = name.to_lowercase();
        let hash = self.hash.hash_one(lower.as_str());
        let same = |claim: &Claim| claim.hash == hash && bears(nodes, claim.node, &lower);
        let claim = self.claims.find(hash, same)?;
        (!claim.is_shared).then_some(claim.node)
    }
}

/// Whether a node bears a name, given in lower case.
fn bears(nodes: &[Node], node: NodeIx, lower: &str) -> bool {
    let Some(node) = nodes.get(node.index()) else {
        return false;
    };
    let aliases = node.aliases.iter().map(String::as_str);
    let mut names = aliases.chain([node.id.as_str()]);
    names.any(|name| name.to_lowercase() == lower)
}
