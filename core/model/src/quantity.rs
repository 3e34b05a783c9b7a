//! Exact quantities. Nothing is rounded before it is shown.

use std::{fmt, iter::Sum, ops, sync::Arc};

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};

/// An exact rational number.
pub type Exact = BigRational;

/// Why a text is not a quantity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuantityError {
    /// Not a decimal number such as `12` or `0.5`.
    NotDecimal,
    /// Below zero.
    Negative,
    /// Not a number followed by `m`, `h` or `d`.
    NotDuration,
    /// Not within 0 and 1.
    NotLikelihood,
    /// More digits or a larger exponent than any real quantity has.
    TooLong,
}

impl fmt::Display for QuantityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotDecimal => "expected a decimal number such as `12` or `0.5`",
            Self::Negative => "expected a number that is not negative",
            Self::NotDuration => "expected a number and a unit `m`, `h` or `d`, such as `1.5h`",
            Self::NotLikelihood => "expected a likelihood between 0 and 1",
            Self::TooLong => "expected a number of at most 40 digits with an exponent within ±40",
        })
    }
}

impl std::error::Error for QuantityError {}

/// Longest decimal accepted, in digits, and largest exponent: keeps exact arithmetic cheap.
const DIGITS_MAX: usize = 40;

/// Reads a decimal number exactly, with optional sign, fraction and exponent.
fn decimal(text: &str) -> Result<Exact, QuantityError> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent),
        None => (text, "0"),
    };
    let exponent: i32 = exponent.parse().map_err(|_why| QuantityError::NotDecimal)?;
    let (sign, digits) = match mantissa.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = whole
        .bytes()
        .chain(fraction.bytes())
        .all(|b| b.is_ascii_digit());
    if !plain || whole.is_empty() && fraction.is_empty() {
        return Err(QuantityError::NotDecimal);
    }
    if whole.len() + fraction.len() > DIGITS_MAX || exponent.unsigned_abs() > 40 {
        return Err(QuantityError::TooLong);
    }
    let numerator: BigInt = format!("{sign}{whole}{fraction}")
        .parse()
        .map_err(|_why| QuantityError::NotDecimal)?;
    let scale = exponent - i32::try_from(fraction.len()).map_err(|_why| QuantityError::TooLong)?;
    let power = BigInt::from(10).pow(scale.unsigned_abs());
    Ok(if scale >= 0 {
        Exact::from(numerator * power)
    } else {
        Exact::new(numerator, power)
    })
}

fn non_negative(text: &str) -> Result<Exact, QuantityError> {
    let value = decimal(text)?;
    if value.is_negative() {
        Err(QuantityError::Negative)
    } else {
        Ok(value)
    }
}

/// Rounds half up (half away from zero below zero) to `places` decimals and writes it plainly,
/// without trailing zeros.
fn rounded(value: &Exact, places: u32) -> String {
    let scale = BigInt::from(10).pow(places);
    let scaled = (value * Exact::from(scale.clone())).round().to_integer();
    let sign = if scaled.is_negative() { "-" } else { "" };
    let scaled = scaled.abs();
    let (whole, fraction) = (&scaled / &scale, &scaled % &scale);
    if fraction.is_zero() {
        return format!("{sign}{whole}");
    }
    let fraction = format!("{fraction:0>width$}", width = places as usize);
    format!("{sign}{whole}.{}", fraction.trim_end_matches('0'))
}

macro_rules! quantities {
    ($($(#[$doc:meta])* $name:ident, $places:literal;)*) => {$(
        $(#[$doc])*
        ///
        /// Copies share the number: an estate repeats a few amounts a million times.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<Exact>);

        impl $name {
            /// Nothing.
            pub fn zero() -> Self {
                Self::from_exact(Exact::zero())
            }

            /// Wraps an exact number.
            pub fn from_exact(value: Exact) -> Self {
                Self(Arc::new(value))
            }

            /// A whole number of units.
            pub fn from_units(units: i64) -> Self {
                Self::from_exact(Exact::from(BigInt::from(units)))
            }

            /// The exact number.
            pub fn exact(&self) -> &Exact {
                &self.0
            }

            /// The nearest floating-point number, for drawing only.
            pub fn to_f64(&self) -> f64 {
                self.0.to_f64().unwrap_or(f64::MAX)
            }

            /// Whether this is nothing.
            pub fn is_zero(&self) -> bool {
                self.0.is_zero()
            }

            /// Rounded half up for output, without trailing zeros: money to hundredths, times to
            /// thousandths.
            pub fn rounded(&self) -> String {
                rounded(&self.0, $places)
            }
        }

        impl ops::Add for &$name {
            type Output = $name;
            fn add(self, other: &$name) -> $name {
                $name::from_exact(&*self.0 + &*other.0)
            }
        }

        impl ops::AddAssign<&$name> for $name {
            fn add_assign(&mut self, other: &$name) {
                *self = &*self + other;
            }
        }

        impl<'a> Sum<&'a $name> for $name {
            fn sum<I: Iterator<Item = &'a $name>>(iter: I) -> $name {
                // Sums of fractions look for common divisors, which whole numbers, as most are, can do without.
                let (mut whole, mut parts) = (BigInt::zero(), Exact::zero());
                for item in iter {
                    if item.0.is_integer() {
                        whole += item.0.numer();
                    } else {
                        parts += &*item.0;
                    }
                }
                $name::from_exact(parts + whole)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.rounded())
            }
        }
    )*};
}

