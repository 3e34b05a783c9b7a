//! What is never touched, however its name is written.
//!
//! Names of directories are compared as directories compare them, addresses as numbers, everything else without case and
//! blanks. Invariant: whatever is compared in doubt is forbidden. Absent on purpose: what one product calls by two names
//! (an id and a mail address), which only that product knows; a policy names both.

use cordon_model::Value;

use crate::{Effect, breadth::networks};

/// Something that is never touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Never {
    /// Targets of this name; `*` stands for anything, case is ignored.
    pub target: String,
    /// Where that name comes from, for whoever reads the policy. It counts whatever connector is told to touch it: connectors
    /// are named by the site.
    pub connector: Option<String>,
    /// Why.
    pub why: String,
}

impl Never {
    /// Whether an effect touches it.
    pub fn forbids(&self, effect: &Effect) -> bool {
        self.means(&effect.target)
            || self.means(effect.step.as_str())
            || self.stands_in(&effect.parameters)
    }

    fn stands_in(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => self.means(text),
            Value::Array(items) => items.iter().any(|item| self.stands_in(item)),
            Value::Object(fields) => fields.values().any(|item| self.stands_in(item)),
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
    }

    /// Whether a text names it.
    fn means(&self, text: &str) -> bool {
        if fits(&plain(&self.target), &plain(text)) {
            return true;
        }
        if self.target.contains('=') && names_by_number(text) {
            return true;
        }
        fits(&distinguished(&self.target), &distinguished(text)) || self.overlaps(text)
    }

    /// Whether an address of ours is in a network of theirs, or theirs in ours.
    fn overlaps(&self, text: &str) -> bool {
        let mut ours = networks(&self.target);
        ours.any(|our| networks(text).any(|their| our.contains(&their) || their.contains(&our)))
    }
}

/// `<GUID=…>` and `<SID=…>` name an entry of a directory by a number: which one, only the directory knows.
fn names_by_number(text: &str) -> bool {
    text.trim_start().starts_with('<') && text.contains('=')
}

/// Without case, without blanks around, with one blank where there are several, without the dot that ends a host's name.
fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ").to_lowercase();
    text.strip_suffix('.').map(str::to_owned).unwrap_or(text)
}

/// A distinguished name without what may be written in several ways (RFC 4514): blanks around `,`, `+` and `=`, `;` for `,`,
/// quotes, escapes. A part that was escaped stays apart from a separator.
fn distinguished(text: &str) -> String {
    let mut bytes: Vec<u8> = Vec::new();
    let mut quoted = false;
    let mut rest = text.trim().chars();
    while let Some(c) = rest.next() {
        match c {
            '"' => quoted = !quoted,
            '\\' => bytes.extend(escaped(&mut rest)),
            ',' | ';' | '+' | '=' if !quoted => {
                trim_end(&mut bytes);
                bytes.push(if c == ';' { b',' } else { c as u8 });
                rest = rest.as_str().trim_start().chars();
            }
            _ => bytes.extend(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    plain(&String::from_utf8_lossy(&bytes))
}

/// What stands behind a backslash: two digits of a byte, or a sign as it is.
fn escaped(rest: &mut std::str::Chars<'_>) -> Vec<u8> {
    let text = rest.as_str();
    let byte = text
        .get(..2)
        .and_then(|two| u8::from_str_radix(two, 16).ok());
    if let Some(byte) = byte {
        *rest = text.get(2..).unwrap_or_default().chars();
        return vec![byte];
    }
    let mut buffer = [0; 4];
    let sign = rest.next().map(|c| c.encode_utf8(&mut buffer).len());
    buffer.get(..sign.unwrap_or(0)).unwrap_or_default().to_vec()
}

fn trim_end(bytes: &mut Vec<u8>) {
    while bytes.last().is_some_and(u8::is_ascii_whitespace) {
        bytes.pop();
    }
}

/// Whether a pattern in which `*` stands for anything fits a whole text.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut left) = text.strip_prefix(head) else {
        return false;
    };
    let mut parts = rest.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return left.ends_with(part);
        }
        match left.find(part) {
            Some(at) => left = left.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use cordon_model::{StepId, StepKind};

    use super::{Never, fits};
    use crate::{Ability, Effect, Patience, Reversal};

    #[test]
    fn a_star_stands_for_anything_and_nothing_else_does() {
        for (pattern, text, expect) in [
            ("cn=break-glass*", "cn=break-glass-1,dc=x", true),
            ("*till*", "host:till-7", true),
            ("*till", "host:till-7", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("ab*ba", "aba", false),
            ("exact", "exact", true),
            ("exact", "exactly", false),
            ("*", "", true),
            ("a.c", "abc", false),
        ] {
            assert_eq!(fits(pattern, text), expect, "{pattern} {text}");
        }
    }

    #[test]
    fn a_name_is_the_same_however_it_is_written_and_a_network_holds_its_addresses() {
        let dn = "CN=Break-Glass,DC=x";
        for (never, target, expect) in [
            (dn, "cn=break-glass,dc=X", true),
            (dn, "CN=Break-Glass, DC=x", true),
            (dn, " CN = Break-Glass ; DC=x ", true),
            (dn, "CN=Break\\-Glass,DC=x", true),
            (dn, "CN=\\42reak-Glass,DC=x", true),
            (dn, "CN=\"Break-Glass\",DC=x", true),
            (dn, "CN=Break-Glass\\,DC=x", true),
            (dn, "CN=Break-Glass-2,DC=x", false),
            (dn, "<SID=S-1-5-21-1-500>", true),
            ("*,OU=Tier 0,DC=x", "CN=a, OU=Tier  0, DC=x", true),
            ("router", "router ", true),
            ("dc1.x.example", "DC1.x.example.", true),
            ("10.0.0.5", "10.0.0.5/32", true),
            ("10.0.0.5", "10.0.0.0/24", true),
            ("10.0.0.5", "10.9.0.1 -> 10.0.0.0/24 tcp 22", true),
            ("10.0.0.5", "::ffff:10.0.0.5", true),
            ("10.0.0.0/24", "10.0.0.77", true),
            ("10.0.0.5", "10.0.0.50", false),
            ("2001:db8::1", "2001:0DB8:0:0::0001", true),
        ] {
            let never = Never {
                target: never.to_owned(),
                connector: None,
                why: String::new(),
            };
            assert_eq!(never.means(target), expect, "{} {target}", never.target);
        }
    }

    #[test]
    fn a_connector_that_the_site_calls_otherwise_is_no_way_around() {
        let ability = Ability {
            action: "disable".to_owned(),
            reversal: Reversal::Undo,
            patience: Patience::default(),
        };
        let mut effect = Effect::alone(StepKind::new("disable-account"), "break-glass", ability);
        effect.connector = "renamed".to_owned();
        let never = Never {
            target: "*Break-Glass*".to_owned(),
            connector: Some("entra".to_owned()),
            why: String::new(),
        };
        assert!(never.forbids(&effect));
        effect.target = "AKIA1".to_owned();
        effect.step = StepId::new("a");
        assert!(!never.forbids(&effect));
        effect.parameters = serde_json::json!({ "user": "break-glass" });
        assert!(never.forbids(&effect));
    }
}
