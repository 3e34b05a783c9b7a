//! One line of JSON, written field by field in the vendor's order.
//!
//! A day has hundreds of thousands of records; building a tree of each first would cost more than
//! everything else together.

use std::fmt::{Display, Write as _};

/// A JSON object being written.
pub(crate) struct Json<'o> {
    out: &'o mut String,
}

impl<'o> Json<'o> {
    /// Writes one object at the end of `out`.
    pub(crate) fn object_into(out: &'o mut String, fill: impl FnOnce(&mut Json<'_>)) {
        out.push('{');
        fill(&mut Json { out });
        out.push('}');
    }

    fn key(&mut self, key: &str) {
        self.comma();
        self.string(key);
        self.out.push(':');
    }

    fn comma(&mut self) {
        if !self.out.ends_with(['{', '[']) {
            self.out.push(',');
        }
    }

    fn string(&mut self, text: &str) {
        self.out.push('"');
        let mut rest = text;
        while let Some(at) = rest.find(|c: char| c == '"' || c == '\\' || c < ' ') {
            let (plain, from) = rest.split_at(at);
            self.out.push_str(plain);
            let mut letters = from.chars();
            match letters.next() {
                Some('\n') => self.out.push_str("\\n"),
                Some('\r') => self.out.push_str("\\r"),
                Some('\t') => self.out.push_str("\\t"),
                Some(other @ ('"' | '\\')) => {
                    self.out.push('\\');
                    self.out.push(other);
                }
                Some(control) => {
                    let _ = write!(self.out, "\\u{:04x}", u32::from(control));
                }
                None => {}
            }
            rest = letters.as_str();
        }
        self.out.push_str(rest);
        self.out.push('"');
    }

    /// A text field.
    pub(crate) fn text(&mut self, key: &str, value: &str) -> &mut Self {
        self.key(key);
        self.string(value);
        self
    }

    /// A text field of something that needs no escaping, such as a number or an address.
    pub(crate) fn shown(&mut self, key: &str, value: impl Display) -> &mut Self {
        self.key(key);
        let _ = write!(self.out, "\"{value}\"");
        self
    }

    /// A number, `true`, `false` or `null`.
    pub(crate) fn bare(&mut self, key: &str, value: impl Display) -> &mut Self {
        self.key(key);
        let _ = write!(self.out, "{value}");
        self
    }

    /// `null`.
    pub(crate) fn null(&mut self, key: &str) -> &mut Self {
        self.bare(key, "null")
    }

    /// A nested object.
    pub(crate) fn object(&mut self, key: &str, fill: impl FnOnce(&mut Json<'_>)) -> &mut Self {
        self.key(key);
        Json::object_into(self.out, fill);
        self
    }

    /// A list of objects, one a call of the writer handed to `fill`.
    pub(crate) fn list(&mut self, key: &str, fill: impl FnOnce(&mut Items<'_>)) -> &mut Self {
        self.key(key);
        self.out.push('[');
        fill(&mut Items(Json { out: self.out }));
        self.out.push(']');
        self
    }
}

/// The items of a list being written.
pub(crate) struct Items<'o>(Json<'o>);

impl Items<'_> {
    /// One more object.
    pub(crate) fn object(&mut self, fill: impl FnOnce(&mut Json<'_>)) -> &mut Self {
        self.0.comma();
        Json::object_into(self.0.out, fill);
        self
    }

    /// One more text.
    pub(crate) fn text(&mut self, value: &str) -> &mut Self {
        self.0.comma();
        self.0.string(value);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn what_is_written_reads_back() {
        let awkward = "NORTHGATE\\a \"b\"\r\n\tc\u{1}é";
        let mut out = String::new();
        Json::object_into(&mut out, |j| {
            j.text("text", awkward).bare("n", 5).null("none");
            j.object("inner", |j| {
                j.shown("address", "10.0.0.1");
            });
            j.list("list", |l| {
                l.text("x").object(|_| {}).text("y");
            });
        });
        let read: serde_json::Value = serde_json::from_str(&out).unwrap();
        let expect = serde_json::json!({
            "text": awkward, "n": 5, "none": null, "inner": {"address": "10.0.0.1"},
            "list": ["x", {}, "y"],
        });
        assert_eq!(read, expect);
    }
}
