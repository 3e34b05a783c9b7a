//! Lines as hypervisors, gateways and Linux write them.

use proptest::prelude::*;
use serde_json::json;

use super::{Line, signs::Signs};
use crate::{
    Degradation, Hints,
    intake::{Draft, Understood},
};

pub(super) fn understand(line: &str) -> (Understood, serde_json::Value) {
    let hints = Hints::at("2026-05-01T00:00:00Z".parse().unwrap());
    let mut draft = Draft::default();
    let found = super::understand(line.as_bytes(), &hints, &mut draft);
    (found, draft.fields.to_value())
}

fn source(line: &Understood) -> String {
    line.kind.log_kind().source().to_string()
}

/// Checks a line's source, its time and those of its fields that are named.
#[expect(
    clippy::needless_pass_by_value,
    reason = "so that cases read as tables"
)]
pub(super) fn check(
    line: &str,
    expect_source: &str,
    time: Option<&str>,
    fields: serde_json::Value,
) {
    let (found, put) = understand(line);
    assert_eq!(source(&found), expect_source, "{line}");
    let when = found.when.ok().map(|when| when.time.to_string());
    assert_eq!(when.as_deref(), time, "{line}");
    for (name, value) in fields.as_object().unwrap() {
        let found = put.get(name).cloned().unwrap_or_default();
        assert_eq!(found, *value, "{name} of {line}");
    }
}

#[test]
fn headers_of_both_standards_give_their_parts() {
    check(
        "<165>1 2026-04-17T10:30:04.003Z mail.example app 8710 ID47 [ex@32473 iut=\"3\"] \u{feff}it failed",
        "unknown",
        Some("2026-04-17T10:30:04.003Z"),
        json!({"host": "mail.example", "app": "app", "pid": "8710", "msgid": "ID47",
            "facility": "local4", "severity": "notice", "message": "it failed",
            "structured_data": {"ex@32473": {"iut": "3"}}}),
    );
    check(
        "<165>Apr 17 22:14:15 router tool[7]: link: down",
        "unknown",
        Some("2026-04-17T22:14:15Z"),
        json!({"host": "router", "app": "tool", "pid": "7", "message": "link: down",
            "facility": "local4", "severity": "notice"}),
    );
    check(
        "<189>Apr  7 2026 22:14:15 fw : %ASA-6-113039: Group <g> User <bob> IP <203.0.113.5> AnyConnect parent session started.",
        "cisco/asa",
        Some("2026-04-07T22:14:15Z"),
        json!({"event_type": "ASA-6-113039", "user": "bob", "group": "g", "src_ip": "203.0.113.5"}),
    );
}

#[test]
fn a_line_without_a_header_is_still_an_event() {
    let (found, fields) = understand("something happened");
    assert_eq!(fields, json!({"message": "something happened"}));
    assert_eq!(found.degraded, [Degradation::Unstructured]);
    assert_eq!(found.when, Err(Degradation::TimeMissing));
}

#[test]
fn vcenter_tells_its_events_in_brackets() {
    check(
        r"<14>1 2026-04-17T10:30:04.318204+00:00 vc vpxd 4417 - - Event [4310829] [1-1] [2026-04-17T10:30:04.301877Z] [vim.event.UserLoginSessionEvent] [info] [SHOP\praman] [Leeds] [4310829] [User SHOP\praman@203.0.113.45 logged in as VMware-client/6.5.0]",
        "vmware/vcenter",
        Some("2026-04-17T10:30:04.318204Z"),
        json!({"host": "vc", "app": "vpxd", "pid": "4417", "event_id": "4310829",
            "event_type": "vim.event.UserLoginSessionEvent", "severity": "info",
            "user": "SHOP\\praman", "datacenter": "Leeds", "src_ip": "203.0.113.45",
            "message": "User SHOP\\praman@203.0.113.45 logged in as VMware-client/6.5.0"}),
    );
    check(
        r"<14>1 2026-04-17T16:12:04.318204+00:00 vc vpxd 4417 - - Event [1] [1-1] [2026-04-17T16:12:04Z] [vim.event.VmPoweredOffEvent] [info] [] [Leeds] [1] [dc-02 on esx-014.shop.example in Leeds is powered off]",
        "vmware/vcenter",
        Some("2026-04-17T16:12:04.318204Z"),
        json!({"user": "", "vm": "dc-02", "esxi_host": "esx-014.shop.example"}),
    );
    check(
        "<14>1 2026-04-17T14:12:04Z vc vpxd 4417 - - Event [4] [1-1] [2026-04-17T14:12:04Z] [esx.audit.ssh.session.opened] [info] [] [Leeds] [4] [SSH session was opened for 'root@10.20.4.17'.]",
        "vmware/vcenter",
        Some("2026-04-17T14:12:04Z"),
        json!({"event_type": "esx.audit.ssh.session.opened", "user": "root", "src_ip": "10.20.4.17"}),
    );
}

