//! XML text as a tree of values, and a stream of Windows events in it.
//!
//! The tree is the one that readers of binary XML give: attributes under `#attributes`, text beside them
//! under `#text`, an element of text alone as that text. Only what logs write is understood: no
//! document types and no entities but XML's own, so that no text can grow while it is read.

mod elements;

pub(crate) use elements::Elements;

use cordon_model::Value;
use serde_json::Map;

use crate::RefusalReason;

/// Deepest nesting accepted, as for JSON. Events of Windows have five levels.
const DEPTH_MAX: usize = 128;

/// Parses one element; what follows it is not looked at.
pub(crate) fn parse(text: &str) -> Result<Value, RefusalReason> {
    let mut open: Vec<Element> = Vec::new();
    let mut rest = text;
    loop {
        let (before, tag) = rest.split_once('<').ok_or(broken(rest))?;
        if let Some(element) = open.last_mut() {
            element.text.push_str(&unescaped(before));
        }
        if let Some(after) = tag.strip_prefix("![CDATA[") {
            let (inside, after) = after.split_once("]]>").ok_or(RefusalReason::Truncated)?;
            if let Some(element) = open.last_mut() {
                element.text.push_str(inside);
            }
            rest = after;
        } else if let Some(after) = tag.strip_prefix("!--") {
            (_, rest) = after.split_once("-->").ok_or(RefusalReason::Truncated)?;
        } else if let Some(after) = tag.strip_prefix('?') {
            (_, rest) = after.split_once("?>").ok_or(RefusalReason::Truncated)?;
        } else if let Some(after) = tag.strip_prefix('/') {
            let (name, after) = after.split_once('>').ok_or(RefusalReason::Truncated)?;
            let element = open.pop().filter(|element| element.name == name.trim());
            let element = element.ok_or(RefusalReason::BrokenXml)?;
            let (name, value) = element.close();
            match open.last_mut() {
                Some(parent) => parent.add(name, value),
                None => return Ok(only(name, value)),
            }
            rest = after;
        } else {
            let (element, closed, after) = start(tag)?;
            rest = after;
            if closed {
                let (name, value) = element.close_empty();
                match open.last_mut() {
                    Some(parent) => parent.add(name, value),
                    None => return Ok(only(name, value)),
                }
            } else if open.len() >= DEPTH_MAX {
                return Err(RefusalReason::TooDeep);
            } else {
                open.push(element);
            }
        }
    }
}

fn only(name: String, value: Value) -> Value {
    Value::Object(Map::from_iter([(name, value)]))
}

fn broken(rest: &str) -> RefusalReason {
    if rest.trim().is_empty() {
        RefusalReason::Truncated
    } else {
        RefusalReason::BrokenXml
    }
}

/// An element that is not closed yet.
#[derive(Default)]
struct Element {
    name: String,
    attributes: Map<String, Value>,
    children: Map<String, Value>,
    text: String,
}

/// Elements that may stand several times, so that one of them is a list of one.
pub(crate) const LISTED: &str = "Data";

impl Element {
    fn add(&mut self, name: String, value: Value) {
        match self.children.get_mut(&name) {
            Some(Value::Array(several)) => several.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
            None if name == LISTED => {
                self.children.insert(name, Value::Array(vec![value]));
            }
            None => {
                self.children.insert(name, value);
            }
        }
    }

    fn close(self) -> (String, Value) {
        let Self {
            name,
            attributes,
            mut children,
            text,
        } = self;
        if children.is_empty() && attributes.is_empty() {
            return (name, Value::String(text));
        }
        if children.is_empty() || !text.trim().is_empty() {
            children.insert("#text".to_owned(), Value::String(text));
        }
        if !attributes.is_empty() {
            children.insert("#attributes".to_owned(), Value::Object(attributes));
        }
        (name, Value::Object(children))
    }

    /// `<Name/>`: without a text, which is not the same as an empty one.
    fn close_empty(self) -> (String, Value) {
        if self.attributes.is_empty() {
            return (self.name, Value::Null);
        }
        let attributes = Value::Object(self.attributes);
        (self.name, only("#attributes".to_owned(), attributes))
    }
}

