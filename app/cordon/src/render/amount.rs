//! Figures as people read them.

use cordon_model::{Hours, Minutes, Money};

/// Money with thousands set apart: `1,234,567.5`.
pub(crate) fn money(amount: &Money) -> String {
    let text = amount.rounded();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let (sign, digits) = whole
        .strip_prefix('-')
        .map_or(("", whole), |digits| ("-", digits));
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if fraction.is_empty() {
        format!("{sign}{grouped}")
    } else {
        format!("{sign}{grouped}.{fraction}")
    }
}

/// Minutes, or a question mark where they are unknown.
pub(crate) fn minutes(minutes: Option<&Minutes>) -> String {
    minutes.map_or_else(|| "?".to_owned(), Minutes::rounded)
}

/// Hours with their unit.
pub(crate) fn hours(hours: &Hours) -> String {
    format!("{} h", hours.rounded())
}

/// How often, where it is more than once.
pub(crate) fn many(times: usize) -> String {
    if times > 1 {
        format!("×{times}")
    } else {
        String::new()
    }
}

/// A number and its noun, in the plural where it is not one.
pub(crate) fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use cordon_model::Money;

    use super::money;

    #[test]
    fn thousands_stand_apart() {
        let cases = [
            ("0", "0"),
            ("999", "999"),
            ("1000", "1,000"),
            ("1234567.50", "1,234,567.5"),
            ("100000", "100,000"),
        ];
        for (text, expect) in cases {
            assert_eq!(money(&Money::parse(text).unwrap()), expect);
        }
    }
}
