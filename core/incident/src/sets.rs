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

    /// For each number its set, with the sizes of the sets, which are numbered in the order of their first members.
    pub(crate) fn numbered(mut self) -> (Vec<u32>, Vec<usize>) {
        let mut sizes: Vec<usize> = Vec::new();
        let mut numbers: Vec<u32> = Vec::with_capacity(self.0.len());
        for member in 0..self.0.len() {
            let root = self.root(member);
            // A root is the first of its set, so that it has its number before any other of it asks.
            let number = match numbers.get(root) {
                Some(number) => *number,
                None => u32::try_from(sizes.len()).unwrap_or(u32::MAX),
            };
            match sizes.get_mut(number as usize) {
                Some(size) => *size += 1,
                None => sizes.push(1),
            }
            numbers.push(number);
        }
        (numbers, sizes)
    }

    /// All sets, each in ascending order.
    pub(crate) fn sets(self) -> Vec<Vec<usize>> {
        let (numbers, sizes) = self.numbered();
        let mut sets: Vec<Vec<usize>> = sizes.into_iter().map(Vec::with_capacity).collect();
        for (member, set) in numbers.into_iter().enumerate() {
            if let Some(set) = sets.get_mut(set as usize) {
                set.push(member);
            }
        }
        sets
    }
}
