//! What `dhcpd`, `dnsmasq` and Kea say of leases.
//!
//! A machine says its own name: it ends where the server's own words go on, at the last of them.

use std::net::IpAddr;

use super::{
    header::Header,
    shape::Shape,
    words::{around, behind, first_word},
};
use crate::Hints;

pub(super) fn of(header: &Header<'_>, _: &Hints, shape: &mut Shape<'_>) -> Option<()> {
    // What is cut off keeps what was read until there.
    let _whole = match header.app {
        Some("dhcpd") => {
            shape.is("isc-dhcp", "dhcpd");
            of_isc(header.message, shape)
        }
        Some("dnsmasq-dhcp") => {
            shape.is("dnsmasq", "dhcp");
            of_dnsmasq(header.message, shape)
        }
        Some(app) if app.starts_with("kea-dhcp") => {
            shape.is("kea", "dhcp");
            of_kea(header.message, shape)
        }
        Some(_) => return None,
        None => {
            let (_, rest) = around(header.message, "[kea-dhcp")?;
            let (_, message) = around(rest, "] ")?;
            shape.is("kea", "dhcp");
            of_kea(message, shape)
        }
    };
    Some(())
}

/// `DHCPACK on 10.0.0.7 to 00:0c:29:aa:bb:cc (ws7) via eth0`, `DHCPRELEASE of 10.0.0.7 from 00:0c:29:aa:bb:cc (ws7) via eth0 (found)`.
fn of_isc(text: &str, shape: &mut Shape<'_>) -> Option<()> {
    let (event, rest) = first_word(text)?;
    if event == "Abandoning" {
        shape.put("event_type", "abandoned");
        let ip = behind(rest, "IP address ")?;
        put_address(shape, ip.split([':', ' ']).next()?);
        return Some(());
    }
    if !event.starts_with("DHCP") {
        return None;
    }
    shape.put("event_type", event);
    let (word, rest) = first_word(rest)?;
    let rest = if matches!(word, "on" | "of" | "for" | "to") {
        let (ip, rest) = first_word(rest).unwrap_or((rest, ""));
        put_address(shape, ip);
        ["to ", "from "]
            .iter()
            .find_map(|to| behind(rest, to))
            .unwrap_or(rest)
    } else {
        rest
    };
    let (mac, rest) = first_word(rest).unwrap_or((rest, ""));
    put_hardware(shape, mac);
    let named = rest
        .strip_prefix('(')
        .and_then(|name| name.rsplit_once(") via "));
    let after = named.map_or(rest, |(_, after)| after);
    let name = named.map(|(name, _)| name).filter(|name| !name.is_empty());
    shape.put_some("hostname", name);
    let seconds = behind(after, "lease-duration ").and_then(|rest| rest.split(' ').next());
    shape.put_some("seconds", seconds);
    Some(())
}

/// `DHCPACK(br0) 10.0.0.7 00:0c:29:aa:bb:cc ws7`, behind a number where it was asked to tell more.
fn of_dnsmasq(text: &str, shape: &mut Shape<'_>) -> Option<()> {
    let (first, after) = first_word(text)?;
    let numbered = first.bytes().all(|b| b.is_ascii_digit());
    let text = if numbered { after } else { text };
    let (event, rest) = text.strip_prefix("DHCP").and(text.split_once('('))?;
    shape.put("event_type", event);
    let (_, rest) = around(rest, ") ")?;
    let mut words = rest.split(' ');
    if let Some(ip) = words.next() {
        put_address(shape, ip);
    }
    if let Some(mac) = words.next() {
        put_hardware(shape, mac);
    }
    shape.put_some("hostname", words.next().filter(|name| !name.is_empty()));
    Some(())
}

/// `DHCP4_LEASE_ALLOC [hwtype=1 00:0c:29:aa:bb:cc], cid=[no info], tid=0x1: lease 10.0.0.7 has been allocated for 3600 seconds`.
/// It names no machine but by its hardware.
fn of_kea(text: &str, shape: &mut Shape<'_>) -> Option<()> {
    let text = match around(text, "] ") {
        Some((level, rest)) if level.contains("[kea-dhcp") => rest,
        Some(_) | None => text,
    };
    let (event, rest) = first_word(text)?;
    let is_event = event
        .bytes()
        .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    if !is_event || !event.contains('_') {
        return None;
    }
    shape.put("event_type", event);
    if let Some((hardware, _)) = behind(rest, "hwtype=").and_then(|rest| rest.split_once(']')) {
        put_hardware(shape, hardware.split(' ').nth(1)?);
    }
    let ip = [": lease ", ": address ", "lease "]
        .iter()
        .find_map(|word| behind(rest, word));
    if let Some(ip) = ip.and_then(|ip| ip.split(' ').next()) {
        put_address(shape, ip);
    }
    let seconds = behind(rest, "allocated for ").and_then(|rest| rest.split(' ').next());
    shape.put_some("seconds", seconds);
    Some(())
}

