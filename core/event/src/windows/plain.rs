//! Records of Windows whose values are where they are expected, under flat names in one pass.
//!
//! What is out of the ordinary (data without names or with attributes, two values for one name) makes this way give
//! up, and the careful ones in [`super::xml`] and [`super::flat`] take the record apart; tests compare them.

use cordon_model::{Adopted, Item, Record, Scalar};

use super::{flat::WINLOGBEAT, xml::is_number_field};

/// Fills a record with what a record of Winlogbeat says; none if the careful way must look at it.
pub(super) fn of_winlogbeat(record: &Record, out: &mut Record) -> Option<()> {
    let winlog = record.get("winlog").filter(|winlog| winlog.is_map())?;
    let mut plain = Plain::new(record, out);
    for (name, path) in WINLOGBEAT {
        let mut parts = path.split('/').skip(1);
        if let Some(item) = parts.try_fold(winlog, Item::get) {
            plain.system((name, ""), item)?;
        }
    }
    for (name, key) in [
        ("Channel", "channel"),
        ("Computer", "computer_name"),
        ("Correlation_ActivityID", "activity_id"),
    ] {
        if let Some(item) = winlog.get(key) {
            plain.put(name, item)?;
        }
    }
    for part in ["event_data", "user_data"] {
        if let Some(data) = winlog.get(part).filter(|data| data.is_map()) {
            plain.data(data)?;
        }
    }
    if let Some(message) = record.get("message") {
        plain.named_data("Message", message)?;
    }
    let others = record.root().children();
    for item in others.filter(|item| !matches!(item.key(), "winlog" | "message")) {
        if plain.out.get(item.key()).is_none() {
            plain
                .out
                .graft(plain.adopted.name(item), item, plain.adopted);
        }
    }
    Some(())
}

/// The same of the tree of a record's XML.
pub(super) fn of_xml(record: &Record, out: &mut Record) -> Option<()> {
    let event = record.get("Event")?;
    let mut plain = Plain::new(record, out);
    for item in event.get("System")?.children() {
        if !item.is_map() {
            if !item.is_null() {
                plain.system((item.key(), ""), item)?;
            }
            continue;
        }
        let element = item.key().strip_suffix("_attributes");
        let element = element.unwrap_or(item.key());
        for part in item.children() {
            match part.key() {
                "#text" => plain.system((element, ""), part)?,
                "#attributes" if part.is_map() => {
                    for attribute in part.children() {
                        plain.system((element, attribute.key()), attribute)?;
                    }
                }
                name => plain.system((element, name.trim_start_matches(['@', '-'])), part)?,
            }
        }
    }
    for part in event.children() {
        match part.key() {
            "System" | "#attributes" | "@xmlns" | "xmlns" => {}
            _ if part.is_null() => {}
            "EventData" if part.is_map() => plain.data(part)?,
            _ => return None,
        }
    }
    Some(())
}

struct Plain<'o> {
    out: &'o mut Record,
    adopted: Adopted,
    name: String,
}

impl<'o> Plain<'o> {
    fn new(record: &Record, out: &'o mut Record) -> Self {
        out.clear();
        let adopted = out.adopt(record);
        Self {
            out,
            adopted,
            name: String::new(),
        }
    }

    /// Puts a field of `System`, and of its element's part if it has a name.
    fn system(&mut self, (element, part): (&str, &str), item: Item<'_>) -> Option<()> {
        self.name.clear();
        self.name.push_str(element);
        if !part.is_empty() {
            self.name.extend(["_", part]);
        }
        if self.out.get(&self.name).is_some() {
            return None;
        }
        let number = item.as_str().filter(|_| is_number_field(&self.name));
        let number = number.and_then(|text| text.trim().parse::<u64>().ok());
        let key = self.out.name(&self.name);
        match number {
            Some(number) => self.out.put(key, Scalar::Number(&number.to_string())),
            None => self.out.graft(key, item, self.adopted),
        }
        Some(())
    }

