//! `ArcSight`'s Common Event Format: `CEF:0|vendor|product|version|class|name|severity|pairs`.
//!
//! The seven parts of the header get the names that `ArcSight`'s own dictionary gives them; pairs keep
//! theirs, and a custom field gets the name in its label beside that (`cs2Label=Safe cs2=Root` is
//! `Safe` too).

use std::borrow::Cow;

use memchr::{memchr, memchr2};

use super::{header::Header, shape::Shape, words::behind};
use crate::{
    Hints,
    intake::Kind,
    time::{self, Zoneless},
};

/// Products that write CEF, by vendor and product, and what they are called here; a product of no name
/// stands for all of its vendor's.
const PRODUCTS: [(&str, &str, &str, &str); 11] = [
    ("Cyber-Ark", "", "cyberark", "vault"),
    ("CyberArk", "", "cyberark", "vault"),
    ("Fortinet", "Fortigate", "fortigate", "event"),
    ("Palo Alto Networks", "PAN-OS", "paloalto", "system"),
    ("Citrix", "", "citrix", "netscaler"),
    ("Cisco", "ASA", "cisco", "asa"),
    ("Cisco", "ISE", "cisco", "ise"),
    ("Check Point", "", "checkpoint", "firewall"),
    ("Imperva Inc.", "", "imperva", "waf"),
    ("Trend Micro", "", "trendmicro", "alert"),
    ("Microsoft", "ATA", "azure", "identity-protection"),
];

/// Names of the header's parts.
const HEADER: [&str; 6] = [
    "deviceVendor",
    "deviceProduct",
    "deviceVersion",
    "deviceEventClassId",
    "name",
    "deviceSeverity",
];

/// How names of labels end.
const LABEL: &str = "Label";

/// Where the time stands, best first.
const TIMES: [&str; 5] = ["rt", "end", "start", "deviceReceiptTime", "art"];

pub(super) fn of(header: &Header<'_>, hints: &Hints, shape: &mut Shape<'_>) -> Option<()> {
    // A tag `CEF:` is taken for the program by the reader of headers.
    let text = match header.app {
        Some("CEF") => header.message,
        Some(_) | None => behind(header.message, "CEF:")?,
    };
    let (_, text) = text.trim_start().split_once('|')?;
    let (parts, extension) = parts(text)?;
    let [vendor, product, ..] = &parts;
    let known = PRODUCTS
        .iter()
        .find(|(v, p, ..)| v == vendor && (p.is_empty() || p == product));
    shape.kind = known.map_or(
        Kind {
            service: Some("cef"),
            ..Kind::default()
        },
        |(_, _, product, service)| Kind::new(product, service),
    );
    for (name, value) in HEADER.iter().zip(&parts) {
        shape.put(name, value);
    }
    let is_plain = memchr(b'\\', extension.as_bytes()).is_none();
    let is_quoted = known.is_some_and(|(_, _, product, _)| *product == "cyberark");
    let mut is_labelled = false;
    for (name, value) in extension_pairs(extension) {
        is_labelled |= name.ends_with(LABEL);
        let value = if is_quoted { unquoted(value) } else { value };
        if is_plain {
            shape.put(name, value);
        } else {
            shape.put(name, &unescaped(value));
        }
    }
    if is_labelled {
        put_labelled(shape);
    }
    let times = || TIMES.iter().filter_map(|name| shape.text(name));
    let when = times().find_map(|text| time::of_text(text, Zoneless::Local, hints));
    let told = times().next().is_some();
    shape.unreadable = when.is_none() && told;
    shape.when = when;
    if let Some(host) = shape.place("dvchost").or_else(|| shape.place("dvc")) {
        shape.put_place("host", host);
    }
    if shape.text("externalId").is_some_and(|id| id.len() >= 16)
        && let Some(id) = shape.place("externalId")
    {
        shape.is_known_as(id);
    }
    Some(())
}

/// The vault's template puts some values into quotes, which are no part of them.
fn unquoted(value: &str) -> &str {
    let inner = value.strip_prefix('"');
    let inner = inner.and_then(|value| value.strip_suffix('"'));
    inner.filter(|inner| !inner.contains('"')).unwrap_or(value)
}

/// The six parts after the version, their escapes undone, and the pairs after them.
fn parts(text: &str) -> Option<([Cow<'_, str>; 6], &str)> {
    let mut rest = text;
    let mut parts: [Cow<'_, str>; 6] = Default::default();
    for (at, part) in parts.iter_mut().enumerate() {
        let end = unescaped_at(rest, b'|');
        // The severity may end the line.
        if end.is_none() && at < 5 {
            return None;
        }
        let (head, tail) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
        *part = unescaped(head);
        rest = tail.strip_prefix('|').unwrap_or_default();
    }
    Some((parts, rest))
}

/// Where a sign stands without a backslash before it.
fn unescaped_at(text: &str, wanted: u8) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + memchr2(wanted, b'\\', text.as_bytes().get(from..)?)?;
        if text.as_bytes().get(at) == Some(&wanted) {
            return Some(at);
        }
        // What stands behind a backslash goes with it.
        from = at + 2;
    }
}

