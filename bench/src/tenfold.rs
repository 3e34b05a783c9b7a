//! Ten times the rules: each rule as it is and nine copies that look for something else.
//!
//! In a copy, one letter of every literal of four characters or more is another one, regular
//! expressions need a further letter, and a selection without such a literal has its numbers
//! moved. So the copies are as varied as rules are, and hardly any of them matches.

use std::{fmt::Write as _, fs, path::Path};

use cordon_text::{Node, ScalarKind, Source, Value as Shape};
use serde_json::{Map, Value};

use crate::{Fault, walk::files};

/// How many rules stand for one.
const TIMES: u8 = 10;

/// Shortest literal that is changed.
const LITERAL_CHARS_MIN: usize = 4;

/// Writes ten rules for each rule below a folder.
pub(crate) fn write(from: &Path, into: &Path) -> Result<(), Fault> {
    fs::create_dir_all(into)?;
    for (number, path) in files(from, "yml")?.iter().enumerate() {
        let (documents, _) = cordon_text::parse(&Source::new("rule", fs::read_to_string(path)?));
        let mut text = String::new();
        for document in documents.iter().map(plain) {
            for copy in 0..TIMES {
                let rule = changed(document.clone(), copy);
                writeln!(text, "---\n{rule:#}")?;
            }
        }
        fs::write(into.join(format!("{number}.yml")), text)?;
    }
    Ok(())
}

/// A YAML tree as a JSON value, which is YAML too.
fn plain(node: &Node) -> Value {
    match &node.value {
        Shape::Sequence(items) => items.iter().map(plain).collect(),
        Shape::Mapping(entries) => {
            let key = |node: &Node| node.scalar().map_or_else(String::new, |s| s.text.clone());
            let entries = entries.iter().map(|(k, v)| (key(k), plain(v)));
            Value::Object(entries.collect())
        }
        Shape::Scalar(scalar) => match scalar.kind() {
            ScalarKind::Null => Value::Null,
            ScalarKind::Bool(value) => Value::from(value),
            ScalarKind::Integer | ScalarKind::Decimal => serde_json::from_str(&scalar.text)
                .unwrap_or_else(|_| Value::from(scalar.text.clone())),
            ScalarKind::String => Value::from(scalar.text.clone()),
        },
    }
}

fn changed(mut rule: Value, copy: u8) -> Value {
    let Some(fields) = rule.as_object_mut().filter(|_| copy > 0) else {
        return rule;
    };
    if let Some(Value::String(title)) = fields.get_mut("title") {
        title.push(' ');
        title.push(char::from(b'0' + copy));
    }
    if let Some(Value::String(id)) = fields.get_mut("id") {
        // Its own last digit in each copy, and a first one that the original does not have.
        id.replace_range(id.len() - 1.., &copy.to_string());
        id.replace_range(..1, if id.starts_with('0') { "1" } else { "0" });
    }
    if let Some(Value::Object(detection)) = fields.get_mut("detection") {
        for (name, selection) in detection {
            if name != "condition" && name != "timeframe" {
                change_selection(selection, copy);
            }
        }
    }
    rule
}

fn change_selection(selection: &mut Value, copy: u8) {
    let mut changes = 0;
    each_text(selection, "", &mut |field, text| {
        if let Some(other) = another(field, text, copy) {
            *text = other;
            changes += 1;
        }
    });
    if changes == 0 {
        move_numbers(selection, copy);
    }
}

/// Another text instead of this one; none if it is to stay.
fn another(field: &str, text: &str, copy: u8) -> Option<String> {
    let mut modifiers = field.split('|').skip(1);
    if modifiers
        .clone()
        .any(|m| matches!(m, "cidr" | "expand" | "fieldref"))
    {
        return None;
    }
    let letter = |place: u8| char::from(b'a' + place % 26);
    if modifiers.any(|m| m == "re") {
        return Some(format!("(?:{text}){}q{}", letter(copy), letter(copy + 7)));
    }
    let mut out = String::new();
    let mut changes = 0;
    for literal in text.split_inclusive(['*', '?', '\\']) {
        let middle = literal.chars().count() / 2;
        let long = literal.chars().count() > LITERAL_CHARS_MIN;
        for (place, c) in literal.chars().enumerate() {
            let turned = long && place == middle && !matches!(c, '*' | '?' | '\\' | '%');
            changes += usize::from(turned);
            out.push(if turned { turn(c, copy) } else { c });
        }
    }
    (changes > 0).then_some(out)
}

/// Another character of the same sort.
fn turn(c: char, copy: u8) -> char {
    let turned = |first: u8, c: char| {
        let place = u8::try_from(u32::from(c) - u32::from(first)).unwrap_or_default();
        char::from(first + (place + copy) % 26)
    };
    match c {
        'a'..='z' => turned(b'a', c),
        'A'..='Z' => turned(b'A', c),
        _ => char::from(b'a' + copy),
    }
}

fn each_text(value: &mut Value, field: &str, change: &mut impl FnMut(&str, &mut String)) {
    match value {
        Value::String(text) => change(field, text),
        Value::Array(items) => {
            for item in items {
                each_text(item, field, change);
            }
        }
        Value::Object(fields) => {
            for (field, value) in fields {
                each_text(value, field, change);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn move_numbers(value: &mut Value, copy: u8) {
    match value {
        Value::Number(number) => {
            if let Some(whole) = number.as_i64() {
                *value = Value::from(whole + 100_000 * i64::from(copy));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| move_numbers(item, copy)),
        Value::Object(fields) => move_fields(fields, copy),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

fn move_fields(fields: &mut Map<String, Value>, copy: u8) {
    for (_, value) in fields.iter_mut() {
        move_numbers(value, copy);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::changed;

    #[test]
    fn a_copy_looks_for_something_else_in_every_selection() {
        let rule = json!({"title": "T", "id": "0a", "detection": {
            "a": {"Image|endswith": ["\\whoami.exe", "\\a"], "EventID": 1},
            "b": {"EventID": [4624, 4625]},
            "c": {"Line|re": "x.*y"},
            "d|contains": null,
            "condition": "a or b or c",
        }});
        let copy = changed(rule, 1);
        let expected = json!({"title": "T 1", "id": "11", "detection": {
            "a": {"Image|endswith": ["\\whoami.exe".replace("i.", "j."), "\\a".to_owned()], "EventID": 1},
            "b": {"EventID": [104_624, 104_625]},
            "c": {"Line|re": "(?:x.*y)bqi"},
            "d|contains": null,
            "condition": "a or b or c",
        }});
        assert_eq!(copy, expected);
    }
}
