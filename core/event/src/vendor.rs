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
mod further;
mod gain;
mod gathered;
mod google;
mod grants;
mod microsoft;
mod named_values;
mod names;
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
pub(crate) use gathered::Gathered;
use names::Looks;
pub(crate) use names::{Asked, Names};
pub(crate) use recipe::Table;

use crate::{
    Degradation, Hints,
    inner::Inner,
    intake::{Draft, Kind, Understood},
    syslog,
    time::{self, When, Zoneless},
    windows,
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
pub(crate) fn understand(draft: &mut Draft, names: &mut Names, hints: &Hints) -> Understood {
    let inside = if names.looks(&mut draft.fields).allow(Asked::Carrier) {
        carrier::take_off(draft)
    } else {
        Inside::Sound
    };
    let mut understood = of_record(draft, names, hints);
    if inside == Inside::Broken {
        understood.degraded.push(Degradation::BrokenInside);
    }
    understood
}

/// The same of a record that nothing carries.
fn of_record(draft: &mut Draft, names: &mut Names, hints: &Hints) -> Understood {
    if let Some(spelling) = names.looks(&mut draft.fields).spelling {
        spelling::restore(&mut draft.fields, spelling);
    }
    let mut looks = names.looks(&mut draft.fields);
    if looks.allow(Asked::Windows) && windows::normalise(&mut draft.fields, &mut draft.inner.record)
    {
        return windows::understand(draft, hints);
    }
    let mut known = None;
    if looks.allow(Asked::Export) {
        let memory = (&mut draft.inner, &mut draft.table);
        known = exports::recognise(&mut draft.fields, names, memory);
        looks = names.looks(&mut draft.fields);
    }
    if looks.allow(Asked::ServiceNow) && servicenow::is_one(&draft.fields) {
        return servicenow::understand(draft, names, hints);
    }
    known = known.or_else(|| {
        let memory = (&mut *names, &mut draft.inner);
        recognise(&mut draft.fields, looks, memory)
    });
    if known.is_none()
        && looks.allow(Asked::Shipped)
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
    let mut own = names.places(fields, recognised.ids).iter();
    let own = own.find_map(|place| said(fields.at(*place)?));
    id.push_str(own.filter(|own| !own.contains('/')).unwrap_or_default());
    put_version(id, fields, recognised.kind);
    let when = when(fields, recognised, names, hints);
    let lost = shape_for_rules(fields, recognised.kind, names, inner);
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
fn recognise(
    record: &mut Record,
    looks: Looks,
    (names, inner): (&mut Names, &mut Inner),
) -> Option<Recognised> {
    let if_so = |asked| looks.allow(asked).then_some(());
    if_so(Asked::Ocsf)
        .and_then(|()| ocsf::recognise(record, names, inner))
        .or_else(|| signs::recognise(record, looks.signs))
        .or_else(|| if_so(Asked::Microsoft).and_then(|()| microsoft::recognise(record)))
        .or_else(|| if_so(Asked::Google).and_then(|()| google::recognise(record)))
        .or_else(|| if_so(Asked::Ecs).and_then(|()| ecs::recognise(record, names, inner)))
}

/// Gives a record the names that rules ask for, where its vendor has several shapes for one thing.
/// Says whether a setting in it could not be told apart.
fn shape_for_rules(
    fields: &mut Record,
    kind: Kind,
    names: &mut Names,
    inner: &mut Inner,
) -> Option<Degradation> {
    if let (Some("azure"), Some(service)) = (kind.product, kind.service) {
        entra::nest(fields, service, (names, inner));
    }
    if kind.service == Some("duo") {
        duo::give(fields, names, inner);
    }
    if kind
        .service
        .is_some_and(|service| service.starts_with("google_workspace."))
        || (kind.product == Some("gcp") && kind.service.is_none())
    {
        google::give(fields, names, inner);
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
const USUAL_TIMES: &[&str] = &[
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

/// The first of the fields for it that says a time.
fn when(
    record: &mut Record,
    recognised: Recognised,
    names: &mut Names,
    hints: &Hints,
) -> Result<When, Degradation> {
    let mut problem = Degradation::TimeMissing;
    for times in [recognised.times, USUAL_TIMES] {
        for place in names.places(record, times) {
            let Some(value) = record.at(*place) else {
                continue;
            };
            if let Some(when) = time::of_item(value, recognised.zoneless, hints) {
                return Ok(when);
            }
            if !value.is_null() {
                problem = Degradation::TimeUnreadable;
            }
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
    let mut found = record.get(name.get(..dot)?)?;
    let mut rest = name.get(dot + 1..);
    while let Some(names) = rest {
        let dot = names.bytes().position(|b| b == b'.');
        let end = dot.unwrap_or(names.len());
        found = found.get(names.get(..end)?)?;
        rest = names.get(end + 1..);
    }
    Some(found)
}

fn text<'r>(record: &'r Record, name: &str) -> Option<&'r str> {
    said(field(record, name)?)
}

/// The text of a field that says something.
fn said(item: Item<'_>) -> Option<&str> {
    item.as_str().filter(|text| !text.is_empty())
}

fn has(record: &Record, name: &str) -> bool {
    record.get(name).is_some()
}
