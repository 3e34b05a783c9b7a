//! What was learned of records read so far, and shows in none of the next.

use crate::{evtx::Programs, vendor::Names};

/// What a reader keeps from file to file.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    pub(crate) names: Names,
    pub(crate) programs: Programs,
}
