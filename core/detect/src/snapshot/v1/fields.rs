//! The fields of a record as JSON, to the letter. This is the one place that knows how they are kept.
//!
//! A whole number is a number. Any other is `["number", "1.50"]`, because readers of JSON change the
//! spelling of numbers, and a number may have more digits than they keep; a list is `["list", …]`.

use cordon_model::{Item, Key, Record, Scalar, Shape, Value};

use super::RestoreError;

const NUMBER: &str = "number";
const LIST: &str = "list";

/// A value as the format writes it.
pub(super) fn written(item: Item<'_>) -> Value {
    match (item.scalar(), item.shape()) {
        (Some(Scalar::Null), _) | (None, None) => Value::Null,
        (Some(Scalar::Bool(truth)), _) => Value::Bool(truth),
        (Some(Scalar::Text(text)), _) => Value::from(text),
        (Some(Scalar::Number(spelled)), _) => number(spelled),
        (None, Some(Shape::List)) => {
            let members = item.children().map(written);
            std::iter::once(Value::from(LIST)).chain(members).collect()
        }
        (None, Some(Shape::Map)) => {
            let named = item.children();
            Value::Object(named.map(|c| (c.key().to_owned(), written(c))).collect())
        }
    }
}

fn number(spelled: &str) -> Value {
    match spelled.parse::<i64>() {
        Ok(whole) if whole.to_string() == spelled => Value::from(whole),
        Ok(_) | Err(_) => Value::from(vec![NUMBER, spelled]),
    }
}

/// A record from its fields.
pub(super) fn read(fields: &Value) -> Result<Record, RestoreError> {
    let mut record = Record::new();
    let Value::Object(named) = fields else {
        return Err(RestoreError::Fields(fields.to_string()));
    };
    for (name, value) in named {
        let key = record.name(name);
        put(&mut record, key, value)?;
    }
    Ok(record)
}

fn put(record: &mut Record, key: Key, value: &Value) -> Result<(), RestoreError> {
    match value {
        Value::Null => record.put(key, Scalar::Null),
        Value::Bool(truth) => record.put(key, Scalar::Bool(*truth)),
        Value::String(text) => record.put(key, Scalar::Text(text)),
        Value::Number(whole) => record.put(key, Scalar::Number(&whole.to_string())),
        Value::Array(members) => match members.split_first() {
            Some((word, members)) if word == LIST => {
                let open = record.open(key, Shape::List);
                for member in members {
                    put(record, Key::NONE, member)?;
                }
                record.close(open);
            }
            Some((word, [Value::String(spelled)])) if word == NUMBER => {
                record.put(key, Scalar::Number(spelled));
            }
            Some(_) | None => return Err(RestoreError::Fields(value.to_string())),
        },
        Value::Object(named) => {
            let open = record.open(key, Shape::Map);
            for (name, value) in named {
                let key = record.name(name);
                put(record, key, value)?;
            }
            record.close(open);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use cordon_model::{Record, Scalar};
    use serde_json::json;

    #[test]
    fn fields_are_kept_to_the_letter() {
        let value = json!({
            "text": "number", "none": null, "yes": true, "whole": -7,
            "list": ["list", [], ["number", "1"], {}], "map": { "a.b": { "c": 1 } },
        });
        let mut record = Record::from(value);
        for spelled in ["1.50", "-0", "1e400", "123456789012345678901234567890.1"] {
            let key = record.name(spelled);
            record.put(key, Scalar::Number(spelled));
        }
        let text = super::written(record.root()).to_string();
        let read = super::read(&serde_json::from_str(&text).unwrap()).unwrap();
        assert_eq!(read, record);
        assert_eq!(super::written(read.root()).to_string(), text);
        for damaged in [json!([]), json!({ "f": [] }), json!({ "f": ["set", 1] })] {
            assert!(super::read(&damaged).is_err(), "{damaged}");
        }
    }
}
