//! Lists of names and values, so that a rule can ask for the value of one name.
//!
//! Microsoft 365 writes the parameters of a command, Google those of an event, and `CrowdStrike` those of
//! a doing in its console, as lists of `{Name, Value}`. A rule that asks for a name and for a value there is met by the name of one
//! member and the value of another. So each value is also given under its name: `Parameters.DeleteMessage`,
//! `events.parameters.NEW_VALUE`. Properties that Entra says were changed, before and after, are given in the same way, and of those that hold
//! JSON what was added and what was removed. The lists stay as they are.

use std::mem;

use cordon_model::{Item, NameHash, Record, Shape, Span};

use super::{
    gain::Members,
    gathered::{Gathered, Given},
};
use crate::{Degradation, inner::Inner};

/// Most names that values are given: a record that lists more is bulk work, and said to be.
const NAMES_MAX: usize = 256;

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
pub(super) fn give(
    record: &mut Record,
    product: &str,
    inner: &mut Inner,
) -> Result<(), Degradation> {
    let mut given = Ok(());
    for list in LISTS.iter().filter(|list| list.product == product) {
        let Some((first, behind)) = list.path.split_first() else {
            continue;
        };
        let Some(first) = record.get(first) else {
            continue;
        };
        let mut gathered = mem::take(&mut inner.gathered);
        gathered.places.clear();
        each_member(first, behind, &mut |member| {
            gathered.places.push(member.place());
        });
        let mut listing = Listing {
            list,
            gathered,
            own: 0,
        };
        for at in 0..listing.gathered.places.len() {
            if let Some(member) = listing.gathered.places.get(at) {
                given = given.and(listing.collect(record, *member, inner));
            }
        }
        listing.gathered.put(record);
        inner.gathered = listing.gathered;
    }
    given
}

/// A list that is being gone through.
struct Listing {
    list: &'static Listed,
    gathered: Gathered,
    /// How much of a value's name is the way to the list and the name of its member.
    own: usize,
}

impl Listing {
    /// Gives a value, or those of a list.
    fn values(
        &mut self,
        record: &mut Record,
        behind: &str,
        (alone, mut listed): (Option<u32>, Members),
    ) -> Result<(), Degradation> {
        while let Some(place) = alone.or_else(|| listed.next(record)) {
            let value = record.at(place);
            let told = value.and_then(|value| Some((value.spelled()?, value.span())));
            if let Some((spelled, span)) = told {
                // Of a truth value, no text stands in the record.
                let span = match (span, spelled) {
                    (Some(span), _) => span,
                    (None, "true") => record.keep("true"),
                    (None, _) => record.keep("false"),
                };
                self.give(record, behind, span)?;
            }
            if alone.is_some() {
                break;
            }
        }
        Ok(())
    }

    fn collect(
        &mut self,
        record: &mut Record,
        place: u32,
        inner: &mut Inner,
    ) -> Result<(), Degradation> {
        let member = record.at(place);
        let Some(name) = member.and_then(|m| m.get(self.list.name)?.as_str()) else {
            return Ok(());
        };
        let written = &mut self.gathered.name;
        written.clear();
        for part in self.list.path {
            written.extend([part, "."]);
        }
        written.push_str(name);
        self.own = written.len();
        for (field, behind) in self.list.values {
            let value = record.at(place).and_then(|member| member.get(field));
            let is_list = value.is_some_and(|value| value.shape() == Some(Shape::List));
            let listed = Members::of(value.filter(|_| is_list));
            let alone = value.map(Item::place).filter(|_| !is_list);
            self.values(record, behind, (alone, listed))?;
        }
        let Some((old, new)) = self.list.change else {
            return Ok(());
        };
        let said = |field| record.at(place)?.get(field)?.as_str();
        let said = |field| said(field).unwrap_or_default();
        let mut changes = mem::take(&mut inner.changes);
        let name = NameHash::of(said(self.list.name));
        let mut given = changes.compare(name, (said(old), said(new)), inner);
        let mut give = |behind, fact: [&str; 3]| {
            let mark = record.mark();
            for part in fact {
                record.append(part);
            }
            let fact = record.since(mark);
            self.give(record, behind, fact)
        };
        if given.is_ok() {
            given = changes.added().try_for_each(|fact| give(".added", fact));
        }
        if given.is_ok() {
            given = changes
                .removed()
                .try_for_each(|fact| give(".removed", fact));
        }
        inner.changes = changes;
        given
    }

    fn give(&mut self, record: &mut Record, behind: &str, value: Span) -> Result<(), Degradation> {
        let name = &mut self.gathered.name;
        name.truncate(self.own);
        name.push_str(behind);
        let given = self.gathered.add(record, NAMES_MAX, Given::Text(value));
        given.ok_or(Degradation::NotCompared)
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

#[cfg(test)]
mod tests {
    use cordon_model::Record;
    use serde_json::{Value, json};

    use crate::inner::Inner;

    fn given(product: &str, record: &Value) -> Value {
        let mut fields = Record::new();
        fields.fill(record);
        super::give(&mut fields, product, &mut Inner::default()).unwrap();
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
