//! Exports of Entra's portal as CSV, in the shape of diagnostic settings.
//!
//! A row says what a record of the log says, flattened: targets and what was changed of them are
//! numbered columns, and some values are words for people. It is put together again, so that rules and
//! field maps meet one shape. The columns stay beside it.

use std::collections::BTreeMap;

use cordon_model::{Record, Value};
use serde_json::{Map, json};

use super::gain;

/// Most targets, and most changed properties of each, that are looked for; the portal writes three and five.
const NUMBERED_MAX: usize = 64;

/// A value as the portal words it, and as the log does.
const WORDS: [(&str, &str); 17] = [
    ("Single-factor authentication", "singleFactorAuthentication"),
    ("Multifactor authentication", "multiFactorAuthentication"),
    ("Multi-factor authentication", "multiFactorAuthentication"),
    ("Not Applied", "notApplied"),
    ("Device Code", "deviceCode"),
    ("Authentication Transfer", "authenticationTransfer"),
    ("ROPC", "ropc"),
    ("OAuth 2.0", "oAuth2"),
    ("SAML 2.0", "saml20"),
    ("WS-Federation", "wsFederation"),
    ("Refresh Token", "refreshToken"),
    ("Primary Refresh Token", "primaryRefreshToken"),
    ("None", "none"),
    ("Success", "success"),
    ("Failure", "failure"),
    ("Member", "member"),
    ("Guest", "guest"),
];

/// Gives a row the shape of diagnostic settings.
pub(super) fn unfold(record: &mut Record, service: &str) {
    let row = Row::of(record);
    let (operation, properties) = match service {
        "auditlogs" => (row.text("activity"), row.audit()),
        _ => ("Sign-in activity", row.sign_in()),
    };
    let operation = Value::from(operation);
    gain::put(record, "operationName", &operation);
    gain::put(record, "properties", &Value::Object(properties));
}

/// A row's cells that say something, by their columns in lower case and without needless blanks: the
/// portal writes `Application ID ` and `Autonomous system  number`.
struct Row(BTreeMap<String, String>);

impl Row {
    fn of(record: &Record) -> Self {
        let cell = |(column, text): (&str, &str)| {
            let words: Vec<_> = column.split_whitespace().collect();
            (words.join(" ").to_lowercase(), text.to_owned())
        };
        let cells = record.root().children();
        let cells = cells.filter_map(|item| Some((item.key(), item.as_str()?)));
        Self(
            cells
                .filter(|(_, text)| !text.is_empty())
                .map(cell)
                .collect(),
        )
    }

    fn text(&self, column: &str) -> &str {
        self.0.get(column).map_or("", String::as_str)
    }

    /// An object of the columns that say something.
    fn object(&self, names: &[(&str, &str)]) -> Map<String, Value> {
        let said = names.iter().filter_map(|(name, column)| {
            let text = self.0.get(*column)?;
            Some(((*name).to_owned(), Value::from(text.as_str())))
        });
        said.collect()
    }

    /// The same, with the portal's words as the log has them.
    fn worded(&self, names: &[(&str, &str)]) -> Map<String, Value> {
        let mut object = self.object(names);
        for value in object.values_mut() {
            let known = WORDS
                .iter()
                .find(|(words, _)| value.as_str() == Some(words));
            if let Some((_, word)) = known {
                *value = Value::from(*word);
            }
        }
        object
    }

    fn audit(&self) -> Map<String, Value> {
        let mut properties = self.object(&[
            ("activityDisplayName", "activity"),
            ("activityDateTime", "date (utc)"),
            ("category", "category"),
            ("correlationId", "correlationid"),
            ("loggedByService", "service"),
            ("result", "result"),
            ("resultReason", "resultreason"),
            ("userAgent", "useragent"),
        ]);
        properties.insert("initiatedBy".to_owned(), self.initiator());
        let targets = numbered(|n| self.target(n));
        properties.insert("targetResources".to_owned(), targets);
        let details = numbered(|n| {
            let (key, value) = (
                format!("additionaldetail{n}key"),
                format!("additionaldetail{n}value"),
            );
            self.object(&[("key", key.as_str()), ("value", value.as_str())])
        });
        properties.insert("additionalDetails".to_owned(), details);
        properties
    }

