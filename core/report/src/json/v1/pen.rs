//! JSON written straight into a text, for what is written often.
//!
//! Invariant: the same bytes as [`super::write::line`] gives for the same values; tests compare the two.

use cordon_model::{Item, Record, Scalar, Shape};

use crate::visible::is_unseen;

/// JSON on one line, as far as it is written.
#[derive(Debug, Default)]
pub(super) struct Pen(String);

impl Pen {
    /// With room for so many bytes.
    pub(super) fn with_room(bytes: usize) -> Self {
        Self(String::with_capacity(bytes))
    }

    /// What was written, with a line end.
    pub(super) fn into_line(mut self) -> String {
        self.0.push('\n');
        self.0
    }

    /// Writes JSON as it is.
    pub(super) fn raw(&mut self, json: &str) {
        self.0.push_str(json);
    }

    /// Writes a text, or null.
    pub(super) fn maybe(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.raw("null"),
        }
    }

    /// Writes a list, each member by a function.
    pub(super) fn list<T>(
        &mut self,
        members: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) {
        let mut before = "[";
        for member in members {
            self.raw(before);
            write(self, member);
            before = ",";
        }
        self.raw(if before == "[" { "[]" } else { "]" });
    }

    /// Writes a text.
    pub(super) fn text(&mut self, text: &str) {
        self.raw("\"");
        let mut rest = text;
        loop {
            let (plain, odd) = rest.split_at_checked(plain_run(rest)).unwrap_or((rest, ""));
            self.raw(plain);
            let mut chars = odd.chars();
            let Some(c) = chars.next() else { break };
            self.odd(c);
            rest = chars.as_str();
        }
        self.raw("\"");
    }

    /// Writes a record's own fields.
    pub(super) fn record(&mut self, record: &Record) {
        self.item(record.root());
    }

    fn item(&mut self, item: Item<'_>) {
        match (item.scalar(), item.shape()) {
            (Some(Scalar::Text(text)), _) => self.text(text),
            (Some(Scalar::Number(spelled)), _) => self.number(spelled),
            (Some(Scalar::Bool(true)), _) => self.raw("true"),
            (Some(Scalar::Bool(false)), _) => self.raw("false"),
            (Some(Scalar::Null), _) | (None, None) => self.raw("null"),
            (None, Some(Shape::List)) => self.list(item.children(), Self::item),
            (None, Some(Shape::Map)) => {
                let mut before = "{";
                for field in item.children() {
                    self.raw(before);
                    self.text(field.key());
                    self.raw(":");
                    self.item(field);
                    before = ",";
                }
                self.raw(if before == "{" { "{}" } else { "}" });
            }
        }
    }

    /// A number as the log spells it, if that is how JSON spells it.
    fn number(&mut self, spelled: &str) {
        let plain = spelled.bytes().all(|b| b.is_ascii_digit()) && spelled.len() < 19;
        if plain && (spelled.len() == 1 || !spelled.starts_with('0')) && !spelled.is_empty() {
            self.raw(spelled);
            return;
        }
        let mut alone = Record::new();
        let key = alone.name("n");
        alone.put(key, Scalar::Number(spelled));
        let written = alone.to_string();
        let inside = written.strip_prefix("{\"n\":");
        self.raw(inside.and_then(|n| n.strip_suffix('}')).unwrap_or("null"));
    }

    /// A character that does not stand for itself, or may not.
    fn odd(&mut self, c: char) {
        let short = match c {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\u{8}' => "\\b",
            '\u{c}' => "\\f",
            _ if is_unseen(c) => return self.unseen(c),
            _ => return self.0.push(c),
        };
        self.raw(short);
    }

    fn unseen(&mut self, c: char) {
        let mut units = [0; 2];
        for unit in c.encode_utf16(&mut units) {
            let code = format!("\\u{unit:04x}");
            self.raw(&code);
        }
    }
}

/// How many bytes stand for themselves from the beginning on: printable ASCII without quotes and
/// backslashes. Eight are looked at together, with the bits that only another one sets.
fn plain_run(text: &str) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    let (eights, _) = text.as_bytes().as_chunks::<8>();
    let mut run = 0;
    for eight in eights {
        let word = u64::from_le_bytes(*eight);
        let is_zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGHS;
        let odd = is_zero(word ^ (ONES * 0x22)) | is_zero(word ^ (ONES * 0x5C));
        let found = odd | control | is_zero(word ^ (ONES * 0x7F)) | (word & HIGHS);
        if found != 0 {
            // A borrow may mark a byte too much, but only behind the first that is right.
            return run + usize::try_from(found.trailing_zeros() / 8).unwrap_or(0);
        }
        run += 8;
    }
    let plain = |b: &u8| matches!(b, b' '..=b'~') && !matches!(b, b'"' | b'\\');
    let rest = text.as_bytes().iter().skip(run);
    run + rest.take_while(|b| plain(b)).count()
}

#[cfg(test)]
mod tests {
    use cordon_model::{Record, Scalar};
    use proptest::prelude::*;
    use serde_json::json;

    use super::Pen;
    use crate::json::v1::write::line;

    fn written(record: &Record) -> String {
        let mut pen = Pen::default();
        pen.record(record);
        pen.into_line()
    }

    proptest! {
        #[test]
        fn a_text_is_written_as_in_every_other_document(
            texts in prop::collection::vec("\\PC{0,20}|[ -~\"\\\\\n\t\u{0}-\u{1f}\u{7f}\u{80}\u{202e}é😀\u{e0041}]{0,40}", 0..5),
            n in any::<i64>(), f in any::<f64>(),
        ) {
            let record = Record::from(json!({"t": texts, "m": {"\u{7f}\"é": n, "f": f, "e": {}}, "b": [true, null, []]}));
            prop_assert_eq!(written(&record), line(&record));
        }

        #[test]
        fn a_number_is_written_as_in_every_other_document(spelled in "-?[0-9]{1,22}(\\.[0-9]{1,3})?(e[0-9]{1,3})?") {
            let mut record = Record::new();
            let key = record.name("n");
            record.put(key, Scalar::Number(&spelled));
            prop_assert_eq!(written(&record), line(&record));
        }
    }
}
