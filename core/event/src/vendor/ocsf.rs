//! Records that are already in the Open Cybersecurity Schema Framework.
//!
//! They keep its names and gain the ones that rules ask for: those of the vendor where the vendor is
//! known (and all of them, where `raw_data` still has its record), those of Sysmon for what happens on a
//! Windows machine.

use cordon_model::{Item, Record, Scalar};

use super::{Names, Recognised, field, further::Further, gain, has, text};
use crate::{
    inner::{Inner, graft},
    intake::Kind,
    time::Zoneless,
    words,
};

/// Names to gain, and where the values stand.
type Named = &'static [(&'static str, &'static str)];

/// What names the machine in all classes of what happens on one.
const COMPUTER: Named = &[("Computer", "device.hostname")];

/// Classes of what happens on a machine: the number, the categories, and the names rules know.
const ON_MACHINES: [(u64, &[&str], Named); 5] = [
    (
        1007,
        &["process_creation"],
        &[
            ("Image", "process.file.path"),
            ("CommandLine", "process.cmd_line"),
            ("ProcessId", "process.pid"),
            ("CurrentDirectory", "process.working_directory"),
            ("ParentImage", "process.parent_process.file.path"),
            ("ParentImage", "actor.process.file.path"),
            ("ParentCommandLine", "process.parent_process.cmd_line"),
            ("ParentCommandLine", "actor.process.cmd_line"),
            ("User", "process.user.name"),
            ("User", "actor.user.name"),
            ("IntegrityLevel", "process.integrity"),
        ],
    ),
    (
        1001,
        &["file_event"],
        &[
            ("TargetFilename", "file.path"),
            ("Image", "actor.process.file.path"),
            ("User", "actor.user.name"),
        ],
    ),
    (
        1005,
        &["image_load"],
        &[
            ("ImageLoaded", "module.file.path"),
            ("Image", "actor.process.file.path"),
        ],
    ),
    (
        4001,
        &["network_connection"],
        &[
            ("Image", "actor.process.file.path"),
            ("SourceIp", "src_endpoint.ip"),
            ("SourcePort", "src_endpoint.port"),
            ("DestinationIp", "dst_endpoint.ip"),
            ("DestinationPort", "dst_endpoint.port"),
            ("DestinationHostname", "dst_endpoint.hostname"),
        ],
    ),
    (
        4003,
        &["dns_query"],
        &[
            ("QueryName", "query.hostname"),
            ("Image", "actor.process.file.path"),
        ],
    ),
];

/// A vendor by a word of the product's name, what its log is called here, and the names rules know.
type Vendor = (&'static str, &'static str, &'static str, Named);

const VENDORS: [Vendor; 5] = [
    (
        "CloudTrail",
        "aws",
        "cloudtrail",
        &[
            ("eventName", "api.operation"),
            ("eventSource", "api.service.name"),
            ("awsRegion", "cloud.region"),
            ("sourceIPAddress", "src_endpoint.ip"),
            ("sourceIPAddress", "src_endpoint.domain"),
            ("userAgent", "http_request.user_agent"),
            ("errorCode", "api.response.error"),
            ("errorMessage", "api.response.message"),
            ("recipientAccountId", "cloud.account.uid"),
            ("userIdentity.type", "actor.user.type"),
            ("userIdentity.arn", "actor.user.uid_alt"),
            ("userIdentity.userName", "actor.user.name"),
            ("userIdentity.principalId", "actor.user.uid"),
            ("eventID", "metadata.uid"),
        ],
    ),
    (
        "Okta",
        "okta",
        "okta",
        &[
            ("eventType", "metadata.event_code"),
            ("actor.alternateId", "actor.user.email_addr"),
            ("actor.alternateId", "actor.user.name"),
            ("outcome.result", "status"),
            ("client.ipAddress", "src_endpoint.ip"),
        ],
    ),
    (
        "Entra",
        "azure",
        "signinlogs",
        &[
            ("userPrincipalName", "user.email_addr"),
            ("userPrincipalName", "user.name"),
            ("ipAddress", "src_endpoint.ip"),
            ("appDisplayName", "service.name"),
        ],
    ),
    ("GuardDuty", "aws", "guardduty", &[]),
    ("Duo", "cisco", "duo", &[("username", "user.name")]),
];

/// Whether its names allow that a record is of the schema.
pub(super) fn may_be_one(record: &Record) -> bool {
    let product = ["metadata.version", "metadata.product"];
    has(record, "class_uid") && product.iter().any(|name| field(record, name).is_some())
}

pub(super) fn recognise(
    record: &mut Record,
    names: &mut Names,
    inner: &mut Inner,
) -> Option<Recognised> {
    let class: u64 = record.get("class_uid")?.spelled()?.parse().ok()?;
    let vendor = vendor(record);
    let machine = ON_MACHINES.iter().find(|(known, ..)| *known == class);
    let kind = match (vendor, machine) {
        (Some((_, product, service, own)), _) => {
            names.give(record, Further::Named(own));
            if *product == "aws" {
                give_parameters(record, inner);
            }
            let unmapped = record.get("unmapped").filter(|item| item.is_map());
            if let Some(unmapped) = unmapped.map(Item::place) {
                gain::lift(record, unmapped);
            }
            Kind::new(product, service)
        }
        (None, Some((_, categories, own))) => {
            names.give(record, Further::Named(own));
            names.give(record, Further::Named(COMPUTER));
            Kind {
                product: system(record),
                service: None,
                categories: if is_first(record) { categories } else { &[] },
            }
        }
        (None, None) => {
            let product = system(record);
            Kind {
                product,
                service: product.is_none().then_some("ocsf"),
                categories: &[],
            }
        }
    };
    Some(Recognised {
        kind,
        ids: &["metadata.uid", "metadata.original_event_uid"],
        times: &["time", "metadata.original_time", "time_dt"],
        zoneless: Zoneless::Utc,
    })
}

/// The vendor of the product that the record says it is of.
fn vendor(record: &Record) -> Option<&'static Vendor> {
    let product = ["metadata.product.name", "metadata.product.vendor_name"];
    let product = product.map(|name| text(record, name).unwrap_or_default());
    let is_of = |word: &str| product.iter().any(|name| words::has(name, word));
    VENDORS.iter().find(|(word, ..)| is_of(word))
}

/// What was asked and answered, which the schema keeps as an object or as JSON in a text.
fn give_parameters(record: &mut Record, inner: &mut Inner) {
    for (name, native) in [
        ("requestParameters", "api.request.data"),
        ("responseElements", "api.response.data"),
    ] {
        let Some(told) = field(record, native).filter(|_| !has(record, name)) else {
            continue;
        };
        if told.is_map() {
            gain::put(record, name, told.place());
        } else if let Some(object) = told.as_str().and_then(|text| inner.read(text)) {
            graft(record, name, object.root());
        }
    }
}

/// Whether the class's first activity happened: a process started, a file was made, a connection opened.
fn is_first(record: &Record) -> bool {
    let activity = record.get("activity_id").and_then(Item::scalar);
    matches!(activity, None | Some(Scalar::Number("1" | "6")))
}

/// The operating system as rules name it.
fn system(record: &Record) -> Option<&'static str> {
    let name = text(record, "device.os.type").or_else(|| text(record, "device.os.name"))?;
    let name = name.to_ascii_lowercase();
    ["windows", "linux", "macos"]
        .into_iter()
        .find(|system| name.contains(system))
}
