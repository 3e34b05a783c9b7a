//! Bytes of any known log format to one normal [`Event`] with provenance.
//!
//! A [`Reader`] recognises the format from the content, never from a name: EVTX, JSON in every shape
//! it is shipped in, syslog, and lines of text. Every record of a file either becomes an [`Event`]
//! or a [`Refusal`], both handed to the caller's [`Sink`]. [`FieldMap`] then
//! says whom and what an event names.
//!
//! Invariants: nothing is dropped or degraded without a counted reason and a sample, so that
//! records = events + refused in every [`ReadSummary`]; the raw bytes of every record stay
//! reachable by file, offset and length; the same bytes give the same events under the same
//! [`Hints`]; memory is bounded by named limits whatever the input. Absent on purpose: files and
//! archives (bytes are handed in), the clock (the caller says what "now" is), and any judgement of
//! what an event means for security.

mod audit;
mod columns;
mod coverage;
mod csv;
mod dhcp_preface;
mod entity;
mod envelope;
mod event;
mod evtx;
mod failing;
mod format;
mod hints;
mod ids;
mod inner;
mod intake;
mod json;
#[cfg(test)]
mod kept;
mod lines;
mod log_format;
mod memory;
mod part;
mod pieced;
mod read;
mod resume;
mod settings;
mod sink;
mod summary;
mod syslog;
mod time;
mod transcode;
mod values;
mod vendor;
mod w3c;
mod windows;
mod words;
mod xml;

pub use coverage::{Activity, Coverage, Seen, Silence, Written};
pub use entity::FieldMap;
pub use event::{Event, LogKind, OwnId};
pub use hints::Hints;
pub use ids::sha256;
pub use log_format::LogFormat;
pub use part::{Numbering, Part, PartRead, Parts};
pub use read::{ReadError, Reader, read};
pub use resume::{Resume, grows_by_lines, read_on};
pub use settings::{SourceSettings, TimeFormat, TimeFormatError, UnknownFormat};
pub use sink::{Degradation, Refusal, RefusalReason, Sink};
pub use summary::{Example, ReadSummary, Tally};
