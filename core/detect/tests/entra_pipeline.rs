//! Public rules for Entra ID that ask for a field which no record has, on records in the shape that Entra
//! writes: none sees its record as it is written, and each does through the built-in pipeline.
#![expect(
    clippy::disallowed_methods,
    reason = "public rules and the pipeline are read from files"
)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "rules and records that cannot be read fail the test"
)]

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use cordon_detect::{RuleSet, Screener, example_record};
use cordon_sigma::{Pipeline, Rule, parse, parse_pipeline, transform};
use cordon_text::Source;
use serde_json::{Value, json};

/// Files of public rules, the operation that each is about as records name it, and what else the
/// record says.
const RULES: [(&str, &str, &str); 23] = [
    (
        "azure_aad_secops_ca_policy_removedby_bad_actor",
        "Delete conditional access policy",
        "{}",
    ),
    (
        "azure_aad_secops_ca_policy_updatedby_bad_actor",
        "Update conditional access policy",
        "{}",
    ),
    (
        "azure_aad_secops_new_ca_policy_addedby_bad_actor",
        "Add conditional access policy",
        "{}",
    ),
    ("azure_ad_account_created_deleted", "Delete user", "{}"),
    ("azure_app_appid_uri_changes", "Update application", "{}"),
    (
        "azure_app_credential_added",
        "Update application \u{2013} Certificates and secrets management ",
        "{}",
    ),
    (
        "azure_app_credential_added",
        "Add service principal credentials",
        "{}",
    ),
    (
        "azure_app_delegated_permissions_all_users",
        "Add delegated permission grant.",
        "{}",
    ),
    ("azure_app_owner_added", "Add owner to application", "{}"),
    (
        "azure_app_permissions_msft",
        "Add app role assignment to service principal.",
        "{}",
    ),
    (
        "azure_app_privileged_permissions",
        "Add app role assignment to service principal",
        "{}",
    ),
    (
        "azure_app_role_added",
        "Add member to role",
        r#"{"type": "ServicePrincipal"}"#,
    ),
    (
        "azure_app_uri_modifications",
        "Update application",
        r#"{"modifiedProperties": [{"displayName": "AppAddress", "oldValue": "[]", "newValue": "[{\"Address\":\"https://b.example\"}]"}]}"#,
    ),
    (
        "azure_group_user_addition_ca_modification",
        "Add member to group",
        "{}",
    ),
    (
        "azure_group_user_removal_ca_modification",
        "Remove member from group",
        "{}",
    ),
    (
        "azure_guest_to_member",
        "Update user",
        r#"{"modifiedProperties": [{"displayName": "UserType", "oldValue": "[\"Guest\"]", "newValue": "[\"Member\"]"}]}"#,
    ),
    (
        "azure_pim_activation_approve_deny",
        "Add member to role request approved (PIM activation)",
        "{}",
    ),
    ("azure_pim_alerts_disabled", "Disable PIM Alert", "{}"),
    (
        "azure_pim_change_settings",
        "Update role setting in PIM",
        "{}",
    ),
    (
        "azure_priviledged_role_assignment_add",
        "Add eligible member to role in PIM completed (permanent)",
        "{}",
    ),
    (
        "azure_priviledged_role_assignment_bulk_change",
        "Remove eligible member from role in PIM completed (permanent)",
        "{}",
    ),
    (
        "azure_guest_invite_failure",
        "Invite external user",
        r#"{"result": "failure"}"#,
    ),
    (
        "azure_tap_added",
        "Admin registered security info",
        r#"{"reason": "Admin registered temporary access pass method for user"}"#,
    ),
];

