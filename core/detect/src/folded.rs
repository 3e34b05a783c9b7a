//! All values of a record as texts without their case.
//!
//! They stand in one text, so that folding them is one pass, and so that all can be searched at once.

use cordon_model::{Item, Record};

use crate::fold::{fold_char, wide_chars};

/// All values of a record as texts without their case; its memory is used again for the next.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    text: String,
    /// For each place of the record, where its text begins and ends.
    spans: Vec<(usize, usize)>,
}

impl Folded {
    /// Folds a record's values.
    pub(crate) fn fill(&mut self, record: &Record) {
        self.put(record, String::push_str);
        self.text.make_ascii_lowercase();
        // Most letters beyond ASCII in logs, such as those in the names of products, have no case.
        if wide_chars(&self.text).any(|c| fold_char(c) != c) {
            self.put(record, |text, value| {
                text.extend(value.chars().map(fold_char));
            });
        }
        // Truth values have a text too, though none of their own in the record.
        self.text.push_str(" true false");
    }

    /// All values' texts, in one text that may hold more.
    pub(crate) fn all(&self) -> &str {
        &self.text
    }

    /// A value's text without its case; none for what has no text.
    pub(crate) fn of(&self, item: Item<'_>) -> Option<&str> {
        if item.span().is_none() {
            return match item.spelled()? {
                "true" => Some("true"),
                _ => Some("false"),
            };
        }
        let place = usize::try_from(item.place()).ok()?;
        let (begin, end) = self.spans.get(place)?;
        self.text.get(*begin..*end)
    }

    fn put(&mut self, record: &Record, push: impl Fn(&mut String, &str)) {
        self.text.clear();
        self.spans.clear();
        for item in record.items() {
            let begin = self.text.len();
            if item.span().is_some() {
                push(&mut self.text, item.spelled().unwrap_or_default());
            }
            self.spans.push((begin, self.text.len()));
        }
    }
}

#[cfg(test)]
mod tests {
    use cordon_model::Record;
    use proptest::prelude::*;
    use serde_json::json;

    use super::Folded;
    use crate::fold::fold;

    proptest! {
        #[test]
        fn each_text_is_folded_as_if_alone(
            texts in prop::collection::vec("\\PC{0,6}|[A-Zaİıſ\u{212a}Ⱥ]{0,9}", 0..6),
        ) {
            let record = Record::from(json!({"Ünï": texts, "b": [true, 1.5, null]}));
            let mut folded = Folded::default();
            folded.fill(&Record::from(json!({"before": "LEFT over Ⱥ"})));
            folded.fill(&record);
            for item in record.items() {
                let expect = item.spelled().map(|text| fold(text).into_owned());
                prop_assert_eq!(folded.of(item), expect.as_deref());
            }
        }
    }
}
