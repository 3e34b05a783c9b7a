//! Whether an address that a record names leads out of the house.
//!
//! A rule compares fields whole, so that it cannot see that two addresses share a domain. Records of
//! mail that is sent on, and of guests that are invited, gain `forwarded.outside` and
//! `invited.outside`: false where every address named is of the domain of whoever did it, of one below
//! it, or of the organisation; true where one is of another. Where an address has no domain, such as
//! the name of a contact, neither is known and nothing is given.

use cordon_model::{Item, Record, Scalar};

use super::{field, text};

/// The parameters of Exchange that name whom mail is sent on to.
const FORWARDED: [&str; 4] = [
    "Parameters.ForwardingSmtpAddress",
    "Parameters.ForwardTo",
    "Parameters.RedirectTo",
    "Parameters.ForwardAsAttachmentTo",
];

/// Gives a record of a product what its addresses say.
pub(super) fn give(record: &mut Record, product: &str) {
    let (name, outside) = match product {
        "m365" => ("forwarded.outside", forwarded(record)),
        "azure" => ("invited.outside", invited(record)),
        _ => return,
    };
    if let Some(outside) = outside.filter(|_| record.get(name).is_none()) {
        let key = record.name(name);
        record.put(key, Scalar::Bool(outside));
    }
}

/// Whether mail is sent on to another domain.
fn forwarded(record: &Record) -> Option<bool> {
    // The name of a recipient, who may be a contact outside.
    if text(record, "Parameters.ForwardingAddress").is_some() {
        return None;
    }
    let named = FORWARDED.iter().filter_map(|name| record.get(name));
    let to: Vec<_> = named.flat_map(texts).filter(|to| !to.is_empty()).collect();
    let user = text(record, "UserId").and_then(domain_of);
    let organisation = text(record, "OrganizationName").filter(|name| name.contains('.'));
    let own: Vec<_> = user.into_iter().chain(organisation).collect();
    leads_outside(&to, &own)
}

/// Whether a guest of another domain is invited.
fn invited(record: &Record) -> Option<bool> {
    let details = field(record, "properties.additionalDetails")?;
    let is_named =
        |detail: Item<'_>, word: &str| detail.get("key").and_then(Item::as_str) == Some(word);
    let mut details = details.children();
    let invited = details.find(|detail| is_named(*detail, "invitedUserEmailAddress"))?;
    let invited = invited.get("value").and_then(Item::as_str)?;
    let host = text(record, "properties.initiatedBy.user.userPrincipalName")?;
    leads_outside(&[invited], &[domain_of(host)?])
}

/// The texts of a field that may be a list.
fn texts(item: Item<'_>) -> impl Iterator<Item = &str> {
    let listed = item.children().filter_map(Item::as_str);
    item.as_str().into_iter().chain(listed)
}

/// Whether one of the addresses in some texts is of none of one's own domains. Nothing, if that is not known.
fn leads_outside(to: &[&str], own: &[&str]) -> Option<bool> {
    if to.is_empty() || own.is_empty() {
        return None;
    }
    let inside = |domain: &str| own.iter().any(|own| is_below(domain, own));
    if to.iter().flat_map(|to| domains(to)).any(|d| !inside(d)) {
        return Some(true);
    }
    to.iter()
        .all(|to| domains(to).next().is_some())
        .then_some(false)
}

/// Whether a domain is another or one below it.
fn is_below(domain: &str, own: &str) -> bool {
    let (domain, own) = (domain.to_ascii_lowercase(), own.to_ascii_lowercase());
    domain
        .strip_suffix(&own)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// The domain of an account's name.
fn domain_of(name: &str) -> Option<&str> {
    domains(name).last()
}

/// The domains of the addresses in a text: `smtp:a@b.example`, `"A" <a@b.example>;c@d.example`.
fn domains(text: &str) -> impl Iterator<Item = &str> {
    let behind = text.split('@').skip(1);
    let domain = |rest: &str| {
        rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '-'))
            .unwrap_or(rest.len())
    };
    let domains = behind.filter_map(move |rest| rest.get(..domain(rest)));
    domains.map(|domain| domain.trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use cordon_model::Record;
    use serde_json::{Value, json};

    fn given(product: &str, record: &Value) -> Value {
        let mut fields = Record::new();
        fields.fill(record);
        super::give(&mut fields, product);
        fields.to_value()
    }

    #[test]
    fn mail_leads_outside_if_one_address_is_of_another_domain() {
        let cases = [
            ("smtp:m.dufour@northgate.example", Some(false)),
            ("SMTP:m.dufour@Shops.Northgate.example", Some(false)),
            ("\"M\" <m@northgate.onmicrosoft.example>", Some(false)),
            ("m@northgate2.example", Some(true)),
            ("m@evilnorthgate.example", Some(true)),
            ("m@northgate.example.net", Some(true)),
            ("m@northgate.example;x@mail.example.net", Some(true)),
            ("mdufour", None),
            ("", None),
        ];
        for (to, outside) in cases {
            for parameter in ["ForwardTo", "ForwardingSmtpAddress"] {
                let record = json!({"UserId": "p.raman@northgate.example",
                    "OrganizationName": "northgate.onmicrosoft.example",
                    format!("Parameters.{parameter}"): to});
                let found = given("m365", &record);
                assert_eq!(found["forwarded.outside"].as_bool(), outside, "{to}");
            }
        }
    }

    #[test]
    fn a_contact_may_be_anybody() {
        let record = json!({"UserId": "a@northgate.example",
            "Parameters.ForwardingAddress": "m@northgate.example",
            "Parameters.ForwardTo": "m@northgate.example"});
        assert_eq!(given("m365", &record), record);
        let system =
            json!({"UserId": "NT AUTHORITY\\SYSTEM", "Parameters.ForwardTo": "m@b.example"});
        assert_eq!(given("m365", &system), system);
    }

    #[test]
    fn a_guest_of_ones_own_domain_is_no_stranger() {
        for (to, outside) in [
            ("sam@northgate.example", false),
            ("sam@partner.example", true),
        ] {
            let record = json!({"properties": {
                "initiatedBy": {"user": {"userPrincipalName": "priya.raman@northgate.example"}},
                "additionalDetails": [{"key": "oid", "value": "1"},
                    {"key": "invitedUserEmailAddress", "value": to}]}});
            let found = given("azure", &record);
            assert_eq!(found["invited.outside"], json!(outside), "{to}");
        }
        let none = json!({"properties": {"additionalDetails": []}});
        assert_eq!(given("azure", &none), none);
    }
}
