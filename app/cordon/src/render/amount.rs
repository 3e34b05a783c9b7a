//! Figures as people read them; money is written as everywhere, by `cordon_report::money`.

use cordon_model::{Hours, Minutes};

/// Minutes, or a question mark where they are unknown.
pub(crate) fn minutes(minutes: Option<&Minutes>) -> String {
    minutes.map_or_else(|| "?".to_owned(), Minutes::rounded)
}

/// Beyond it days are easier to grasp than hours.
const WEEK_HOURS: f64 = 168.0;

/// Hours with their unit; beyond a week in days.
pub(crate) fn hours(hours: &Hours) -> String {
    if hours.to_f64() > WEEK_HOURS {
        return cordon_report::hours(hours);
    }
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
    let ending = match number {
        1 => "",
        _ if noun.ends_with("ch") => "es",
        _ => "s",
    };
    format!("{number} {noun}{ending}")
}

#[cfg(test)]
mod tests {
    use cordon_model::Hours;

    use super::hours;

    #[test]
    fn hours_beyond_a_week_are_days() {
        let cases = [
            ("30m", "0.5 h"),
            ("72h", "72 h"),
            ("7d", "168 h"),
            ("84149.967h", "3506 days 5 h"),
        ];
        for (length, expect) in cases {
            assert_eq!(hours(&Hours::parse(length).unwrap()), expect);
        }
    }
}
