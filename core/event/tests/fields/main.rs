//! The field maps under `content/fields/`: they are right, and name the people in real shapes.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read its maps must fail"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "the maps are files beside the code"
)]

mod deeds;
mod leases;
mod targets;

use std::{fs, path::Path};

use cordon_event::{Degradation, Event, FieldMap, Hints, Refusal, Sink, read};
use cordon_text::Source;

fn map() -> FieldMap {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content/fields");
    let mut sources: Vec<Source> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yml"))
        .map(|path| Source::new(path.to_string_lossy(), fs::read_to_string(&path).unwrap()))
        .collect();
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    let (map, report) = FieldMap::parse(&sources);
    assert_eq!(report.diagnostics, []);
    map
}

#[derive(Default)]
struct Kept(Vec<Event>);

impl Sink for Kept {
    fn event(&mut self, event: &Event, _: &[Degradation]) {
        self.0.push(event.clone());
    }

    fn refusal(&mut self, _: Refusal) {}
}

fn check(record: &str, expect: &[&str]) {
    let entities = map().entities(&event(record));
    let found: Vec<String> = entities.iter().map(ToString::to_string).collect();
    assert_eq!(found, expect, "{record}");
}

#[test]
fn windows_records_name_their_people_and_machines() {
    check(
        r#"{"Channel":"Security","EventID":4624,"Computer":"PC1","TargetUserName":"bob","TargetDomainName":"SHOP","SubjectUserName":"PC1$","IpAddress":"10.0.0.9","WorkstationName":"TILL7"}"#,
        &[
            "host host PC1",
            "actor account SHOP\\bob",
            "origin address 10.0.0.9",
            "origin host TILL7",
        ],
    );
    check(
        r#"{"Channel":"Security","EventID":4724,"Computer":"DC1","TargetUserName":"bob","TargetDomainName":"SHOP","SubjectUserName":"eve","SubjectDomainName":"SHOP"}"#,
        &[
            "host host DC1",
            "actor account SHOP\\eve",
            "target account SHOP\\bob",
        ],
    );
    check(
        r#"{"Channel":"Security","EventID":4728,"Computer":"DC1","TargetUserName":"ESX Admins","MemberName":"CN=Bob","MemberSid":"S-1-5-21-1-2-3-9","SubjectUserName":"eve","SubjectDomainName":"SHOP"}"#,
        &[
            "host host DC1",
            "actor account SHOP\\eve",
            "target account S-1-5-21-1-2-3-9",
            "target group ESX Admins",
        ],
    );
    check(
        r#"{"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":3,"Computer":"PC1","User":"NT AUTHORITY\\SYSTEM","Initiated":"true","DestinationIp":"203.0.113.4","DestinationHostname":"-"}"#,
        &[
            "host host PC1",
            "actor host PC1",
            "target address 203.0.113.4",
        ],
    );
    check(
        r#"{"Channel":"System","EventID":7045,"Computer":"PC1","Provider_Name":"Service Control Manager","Security_UserID":"S-1-5-21-1-2-3-9","ServiceName":"AnyDesk","AccountName":"LocalSystem"}"#,
        &[
            "host host PC1",
            "actor account S-1-5-21-1-2-3-9",
            "target resource AnyDesk",
        ],
    );
}

