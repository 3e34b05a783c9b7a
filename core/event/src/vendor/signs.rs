//! Products that a few keys give away.
//!
//! To add one, add a row: the keys that its records have together and no other product's do.

use serde_json::Value;

use super::{Recognised, field, text};
use crate::{intake::Kind, time::Zoneless, windows::Fields};

/// How a product's records are known.
struct Sign {
    product: &'static str,
    service: &'static str,
    categories: &'static [&'static str],
    /// Keys that must all be there; `a|b` is satisfied by either.
    keys: &'static [&'static str],
    /// A key that must have this value.
    equal: Option<(&'static str, &'static str)>,
    /// The vendor's own unique id.
    id: &'static str,
    times: &'static [&'static str],
}

const NONE: Sign = Sign {
    product: "",
    service: "",
    categories: &[],
    keys: &[],
    equal: None,
    id: "id",
    times: &[],
};

const SIGNS: [Sign; 19] = [
    Sign {
        product: "okta",
        service: "okta",
        keys: &[
            "eventType|eventtype",
            "actor|target|legacyEventType",
            "published|uuid|outcome",
        ],
        id: "uuid",
        times: &["published"],
        ..NONE
    },
    Sign {
        product: "aws",
        service: "cloudtrail",
        keys: &[
            "eventName",
            "eventSource|userIdentity",
            "eventVersion|awsRegion|recipientAccountId",
        ],
        id: "eventID",
        times: &["eventTime"],
        ..NONE
    },
    Sign {
        product: "aws",
        service: "guardduty",
        keys: &["schemaVersion", "service.detectorId"],
        times: &["service.eventLastSeen", "updatedAt"],
        ..NONE
    },
    Sign {
        product: "gcp",
        service: "gcp.audit",
        keys: &["protoPayload"],
        id: "insertId",
        times: &["timestamp", "receiveTimestamp"],
        ..NONE
    },
    Sign {
        product: "gcp",
        service: "google_workspace.admin",
        keys: &["id.uniqueQualifier"],
        equal: Some(("id.applicationName", "admin")),
        id: "id.uniqueQualifier",
        times: &["id.time"],
        ..NONE
    },
    Sign {
        product: "gcp",
        service: "google_workspace.login",
        keys: &["id.uniqueQualifier"],
        equal: Some(("id.applicationName", "login")),
        id: "id.uniqueQualifier",
        times: &["id.time"],
        ..NONE
    },
    Sign {
        product: "kubernetes",
        service: "audit",
        categories: &["application"],
        keys: &["kind", "objectRef|requestURI", "verb|apiVersion"],
        id: "",
        times: &["requestReceivedTimestamp", "stageTimestamp"],
        ..NONE
    },
    Sign {
        product: "github",
        service: "audit",
        keys: &[
            "action",
            "actor",
            "_document_id|org|repo",
            "@timestamp|created_at",
        ],
        id: "_document_id",
        times: &["@timestamp", "created_at"],
        ..NONE
    },
    Sign {
        product: "onelogin",
        service: "onelogin.events",
        keys: &["event_type_id", "user_id|actor_user_id|user_name|event_id"],
        id: "uuid",
        times: &["event_timestamp", "created_at"],
        ..NONE
    },
    Sign {
        product: "cisco",
        service: "duo",
        keys: &["action", "isotimestamp", "username"],
        id: "",
        times: &["isotimestamp"],
        ..NONE
    },
    Sign {
        product: "cisco",
        service: "duo",
        keys: &["factor", "auth_device|access_device", "result"],
        id: "txid",
        times: &["isotimestamp", "timestamp"],
        ..NONE
    },
    Sign {
        product: "crowdstrike",
        service: "eventstreams",
        keys: &["metadata.eventType", "event"],
        id: "",
        times: &["metadata.eventCreationTime", "event.UTCTimestamp"],
        ..NONE
    },
    Sign {
        product: "crowdstrike",
        service: "fdr",
        keys: &["aid", "cid", "event_platform"],
        times: &["timestamp", "ContextTimeStamp"],
        ..NONE
    },
    Sign {
        product: "slack",
        service: "audit",
        keys: &["action", "actor.user", "context"],
        times: &["date_create"],
        ..NONE
    },
    Sign {
        product: "salesforce",
        service: "realtime",
        keys: &["EVENT_TYPE", "ORGANIZATION_ID"],
        id: "",
        times: &["TIMESTAMP_DERIVED", "TIMESTAMP"],
        ..NONE
    },
    Sign {
        product: "zendesk",
        service: "audit",
        keys: &["action_label", "actor_id", "source_type"],
        id: "",
        times: &["created_at"],
        ..NONE
    },
    Sign {
        product: "zoom",
        service: "operation",
        keys: &["category_type", "operation_detail", "operator"],
        id: "",
        times: &["time"],
        ..NONE
    },
    Sign {
        product: "bitbucket",
        service: "audit",
        keys: &["auditType.category", "author"],
        times: &["timestamp"],
        ..NONE
    },
    Sign {
        product: "opencanary",
        service: "",
        categories: &["application"],
        keys: &["logtype", "node_id"],
        id: "",
        times: &["utc_time", "local_time"],
        ..NONE
    },
];

/// Services of Zeek, which names them in `_path`.
const ZEEK: [&str; 12] = [
    "conn",
    "dns",
    "http",
    "kerberos",
    "rdp",
    "smb_files",
    "x509",
    "dce_rpc",
    "ssl",
    "ssh",
    "files",
    "ntlm",
];

pub(super) fn recognise(record: &Fields) -> Option<Recognised> {
    if record.contains_key("uid") && record.contains_key("id.orig_h") {
        return Some(of_zeek(record));
    }
    let sign = SIGNS.iter().find(|sign| fits(sign, record))?;
    let service = Some(sign.service).filter(|service| !service.is_empty());
    let id = match field(record, sign.id) {
        Some(Value::String(id)) if !id.is_empty() => Some(id.clone()),
        Some(_) | None => None,
    };
    Some(Recognised {
        kind: Kind {
            product: Some(sign.product),
            service,
            categories: sign.categories.to_vec(),
        },
        id,
        times: sign.times,
        zoneless: Zoneless::Utc,
    })
}

fn fits(sign: &Sign, record: &Fields) -> bool {
    let has = |key: &str| field(record, key).is_some_and(|value| !value.is_null());
    let equal = |(key, value)| text(record, key) == Some(value);
    sign.keys.iter().all(|either| either.split('|').any(has)) && sign.equal.is_none_or(equal)
}

fn of_zeek(record: &Fields) -> Recognised {
    let path = text(record, "_path").unwrap_or_default();
    Recognised {
        kind: Kind {
            product: Some("zeek"),
            service: ZEEK.into_iter().find(|service| *service == path),
            categories: Vec::new(),
        },
        id: None,
        times: &["ts"],
        zoneless: Zoneless::Utc,
    }
}
