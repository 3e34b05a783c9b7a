//! Disjoint sets by union with path halving.

/// Numbers from 0, each in one set.
#[derive(Debug)]
pub(crate) struct Sets(Vec<u32>);

impl Sets {
    /// Each number in a set of its own.
    pub(crate) fn new(size: usize) -> Self {
        Self((0..u32::try_from(size).unwrap_or(u32::MAX)).collect())
    }

    pub(crate) fn root(&mut self, at: usize) -> usize {
        let mut at = at;
        while let Some(&parent) = self.0.get(at) {
            let parent = parent as usize;
            if parent == at {
                break;
            }
            let grandparent = self.0.get(parent).copied().unwrap_or_default();
            if let Some(slot) = self.0.get_mut(at) {
                *slot = grandparent;
            }
            at = grandparent as usize;
        }
        at
    }

    /// Joins two sets, and says whether they were two. The smaller root stays, so that sets come out
    /// in the order of their first member.
    pub(crate) fn join(&mut self, a: usize, b: usize) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        if let (Some(slot), Ok(root)) = (self.0.get_mut(a.max(b)), u32::try_from(a.min(b))) {
            *slot = root;
        }
        a != b
    }

    /// All sets, each in ascending order.
    pub(crate) fn sets(mut self) -> Vec<Vec<usize>> {
        let mut sets: Vec<Vec<usize>> = Vec::new();
        // Which set a root's is; a root is the first of its set.
        let mut of_root = vec![usize::MAX; self.0.len()];
        for member in 0..self.0.len() {
            let root = self.root(member);
            let Some(slot) = of_root.get_mut(root) else {
                continue;
            };
            if root == member {
                *slot = sets.len();
                sets.push(Vec::new());
            }
            if let Some(set) = sets.get_mut(*slot) {
                set.push(member);
            }
        }
        sets
    }
}
