//! Decimal numbers that are summed and compared exactly, so that the order of summing changes nothing.
//!
//! Thirty digits before the point and thirty behind it: every counter, size, price and score that a
//! log writes. Digits further behind are cut off from each number by itself, which keeps sums
//! independent of order; a number that needs more before the point is none.

use std::{
    fmt,
    ops::{Add, Sub},
};

/// How many digits are kept behind the point, and allowed before it.
const DIGITS: usize = 30;

/// Units of the last digit in a whole one.
const UNITS: i128 = 10_i128.pow(30);

/// A decimal number.
///
/// Sums of a million of them, and products with a million, do not overflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Decimal {
    /// The largest whole number that is not above.
    whole: i128,
    /// What is above it, in units of the last digit: never negative, below a whole one.
    rest: i128,
}

impl Decimal {
    /// The smallest number above zero.
    pub const SMALLEST: Self = Self { whole: 0, rest: 1 };

    /// Reads a decimal number, with no space around it and nothing after it; a hexadecimal text is
    /// no number.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (unsigned, 0),
        };
        let (before, behind) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = [before, behind].concat();
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let significant = digits.trim_start_matches('0');
        let zeros = digits.len() - significant.len();
        let point = i64::try_from(before.len()).ok()? - i64::try_from(zeros).ok()?;
        let size = Self::of_digits(significant, point + i64::from(exponent))?;
        Some(if negative {
            Self::default() - size
        } else {
            size
        })
    }

    /// The number `0.digits` times ten to the power of `point`.
    fn of_digits(digits: &str, point: i64) -> Option<Self> {
        let most = i64::try_from(DIGITS).unwrap_or(i64::MAX);
        if digits.is_empty() || point < -most {
            return Some(Self::default());
        }
        if point > most {
            return None;
        }
        let mut all = "0".repeat(usize::try_from(-point).unwrap_or(0)) + digits;
        let before = usize::try_from(point).unwrap_or(0);
        let wanted = before + DIGITS;
        all.extend(std::iter::repeat_n('0', wanted.saturating_sub(all.len())));
        let whole = all.get(..before)?;
        Some(Self {
            whole: if whole.is_empty() {
                0
            } else {
                whole.parse().ok()?
            },
            rest: all.get(before..wanted)?.parse().ok()?,
        })
    }

    /// So many of this.
    #[must_use]
    pub fn times(self, count: u32) -> Self {
        let count = i128::from(count);
        Self::carried(self.whole * count, self.rest * count)
    }

    /// The smallest whole number that is not below.
    pub fn ceiling(self) -> i128 {
        self.whole + i128::from(self.rest > 0)
    }

    fn carried(whole: i128, rest: i128) -> Self {
        Self {
            whole: whole + rest.div_euclid(UNITS),
            rest: rest.rem_euclid(UNITS),
        }
    }
}

impl From<u64> for Decimal {
    fn from(whole: u64) -> Self {
        Self {
            whole: i128::from(whole),
            rest: 0,
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let below_zero = self.whole < 0 && self.rest > 0;
        let (whole, rest) = if below_zero {
            (-(self.whole + 1), UNITS - self.rest)
        } else {
            (self.whole, self.rest)
        };
        let sign = if below_zero { "-" } else { "" };
        let behind = format!("{rest:030}");
        match behind.trim_end_matches('0') {
            "" => write!(f, "{sign}{whole}"),
            digits => write!(f, "{sign}{whole}.{digits}"),
        }
    }
}

impl Add for Decimal {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::carried(self.whole + other.whole, self.rest + other.rest)
    }
}

impl Sub for Decimal {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self::carried(self.whole - other.whole, self.rest - other.rest)
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    fn read(text: &str) -> Decimal {
        Decimal::parse(text).unwrap_or_else(|| panic!("{text} is a number"))
    }

    #[test]
    fn only_decimal_texts_of_a_usual_size_are_numbers() {
        for (text, is) in [
            ("5", true),
            ("-5.25", true),
            ("+.5", true),
            ("5.", true),
            ("1e3", true),
            ("1E-300", true),
            ("0e999999999", true),
            ("999999999999999999999999999999", true),
            ("1000000000000000000000000000000", false),
            ("1e30", false),
            ("1e99999999999", false),
            ("0x17", false),
            ("inf", false),
            ("NaN", false),
            (" 5", false),
            ("", false),
            (".", false),
            ("-", false),
            ("--5", false),
            ("1.2.3", false),
            ("1e", false),
        ] {
            assert_eq!(Decimal::parse(text).is_some(), is, "{text:?}");
        }
    }

    #[test]
    fn one_number_has_one_value_however_it_is_written() {
        for (one, other) in [
            ("0.1", "1e-1"),
            ("-0", "0"),
            ("1500", "1.5E3"),
            ("-0.5", "-00.50"),
            ("0.0012", "12e-4"),
            ("1e-31", "0"),
        ] {
            assert_eq!(read(one), read(other), "{one} {other}");
        }
    }

    #[test]
    fn a_number_is_shown_shortly_and_read_again_as_the_same() {
        for text in ["0", "5", "-5", "-0.25", "-1.25", "1500.001", "1e-30"] {
            let number = read(text);
            assert_eq!(read(&number.to_string()), number, "{text}");
        }
        assert_eq!(read("-0.250").to_string(), "-0.25");
        assert_eq!(read("1e3").to_string(), "1000");
    }

    #[test]
    fn sums_products_and_order_are_exact() {
        assert_eq!(read("0.1") + read("0.2"), read("0.3"));
        assert_eq!(read("-1.5") + read("1.5"), read("0"));
        assert_eq!(read("1") - read("2.25"), read("-1.25"));
        assert_eq!(read("-0.3").times(10), read("-3"));
        assert!(read("-1.5") < read("-1.25") && read("-0.5") < read("0"));
        assert!(read("9007199254740993.1") > read("9007199254740993"));
        assert_eq!(read("0.01").ceiling(), 1);
        assert_eq!(read("-0.99").ceiling(), 0);
        assert_eq!(read("3").ceiling(), 3);
        let most = read("999999999999999999999999999999.999999999999999999999999999999");
        let million = (0..1_000_000).fold(Decimal::default(), |sum, _| sum + most);
        assert_eq!(million, most.times(1_000_000));
    }
}