#[test]
fn identity_providers_name_who_did_what_to_whom() {
    check(
        r#"{"eventType":"user.account.reset_password","uuid":"u","published":"2026-04-17T08:13:04Z","actor":{"type":"User","alternateId":"desk@x.example"},"target":[{"type":"User","alternateId":"bob@shop.example"},{"type":"AppInstance","displayName":"Vault"}],"client":{"ipAddress":"198.51.100.7"},"authenticationContext":{"rootSessionId":"r1","externalSessionId":"r1"}}"#,
        &[
            "actor account desk@x.example",
            "target account bob@shop.example",
            "target application Vault",
            "origin address 198.51.100.7",
            "means session r1",
        ],
    );
    check(
        r#"{"time":"2026-04-17T08:13:04Z","category":"AuditLogs","operationName":"Reset password (by admin)","callerIpAddress":"198.51.100.7","properties":{"initiatedBy":{"user":{"userPrincipalName":"desk@x.example","ipAddress":""}},"targetResources":[{"type":"User","userPrincipalName":"bob@shop.example"},{"type":"Group","displayName":"Admins"}]}}"#,
        &[
            "actor account desk@x.example",
            "origin address 198.51.100.7",
            "target account bob@shop.example",
            "target group Admins",
        ],
    );
    check(
        r#"{"CreationTime":"2026-04-17T08:13:04","Id":"m","Operation":"New-InboxRule","RecordType":1,"Workload":"Exchange","UserId":"bob@shop.example","ClientIP":"[203.0.113.4]:443","Parameters":[{"Name":"Mailbox","Value":"bob@shop.example"}]}"#,
        &[
            "actor account bob@shop.example",
            "origin address 203.0.113.4",
            "target mailbox bob@shop.example",
        ],
    );
}

#[test]
fn what_a_record_says_among_its_details_only_is_found_too() {
    check(
        r#"{"category":"AuditLogs","operationName":"Invite external user","properties":{"initiatedBy":{"user":{"userPrincipalName":"ann@shop.example"}},"targetResources":[{"type":"User","id":"77"}],"additionalDetails":[{"key":"ipaddr","value":"203.0.113.4"},{"key":"invitedUserEmailAddress","value":"eve@else.example"}]}}"#,
        &[
            "actor account ann@shop.example",
            "origin address 203.0.113.4",
            "target account eve@else.example",
        ],
    );
    check(
        r#"{"category":"AuditLogs","operationName":"Create MobileApp","properties":{"AuditEventId":"1","Actor":{"UPN":"ann@shop.example","ApplicationName":"Portal"},"TargetDisplayNames":["helper.exe"]}}"#,
        &[
            "actor account ann@shop.example",
            "means application Portal",
            "target resource helper.exe",
        ],
    );
    check(
        r#"{"id":"1","category":"PasswordSpray","vendorinformation":{"provider":"IPC"},"userstates":[{"userPrincipalName":"ann@shop.example","logonIp":"203.0.113.4"}]}"#,
        &[
            "actor account ann@shop.example",
            "origin address 203.0.113.4",
        ],
    );
    check(
        r#"{"id":"1","providerAlertId":"2","serviceSource":"azureAdIdentityProtection","evidence":[{"userAccount":{"userPrincipalName":"ann@shop.example"}},{"ipAddress":"203.0.113.4"}]}"#,
        &[
            "actor account ann@shop.example",
            "origin address 203.0.113.4",
        ],
    );
    check(
        r#"{"alertId":"1","customerId":"C","source":"Google identity","createTime":"2026-04-17T08:13:04Z","type":"Suspicious login","data":{"email":"ann@shop.example","loginDetails":{"ipAddress":"203.0.113.4"}}}"#,
        &[
            "target account ann@shop.example",
            "origin address 203.0.113.4",
        ],
    );
    check(
        r#"{"id":{"applicationName":"login"},"type":"account_warning","name":"suspicious_login","parameters":{"affected_email_address":"ann@shop.example"}}"#,
        &["target account ann@shop.example"],
    );
    check(
        r#"{"action":"admin_2fa_error","description":"{\"ip_address\": \"203.0.113.4\", \"error\": \"x\"}","isotimestamp":"2026-04-17T08:13:04Z","username":"Ann"}"#,
        &["actor account Ann", "origin address 203.0.113.4"],
    );
    check(
        r#"{"action":"integration_skey_view","isotimestamp":"2026-04-17T08:13:04Z","object":"Admin API","username":"Ann"}"#,
        &["actor account Ann", "target application Admin API"],
    );
    check(
        r#"{"eventType":"user.mfa.factor.deactivate","actor":{"type":"PublicClientAppEntity","displayName":"Sync"},"outcome":{},"published":"x","target":[{"type":"User","alternateId":"ann@shop.example"}]}"#,
        &["actor application Sync", "target account ann@shop.example"],
    );
    check(
        r#"{"eventVersion":"1.08","eventSource":"cloudtrail.amazonaws.com","eventName":"DeleteTrail","requestParameters":{"name":"all"},"userIdentity":{"type":"Unknown","userName":"ann"}}"#,
        &["actor account ann", "target resource all"],
    );
}

