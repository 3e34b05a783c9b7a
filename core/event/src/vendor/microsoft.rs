//! Entra ID, Azure and Microsoft 365, in the shapes of diagnostic settings (Event Hubs, storage),
//! Microsoft Graph, Log Analytics tables and the unified audit log.

use super::{Recognised, text};
use crate::{intake::Kind, time::Zoneless, windows::Fields};

/// Sigma's services by the category that diagnostic settings write, or the table's name.
const CATEGORIES: [(&str, &[&str]); 5] = [
    ("auditlogs", &["AuditLogs"]),
    (
        "signinlogs",
        &[
            "SignInLogs",
            "NonInteractiveUserSignInLogs",
            "ServicePrincipalSignInLogs",
            "ManagedIdentitySignInLogs",
            "ADFSSignInLogs",
            "AADNonInteractiveUserSignInLogs",
            "AADServicePrincipalSignInLogs",
        ],
    ),
    (
        "riskdetection",
        &[
            "UserRiskEvents",
            "RiskyUsers",
            "RiskyServicePrincipals",
            "ServicePrincipalRiskEvents",
            "AADUserRiskEvents",
        ],
    ),
    ("provisioninglogs", &["ProvisioningLogs"]),
    (
        "activitylogs",
        &[
            "Administrative",
            "Policy",
            "Security",
            "ServiceHealth",
            "Alert",
            "Autoscale",
            "Recommendation",
            "ResourceHealth",
            "AzureActivity",
        ],
    ),
];

const TIMES: [&str; 11] = [
    "activityDateTime",
    "createdDateTime",
    "properties.activityDateTime",
    "properties.createdDateTime",
    "time",
    "eventTimestamp",
    "TimeGenerated",
    "detectedDateTime",
    "CreationTime",
    "creationtime",
    "eventTime",
];

pub(super) fn recognise(record: &Fields) -> Option<Recognised> {
    let (product, service) = unified(record)
        .map(|service| ("m365", Some(service)))
        .or_else(|| azure(record).map(|service| ("azure", service)))?;
    const IDS: [&str; 6] = [
        "Id",
        "id",
        "properties.id",
        "eventDataId",
        "properties.eventDataId",
        "EventDataId",
    ];
    // A resource's path is no id of an event.
    let id = IDS
        .iter()
        .find_map(|name| text(record, name))
        .filter(|id| !id.is_empty() && !id.contains('/'));
    Some(Recognised {
        kind: Kind {
            product: Some(product),
            service,
            categories: Vec::new(),
        },
        id: id.map(str::to_owned),
        times: &TIMES,
        zoneless: Zoneless::Utc,
    })
}

/// The unified audit log, and the alert shape that public rules were written for.
fn unified(record: &Fields) -> Option<&'static str> {
    let has = |names: &[&str]| names.iter().any(|name| record.contains_key(*name));
    match (text(record, "eventSource"), text(record, "eventName")) {
        (Some("SecurityComplianceCenter"), Some("Activity from suspicious IP addresses")) => {
            return Some("threat_detection");
        }
        (Some("SecurityComplianceCenter"), _) => return Some("threat_management"),
        (Some("Exchange"), Some(_)) => return Some("exchange"),
        (_, _) => {}
    }
    let is_one = has(&["Operation", "operation"])
        && has(&["RecordType", "recordtype", "Workload", "workload"])
        && has(&[
            "UserId",
            "userid",
            "UserKey",
            "userkey",
            "CreationTime",
            "Id",
        ]);
    if !is_one {
        return None;
    }
    let workload = text(record, "Workload").or_else(|| text(record, "workload"));
    if workload == Some("SecurityComplianceCenter") {
        Some("threat_management")
    } else {
        Some("audit")
    }
}

/// A log of Azure; the inner option is none for one without a service of Sigma's.
fn azure(record: &Fields) -> Option<Option<&'static str>> {
    if let Some(risk) = text(record, "riskEventType") {
        let pim = risk.ends_with("AlertIncident") || risk.ends_with("AlertConfiguration");
        return Some(Some(if pim { "pim" } else { "riskdetection" }));
    }
    let has = |names: &[&str]| names.iter().any(|name| record.contains_key(*name));
    let all = |names: &[&str]| names.iter().all(|name| record.contains_key(*name));
    if all(&["activityDisplayName", "initiatedBy"]) || all(&["LoggedByService", "OperationName"]) {
        return Some(Some("auditlogs"));
    }
    let sign_in = all(&["userPrincipalName", "appDisplayName"])
        && has(&["conditionalAccessStatus", "clientAppUsed", "status"]);
    if sign_in || all(&["UserPrincipalName", "AppDisplayName", "ResultType"]) {
        return Some(Some("signinlogs"));
    }
    let names = ["Type", "category", "Category"];
    let category = names.iter().find_map(|name| text(record, name))?;
    let operation = has(&[
        "operationName",
        "operationname",
        "OperationName",
        "OperationNameValue",
    ]);
    if !operation {
        return None;
    }
    let service = CATEGORIES
        .iter()
        .find(|(_, names)| names.iter().any(|name| name.eq_ignore_ascii_case(category)))
        .map(|(service, _)| *service);
    let resource = has(&[
        "resourceId",
        "resourceid",
        "ResourceId",
        "tenantId",
        "_ResourceId",
    ]);
    (service.is_some() || resource).then_some(service)
}
