//! One JSON text to a value, noting what was lost.
//!
//! Broken UTF-8 and half surrogate pairs, which shippers do produce, are replaced and noted rather
//! than costing the whole record. Repeated keys and rounded numbers are noted. Anything else that
//! is not JSON is refused with a reason.

mod scan;

use std::{borrow::Cow, cell::Cell, fmt};

use cordon_model::Value;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number};

use crate::{Degradation, RefusalReason};

pub(crate) use scan::{plain_run, scan, scan_row, scan_value};

/// What reading one JSON text gave.
#[derive(Debug, PartialEq)]
pub(crate) struct Parsed {
    pub(crate) value: Value,
    pub(crate) degraded: Vec<Degradation>,
}

/// Parses one JSON text with nothing after it.
pub(crate) fn parse(bytes: &[u8]) -> Result<Parsed, RefusalReason> {
    let mut degraded = Vec::new();
    let text = String::from_utf8_lossy(bytes);
    if matches!(text, Cow::Owned(_)) {
        degraded.push(Degradation::InvalidUtf8);
    }
    let losses = Losses::default();
    let value = match parse_text(&text, &losses) {
        Ok(value) => value,
        Err(error) => {
            let Some(repaired) = without_lone_surrogates(&text) else {
                return Err(reason(&error));
            };
            degraded.push(Degradation::LoneSurrogate);
            parse_text(&repaired, &losses).map_err(|error| reason(&error))?
        }
    };
    if losses.rounded.get() {
        degraded.push(Degradation::NumberRounded);
    }
    if losses.repeated.get() {
        degraded.push(Degradation::RepeatedKey);
    }
    Ok(Parsed { value, degraded })
}

fn parse_text(text: &str, losses: &Losses) -> serde_json::Result<Value> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Noting(losses).deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

fn reason(error: &serde_json::Error) -> RefusalReason {
    // `serde_json` has no code for its fixed nesting limit of 128; the text is stable.
    if error.to_string().starts_with("recursion limit exceeded") {
        RefusalReason::TooDeep
    } else if error.is_eof() {
        RefusalReason::Truncated
    } else {
        RefusalReason::BrokenJson
    }
}

#[derive(Default)]
struct Losses {
    rounded: Cell<bool>,
    repeated: Cell<bool>,
}

/// Builds a value and notes losses on the way.
#[derive(Clone, Copy)]
struct Noting<'l>(&'l Losses);

/// From here on `f64` no longer holds every integer that a 64-bit field could have meant.
const ROUNDED_FROM: f64 = 9_223_372_036_854_775_808.0;

impl<'de> DeserializeSeed<'de> for Noting<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Noting<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        if value.abs() >= ROUNDED_FROM {
            self.0.rounded.set(true);
        }
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if map.insert(key, entries.next_value_seed(self)?).is_some() {
                self.0.repeated.set(true);
            }
        }
        Ok(Value::Object(map))
    }
}

/// The text with escapes of half surrogate pairs replaced; none if there are none.
fn without_lone_surrogates(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut found = false;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let taken = match (unit(escape), escape.get(6..).and_then(unit)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => {
                found = true;
                out.push('\u{fffd}');
                rest = escape.get(6..).unwrap_or_default();
                continue;
            }
            // The escaped character may be a backslash itself, so it goes along.
            _ => 1 + escape.chars().nth(1).map_or(0, char::len_utf8),
        };
        let (keep, after) = escape.split_at_checked(taken).unwrap_or((escape, ""));
        out.push_str(keep);
        rest = after;
    }
    out.push_str(rest);
    found.then_some(out)
}

/// The UTF-16 unit that an escape `\uXXXX` at the beginning of the text names.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Parsed, parse};
    use crate::{Degradation, RefusalReason};

    fn check(text: &[u8], expect: Result<(serde_json::Value, &[Degradation]), RefusalReason>) {
        let expect = expect.map(|(value, degraded)| Parsed {
            value,
            degraded: degraded.to_vec(),
        });
        assert_eq!(parse(text), expect, "{}", String::from_utf8_lossy(text));
    }

    #[test]
    fn what_is_lost_is_noted() {
        check(br#"{"a":[1,-2,0.5,true,null]}"#, {
            Ok((json!({"a": [1, -2, 0.5, true, null]}), &[]))
        });
        check(b"{\"a\":\"\xff\"}", {
            Ok((json!({"a": "\u{fffd}"}), &[Degradation::InvalidUtf8]))
        });
        check(br#"{"a":"\ud83d!","b":"\\ud83d \ud83d\ude00"}"#, {
            let value = json!({"a": "\u{fffd}!", "b": "\\ud83d 😀"});
            Ok((value, &[Degradation::LoneSurrogate]))
        });
        check(br#"{"a":36893488147419103232}"#, {
            let value = json!({"a": 36_893_488_147_419_103_232.0});
            Ok((value, &[Degradation::NumberRounded]))
        });
        check(br#"{"a":1,"a":2}"#, {
            Ok((json!({"a": 2}), &[Degradation::RepeatedKey]))
        });
    }

    #[test]
    fn what_is_not_json_is_refused_with_its_reason() {
        check(b"{\"a\":", Err(RefusalReason::Truncated));
        check(b"{\"a\":1,}", Err(RefusalReason::BrokenJson));
        check(b"{} {}", Err(RefusalReason::BrokenJson));
        let deep = [b"[".repeat(200), b"]".repeat(200)].concat();
        check(&deep, Err(RefusalReason::TooDeep));
    }
}
