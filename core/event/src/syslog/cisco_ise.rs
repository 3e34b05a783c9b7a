//! Cisco's Identity Services Engine: `CISE_Passed_Authentications 0000000001 1 0 2026-04-17 10:00:00.123
//! +01:00 0000000123 5200 NOTICE Passed-Authentication: Authentication succeeded, UserName=bob, …`.
//!
//! Long records are sent in several lines, which say how many and which; each stays a record of its own,
//! with `segment` and `segments`.

use std::{borrow::Cow, iter};

use super::{
    header::Header,
    shape::Shape,
    words::{self, around, around_sign},
};
use crate::{
    Hints,
    time::{self, Zoneless},
};

pub(super) fn of(header: &Header<'_>, hints: &Hints, shape: &mut Shape<'_>) -> Option<()> {
    let line = header.message;
    let at = words::find(line, "CISE_")?;
    let mut words = line.get(at..)?.splitn(5, ' ');
    let mut word = || words.next();
    let (category, id, segments, segment) = (word()?, word()?, word()?, word()?);
    if !segments.bytes().all(|b| b.is_ascii_digit()) || !segment.bytes().all(|b| b.is_ascii_digit())
    {
        return None;
    }
    shape.is("cisco", "ise");
    shape.put("event_type", category);
    shape.put("message_id", id);
    shape.put("segments", segments);
    shape.put("segment", segment);
    let rest = word()?;
    let rest = put_head(rest, shape, hints).unwrap_or(rest);
    for (name, value) in attributes(rest) {
        shape.put(name, &value);
    }
    Some(())
}

/// The first line of a record: time, number, code, level, class and text.
fn put_head<'l>(rest: &'l str, shape: &mut Shape<'_>, hints: &Hints) -> Option<&'l str> {
    let mut words = rest.splitn(7, ' ');
    let (date, clock, zone) = (words.next()?, words.next()?, words.next()?);
    shape.when = time::of_text(&[date, "T", clock, zone].concat(), Zoneless::Local, hints);
    shape.when?;
    let (_, code, level, text) = (words.next()?, words.next()?, words.next()?, words.next()?);
    shape.put("code", code);
    shape.put("severity", &level.to_ascii_lowercase());
    let (told, attributes) = text.split_once(',').unwrap_or((text, ""));
    let (class, said) = around(told, ": ").unwrap_or(("", told));
    shape.put("class", class);
    shape.put("message", said.trim());
    Some(attributes)
}

/// `a=1, b=2\, still, c={x=1; y=2;}`: a comma parts unless a backslash or an open brace stands before it.
fn attributes(text: &str) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
    let mut rest = Some(text);
    let parts = iter::from_fn(move || {
        let (part, after) = first(rest?);
        rest = after;
        Some(part)
    });
    parts.filter_map(|part| {
        let (name, value) = around_sign(part.trim_start(), b'=')?;
        (!name.is_empty()).then(|| (name, unescaped(value)))
    })
}

/// The first attribute of a text, and what follows its comma.
fn first(text: &str) -> (&str, Option<&str>) {
    let (mut depth, mut escaped) = (0_u32, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b',' if !escaped && depth == 0 => {
                return (text.get(..at).unwrap_or_default(), text.get(at + 1..));
            }
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        escaped = byte == b'\\' && !escaped;
    }
    (text, None)
}

fn unescaped(value: &str) -> Cow<'_, str> {
    if !value.contains('\\') {
        return Cow::Borrowed(value.trim());
    }
    let plain = value.replace("\\,", ",").replace("\\;", ";");
    Cow::Owned(plain.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::syslog::tests::check;

    #[test]
    fn a_record_is_read_with_its_attributes() {
        check(
            r"<181>Apr 17 10:00:00 ise1 CISE_Failed_Attempts 0000000042 1 0 2026-04-17 10:00:00.123 +01:00 0000000123 5400 NOTICE Failed-Attempt: Authentication failed, ConfigVersionId=4, Device IP Address=10.0.0.2, UserName=bob, FailureReason=22056 Subject not found\, twice, Response={RadiusPacketType=AccessReject; x=1, 2; },",
            "cisco/ise",
            Some("2026-04-17T09:00:00.123Z"),
            json!({"event_type": "CISE_Failed_Attempts", "code": "5400", "class": "Failed-Attempt",
                "message": "Authentication failed", "UserName": "bob", "Device IP Address": "10.0.0.2",
                "FailureReason": "22056 Subject not found, twice", "segments": "1", "host": "ise1"}),
        );
        check(
            "<181>Apr 17 10:00:00 ise1 CISE_Passed_Authentications 0000000042 2 1 NAS-IP-Address=10.0.0.2, cisco-av-pair=a=b,",
            "cisco/ise",
            Some("2026-04-17T10:00:00Z"),
            json!({"segment": "1", "NAS-IP-Address": "10.0.0.2", "cisco-av-pair": "a=b"}),
        );
    }
}
