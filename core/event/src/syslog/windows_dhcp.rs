//! Rows of the audit log of Windows' DHCP server: `10,04/17/26,08:01:02,Assign,10.0.0.7,ws7.shop.example,000C29AABBCC,…`.
//!
//! The file begins with a list of what its numbers mean and the names of its columns ([`crate::dhcp_preface`] passes over it);
//! each row tells by its number whether it is of version 4 or 6. Dates are the month first whatever the
//! server's language, in its own zone. A machine says its own name: of a comma in one, what follows is in the next column.

use crate::{
    Hints,
    time::{self, Zoneless},
};

use super::{header::Header, shape::Shape, words::around_sign};

const V4: [&str; 19] = [
    "ID",
    "Date",
    "Time",
    "Description",
    "IP Address",
    "Host Name",
    "MAC Address",
    "User Name",
    "TransactionID",
    "QResult",
    "Probationtime",
    "CorrelationID",
    "Dhcid",
    "VendorClass(Hex)",
    "VendorClass(ASCII)",
    "UserClass(Hex)",
    "UserClass(ASCII)",
    "RelayAgentInformation",
    "DnsRegError",
];

const V6: [&str; 12] = [
    "ID",
    "Date",
    "Time",
    "Description",
    "IPv6 Address",
    "Host Name",
    "Error Code",
    "Duid Length",
    "Duid Bytes(Hex)",
    "User Name",
    "Dhcid",
    "Subnet Prefix",
];

pub(super) fn of(header: &Header<'_>, hints: &Hints, shape: &mut Shape<'_>) -> Option<()> {
    let row = header.message;
    row.as_bytes().first().filter(|b| b.is_ascii_digit())?;
    let (id, rest) = around_sign(row, b',')?;
    let (date, rest) = around_sign(rest, b',')?;
    let (clock, _) = around_sign(rest, b',')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !(2..=5).contains(&id.len()) || !digits(id) {
        return None;
    }
    let moment = moment(date, clock)?;
    let columns: &[&str] = if id.len() == 5 { &V6 } else { &V4 };
    shape.is("windows", "dhcp-audit");
    shape.when = time::of_text(&moment, Zoneless::Local, hints);
    shape.unreadable = shape.when.is_none();
    for (name, value) in columns.iter().zip(values(row.trim_end())) {
        if !value.is_empty() {
            shape.put(name, value);
        }
    }
    Some(())
}

/// The values of a row.
fn values(row: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(row);
    std::iter::from_fn(move || {
        let row = rest?;
        let (value, after) = match around_sign(row, b',') {
            Some((value, after)) => (value, Some(after)),
            None => (row, None),
        };
        rest = after;
        Some(value.trim())
    })
}

/// `04/17/26` and `08:01:02`, in the form that everybody writes.
fn moment(date: &str, clock: &str) -> Option<String> {
    let century = match (date.as_bytes(), clock.as_bytes()) {
        ([_, _, b'/', _, _, b'/', _, _], [_, _, b':', _, _, b':', _, _]) => "20",
        ([_, _, b'/', _, _, b'/', _, _, _, _], [_, _, b':', _, _, b':', _, _]) => "",
        (_, _) => return None,
    };
    let (month, day, year) = (date.get(..2)?, date.get(3..5)?, date.get(6..)?);
    let (hour, minute, second) = (clock.get(..2)?, clock.get(3..5)?, clock.get(6..)?);
    let parts = [month, day, year, hour, minute, second];
    let are_digits = parts
        .iter()
        .all(|part| part.bytes().all(|b| b.is_ascii_digit()));
    are_digits.then(|| [century, year, "-", month, "-", day, "T", clock].concat())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::syslog::tests::check;

    #[test]
    fn rows_of_both_versions_are_read_by_their_columns() {
        check(
            "10,04/17/26,08:01:02,Assign,10.0.0.7,ws7.shop.example,000C29AABBCC,,2093431237,0,,,,0x4D53465420352E30,MSFT 5.0,,,,0",
            "windows/dhcp-audit",
            Some("2026-04-17T08:01:02Z"),
            json!({"ID": "10", "Description": "Assign", "IP Address": "10.0.0.7",
                "Host Name": "ws7.shop.example", "MAC Address": "000C29AABBCC",
                "User Name": null, "VendorClass(ASCII)": "MSFT 5.0", "DnsRegError": "0"}),
        );
        check(
            "11,04/17/2026,08:01:02,Renew,10.0.0.7,ws7,000C29AABBCC,",
            "windows/dhcp-audit",
            Some("2026-04-17T08:01:02Z"),
            json!({"Host Name": "ws7", "QResult": null}),
        );
        check(
            "11004,04/17/26,08:01:02,DHCPV6 Renew,2001:db8::7,ws7.shop.example,,14,000100011E,,,,",
            "windows/dhcp-audit",
            Some("2026-04-17T08:01:02Z"),
            json!({"IPv6 Address": "2001:db8::7", "Duid Length": "14", "IP Address": null}),
        );
        check(
            "<13>Apr 17 08:01:03 dhcp1 16,04/17/26,08:01:02,Deleted,10.0.0.7,,,,0,6,,,,,,,,,0",
            "windows/dhcp-audit",
            Some("2026-04-17T08:01:02Z"),
            json!({"ID": "16", "host": "dhcp1", "Host Name": null}),
        );
    }

    #[test]
    fn rows_that_are_cut_off_or_are_none_stay_what_they_are() {
        for (line, kind) in [
            ("10,04/17/26,08:01:02,Assi", "windows/dhcp-audit"),
            ("10,04/17/26,08:01", "unknown"),
            ("10,17.04.26,08:01:02,Assign,10.0.0.7", "unknown"),
            ("abc,04/17/26,08:01:02,Assign,10.0.0.7", "unknown"),
            ("123456,04/17/26,08:01:02,Assign,10.0.0.7", "unknown"),
        ] {
            let time = (kind != "unknown").then_some("2026-04-17T08:01:02Z");
            check(line, kind, time, json!({}));
        }
        // A day that no calendar has: the record stays, without a time.
        check(
            "10,13/41/26,08:01:02,Assign,10.0.0.7,ws7,000C29AABBCC,",
            "windows/dhcp-audit",
            None,
            json!({"IP Address": "10.0.0.7"}),
        );
        // What a machine calls itself moves what stands behind it, and nothing before.
        check(
            "10,04/17/26,08:01:02,Assign,10.0.0.7,a,10.0.0.8,000C29AABBCC,",
            "windows/dhcp-audit",
            Some("2026-04-17T08:01:02Z"),
            json!({"IP Address": "10.0.0.7", "Host Name": "a", "MAC Address": "10.0.0.8"}),
        );
    }
}
