//! IBM's Log Event Extended Format, versions 1.0 and 2.0.

use super::{cef, header::Header, shape::Shape, words::behind};
use crate::{
    Hints, TimeFormat,
    intake::Kind,
    settings::Told,
    time::{self, When, Zoneless},
};

/// Names of the header's parts.
const HEADER: [&str; 4] = ["vendor", "product", "productVersion", "eventId"];

pub(super) fn of(header: &Header<'_>, hints: &Hints, shape: &mut Shape<'_>) -> Option<()> {
    let text = match header.app {
        Some("LEEF") => header.message,
        Some(_) | None => behind(header.message, "LEEF:")?,
    };
    let (version, mut rest) = text.trim_start().split_once('|')?;
    shape.kind = Kind {
        service: Some("leef"),
        ..Kind::default()
    };
    for name in HEADER {
        let (part, after) = rest.split_once('|')?;
        shape.put(name, part);
        rest = after;
    }
    if let Some(kind) = kind(shape.text("vendor")?, shape.text("product")?) {
        shape.kind = kind;
    }
    let mut between = '\t';
    if version.starts_with('2')
        && let Some((named, after)) = rest.split_once('|')
        && let Some(parting) = parting(named)
    {
        between = parting;
        rest = after;
    }
    put_attributes(rest, between, shape);
    shape.when = when(shape, hints);
    Some(())
}

/// Products that write LEEF.
fn kind(vendor: &str, product: &str) -> Option<Kind> {
    const PRODUCTS: [(&str, &str, &str, &str); 5] = [
        ("Cyber-Ark", "", "cyberark", "vault"),
        ("CyberArk", "", "cyberark", "vault"),
        ("Palo Alto Networks", "", "paloalto", "system"),
        ("Fortinet", "", "fortigate", "event"),
        ("Citrix", "", "citrix", "netscaler"),
    ];
    let known = PRODUCTS
        .iter()
        .find(|(v, p, ..)| *v == vendor && (p.is_empty() || *p == product));
    known.map(|(_, _, product, service)| Kind::new(product, service))
}

/// What parts the attributes: a character, or its number as `x09` or `0x09`.
fn parting(named: &str) -> Option<char> {
    if named.is_empty() {
        return Some('\t');
    }
    let digits = named.strip_prefix("0x").or_else(|| named.strip_prefix('x'));
    let numbered = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
    if let Some(c) = numbered.and_then(char::from_u32) {
        return Some(c);
    }
    let mut signs = named.chars();
    signs.next().filter(|_| signs.next().is_none())
}

/// Attributes parted as the header says, or by blanks where a relay has turned the tabulators into such.
fn put_attributes(text: &str, between: char, shape: &mut Shape<'_>) {
    if between == '\t' && !text.contains('\t') {
        for (name, value) in cef::extension_pairs(text) {
            shape.put(name, value);
        }
        return;
    }
    for (name, value) in text.split(between).filter_map(|pair| pair.split_once('=')) {
        shape.put(name.trim(), value);
    }
}

/// `devTime`, in the form of Java's that `devTimeFormat` says.
fn when(shape: &Shape<'_>, hints: &Hints) -> Option<When> {
    let written = shape.text("devTime")?;
    let form = shape.text("devTimeFormat");
    let form = form.and_then(|form| form.parse::<TimeFormat>().ok());
    match form.and_then(|form| form.read(written)) {
        Some(Told::Moment(time, written)) => Some(time::moment(time, written)),
        Some(Told::Local(local)) => time::at_zone(local, Zoneless::Local, hints),
        None => time::of_text(written, Zoneless::Local, hints),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::syslog::tests::{check, understand};

    #[test]
    fn both_versions_are_read_with_the_parting_they_name() {
        check(
            "<13>Apr 17 10:00:00 vault LEEF:1.0|Cyber-Ark|Vault|12.6|295|sev=5\tusrName=bob\tsrc=10.0.0.4\tmsg=two words",
            "cyberark/vault",
            Some("2026-04-17T10:00:00Z"),
            json!({"eventId": "295", "usrName": "bob", "msg": "two words", "vendor": "Cyber-Ark"}),
        );
        check(
            "<13>1 2026-04-17T10:00:00Z h LEEF:2.0|Lancope|StealthWatch|1.0|41|^|src=10.0.1.8^dst=10.0.0.5^sev=5^devTime=17/04/2026 08:13:04^devTimeFormat=dd/MM/yyyy HH:mm:ss",
            "leef",
            Some("2026-04-17T08:13:04Z"),
            json!({"src": "10.0.1.8", "dst": "10.0.0.5", "eventId": "41"}),
        );
        check(
            "LEEF:2.0|V|P|1|e|x7C|a=1|b=2",
            "leef",
            None,
            json!({"a": "1", "b": "2"}),
        );
    }

    #[test]
    fn a_broken_header_leaves_the_line_as_text() {
        for line in ["LEEF:1.0|a|b", "LEEF:", "LEEF:2.0||||"] {
            let (found, _) = understand(line);
            assert_eq!(found.kind.service, None, "{line}");
        }
    }
}
