//! Branches of a search, and which comes next.

use super::search::Choice;

/// Decisions, and a bound on everything that follows from them.
#[derive(Debug, Clone)]
pub(super) struct Branch {
    /// In the units of its search.
    pub(super) bound: i128,
    /// Steps, with what was decided about them.
    pub(super) decided: Vec<(usize, Choice)>,
}

/// The branches that were not looked at yet.
#[derive(Debug)]
pub(super) struct Open(Vec<Branch>);

impl Branch {
    /// This branch decided further: without the step, then with it.
    pub(super) fn split(&self, bound: i128, step: usize) -> Vec<Self> {
        let halves = [Choice::Out, Choice::In].into_iter().map(|choice| {
            let mut decided = self.decided.clone();
            decided.push((step, choice));
            Self { bound, decided }
        });
        halves.collect()
    }
}

impl Open {
    /// A search that begins with what is decided.
    pub(super) fn new(decided: Vec<(usize, Choice)>) -> Self {
        Self(vec![Branch { bound: 0, decided }])
    }

    /// Adds what a branch was split into.
    pub(super) fn extend(&mut self, branches: Vec<Branch>) {
        self.0.extend(branches);
    }

    /// The least bound of what was not looked at.
    pub(super) fn least_bound(&self) -> Option<i128> {
        self.0.iter().map(|branch| branch.bound).min()
    }

    /// Takes the branch of least bound below the limit, of equals the deepest and latest; as long as no set is the best,
    /// the latest of all, to find one.
    pub(super) fn next<T>(&mut self, limit: i128, best: Option<&T>) -> Option<Branch> {
        self.0.retain(|branch| branch.bound < limit);
        if best.is_none() {
            return self.0.pop();
        }
        let least = self.0.iter().enumerate().min_by_key(|(number, branch)| {
            let (depth, late) = (branch.decided.len(), usize::MAX - number);
            (branch.bound, usize::MAX - depth, late)
        });
        let (number, _) = least?;
        Some(self.0.remove(number))
    }
}