/// The pairs of an extension. A value may have blanks: it ends where the next name begins.
pub(super) fn extension_pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    let mut name: Option<&str> = None;
    std::iter::from_fn(move || {
        while let Some(at) = unescaped_at(rest, b'=') {
            let (before, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
            let blank = before.bytes().rposition(|b| b.is_ascii_whitespace());
            let start = blank.map_or(0, |blank| blank + 1);
            let (value, key) = before.split_at_checked(start).unwrap_or(("", before));
            if is_name(key) {
                rest = after.get(1..).unwrap_or_default();
                if let Some(name) = name.replace(key) {
                    return Some((name, value.trim_ascii()));
                }
            } else if let Some(name) = name.take() {
                // An equals sign inside a value, left as it is by a careless writer.
                let (value, after) = rest.split_at_checked(value_end(rest))?;
                rest = after;
                return Some((name, value.trim_ascii()));
            } else {
                rest = after.get(1..).unwrap_or_default();
            }
        }
        Some((name.take()?, rest.trim_ascii()))
    })
}

fn is_name(key: &str) -> bool {
    let is_sign =
        |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-' | b'[' | b']');
    !key.is_empty() && key.bytes().all(is_sign)
}

/// Where the value at the beginning of a text ends: before the next `name=`.
fn value_end(text: &str) -> usize {
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| unescaped_at(rest, b'=')) {
        let before = text.get(..from + at).unwrap_or_default();
        if let Some(blank) = before.rfind(' ') {
            let key = before.get(blank + 1..).unwrap_or_default();
            if !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                return blank;
            }
        }
        from += at + 1;
    }
    text.len()
}

/// A text with its escapes undone.
fn unescaped(text: &str) -> Cow<'_, str> {
    if memchr(b'\\', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, chars.clone().next()) {
            ('\\', Some(escaped @ ('\\' | '|' | '='))) => {
                out.push(escaped);
                chars.next();
            }
            ('\\', Some('n' | 'r')) => {
                out.push('\n');
                chars.next();
            }
            (c, _) => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Gives custom fields the names that their labels say.
fn put_labelled(shape: &mut Shape<'_>) {
    let labelled = shape.ending(LABEL);
    let labelled = labelled.filter_map(|(native, label)| Some((label, shape.place(native)?)));
    let labelled: Vec<_> = labelled.collect();
    for (label, value) in labelled {
        shape.put_again(label, value);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::extension_pairs;
    use crate::syslog::tests::check;

    #[test]
    fn a_vaults_record_is_read_behind_any_header() {
        for header in [
            "<5>Apr 17 10:00:00 vault ",
            "<5>1 2026-04-17T10:00:00Z vault ",
            "",
        ] {
            let line = format!(
                r"{header}CEF:0|Cyber-Ark|Vault|12.6|295|Retrieve password|5|act=Retrieve password suser=bob fname=Root\\Operating System-web1 dvc= shost=10.0.0.4 dhost=web1 duser=root cs1Label=Affected User Name cs1= cs2Label=Safe Name cs2=Linux \= root msg=a\nb rt=1776415024000"
            );
            check(
                &line,
                "cyberark/vault",
                Some("2026-04-17T08:37:04Z"),
                json!({"deviceEventClassId": "295", "name": "Retrieve password", "suser": "bob",
                    "act": "Retrieve password", "fname": "Root\\Operating System-web1",
                    "Safe Name": "Linux = root", "cs2": "Linux = root", "cs1": "", "msg": "a\nb"}),
            );
        }
    }

    #[test]
    fn quotes_of_the_vaults_template_are_no_part_of_its_values() {
        check(
            r#"<5>1 2026-04-17T10:00:00Z vault CEF:0|Cyber-Ark|Vault|12.6|295|Retrieve password|5|act="Retrieve password" suser=bob cs2Label="Safe Name" cs2="Linux" msg="a" and "b" reason=" externalId="#,
            "cyberark/vault",
            Some("2026-04-17T10:00:00Z"),
            json!({"act": "Retrieve password", "suser": "bob", "Safe Name": "Linux", "reason": "\"",
                "msg": "\"a\" and \"b\""}),
        );
    }

    #[test]
    fn a_product_nobody_knows_is_still_read() {
        check(
            r"Apr 17 2026 10:00:00 h CEF:0|A \| B|C|1|x|said|High|src=10.0.0.1 cn1=4",
            "cef",
            Some("2026-04-17T10:00:00Z"),
            json!({"deviceVendor": "A | B", "deviceSeverity": "High", "src": "10.0.0.1", "cn1": "4"}),
        );
    }

    #[test]
    fn values_keep_their_blanks_and_stray_equals_signs() {
        let check = |text, expect: &[(&str, &str)]| {
            assert_eq!(extension_pairs(text).collect::<Vec<_>>(), expect, "{text}");
        };
        check(
            "a=1 b=two words c=",
            &[("a", "1"), ("b", "two words"), ("c", "")],
        );
        check(
            "request=http://x/?q\\=1&r=2 b=3",
            &[("request", "http://x/?q\\=1&r=2"), ("b", "3")],
        );
        check("", &[]);
        check("=", &[]);
        check("no pairs", &[]);
    }

    #[test]
    fn a_broken_header_leaves_the_line_as_text() {
        for line in ["CEF:0|a|b|c", "CEF:0", "CEF:", "x CEF:0|||||"] {
            let (found, fields) = crate::syslog::tests::understand(line);
            assert_eq!(found.kind.service, None, "{line}");
            assert!(fields.get("message").is_some(), "{line}");
        }
    }
}
