//! Formats that leave this program and are read back, one module for each version.
//!
//! A version never changes its meaning once released; keys may be added. Formats that are others'
//! stand beside ours under the names of what reads them.

mod cacao;
mod ecs;
pub mod navigator;
mod ocsf;
mod openc2;
mod opengraph;
mod others;
mod uuid;
pub mod v1;

pub use cacao::{Play, PlayCommand, PlaybookOrigin, cacao_playbook};
pub use ecs::ecs_line;
pub use ocsf::ocsf_line;
pub use openc2::openc2_commands;
pub use opengraph::opengraph_plan;
pub use others::Writer;
