//! What the layout of a record says before its values are looked at: where each field is, and which
//! values are worth searching.
//!
//! It is worked out of the first record of a layout by the general way, and serves all others. Readers
//! say which records have one layout; the memory for what is kept of them is bounded.

use std::sync::Arc;

use cordon_model::{Layout, Record};

use crate::{
    names::{FieldIx, Names},
    rule_set::RuleIx,
    slots::Slots,
};

/// Most memory for what is kept of layouts, in bytes: some thousand layouts, where a machine's logs
/// have some three hundred.
const BYTES_MAX: usize = 8 * 1024 * 1024;

/// What is kept of the layouts of one reader.
#[derive(Debug, Default)]
pub(crate) struct Known {
    family: Option<Arc<()>>,
    /// By the number of the layout.
    layouts: Vec<Option<Box<Fixed>>>,
    bytes: usize,
}

/// What is the same for all records of a layout.
#[derive(Debug)]
pub(crate) struct Fixed {
    pub(crate) slots: Slots,
    /// For each kind of log, by the place of its plan.
    tasks: Vec<(usize, Task)>,
}

/// What is to be searched in a record for the rules of its log.
#[derive(Debug, Default)]
pub(crate) struct Task {
    /// Rules that have a chance whatever the values are.
    pub(crate) chances: Vec<RuleIx>,
    /// The places of values, and which field each is of.
    pub(crate) searches: Vec<(u32, FieldIx)>,
}

impl Known {
    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.layouts.clear();
        self.bytes = 0;
    }

    /// What is known of a layout, which is that of a record.
    #[inline]
    pub(crate) fn of(
        &mut self,
        layout: &Layout,
        record: &Record,
        names: &Names,
    ) -> Option<&mut Fixed> {
        let same = |family: &Arc<()>| Arc::ptr_eq(family, layout.family());
        if !self.family.as_ref().is_some_and(same) {
            self.clear();
            self.family = Some(Arc::clone(layout.family()));
        }
        if !matches!(self.layouts.get(layout.number()), Some(Some(_))) {
            self.learn(layout.number(), record, names);
        }
        self.layouts.get_mut(layout.number())?.as_deref_mut()
    }

    #[cold]
    fn learn(&mut self, number: usize, record: &Record, names: &Names) {
        let mut slots = Slots::default();
        slots.fill(record, names);
        if self.bytes + slots.size_bytes() > BYTES_MAX {
            self.clear();
        }
        self.bytes += slots.size_bytes();
        if self.layouts.len() <= number {
            self.layouts.resize_with(number + 1, || None);
        }
        if let Some(place) = self.layouts.get_mut(number) {
            let tasks = Vec::new();
            *place = Some(Box::new(Fixed { slots, tasks }));
        }
    }
}

impl Fixed {
    /// The fields, and the task for a kind of log, which is made if there is none yet.
    #[inline]
    pub(crate) fn task(
        &mut self,
        plan: usize,
        make: impl FnOnce(&Slots, &mut Task),
    ) -> (&Slots, &Task) {
        let known = self.tasks.iter().position(|(place, _)| *place == plan);
        let at = known.unwrap_or_else(|| {
            let mut task = Task::default();
            make(&self.slots, &mut task);
            self.tasks.push((plan, task));
            self.tasks.len() - 1
        });
        let Some((_, task)) = self.tasks.get(at) else {
            unreachable!("the task was there or was made");
        };
        (&self.slots, task)
    }
}
