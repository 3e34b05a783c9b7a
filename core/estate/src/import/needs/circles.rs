//! Which things need each other in a circle.

/// The class of each thing, where those are of one class that need each other in a circle (Tarjan 1972).
/// Whatever a class needs outside itself has a lower number.
pub(super) fn classes(things: usize, needs: impl Fn(usize) -> Vec<usize>) -> Vec<usize> {
    let mut search = Search {
        entered: vec![0; things],
        low: vec![0; things],
        class: vec![None; things],
        ..Search::default()
    };
    for root in 0..things {
        let mut path: Vec<(usize, Vec<usize>)> = Vec::new();
        if search.enter(root) {
            path.push((root, needs(root)));
        }
        while let Some((at, open)) = path.last_mut() {
            let at = *at;
            match open.pop() {
                Some(next) if search.enter(next) => path.push((next, needs(next))),
                Some(next) => search.meet(at, next),
                None => {
                    path.pop();
                    search.leave(at);
                    if let Some((before, _)) = path.last() {
                        search.below(*before, at);
                    }
                }
            }
        }
    }
    search
        .class
        .into_iter()
        .map(Option::unwrap_or_default)
        .collect()
}

/// Where a search for classes stands.
#[derive(Default)]
struct Search {
    /// When each was entered, from 1.
    entered: Vec<usize>,
    /// The earliest that each leads back to.
    low: Vec<usize>,
    class: Vec<Option<usize>>,
    stack: Vec<usize>,
    clock: usize,
    found: usize,
}

impl Search {
    /// Enters a thing; false if that was done before.
    fn enter(&mut self, thing: usize) -> bool {
        let Some(entered @ 0) = self.entered.get_mut(thing) else {
            return false;
        };
        self.clock += 1;
        *entered = self.clock;
        if let Some(low) = self.low.get_mut(thing) {
            *low = self.clock;
        }
        self.stack.push(thing);
        true
    }

    fn lower(&mut self, thing: usize, to: usize) {
        if let Some(low) = self.low.get_mut(thing) {
            *low = to.min(*low);
        }
    }

    /// Notes that a thing leads to one that was entered before.
    fn meet(&mut self, at: usize, next: usize) {
        if let (Some(None), Some(entered)) = (self.class.get(next), self.entered.get(next)) {
            self.lower(at, *entered);
        }
    }

    /// Notes that a thing leads to one that was left just now.
    fn below(&mut self, at: usize, next: usize) {
        if let Some(low) = self.low.get(next) {
            self.lower(at, *low);
        }
    }

    /// Leaves a thing, and makes a class if nothing since leads further back.
    fn leave(&mut self, thing: usize) {
        if self.low.get(thing) != self.entered.get(thing) {
            return;
        }
        while let Some(member) = self.stack.pop() {
            if let Some(class) = self.class.get_mut(member) {
                *class = Some(self.found);
            }
            if member == thing {
                break;
            }
        }
        self.found += 1;
    }
}