/// A record of the directory's log as diagnostic settings write it.
fn record(operation: &str, more: &Value) -> Value {
    let of = |name: &str, usual: &str| more[name].as_str().unwrap_or(usual).to_owned();
    json!({"time": "2026-04-17T08:13:04.1077320Z", "category": "AuditLogs", "tenantId": "t-1",
        "operationName": operation, "resultSignature": "None", "callerIpAddress": "198.51.100.24",
        "properties": {"id": "Directory_1", "category": "UserManagement",
            "result": of("result", "success"), "resultReason": of("reason", ""),
            "activityDisplayName": operation, "loggedByService": "Core Directory",
            "initiatedBy": {"user": {"id": "u-1", "userPrincipalName": "ada@northgate.example"}},
            "targetResources": [{"id": "t-2", "displayName": "Owen", "type": of("type", "User"),
                "modifiedProperties": more["modifiedProperties"]}]}})
}

fn pipeline() -> Pipeline {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content/pipelines/entra.yml");
    let text = fs::read_to_string(path).unwrap();
    let (pipeline, report) = parse_pipeline(&Source::new("entra.yml", text));
    assert_eq!(report.diagnostics, []);
    pipeline.unwrap()
}

/// The public rules for Entra ID and Azure, by the names of their files.
fn public_rules(folder: &Path) -> BTreeMap<String, Rule> {
    let mut rules = BTreeMap::new();
    for path in cordon_recordings::files_ending(folder, ".yml") {
        let text = fs::read_to_string(&path).unwrap();
        let parsed = parse(&Source::new(path.display().to_string(), text));
        let name = path.file_stem().expect("a file has a name");
        let named = parsed
            .rules
            .into_iter()
            .map(|rule| (name.to_string_lossy().into(), rule));
        rules.extend(named);
    }
    rules
}

/// A record of the directory's log that says which properties were changed.
fn changed(operation: &str, properties: &[(&str, &str, &str)]) -> Value {
    let properties: Vec<_> = properties
        .iter()
        .map(|(name, old, new)| json!({"displayName": name, "oldValue": old, "newValue": new}))
        .collect();
    record(operation, &json!({"modifiedProperties": properties}))
}

fn sign_in(client: &str, places: &Value, (code, description): (u16, &str)) -> Value {
    json!({"time": "2026-04-17T08:13:04.1077320Z", "category": "SignInLogs", "tenantId": "t-1",
        "operationName": "Sign-in activity", "resultType": code.to_string(),
        "resultDescription": description,
        "properties": {"id": "s-1", "userPrincipalName": "ada@northgate.example",
            "appDisplayName": "Exchange", "clientAppUsed": client,
            "authenticationRequirement": "singleFactorAuthentication",
            "status": {"errorCode": code}, "networkLocationDetails": places,
            "deviceDetail": {"deviceId": ""}}})
}