#[test]
fn hostd_tells_them_in_sentences() {
    check(
        r"<166>2026-04-17T14:12:04.280Z esx-14 Hostd: info hostd[2099827] [Originator@6876 sub=Vimsvc.ha-eventmgr opID=4f43 user=vpxuser:SHOP\praman] Event 319 : SSH access has been enabled.",
        "vmware/esxi",
        Some("2026-04-17T14:12:04.28Z"),
        json!({"host": "esx-14", "app": "Hostd", "severity": "info", "sub": "Vimsvc.ha-eventmgr",
            "op_id": "4f43", "user": "SHOP\\praman", "via": "vpxuser", "event_id": "319",
            "event_type": "esx.audit.ssh.enabled", "message": "SSH access has been enabled."}),
    );
    check(
        "2026-02-21T08:44:19.712Z info hostd[2101004] [Originator@6876 sub=Vimsvc.ha-eventmgr opID=e] Event 175 : Cannot login root@198.51.100.9",
        "vmware/esxi",
        Some("2026-02-21T08:44:19.712Z"),
        json!({"app": "hostd", "pid": "2101004", "user": "root", "src_ip": "198.51.100.9",
            "event_type": "vim.event.BadUsernameSessionEvent"}),
    );
}

#[test]
fn commands_typed_on_a_host_are_read_in_both_spellings() {
    check(
        r#"<110>2026-04-17T14:22:04.390Z esx-14 shell[2104417]: [shell.cmd@6876 subject="root" object="shell" command="esxcli network firewall set --enabled false" result="success" status="0"]"#,
        "vmware/esxi",
        Some("2026-04-17T14:22:04.39Z"),
        json!({"user": "root", "subject": "root", "object": "shell", "result": "success",
            "command": "esxcli network firewall set --enabled false", "status": "0"}),
    );
    check(
        "<13>2026-04-17T14:27:04.445Z esx-9 shell[2103398]: [root]: esxcli system syslog config set --loghost=",
        "vmware/esxi",
        Some("2026-04-17T14:27:04.445Z"),
        json!({"user": "root", "command": "esxcli system syslog config set --loghost="}),
    );
}

#[test]
fn observations_of_the_kernel_keep_their_ids() {
    check(
        "<166>2026-04-17T14:12:04.280Z esx-14 vobd: [GenericCorrelator] 1012726884193us: [vob.user.ssh.session.opened] SSH session was opened for 'root@192.0.2.4'.",
        "vmware/esxi",
        Some("2026-04-17T14:12:04.28Z"),
        json!({"correlator": "GenericCorrelator", "event_type": "vob.user.ssh.session.opened",
            "user": "root", "src_ip": "192.0.2.4"}),
    );
    check(
        "2026-04-17T14:12:04.737Z In(14) vobd[2097521]:  [UserLevelCorrelator] 1us: [esx.audit.ssh.enabled] SSH access has been enabled.",
        "vmware/esxi",
        Some("2026-04-17T14:12:04.737Z"),
        json!({"event_type": "esx.audit.ssh.enabled", "pid": "2097521"}),
    );
}

#[test]
fn the_sign_on_and_the_appliance_audit_themselves() {
    check(
        r#"<14>1 2026-04-17T14:12:04Z vc websso 12 - - 2026-04-17T14:12:04Z INFO websso[77] [auditlogger] {"user":"administrator@vsphere.local","client":"10.0.0.9","type":"com.vmware.sso.LoginFailure"}"#,
        "vmware/vcenter",
        Some("2026-04-17T14:12:04Z"),
        json!({"user": "administrator@vsphere.local", "src_ip": "10.0.0.9",
            "event_type": "com.vmware.sso.LoginFailure"}),
    );
    check(
        "<14>1 2026-04-17T14:12:04Z vc applmgmt-audit 9 - - Authorization Result: User=root, priv=ModifyConfiguration, authorized=True",
        "vmware/vcenter",
        Some("2026-04-17T14:12:04Z"),
        json!({"user": "root", "privilege": "ModifyConfiguration", "authorized": "True"}),
    );
}

