//! The first version of what we tell others: plans, detections, incidents, diagnostics, reach.
//!
//! Every shape here is our own and mirrors a page of `docs/reference/documents.md` key by key, in
//! its order. Invariants: a number is the exact decimal that rounding gave, never a floating-point
//! neighbour of it; nothing in a string is unseen; the same values give the same bytes. Absent
//! on purpose: any decision.

mod catalogue;
mod detection;
mod diagnostic;
mod explanation;
mod incident;
mod number;
mod one_record;
mod outlook;
mod pen;
mod plan;
mod plan_document;
mod reach;
mod reasons;
mod restore;
mod scanned;
mod tenancy;
mod timeline;
mod told;
mod write;

pub(super) use write::{document, line};

pub use catalogue::{
    CatalogueRule, ExampleLine, LogSource, catalogue_document, catalogue_line, example_line,
    examples_document,
};
pub use detection::{DetectionLine, detection_line};
pub use diagnostic::{DiagnosticLine, Diagnostics, diagnostics_document};
pub use explanation::{
    ExplainedCorrelation, ExplainedEvent, ExplainedLine, ExplainedLog, ExplainedLogPart,
    ExplainedPart, ExplainedRule, ExplainedSelection, ExplainedTerm, ExplainedValue,
    ExplanationDocument, explanation_document,
};
pub use incident::{
    IncidentDetection, IncidentRecord, Incidents, MarkTold, OneIncident, incidents_document,
};
pub use number::Number;
pub use one_record::{OneRecord, one_record_document};
pub use outlook::{Accepting, AtHold, Choice, InAdvance, Outlook, Robust, Suspect};
pub use plan::{
    Alternative, FlowBehind, FlowDraw, FlowEdge, FlowNode, FlowProof, GivenUp, Infeasible,
    LossPoint, MayBeLost, NoSteps, Plan, Price, Proof, Race, Reason, Relaxation, RemovedEdge,
    Removes, ServiceLoss, Step, Target,
};
pub use plan_document::{curve, plan_document};
pub use reach::{Explained, Hop, Reached, ReachedNode, Way, reach_document};
pub use reasons::{Bond, Ground, KnownAs, Likeness, Next, Sign, TooCommon};
pub use restore::{Restoration, Stage, Stay, TakenAgain, Undo, restoration_document};
pub use scanned::{
    ScanClock, ScanCount, ScanFile, ScanLog, ScanMissing, ScanSilence, ScanSummary,
    scan_summary_document,
};
pub use tenancy::{Tenancy, Tenant};
pub use timeline::{Timeline, TimelineLine, ToldBy, timeline_document};
pub use told::{
    ClockTold, DeedTold, Foothold, HeldEntity, Log, MatchedField, NamedEntity, RawTold,
    RecordFields, Rule,
};
