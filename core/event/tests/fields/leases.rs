//! Who has which address, by the field maps under `content/fields/` and the lines that servers and gateways write.

use cordon_model::{Lease, Tenure};

use crate::{event, map};

/// Who a line says has an address, as `lease` tells it.
fn whose(line: &str, expect: &[&str]) {
    let found: Vec<String> = map().leases(&event(line)).iter().map(lease).collect();
    assert_eq!(found, expect, "{line}");
}

fn lease(lease: &Lease) -> String {
    let says = match lease.says {
        Tenure::Ended => "ended".to_owned(),
        Tenure::Seen => "seen".to_owned(),
        Tenure::Given(until) => {
            let hours = until.latest().duration_since(lease.at).as_secs() / 3_600;
            format!("{hours} h")
        }
    };
    let address = lease.address.as_deref().unwrap_or("-");
    match &lease.holder {
        Some(holder) => format!("{address} {} {}: {says}", holder.kind.word(), holder.name),
        None => format!("{address} -: {says}"),
    }
}

#[test]
fn servers_that_lend_addresses_say_to_whom() {
    for (id, expect) in [
        (10, "10.0.0.7 host ws7.shop.example: 192 h"),
        (11, "10.0.0.7 host ws7.shop.example: 192 h"),
        (12, "10.0.0.7 -: ended"),
        (17, "10.0.0.7 -: ended"),
    ] {
        let row = format!(
            "{id},04/17/26,08:01:02,Said,10.0.0.7,ws7.shop.example,000C29AABBCC,,1,0,,,,,,,,,0"
        );
        whose(&row, &[expect]);
    }
    whose(
        "24,04/17/26,00:00:33,Database Cleanup Begin,,,,,0,6,,,,,,,,,0",
        &[],
    );
    whose("10,04/17/26,08:01:02,Assign,10.0.0.7,,000C29AABBCC,,1", &[]);
    whose(
        "11004,04/17/26,08:01:02,DHCPV6 Renew,2001:db8::7,ws7,,14,0001,,,,",
        &["2001:db8::7 host ws7: 192 h"],
    );
    whose(
        "<30>Apr 17 2026 08:01:02 dhcp1 dhcpd[812]: DHCPACK on 10.0.0.7 to 00:0c:29:aa:bb:cc (ws7) via eth0 lease-duration 7200",
        &["10.0.0.7 host ws7: 2 h"],
    );
    whose(
        "<30>Apr 17 2026 08:01:02 dhcp1 dhcpd[812]: DHCPACK to 10.0.0.7 (00:0c:29:aa:bb:cc) via eth0",
        &[],
    );
    whose(
        "<30>Apr 17 2026 08:01:02 dhcp1 dhcpd[812]: DHCPRELEASE of 10.0.0.7 from 00:0c:29:aa:bb:cc (ws7) via eth0 (found)",
        &["10.0.0.7 -: ended"],
    );
    whose(
        "<30>Apr 17 2026 08:01:02 gw dnsmasq-dhcp[9]: DHCPACK(br0) 10.0.0.7 00:0c:29:aa:bb:cc ws7",
        &["10.0.0.7 host ws7: 24 h"],
    );
}

