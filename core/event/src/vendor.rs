//! JSON records: whose they are, when they happened and what their vendor calls them.
//!
//! Products are known by keys that only they have together, never by a file's name. Records keep
//! their vendor's nesting and names. What carries a record unchanged inside it (an event bus, a
//! search hit, a collector's batch) is taken off. A record that nobody here knows stays an event
//! without a product.

mod camel;
mod carrier;
mod changes;
mod duo;
mod ecs;
mod entra;
mod exports;
mod gain;
mod gathered;
mod google;
mod grants;
mod microsoft;
mod named_values;
mod ocsf;
mod outside;
mod portal;
mod recipe;
mod servicenow;
mod signs;
mod spelling;
mod written;

#[cfg(test)]
mod tests;

use carrier::Inside;
pub(crate) use changes::Changes;
use cordon_model::{Item, Record};
pub(crate) use recipe::Table;

use crate::{
    Degradation, Hints,
    inner::Inner,
    intake::{Draft, Kind, Understood},
    syslog,
    time::{self, When, Zoneless},
    windows, words,
};

/// What recognising a record says of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Recognised {
    kind: Kind,
    /// Where its vendor's own id may stand, best first.
    ids: &'static [&'static str],
    /// Where it says its time, best first.
    times: &'static [&'static str],
    zoneless: Zoneless,
}

/// Makes an event's parts of a JSON record of any vendor.
pub(crate) fn understand(draft: &mut Draft, hints: &Hints) -> Understood {
    let inside = carrier::take_off(draft);
    let mut understood = of_record(draft, hints);
    if inside == Inside::Broken {
        understood.degraded.push(Degradation::BrokenInside);
    }
    understood
}

/// The same of a record that nothing carries.
fn of_record(draft: &mut Draft, hints: &Hints) -> Understood {
    spelling::restore(&mut draft.fields);
    if windows::normalise(&mut draft.fields, &mut draft.inner.record) {
        return windows::understand(draft, hints);
    }
    let memory = (&mut draft.inner, &mut draft.table);
    let export = exports::recognise(&mut draft.fields, memory);
    if servicenow::is_one(&draft.fields) {
        return servicenow::understand(draft, hints);
    }
    let known = export.or_else(|| recognise(&mut draft.fields, &mut draft.inner));
    if known.is_none()
        && let Some(understood) = syslog::shipped(draft, hints)
    {
        return understood;
    }
    let Draft {
        fields, id, inner, ..
    } = draft;
    let recognised = known.unwrap_or(Recognised {
        kind: Kind::default(),
        ids: &[],
        times: &[],
        zoneless: Zoneless::Local,
    });
    id.clear();
    // A resource's path is no id of an event.
    let own = recognised.ids.iter().find_map(|name| text(fields, name));
    id.push_str(own.filter(|own| !own.contains('/')).unwrap_or_default());
    put_version(id, fields, recognised.kind);
    let times = recognised.times.iter().chain(&USUAL_TIMES);
    let when = when(fields, times, recognised.zoneless, hints);
    let lost = shape_for_rules(fields, recognised.kind, inner);
    Understood {
        kind: recognised.kind,
        when,
        degraded: lost.into_iter().collect(),
    }
}

/// Vendors whose id is that of a thing, which is told again each time its state changes, and where it says
/// when that was.
const VERSIONED: [(&str, &str, &[&str]); 4] = [
    ("aws", "guardduty", &["updatedAt", "UpdatedAt"]),
    (
        "gcp",
        "google_workspace.alert",
        &["updateTime", "metadata.updateTime"],
    ),
    (
        "azure",
        "riskdetection",
        &[
            "riskLastUpdatedDateTime",
            "properties.riskLastUpdatedDateTime",
            "RiskLastUpdatedDateTime",
            "lastUpdatedDateTime",
            "properties.lastUpdatedDateTime",
            "LastUpdatedDateTime",
            "lastModifiedDateTime",
            "lastUpdateDateTime",
        ],
    ),
    ("zendesk", "tickets", &["updated_at", "Updated at"]),
];

/// Makes the id of a thing that of one state of it, so that a further state is no copy.
fn put_version(id: &mut String, record: &Record, kind: Kind) {
    let known = VERSIONED.iter().find(|(product, service, _)| {
        (Some(*product), Some(*service)) == (kind.product, kind.service)
    });
    let Some((_, _, names)) = known.filter(|_| !id.is_empty()) else {
        return;
    };
    if let Some(updated) = names.iter().find_map(|name| text(record, name)) {
        id.push('@');
        id.push_str(updated);
    }
}

/// Whose a record is. A schema is looked for first, because its names are some vendor's too.
fn recognise(record: &mut Record, inner: &mut Inner) -> Option<Recognised> {
    ocsf::recognise(record, inner)
        .or_else(|| signs::recognise(record))
        .or_else(|| microsoft::recognise(record))
        .or_else(|| google::recognise(record))
        .or_else(|| ecs::recognise(record, inner))
}

/// Gives a record the names that rules ask for, where its vendor has several shapes for one thing.
/// Says whether a setting in it could not be told apart.
fn shape_for_rules(fields: &mut Record, kind: Kind, inner: &mut Inner) -> Option<Degradation> {
    if let (Some("azure"), Some(service)) = (kind.product, kind.service) {
        entra::nest(fields, service, inner);
    }
    if kind.service == Some("duo") {
        duo::give(fields, &mut inner.record);
    }
    if kind
        .service
        .is_some_and(|service| service.starts_with("google_workspace."))
        || (kind.product == Some("gcp") && kind.service.is_none())
    {
        google::give(fields);
    }
    let given = match kind.product {
        Some("aws") => grants::give(fields),
        Some(product) => named_values::give(fields, product, inner),
        None => Ok(()),
    };
    if let Some(product) = kind.product {
        outside::give(fields, product);
    }
    given.err()
}

/// Usual names of a record's time, best first.
const USUAL_TIMES: [&str; 17] = [
    "@timestamp",
    "timestamp",
    "time",
    "eventTime",
    "event_time",
    "published",
    "created_at",
    "createdAt",
    "creationTime",
    "dateTime",
    "datetime",
    "_time",
    "ts",
    "date",
    "isotimestamp",
    "TimeGenerated",
    "p_event_time",
];

/// The first of some fields that says a time.
fn when<'n>(
    record: &Record,
    names: impl Iterator<Item = &'n &'n str>,
    zoneless: Zoneless,
    hints: &Hints,
) -> Result<When, Degradation> {
    let mut problem = Degradation::TimeMissing;
    for name in names {
        let Some(value) = field(record, name) else {
            continue;
        };
        if let Some(when) = time::of_item(value, zoneless, hints) {
            return Ok(when);
        }
        if !value.is_null() {
            problem = Degradation::TimeUnreadable;
        }
    }
    Err(problem)
}

/// A field by its name, dots reaching into objects unless the name itself has them.
fn field<'r>(record: &'r Record, name: &str) -> Option<Item<'r>> {
    if let Some(value) = record.get(name) {
        return Some(value);
    }
    // Names are short, so that a loop over them is done before a search would have begun.
    let dot = name.bytes().position(|b| b == b'.')?;
    let first = record.get(name.get(..dot)?)?;
    words::parts(name.get(dot + 1..)?, ".").try_fold(first, Item::get)
}

fn text<'r>(record: &'r Record, name: &str) -> Option<&'r str> {
    field(record, name)?
        .as_str()
        .filter(|text| !text.is_empty())
}

fn has(record: &Record, name: &str) -> bool {
    record.get(name).is_some()
}
