//! `CyberArk`'s vault in its own layout: `%CYBERARK: MessageID="…";Message="…";Issuer="…";…`.
//!
//! The vault writes CEF and LEEF as well; those are read as such, under the same product.

use super::{header::Header, pairs, shape::Shape};
use crate::Hints;

pub(super) fn of(header: &Header<'_>, _: &Hints, shape: &mut Shape<'_>) -> Option<()> {
    let (_, text) = header.message.split_once("%CYBERARK:")?;
    shape.is("cyberark", "vault");
    for (name, value) in pairs::pairs(text) {
        shape.put(name, &value);
    }
    shape.text("MessageID").map(|_| ())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::syslog::tests::check;

    #[test]
    fn the_vaults_own_layout_keeps_its_names() {
        check(
            r#"<5>1 2026-04-17T10:00:00Z VAULT01 %CYBERARK: MessageID="295";Version="12.6";Message="Retrieve password";Issuer="bob";Station="10.0.0.4";File="Root\web1";Safe="Linux";Reason="INC0042";Severity="Info""#,
            "cyberark/vault",
            Some("2026-04-17T10:00:00Z"),
            json!({"MessageID": "295", "Message": "Retrieve password", "Issuer": "bob",
                "Station": "10.0.0.4", "Safe": "Linux", "File": "Root\\web1", "host": "VAULT01"}),
        );
        check(
            "<5>1 2026-04-17T10:00:00Z VAULT01 %CYBERARK: nothing",
            "unknown",
            Some("2026-04-17T10:00:00Z"),
            json!({}),
        );
    }
}
