//! Exports of Entra's portal as CSV, in the shape of diagnostic settings.
//!
//! A row says what a record of the log says, flattened: targets and what was changed of them are
//! numbered columns, and some values are words for people. It is put together again, so that rules and
//! field maps meet one shape. The columns stay beside it.

mod sign_in;

use std::{collections::BTreeMap, ops::Range};

use cordon_model::{Key, Record, Shape};

use super::{gain, has};

pub(super) use sign_in::unfold_sign_in;

/// Most targets, and most changed properties of each, that are looked for; the portal writes three and five.
const NUMBERED_MAX: usize = 64;

/// Gives a row of the audit log the shape of diagnostic settings.
pub(super) fn unfold_deed(record: &mut Record) {
    let row = Row::of(record);
    let cells: Vec<_> = row.cells().collect();
    match find(&cells, "activity") {
        Some(place) => gain::put(record, "operationName", place),
        None => gain::put_text(record, "operationName", ""),
    }
    if has(record, "properties") {
        return;
    }
    let key = record.name("properties");
    let open = record.open(key, Shape::Map);
    audit(record, &cells);
    record.close(open);
}

/// A row's cells that say something, by their columns in lower case and without needless blanks: the
/// portal writes `Application ID ` and `Autonomous system  number`.
struct Row {
    columns: String,
    /// Where each column stands in that, and its cell in the record.
    cells: Vec<(Range<usize>, u32)>,
}

/// A cell that says something.
#[derive(Clone, Copy)]
struct Cell<'c> {
    column: &'c str,
    place: u32,
}

impl Row {
    fn of(record: &Record) -> Self {
        let mut row = Self {
            columns: String::new(),
            cells: Vec::new(),
        };
        for item in record.root().children() {
            if item.as_str().is_none_or(str::is_empty) {
                continue;
            }
            let start = row.columns.len();
            row.put_column(item.key());
            row.cells.push((start..row.columns.len(), item.place()));
        }
        row
    }

    fn put_column(&mut self, name: &str) {
        let start = self.columns.len();
        for word in name.split_ascii_whitespace() {
            if self.columns.len() > start {
                self.columns.push(' ');
            }
            self.columns.push_str(word);
        }
        if let Some(own) = self.columns.get_mut(start..) {
            own.make_ascii_lowercase();
        }
    }

    fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        self.cells.iter().filter_map(|(column, place)| {
            Some(Cell {
                column: self.columns.get(column.clone())?,
                place: *place,
            })
        })
    }
}

/// Where the cell of a column stands, if that says something.
fn find(cells: &[Cell<'_>], column: &str) -> Option<u32> {
    let cell = cells.iter().find(|cell| cell.column == column);
    cell.map(|cell| cell.place)
}

/// What the cell of a column says.
fn text<'r>(record: &'r Record, cells: &[Cell<'_>], column: &str) -> &'r str {
    let text = find(cells, column).and_then(|place| record.at(place)?.as_str());
    text.unwrap_or_default()
}

type Numbered<'c> = BTreeMap<usize, Vec<Cell<'c>>>;

/// The cells of columns that are numbered behind a word, without it, by their numbers.
fn numbered<'c>(cells: &[Cell<'c>], word: &str) -> Numbered<'c> {
    let mut all = Numbered::new();
    for cell in cells {
        let Some(behind) = cell.column.strip_prefix(word) else {
            continue;
        };
        let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
        let (number, column) = behind.split_at_checked(digits).unwrap_or_default();
        if let Ok(number @ 1..=NUMBERED_MAX) = number.parse() {
            let place = cell.place;
            all.entry(number).or_default().push(Cell { column, place });
        }
    }
    all
}

/// Names of values and the columns they stand in.
type Names<'n> = &'n [(&'n str, &'n str)];

/// Puts the cells of columns that say something under their names.
fn put_all(record: &mut Record, names: Names<'_>, cells: &[Cell<'_>]) {
    for (name, column) in names {
        if let Some(place) = find(cells, column) {
            let key = record.name(name);
            record.put_place(key, place);
        }
    }
}

/// The same in a map of their own, which without a name is there only if it says something.
fn put_map(record: &mut Record, key: &str, (names, cells): (Names<'_>, &[Cell<'_>])) {
    let any = names
        .iter()
        .any(|(_, column)| find(cells, column).is_some());
    if any || !key.is_empty() {
        let key = record.name(key);
        let open = record.open(key, Shape::Map);
        put_all(record, names, cells);
        record.close(open);
    }
}