#[test]
fn gateways_keep_their_vendors_fields() {
    check(
        r#"<189>date=2026-04-17 time=09:37:04 devname="fw-01" devid="FGT" eventtime=1776415024000000000 tz="+0100" logid="0101039947" type="event" subtype="vpn" action="tunnel-up" remip=203.0.113.45 user="praman" group="N/A""#,
        "fortinet/vpn",
        Some("2026-04-17T08:37:04Z"),
        json!({"user": "praman", "remip": "203.0.113.45", "action": "tunnel-up", "host": "fw-01"}),
    );
    check(
        r#"date=2026-04-17 time=09:37:04 devname="fw-01" tz="+0100" logid="0100044547" type="event" subtype="system" action="Add" cfgpath="firewall.policy""#,
        "fortigate/event",
        Some("2026-04-17T08:37:04Z"),
        json!({"action": "Add", "cfgpath": "firewall.policy"}),
    );
    check(
        r#"<14>Apr 17 14:30:55 pan 1,2026/04/17 14:30:55,0111,GLOBALPROTECT,0,2305,2026/04/17 13:30:55,vsys1,gw-auth,login,Other,,bob,GB,LAPTOP9,203.0.113.4,0.0.0.0,10.0.0.3,0.0.0.0,aa-bb,SN1,5.1.4,Windows,"Windows 10 Pro , 64-bit",1,,,"",success,,0,user-logon,0,gw1,77,0x8000"#,
        "paloalto/globalprotect",
        Some("2026-04-17T13:30:55Z"),
        json!({"event_id": "gw-auth", "user": "bob", "machine_name": "LAPTOP9",
            "public_ip": "203.0.113.4", "status": "success", "portal": "gw1",
            "client_os_version": "Windows 10 Pro , 64-bit"}),
    );
    check(
        "<29>Apr 17 14:30:55 gw openvpn[88]: 203.0.113.4:51820 [bob] Peer Connection Initiated with [AF_INET]203.0.113.4:51820",
        "openvpn",
        Some("2026-04-17T14:30:55Z"),
        json!({"user": "bob", "src_ip": "203.0.113.4", "event_type": "connected"}),
    );
}

#[test]
fn linux_services_are_known_by_their_programs() {
    check(
        "Apr 17 14:30:55 web1 sshd[99]: Failed password for invalid user admin from 203.0.113.4 port 4 ssh2",
        "linux/sshd",
        Some("2026-04-17T14:30:55Z"),
        json!({"user": "admin", "src_ip": "203.0.113.4", "event_type": "failed"}),
    );
    check(
        "Apr 17 14:30:55 web1 sudo:   bob : TTY=pts/0 ; PWD=/home ; USER=root ; COMMAND=/bin/sh -c a ; b",
        "linux/sudo",
        Some("2026-04-17T14:30:55Z"),
        json!({"user": "bob", "target_user": "root", "command": "/bin/sh -c a ; b"}),
    );
    check(
        "<86>Apr 17 14:30:55 web1 other[9]: x",
        "linux/auth",
        Some("2026-04-17T14:30:55Z"),
        json!({}),
    );
    check(
        r#"type=SYSCALL msg=audit(1776415024.250:24287): arch=c000003e syscall=59 exe="/bin/sh" key="x""#,
        "linux/auditd",
        Some("2026-04-17T08:37:04.25Z"),
        json!({"type": "SYSCALL", "serial": "24287", "exe": "/bin/sh", "key": "x"}),
    );
}

#[test]
fn no_text_makes_the_parser_fall_over() {
    for line in [
        "<",
        "<>",
        "<14>",
        "<14>1",
        "<14>1 ",
        "<999>x",
        "[",
        "é",
        "Apr",
        "Apr 17",
        "2026-",
        "<14>1 - - - - - [a",
        "a[",
        "a[]:",
        "shell: [",
        "vobd: [",
        "Hostd: ",
        "x=\"",
        "%ASA-: ",
    ] {
        understand(line);
    }
}

/// Bits of lines, signs of shapes among them.
fn bits() -> impl Strategy<Value = String> {
    let words = super::SHAPES
        .iter()
        .flat_map(|reading| reading.signs.iter().copied());
    let words = words.chain(super::carried::SIGNS);
    let others = [
        "<14>1 2026-04-17T10:00:00Z h ",
        "<14>Apr 17 10:00:00 h ",
        "app[1]: ",
        "websso ",
        "sshd: ",
        "|",
        " ",
        ",",
        ":0|a|b|c|d|e|f|",
        "a=1 ",
        "b=\"two words\" ",
        "devid=",
        "TIC,",
        "NG,",
        "M,",
        "ALPROTECT,",
        "type=",
        "1:2): ",
        "AAA LOGIN ",
        "[",
        "] ",
        "MessageID=\"1\";",
        "é",
        "5 1 0 ",
        "\t",
        "6-1: ",
        "xs Label=x ",
    ];
    prop::sample::select(words.chain(others).map(str::to_owned).collect::<Vec<_>>())
}

proptest! {
    #[test]
    fn a_shape_whose_words_are_missing_would_not_read_the_line(
        bits in prop::collection::vec(bits(), 0..12),
    ) {
        let text = bits.concat();
        let hints = Hints::at("2026-05-01T00:00:00Z".parse().unwrap());
        let line = Line::new(&text, &hints);
        let every = Line { signs: Signs::ALL.into(), ..Line::new(&text, &hints) };
        let read = |line: &Line<'_>| {
            let mut draft = Draft::default();
            let carried = super::carried::of(line, &hints, &mut draft);
            let found = carried.unwrap_or_else(|| super::plain(line, &hints, &mut draft));
            (found, draft.fields, draft.id)
        };
        prop_assert_eq!(read(&line), read(&every));
    }
}
