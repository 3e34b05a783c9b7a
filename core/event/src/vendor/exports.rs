//! Exports of products' own consoles: what their columns mean.
//!
//! To add one, add a row: the columns it has and no other export has, what it is, and the names that
//! rules and field maps know its columns by. The columns stay beside them.

use cordon_model::{Key, Open, Record, Shape};

use super::{Recognised, camel::Camel, gain, has, portal};
use crate::{inner::Inner, intake::Kind, time::Zoneless};

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
pub(super) fn recognise(record: &mut Record, inner: &mut Inner) -> Option<Recognised> {
    let fits = |export: &&Export| export.columns.iter().all(|column| has(record, column));
    let export = EXPORTS.iter().find(fits)?;
    gain::gain(record, export.names);
    match export.product {
        "okta" => nest(record),
        "azure" => portal::unfold(record, export.service),
        "aws" => parameters(record, inner),
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
fn parameters(record: &mut Record, inner: &mut Inner) {
    for (name, native) in [
        ("requestParameters", "RequestParameters"),
        ("responseElements", "ResponseElements"),
        ("additionalEventData", "AdditionalEventData"),
    ] {
        inner.put(record, name, native);
    }
}

/// Okta's columns (`actor.alternate_id`, `target0.type`) as its log nests them.
fn nest(record: &mut Record) {
    let mut columns = String::new();
    let mut cells = Vec::new();
    for item in record.root().children() {
        if item.as_str().is_some_and(|text| !text.is_empty()) {
            let start = columns.len();
            columns.push_str(item.key());
            cells.push((start..columns.len(), item.place()));
        }
    }
    let cells = cells.into_iter();
    let cells = cells.filter_map(|(column, place)| Some(Cell::new(columns.get(column)?, place)));
    let cells: Vec<_> = cells.collect();
    Nesting::default().put(record, &cells, None);
}

/// A cell that says something, by its column: the first name of that, its number if it is one of a list, and
/// the names behind it.
#[derive(Clone, Copy)]
struct Cell<'c> {
    name: &'c str,
    number: Option<usize>,
    behind: Option<&'c str>,
    place: u32,
}

impl<'c> Cell<'c> {
    fn new(column: &'c str, place: u32) -> Self {
        let dot = column.bytes().position(|b| b == b'.');
        let name = dot.and_then(|dot| column.get(..dot)).unwrap_or(column);
        let number = name.strip_prefix("target").and_then(|n| n.parse().ok());
        let number = number.filter(|number| *number < TARGETS_MAX);
        Self {
            name: number.map_or(name, |_| "target"),
            number,
            behind: dot.and_then(|dot| column.get(dot + 1..)),
            place,
        }
    }
}

/// Puts cells into the objects and lists that their columns name.
#[derive(Default)]
struct Nesting {
    camel: Camel,
}

impl Nesting {
    /// Puts cells whose columns begin here; into a map that is open, or beside what the record has.
    fn put(&mut self, record: &mut Record, cells: &[Cell<'_>], map: Option<&Open>) {
        for (at, cell) in cells.iter().enumerate() {
            let (before, from_here) = cells.split_at(at);
            if before.iter().any(|other| other.name == cell.name) {
                continue;
            }
            let key = self.camel.spelled(record, cell.name);
            let is_taken = match map {
                Some(map) => record.has(map, key),
                None => record.get(record.text_of(key)).is_some(),
            };
            if is_taken {
                continue;
            }
            let own = from_here.iter().filter(|other| other.name == cell.name);
            if cell.number.is_some() {
                let own: Vec<_> = own.copied().collect();
                self.put_list(record, key, &own);
            } else if cell.behind.is_some() {
                let open = record.open(key, Shape::Map);
                self.put(record, &inside(own, None), Some(&open));
                record.close(open);
            } else {
                record.put_place(key, cell.place);
            }
        }
    }

    fn put_list(&mut self, record: &mut Record, key: Key, cells: &[Cell<'_>]) {
        let highest = cells.iter().filter_map(|cell| cell.number).max();
        let list = record.open(key, Shape::List);
        for number in 0..=highest.unwrap_or(0) {
            let map = record.open(Key::NONE, Shape::Map);
            let inside = inside(cells.iter(), Some(number));
            self.put(record, &inside, Some(&map));
            record.close(map);
        }
        record.close(list);
    }
}

/// What columns with this number say behind their first name.
fn inside<'a, 'c: 'a>(
    cells: impl Iterator<Item = &'a Cell<'c>>,
    number: Option<usize>,
) -> Vec<Cell<'c>> {
    let numbered = cells.filter(|cell| cell.number == number);
    let inside = numbered.filter_map(|cell| Some(Cell::new(cell.behind?, cell.place)));
    inside.collect()
}

/// Most targets of one event that are looked at; Okta's own exports have ten.
const TARGETS_MAX: usize = 64;
