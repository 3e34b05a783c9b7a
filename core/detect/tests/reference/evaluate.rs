//! What a rule means, read off its text for each record anew.

use std::net::{IpAddr, Ipv6Addr};

use serde_json::Value;

use crate::{
    condition, encodings,
    pattern::{self, Case, Sign},
    times, variables,
};

/// A line of a selection: `field|modifier|modifier`.
struct Line<'r> {
    /// None for keywords.
    field: Option<&'r str>,
    modifiers: Vec<&'r str>,
    values: Vec<&'r Value>,
}

/// Parts of a point in time.
const TIMES: [&str; 6] = ["minute", "hour", "day", "week", "month", "year"];

impl<'r> Line<'r> {
    fn of(key: &'r str, value: &'r Value) -> Self {
        let mut parts = key.split('|');
        let field = parts.next().filter(|name| !name.is_empty());
        Self {
            field,
            modifiers: parts.collect(),
            values: listed(value),
        }
    }

    fn has(&self, modifier: &str) -> bool {
        self.modifiers.contains(&modifier)
    }

    fn among(&self, known: &[&'static str]) -> Option<&'static str> {
        known.iter().find(|modifier| self.has(modifier)).copied()
    }

    fn case(&self) -> Case {
        if self.has("cased") {
            Case::Counts
        } else {
            Case::Ignored
        }
    }
}

fn listed(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(values) => values.iter().collect(),
        value => vec![value],
    }
}

/// Whether a rule matches a record.
pub(crate) fn matches(rule: &Value, record: &Value) -> bool {
    let selections = rule["detection"].as_object().unwrap();
    let names: Vec<_> = selections
        .keys()
        .map(String::as_str)
        .filter(|n| *n != "condition")
        .collect();
    let conditions = listed(&selections["condition"]);
    let holds = |name: &str| selection(&selections[name], record);
    let mut texts = conditions
        .iter()
        .map(|condition| condition.as_str().unwrap());
    texts.any(|text| condition::holds(text, &names, &holds))
}

fn selection(body: &Value, record: &Value) -> bool {
    match body {
        Value::Object(lines) => lines
            .iter()
            .all(|(key, value)| line(&Line::of(key, value), record)),
        Value::Array(parts) => parts.iter().any(|part| selection(part, record)),
        keyword => line(&Line::of("", keyword), record),
    }
}

fn line(line: &Line<'_>, record: &Value) -> bool {
    let (there, leaves) = match line.field {
        Some(name) => field(record, name),
        None => (true, everything(record)),
    };
    let mut holds = line
        .values
        .iter()
        .map(|value| one(line, value, (there, &leaves), record));
    let result = if line.has("all") {
        holds.all(|held| held)
    } else {
        holds.any(|held| held)
    };
    result != line.has("neq")
}

/// Whether a value of a line holds for what a record has there.
fn one(
    line: &Line<'_>,
    wanted: &Value,
    (there, leaves): (bool, &[&Value]),
    record: &Value,
) -> bool {
    if line.has("exists") {
        return wanted.as_bool() == Some(there);
    }
    if line.has("fieldref") {
        let (_, others) = field(record, wanted.as_str().unwrap());
        let others: Vec<_> = others.into_iter().filter_map(text).collect();
        let relates = |leaf: &String| {
            others.iter().any(|other| {
                let signs: Vec<_> = other.chars().map(Sign::Char).collect();
                pattern::fits(&anchored(line, signs), line.case(), leaf)
            })
        };
        return leaves
            .iter()
            .filter_map(|leaf| text(leaf))
            .any(|leaf| relates(&leaf));
    }
    if wanted.is_null() {
        return !there || leaves.iter().any(|leaf| leaf.is_null());
    }
    leaves.iter().any(|leaf| fits(line, wanted, leaf))
}

/// Whether one value of a record is what one value of a line asks for.
fn fits(line: &Line<'_>, wanted: &Value, leaf: &Value) -> bool {
    let compare = line.among(&["gte", "gt", "lte", "lt"]);
    if let Some(part) = line.among(&TIMES) {
        let found = text(leaf).and_then(|text| times::part(&text, part));
        return found.is_some_and(|found| {
            compares(compare.unwrap_or("eq"), found, number(wanted).unwrap())
        });
    }
    if let Some(compare) = compare {
        return number(leaf).is_some_and(|found| compares(compare, found, number(wanted).unwrap()));
    }
    let textual = [
        "contains",
        "startswith",
        "endswith",
        "re",
        "cidr",
        "windash",
        "base64",
        "base64offset",
    ];
    if line.field.is_some() && line.among(&textual).is_none() {
        match (wanted, leaf) {
            (Value::Bool(wanted), Value::Bool(found)) => return wanted == found,
            (Value::Number(_), Value::Number(_)) => return number(wanted) == number(leaf),
            (Value::Number(_) | Value::Bool(_), Value::String(found)) => {
                let signs: Vec<_> = wanted.to_string().chars().map(Sign::Char).collect();
                return pattern::fits(&signs, Case::Ignored, found);
            }
            (Value::Number(_) | Value::Bool(_), _) => return false,
            (_, _) => {}
        }
    }
    let Some(found) = text(leaf) else {
        return false;
    };
    let wanted = text(wanted).unwrap();
    expanded(line, &wanted).iter().any(|wanted| {
        if line.has("re") {
            let flags: String = line
                .modifiers
                .iter()
                .filter(|m| ["i", "m", "s"].contains(m))
                .copied()
                .collect();
            let flags = if flags.is_empty() {
                flags
            } else {
                format!("(?{flags})")
            };
            return pattern::found(&format!("{flags}{wanted}"), &found);
        }
        if line.has("cidr") {
            return within(wanted, &found);
        }
        let mut forms = forms(line, wanted).into_iter();
        forms.any(|form| pattern::fits(&anchored(line, form), line.case(), &found))
    })
}

/// The texts that a value stands for under `expand`.
fn expanded(line: &Line<'_>, wanted: &str) -> Vec<String> {
    let mut texts = vec![wanted.to_owned()];
    if line.has("expand") {
        for (name, values) in variables() {
            let sign = format!("%{name}%");
            let put = |text: &String| -> Vec<String> {
                if text.contains(&sign) {
                    values
                        .iter()
                        .map(|value| text.replacen(&sign, value, 1))
                        .collect()
                } else {
                    vec![text.clone()]
                }
            };
            texts = texts.iter().flat_map(put).collect();
        }
    }
    texts
}

/// What is sought for a text: itself, or its encodings.
fn forms(line: &Line<'_>, wanted: &str) -> Vec<Vec<Sign>> {
    let mut signs = pattern::signs(wanted);
    if line.has("windash") {
        signs = pattern::windash(&signs);
    }
    if line.among(&["base64", "base64offset"]).is_none() {
        return vec![signs];
    }
    let mut forms = Vec::new();
    for text in pattern::spellings(&signs).unwrap() {
        let bytes = encoded(line, &text);
        if line.has("base64") {
            forms.push(encodings::base64(&bytes));
        } else {
            forms.extend((0..3).map(|before| encodings::certain(&bytes, before)));
        }
    }
    forms
        .iter()
        .map(|form| form.chars().map(Sign::Char).collect())
        .collect()
}

fn encoded(line: &Line<'_>, text: &str) -> Vec<u8> {
    let units = text.encode_utf16();
    match line.among(&["wide", "utf16le", "utf16be", "utf16"]) {
        None => text.as_bytes().to_vec(),
        Some("utf16be") => units.flat_map(u16::to_be_bytes).collect(),
        Some("utf16") => [0xff, 0xfe]
            .into_iter()
            .chain(units.flat_map(u16::to_le_bytes))
            .collect(),
        Some(_) => units.flat_map(u16::to_le_bytes).collect(),
    }
}

/// The signs with a wildcard on each side where more may stand.
fn anchored(line: &Line<'_>, mut signs: Vec<Sign>) -> Vec<Sign> {
    let relation = line.among(&["contains", "startswith", "endswith"]);
    let anywhere = relation == Some("contains") || relation.is_none() && line.field.is_none();
    if anywhere || relation == Some("endswith") {
        signs.insert(0, Sign::Star);
    }
    if anywhere || relation == Some("startswith") {
        signs.push(Sign::Star);
    }
    signs
}

fn compares(how: &str, found: f64, wanted: f64) -> bool {
    match how {
        "gt" => found > wanted,
        "gte" => found >= wanted,
        "lt" => found < wanted,
        "lte" => found <= wanted,
        _ => found.total_cmp(&wanted).is_eq(),
    }
}

/// The decimal number that a value is or spells.
fn number(value: &Value) -> Option<f64> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return None,
    };
    let decimal = r"\A[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\z";
    pattern::found(decimal, &text).then(|| text.parse().unwrap())
}

