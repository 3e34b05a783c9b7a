//! What must not be shown: the secrets of a site, in every spelling in which they are sent.

use std::sync::{Mutex, PoisonError};

use cordon_model::Value;

use super::auth::encoded;

/// Texts that are put out of sight wherever a peer repeats them.
#[derive(Default)]
pub(crate) struct Hidden {
    known: Mutex<Vec<String>>,
}

impl Hidden {
    /// Learns a secret, as it is, as in a form and as in JSON.
    pub(crate) fn learn(&self, secret: &str) {
        let json = Value::from(secret).to_string();
        let json = json.trim_matches('"').to_owned();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        for spelling in [secret.to_owned(), encoded(secret), json] {
            if !spelling.is_empty() && !known.contains(&spelling) {
                known.push(spelling);
            }
        }
        // A secret that holds another goes first, or its rest would stay.
        known.sort_by_key(|text| std::cmp::Reverse(text.len()));
    }

    /// A text without them; none if there are none in it.
    pub(crate) fn without(&self, text: &str) -> Option<String> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut clean = None;
        for secret in known.iter() {
            let now = clean.as_deref().unwrap_or(text);
            if now.contains(secret) {
                clean = Some(now.replace(secret, "…"));
            }
        }
        clean
    }
}

#[cfg(test)]
mod tests {
    use super::Hidden;

    #[test]
    fn a_secret_is_put_out_of_sight_in_every_spelling() {
        let hidden = Hidden::default();
        hidden.learn("a/\"b");
        hidden.learn("a/\"bc");
        for (said, expect) in [
            ("x a/\"b y", Some("x … y")),
            ("secret=a%2F%22b&x", Some("secret=…&x")),
            (r#"{"sent":"a/\"b"}"#, Some(r#"{"sent":"…"}"#)),
            ("a/\"bc", Some("…")),
            ("nothing", None),
        ] {
            assert_eq!(hidden.without(said).as_deref(), expect, "{said}");
        }
    }
}