quantities! {
    /// An amount in the estate's currency.
    Money, 2;
    /// A time in hours.
    Hours, 3;
    /// A time in minutes.
    Minutes, 3;
}

impl Money {
    /// Reads an amount that is not negative, decimals exact.
    ///
    /// # Errors
    /// When the text is not a decimal number or is below zero.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        non_negative(text).map(Self::from_exact)
    }
}

impl Minutes {
    /// Reads minutes that are not negative, decimals exact.
    ///
    /// # Errors
    /// When the text is not a decimal number or is below zero.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        non_negative(text).map(Self::from_exact)
    }
}

impl Hours {
    /// Reads a duration: a decimal number and `m`, `h` or `d`.
    ///
    /// # Errors
    /// When the unit is missing or unknown, or the number is not decimal or below zero.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let (number, (numerator, denominator)) = if let Some(number) = text.strip_suffix('m') {
            (number, (1, 60))
        } else if let Some(number) = text.strip_suffix('h') {
            (number, (1, 1))
        } else if let Some(number) = text.strip_suffix('d') {
            (number, (24, 1))
        } else {
            return Err(QuantityError::NotDuration);
        };
        let factor = Exact::new(BigInt::from(numerator), BigInt::from(denominator));
        match non_negative(number) {
            Ok(value) => Ok(Self::from_exact(value * factor)),
            Err(QuantityError::NotDecimal) => Err(QuantityError::NotDuration),
            Err(other) => Err(other),
        }
    }
}

/// A probability between 0 and 1, exact as written. Copies share the number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Likelihood(Arc<Exact>);

impl Likelihood {
    /// Certainty.
    pub fn certain() -> Self {
        Self(Arc::new(Exact::from(BigInt::from(1))))
    }

    /// Reads a decimal number between 0 and 1.
    ///
    /// # Errors
    /// When the text is not a decimal number or lies outside.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let value = decimal(text)?;
        if value.is_negative() || value > Exact::from(BigInt::from(1)) {
            return Err(QuantityError::NotLikelihood);
        }
        Ok(Self(Arc::new(value)))
    }

    /// Both of two independent things.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self(Arc::new(&*self.0 * &*other.0))
    }

    /// The exact number.
    pub fn exact(&self) -> &Exact {
        &self.0
    }

    /// The nearest floating-point number.
    pub fn to_f64(&self) -> f64 {
        self.0.to_f64().unwrap_or(1.0)
    }
}

/// To ten-thousandths. Rounded half up, but what is neither certain nor impossible is never written
/// as 1 or 0.
impl fmt::Display for Likelihood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = rounded(&self.0, 4);
        let doubtful = !self.0.is_zero() && *self.0 < Exact::from(BigInt::from(1));
        f.pad(match text.as_str() {
            "1" if doubtful => "0.9999",
            "0" if doubtful => "0.0001",
            text => text,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Hours, Likelihood, Minutes, Money, QuantityError};

    #[test]
    fn decimals_are_exact() {
        let tenth = Money::parse("0.1").unwrap();
        let mut sum = Money::zero();
        for _ in 0..10 {
            sum += &tenth;
        }
        assert_eq!(sum, Money::from_units(1));
        assert_eq!(Money::parse("1.5e3").unwrap(), Money::from_units(1500));
    }

    #[test]
    fn money_is_rounded_half_up_on_output_only() {
        assert_eq!(Money::parse("0.005").unwrap().rounded(), "0.01");
        assert_eq!(Money::parse("0.00499").unwrap().rounded(), "0");
        assert_eq!(Money::parse("1234.50").unwrap().rounded(), "1234.5");
    }

    #[test]
    fn only_what_is_certain_or_impossible_is_written_as_1_or_0() {
        for (likelihood, expect) in [
            ("1", "1"),
            ("0.99998", "0.9999"),
            ("0.59049", "0.5905"),
            ("0.00001", "0.0001"),
            ("0", "0"),
        ] {
            assert_eq!(Likelihood::parse(likelihood).unwrap().to_string(), expect);
        }
    }

    #[test]
    fn durations_take_minutes_hours_and_days() {
        assert_eq!(Hours::parse("90m").unwrap(), Hours::parse("1.5h").unwrap());
        assert_eq!(Hours::parse("2d").unwrap(), Hours::from_units(48));
        assert_eq!(Hours::parse("5"), Err(QuantityError::NotDuration));
        assert_eq!(Hours::parse("-1h"), Err(QuantityError::Negative));
    }

    #[test]
    fn nonsense_is_refused_with_its_reason() {
        assert_eq!(Money::parse("ten"), Err(QuantityError::NotDecimal));
        assert_eq!(Money::parse("."), Err(QuantityError::NotDecimal));
        assert_eq!(Money::parse("1e99"), Err(QuantityError::TooLong));
        assert_eq!(Minutes::parse("-0.1"), Err(QuantityError::Negative));
        assert_eq!(Likelihood::parse("1.01"), Err(QuantityError::NotLikelihood));
    }
}
