//! On what something was done, where that is neither a person nor a machine.

use super::check;

#[test]
fn what_okta_changed_is_named_whatever_it_calls_its_kind() {
    check(
        r#"{"eventType":"system.idp.lifecycle.create","uuid":"u","published":"2026-04-17T08:13:04Z","outcome":{"result":"SUCCESS"},"actor":{"type":"User","alternateId":"ann@shop.example"},"target":[{"id":"0oa1","type":"IdentityProvider","alternateId":"unknown","displayName":"Partner"}]}"#,
        &["actor account ann@shop.example", "target resource Partner"],
    );
    check(
        r#"{"eventType":"event_hook.deleted","uuid":"u","published":"2026-04-17T08:13:04Z","outcome":{"result":"SUCCESS"},"actor":{"type":"User","alternateId":"ann@shop.example"},"target":[{"id":"who1","type":"EventHook","alternateId":"To the desk","displayName":null}]}"#,
        &[
            "actor account ann@shop.example",
            "target resource To the desk",
        ],
    );
    check(
        r#"{"eventType":"device.enrollment.create","uuid":"u","published":"2026-04-17T08:13:04Z","outcome":{"result":"SUCCESS"},"actor":{"type":"User","alternateId":"bob@shop.example"},"target":[{"id":"guo8","type":"UDDevice","displayName":"iPhone 15"},{"id":"00u1","type":"User","alternateId":"bob@shop.example"}]}"#,
        &[
            "actor account bob@shop.example",
            "target account bob@shop.example",
            "target device guo8",
        ],
    );
}

#[test]
fn what_everybody_has_by_the_same_name_is_nothing_that_was_acted_on() {
    check(
        r#"{"eventType":"user.authentication.auth_via_mfa","uuid":"u","published":"2026-04-17T08:13:04Z","outcome":{"result":"SUCCESS"},"actor":{"type":"User","alternateId":"bob@shop.example"},"target":[{"id":"opf1","type":"AuthenticatorEnrollment","displayName":"Okta Verify"},{"id":"at1","type":"access_token","displayName":"Access Token"}]}"#,
        &["actor account bob@shop.example"],
    );
}

#[test]
fn entra_names_domains_and_policies_of_any_type() {
    check(
        r#"{"category":"AuditLogs","operationName":"Set federation settings on domain","properties":{"initiatedBy":{"user":{"userPrincipalName":"ann@shop.example"}},"targetResources":[{"type":"Other","id":"1","displayName":"shop.example"},{"type":"Request","displayName":"77"},{"type":"RoleDefinition","displayName":"Helpers"}]}}"#,
        &[
            "actor account ann@shop.example",
            "target resource shop.example",
            "target resource Helpers",
        ],
    );
}

#[test]
fn identity_center_and_organisations_say_whom_and_what() {
    let record = |source: &str, name: &str, parameters: &str| {
        format!(
            r#"{{"eventVersion":"1.08","eventSource":"{source}.amazonaws.com","eventName":"{name}","requestParameters":{parameters},"userIdentity":{{"type":"IAMUser","userName":"ann"}}}}"#
        )
    };
    let checked = |record: String, targets: &[&str]| {
        let expect: Vec<&str> = [&["actor account ann"], targets].concat();
        check(&record, &expect);
    };
    checked(
        record(
            "sso",
            "CreateAccountAssignment",
            r#"{"principalType":"GROUP","principalId":"34887428","targetId":"111122223333","targetType":"AWS_ACCOUNT","permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-1/ps-2"}"#,
        ),
        &[
            "target group 34887428",
            "target resource 111122223333",
            "target resource arn:aws:sso:::permissionSet/ssoins-1/ps-2",
        ],
    );
    checked(
        record(
            "sso-directory",
            "AddMemberToGroup",
            r#"{"identityStoreId":"d-9","groupId":"34887428","member":{"memberId":"94e80458"}}"#,
        ),
        &["target account 94e80458", "target group 34887428"],
    );
    checked(
        record(
            "identitystore",
            "CreateGroupMembership",
            r#"{"identityStoreId":"d-9","groupId":"34887428","memberId":{"userId":"94e80458"}}"#,
        ),
        &["target account 94e80458", "target group 34887428"],
    );
    checked(
        record(
            "identitystore",
            "UpdateUser",
            r#"{"userId":"HIDDEN_DUE_TO_SECURITY_REASONS"}"#,
        ),
        &[],
    );
    checked(
        record(
            "organizations",
            "MoveAccount",
            r#"{"accountId":"444455556666","sourceParentId":"ou-a","destinationParentId":"r-1"}"#,
        ),
        &["target resource 444455556666"],
    );
}

