//! Lines of text: syslog of RFC 5424 and RFC 3164, and lines of appliances that look like it.
//!
//! Every line gets `message` and, as far as its header has them, `host`, `app`, `pid`, `facility`
//! and `severity`. Lines of a known shape get fields of their own beside these; a whole record inside a
//! line (JSON, a Windows event) is read as what it is. A line without a header is still an event,
//! marked as unstructured.
//!
//! To add a shape, copy a small one (`veeam.rs`), add it to [`SHAPES`] with words that all of its lines have, and name it in `LogFormat`.

mod auditd;
mod carried;
mod cef;
mod cisco_asa;
mod cisco_ise;
mod citrix;
mod cyberark;
mod dhcp;
mod fortigate;
mod header;
mod key_value;
mod leef;
mod linux;
mod openvpn;
mod pairs;
mod palo_alto;
mod shape;
mod signs;
mod snare;
mod veeam;
mod vmware;
mod windows_dhcp;

#[cfg(test)]
mod tests;

use std::{borrow::Cow, cell::OnceCell};

use cordon_model::{Item, Record};

use crate::{
    Degradation, Hints, LogFormat,
    intake::{Draft, Understood},
    lines::text_of,
    words,
};

use header::Header;
use shape::Shape;
use signs::Signs;

/// Reads the lines of one shape; none for any other line, whatever was put by then.
type ReadShape = fn(&Header<'_>, &Hints, &mut Shape<'_>) -> Option<()>;

/// A shape, and how its lines are known.
struct Reading {
    format: LogFormat,
    /// Words of which one stands in every line of the shape; empty if none has to.
    signs: &'static [&'static str],
    read: ReadShape,
}

const fn reading(format: LogFormat, signs: &'static [&'static str], read: ReadShape) -> Reading {
    Reading {
        format,
        signs,
        read,
    }
}

/// The shapes, those that are told most surely first.
const SHAPES: [Reading; 16] = [
    reading(LogFormat::Cef, &["CEF"], cef::of),
    reading(LogFormat::Leef, &["LEEF"], leef::of),
    reading(LogFormat::Fortigate, &["logid="], fortigate::of),
    reading(LogFormat::PaloAlto, &palo_alto::SIGNS, palo_alto::of),
    reading(LogFormat::CiscoAsa, &["%ASA-", "%FTD-"], cisco_asa::of),
    reading(LogFormat::CiscoIse, &["CISE_"], cisco_ise::of),
    reading(LogFormat::Cyberark, &["%CYBERARK:"], cyberark::of),
    reading(LogFormat::Veeam, &["instanceId="], veeam::of),
    reading(LogFormat::Citrix, &[" : "], citrix::of),
    reading(LogFormat::WindowsDhcp, &[], windows_dhcp::of),
    reading(LogFormat::Dhcp, &["dhcp"], dhcp::of),
    reading(LogFormat::OpenVpn, &[], openvpn::of),
    reading(LogFormat::Vmware, &[], vmware::of),
    reading(LogFormat::Auditd, &["audit("], auditd::of),
    reading(LogFormat::Linux, &[], linux::of),
    reading(LogFormat::KeyValue, &[], key_value::of),
];

/// A line with what is needed to tell its shape.
struct Line<'l> {
    text: &'l str,
    header: Header<'l>,
    /// Looked for when somebody asks: most lines that hold a whole record are known without.
    signs: OnceCell<Signs>,
}

impl<'l> Line<'l> {
    fn new(text: &'l str, hints: &Hints) -> Self {
        let text = words::trimmed(text);
        Self {
            text,
            header: header::parse(text, hints),
            signs: OnceCell::new(),
        }
    }

    fn signs(&self) -> Signs {
        *self.signs.get_or_init(|| Signs::of(self.text))
    }

    /// Fills a record from the line. The shape is the forced one or none, or the first that fits;
    /// false if there is none.
    fn fill<'r>(&'r self, hints: &Hints, draft: &'r mut Draft) -> (Shape<'r>, bool) {
        let mut shape = Shape::new(self.text, &self.header, draft);
        let mut fits = |reading: &Reading| {
            let fits = (reading.read)(&self.header, hints, &mut shape).is_some();
            if !fits {
                shape.begin(&self.header);
            }
            fits
        };
        let forced = hints.settings.format;
        let known = match SHAPES.iter().find(|known| Some(known.format) == forced) {
            Some(forced) => fits(forced),
            None => (0..).zip(&SHAPES).any(|(at, known)| {
                (known.signs.is_empty() || self.signs().allow(at)) && fits(known)
            }),
        };
        (shape, known)
    }
}

/// Whether a format is the shape of single lines.
pub(crate) fn is_shape(format: LogFormat) -> bool {
    SHAPES.iter().any(|known| known.format == format)
}

/// Where a line stands that was shipped in a record.
const SHIPPED: [&str; 4] = ["message", "event.original", "_raw", "log"];

/// Whether its names allow that a record ships a line.
pub(crate) fn may_be_shipped(record: &Record) -> bool {
    SHIPPED.iter().any(|name| record.get(name).is_some())
}

/// A line that a collector shipped as the `message` of a JSON record: what its shape says is added to
/// the record. None if the record has no such line, or one of no shape that is told surely.
pub(crate) fn shipped(draft: &mut Draft, hints: &Hints) -> Option<Understood> {
    let mut texts = SHIPPED.iter().filter_map(|name| draft.fields.get(name));
    let text = texts.find_map(Item::as_str)?;
    let mut own = Draft::default();
    let line = Line::new(text, hints);
    let (shape, known) = line.fill(hints, &mut own);
    let understood = shape.understood(&line.header);
    if !known || understood.kind.product.is_none() {
        return None;
    }
    for field in own.fields.root().children() {
        if draft.fields.get(field.key()).is_none() {
            draft.fields.copy(field.key(), field);
        }
    }
    draft.id = own.id;
    Some(understood)
}

/// Makes an event's parts of one line.
pub(crate) fn understand(line: &[u8], hints: &Hints, draft: &mut Draft) -> Understood {
    let text = text_of(line);
    let line = Line::new(&text, hints);
    let mut understood = match carried::of(&line, hints, draft) {
        Some(understood) => understood,
        None => plain(&line, hints, draft),
    };
    if matches!(text, Cow::Owned(_)) {
        understood.degraded.push(Degradation::InvalidUtf8);
    }
    understood
}

fn plain(line: &Line<'_>, hints: &Hints, draft: &mut Draft) -> Understood {
    let (shape, known) = line.fill(hints, draft);
    let mut understood = shape.understood(&line.header);
    let forced = hints.settings.format.is_some_and(is_shape);
    if !known && (forced || line.header.is_bare()) {
        understood.degraded.push(Degradation::Unstructured);
    }
    understood
}

const FACILITIES: [&str; 24] = [
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv",
    "ftp", "ntp", "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4",
    "local5", "local6", "local7",
];

const SEVERITIES: [&str; 8] = [
    "emerg", "alert", "crit", "err", "warning", "notice", "info", "debug",
];