#[test]
fn clouds_tickets_hypervisors_and_gateways_do_too() {
    check(
        r#"{"eventVersion":"1","eventName":"GetSecretValue","eventSource":"secretsmanager.amazonaws.com","eventTime":"2026-04-17T08:13:04Z","sourceIPAddress":"203.0.113.4","userIdentity":{"type":"AssumedRole","principalId":"AROA1:bob@shop.example","sessionContext":{"sessionIssuer":{"arn":"arn:aws:iam::1:role/aws-reserved/sso.amazonaws.com/r"}}},"requestParameters":{"secretId":"prod/till"}}"#,
        &[
            "origin address 203.0.113.4",
            "actor account bob@shop.example",
            "means resource arn:aws:iam::1:role/aws-reserved/sso.amazonaws.com/r",
            "target resource prod/till",
        ],
    );
    // Whoever takes a role may call the session what he likes.
    check(
        r#"{"eventVersion":"1","eventName":"GetSecretValue","eventSource":"secretsmanager.amazonaws.com","eventTime":"2026-04-17T08:13:04Z","userIdentity":{"type":"AssumedRole","principalId":"AROA1:bob@shop.example","arn":"arn:aws:sts::1:assumed-role/load/bob@shop.example","sessionContext":{"sessionIssuer":{"arn":"arn:aws:iam::1:role/load"}}}}"#,
        &["actor account arn:aws:iam::1:role/load"],
    );
    check(
        r#"{"number":{"value":"INC1","display_value":"INC1"},"sys_id":{"value":"s"},"sys_created_on":{"value":"2026-04-17 08:13:04"},"caller_id":{"display_value":"Bob Hart","value":"77"},"opened_by":{"display_value":"Tom Ellery"}}"#,
        &[
            "target account Bob Hart",
            "actor account Tom Ellery",
            "means ticket INC1",
        ],
    );
    check(
        r"<14>1 2026-04-17T16:12:04Z vc vpxd 4 - - Event [1] [1-1] [2026-04-17T16:12:04Z] [vim.event.VmPoweredOffEvent] [info] [SHOP\bob] [Leeds] [1] [dc-02 on esx-14 in Leeds is powered off]",
        &[
            "actor account SHOP\\bob",
            "means host vc",
            "target host dc-02",
            "host host esx-14",
        ],
    );
    check(
        r#"date=2026-04-17 time=09:37:04 devname="fw-01" tz="+0100" logid="1" type="event" subtype="vpn" action="tunnel-up" remip=203.0.113.45 user="bob""#,
        &[
            "actor account bob",
            "origin address 203.0.113.45",
            "host host fw-01",
        ],
    );
    check(
        "<86>1 2026-04-17T16:12:04Z web1 sshd 9 - - Accepted publickey for bob from 10.0.0.4 port 5 ssh2",
        &[
            "actor account bob",
            "origin address 10.0.0.4",
            "host host web1",
        ],
    );
}

