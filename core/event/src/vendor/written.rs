//! Objects that an integration wrote as a text: `{userName=erin, policyArn=arn:aws:iam::…}`.
//!
//! Values are not escaped in it, so that a value with `, name=` in it cannot be told from two. Where the
//! integration keeps the object beside the text (`flattened`), that one counts.

use cordon_model::Value;
use serde_json::Map;

/// Names whose text is an object.
const WRITTEN: [(&str, &str); 3] = [
    ("requestParameters", "request_parameters"),
    ("responseElements", "response_elements"),
    ("additionalEventData", "additional_eventdata"),
];

/// Deepest nesting that is followed.
const DEPTH_MAX: usize = 32;

/// What a value stands in.
#[derive(Debug, Clone, Copy)]
enum Holder {
    Map,
    List,
}

/// Gives the vendor's names their objects. `own` is the same with the integration's names.
pub(super) fn unfold(mut named: Value, own: &Value) -> Value {
    let Value::Object(fields) = &mut named else {
        return named;
    };
    for (name, native) in WRITTEN {
        let flat = own.get("flattened").and_then(|flat| flat.get(native));
        let flat = flat.filter(|flat| flat.is_object()).cloned();
        let text = own.get(native).and_then(Value::as_str);
        if let Some(object) = flat.or_else(|| text.and_then(object)) {
            fields.insert(name.to_owned(), object);
        }
    }
    named
}

/// The object that a text holds, as JSON or in the other spelling.
fn object(text: &str) -> Option<Value> {
    if let Ok(parsed) = serde_json::from_str::<Value>(text) {
        return Some(parsed).filter(Value::is_object);
    }
    let (value, rest) = value(text, Holder::Map, 0)?;
    Some(value).filter(|value| rest.is_empty() && value.is_object())
}

/// The value that a text begins with, and what follows it.
fn value(text: &str, holder: Holder, depth: usize) -> Option<(Value, &str)> {
    if depth > DEPTH_MAX {
        return None;
    }
    if text.starts_with("{\"") {
        // JSON in the text, such as a policy.
        let mut all = serde_json::Deserializer::from_str(text).into_iter::<Value>();
        if all.next().is_some_and(|first| first.is_ok()) {
            let (own, rest) = text.split_at_checked(all.byte_offset())?;
            return Some((Value::from(own), rest));
        }
    }
    if let Some(inner) = text.strip_prefix('{') {
        return map(inner, depth + 1);
    }
    if let Some(inner) = text.strip_prefix('[') {
        return list(inner, depth + 1);
    }
    let end = plain_end(text, holder);
    let (own, rest) = text.split_at_checked(end)?;
    Some((Value::from(own), rest))
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

fn map(mut rest: &str, depth: usize) -> Option<(Value, &str)> {
    let mut fields = Map::new();
    loop {
        if let Some(after) = rest.strip_prefix('}') {
            return Some((Value::Object(fields), after));
        }
        let (name, after) = name(rest)?;
        let (value, after) = value(after, Holder::Map, depth)?;
        // The first counts: what was chosen by whoever asked may look like a further one.
        fields.entry(name.to_owned()).or_insert(value);
        rest = after.strip_prefix(", ").unwrap_or(after);
    }
}

fn list(mut rest: &str, depth: usize) -> Option<(Value, &str)> {
    let mut items = Vec::new();
    loop {
        if let Some(after) = rest.strip_prefix(']') {
            return Some((Value::Array(items), after));
        }
        let (item, after) = value(rest, Holder::List, depth)?;
        if after.len() == rest.len() {
            return None;
        }
        items.push(item);
        rest = after.strip_prefix(", ").unwrap_or(after);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::{object, unfold};

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
        check("{a=1", None);
        check("a text", None);
    }

    #[test]
    fn the_object_beside_the_text_counts() {
        let own =
            json!({"request_parameters": "{a=1}", "flattened": {"request_parameters": {"a_b": 2}}});
        let named = unfold(json!({"requestParameters": "{a=1}"}), &own);
        assert_eq!(named["requestParameters"], json!({"a_b": 2}));
    }

    proptest! {
        #[test]
        fn any_text_is_read_to_its_end(text in "[{}\\[\\],= a\"]{0,64}") {
            let _ = object(&text);
        }
    }
}