fn within(network: &str, text: &str) -> bool {
    let bits = |address: IpAddr| match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    };
    let mapped = |bits: u128| Ipv6Addr::from_bits(bits).to_ipv4_mapped().is_some();
    let (address, prefix) = network.split_once('/').unwrap_or((network, ""));
    let address: IpAddr = address.parse().unwrap();
    let spare = if address.is_ipv4() { 96 } else { 0 };
    let prefix = prefix.parse::<u32>().map_or(128, |prefix| prefix + spare);
    let Ok(found) = text.split('%').next().unwrap_or_default().parse::<IpAddr>() else {
        return false;
    };
    let (wanted, found) = (bits(address), bits(found));
    let mask = u128::MAX.checked_shl(128 - prefix).unwrap_or(0);
    // IPv4 lies within its own part of IPv6 only, and no network of IPv6 reaches into that.
    let same = mapped(found) == (mapped(wanted) && prefix >= 96);
    same && wanted & mask == found & mask
}

/// The text of a value; maps and nothing have none.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Whether a record has a field of this name, and its values, the members of lists by themselves.
fn field<'r>(record: &'r Value, name: &str) -> (bool, Vec<&'r Value>) {
    let (mut there, mut leaves) = (false, Vec::new());
    named(record, name, &mut |value| {
        there = true;
        members(value, &mut leaves);
    });
    (there, leaves)
}

