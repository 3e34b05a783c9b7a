//! Entra ID, Azure and Microsoft 365, in the shapes of diagnostic settings (Event Hubs, storage),
//! Microsoft Graph, Log Analytics tables and the unified audit log.

use cordon_model::Record;

use super::{Recognised, field, has, text};
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

const TIMES: [&str; 15] = [
    "activityDateTime",
    "createdDateTime",
    "properties.activityDateTime",
    "properties.createdDateTime",
    "time",
    "eventTimestamp",
    "TimeGenerated",
    "detectedDateTime",
    "eventDateTime",
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

/// Whether its names allow that a record is one of these.
pub(super) fn may_be_one(record: &Record) -> bool {
    // What asks for a value of these.
    let mut valued = [
        "eventSource",
        "riskEventType",
        "serviceSource",
        "properties",
    ]
    .iter();
    valued.any(|name| has(record, name))
        || unified(record).is_some()
        || by_keys(record).is_some()
        || has_operation(record)
        || is_row(record)
}

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
    if let Some(service) = by_keys(record).or_else(|| by_properties(record)) {
        return Some(Kind::new("azure", service));
    }
    let any = |names: &[&str]| names.iter().any(|name| has(record, name));
    let operation = has_operation(record);
    if !operation && !is_row(record) {
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

fn has_operation(record: &Record) -> bool {
    let mut names = [
        "operationName",
        "operationname",
        "OperationName",
        "OperationNameValue",
    ]
    .iter();
    names.any(|name| has(record, name))
}

/// A row of a table says which one, and has its workspace.
fn is_row(record: &Record) -> bool {
    has(record, "TenantId") && has(record, "TimeGenerated")
}

/// The service, where keys alone tell it.
fn by_keys(record: &Record) -> Option<&'static str> {
    if let Some(risk) = text(record, "riskEventType") {
        let pim = risk.ends_with("AlertIncident") || risk.ends_with("AlertConfiguration");
        return Some(if pim { "pim" } else { "riskdetection" });
    }
    let any = |names: &[&str]| names.iter().any(|name| has(record, name));
    let all = |names: &[&str]| names.iter().all(|name| has(record, name));
    // Alerts of Graph, the older of which name people's states, and the newer who saw it.
    let protection = text(record, "serviceSource") == Some("azureAdIdentityProtection");
    if all(&["vendorInformation", "userStates"]) || protection {
        return Some("riskdetection");
    }
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

/// The service, where what diagnostic settings nest tells it. A stream may say under `category` what the deed is
/// one of (`Policy`, `DirectoryManagement`), which is a category of the activity log's too.
fn by_properties(record: &Record) -> Option<&'static str> {
    let properties = record.get("properties")?;
    let all = |names: &[&str]| names.iter().all(|name| properties.get(name).is_some());
    if all(&["AuditEventId", "Actor"]) {
        return Some("intune");
    }
    let named = all(&["activityDisplayName"]) || all(&["operationName"]);
    let resource = text(record, "resourceId").unwrap_or_default();
    let of_entra = resource
        .to_ascii_lowercase()
        .ends_with("/providers/microsoft.aadiam");
    if (named && all(&["initiatedBy"])) || (of_entra && all(&["loggedByService"])) {
        return Some("auditlogs");
    }
    let sign_in = all(&["userPrincipalName", "appDisplayName"])
        && field(record, "properties.riskEventType").is_none();
    sign_in.then_some("signinlogs")
}

#[cfg(test)]
mod tests {
    use cordon_model::Record;
    use serde_json::json;

    #[test]
    fn what_is_nested_tells_the_log_where_the_category_is_the_deeds_own() {
        let aadiam = "/tenants/6c1f3a52/providers/Microsoft.aadiam";
        let deed = json!({"activityDisplayName": "Set domain authentication", "initiatedBy": {"user": {}},
            "loggedByService": "Core Directory"});
        let sign_in = json!({"userPrincipalName": "a@b.example", "appDisplayName": "Azure Portal"});
        for (category, properties, service) in [
            ("Policy", &deed, Some("auditlogs")),
            ("DirectoryManagement", &deed, Some("auditlogs")),
            (
                "Policy",
                &json!({"loggedByService": "PIM"}),
                Some("auditlogs"),
            ),
            ("Other", &sign_in, Some("signinlogs")),
            ("SignInLogs", &sign_in, Some("signinlogs")),
            (
                "Policy",
                &json!({"isComplianceCheck": "True"}),
                Some("activitylogs"),
            ),
            (
                "AuditLogs",
                &json!({"AuditEventId": "e", "Actor": {"UPN": "a@b.example"}}),
                Some("intune"),
            ),
            (
                "UserRiskEvents",
                &json!({"userPrincipalName": "a@b.example", "riskEventType": "x"}),
                Some("riskdetection"),
            ),
            ("DirectoryManagement", &json!("text"), None),
        ] {
            let record = json!({"category": category, "operationName": "x", "resourceId": aadiam, "properties": properties});
            let found = super::recognise(&Record::from(record.clone())).unwrap();
            assert_eq!(found.kind.product, Some("azure"), "{record}");
            assert_eq!(found.kind.service, service, "{record}");
        }
        for alert in [
            json!({"vendorInformation": {"provider": "IPC"}, "userStates": [], "category": "PasswordSpray"}),
            json!({"providerAlertId": "1", "serviceSource": "azureAdIdentityProtection", "evidence": []}),
        ] {
            let found = super::recognise(&Record::from(alert)).unwrap();
            assert_eq!(found.kind.service, Some("riskdetection"));
        }
    }
}
