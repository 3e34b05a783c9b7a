//! Records in the Elastic Common Schema.
//!
//! They keep its names. Those of a known vendor, which its integrations keep below a name of their own
//! and in their own spelling, gain the vendor's names. Windows records that carry no Windows event
//! inside have as category what their agent says that happened.

use cordon_model::{Item, Record};

use super::{
    Names, Recognised,
    camel::Camel,
    field,
    further::Further,
    gain::{self, Members},
    text,
    written::{self, WRITTEN},
};
use crate::{
    inner::{Inner, graft},
    intake::Kind,
    time::Zoneless,
};

/// Vendors' logs by the beginning of their data set.
struct Dataset {
    begins: &'static str,
    product: &'static str,
    service: &'static str,
    /// Where the vendor's own fields stand.
    below: &'static str,
    spelling: Spelling,
    /// Names to gain from those of the schema.
    names: &'static [(&'static str, &'static str)],
}

/// How names below the vendor's own are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spelling {
    /// As the vendor does.
    Own,
    /// With underscores for the vendor's capitals.
    Underscored,
}

const DATASETS: [Dataset; 16] = [
    dataset(
        "okta.",
        ("okta", "okta"),
        ("okta", Spelling::Underscored),
        &[
            ("published", "@timestamp"),
            ("client.ipAddress", "okta.client.ip"),
            ("actor.alternateId", "okta.actor.alternate_id"),
            ("outcome.result", "okta.outcome.result"),
        ],
    ),
    dataset(
        "o365.audit",
        ("m365", "audit"),
        ("o365.audit", Spelling::Own),
        &[],
    ),
    dataset(
        "azure.signinlogs",
        ("azure", "signinlogs"),
        ("azure.signinlogs", Spelling::Underscored),
        &[
            (
                "userPrincipalName",
                "azure.signinlogs.properties.user_principal_name",
            ),
            ("ipAddress", "source.ip"),
        ],
    ),
    dataset(
        "azure.auditlogs",
        ("azure", "auditlogs"),
        ("azure.auditlogs", Spelling::Underscored),
        &[],
    ),
    dataset(
        "azure.identity_protection",
        ("azure", "riskdetection"),
        ("azure.identityprotection", Spelling::Underscored),
        &[],
    ),
    dataset(
        "azure.activitylogs",
        ("azure", "activitylogs"),
        ("azure.activitylogs", Spelling::Underscored),
        &[],
    ),
    dataset(
        "aws.cloudtrail",
        ("aws", "cloudtrail"),
        ("aws.cloudtrail", Spelling::Underscored),
        &[
            ("eventName", "event.action"),
            ("eventSource", "event.provider"),
            ("sourceIPAddress", "source.address"),
            ("userAgent", "user_agent.original"),
            ("awsRegion", "cloud.region"),
            ("recipientAccountId", "cloud.account.id"),
        ],
    ),
    dataset(
        "google_workspace.admin",
        ("gcp", "google_workspace.admin"),
        ("google_workspace.admin", Spelling::Own),
        &[("eventName", "event.action")],
    ),
    dataset(
        "google_workspace.login",
        ("gcp", "google_workspace.login"),
        ("google_workspace.login", Spelling::Own),
        &[("eventName", "event.action")],
    ),
    dataset(
        "onelogin.",
        ("onelogin", "onelogin.events"),
        ("onelogin", Spelling::Own),
        &[],
    ),
    dataset(
        "cisco_duo.auth",
        ("cisco", "duo"),
        ("cisco_duo.auth", Spelling::Own),
        &[
            ("user.name", "user.name"),
            ("access_device.ip", "source.ip"),
        ],
    ),
    dataset(
        "cisco_duo.",
        ("cisco", "duo"),
        ("cisco_duo.admin", Spelling::Own),
        &[("username", "user.name"), ("access_device.ip", "source.ip")],
    ),
    dataset(
        "servicenow.",
        ("servicenow", ""),
        ("servicenow.event", Spelling::Own),
        &[],
    ),
    dataset(
        "cyberarkpas.",
        ("cyberark", "vault"),
        ("cyberarkpas.audit", Spelling::Own),
        &[],
    ),
    dataset(
        "fortinet",
        ("fortigate", "event"),
        ("fortinet.firewall", Spelling::Own),
        &[("user", "user.name"), ("srcip", "source.ip")],
    ),
    dataset(
        "system.auth",
        ("linux", "auth"),
        ("system.auth", Spelling::Own),
        &[("src_ip", "source.ip")],
    ),
];