/// A start tag after its bracket: the element, whether it is closed already, and what follows.
fn start(tag: &str) -> Result<(Element, bool, &str), RefusalReason> {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
    let end = tag.find(|c| !is_name(c)).ok_or(RefusalReason::Truncated)?;
    let (name, mut rest) = tag.split_at_checked(end).unwrap_or((tag, ""));
    if name.is_empty() {
        return Err(RefusalReason::BrokenXml);
    }
    let mut element = Element {
        name: name.to_owned(),
        ..Element::default()
    };
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix('>') {
            return Ok((element, false, after));
        }
        if let Some(after) = rest.strip_prefix("/>") {
            return Ok((element, true, after));
        }
        let (name, after) = rest.split_once('=').ok_or(broken(rest))?;
        let after = after.trim_start();
        let quote = after.chars().next().ok_or(RefusalReason::Truncated)?;
        if !matches!(quote, '"' | '\'') || !name.trim().chars().all(is_name) {
            return Err(RefusalReason::BrokenXml);
        }
        let inner = after.get(1..).unwrap_or_default();
        let (value, after) = inner.split_once(quote).ok_or(RefusalReason::Truncated)?;
        let value = Value::String(unescaped(value));
        element.attributes.insert(name.trim().to_owned(), value);
        rest = after;
    }
}

/// A text with its entities resolved; what is none stays as it is.
pub(crate) fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        // The longest entity that names a character has ten digits.
        let end = after.bytes().take(12).position(|b| b == b';');
        let named = end.and_then(|end| entity(after.get(..end)?).map(|c| (c, end)));
        if let Some((c, end)) = named {
            out.push(c);
            rest = after.get(end + 1..).unwrap_or_default();
        } else {
            out.push('&');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let number = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(number)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::parse;
    use crate::RefusalReason;

    #[test]
    fn elements_become_the_tree_that_binary_xml_gives() {
        let text = "<Event xmlns='x'><System><Provider Name=\"P\"/><EventID Qualifiers='0'>7</EventID><Computer>a &amp; b</Computer></System><!-- no --><EventData><Data Name='A'>1 &lt; 2&#10;&#x41;</Data><Data Name='B'/><Data Name='C'></Data></EventData></Event>rest";
        assert_eq!(
            parse(text).unwrap(),
            json!({"Event": {"#attributes": {"xmlns": "x"},
                "System": {"Provider": {"#attributes": {"Name": "P"}},
                    "EventID": {"#attributes": {"Qualifiers": "0"}, "#text": "7"}, "Computer": "a & b"},
                "EventData": {"Data": [
                    {"#attributes": {"Name": "A"}, "#text": "1 < 2\nA"},
                    {"#attributes": {"Name": "B"}},
                    {"#attributes": {"Name": "C"}, "#text": ""}]}}})
        );
        let one = parse("<E><Data>x</Data><b/><c><![CDATA[<&]]></c></E>").unwrap();
        assert_eq!(one, json!({"E": {"Data": ["x"], "b": null, "c": "<&"}}));
    }

    #[test]
    fn what_is_no_xml_is_refused_with_its_reason() {
        for (text, reason) in [
            ("", RefusalReason::Truncated),
            ("<", RefusalReason::Truncated),
            ("<a", RefusalReason::Truncated),
            ("<a>", RefusalReason::Truncated),
            ("<a><b></a>", RefusalReason::BrokenXml),
            ("<a b=c>", RefusalReason::BrokenXml),
            ("<a b='c>", RefusalReason::Truncated),
            ("</a>", RefusalReason::BrokenXml),
            ("<>", RefusalReason::BrokenXml),
            ("<a><![CDATA[", RefusalReason::Truncated),
        ] {
            assert_eq!(parse(text), Err(reason), "{text}");
        }
        assert_eq!(parse(&"<a>".repeat(200)), Err(RefusalReason::TooDeep));
    }

    #[test]
    fn an_entity_that_is_none_stays_as_it_is() {
        let found = parse("<a>&lol; & &#xFFFFFFF; &;</a>").unwrap();
        assert_eq!(found, json!({"a": "&lol; & &#xFFFFFFF; &;"}));
    }
}
