//! Lines of text: syslog of RFC 5424 and RFC 3164, and lines of appliances that look like it.
//!
//! Every line gets `message` and, as far as its header has them, `host`, `app`, `pid`, `facility`
//! and `severity`. Lines of hypervisors, gateways and Linux services whose shape is known get fields
//! of their own beside these. A line without a header is still an event, marked as unstructured.

mod header;
mod linux;
mod pairs;
mod vmware;
mod vpn;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use cordon_model::Value;

use crate::{
    Degradation, Hints,
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
}

impl Shape {
    fn new(product: &'static str, service: &'static str) -> Self {
        Self {
            kind: Kind::new(product, service),
            fields: Fields::new(),
            when: None,
        }
    }

    fn put(&mut self, name: &str, value: &str) {
        self.fields.insert(name.to_owned(), Value::from(value));
    }

    fn put_some(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }
}

/// Makes an event's parts of one line.
pub(crate) fn understand(line: &[u8], hints: &Hints, draft: &mut Draft) -> Understood {
    let text = String::from_utf8_lossy(line);
    let mut degraded = Vec::new();
    if matches!(text, Cow::Owned(_)) {
        degraded.push(Degradation::InvalidUtf8);
    }
    let header = header::parse(text.trim(), hints);
    let shape = vpn::of(&header, hints)
        .or_else(|| vmware::of(&header))
        .or_else(|| linux::of(&header, hints));
    if shape.is_none() && header.is_bare() {
        degraded.push(Degradation::Unstructured);
    }
    let mut fields = fields_of(&header);
    let (kind, when) = match shape {
        Some(shape) => {
            fields.extend(shape.fields);
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
