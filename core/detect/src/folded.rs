//! All texts of a record without their case.
//!
//! Names and texts of a record stand in one text, which is folded as a whole. Where that changes no
//! lengths, as in nearly every record, a span of the record is the same span of the folded text;
//! otherwise each value has a span of its own.

use cordon_model::{Item, Record};

use crate::fold::{fold_char, fold_into};

/// All texts of a record without their case; its memory is used again for the next record.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    text: String,
    /// For each place of the record, where its text begins and ends; empty if the spans are the
    /// record's own.
    moved: Vec<(usize, usize)>,
}

impl Folded {
    /// Folds a record's texts.
    pub(crate) fn fill(&mut self, record: &Record) {
        self.text.clear();
        self.moved.clear();
        if !fold_into(record.all_text(), &mut self.text) {
            self.text.clear();
            for item in record.items() {
                let begin = self.text.len();
                if item.span().is_some() {
                    let text = item.spelled().unwrap_or_default();
                    self.text.extend(text.chars().map(fold_char));
                }
                self.moved.push((begin, self.text.len()));
            }
        }
        // Truth values have a text too, though none of their own in the record.
        self.text.push_str(" true false");
    }

    /// All values' texts without their case, in one text that may hold more.
    pub(crate) fn all(&self) -> &str {
        &self.text
    }

    /// A value's text without its case; none for what has no text.
    pub(crate) fn of(&self, item: Item<'_>) -> Option<&str> {
        let Some(span) = item.span() else {
            return match item.spelled()? {
                "true" => Some("true"),
                _ => Some("false"),
            };
        };
        let range = if self.moved.is_empty() {
            span.range()
        } else {
            let place = usize::try_from(item.place()).ok()?;
            let (begin, end) = self.moved.get(place)?;
            *begin..*end
        };
        self.text.get(range)
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