#[test]
fn clusters_say_whom_they_let_in() {
    for (arn, named) in [
        ("arn:aws:iam::111122223333:user/ops/bob", "bob"),
        (
            "arn:aws:iam::111122223333:role/Dev",
            "arn:aws:iam::111122223333:role/Dev",
        ),
    ] {
        check(
            &format!(
                r#"{{"eventVersion":"1.08","eventSource":"eks.amazonaws.com","eventName":"AssociateAccessPolicy","requestParameters":{{"name":"shop","principalArn":"{arn}"}},"userIdentity":{{"type":"IAMUser","userName":"ann"}}}}"#
            ),
            &[
                "actor account ann",
                "target resource shop",
                &format!("target account {named}"),
            ],
        );
    }
}

#[test]
fn microsoft_365_says_who_was_given_a_role_or_a_site() {
    check(
        r#"{"CreationTime":"2026-04-17T08:13:04","Id":"m","Operation":"Add member to role.","RecordType":8,"Workload":"AzureActiveDirectory","UserId":"ann@shop.example","ObjectId":"bob@shop.example","ModifiedProperties":[{"Name":"Role.DisplayName","NewValue":"Global Administrator","OldValue":""}]}"#,
        &[
            "actor account ann@shop.example",
            "target account bob@shop.example",
            "target resource Global Administrator",
        ],
    );
    check(
        r#"{"CreationTime":"2026-04-17T08:13:04","Id":"m","Operation":"Add-RoleGroupMember","RecordType":1,"Workload":"Exchange","UserId":"ann@shop.example","Parameters":[{"Name":"Identity","Value":"Organization Management"},{"Name":"Member","Value":"bob@shop.example"}]}"#,
        &[
            "actor account ann@shop.example",
            "target account bob@shop.example",
            "target group Organization Management",
        ],
    );
    check(
        r#"{"CreationTime":"2026-04-17T08:13:04","Id":"m","Operation":"SiteCollectionAdminAdded","RecordType":14,"Workload":"SharePoint","UserId":"ann@shop.example","ObjectId":"https://shop.sharepoint.com/sites/hr","TargetUserOrGroupName":"bob@shop.example"}"#,
        &[
            "actor account ann@shop.example",
            "target account bob@shop.example",
            "target resource https://shop.sharepoint.com/sites/hr",
        ],
    );
}

#[test]
fn zendesk_says_whose_account_was_changed() {
    let audit = |kind: &str, label: &str| {
        format!(
            r#"{{"id":498483,"url":"https://x.zendesk.com/api/v2/audit_logs/498483.json","actor_id":1234,"actor_name":"Ann","source_id":3456,"source_type":"{kind}","source_label":"{label}","action":"update","action_label":"Updated","change_description":"Role changed","ip_address":"203.0.113.7","created_at":"2026-04-17T08:13:04Z"}}"#
        )
    };
    for (kind, label, target) in [
        ("user", "Team member: Bob", "target account Bob"),
        ("user", "Bob", "target account Bob"),
        ("rule", "Trigger: Close", "target resource Trigger: Close"),
    ] {
        check(
            &audit(kind, label),
            &["actor account Ann", target, "origin address 203.0.113.7"],
        );
    }
}

#[test]
fn slack_and_zoom_say_who_did_it_and_slack_to_whom_or_what() {
    let slack = |entity: &str| {
        format!(
            r#"{{"id":"0123a45b","date_create":1776416464,"action":"role_change_to_admin","actor":{{"type":"user","user":{{"id":"W1","name":"Ann","email":"ann@shop.example"}}}},"entity":{entity},"context":{{"ip_address":"203.0.113.7"}}}}"#
        )
    };
    for (entity, target) in [
        (
            r#"{"type":"user","user":{"id":"W2","name":"Bob","email":"bob@shop.example"}}"#,
            "target account bob@shop.example",
        ),
        (
            r#"{"type":"app","app":{"id":"A1","name":"Charts"}}"#,
            "target application Charts",
        ),
    ] {
        check(
            &slack(entity),
            &[
                "actor account ann@shop.example",
                target,
                "origin address 203.0.113.7",
            ],
        );
    }
    check(
        r#"{"time":"2026-04-17T09:01:04Z","operator":"ann@shop.example","category_type":"Account","action":"Update","operation_detail":"Security  - Sign in with Two-Factor Authentication: from On to Off"}"#,
        &["actor account ann@shop.example"],
    );
}
