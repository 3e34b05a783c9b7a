//! The nouns everyone speaks: exact quantities, ids, the estate, detections, footholds.
//!
//! Passive facts only. Invariants: an [`Estate`] is complete in itself (every index it holds points
//! into it, its services form no cycle, ids are unique); money, hours and minutes are exact
//! rationals and are rounded only on output. Absent on purpose: reading or writing any format, and
//! every value that must be earned (reach, plans, effects).

mod clock;
mod deed;
mod detection;
mod entity;
mod estate;
mod foothold;
mod id;
mod lease;
mod quantity;
mod record;

pub use clock::Clock;
pub use deed::{Deed, Outcome};
pub use detection::{Detection, Evidence, FieldMatch, Level, LogRef, RawPlace, RuleFacts};
pub use entity::{Alias, Entity, EntityKind, Role};
pub use estate::{
    Care, Edge, EdgeIx, EdgePattern, Estate, EstateParts, Heartbeat, Jewel, Need, Node, NodeIx,
    Probe, Service, ServiceIx, Step, StepIx,
};
pub use foothold::{Belief, Confidence, Foothold, Thresholds};
pub use id::{EdgeKind, EventId, NodeId, NodeKind, RuleId, ServiceId, StepId, StepKind};
pub use jiff::Timestamp;
pub use lease::{Holder, Lease, Tenure, Until};
pub use quantity::{Exact, Hours, Likelihood, Minutes, Money, QuantityError};
pub use record::{
    Adopted, Children, Followed, Heading, Item, Key, Layout, Layouts, Learned, Likely, Mark,
    NameHash, Open, Record, Said, Scalar, Shape, Span,
};
pub use serde_json::Value;