/// What a public rule sees through the pipeline and what it does not see: a file, its record and a
/// near miss.
type NearMiss = (&'static str, Value, Value);

fn near_misses_in_the_directory() -> [NearMiss; 5] {
    let consent = |name: &str| changed("Consent to application", &[(name, "", "\"False\"")]);
    let refused = |reason: &str| {
        record(
            "Consent to application",
            &json!({"result": "failure", "reason": reason}),
        )
    };
    let to_guest = ("UserType", r#"["Guest"]"#, r#"["Guest"]"#);
    let department = ("Department", r#"["Member care"]"#, r#"["Member services"]"#);
    [
        (
            "azure_app_end_user_consent",
            consent("ConsentContext.IsAdminConsent"),
            consent("isEnabled"),
        ),
        (
            "azure_user_password_change",
            record("Reset password (by admin)", &json!({})),
            record("Update user", &json!({})),
        ),
        (
            "azure_guest_to_member",
            changed(
                "Update user",
                &[("UserType", r#"["Guest"]"#, r#"["Member"]"#)],
            ),
            changed("Update user", &[to_guest, department]),
        ),
        (
            "azure_app_uri_modifications",
            changed("Update application", &[("AppAddress", "[]", "[{}]")]),
            changed("Update application", &[("DisplayName", "[]", "[{}]")]),
        ),
        (
            "azure_app_end_user_consent_blocked",
            refused("Microsoft.Online.Security.UserConsentBlockedForRiskyAppsException"),
            refused("Microsoft.Online.Security.UserConsentBlockedException"),
        ),
    ]
}

fn near_misses_in_sign_ins() -> [NearMiss; 3] {
    let nowhere = json!([]);
    let office = json!([{"networkType": "trustedNamedLocation", "networkNames": ["Leeds"]}]);
    let done = (0, "");
    [
        (
            "azure_legacy_authentication_protocols",
            sign_in("IMAP4", &nowhere, done),
            sign_in("Browser", &nowhere, done),
        ),
        (
            "azure_ad_sign_ins_from_unknown_devices",
            sign_in("Browser", &nowhere, done),
            sign_in("Browser", &office, done),
        ),
        (
            "azure_mfa_interrupted",
            sign_in(
                "Browser",
                &nowhere,
                (50074, "Strong Authentication is required."),
            ),
            sign_in("Browser", &nowhere, (50074, "Interrupted")),
        ),
    ]
}

#[test]
fn rules_with_gaps_to_fill_see_their_records_and_no_near_miss_through_the_pipeline() {
    let Some(folder) = cordon_recordings::recording("sigma-rules/rules/cloud/azure") else {
        return;
    };
    let (rules, pipeline) = (public_rules(&folder), pipeline());
    let near_misses = near_misses_in_the_directory()
        .into_iter()
        .chain(near_misses_in_sign_ins());
    for (name, own, other) in near_misses {
        let rule = rules
            .get(name)
            .unwrap_or_else(|| unreachable!("no public rule {name}"));
        let changed = through(&pipeline, rule.clone());
        assert!(sees(changed.clone(), &own), "{name} misses its record");
        assert!(!sees(changed, &other), "{name} sees its near miss");
    }
}

fn sees(rule: Rule, record: &Value) -> bool {
    let (set, report) = RuleSet::compile(vec![rule], []);
    assert_eq!(report.diagnostics, []);
    let (event, lost) = example_record(&Arc::from("record"), &record.to_string()).unwrap();
    assert_eq!(lost, []);
    let fast = Screener::new(&set).screen(&event, &|_| Vec::new());
    assert_eq!(fast, set.screen_in_full(&event, &|_| Vec::new()));
    fast.is_some()
}

fn through(pipeline: &Pipeline, rule: Rule) -> Rule {
    let mut done = transform(std::slice::from_ref(pipeline), vec![rule], Vec::new());
    assert_eq!(done.report.diagnostics, []);
    done.rules.pop().expect("the rule")
}

#[test]
fn rules_that_ask_for_a_field_no_record_has_see_their_records_through_the_pipeline() {
    let Some(folder) = cordon_recordings::recording("sigma-rules/rules/cloud/azure") else {
        return;
    };
    let (rules, pipeline) = (public_rules(&folder), pipeline());
    for (name, operation, more) in RULES {
        let rule = rules
            .get(name)
            .unwrap_or_else(|| unreachable!("no public rule {name}"));
        let own = record(operation, &serde_json::from_str(more).unwrap());
        let other = record("Update group", &json!({}));
        let changed = through(&pipeline, rule.clone());
        assert!(
            !sees(rule.clone(), &own),
            "{name} sees {operation} as it is written"
        );
        assert!(sees(changed.clone(), &own), "{name} misses {operation}");
        assert!(!sees(changed, &other), "{name} sees anything");
    }
}

#[test]
fn no_public_rule_for_azure_is_refused_by_the_pipeline() {
    let Some(folder) = cordon_recordings::recording("sigma-rules/rules/cloud/azure") else {
        return;
    };
    let rules: Vec<_> = public_rules(&folder).into_values().collect();
    let before = rules.len();
    let done = transform(&[pipeline()], rules, Vec::new());
    assert_eq!(
        (done.report.diagnostics.len(), done.rules.len()),
        (0, before)
    );
    assert!(before > 100, "{before} rules");
}