#[test]
fn what_each_machine_has_for_itself_is_not_anothers_of_the_same_name() {
    check(
        r#"date=2026-04-17 time=09:37:04 devname="fw-01" tz="+0100" logid="1" type="event" subtype="system" action="login" srcip=203.0.113.45 user="admin""#,
        &[
            "actor account fw-01\\admin",
            "origin address 203.0.113.45",
            "host host fw-01",
        ],
    );
    for who in [
        "VSPHERE.LOCAL\\Administrator",
        "Administrator@VSPHERE.LOCAL",
    ] {
        check(
            &format!(
                "<14>1 2026-04-17T16:12:04Z vc vpxd 4 - - Event [1] [1-1] [2026-04-17T16:12:04Z] [vim.event.VmPoweredOffEvent] [info] [{who}] [Leeds] [1] [dc-02 on esx-14 in Leeds is powered off]"
            ),
            &[
                "actor account vc\\Administrator",
                "means host vc",
                "target host dc-02",
                "host host esx-14",
            ],
        );
    }
    check(
        r#"{"EventID":4732,"Channel":"Security","Computer":"till7.shop.example","EventTime":"2026-04-17T08:13:04Z","SubjectUserName":"bob","SubjectDomainName":"SHOP","SubjectUserSid":"S-1-5-21-1-2-3-1104","MemberSid":"S-1-5-11","MemberName":"-","TargetUserName":"Administrators","TargetDomainName":"Builtin","TargetSid":"S-1-5-32-544"}"#,
        &[
            "host host till7.shop.example",
            "actor account SHOP\\bob",
            "target group Administrators",
        ],
    );
}

#[test]
fn vaults_backups_gateways_and_consoles_do_too() {
    check(
        r"<5>1 2026-04-17T10:00:00Z vault CEF:0|Cyber-Ark|Vault|12.6|295|Retrieve password|5|act=Retrieve password suser=bob fname=Root\\web1 src=10.0.0.4 dhost=web1 duser=root cs2Label=Safe Name cs2=Linux",
        &[
            "actor account bob",
            "origin address 10.0.0.4",
            "target account root",
            "target host web1",
            "target resource Root\\web1",
            "target resource Linux",
        ],
    );
    check(
        r#"<14>1 2026-04-17T10:00:00Z VBR01 Veeam_MP - - [categoryId=0 instanceId=25300 UserName="SHOP\bob" Description="Credentials 'root' have been added."]"#,
        &["host host VBR01", "actor account SHOP\\bob"],
    );
    check(
        "<134> 04/17/2026:10:00:00 GMT adc1 0-PPE-0 : default SSLVPN LOGIN 1071 0 : Context bob@203.0.113.4 - SessionId: 42 - User bob - Client_ip 203.0.113.4",
        &[
            "actor account bob",
            "origin address 203.0.113.4",
            "means session 42",
            "host host adc1",
        ],
    );
    check(
        r#"{"id":{"time":"2026-04-17T08:13:04Z","uniqueQualifier":"1","applicationName":"admin"},"actor":{"email":"eve@shop.example"},"ipAddress":"203.0.113.4","events":[{"name":"ASSIGN_ROLE","parameters":[{"name":"ROLE_NAME","value":"_SEED_ADMIN_ROLE"},{"name":"USER_EMAIL","value":"bob@shop.example"}]}]}"#,
        &[
            "actor account eve@shop.example",
            "origin address 203.0.113.4",
            "target account bob@shop.example",
            "target resource _SEED_ADMIN_ROLE",
        ],
    );
    check(
        r#"{"event_type_id":11,"actor_user_name":"eve","user_name":"bob","ipaddr":"203.0.113.4","created_at":"2026-04-17T08:13:04Z"}"#,
        &[
            "actor account eve",
            "origin address 203.0.113.4",
            "target account bob",
        ],
    );
    check(
        r#"{"id":9,"requester_id":7,"submitter_id":8,"subject":"reset","created_at":"2026-04-17T08:13:04Z"}"#,
        &["target account 7", "actor account 8", "means ticket 9"],
    );
    check(
        "<181>Apr 17 2026 10:00:00 ise1 CISE_Passed_Authentications 0000000042 1 0 2026-04-17 10:00:00.123 +01:00 0000000123 5200 NOTICE Passed-Authentication: Authentication succeeded, UserName=bob, Framed-IP-Address=10.0.0.7, NetworkDeviceName=sw1,",
        &[
            "actor account bob",
            "origin address 10.0.0.7",
            "target host sw1",
            "host host ise1",
        ],
    );
    check(
        "1,2026/04/17 14:30:55,0111,CONFIG,0,2305,2026/04/17 14:30:54,10.0.0.4,,set,admin,Web,Succeeded,config shared log-settings,,,77,0x0",
        &[
            "actor account admin",
            "origin address 10.0.0.4",
            "target resource config shared log-settings",
        ],
    );
}

