//! Exports of products' own consoles: what their columns mean.
//!
//! To add one, add a row: the columns it has and no other export has, what it is, and the names that
//! rules and field maps know its columns by. The columns stay beside them.

use cordon_model::{Record, Shape};

use super::{
    Names, Recognised, camel,
    further::Further,
    gain, has, portal,
    recipe::{Recipe, Table},
};
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
pub(super) fn recognise(
    record: &mut Record,
    names: &mut Names,
    (inner, table): (&mut Inner, &mut Table),
) -> Option<Recognised> {
    let number = names.looks(record).export?;
    let export = EXPORTS.get(number)?;
    let is_shaped = ["okta", "signinlogs"].contains(&export.service);
    let said = || table.knows(record).map(|(_, said)| said);
    let said = is_shaped.then(said).flatten();
    if !is_shaped {
        names.give(record, Further::Named(export.names));
    } else if let Some(said) = said.or_else(|| table.begin(record, number)) {
        let make = || {
            let mut recipe = Recipe::default();
            recipe.gain(record, export.names);
            export.shape(record, &mut recipe);
            recipe
        };
        table.recipe(said, make).follow(record);
    } else {
        gain::gain(record, export.names);
        let mut recipe = Recipe::default();
        export.shape(record, &mut recipe);
        recipe.follow(record);
    }
    match export.service {
        "auditlogs" => portal::unfold_deed(record),
        "cloudtrail" => parameters(record, inner),
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

impl Export {
    /// What the names of a row's columns make of it beside further names.
    fn shape(&self, record: &Record, recipe: &mut Recipe) {
        match self.service {
            "okta" => nest(record, recipe),
            "signinlogs" => portal::unfold_sign_in(record, recipe),
            _ => {}
        }
    }
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
fn nest(record: &Record, recipe: &mut Recipe) {
    let fields = record.root().children();
    let fields = fields.filter(|item| item.as_str().is_some_and(|text| !text.is_empty()));
    let cells: Vec<_> = fields
        .map(|item| Cell::new(item.key(), item.place()))
        .collect();
    put(recipe, &cells, Some(record));
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

/// Puts cells whose columns begin here into the objects and lists that these name; what the record has beside them
/// keeps its place.
fn put(recipe: &mut Recipe, cells: &[Cell<'_>], beside: Option<&Record>) {
    for (at, cell) in cells.iter().enumerate() {
        let (before, from_here) = cells.split_at(at);
        if before.iter().any(|other| other.name == cell.name) {
            continue;
        }
        let name = camel::spelled(cell.name);
        if recipe.has(&name) || beside.is_some_and(|record| has(record, &name)) {
            continue;
        }
        let own = from_here.iter().filter(|other| other.name == cell.name);
        if cell.number.is_some() {
            let own: Vec<_> = own.copied().collect();
            put_list(recipe, &name, &own);
        } else if cell.behind.is_some() {
            recipe.open(&name, Shape::Map);
            put(recipe, &inside(own, None), None);
            recipe.close();
        } else {
            recipe.copy(&name, cell.place);
        }
    }
}

fn put_list(recipe: &mut Recipe, name: &str, cells: &[Cell<'_>]) {
    let highest = cells.iter().filter_map(|cell| cell.number).max();
    recipe.open(name, Shape::List);
    for number in 0..=highest.unwrap_or(0) {
        recipe.open("", Shape::Map);
        put(recipe, &inside(cells.iter(), Some(number)), None);
        recipe.close();
    }
    recipe.close();
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

/// Whether a record is a row of an export, which its names alone say.
pub(super) fn is_one(record: &Record) -> bool {
    of(record).is_some()
}

/// The number of the export of which a record is a row, which its names alone say.
pub(super) fn of(record: &Record) -> Option<usize> {
    let fits = |export: &Export| export.columns.iter().all(|column| has(record, column));
    EXPORTS.iter().position(fits)
}
