//! Everything that leaves as a document: plans, detections and incidents as JSON, the time line as
//! a table, and the report as one page that needs nothing else.
//!
//! Documents are values; whoever asked writes them somewhere. Invariants: every sentence of the
//! report can be followed to a record; the same case gives the same bytes; text from logs can
//! neither act (markup, formulas) nor hide (control and direction characters). Absent on purpose:
//! any decision, and any rounding before the last moment.

mod amount;
mod case;
mod detections_csv;
mod gap;
mod held_count;
mod html;
pub mod json;
mod likeness_words;
mod looked_at;
mod mark_words;
mod record;
mod sentence;
mod timeline;
mod visible;

pub use amount::{hours, lasting, money};
pub use case::{
    ActivityFacts, Case, ClockFacts, Counted, LogFacts, Reading, SilenceFacts, Silent, SourceFacts,
};
pub use detections_csv::{detections_csv_head, detections_csv_line};
pub use held_count::held_count;
pub use html::report_html;
pub use likeness_words::likeness_words;
pub use looked_at::looked_at;
pub use mark_words::mark_words;
pub use timeline::timeline_csv;
