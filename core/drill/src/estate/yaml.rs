//! Lines of YAML that a person can read.

use std::fmt::Write as _;

/// A document being written.
pub(super) struct Yaml(String);

impl Yaml {
    pub(super) fn new(head: &str) -> Self {
        Self(head.to_owned())
    }

    pub(super) fn line(&mut self, text: &str) {
        self.0.push_str(text);
        self.0.push('\n');
    }

    /// Begins one of the document's parts.
    pub(super) fn part(&mut self, key: &str, comment: &str) {
        let _ = writeln!(self.0, "\n# {comment}\n{key}:");
    }

    /// A comment among the items of a part.
    pub(super) fn note(&mut self, comment: &str) {
        let _ = writeln!(self.0, "\n  # {comment}");
    }

    /// An item whose fields stand on one line.
    pub(super) fn item(&mut self, fields: &[(&str, String)]) {
        let fields: Vec<String> = fields.iter().map(|(k, v)| format!("{k}: {v}")).collect();
        let _ = writeln!(self.0, "  - {{ {} }}", fields.join(", "));
    }

    /// An item with one field a line.
    pub(super) fn block(&mut self, fields: &[(&str, String)]) {
        let mut lead = "  - ";
        for (key, value) in fields {
            let _ = writeln!(self.0, "{lead}{key}: {value}");
            lead = "    ";
        }
    }

    pub(super) fn finish(self) -> String {
        self.0
    }
}

/// A text, quoted where YAML would otherwise take it for something else.
pub(super) fn scalar(text: &str) -> String {
    let first_is_letter = text.starts_with(|c: char| c.is_ascii_alphabetic());
    let plain = |c: char| c.is_ascii_alphanumeric() || " ._/@()-:".contains(c);
    let word = matches!(
        text,
        "true" | "false" | "null" | "yes" | "no" | "on" | "off"
    );
    let colon_ends_word = text.ends_with(':') || text.contains(": ");
    if first_is_letter
        && text.chars().all(plain)
        && !word
        && !colon_ends_word
        && !text.ends_with(' ')
    {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "''"))
}

/// A list on one line.
pub(super) fn list<S: AsRef<str>>(items: impl IntoIterator<Item = S>) -> String {
    let items: Vec<String> = items.into_iter().map(|i| scalar(i.as_ref())).collect();
    format!("[{}]", items.join(", "))
}

#[cfg(test)]
mod tests {
    use super::scalar;

    #[test]
    fn only_what_needs_quotes_has_them() {
        for plain in [
            "user:a.b@northgate.example",
            "Priya Nair",
            "S-1-5-21-3",
            "svc-jobs",
        ] {
            assert_eq!(scalar(plain), plain);
        }
        for (text, quoted) in [
            ("NORTHGATE\\a", "'NORTHGATE\\a'"),
            ("104", "'104'"),
            ("a, b", "'a, b'"),
            ("it's", "'it''s'"),
            ("yes", "'yes'"),
            ("a: b", "'a: b'"),
        ] {
            assert_eq!(scalar(text), quoted);
        }
    }
}
