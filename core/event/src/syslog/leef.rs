//! IBM's Log Event Extended Format, versions 1.0 and 2.0.

use super::{Shape, cef, header::Header};
use crate::{
    Hints, TimeFormat,
    intake::Kind,
    settings::Told,
    time::{self, When, Zoneless},
};

/// Names of the header's parts.
const HEADER: [&str; 4] = ["vendor", "product", "productVersion", "eventId"];

pub(super) fn of(header: &Header<'_>, hints: &Hints) -> Option<Shape> {
    let text = match header.app {
        Some("LEEF") => header.message,
        Some(_) | None => header.message.split_once("LEEF:")?.1,
    };
    let (version, mut rest) = text.trim_start().split_once('|')?;
    let mut shape = Shape::of_kind(Kind {
        service: Some("leef"),
        ..Kind::default()
    });
    for name in HEADER {
        let (part, after) = rest.split_once('|')?;
        shape.put(name, part);
        rest = after;
    }
    if let Some(kind) = kind(shape.text("vendor")?, shape.text("product")?) {
        shape.kind = kind;
    }
    let mut between = "\t".to_owned();
    if version.starts_with('2')
        && let Some((named, after)) = rest.split_once('|')
        && let Some(parting) = parting(named)
    {
        between = parting;
        rest = after;
    }
    for (name, value) in attributes(rest, &between) {
        shape.put(name, value);
    }
    shape.when = when(&shape, hints);
    Some(shape)
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
fn parting(named: &str) -> Option<String> {
    if named.is_empty() {
        return Some("\t".to_owned());
    }
    let digits = named.strip_prefix("0x").or_else(|| named.strip_prefix('x'));
    let numbered = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
    if let Some(c) = numbered.and_then(char::from_u32) {
        return Some(c.to_string());
    }
    (named.chars().count() == 1).then(|| named.to_owned())
}

/// Attributes parted as the header says, or by blanks where a relay has turned the tabulators into such.
fn attributes<'l>(text: &'l str, between: &str) -> Vec<(&'l str, &'l str)> {
    if between == "\t" && !text.contains('\t') {
        return cef::extension_pairs(text);
    }
    let pairs = text.split(between).filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.trim(), value)).collect()
}

/// `devTime`, in the form of Java's that `devTimeFormat` says.
fn when(shape: &Shape, hints: &Hints) -> Option<When> {
    let written = shape.text("devTime")?;
    let form = shape.text("devTimeFormat");
    let form = form.and_then(|form| form.parse::<TimeFormat>().ok());
    match form.and_then(|form| form.read(written)) {
        Some(Told::Moment(time)) => Some(When {
            time,
            assumed: None,
        }),
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