    fn put(&mut self, name: &str, item: Item<'_>) -> Option<()> {
        if self.out.get(name).is_some() {
            return None;
        }
        let key = self.out.name(name);
        self.out.graft(key, item, self.adopted);
        Some(())
    }

    /// Puts the named data of a record.
    fn data(&mut self, data: Item<'_>) -> Option<()> {
        for item in data.children() {
            let name = item.key();
            if item.is_map() || name == "Data" || name.starts_with('#') || name.contains(' ') {
                return None;
            }
            self.named_data(name, item)?;
        }
        Some(())
    }

    fn named_data(&mut self, name: &str, item: Item<'_>) -> Option<()> {
        if self.out.get(name).is_none() {
            return self.put(name, item);
        }
        self.put(&format!("EventData_{name}"), item)
    }
}

#[cfg(test)]
mod tests {
    use cordon_model::{Item, Record};
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

    use super::super::{Carefully, flat, of_xml, take_apart, winlogbeat};

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (0_u64..50).prop_map(Value::from),
            prop::sample::select(vec!["", " 7", "4624", "0x1", "x y", "007"]).prop_map(Value::from),
        ];
        leaf.prop_recursive(2, 8, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::btree_map(NAMES, inner, 0..3).prop_map(object),
            ]
        })
    }

    const NAMES: &str =
        "Data|#text|#attributes|@Name|EventID|Channel|Name|A b|Message|Provider|Level";

    fn object(fields: std::collections::BTreeMap<String, Value>) -> Value {
        Value::Object(fields.into_iter().collect::<Map<_, _>>())
    }

    /// Both ways, where the quick one does not give up.
    fn check(value: &Value, quick: fn(&Record, &mut Record) -> Option<()>, slow: Carefully) {
        let mut record = Record::from(value);
        let mut found = Record::new();
        if quick(&record, &mut found).is_some() {
            take_apart(&mut record, slow);
            assert_eq!(found, record, "{value}");
        }
    }

    proptest! {
        #[test]
        fn the_quick_way_reads_what_the_careful_one_does(
            parts in prop::collection::btree_map(
                "System|EventData|UserData|#attributes|xmlns|Provider|EventID|Channel|TimeCreated",
                prop::collection::btree_map(NAMES, values(), 0..5).prop_map(object), 0..5),
            system in prop::collection::btree_map(NAMES, values(), 0..5).prop_map(object),
            data in prop::collection::btree_map(NAMES, values(), 0..5).prop_map(object),
            message in values(),
        ) {
            let mut event = object(parts);
            event["System"] = system;
            check(&json!({ "Event": event }), super::of_xml, of_xml);
            let winlog = json!({"event_id": message, "channel": message, "record_id": "7",
                "process": data, "event_data": data, "user_data": event});
            let shipped = json!({"winlog": winlog, "message": message, "Level": 1, "other": data});
            check(&shipped, super::of_winlogbeat, winlogbeat);
        }
    }

    #[test]
    fn plain_records_are_read_the_quick_way() {
        let xml = json!({"Event": {"#attributes": {"xmlns": "x"},
            "System": {"Provider": {"#attributes": {"Name": "P", "Guid": "{1}"}}, "EventID": "4624",
                "Correlation": null, "Channel": "Security"},
            "EventData": {"TargetUserName": "bob", "Channel": "other"}}});
        let (record, mut found) = (Record::from(&xml), Record::new());
        super::of_xml(&record, &mut found).unwrap();
        assert_eq!(found.get("EventID").and_then(Item::spelled), Some("4624"));
        assert_eq!(
            Some(found.to_value().as_object().unwrap().clone()),
            of_xml(xml)
        );
        let shipped = json!({"winlog": {"event_id": 1, "provider_name": "P", "process": {"pid": "4"},
            "event_data": {"a": "b"}}, "message": "words", "@timestamp": "t"});
        let record = Record::from(&shipped);
        super::of_winlogbeat(&record, &mut found).unwrap();
        let Value::Object(fields) = shipped else {
            unreachable!()
        };
        assert_eq!(found.to_value(), Value::Object(flat::of_winlogbeat(fields)));
    }
}
