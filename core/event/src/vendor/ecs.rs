//! Windows records in the Elastic Common Schema that carry no Windows event inside: what their agent
//! says that happened is their category.

use cordon_model::{Item, Record};

use super::{Recognised, field, text};
use crate::{intake::Kind, time::Zoneless};

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

/// Says what a record is, if it is of the schema and of Windows.
pub(super) fn recognise(record: &Record) -> Option<Recognised> {
    field(record, "ecs.version")?;
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
