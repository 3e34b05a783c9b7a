//! Numbers that are written as the very decimal that rounding gave.

use std::fmt;

use cordon_model::{Confidence, Hours, Likelihood, Minutes, Money};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::value::RawValue;

/// A JSON number, kept as its text: `0.3` stays `0.3` and never becomes `0.30000000000000004`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number(String);

impl Number {
    /// The decimal, as it stands in the document.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Money, rounded half up to hundredths.
    pub fn money(money: &Money) -> Self {
        Self(money.rounded())
    }

    /// Hours, rounded half up to thousandths.
    pub fn hours(hours: &Hours) -> Self {
        Self(hours.rounded())
    }

    /// Minutes, rounded half up to thousandths.
    pub fn minutes(minutes: &Minutes) -> Self {
        Self(minutes.rounded())
    }

    /// A likelihood, to ten-thousandths; only certainty is written as 1.
    pub fn likelihood(likelihood: &Likelihood) -> Self {
        Self(likelihood.to_string())
    }

    /// A confidence, to ten-thousandths; only certainty is written as 1.
    pub fn confidence(confidence: Confidence) -> Self {
        Self(confidence.decimal())
    }

    /// A finite ratio, to tenths.
    pub fn tenths(ratio: f64) -> Self {
        Self(plain(&format!("{ratio:.1}")))
    }

    /// How far a bound stays below a total, as a part of the total, rounded up to millionths, so that 0 is no gap at all; 0 of
    /// nothing.
    pub fn gap(total: &Money, bound: &Money) -> Self {
        if total.is_zero() {
            return Self("0".to_owned());
        }
        let part = (total.exact() - bound.exact()) / total.exact();
        let millionths = (part * Money::from_units(1_000_000).exact()).ceil();
        let digits = format!("{:0>7}", millionths.to_integer());
        let (whole, fraction) = digits.split_at(digits.len() - 6);
        Self(plain(&format!("{whole}.{fraction}")))
    }
}

/// A decimal without the zeros that say nothing.
fn plain(decimal: &str) -> String {
    decimal
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned()
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.clone())
            .map_err(ser::Error::custom)?
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let text = raw.get();
        if text.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
            return Ok(Self(text.to_owned()));
        }
        Err(de::Error::custom(format_args!(
            "expected a number, found `{text}`"
        )))
    }
}

#[cfg(test)]
mod tests {
    use cordon_model::{Confidence, Money};

    use super::Number;

    #[test]
    fn a_number_keeps_its_decimal_through_writing_and_reading() {
        for text in ["0", "0.3", "12345678901234567890.12", "-1.5"] {
            let number = Number(text.to_owned());
            let written = serde_json::to_string(&number).unwrap();
            assert_eq!(written, text);
            assert_eq!(serde_json::from_str::<Number>(&written).unwrap(), number);
        }
        assert!(serde_json::from_str::<Number>("\"3\"").is_err());
    }

    #[test]
    fn a_gap_is_a_part_of_the_total_and_nothing_of_nothing() {
        let gap = |total, bound| {
            Number::gap(&Money::from_units(total), &Money::from_units(bound)).to_string()
        };
        assert_eq!(gap(0, 0), "0");
        assert_eq!(gap(300, 200), "0.333334");
        assert_eq!(gap(300, 300), "0");
        assert_eq!(gap(5, 0), "1");
        assert_eq!(gap(1_000_000_000, 999_999_999), "0.000001");
    }

    #[test]
    fn confidences_show_no_artefacts() {
        let doubt = 1.0 - (1.0 - 0.6) * (1.0 - 0.3);
        let confidence = Confidence::new(doubt).unwrap();
        assert_eq!(Number::confidence(confidence).to_string(), "0.72");
        assert_eq!(Number::confidence(Confidence::CERTAIN).to_string(), "1");
    }
}
