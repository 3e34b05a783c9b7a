//! Numbers as rules and logs write them: decimal, of any sign, whole or with a fraction.
//!
//! Whole numbers compare exactly. A hexadecimal text is never a number here: a log that writes
//! `0x17` means the text, and a rule that compares it by size would be wrong by accident.

use std::cmp::Ordering;

/// A decimal number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// A whole number, exact.
    Integer(i128),
    /// A number with a fraction or an exponent.
    Decimal(f64),
}

/// Below this every whole number is a binary fraction of its own.
const WHOLE_MAX: u128 = 1 << 53;

impl Number {
    /// Reads a decimal number, with no space around it and nothing after it.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            return None;
        }
        if let Ok(whole) = text.parse() {
            return Some(Self::Integer(whole));
        }
        let allowed = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '-' | '+');
        if !digits.chars().all(allowed) {
            return None;
        }
        text.parse().ok().map(Self::Decimal)
    }

    /// The one whole number that this equals; none if there is none, or if it is so large that a
    /// binary fraction may equal several.
    pub fn whole(self) -> Option<i128> {
        let whole = match self {
            Self::Integer(whole) => whole,
            Self::Decimal(value) => {
                let written = format!("{value:.0}").parse().ok()?;
                let same = Self::Integer(written).compare(self)?.is_eq();
                same.then_some(written)?
            }
        };
        (whole.unsigned_abs() < WHOLE_MAX).then_some(whole)
    }

    /// Its shortest decimal spelling, whole where it is whole.
    pub(crate) fn text(self) -> String {
        match self {
            Self::Integer(whole) => whole.to_string(),
            Self::Decimal(value) => value.to_string(),
        }
    }

    /// How this compares with another number.
    pub fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => Some(a.cmp(&b)),
            (Self::Integer(_) | Self::Decimal(_), _) => self.as_f64().partial_cmp(&other.as_f64()),
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "only met where the other side is a binary fraction already"
    )]
    fn as_f64(self) -> f64 {
        match self {
            Self::Integer(whole) => whole as f64,
            Self::Decimal(value) => value,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::Number;

    #[test]
    fn only_decimal_texts_are_numbers() {
        for (text, is) in [
            ("5", true),
            ("-5", true),
            ("4.25", true),
            ("1e3", true),
            ("0x17", false),
            ("inf", false),
            ("NaN", false),
            (" 5", false),
            ("5 ", false),
            ("", false),
            ("1.2.3.4", false),
        ] {
            assert_eq!(Number::parse(text).is_some(), is, "{text:?}");
        }
    }

    #[test]
    fn a_whole_number_is_known_however_it_is_spelled() {
        for (text, expect) in [
            ("5", Some(5)),
            ("-0", Some(0)),
            ("5.0", Some(5)),
            ("1e3", Some(1000)),
            ("5.5", None),
            ("9007199254740992", None),
            ("1e300", None),
        ] {
            assert_eq!(Number::parse(text).unwrap().whole(), expect, "{text}");
        }
    }

    #[test]
    fn whole_numbers_compare_exactly() {
        let big = |text| Number::parse(text).unwrap();
        let order = big("9007199254740993").compare(big("9007199254740992"));
        assert_eq!(order, Some(Ordering::Greater));
        assert_eq!(big("5").compare(big("5.0")), Some(Ordering::Equal));
        assert_eq!(big("-2").compare(big("1.5")), Some(Ordering::Less));
    }
}
