//! Entra ID, Azure and Microsoft 365, in the shapes of diagnostic settings (Event Hubs, storage),
//! Microsoft Graph, Log Analytics tables and the unified audit log.

use cordon_model::Record;

use super::{Recognised, has, text};
use crate::{intake::Kind, time::Zoneless};

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
            "AADManagedIdentitySignInLogs",
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
            "AADRiskyUsers",
            "AADRiskyServicePrincipals",
            "AADServicePrincipalRiskEvents",
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

const TIMES: [&str; 14] = [
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
    "CreationDate",
    "riskLastUpdatedDateTime",
    "RiskLastUpdatedDateTime",
    "eventTime",
];

/// Where an event's own id stands.
const IDS: [&str; 6] = [
    "Id",
    "id",
    "properties.id",
    "eventDataId",
    "properties.eventDataId",
    "EventDataId",
];

pub(super) fn recognise(record: &Record) -> Option<Recognised> {
    let kind = unified(record).or_else(|| azure(record))?;
    Some(Recognised {
        kind,
        ids: &IDS,
        times: &TIMES,
        zoneless: Zoneless::Utc,
    })
}

/// The unified audit log, and the alert shape that public rules were written for.
fn unified(record: &Record) -> Option<Kind> {
    let any = |names: &[&str]| names.iter().any(|name| has(record, name));
    match (text(record, "eventSource"), text(record, "eventName")) {
        (Some("SecurityComplianceCenter"), Some("Activity from suspicious IP addresses")) => {
            return Some(Kind::new("m365", "threat_detection"));
        }
        (Some("SecurityComplianceCenter"), _) => {
            return Some(Kind::new("m365", "threat_management"));
        }
        (Some("Exchange"), Some(_)) => return Some(Kind::new("m365", "exchange")),
        (_, _) => {}
    }
    let is_one = any(&["Operation", "operation"])
        && any(&["RecordType", "recordtype", "Workload", "workload"])
        && any(&[
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
    let service = if workload == Some("SecurityComplianceCenter") {
        "threat_management"
    } else {
        "audit"
    };
    Some(Kind::new("m365", service))
}

/// A log of Azure, perhaps without a service of Sigma's.
fn azure(record: &Record) -> Option<Kind> {
    if let Some(service) = by_keys(record) {
        return Some(Kind::new("azure", service));
    }
    let any = |names: &[&str]| names.iter().any(|name| has(record, name));
    let operation = any(&[
        "operationName",
        "operationname",
        "OperationName",
        "OperationNameValue",
    ]);
    // A row of a table says which one, and has its workspace.
    let row = has(record, "TenantId") && has(record, "TimeGenerated");
    if !operation && !row {
        return None;
    }
    // The activity log of interfaces has its category as an object.
    let names = [
        "Type",
        "category",
        "Category",
        "category.value",
        "CategoryValue",
    ];
    let places = if operation { &names[..] } else { &names[..1] };
    let mut categories = places.iter().filter_map(|name| text(record, name));
    let service = categories.find_map(|category| {
        let listed = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(category));
        let found = CATEGORIES.iter().find(|(_, names)| listed(names));
        found.map(|(service, _)| *service)
    });
    if !operation {
        return service.map(|service| Kind::new("azure", service));
    }
    let resource = any(&[
        "resourceId",
        "resourceid",
        "ResourceId",
        "_ResourceId",
        "tenantId",
    ]);
    (service.is_some() || resource).then_some(Kind {
        product: Some("azure"),
        service,
        categories: &[],
    })
}

/// The service, where keys alone tell it.
fn by_keys(record: &Record) -> Option<&'static str> {
    if let Some(risk) = text(record, "riskEventType") {
        let pim = risk.ends_with("AlertIncident") || risk.ends_with("AlertConfiguration");
        return Some(if pim { "pim" } else { "riskdetection" });
    }
    let any = |names: &[&str]| names.iter().any(|name| has(record, name));
    let all = |names: &[&str]| names.iter().all(|name| has(record, name));
    if all(&["riskState", "riskLastUpdatedDateTime"])
        || all(&["RiskState", "RiskLastUpdatedDateTime"])
    {
        return Some("riskdetection");
    }
    if all(&["activityDisplayName", "initiatedBy"]) || all(&["LoggedByService", "OperationName"]) {
        return Some("auditlogs");
    }
    let sign_in = all(&["userPrincipalName", "appDisplayName"])
        && any(&["conditionalAccessStatus", "clientAppUsed", "status"]);
    let sign_in = sign_in || all(&["UserPrincipalName", "AppDisplayName", "ResultType"]);
    sign_in.then_some("signinlogs")
}
