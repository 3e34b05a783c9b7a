//! Products that a few keys give away.
//!
//! To add one, add a row: the keys that its records have together and no other product's do.

use cordon_model::Record;

use super::{Recognised, field, has, text};
use crate::{intake::Kind, time::Zoneless};

/// How a product's records are known.
struct Sign {
    product: &'static str,
    service: &'static str,
    categories: &'static [&'static str],
    /// Keys of which one of each group must be there.
    keys: &'static [&'static [&'static str]],
    /// A key that must have this value.
    equal: Option<(&'static str, &'static str)>,
    /// Where the vendor's own unique id stands.
    ids: &'static [&'static str],
    times: &'static [&'static str],
}

const NONE: Sign = Sign {
    product: "",
    service: "",
    categories: &[],
    keys: &[],
    equal: None,
    ids: &["id"],
    times: &[],
};

const SIGNS: [Sign; 26] = [
    Sign {
        product: "cordon",
        service: "coverage",
        keys: &[&["silent_from"], &["silence_minutes"], &["state"]],
        times: &["time"],
        ..NONE
    },
    Sign {
        product: "okta",
        service: "okta",
        keys: &[
            &["eventType", "eventtype"],
            &["actor", "target", "legacyEventType"],
            &["published", "uuid", "outcome"],
        ],
        ids: &["uuid"],
        times: &["published"],
        ..NONE
    },
    Sign {
        product: "aws",
        service: "cloudtrail",
        keys: &[
            &["eventName"],
            &["eventSource", "userIdentity"],
            &["eventVersion", "awsRegion", "recipientAccountId"],
        ],
        ids: &["eventID"],
        times: &["eventTime"],
        ..NONE
    },
    Sign {
        product: "aws",
        service: "guardduty",
        keys: &[&["schemaVersion"], &["service.detectorId"]],
        times: &["service.eventLastSeen", "updatedAt"],
        ..NONE
    },
    Sign {
        product: "gcp",
        service: "google_workspace.admin",
        keys: &[&["protoPayload"]],
        equal: Some(("protoPayload.serviceName", "admin.googleapis.com")),
        ids: &["insertId"],
        times: &["timestamp", "receiveTimestamp"],
        ..NONE
    },
    Sign {
        product: "gcp",
        service: "google_workspace.login",
        keys: &[&["protoPayload"]],
        equal: Some(("protoPayload.serviceName", "login.googleapis.com")),
        ids: &["insertId"],
        times: &["timestamp", "receiveTimestamp"],
        ..NONE
    },
    Sign {
        product: "gcp",
        service: "google_workspace.token",
        keys: &[&["protoPayload.metadata.event"]],
        equal: Some(("protoPayload.serviceName", "oauth2.googleapis.com")),
        ids: &["insertId"],
        times: &["timestamp", "receiveTimestamp"],
        ..NONE
    },
    Sign {
        product: "gcp",
        service: "google_workspace.alert",
        keys: &[
            &["alertId"],
            &["customerId"],
            &["data.@type", "source"],
            &["createTime", "startTime"],
        ],
        ids: &["alertId"],
        times: &["startTime", "createTime"],
        ..NONE
    },
    Sign {
        product: "gcp",
        service: "gcp.audit",
        keys: &[&["protoPayload"]],
        ids: &["insertId"],
        times: &["timestamp", "receiveTimestamp"],
        ..NONE
    },
    Sign {
        product: "kubernetes",
        service: "audit",
        categories: &["application"],
        keys: &[
            &["kind"],
            &["objectRef", "requestURI"],
            &["verb", "apiVersion"],
        ],
        ids: &[],
        times: &["requestReceivedTimestamp", "stageTimestamp"],
        ..NONE
    },
    Sign {
        product: "github",
        service: "audit",
        keys: &[
            &["action"],
            &["actor"],
            &["_document_id", "org", "repo"],
            &["@timestamp", "created_at"],
        ],
        ids: &["_document_id"],
        times: &["@timestamp", "created_at"],
        ..NONE
    },
    Sign {
        product: "onelogin",
        service: "onelogin.events",
        keys: &[
            &["event_type_id"],
            &["user_id", "actor_user_id", "user_name", "event_id"],
        ],
        ids: &["uuid"],
        times: &["event_timestamp", "created_at"],
        ..NONE
    },
    Sign {
        product: "cisco",
        service: "duo",
        keys: &[&["action"], &["isotimestamp"], &["username"]],
        ids: &[],
        times: &["isotimestamp"],
        ..NONE
    },
    Sign {
        product: "cisco",
        service: "duo",
        keys: &[&["factor"], &["auth_device", "access_device"], &["result"]],
        ids: &["txid"],
        times: &["isotimestamp", "timestamp"],
        ..NONE
    },
    Sign {
        product: "cisco",
        service: "duo",
        keys: &[&["activity_id"], &["actor"], &["action"]],
        ids: &["activity_id"],
        times: &["ts"],
        ..NONE
    },
    Sign {
        product: "cyberark",
        service: "vault",
        keys: &[&["syslog.audit_record"]],
        ids: &[],
        times: &[
            "syslog.audit_record.IsoTimestamp",
            "syslog.audit_record.Timestamp",
        ],
        ..NONE
    },
    Sign {
        product: "zendesk",
        service: "tickets",
        keys: &[
            &["requester_id"],
            &["submitter_id", "assignee_id"],
            &["subject", "via"],
        ],
        times: &["created_at", "updated_at"],
        ..NONE
    },
    Sign {
        product: "atlassian",
        service: "audit",
        keys: &[&["attributes.action"], &["attributes.actor"]],
        times: &["attributes.time"],
        ..NONE
    },
    Sign {
        product: "crowdstrike",
        service: "eventstreams",
        keys: &[&["metadata.eventType"], &["event"]],
        ids: &[],
        times: &["metadata.eventCreationTime", "event.UTCTimestamp"],
        ..NONE
    },
    Sign {
        product: "crowdstrike",
        service: "fdr",
        keys: &[&["aid"], &["cid"], &["event_platform"]],
        times: &["timestamp", "ContextTimeStamp"],
        ..NONE
    },
    Sign {
        product: "slack",
        service: "audit",
        keys: &[&["action"], &["actor.user"], &["context"]],
        times: &["date_create"],
        ..NONE
    },
    Sign {
        product: "salesforce",
        service: "realtime",
        keys: &[&["EVENT_TYPE"], &["ORGANIZATION_ID"]],
        ids: &[],
        times: &["TIMESTAMP_DERIVED", "TIMESTAMP"],
        ..NONE
    },
    Sign {
        product: "zendesk",
        service: "audit",
        keys: &[&["action_label"], &["actor_id"], &["source_type"]],
        ids: &[],
        times: &["created_at"],
        ..NONE
    },
    Sign {
        product: "zoom",
        service: "operation",
        keys: &[&["category_type"], &["operation_detail"], &["operator"]],
        ids: &[],
        times: &["time"],
        ..NONE
    },
    Sign {
        product: "bitbucket",
        service: "audit",
        keys: &[&["auditType.category"], &["author"]],
        times: &["timestamp"],
        ..NONE
    },
    Sign {
        product: "opencanary",
        service: "",
        categories: &["application"],
        keys: &[&["logtype"], &["node_id"]],
        ids: &[],
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

/// The products that names alone allow.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signs {
    /// A bit for each row.
    rows: u32,
    zeek: bool,
}

/// Which products a record can be one of by its names.
pub(super) fn by_names(record: &Record) -> Signs {
    let is_there = |key: &&str| field(record, key).is_some();
    let may_fit = |sign: &Sign| sign.keys.iter().all(|either| either.iter().any(is_there));
    let fitting = (0..).zip(&SIGNS).filter(|(_, sign)| may_fit(sign));
    Signs {
        rows: fitting.fold(0, |rows, (at, _)| rows | 1 << at),
        zeek: has(record, "uid") && has(record, "id.orig_h"),
    }
}

pub(super) fn recognise(record: &Record, signs: Signs) -> Option<Recognised> {
    if signs.zeek {
        return Some(of_zeek(record));
    }
    if signs.rows == 0 {
        return None;
    }
    let mut fitting = (0..)
        .zip(&SIGNS)
        .filter(|(at, _)| signs.rows & 1 << at != 0);
    let (_, sign) = fitting.find(|(_, sign)| fits(sign, record))?;
    Some(Recognised {
        kind: Kind {
            product: Some(sign.product),
            service: Some(sign.service).filter(|service| !service.is_empty()),
            categories: sign.categories,
        },
        ids: sign.ids,
        times: sign.times,
        zoneless: Zoneless::Utc,
    })
}

fn fits(sign: &Sign, record: &Record) -> bool {
    let has = |key: &str| field(record, key).is_some_and(|value| !value.is_null());
    let equal = |(key, value)| text(record, key) == Some(value);
    let one_of = |either: &&[&'static str]| either.iter().copied().any(has);
    sign.keys.iter().all(one_of) && sign.equal.is_none_or(equal)
}

fn of_zeek(record: &Record) -> Recognised {
    let path = text(record, "_path").unwrap_or_default();
    Recognised {
        kind: Kind {
            product: Some("zeek"),
            service: ZEEK.into_iter().find(|service| *service == path),
            categories: &[],
        },
        ids: &[],
        times: &["ts"],
        zoneless: Zoneless::Utc,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{SIGNS, Signs};

    impl Signs {
        /// The same as if names allowed every product.
        pub(in crate::vendor) fn all_rows(self) -> Self {
            let rows = u32::MAX;
            Self { rows, ..self }
        }
    }

    /// Keys that make a record each product's: of each group one, now the first and now the last.
    pub(in crate::vendor) fn keys() -> Vec<Vec<&'static str>> {
        let first = |sign: &super::Sign| {
            sign.keys
                .iter()
                .filter_map(|either| either.first().copied())
                .collect()
        };
        let last = |sign: &super::Sign| {
            sign.keys
                .iter()
                .filter_map(|either| either.last().copied())
                .collect()
        };
        SIGNS
            .iter()
            .flat_map(|sign| [first(sign), last(sign)])
            .collect()
    }
}
