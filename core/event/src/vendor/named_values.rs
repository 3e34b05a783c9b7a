//! Lists of names and values, so that a rule can ask for the value of one name.
//!
//! Microsoft 365 writes the parameters of a command, Google those of an event, and `CrowdStrike` those of
//! a doing in its console, as lists of `{Name, Value}`. A rule that asks for a name and for a value there is met by the name of one
//! member and the value of another. So each value is also given under its name: `Parameters.DeleteMessage`,
//! `events.parameters.NEW_VALUE`. Properties that Entra says were changed, before and after, are given in the same way, and of those that hold
//! JSON what was added and what was removed. The lists stay as they are.

use std::collections::BTreeMap;

use cordon_model::{Item, Key, Record, Scalar, Shape};

use super::changes::{Changes, changes};
use crate::Degradation;

/// Most names that values are given: a record that lists more is bulk work, and said to be.
const VALUES_MAX: usize = 256;

/// Where a product keeps such lists.
struct Listed {
    product: &'static str,
    /// The way to the list; lists on it are gone through.
    path: &'static [&'static str],
    name: &'static str,
    /// Where the value stands, and what is put behind the name for it.
    values: &'static [(&'static str, &'static str)],
    /// What a value was and what it is, where a member says both.
    change: Option<(&'static str, &'static str)>,
}

const M365: Listed = Listed {
    product: "m365",
    path: &[],
    name: "Name",
    values: &[("Value", "")],
    change: None,
};

const LISTS: [Listed; 7] = [
    Listed {
        path: &["Parameters"],
        ..M365
    },
    Listed {
        path: &["OperationProperties"],
        ..M365
    },
    Listed {
        path: &["ExtendedProperties"],
        ..M365
    },
    Listed {
        path: &["ModifiedProperties"],
        values: &[("NewValue", ".NewValue"), ("OldValue", ".OldValue")],
        change: Some(("OldValue", "NewValue")),
        ..M365
    },
    Listed {
        product: "azure",
        path: &["properties", "targetResources", "modifiedProperties"],
        name: "displayName",
        values: &[("newValue", ".newValue"), ("oldValue", ".oldValue")],
        change: Some(("oldValue", "newValue")),
    },
    Listed {
        product: "crowdstrike",
        path: &["event", "AuditKeyValues"],
        name: "Key",
        values: &[("ValueString", "")],
        change: None,
    },
    Listed {
        product: "gcp",
        path: &["events", "parameters"],
        name: "name",
        values: &[
            ("value", ""),
            ("boolValue", ""),
            ("intValue", ""),
            ("multiValue", ""),
            ("multiStrValue", ""),
        ],
        change: None,
    },
];

/// Gives the listed values of a product's record their names. An error says that some have none.
pub(super) fn give(record: &mut Record, product: &str) -> Result<(), Degradation> {
    let mut given = Ok(());
    for list in LISTS.iter().filter(|list| list.product == product) {
        let mut named = Named::default();
        if let Some(first) = list.path.first().and_then(|first| record.get(first)) {
            let behind = list.path.get(1..).unwrap_or_default();
            each_member(first, behind, &mut |member| {
                given = given.and(list.collect(member, &mut named));
            });
        }
        for (name, values) in named {
            put(record, &name, &values);
        }
    }
    given
}

type Named = BTreeMap<String, Vec<String>>;

impl Listed {
    fn collect(&self, member: Item<'_>, named: &mut Named) -> Result<(), Degradation> {
        let Some(name) = member.get(self.name).and_then(Item::as_str) else {
            return Ok(());
        };
        let path = self.path.join(".");
        let mut give = |behind: &str, value: &str| {
            let key = format!("{path}.{name}{behind}");
            if named.len() >= VALUES_MAX && !named.contains_key(&key) {
                return Err(Degradation::NotCompared);
            }
            named.entry(key).or_default().push(value.to_owned());
            Ok(())
        };
        for (field, behind) in self.values {
            let Some(value) = member.get(field) else {
                continue;
            };
            value
                .spelled()
                .map_or(Ok(()), |value| give(behind, value))?;
            let listed = value.shape() == Some(Shape::List);
            let listed = listed.then(|| value.children()).into_iter().flatten();
            let mut listed = listed.filter_map(Item::spelled);
            listed.try_for_each(|value| give(behind, value))?;
        }
        let said = |field| member.get(field).and_then(Item::as_str).unwrap_or_default();
        if let Some((old, new)) = self.change {
            let Changes { added, removed } = changes(said(old), said(new))?;
            added.iter().try_for_each(|fact| give(".added", fact))?;
            removed.iter().try_for_each(|fact| give(".removed", fact))?;
        }
        Ok(())
    }
}

