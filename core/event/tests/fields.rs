//! The field maps under `content/fields/`: they are right, and name the people in real shapes.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read its maps must fail"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "the maps are files beside the code"
)]

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
    let mut kept = Kept::default();
    let hints = Hints::default();
    read(&"t".into(), &mut record.as_bytes(), &hints, &mut kept).unwrap();
    assert_eq!(kept.0.len(), 1, "{record}");
    let entities = map().entities(kept.0.first().unwrap());
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
        &["host host PC1", "target address 203.0.113.4"],
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
fn clouds_tickets_hypervisors_and_gateways_do_too() {
    check(
        r#"{"eventVersion":"1","eventName":"GetSecretValue","eventSource":"secretsmanager.amazonaws.com","eventTime":"2026-04-17T08:13:04Z","sourceIPAddress":"203.0.113.4","userIdentity":{"type":"AssumedRole","principalId":"AROA1:bob@shop.example","sessionContext":{"sessionIssuer":{"arn":"arn:r"}}},"requestParameters":{"secretId":"prod/till"}}"#,
        &[
            "actor account bob@shop.example",
            "means resource arn:r",
            "origin address 203.0.113.4",
            "target resource prod/till",
        ],
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
