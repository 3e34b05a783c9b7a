//! What an expression of needs names.

use super::{Need, NodeIx, ServiceIx};

impl Need {
    /// Calls `visit` on every node named anywhere in the expression.
    pub fn for_each_node(&self, visit: &mut impl FnMut(NodeIx)) {
        match self {
            Self::Node(ix) => visit(*ix),
            Self::Service(_) => {}
            Self::All(children) | Self::Any(children) | Self::AtLeast { of: children, .. } => {
                for child in children {
                    child.for_each_node(visit);
                }
            }
        }
    }

    /// Calls `visit` on every service named anywhere in the expression.
    pub fn for_each_service(&self, visit: &mut impl FnMut(ServiceIx)) {
        match self {
            Self::Node(_) => {}
            Self::Service(ix) => visit(*ix),
            Self::All(children) | Self::Any(children) | Self::AtLeast { of: children, .. } => {
                for child in children {
                    child.for_each_service(visit);
                }
            }
        }
    }
}
