//! Exports of products' own consoles: what their columns mean.
//!
//! To add one, add a row: the columns it has and no other export has, what it is, and the names that
//! rules and field maps know its columns by. The columns stay beside them.

use cordon_model::{Item, Record, Value};

use super::{Recognised, gain, has, portal};
use crate::{intake::Kind, json, time::Zoneless};

struct Export {
    /// Columns that must all be there.
    columns: &'static [&'static str],
    product: &'static str,
    service: &'static str,
    /// Names to gain, and the columns they come from.
    names: &'static [(&'static str, &'static str)],
    ids: &'static [&'static str],
    times: &'static [&'static str],
    zoneless: Zoneless,
}

const EXPORTS: [Export; 9] = [
    Export {
        columns: &["Date (UTC)", "Request ID", "Username"],
        product: "azure",
        service: "signinlogs",
        names: &[
            ("userPrincipalName", "Username"),
            ("userDisplayName", "User"),
            ("ipAddress", "IP address"),
            ("appDisplayName", "Application"),
            ("AppDisplayName", "Application"),
            ("ResourceDisplayName", "Resource"),
            ("ResultType", "Sign-in error code"),
            ("ResultDescription", "Failure reason"),
            ("Status", "Status"),
            ("ClientAppUsed", "Client app"),
            ("ClientApp", "Client app"),
            ("UserAgent", "User agent"),
            ("ConditionalAccessStatus", "Conditional Access"),
            ("AuthenticationRequirement", "Authentication requirement"),
            ("Location", "Location"),
            ("sessionId", "Session ID"),
        ],
        ids: &["Request ID"],
        times: &["Date (UTC)"],
        zoneless: Zoneless::Utc,
    },
    Export {
        columns: &["Date (UTC)", "Activity", "ActorUserPrincipalName"],
        product: "azure",
        service: "auditlogs",
        names: &[
            ("operationName", "Activity"),
            ("OperationName", "Activity"),
            ("activityDisplayName", "Activity"),
            ("ActivityDisplayName", "Activity"),
            ("category", "Category"),
            ("result", "Result"),
            ("callerIpAddress", "IPAddress"),
        ],
        ids: &[],
        times: &["Date (UTC)"],
        zoneless: Zoneless::Utc,
    },
    Export {
        columns: &["Number", "Short description"],
        product: "servicenow",
        service: "",
        names: &[
            ("number", "Number"),
            ("short_description", "Short description"),
            ("description", "Description"),
            ("opened_at", "Opened"),
            ("opened_by", "Opened by"),
            ("caller_id", "Caller"),
            ("requested_for", "Requested for"),
            ("state", "State"),
            ("priority", "Priority"),
            ("category", "Category"),
            ("subcategory", "Subcategory"),
            ("assignment_group", "Assignment group"),
            ("assigned_to", "Assigned to"),
            ("contact_type", "Contact type"),
            ("contact_type", "Channel"),
            ("cmdb_ci", "Configuration item"),
            ("work_notes", "Work notes"),
            ("close_notes", "Close notes"),
            ("close_notes", "Resolution notes"),
            ("resolved_at", "Resolved"),
            ("closed_at", "Closed"),
            ("sys_created_on", "Created"),
            ("sys_created_by", "Created by"),
            ("sys_updated_on", "Updated"),
            ("sys_updated_by", "Updated by"),
        ],
        ids: &[],
        times: &["Opened", "Created", "Updated"],
        zoneless: Zoneless::Local,
    },
    Export {
        columns: &["Ticket ID", "Requester"],
        product: "zendesk",
        service: "tickets",
        names: ZENDESK,
        ids: &["Ticket ID"],
        times: ZENDESK_TIMES,
        zoneless: Zoneless::Local,
    },
    Export {
        columns: &["ID", "Requester", "Subject"],
        product: "zendesk",
        service: "tickets",
        names: ZENDESK,
        ids: &["ID"],
        times: ZENDESK_TIMES,
        zoneless: Zoneless::Local,
    },
    Export {
        columns: &["Id", "Requester", "Subject"],
        product: "zendesk",
        service: "tickets",
        names: ZENDESK,
        ids: &["Id"],
        times: ZENDESK_TIMES,
        zoneless: Zoneless::Local,
    },
    Export {
        columns: &["Event name", "Event source", "Event time", "Event ID"],
        product: "aws",
        service: "cloudtrail",
        names: &[
            ("eventName", "Event name"),
            ("eventSource", "Event source"),
            ("eventTime", "Event time"),
            ("eventID", "Event ID"),
            ("awsRegion", "AWS region"),
            ("sourceIPAddress", "Source IP address"),
            ("userAgent", "User agent"),
            ("errorCode", "Error code"),
            ("readOnly", "Read-only"),
            ("eventType", "Event type"),
            ("recipientAccountId", "Recipient account ID"),
            ("userIdentity.userName", "User name"),
            ("userIdentity.accessKeyId", "AWS access key"),
        ],
        ids: &["Event ID"],
        times: &["Event time"],
        zoneless: Zoneless::Utc,
    },
    // The table of Log Analytics.
    Export {
        columns: &["EventName", "EventSource", "EventVersion", "TimeGenerated"],
        product: "aws",
        service: "cloudtrail",
        names: &[
            ("eventName", "EventName"),
            ("eventSource", "EventSource"),
            ("eventVersion", "EventVersion"),
            ("eventType", "EventTypeName"),
            ("awsRegion", "AWSRegion"),
            ("sourceIPAddress", "SourceIpAddress"),
            ("userAgent", "UserAgent"),
            ("errorCode", "ErrorCode"),
            ("errorMessage", "ErrorMessage"),
            ("readOnly", "ReadOnly"),
            ("recipientAccountId", "RecipientAccountId"),
            ("userIdentity.type", "UserIdentityType"),
            ("userIdentity.arn", "UserIdentityArn"),
            ("userIdentity.userName", "UserIdentityUserName"),
            ("userIdentity.principalId", "UserIdentityPrincipalid"),
            ("userIdentity.accountId", "UserIdentityAccountId"),
            ("userIdentity.accessKeyId", "UserIdentityAccessKeyId"),
            ("userIdentity.invokedBy", "UserIdentityInvokedBy"),
            (
                "userIdentity.sessionContext.sessionIssuer.arn",
                "SessionIssuerArn",
            ),
            (
                "userIdentity.sessionContext.sessionIssuer.userName",
                "SessionIssuerUserName",
            ),
            (
                "userIdentity.sessionContext.attributes.mfaAuthenticated",
                "SessionMfaAuthenticated",
            ),
        ],
        ids: &["AwsEventId"],
        times: &["TimeGenerated"],
        zoneless: Zoneless::Utc,
    },
    Export {
        columns: &["event_type", "actor.alternate_id", "outcome.result"],
        product: "okta",
        service: "okta",
        names: &[],
        ids: &["uuid"],
        times: &["published", "timestamp"],
        zoneless: Zoneless::Utc,
    },
];