#[test]
fn findings_and_consoles_of_watching_services_name_whom_they_are_about() {
    check(
        r#"{"schemaVersion":"2.0","type":"x","severity":8,"service":{"detectorId":"d","eventLastSeen":"2026-04-17T08:13:04Z","action":{"awsApiCallAction":{"remoteIpDetails":{"ipAddressV4":"203.0.113.4"}}}},"resource":{"accessKeyDetails":{"accessKeyId":"ASIA1","principalId":"AROA1:eve@shop.example","userName":"Admin","userType":"AssumedRole"},"instanceDetails":{"instanceId":"i-07"}}}"#,
        &[
            "actor account eve@shop.example",
            "means session ASIA1",
            "host host i-07",
            "origin address 203.0.113.4",
        ],
    );
    check(
        r#"{"metadata":{"eventType":"AuthActivityAuditEvent","eventCreationTime":1776420000000},"event":{"UserId":"eve@shop.example","UserIp":"203.0.113.4","OperationName":"createUser","Success":true,"AuditKeyValues":[{"Key":"target_name","ValueString":"bob@shop.example"}]}}"#,
        &[
            "actor account eve@shop.example",
            "origin address 203.0.113.4",
            "target account bob@shop.example",
        ],
    );
}

#[test]
fn records_in_a_schema_of_nobody_known_name_their_people_in_its_words() {
    check(
        r#"{"@timestamp":"2026-04-17T08:13:04Z","ecs":{"version":"8.0.0"},"event":{"dataset":"x"},"user":{"name":"eve","domain":"SHOP","target":{"name":"bob","domain":"SHOP"}},"group":{"name":"Admins"},"source":{"ip":"203.0.113.4"},"host":{"hostname":"web1"}}"#,
        &[
            "actor account SHOP\\eve",
            "target account SHOP\\bob",
            "target group Admins",
            "origin address 203.0.113.4",
            "host host web1",
        ],
    );
    // Who is meant by `user` depends on the class: whoever signs in, or whom somebody changes.
    check(
        r#"{"class_uid":3002,"category_uid":3,"time":1776420000000,"metadata":{"version":"1.1.0","product":{"name":"x"}},"user":{"name":"bob"},"src_endpoint":{"ip":"203.0.113.4"},"session":{"uid":"s1"},"dst_endpoint":{"hostname":"web1"}}"#,
        &[
            "actor account bob",
            "means session s1",
            "origin address 203.0.113.4",
            "host host web1",
        ],
    );
    check(
        r#"{"class_uid":3001,"category_uid":3,"time":1776420000000,"metadata":{"version":"1.1.0","product":{"name":"x"}},"actor":{"user":{"email_addr":"eve@x.example"}},"user":{"name":"bob"}}"#,
        &["actor account eve@x.example", "target account bob"],
    );
    check(
        "<13>Apr 17 10:00:00 h CEF:0|Acme|Box|1|7|login|5|suser=eve sntdom=SHOP duser=bob src=203.0.113.4 shost=pc7 dhost=web1",
        &[
            "actor account SHOP\\eve",
            "target account bob",
            "origin address 203.0.113.4",
            "origin host pc7",
            "host host web1",
        ],
    );
    check(
        "<13>Apr 17 10:00:00 web1 LEEF:1.0|Acme|Box|1|login|usrName=eve\tdomain=SHOP\tsrc=203.0.113.4\tresource=vault\tidentHostName=pc7",
        &[
            "actor account SHOP\\eve",
            "target resource vault",
            "origin address 203.0.113.4",
            "origin host pc7",
            "host host web1",
        ],
    );
}

fn event(record: &str) -> Event {
    let mut kept = Kept::default();
    let hints = Hints::at("2026-05-01T00:00:00Z".parse().unwrap());
    read(&"t".into(), &mut record.as_bytes(), &hints, &mut kept).unwrap();
    assert_eq!(kept.0.len(), 1, "{record}");
    kept.0.remove(0)
}