fn named<'r>(value: &'r Value, name: &str, visit: &mut dyn FnMut(&'r Value)) {
    match value {
        Value::Array(members) => members.iter().for_each(|member| named(member, name, visit)),
        Value::Object(entries) => {
            for (key, value) in entries {
                if key == name {
                    visit(value);
                } else if let Some(rest) = name.strip_prefix(&format!("{key}.")) {
                    named(value, rest, visit);
                }
            }
        }
        _ => {}
    }
}

fn members<'r>(value: &'r Value, leaves: &mut Vec<&'r Value>) {
    match value {
        Value::Array(all) => all.iter().for_each(|member| members(member, leaves)),
        value => leaves.push(value),
    }
}

fn everything(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(members) => members.iter().flat_map(everything).collect(),
        Value::Object(entries) => entries.values().flat_map(everything).collect(),
        value => vec![value],
    }
}

/// Whether a rule cannot be meant: something too short to be sought, or with wildcards, is to be
/// encoded.
pub(crate) fn is_refused(rule: &Value) -> bool {
    let selections = rule["detection"].as_object().unwrap();
    selections
        .iter()
        .any(|(name, body)| name != "condition" && unusable(body))
}

fn unusable(body: &Value) -> bool {
    match body {
        Value::Object(lines) => lines.iter().any(|(key, value)| {
            let line = Line::of(key, value);
            line.among(&["base64", "base64offset"]).is_some()
                && line.values.iter().any(|value| uncodable(&line, value))
        }),
        Value::Array(parts) => parts.iter().any(unusable),
        _ => false,
    }
}

fn uncodable(line: &Line<'_>, value: &Value) -> bool {
    let Some(text) = text(value) else {
        return true;
    };
    expanded(line, &text).iter().any(|text| {
        let mut signs = pattern::signs(text);
        if line.has("windash") {
            signs = pattern::windash(&signs);
        }
        let dashes = signs.iter().filter(|sign| **sign == Sign::Dash).count();
        let wild = signs
            .iter()
            .any(|sign| matches!(sign, Sign::Star | Sign::Question));
        wild || dashes > 4
            || pattern::spellings(&signs).is_none_or(|texts| {
                texts.iter().any(|text| {
                    let bytes = encoded(line, text);
                    bytes.is_empty() || line.has("base64offset") && bytes.len() < 2
                })
            })
    })
}