fn audit(record: &mut Record, cells: &[Cell<'_>]) {
    put_all(record, &AUDIT, cells);
    put_initiator(record, cells);
    let key = record.name("targetResources");
    let list = record.open(key, Shape::List);
    for target in numbered(cells, "target").values() {
        put_target(record, target);
    }
    record.close(list);
    put_list(
        record,
        "additionalDetails",
        (&DETAIL, &numbered(cells, "additionaldetail")),
    );
}

/// Puts a list of maps, without those that say nothing.
fn put_list(record: &mut Record, key: &str, (names, all): (Names<'_>, &Numbered<'_>)) {
    let key = record.name(key);
    let list = record.open(key, Shape::List);
    for cells in all.values() {
        put_map(record, "", (names, cells));
    }
    record.close(list);
}

fn put_initiator(record: &mut Record, cells: &[Cell<'_>]) {
    let key = record.name("initiatedBy");
    let open = record.open(key, Shape::Map);
    let is_app = APP
        .iter()
        .any(|(_, column)| !text(record, cells, column).is_empty());
    let (kind, names) = match text(record, cells, "actortype") {
        _ if is_app => ("app", &APP[..]),
        "Application" | "ServicePrincipal" => ("app", &USER[..]),
        _ => ("user", &USER[..]),
    };
    put_map(record, kind, (names, cells));
    record.close(open);
}

fn put_target(record: &mut Record, cells: &[Cell<'_>]) {
    if !TARGET
        .iter()
        .any(|(_, column)| find(cells, column).is_some())
    {
        return;
    }
    let open = record.open(Key::NONE, Shape::Map);
    put_all(record, &TARGET, cells);
    let changed = numbered(cells, "modifiedproperty");
    put_list(record, "modifiedProperties", (&CHANGED, &changed));
    record.close(open);
}

const AUDIT: [(&str, &str); 8] = [
    ("activityDisplayName", "activity"),
    ("activityDateTime", "date (utc)"),
    ("category", "category"),
    ("correlationId", "correlationid"),
    ("loggedByService", "service"),
    ("result", "result"),
    ("resultReason", "resultreason"),
    ("userAgent", "useragent"),
];

const USER: [(&str, &str); 4] = [
    ("id", "actorobjectid"),
    ("displayName", "actordisplayname"),
    ("userPrincipalName", "actoruserprincipalname"),
    ("ipAddress", "ipaddress"),
];

const APP: [(&str, &str); 2] = [
    ("displayName", "actorserviceprincipalname"),
    ("servicePrincipalId", "actorserviceprincipalid"),
];

/// Behind `target` and a number.
const TARGET: [(&str, &str); 4] = [
    ("type", "type"),
    ("displayName", "displayname"),
    ("id", "objectid"),
    ("userPrincipalName", "userprincipalname"),
];

/// Behind that, `modifiedproperty` and a number.
const CHANGED: [(&str, &str); 3] = [
    ("displayName", "name"),
    ("oldValue", "oldvalue"),
    ("newValue", "newvalue"),
];

/// Behind `additionaldetail` and a number.
const DETAIL: [(&str, &str); 2] = [("key", "key"), ("value", "value")];

#[cfg(test)]
mod tests {
    use cordon_model::Record;
    use serde_json::{Value, json};

    use crate::vendor::recipe::Recipe;

    fn unfolded(service: &str, row: &Value) -> Value {
        let mut record = Record::from(row.clone());
        if service == "auditlogs" {
            super::unfold_deed(&mut record);
        } else {
            let mut recipe = Recipe::default();
            super::unfold_sign_in(&record, &mut recipe);
            recipe.follow(&mut record);
        }
        record.to_value()
    }

    #[test]
    fn records_with_the_names_of_an_export_that_are_no_rows_are_read_all_the_same() {
        let lines = [
            r#"{"Date (UTC)":"2026-04-17T22:14:15Z","Request ID":"1","Username":"a@b","p":[1],"q":"1"}"#,
            r#"{"p":[1,2],"Date (UTC)":"2026-04-17T22:14:15Z","Request ID":"1","Username":"a@b"}"#,
            r#"{"\u0041":"1","Date (UTC)":"2026-04-17T22:14:15Z","Request ID":"1","Username":"a@b","\u0042":"2"}"#,
            r#"{"\u0041":"1","event_type":"x","actor.alternate_id":"y","outcome.result":"z","published":"2026-04-17T22:14:15Z","b":{"\u0042":"a"}}"#,
        ];
        let mut kept = crate::kept::Kept::default();
        let text = lines.join("\n");
        let mut input = text.as_bytes();
        crate::read(
            &"log".into(),
            &mut input,
            &crate::Hints::default(),
            &mut kept,
        )
        .unwrap();
        let products = kept.events.iter().map(|event| event.kind.source());
        let products: Vec<String> = products.map(|source| source.to_string()).collect();
        let sign_in = "azure/signinlogs";
        assert_eq!(products, [sign_in, sign_in, sign_in, "okta"]);
    }

    #[test]
    fn a_row_of_the_audit_log_names_who_whom_and_what_was_changed() {
        let found = unfolded(
            "auditlogs",
            &json!({"Activity": "Update user", "Service": "Core Directory", "Result": "success",
                "ActorType": "User", "ActorObjectId": "a", "ActorUserPrincipalName": "ada@x.example",
                "IPAddress": "192.0.2.1", "Target1Type": "User", "Target1ObjectId": "u",
                "Target1UserPrincipalName": "v@x.example", "Target1ModifiedProperty1Name": "UserType",
                "Target1ModifiedProperty1OldValue": "[\"Guest\"]",
                "Target1ModifiedProperty1NewValue": "[\"Member\"]",
                "Target1ModifiedProperty2Name": "", "Target2Type": "", "Target3Type": "Role"}),
        );
        assert_eq!(found["operationName"], "Update user");
        assert_eq!(
            found["properties"],
            json!({"activityDisplayName": "Update user", "loggedByService": "Core Directory",
                "result": "success",
                "initiatedBy": {"user": {"id": "a", "userPrincipalName": "ada@x.example",
                    "ipAddress": "192.0.2.1"}},
                "targetResources": [
                    {"type": "User", "id": "u", "userPrincipalName": "v@x.example",
                        "modifiedProperties": [{"displayName": "UserType",
                            "oldValue": "[\"Guest\"]", "newValue": "[\"Member\"]"}]},
                    {"type": "Role", "modifiedProperties": []}],
                "additionalDetails": []})
        );
        assert_eq!(found["Target1ObjectId"], "u", "the columns stay");
    }

    #[test]
    fn what_an_application_did_is_told_of_the_application() {
        let found = unfolded(
            "auditlogs",
            &json!({"Activity": "Add user", "ActorType": "ServicePrincipal",
                "ActorServicePrincipalName": "Sync", "ActorServicePrincipalId": "s"}),
        );
        assert_eq!(
            found["properties"]["initiatedBy"],
            json!({"app": {"displayName": "Sync", "servicePrincipalId": "s"}})
        );
    }

    #[test]
    fn a_sign_in_has_the_words_of_the_log() {
        let found = unfolded(
            "signinlogs",
            &json!({"Username": "a@x.example", "Authentication Protocol": "Device Code",
                "Application ID ": "c44b", "Autonomous system  number": "1234",
                "Sign-in error code": "50126", "Failure reason": "Wrong", "Compliant": "No",
                "Authentication requirement": "Single-factor authentication",
                "Conditional Access": "Not Applied", "Location": "London, London, GB"}),
        );
        let properties = &found["properties"];
        assert_eq!(properties["authenticationProtocol"], "deviceCode");
        assert_eq!(
            properties["authenticationRequirement"],
            "singleFactorAuthentication"
        );
        assert_eq!(properties["conditionalAccessStatus"], "notApplied");
        assert_eq!(properties["appId"], "c44b");
        assert_eq!(properties["autonomousSystemNumber"], "1234");
        assert_eq!(
            properties["status"],
            json!({"errorCode": 50126, "failureReason": "Wrong"})
        );
        assert_eq!(properties["deviceDetail"], json!({"isCompliant": false}));
        assert_eq!(
            properties["location"],
            json!({"city": "London", "state": "London", "countryOrRegion": "GB"})
        );
        assert_eq!(found["operationName"], "Sign-in activity");
    }
}