fn put_address(shape: &mut Shape<'_>, text: &str) {
    shape.put_some("ip", Some(text).filter(|ip| ip.parse::<IpAddr>().is_ok()));
}

fn put_hardware(shape: &mut Shape<'_>, text: &str) {
    let is_one = text.contains(':') && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b':');
    shape.put_some("mac", Some(text).filter(|_| is_one));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::syslog::tests::check;

    #[test]
    fn leases_of_dhcpd_are_read_with_the_name_that_the_machine_says() {
        let told = |line: &str, fields| {
            let line = format!("<30>Apr 17 2026 08:01:02 dhcp1 dhcpd[812]: {line}");
            check(
                &line,
                "isc-dhcp/dhcpd",
                Some("2026-04-17T08:01:02Z"),
                fields,
            );
        };
        told(
            "DHCPACK on 10.0.0.7 to 00:0c:29:aa:bb:cc (ws7) via eth0",
            json!({"event_type": "DHCPACK", "ip": "10.0.0.7", "mac": "00:0c:29:aa:bb:cc", "hostname": "ws7", "host": "dhcp1"}),
        );
        told(
            "DHCPACK on 10.0.0.7 to 00:0c:29:aa:bb:cc (ws7) via eth0 relay 10.0.0.1 lease-duration 3600 (RENEW) uid 01",
            json!({"hostname": "ws7", "seconds": "3600"}),
        );
        told(
            "DHCPACK on 10.0.0.7 to 00:0c:29:aa:bb:cc via eth0",
            json!({"ip": "10.0.0.7", "hostname": null}),
        );
        told(
            "DHCPRELEASE of 10.0.0.7 from 00:0c:29:aa:bb:cc (ws7) via eth0 (found)",
            json!({"event_type": "DHCPRELEASE", "ip": "10.0.0.7", "hostname": "ws7"}),
        );
        told(
            "DHCPREQUEST for 10.0.0.7 (10.0.0.1) from 00:0c:29:aa:bb:cc (ws7) via eth0",
            json!({"event_type": "DHCPREQUEST", "ip": "10.0.0.7", "hostname": "ws7"}),
        );
        told(
            "DHCPDISCOVER from 00:0c:29:aa:bb:cc (ws7) via eth0",
            json!({"event_type": "DHCPDISCOVER", "ip": null, "hostname": "ws7"}),
        );
        told(
            "Abandoning IP address 10.0.0.7: pinged before offer",
            json!({"event_type": "abandoned", "ip": "10.0.0.7"}),
        );
        told(
            "DHCPACK on 10.0.0.7 to 00:0c:29:aa:bb:cc (x) via eth9 (dc1) via eth0",
            json!({"hostname": "x) via eth9 (dc1", "ip": "10.0.0.7"}),
        );
        told(
            "Wrote 12 leases to leases file.",
            json!({"event_type": null}),
        );
        told("DHCPACK on", json!({"event_type": "DHCPACK", "ip": null}));
    }

    #[test]
    fn leases_of_dnsmasq_and_kea_are_read() {
        check(
            "<30>Apr 17 2026 08:01:02 gw dnsmasq-dhcp[9]: 77 DHCPACK(br0) 10.0.0.7 00:0c:29:aa:bb:cc ws7",
            "dnsmasq/dhcp",
            Some("2026-04-17T08:01:02Z"),
            json!({"event_type": "DHCPACK", "ip": "10.0.0.7", "mac": "00:0c:29:aa:bb:cc", "hostname": "ws7"}),
        );
        check(
            "<30>Apr 17 2026 08:01:02 gw dnsmasq-dhcp[9]: DHCPRELEASE(br0) 10.0.0.7 00:0c:29:aa:bb:cc",
            "dnsmasq/dhcp",
            Some("2026-04-17T08:01:02Z"),
            json!({"event_type": "DHCPRELEASE", "ip": "10.0.0.7", "hostname": null}),
        );
        let kea = "DHCP4_LEASE_ALLOC [hwtype=1 00:0c:29:aa:bb:cc], cid=[no info], tid=0x1: lease 10.0.0.7 has been allocated for 3600 seconds";
        for line in [
            format!("<30>Apr 17 2026 08:01:02 gw kea-dhcp4[9]: INFO  [kea-dhcp4.leases.139] {kea}"),
            format!("2026-04-17 08:01:02.000 INFO  [kea-dhcp4.leases/9.139] {kea}"),
        ] {
            check(
                &line,
                "kea/dhcp",
                Some("2026-04-17T08:01:02Z"),
                json!({"event_type": "DHCP4_LEASE_ALLOC", "ip": "10.0.0.7", "mac": "00:0c:29:aa:bb:cc", "seconds": "3600"}),
            );
        }
    }
}
