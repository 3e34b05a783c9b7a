//! Objects that an integration wrote as a text: `{userName=erin, policyArn=arn:aws:iam::…}`.
//!
//! Values are not escaped in it, so that a value with `, name=` in it cannot be told from two. Where the
//! integration keeps the object beside the text (`flattened`), that one counts.

use cordon_model::{Key, Open, Record, Shape};
use serde_json::Value;

use crate::{columns::kept, inner::Inner};

/// Names whose text is an object, as the integration and as the vendor writes them.
pub(super) const WRITTEN: [(&str, &str); 3] = [
    ("request_parameters", "requestParameters"),
    ("response_elements", "responseElements"),
    ("additional_eventdata", "additionalEventData"),
];

/// Deepest nesting that is followed.
const DEPTH_MAX: usize = 32;

/// What a value stands in.
#[derive(Debug, Clone, Copy)]
enum Holder {
    Map,
    List,
}

/// Reads the object that a text holds, as JSON or in the other spelling.
pub(super) fn read<'i>(text: &str, inner: &'i mut Inner) -> Option<&'i Record> {
    let is_json = text.trim_start().strip_prefix('{').map(str::trim_start);
    if is_json.is_some_and(|inside| inside.starts_with(['"', '}'])) && inner.read(text).is_some() {
        return Some(&inner.record);
    }
    let inside = text.strip_prefix('{')?;
    let root = inner.record.begin();
    inner.record.append(text);
    let mut reading = Reading {
        text,
        record: &mut inner.record,
    };
    let rest = reading.map(inside, &root, 1)?;
    rest.is_empty().then_some(&inner.record)
}

/// A text in the integration's own spelling, and the record that it is read into.
struct Reading<'t, 'r> {
    text: &'t str,
    record: &'r mut Record,
}

impl<'t> Reading<'t, '_> {
    /// Puts the value that a text begins with; what follows it.
    fn value(
        &mut self,
        text: &'t str,
        (key, holder): (Key, Holder),
        depth: usize,
    ) -> Option<&'t str> {
        if depth > DEPTH_MAX {
            return None;
        }
        if text.starts_with("{\"") {
            // JSON in the text, such as a policy.
            let mut all = serde_json::Deserializer::from_str(text).into_iter::<Value>();
            if all.next().is_some_and(|first| first.is_ok()) {
                let (own, rest) = text.split_at_checked(all.byte_offset())?;
                self.put(key, own);
                return Some(rest);
            }
        }
        let (shape, inside) = match (text.strip_prefix('{'), text.strip_prefix('[')) {
            (Some(inside), _) => (Shape::Map, inside),
            (None, Some(inside)) => (Shape::List, inside),
            (None, None) => {
                let (own, rest) = text.split_at_checked(plain_end(text, holder))?;
                self.put(key, own);
                return Some(rest);
            }
        };
        let open = self.record.open(key, shape);
        let rest = match shape {
            Shape::Map => self.map(inside, &open, depth + 1)?,
            Shape::List => self.list(inside, depth + 1)?,
        };
        self.record.close(open);
        Some(rest)
    }

    fn put(&mut self, key: Key, text: &str) {
        let text = kept(self.record, self.text, text);
        self.record.put_text(key, text);
    }

    fn map(&mut self, mut rest: &'t str, open: &Open, depth: usize) -> Option<&'t str> {
        loop {
            if let Some(after) = rest.strip_prefix('}') {
                return Some(after);
            }
            let (name, after) = name(rest)?;
            let name = kept(self.record, self.text, name);
            let key = self.record.named(name);
            let after = if self.record.has(open, key) {
                // The first counts: what was chosen by whoever asked may look like a further one.
                let mut nowhere = Reading {
                    text: self.text,
                    record: &mut Record::new(),
                };
                nowhere.value(after, (Key::NONE, Holder::Map), depth)?
            } else {
                self.value(after, (key, Holder::Map), depth)?
            };
            rest = after.strip_prefix(", ").unwrap_or(after);
        }
    }

    fn list(&mut self, mut rest: &'t str, depth: usize) -> Option<&'t str> {
        loop {
            if let Some(after) = rest.strip_prefix(']') {
                return Some(after);
            }
            let after = self.value(rest, (Key::NONE, Holder::List), depth)?;
            if after.len() == rest.len() {
                return None;
            }
            rest = after.strip_prefix(", ").unwrap_or(after);
        }
    }
}

/// Where a value that holds nothing ends: before the bracket of what holds it, or the next name.
fn plain_end(text: &str, holder: Holder) -> usize {
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find([',', '}', ']'])) {
        let at = from + at;
        let rest = text.get(at..).unwrap_or_default();
        let ends = match (rest.strip_prefix(", "), holder) {
            (Some(next), Holder::Map) => name(next).is_some(),
            (Some(_), Holder::List) => true,
            (None, _) => !rest.starts_with(','),
        };
        if ends {
            return at;
        }
        from = at + 1;
    }
    text.len()
}

/// The name that a pair begins with, and what follows its sign.
fn name(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.split_once('=')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
    (!name.is_empty() && name.chars().all(is_name)).then_some((name, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use cordon_model::Record;

    use crate::inner::Inner;

    fn object(text: &str) -> Option<Value> {
        let mut inner = Inner::default();
        super::read(text, &mut inner).map(Record::to_value)
    }

    #[test]
    fn objects_are_read_in_both_spellings() {
        let check = |text, expect| assert_eq!(object(text), expect, "{text}");
        check(
            "{userName=erin, policyArn=arn:aws:iam::aws:policy/AdministratorAccess}",
            Some(
                json!({"userName": "erin", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}),
            ),
        );
        check(
            "{a={b=1, c=[x, y]}, d=one, two}",
            Some(json!({"a": {"b": "1", "c": ["x", "y"]}, "d": "one, two"})),
        );
        check(
            r#"{policyDocument={"Version":"2012","Statement":[{"Effect":"Allow"}]}, userName=b}"#,
            Some(
                json!({"policyDocument": r#"{"Version":"2012","Statement":[{"Effect":"Allow"}]}"#, "userName": "b"}),
            ),
        );
        check(r#"{"a":1}"#, Some(json!({"a": 1})));
        check("{}", Some(json!({})));
        check("null", None);
        check(
            "{a=1, b={c=1, c={c=2}, a=[x, {d=3}]}, a=[2]}",
            Some(json!({"a": "1", "b": {"c": "1", "a": ["x", {"d": "3"}]}})),
        );
        check("{a=1", None);
        check("{a={\"b\":1}, c={\"d\"", None);
        check(" {\"a\": 1}", Some(json!({"a": 1})));
        check("a text", None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_to_its_end(text in "[{}\\[\\],= a\"]{0,64}") {
            let _ = object(&text);
        }
    }
}
