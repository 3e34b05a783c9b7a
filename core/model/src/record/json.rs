//! Records as JSON.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};
use serde_json::{Value, value::RawValue};

use super::{Item, Record, Scalar, Shape};

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        self.root().serialize(out)
    }
}

impl Serialize for Item<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match (self.scalar(), self.shape()) {
            (Some(scalar), _) => serialize_scalar(scalar, out),
            (None, Some(Shape::Map)) => {
                let mut map = out.serialize_map(None)?;
                for child in self.children() {
                    map.serialize_entry(child.key(), &child)?;
                }
                map.end()
            }
            (None, Some(Shape::List) | None) => {
                let mut list = out.serialize_seq(None)?;
                for child in self.children() {
                    list.serialize_element(&child)?;
                }
                list.end()
            }
        }
    }
}

fn serialize_scalar<S: Serializer>(scalar: Scalar<'_>, out: S) -> Result<S::Ok, S::Error> {
    match scalar {
        Scalar::Null => out.serialize_unit(),
        Scalar::Bool(truth) => out.serialize_bool(truth),
        Scalar::Text(text) => out.serialize_str(text),
        Scalar::Number(spelled) => match spelled.parse::<i64>() {
            Ok(whole) if spelled != "-0" => out.serialize_i64(whole),
            Ok(_) | Err(_) => match RawValue::from_string(spelled.to_owned()) {
                Ok(raw) => raw.serialize(out),
                Err(_) => out.serialize_str(spelled),
            },
        },
    }
}

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        Value::deserialize(reader).map(Self::from)
    }
}

/// On one line; `{:#}` spreads it over several.
impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = if f.alternate() {
            serde_json::to_string_pretty(self)
        } else {
            serde_json::to_string(self)
        };
        f.write_str(&text.map_err(|_unwritable| fmt::Error)?)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::Record;

    pub(in crate::record) fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            // `serde_json` itself does not always give back the decimal it wrote.
            prop::sample::select(vec![0.5, -2.25, 1e30, 1e-7]).prop_map(Value::from),
            ".{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-c.]{0,3}", inner, 0..4)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_record_gives_back_what_it_was_filled_with(
            fields in prop::collection::btree_map("[a-d]{0,2}", values(), 0..6),
        ) {
            let value = Value::Object(fields.into_iter().collect());
            let mut record = Record::from(&json!({"left": ["over"]}));
            record.fill(&value);
            prop_assert_eq!(record.to_value(), value.clone());
            prop_assert_eq!(record.to_string(), value.to_string());
            prop_assert_eq!(&record, &serde_json::from_str::<Record>(&record.to_string()).unwrap());
            let mut copied = Record::new();
            for child in record.root().children() {
                copied.copy(child.key(), child);
            }
            prop_assert_eq!(&copied, &record);
            let compact = record.compact();
            prop_assert_eq!(&compact, &record);
            for child in record.root().children() {
                prop_assert_eq!(record.get(child.key()), Some(child));
                prop_assert_eq!(compact.get(child.key()), Some(child));
            }
        }
    }

    #[test]
    fn a_number_keeps_its_spelling() {
        let mut record = Record::new();
        for spelled in ["36893488147419103232", "1.50", "1e400", "-0"] {
            let key = record.name(spelled);
            record.put(key, super::Scalar::Number(spelled));
        }
        let expect =
            r#"{"36893488147419103232":36893488147419103232,"1.50":1.50,"1e400":1e400,"-0":-0}"#;
        assert_eq!(record.to_string(), expect);
        assert_eq!(
            record.get("1.50").and_then(super::Item::spelled),
            Some("1.50")
        );
    }
}
