//! What tests keep of a reading.

use crate::{Degradation, Event, Refusal, Sink};

/// Everything that was read.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) events: Vec<Event>,
    pub(crate) refusals: Vec<Refusal>,
}

impl Sink for Kept {
    fn event(&mut self, event: &Event, _: &[Degradation]) {
        self.events.push(event.clone());
    }

    fn refusal(&mut self, refusal: Refusal) {
        self.refusals.push(refusal);
    }
}
