//! Values for placeholders, in rules that match with them.

use cordon_sigma::Placeholders;
use serde_json::json;

use crate::trial::{rules, titles};

#[test]
fn a_placeholder_stands_for_any_of_its_values_and_wildcards_in_them_work() {
    let mut known = Placeholders::none();
    known.set("Admins", vec!["root".to_owned(), "adm-*".to_owned()]);
    known.set("Net", vec!["10.0.0.0/8".to_owned(), "fe80::/10".to_owned()]);
    for (item, value, expect) in [
        ("f|expand: '%Admins%'", "ROOT", true),
        ("f|expand: '%Admins%'", "adm-7", true),
        ("f|expand: '%Admins%'", "%Admins%", false),
        (
            "f|contains|expand: 'as %Admins%!'",
            "runs as adm-x! now",
            true,
        ),
        (
            "f|contains|expand: ['%Admins%', plain]",
            "a plain one",
            true,
        ),
        ("f|neq|expand: '%Admins%'", "root", false),
        ("f|neq|expand: '%Admins%'", "eve", true),
        ("f|cidr|expand: '%Net%'", "10.9.8.7", true),
        ("f|cidr|expand: '%Net%'", "fe80::1", true),
        ("f|cidr|expand: '%Net%'", "192.0.2.1", false),
        ("f|re|expand: '^%Admins%$'", "root", true),
        ("f: '%Admins%'", "root", false),
        ("f: '%Admins%'", "%admins%", true),
    ] {
        let text = format!(
            "title: t\nlogsource: {{ product: p }}\ndetection: {{ s: {{ {item} }}, condition: s }}\n"
        );
        let found = !titles(&rules(&text, &known), json!({ "f": value })).is_empty();
        assert_eq!(found, expect, "{item} on {value}");
    }
}
