//! Lengths of time as people type them: `90s`, `15m`, `2h30m`, `7d`, with a sign where one is meant.

use jiff::SignedDuration;

/// A length of time with or without a sign.
///
/// # Errors
/// In words, when it is none.
pub(crate) fn signed(text: &str) -> Result<SignedDuration, String> {
    let (negative, rest) = match text.strip_prefix(['+', '-']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text),
    };
    let length = unsigned(rest).ok_or_else(|| wrong(text))?;
    Ok(if negative { -length } else { length })
}

/// A length of time that is not negative.
///
/// # Errors
/// In words, when it is none.
pub(crate) fn positive(text: &str) -> Result<SignedDuration, String> {
    unsigned(text).ok_or_else(|| wrong(text))
}

fn wrong(text: &str) -> String {
    format!("expected a number and s, m, h or d, such as 90s, 15m, 2h30m or 7d, found `{text}`")
}

fn unsigned(text: &str) -> Option<SignedDuration> {
    let mut total = SignedDuration::ZERO;
    let mut rest = text;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = rest.split_at_checked(digits)?;
        let seconds = match after.chars().next()? {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            _ => return None,
        };
        let number: i64 = number.parse().ok()?;
        let part = SignedDuration::from_secs(number.checked_mul(seconds)?);
        total = total.checked_add(part)?;
        rest = after.get(1..)?;
    }
    Some(total)
}

/// A length of time in the same words: `+2h30m`.
pub(crate) fn words(length: SignedDuration) -> String {
    let sign = if length.is_negative() { '-' } else { '+' };
    let mut seconds = length.as_secs().unsigned_abs();
    let mut words = String::from(sign);
    for (unit, size) in [('d', 86_400), ('h', 3600), ('m', 60), ('s', 1)] {
        let count = seconds / size;
        seconds %= size;
        if count > 0 {
            words.push_str(&count.to_string());
            words.push(unit);
        }
    }
    if words.len() == 1 {
        words.push_str("0s");
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{positive, signed, words};

    #[test]
    fn lengths_are_read_and_said_alike() {
        for (text, seconds, said) in [
            ("90s", 90, "+1m30s"),
            ("+3h", 10_800, "+3h"),
            ("-2h30m", -9000, "-2h30m"),
            ("7d", 604_800, "+7d"),
            ("0s", 0, "+0s"),
        ] {
            let length = signed(text).unwrap();
            assert_eq!(
                (length.as_secs(), words(length)),
                (seconds, said.to_owned())
            );
        }
        for text in [
            "",
            "3",
            "h",
            "3w",
            "3h5",
            "--3h",
            "9999999999999999999d",
            "3µs",
            "1.5h",
        ] {
            assert!(signed(text).is_err(), "{text}");
        }
        assert!(positive("-3h").is_err());
    }
}