    fn initiator(&self) -> Value {
        let user = self.object(&[
            ("id", "actorobjectid"),
            ("displayName", "actordisplayname"),
            ("userPrincipalName", "actoruserprincipalname"),
            ("ipAddress", "ipaddress"),
        ]);
        let app = self.object(&[
            ("displayName", "actorserviceprincipalname"),
            ("servicePrincipalId", "actorserviceprincipalid"),
        ]);
        if !app.is_empty() {
            return json!({ "app": app });
        }
        match self.text("actortype") {
            "Application" | "ServicePrincipal" => json!({ "app": user }),
            _ => json!({ "user": user }),
        }
    }

    fn target(&self, n: usize) -> Map<String, Value> {
        let column = |what: &str| format!("target{n}{what}");
        let (kind, shown, id, name) = (
            column("type"),
            column("displayname"),
            column("objectid"),
            column("userprincipalname"),
        );
        let mut target = self.object(&[
            ("type", kind.as_str()),
            ("displayName", shown.as_str()),
            ("id", id.as_str()),
            ("userPrincipalName", name.as_str()),
        ]);
        let changed = numbered(|m| {
            let column = |what: &str| format!("target{n}modifiedproperty{m}{what}");
            let (name, old, new) = (column("name"), column("oldvalue"), column("newvalue"));
            self.object(&[
                ("displayName", name.as_str()),
                ("oldValue", old.as_str()),
                ("newValue", new.as_str()),
            ])
        });
        if !target.is_empty() {
            target.insert("modifiedProperties".to_owned(), changed);
        }
        target
    }

    fn sign_in(&self) -> Map<String, Value> {
        let mut properties = self.worded(&[
            ("id", "request id"),
            ("createdDateTime", "date (utc)"),
            ("correlationId", "correlation id"),
            ("userId", "user id"),
            ("userDisplayName", "user"),
            ("userPrincipalName", "username"),
            ("userType", "user type"),
            ("userAgent", "user agent"),
            ("appDisplayName", "application"),
            ("appId", "application id"),
            ("resourceDisplayName", "resource"),
            ("resourceId", "resource id"),
            ("resourceTenantId", "resource tenant id"),
            ("homeTenantId", "home tenant id"),
            ("ipAddress", "ip address"),
            ("clientAppUsed", "client app"),
            ("authenticationProtocol", "authentication protocol"),
            ("authenticationRequirement", "authentication requirement"),
            ("conditionalAccessStatus", "conditional access"),
            ("incomingTokenType", "incoming token type"),
            ("originalTransferMethod", "original transfer method"),
            ("crossTenantAccessType", "cross tenant access type"),
            ("autonomousSystemNumber", "autonomous system number"),
            ("sessionId", "session id"),
            ("servicePrincipalName", "service principal name"),
            ("servicePrincipalId", "service principal id"),
        ]);
        let mut status = self.object(&[("failureReason", "failure reason")]);
        if let Ok(code) = self.text("sign-in error code").parse::<u32>() {
            status.insert("errorCode".to_owned(), code.into());
        }
        let mut device = self.object(&[
            ("deviceId", "device id"),
            ("browser", "browser"),
            ("operatingSystem", "operating system"),
            ("trustType", "join type"),
        ]);
        for (name, column) in [("isCompliant", "compliant"), ("isManaged", "managed")] {
            if let Some(truth) = truth(self.text(column)) {
                device.insert(name.to_owned(), truth.into());
            }
        }
        for (name, object) in [
            ("status", status),
            ("deviceDetail", device),
            ("location", place(self.text("location"))),
        ] {
            properties.insert(name.to_owned(), Value::Object(object));
        }
        properties
    }
}

/// What numbered columns say, without those that say nothing.
fn numbered(one: impl Fn(usize) -> Map<String, Value>) -> Value {
    let said = (1..=NUMBERED_MAX).map(one).filter(|said| !said.is_empty());
    Value::Array(said.map(Value::Object).collect())
}

fn truth(word: &str) -> Option<bool> {
    match word.to_lowercase().as_str() {
        "yes" | "true" => Some(true),
        "no" | "false" => Some(false),
        _ => None,
    }
}

/// `London, London, GB` taken apart, from its end: a city may have a comma.
fn place(text: &str) -> Map<String, Value> {
    let parts = text.rsplitn(3, ',').map(str::trim);
    let names = ["countryOrRegion", "state", "city"];
    let said = names.into_iter().zip(parts);
    said.filter(|(_, part)| !part.is_empty())
        .map(|(name, part)| (name.to_owned(), Value::from(part)))
        .collect()
}

#[cfg(test)]
mod tests {
    use cordon_model::Record;
    use serde_json::{Value, json};

    fn unfolded(service: &str, row: &Value) -> Value {
        let mut record = Record::from(row.clone());
        super::unfold(&mut record, service);
        record.to_value()
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