#[test]
fn gateways_say_who_has_which_address_inside() {
    let fortigate = |action: &str| {
        format!(
            "date=2026-04-17 time=08:01:02 devname=\"fw1\" logid=\"0101039947\" type=\"event\" subtype=\"vpn\" action=\"{action}\" tunneltype=\"ssl-tunnel\" remip=203.0.113.4 tunnelip=10.8.0.4 user=\"ann\""
        )
    };
    whose(&fortigate("tunnel-up"), &["10.8.0.4 account ann: 24 h"]);
    whose(&fortigate("tunnel-down"), &["10.8.0.4 account ann: ended"]);
    whose(&fortigate("ssl-login-fail"), &[]);
    whose(
        "<14>Apr 17 09:01:04 pan-01 1,2026/04/17 09:01:04,0111,GLOBALPROTECT,0,2305,2026/04/17 09:01:04,vsys1,gateway-connected,login,SAML,,ann,GB,LAPTOP9,203.0.113.45,0.0.0.0,10.8.0.4,0.0.0.0,aa-bb-cc,SN1,6.2.4,Windows,\"Windows 11 Pro , 64-bit\",1,,,\"\",success,,0,user-logon,0,gw1,77,0x8000",
        &["10.8.0.4 account ann: 24 h", "10.8.0.4 host LAPTOP9: 24 h"],
    );
    for (message, expect) in [
        (
            "722051: Group <g> User <ann> IP <203.0.113.10> IPv4 Address <10.8.0.4> IPv6 address <::> assigned to session",
            "10.8.0.4 account ann: 24 h",
        ),
        (
            "113019: Group = GP, Username = ann, IP = 203.0.113.9, Session disconnected. Session Type: SSL, Duration: 0h:00m:09s",
            "- account ann: ended",
        ),
        (
            "737016: IPAA: Session=0x00001000, Freed local pool address 10.8.0.4",
            "10.8.0.4 -: ended",
        ),
    ] {
        let line = format!("<166>Apr 17 2026 11:00:01 asa1 : %ASA-4-{message}");
        whose(&line, &[expect]);
    }
    for (said, expect) in [
        (
            "MULTI: Learn: 10.8.0.6 -> ann/203.0.113.4:4000",
            "10.8.0.6 account ann: 24 h",
        ),
        (
            "SIGTERM[soft,remote-exit] received, client-instance exiting",
            "- account ann: ended",
        ),
    ] {
        whose(
            &format!("2026-04-17 11:06:03 ann/203.0.113.4:4000 {said}"),
            &[expect],
        );
    }
}

#[test]
fn windows_records_show_machines_with_their_addresses() {
    let at = r#""TimeCreated":"2026-04-17T08:13:04Z""#;
    for (fields, expect) in [
        (
            r#""Channel":"Security","EventID":4624,"LogonType":3,"Computer":"DC1","TargetUserName":"ann","IpAddress":"::ffff:10.0.0.7","WorkstationName":"WS7""#,
            &["10.0.0.7 host WS7: seen"][..],
        ),
        // Over a desktop session the name is that of the machine that was logged on to.
        (
            r#""Channel":"Security","EventID":4624,"LogonType":10,"Computer":"DC1","TargetUserName":"ann","IpAddress":"10.0.0.7","WorkstationName":"DC1""#,
            &[],
        ),
        (
            r#""Channel":"Security","EventID":4768,"Computer":"DC1","TargetUserName":"WS7$","TargetDomainName":"SHOP","IpAddress":"::ffff:10.0.0.7","Status":"0x0""#,
            &["10.0.0.7 host WS7: seen"],
        ),
        (
            r#""Channel":"Security","EventID":4768,"Computer":"DC1","TargetUserName":"WS7$","TargetDomainName":"SHOP","IpAddress":"10.0.0.7","Status":"0x6""#,
            &[],
        ),
        (
            r#""Channel":"Security","EventID":4768,"Computer":"DC1","TargetUserName":"ann","TargetDomainName":"SHOP","IpAddress":"10.0.0.7","Status":"0x0""#,
            &[],
        ),
        (
            r#""Channel":"Microsoft-Windows-Sysmon/Operational","EventID":3,"Computer":"ws7.shop.example","Initiated":"true","SourceIp":"10.0.0.7","DestinationIp":"203.0.113.4""#,
            &["10.0.0.7 host ws7.shop.example: seen"],
        ),
        (
            r#""Channel":"Microsoft-Windows-Sysmon/Operational","EventID":3,"Computer":"ws7.shop.example","Initiated":"false","Protocol":"tcp","SourceIp":"203.0.113.4","DestinationIp":"10.0.0.7""#,
            &["10.0.0.7 host ws7.shop.example: seen"],
        ),
        // An answer to a datagram, of which the other end is called its destination.
        (
            r#""Channel":"Microsoft-Windows-Sysmon/Operational","EventID":3,"Computer":"dc1.shop.example","Initiated":"false","Protocol":"udp","SourceIp":"10.0.0.5","DestinationIp":"10.0.0.7""#,
            &[],
        ),
    ] {
        whose(&format!("{{{fields},{at}}}"), expect);
    }
}
