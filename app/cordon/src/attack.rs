//! What rules see of MITRE ATT&CK: techniques by version, and how many rules see each.
//!
//! Tags are written for one version of ATT&CK and drawn for another; ids that changed in between are
//! mapped by our own page of changes. Names and tactics of techniques come from a list that the user
//! gives; without one, tactics are those that the rules name.

mod changes;
mod coverage;
mod list;

pub(crate) use changes::{Changes, Version};
pub(crate) use coverage::{Coverage, Covered, coverage};
pub(crate) use list::{TechniqueList, read_list};