const fn dataset(
    begins: &'static str,
    (product, service): (&'static str, &'static str),
    (below, spelling): (&'static str, Spelling),
    names: &'static [(&'static str, &'static str)],
) -> Dataset {
    Dataset {
        begins,
        product,
        service,
        below,
        spelling,
        names,
    }
}

/// What agents say that happened (`event.category`, `event.type`), and Sigma's categories for it; an
/// empty type is any. The first row that fits counts.
const CATEGORIES: [(&str, &str, &[&str]); 12] = [
    ("process", "start", &["process_creation"]),
    ("process", "end", &["process_termination"]),
    ("file", "creation", &["file_event"]),
    ("file", "deletion", &["file_delete"]),
    ("registry", "creation", &["registry_event", "registry_add"]),
    ("registry", "change", &["registry_event", "registry_set"]),
    (
        "registry",
        "deletion",
        &["registry_event", "registry_delete"],
    ),
    ("registry", "", &["registry_event"]),
    ("library", "start", &["image_load"]),
    ("driver", "start", &["driver_load"]),
    ("network", "start", &["network_connection"]),
    ("network", "connection", &["network_connection"]),
];

/// Where the data set stands.
const DATASET: [&str; 3] = ["event.dataset", "data_stream.dataset", "event.module"];

/// Whether its names allow that a record is of the schema.
pub(super) fn may_be_one(record: &Record) -> bool {
    let is_there = |name: &&str| field(record, name).is_some();
    is_there(&"ecs.version") || (is_there(&"@timestamp") && DATASET.iter().any(is_there))
}

/// Says what a record is, if it is of the schema. One that does not say so, because whoever forwards it takes
/// away what is the same in all, is so by the name of its data set.
pub(super) fn recognise(
    record: &mut Record,
    names: &mut Names,
    inner: &mut Inner,
) -> Option<Recognised> {
    if field(record, "ecs.version").is_none() {
        field(record, "@timestamp")?;
        return of_vendor(record, names, inner);
    }
    of_vendor(record, names, inner)
        .or_else(|| of_windows(record))
        .or(Some(AS_SUCH))
}

/// A record of the schema that nobody here knows the writer of.
const AS_SUCH: Recognised = Recognised {
    kind: Kind {
        product: None,
        service: Some("ecs"),
        categories: &[],
    },
    ids: &["event.id"],
    times: &["@timestamp"],
    zoneless: Zoneless::Utc,
};

/// What an integration for a vendor's log has made of it.
fn of_vendor(record: &mut Record, names: &mut Names, inner: &mut Inner) -> Option<Recognised> {
    let mut told = DATASET.iter().filter_map(|place| text(record, place));
    let known = told.find_map(|set| {
        let mut all = DATASETS.iter();
        all.find(|known| {
            set.starts_with(known.begins) || known.begins.strip_suffix('.') == Some(set)
        })
    })?;
    if let Some(own) = field(record, known.below).map(Item::place) {
        match known.spelling {
            Spelling::Own => gain::lift(record, own),
            Spelling::Underscored => lift_spelled(record, own, inner),
        }
    }
    names.give(record, Further::Named(known.names));
    Some(Recognised {
        kind: Kind {
            product: Some(known.product),
            service: Some(known.service).filter(|service| !service.is_empty()),
            categories: &[],
        },
        ids: &["event.id"],
        times: &["@timestamp"],
        zoneless: Zoneless::Utc,
    })
}

/// Puts the fields of an object beside the record's own under their vendor's names.
fn lift_spelled(record: &mut Record, place: u32, inner: &mut Inner) {
    let mut camel = Camel::default();
    let mut members = Members::of(record.at(place));
    while let Some(member) = members.next(record) {
        let name = record.at(member).map_or("", Item::key);
        if let Some((native, vendors)) = WRITTEN.iter().find(|(native, _)| *native == name)
            && put_written(record, (place, native, vendors), inner)
        {
            continue;
        }
        let key = camel.key(record, member);
        if record.get(record.text_of(key)).is_none() {
            camel.put(record, key, member);
        }
    }
    for (native, vendors) in WRITTEN {
        put_written(record, (place, native, vendors), inner);
    }
}

/// Puts the object that stands beside a text, or in it, under its vendor's name; whether there is one there.
fn put_written(
    record: &mut Record,
    (own, native, vendors): (u32, &str, &str),
    inner: &mut Inner,
) -> bool {
    if record.get(vendors).is_some() {
        return true;
    }
    let Some(own) = record.at(own) else {
        return false;
    };
    let flat = own.get("flattened").and_then(|flat| flat.get(native));
    if let Some(flat) = flat.filter(|flat| flat.is_map()) {
        gain::put(record, vendors, flat.place());
        return true;
    }
    let text = own.get(native).and_then(Item::as_str);
    let Some(object) = text.and_then(|text| written::read(text, inner)) else {
        return false;
    };
    graft(record, vendors, object.root());
    true
}

fn of_windows(record: &Record) -> Option<Recognised> {
    let mut system = ["host.os.type", "host.os.family", "host.os.platform"].iter();
    system.find(|name| text(record, name) == Some("windows"))?;
    Some(Recognised {
        kind: Kind {
            product: Some("windows"),
            service: None,
            categories: categories(record),
        },
        ids: &["event.id"],
        times: &["@timestamp"],
        zoneless: Zoneless::Utc,
    })
}

fn categories(record: &Record) -> &'static [&'static str] {
    if field(record, "dns.question.name").is_some() {
        return &["dns_query"];
    }
    let fits = |(category, kind, _): &&(&str, &str, _)| {
        says(record, "event.category", category)
            && (kind.is_empty() || says(record, "event.type", kind))
    };
    CATEGORIES
        .iter()
        .find(fits)
        .map_or(&[], |(_, _, found)| found)
}

/// Whether a field that may hold one text or several has this one.
fn says(record: &Record, name: &str, wanted: &str) -> bool {
    let is = |item: Item<'_>| item.as_str() == Some(wanted);
    field(record, name).is_some_and(|item| is(item) || item.children().any(is))
}
