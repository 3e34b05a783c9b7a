//! Quantities as people read them.

use cordon_model::{Hours, Minutes, Money};

/// Money with its currency's sign and thousands apart: `£1,234`, `€0.50`, `SEK 1,234`.
///
/// Rounded half up to hundredths; either no decimals or two.
pub fn money(money: &Money, currency: &str) -> String {
    let rounded = money.rounded();
    let (sign, digits) = match rounded.strip_prefix('-') {
        Some(digits) => ("−", digits),
        None => ("", rounded.as_str()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction = match fraction.len() {
        0 => String::new(),
        1 => format!(".{fraction}0"),
        _ => format!(".{fraction}"),
    };
    format!("{sign}{}{}{fraction}", prefix(currency), grouped(whole))
}

/// Money in at most four digits, for figures: `£950`, `£12.3k`, `£1.23m`, `£4.5bn`.
pub(crate) fn brief_money(money: &Money, currency: &str) -> String {
    format!("{}{}", prefix(currency), brief(money.to_f64()))
}

/// A count with thousands apart.
pub(crate) fn count(number: impl std::fmt::Display + Copy) -> String {
    grouped(&number.to_string())
}

/// A length of time: `35 min`, `1 h 35 min`, `24 h`, `3 days 4 h`.
pub(crate) fn minutes(minutes: &Minutes) -> String {
    spoken(minutes.to_f64())
}

/// A length of time, as [`minutes`].
pub fn hours(hours: &Hours) -> String {
    spoken(hours.to_f64() * 60.0)
}

/// A length of time in whole minutes, in words.
pub fn lasting(whole: i64) -> String {
    minutes(&Minutes::from_units(whole))
}

/// `1 step`, `2 steps`.
pub(crate) fn plural(number: usize, one: &str, many: &str) -> String {
    let word = if number == 1 { one } else { many };
    format!("{} {word}", count(number))
}

fn prefix(currency: &str) -> String {
    match currency {
        "GBP" => "£".to_owned(),
        "EUR" => "€".to_owned(),
        "USD" => "$".to_owned(),
        other => format!("{other}\u{a0}"),
    }
}

fn grouped(digits: &str) -> String {
    let mut shown = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

fn brief(value: f64) -> String {
    let (scaled, unit) = match value {
        v if v < 999.5 => return three_digits(v),
        v if v < 999_500.0 => (v / 1e3, "k"),
        v if v < 999_500_000.0 => (v / 1e6, "m"),
        v => (v / 1e9, "bn"),
    };
    three_digits(scaled) + unit
}

/// Three significant digits at most, without zeros that say nothing.
fn three_digits(value: f64) -> String {
    let text = if value >= 99.95 {
        return format!("{value:.0}");
    } else if value >= 9.995 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    };
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn spoken(minutes: f64) -> String {
    const HOUR: f64 = 60.0;
    const DAY: f64 = 24.0 * HOUR;
    if minutes < 1.0 && minutes > 0.0 {
        return "under a minute".to_owned();
    }
    let whole = minutes.round();
    if whole < HOUR {
        return format!("{whole} min");
    }
    if whole >= 3.0 * DAY {
        let (days, hours) = ((whole / DAY).floor(), (whole % DAY / HOUR).floor());
        return match hours {
            0.0 => format!("{days} days"),
            hours => format!("{days} days {hours} h"),
        };
    }
    let (hours, rest) = ((whole / HOUR).floor(), whole % HOUR);
    if rest == 0.0 {
        format!("{hours} h")
    } else {
        format!("{hours} h {rest} min")
    }
}

#[cfg(test)]
mod tests {
    use cordon_model::{Hours, Money};

    use super::{brief_money, hours, money};

    #[test]
    fn money_shows_its_sign_its_thousands_and_no_idle_decimals() {
        for (amount, currency, expect) in [
            ("0", "GBP", "£0"),
            ("999", "GBP", "£999"),
            ("1234", "GBP", "£1,234"),
            ("1234567.5", "EUR", "€1,234,567.50"),
            ("0.005", "USD", "$0.01"),
            ("1000", "SEK", "SEK\u{a0}1,000"),
        ] {
            assert_eq!(money(&Money::parse(amount).unwrap(), currency), expect);
        }
        assert_eq!(money(&Money::from_units(-5000), "GBP"), "−£5,000");
    }

    #[test]
    fn figures_are_brief() {
        for (amount, expect) in [
            ("0", "£0"),
            ("999.4", "£999"),
            ("999.6", "£1k"),
            ("12345", "£12.3k"),
            ("999600", "£1m"),
            ("3000000", "£3m"),
            ("1234000000", "£1.23bn"),
        ] {
            assert_eq!(brief_money(&Money::parse(amount).unwrap(), "GBP"), expect);
        }
    }

    #[test]
    fn times_are_spoken() {
        for (time, expect) in [
            ("0m", "0 min"),
            ("0.5m", "under a minute"),
            ("95m", "1 h 35 min"),
            ("24h", "24 h"),
            ("7d", "7 days"),
            ("73h", "3 days 1 h"),
        ] {
            assert_eq!(hours(&Hours::parse(time).unwrap()), expect);
        }
    }
}
