//! How much of what was read any rule is for: that nothing was found says nothing of the rest.

use crate::{Reading, amount, record::name};

/// Most logs named that no rule is for.
const LOGS_MAX: usize = 4;

/// One sentence; none if nothing was read.
pub fn looked_at(reading: &Reading) -> Option<String> {
    let number = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    let all: u64 = reading.logs.iter().map(|log| log.events).sum();
    if all == 0 {
        return None;
    }
    let seen: u64 = reading
        .logs
        .iter()
        .map(|log| log.looked_at.min(log.events))
        .sum();
    let events = amount::plural(number(all), "event", "events");
    let unread = reading.logs.iter().filter(|log| log.looked_at == 0);
    let mut unread: Vec<_> = unread
        .map(|log| (std::cmp::Reverse(log.events), log.kind.as_str()))
        .collect();
    unread.sort_unstable();
    let named = unread
        .iter()
        .take(LOGS_MAX)
        .map(|(events, log)| format!("{} ({})", name(log), amount::count(events.0)));
    let named: Vec<String> = named.collect();
    let more = match unread.len().saturating_sub(LOGS_MAX) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let first = if seen == all {
        format!("A rule is for the kind of each of the {events}.")
    } else {
        format!(
            "Of the {events}, {} are of a kind that some rule is for.",
            amount::count(seen)
        )
    };
    Some(if named.is_empty() {
        first
    } else {
        format!("{first} No rule at all is for {}{more}.", named.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::looked_at;
    use crate::{LogFacts, Reading};

    fn check(logs: &[(&str, u64, u64)], expect: Option<&str>) {
        let logs = logs.iter().map(|(kind, events, looked_at)| LogFacts {
            kind: (*kind).to_owned(),
            events: *events,
            looked_at: *looked_at,
            hosts: 0,
            first: None,
            last: None,
        });
        let reading = Reading {
            logs: logs.collect(),
            ..Reading::default()
        };
        assert_eq!(looked_at(&reading).as_deref(), expect);
    }

    #[test]
    fn it_is_said_how_much_no_rule_is_for() {
        check(&[], None);
        check(
            &[("okta", 3, 3)],
            Some("A rule is for the kind of each of the 3 events."),
        );
        check(
            &[("okta", 3, 3), ("windows/application", 7, 0)],
            Some(
                "Of the 10 events, 3 are of a kind that some rule is for. No rule at all is for windows/application (7).",
            ),
        );
        check(
            &[("unknown", 1, 0)],
            Some(
                "Of the 1 event, 0 are of a kind that some rule is for. No rule at all is for unknown (1).",
            ),
        );
    }
}
