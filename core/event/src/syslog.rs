//! Lines of text: syslog of RFC 5424 and RFC 3164, and lines of appliances that look like it.
//!
//! Every line gets `message` and, as far as its header has them, `host`, `app`, `pid`, `facility`
//! and `severity`. Lines of a known shape get fields of their own beside these; a whole record inside a
//! line (JSON, a Windows event) is read as what it is. A line without a header is still an event,
//! marked as unstructured.
//!
//! To add a shape, copy a small one (`veeam.rs`), add it to [`SHAPES`] and name it in `LogFormat`.

mod auditd;
mod carried;
mod cef;
mod cisco_asa;
mod cisco_ise;
mod citrix;
mod cyberark;
mod fortigate;
mod header;
mod key_value;
mod leef;
mod linux;
mod openvpn;
mod pairs;
mod palo_alto;
mod snare;
mod veeam;
mod vmware;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use cordon_model::{Item, Value};

use crate::{
    Degradation, Hints, LogFormat,
    intake::{Draft, Kind, Understood},
    time::When,
    windows::Fields,
};

use header::Header;

/// What a known shape adds to a line.
pub(crate) struct Shape {
    kind: Kind,
    fields: Fields,
    /// The line's own time, where it is better than the header's.
    when: Option<When>,
    /// The vendor's own unique id; empty if there is none.
    id: String,
}

impl Shape {
    fn of_kind(kind: Kind) -> Self {
        Self {
            kind,
            fields: Fields::new(),
            when: None,
            id: String::new(),
        }
    }

    fn new(product: &'static str, service: &'static str) -> Self {
        Self::of_kind(Kind::new(product, service))
    }

    fn put(&mut self, name: &str, value: &str) {
        self.fields.insert(name.to_owned(), Value::from(value));
    }

    fn put_some(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    /// The text of a field that was put.
    fn text(&self, name: &str) -> Option<&str> {
        self.fields.get(name).and_then(Value::as_str)
    }

    /// Gives a field that was put a second name, unless that is taken.
    fn put_again(&mut self, name: &str, native: &str) {
        if let Some(value) = self.fields.get(native).cloned() {
            self.fields.entry(name.to_owned()).or_insert(value);
        }
    }
}

/// Reads the lines of one shape; none for any other line.
type ReadShape = fn(&Header<'_>, &Hints) -> Option<Shape>;

/// The shapes, those that are told most surely first.
const SHAPES: [(LogFormat, ReadShape); 14] = [
    (LogFormat::Cef, cef::of),
    (LogFormat::Leef, leef::of),
    (LogFormat::Fortigate, fortigate::of),
    (LogFormat::PaloAlto, palo_alto::of),
    (LogFormat::CiscoAsa, cisco_asa::of),
    (LogFormat::CiscoIse, cisco_ise::of),
    (LogFormat::Cyberark, cyberark::of),
    (LogFormat::Veeam, veeam::of),
    (LogFormat::Citrix, citrix::of),
    (LogFormat::OpenVpn, openvpn::of),
    (LogFormat::Vmware, vmware::of),
    (LogFormat::Auditd, auditd::of),
    (LogFormat::Linux, linux::of),
    (LogFormat::KeyValue, key_value::of),
];

/// The shape of a line: the forced one or none, or the first that fits.
fn shape(header: &Header<'_>, hints: &Hints) -> Option<Shape> {
    let forced = hints.settings.format;
    let forced = SHAPES.iter().find(|(format, _)| Some(*format) == forced);
    match forced {
        Some((_, read)) => read(header, hints),
        None => SHAPES.iter().find_map(|(_, read)| read(header, hints)),
    }
}

/// Whether a format is the shape of single lines.
pub(crate) fn is_shape(format: LogFormat) -> bool {
    SHAPES.iter().any(|(known, _)| *known == format)
}

/// A line that a collector shipped as the `message` of a JSON record: what its shape says is added to
/// the record. None if the record has no such line, or one of no shape that is told surely.
pub(crate) fn shipped(draft: &mut Draft, hints: &Hints) -> Option<Understood> {
    const FIELDS: [&str; 4] = ["message", "event.original", "_raw", "log"];
    let mut texts = FIELDS.iter().filter_map(|name| draft.fields.get(name));
    let line = texts.find_map(Item::as_str)?.to_owned();
    let header = header::parse(line.trim(), hints);
    let shape = shape(&header, hints)?;
    shape.kind.product?;
    let mut fields = fields_of(&header);
    fields.extend(shape.fields);
    for (name, value) in &fields {
        if draft.fields.get(name).is_none() {
            let key = draft.fields.name(name);
            draft.fields.put_value(key, value);
        }
    }
    draft.id = shape.id;
    Some(Understood {
        kind: shape.kind,
        when: shape.when.map_or(header.when, Ok),
        degraded: Vec::new(),
    })
}

/// Makes an event's parts of one line.
pub(crate) fn understand(line: &[u8], hints: &Hints, draft: &mut Draft) -> Understood {
    let text = String::from_utf8_lossy(line);
    let mut degraded = Vec::new();
    if matches!(text, Cow::Owned(_)) {
        degraded.push(Degradation::InvalidUtf8);
    }
    let header = header::parse(text.trim(), hints);
    if let Some(mut understood) = carried::of(&header, hints, draft) {
        understood.degraded.extend(degraded);
        return understood;
    }
    let shape = shape(&header, hints);
    let forced = hints.settings.format.is_some_and(is_shape);
    if shape.is_none() && (forced || header.is_bare()) {
        degraded.push(Degradation::Unstructured);
    }
    let mut fields = fields_of(&header);
    let (kind, when) = match shape {
        Some(shape) => {
            fields.extend(shape.fields);
            draft.id = shape.id;
            (shape.kind, shape.when)
        }
        None => (Kind::default(), None),
    };
    draft.fill(fields);
    Understood {
        kind,
        when: when.map_or(header.when, Ok),
        degraded,
    }
}

const FACILITIES: [&str; 24] = [
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv",
    "ftp", "ntp", "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4",
    "local5", "local6", "local7",
];

const SEVERITIES: [&str; 8] = [
    "emerg", "alert", "crit", "err", "warning", "notice", "info", "debug",
];

fn fields_of(header: &Header<'_>) -> Fields {
    let mut fields = Fields::new();
    let mut put = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            fields.insert(name.to_owned(), Value::from(value));
        }
    };
    put("host", header.host);
    put("app", header.app);
    put("pid", header.pid);
    put("msgid", header.msgid);
    put("facility", header.facility());
    put("severity", header.severity());
    put("message", Some(header.message));
    if !header.structured.is_empty() {
        let elements = pairs::elements(header.structured);
        fields.insert("structured_data".to_owned(), Value::Object(elements));
    }
    fields
}