/// Visits every member of the lists at the end of a way.
fn each_member<'r>(item: Item<'r>, way: &[&str], visit: &mut dyn FnMut(Item<'r>)) {
    if item.shape() == Some(Shape::List) {
        item.children()
            .for_each(|child| each_member(child, way, visit));
        return;
    }
    match way.split_first() {
        None => visit(item),
        Some((next, rest)) => {
            if let Some(inner) = item.get(next) {
                each_member(inner, rest, visit);
            }
        }
    }
}

fn put(record: &mut Record, name: &str, values: &[String]) {
    let key = record.name(name);
    if let [only] = values {
        record.put(key, Scalar::Text(only));
        return;
    }
    let open = record.open(key, Shape::List);
    for value in values {
        record.put(Key::NONE, Scalar::Text(value));
    }
    record.close(open);
}

#[cfg(test)]
mod tests {
    use cordon_model::Record;
    use serde_json::{Value, json};

    fn given(product: &str, record: &Value) -> Value {
        let mut fields = Record::new();
        fields.fill(record);
        super::give(&mut fields, product).unwrap();
        fields.to_value()
    }

    #[test]
    fn each_value_stands_under_its_name_too() {
        let found = given(
            "m365",
            &json!({"Parameters": [{"Name": "DeleteMessage", "Value": "False"},
                {"Name": "StopProcessingRules", "Value": "True"}, {"Name": "Mailbox"}],
                "ModifiedProperties": [{"Name": "Role", "NewValue": "a", "OldValue": "b"}]}),
        );
        assert_eq!(found["Parameters.DeleteMessage"], "False");
        assert_eq!(found["Parameters.StopProcessingRules"], "True");
        assert_eq!(found.get("Parameters.Mailbox"), None);
        assert_eq!(found["ModifiedProperties.Role.OldValue"], "b");
        assert_eq!(
            found["Parameters"][0]["Name"], "DeleteMessage",
            "the list stays"
        );
    }

    #[test]
    fn several_events_of_one_record_give_a_list() {
        let event = |value| {
            json!({"parameters": [{"name": "NEW_VALUE", "value": value},
            {"name": "ON", "boolValue": false}]})
        };
        let found = given("gcp", &json!({"events": [event("a"), event("b")]}));
        assert_eq!(found["events.parameters.NEW_VALUE"], json!(["a", "b"]));
        assert_eq!(found["events.parameters.ON"], json!(["false", "false"]));
    }

    #[test]
    fn a_changed_property_gives_what_was_added_and_removed() {
        let member = json!({"displayName": "Policy", "oldValue": "{\"state\":\"enabled\"}",
            "newValue": "{\"state\": \"disabled\"}"});
        let record = json!({"properties": {"targetResources": [{"modifiedProperties": [member]}]}});
        let found = given("azure", &record);
        let policy = "properties.targetResources.modifiedProperties.Policy";
        assert_eq!(found[format!("{policy}.removed")], "state=enabled");
        assert_eq!(found[format!("{policy}.added")], "state=disabled");
        assert_eq!(
            found[format!("{policy}.newValue")],
            "{\"state\": \"disabled\"}"
        );
    }

    #[test]
    fn records_of_other_products_stay_as_they_are() {
        let record = json!({"Parameters": [{"Name": "a", "Value": "b"}]});
        assert_eq!(given("okta", &record), record);
        assert_eq!(
            given("m365", &json!({"Parameters": "text"})),
            json!({"Parameters": "text"})
        );
    }
}