const ZENDESK: &[(&str, &str)] = &[
    ("id", "Ticket ID"),
    ("id", "ID"),
    ("id", "Id"),
    ("subject", "Subject"),
    ("status", "Status"),
    ("requester", "Requester email"),
    ("requester", "Requester"),
    ("submitter", "Submitter"),
    ("assignee", "Assignee"),
    ("group", "Group"),
    ("channel", "Channel"),
    ("channel", "Via"),
    ("created_at", "Created at"),
    ("updated_at", "Updated at"),
    ("solved_at", "Solved at"),
];

const ZENDESK_TIMES: &[&str] = &["Created at", "Ticket created - Timestamp", "Updated at"];

/// Says what a row of an export is, and gives it the names that others know its columns by.
pub(super) fn recognise(record: &mut Record) -> Option<Recognised> {
    let fits = |export: &&Export| export.columns.iter().all(|column| has(record, column));
    let export = EXPORTS.iter().find(fits)?;
    gain::gain(record, export.names);
    match export.product {
        "okta" => nest(record),
        "azure" => portal::unfold(record, export.service),
        "aws" => parameters(record),
        _ => {}
    }
    Some(Recognised {
        kind: Kind {
            product: Some(export.product),
            service: Some(export.service).filter(|service| !service.is_empty()),
            categories: &[],
        },
        ids: export.ids,
        times: export.times,
        zoneless: export.zoneless,
    })
}

/// What the table of `CloudTrail`'s events holds as JSON in a text.
fn parameters(record: &mut Record) {
    for (name, native) in [
        ("requestParameters", "RequestParameters"),
        ("responseElements", "ResponseElements"),
        ("additionalEventData", "AdditionalEventData"),
    ] {
        let told = record.get(native).and_then(Item::as_str);
        let inner = told.and_then(|told| json::parse(told.as_bytes()).ok());
        if let Some(inner) = inner.filter(|inner| inner.value.is_object()) {
            gain::put(record, name, &inner.value);
        }
    }
}

/// Okta's columns (`actor.alternate_id`, `target0.type`) as its log nests them.
fn nest(record: &mut Record) {
    let mut root = Value::Object(serde_json::Map::new());
    for item in record.root().children() {
        let Some(text) = item.as_str().filter(|text| !text.is_empty()) else {
            continue;
        };
        place(&mut root, item.key(), text);
    }
    gain::lift(record, &gain::camel(root));
}

fn place(root: &mut Value, column: &str, text: &str) {
    let mut at = root;
    let mut parts = column.split('.').peekable();
    while let Some(part) = parts.next() {
        let list = part
            .strip_prefix("target")
            .and_then(|number| number.parse::<usize>().ok())
            .filter(|number| *number < TARGETS_MAX);
        let (name, number) = list.map_or((part, None), |number| ("target", Some(number)));
        let Value::Object(fields) = at else {
            return;
        };
        let slot = fields.entry(name.to_owned()).or_insert(Value::Null);
        let slot = match number {
            Some(number) => {
                if !slot.is_array() {
                    *slot = Value::Array(Vec::new());
                }
                let Value::Array(items) = slot else {
                    return;
                };
                while items.len() <= number {
                    items.push(Value::Object(serde_json::Map::new()));
                }
                match items.get_mut(number) {
                    Some(item) => item,
                    None => return,
                }
            }
            None => slot,
        };
        if parts.peek().is_none() {
            if number.is_none() {
                *slot = Value::from(text);
            }
            return;
        }
        if !slot.is_object() {
            *slot = Value::Object(serde_json::Map::new());
        }
        at = slot;
    }
}

/// Most targets of one event that are looked at; Okta's own exports have ten.
const TARGETS_MAX: usize = 64;
