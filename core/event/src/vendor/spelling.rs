//! Names of fields as their vendor spells them, for records from stores that fold names to lower case.
//!
//! Tables in lakes and warehouses (Athena, Hive, Snowflake) know no capitals, so that `eventType` comes
//! back as `eventtype`; what is nested keeps its names. Rules are written in the vendor's spelling. So
//! a folded record is given the vendor's names beside its own; nothing is taken away.

use cordon_model::{Item, Record};

use super::{gain, has};

/// How a vendor spells the fields at the top of its records.
#[derive(Debug)]
pub(super) struct Spelling {
    /// Names of which one of each group must be there. Some folded ones are enough: a view over a table may give
    /// a few names back and leave the others.
    signs: &'static [&'static [&'static str]],
    names: &'static [&'static str],
}

const SPELLINGS: [Spelling; 5] = [
    Spelling {
        signs: &[
            &["outcome", "published"],
            &[
                "eventtype",
                "debugcontext",
                "authenticationcontext",
                "securitycontext",
                "legacyeventtype",
                "displaymessage",
            ],
        ],
        names: &[
            "eventType",
            "displayMessage",
            "legacyEventType",
            "authenticationContext",
            "debugContext",
            "securityContext",
        ],
    },
    Spelling {
        signs: &[
            &["awsregion", "awsRegion", "eventsource"],
            &["eventname", "useridentity", "requestparameters"],
        ],
        names: &[
            "eventName",
            "eventSource",
            "eventTime",
            "eventVersion",
            "eventType",
            "eventCategory",
            "eventID",
            "requestID",
            "awsRegion",
            "userIdentity",
            "userAgent",
            "sourceIPAddress",
            "requestParameters",
            "responseElements",
            "additionalEventData",
            "serviceEventDetails",
            "errorCode",
            "errorMessage",
            "readOnly",
            "managementEvent",
            "recipientAccountId",
            "sharedEventID",
            "vpcEndpointId",
            "sessionCredentialFromConsole",
        ],
    },
    Spelling {
        signs: &[&["category"], &["operationname", "calleripaddress"]],
        names: &[
            "operationName",
            "operationVersion",
            "callerIpAddress",
            "correlationId",
            "durationMs",
            "resourceId",
            "resultType",
            "resultSignature",
            "resultDescription",
            "tenantId",
        ],
    },
    Spelling {
        signs: &[&["operation"], &["workload"]],
        names: &[
            "Operation",
            "Workload",
            "RecordType",
            "ResultStatus",
            "CreationTime",
            "Id",
            "UserId",
            "UserKey",
            "UserType",
            "ClientIP",
            "ObjectId",
            "OrganizationId",
            "OrganizationName",
            "OriginatingServer",
            "ExternalAccess",
            "Parameters",
            "ModifiedProperties",
            "ExtendedProperties",
            "OperationProperties",
            "OperationCount",
            "AffectedItems",
            "MailboxOwnerUPN",
            "LogonType",
            "Actor",
            "ActorIpAddress",
            "Target",
            "QueryText",
            "SourceFileName",
            "CommunicationType",
            "ParticipantInfo",
            "Members",
        ],
    },
    Spelling {
        signs: &[&["vendorinformation"], &["userstates"]],
        names: &[
            "vendorInformation",
            "userStates",
            "azureTenantId",
            "createdDateTime",
            "eventDateTime",
            "lastModifiedDateTime",
            "assignedTo",
            "activityGroupName",
            "detectionIds",
            "cloudAppStates",
            "hostStates",
            "networkConnections",
            "sourceMaterials",
        ],
    },
];

/// The spelling of the vendor whose names a record has folded.
pub(super) fn of(record: &Record) -> Option<&'static Spelling> {
    let one_of = |names: &&[&str]| names.iter().any(|name| has(record, name));
    let signed = |spelling: &&Spelling| spelling.signs.iter().all(one_of);
    SPELLINGS.iter().find(signed)
}

/// Gives a folded record the names that its vendor writes.
pub(super) fn restore(record: &mut Record, spelling: &Spelling) {
    for name in spelling.names {
        let own = record.get(&name.to_ascii_lowercase());
        if let Some(own) = own.map(Item::place) {
            gain::put(record, name, own);
        }
    }
}

#[cfg(test)]
mod tests {
    use cordon_model::Record;
    use serde_json::json;

    fn restore(record: &mut Record) {
        if let Some(spelling) = super::of(record) {
            super::restore(record, spelling);
        }
    }

    #[test]
    fn folded_names_come_back_beside_what_was_there() {
        let mut record = Record::new();
        record.fill(
            &json!({"eventtype": "user.session.start", "outcome": {"result": "SUCCESS"},
            "debugcontext": {"debugData": {"risk": "{level=LOW}"}}, "published": "x"}),
        );
        restore(&mut record);
        let found = record.to_value();
        assert_eq!(found["eventType"], "user.session.start");
        assert_eq!(found["eventtype"], "user.session.start");
        assert_eq!(found["debugContext"]["debugData"]["risk"], "{level=LOW}");
        assert_eq!(found.get("displayMessage"), None, "nothing is made up");
    }

    #[test]
    fn a_record_folded_in_part_is_made_whole() {
        for (written, name) in [
            (
                json!({"eventType": "app.oauth2.token.grant.access_token", "outcome": {}, "debugcontext": {}}),
                "debugContext",
            ),
            (
                json!({"eventType": "user.session.start", "published": "x", "authenticationcontext": {}}),
                "authenticationContext",
            ),
            (
                json!({"eventName": "GetObject", "awsRegion": "x", "requestparameters": {}}),
                "requestParameters",
            ),
            (
                json!({"operationName": "x", "category": "AuditLogs", "calleripaddress": "x"}),
                "callerIpAddress",
            ),
            (
                json!({"vendorinformation": {}, "userstates": []}),
                "userStates",
            ),
        ] {
            let mut record = Record::new();
            record.fill(&written);
            restore(&mut record);
            assert_ne!(record.to_value().get(name), None, "{written}");
        }
    }

    #[test]
    fn records_in_their_vendors_spelling_stay_as_they_are() {
        for written in [
            json!({"eventType": "user.session.start", "outcome": {}}),
            json!({"eventName": "StopLogging", "eventSource": "cloudtrail.amazonaws.com"}),
            json!({"operationName": "x", "category": "AuditLogs"}),
            json!({"operation": "x"}),
        ] {
            let mut record = Record::new();
            record.fill(&written);
            restore(&mut record);
            assert_eq!(record.to_value(), written);
        }
    }
}
