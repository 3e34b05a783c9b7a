//! All values of a record as texts without their case.
//!
//! They stand in one text, so that folding them is one pass, and so that all can be searched at once.
//! As long as no letter beyond ASCII changes, that text is the record's own without its case, and a
//! value stands in it where it stands in the record.

use cordon_model::{Item, Record};

use crate::fold::{fold_char, wide_chars};

/// All values of a record as texts without their case; its memory is used again for the next.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    text: String,
    /// For each place of the record, where its text begins and ends, if that is not where it does in
    /// the record.
    moved: Vec<(usize, usize)>,
}

impl Folded {
    /// Folds a record's values.
    pub(crate) fn fill(&mut self, record: &Record) {
        self.moved.clear();
        self.text.clear();
        self.text.push_str(record.all_text());
        self.text.make_ascii_lowercase();
        // Most letters beyond ASCII in logs, such as those in the names of products, have no case.
        if !self.text.is_ascii() && wide_chars(&self.text).any(|c| fold_char(c) != c) {
            self.move_all(record);
        }
        // Truth values have a text too, though none of their own in the record.
        self.text.push_str(" true false");
    }

    /// All values' texts, in one text that may hold more.
    pub(crate) fn all(&self) -> &str {
        &self.text
    }

    /// A value's text without its case; none for what has no text.
    #[inline]
    pub(crate) fn of(&self, item: Item<'_>) -> Option<&str> {
        let Some(span) = item.span() else {
            return match item.spelled()? {
                "true" => Some("true"),
                _ => Some("false"),
            };
        };
        if self.moved.is_empty() {
            return self.text.get(span.range());
        }
        let place = usize::try_from(item.place()).ok()?;
        let (begin, end) = self.moved.get(place)?;
        self.text.get(*begin..*end)
    }

    /// Folds each value by itself, because a folded letter may take more or fewer bytes.
    fn move_all(&mut self, record: &Record) {
        self.text.clear();
        for item in record.items() {
            let begin = self.text.len();
            if item.span().is_some() {
                let spelled = item.spelled().unwrap_or_default();
                self.text.extend(spelled.chars().map(fold_char));
            }
            self.moved.push((begin, self.text.len()));
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
