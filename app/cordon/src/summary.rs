//! What was read, said beside the results: which logs there were and when, which fell silent, what came twice, what
//! was left out, what was declared.

use cordon_report::{LogFacts, Reading, SilenceFacts, lasting};
use jiff::{Timestamp, Unit};

use crate::{console::Console, render::counted};

/// Most kinds of log told one by one.
const LOGS_MAX: usize = 16;

/// Most silent sources told one by one.
const SILENCES_MAX: usize = 8;

/// Remarks all of it.
pub(crate) fn remark_summary(reading: &Reading, console: &Console) {
    for line in lines(reading) {
        console.remark(&format!("  {line}"));
    }
}

fn lines(reading: &Reading) -> Vec<String> {
    let mut lines = Vec::new();
    let mut logs: Vec<&LogFacts> = reading.logs.iter().collect();
    logs.sort_by_key(|log| std::cmp::Reverse(log.events));
    lines.extend(logs.iter().take(LOGS_MAX).map(|log| of_log(log)));
    if logs.len() > LOGS_MAX {
        let more = counted(logs.len() - LOGS_MAX, "kind");
        lines.push(format!("and {more} of log more; --summary has all"));
    }
    if reading.outside > 0 {
        let events = events(reading.outside);
        lines.push(format!(
            "left out: {events} from before or after the time asked for"
        ));
    }
    match reading.repeated {
        Some(0) => {}
        Some(count) => lines.push(format!(
            "repeated: {} came before under the same id, or with the same bytes",
            events(count)
        )),
        None => lines.push("repeated: not looked for, there were too many events".to_owned()),
    }
    for clock in &reading.clocks {
        let files = usize::try_from(clock.files).unwrap_or(usize::MAX);
        lines.push(if files == 0 {
            format!("declared: {} fits no log", clock.pattern)
        } else {
            let logs = counted(files, "log");
            format!("declared: {} ({logs}): {}", clock.pattern, clock.declared)
        });
    }
    lines.extend(silences(&reading.silences));
    lines
}

fn of_log(log: &LogFacts) -> String {
    let machines = match log.hosts {
        0 => String::new(),
        hosts => format!(
            " of {}",
            counted(usize::try_from(hosts).unwrap_or(usize::MAX), "machine")
        ),
    };
    let span = match (log.first, log.last) {
        (Some(first), Some(last)) => format!(", {} to {}", minute(first), minute(last)),
        (_, _) => String::new(),
    };
    format!("{}: {}{machines}{span}", log.kind, events(log.events))
}

fn events(count: u64) -> String {
    counted(usize::try_from(count).unwrap_or(usize::MAX), "event")
}

/// Whole logs first, and of machines those that are silent still and longest.
fn silences(silences: &[SilenceFacts]) -> Vec<String> {
    let mut told: Vec<&SilenceFacts> = silences.iter().collect();
    told.sort_by_key(|silence| {
        (
            silence.host.is_some(),
            silence.until.is_some(),
            silence.from,
        )
    });
    let beyond = told.len().saturating_sub(SILENCES_MAX);
    let mut lines: Vec<String> = told
        .iter()
        .take(SILENCES_MAX)
        .map(|one| of_silence(one))
        .collect();
    if beyond > 0 {
        let more = counted(beyond, "silence");
        lines.push(format!("and {more} more; --summary has all"));
    }
    lines
}

fn of_silence(silence: &SilenceFacts) -> String {
    let host = match &silence.host {
        Some(host) => format!(" on {host}"),
        None => String::new(),
    };
    let span = match silence.until {
        Some(until) => format!("from {} to {}", minute(silence.from), minute(until)),
        None => format!("since {}", minute(silence.from)),
    };
    format!(
        "silent: {}{host} {span}; usually quiet for {} at most, silent from {} on",
        silence.log,
        lasting(silence.usual_minutes),
        lasting(silence.silence_minutes)
    )
}

/// A moment to the minute, in UTC.
fn minute(time: Timestamp) -> String {
    let time = time.round(Unit::Minute).unwrap_or(time);
    let text = time.to_string();
    text.get(..16)
        .map_or(text.clone(), |minute| format!("{minute}Z"))
}

#[cfg(test)]
mod tests {
    use cordon_report::{ClockFacts, LogFacts, Reading, SilenceFacts};

    use super::lines;

    #[test]
    fn what_was_read_is_said_in_lines() {
        let at = |text: &str| text.parse().unwrap();
        let silence = |host: Option<&str>, until: Option<&str>| SilenceFacts {
            log: "okta".to_owned(),
            host: host.map(str::to_owned),
            from: at("2025-04-22T10:00:00Z"),
            until: until.map(at),
            usual_minutes: 2,
            silence_minutes: 30,
        };
        let clock = |pattern: &str, files| ClockFacts {
            pattern: pattern.to_owned(),
            declared: "clock 3h ahead".to_owned(),
            files,
        };
        let reading = Reading {
            logs: vec![LogFacts {
                kind: "okta".to_owned(),
                events: 1,
                looked_at: 1,
                hosts: 2,
                first: Some(at("2025-04-22T00:00:00Z")),
                last: Some(at("2025-04-22T23:59:00Z")),
            }],
            silences: vec![
                silence(Some("dc1"), None),
                silence(None, Some("2025-04-22T11:00:00Z")),
            ],
            clocks: vec![clock("fw*", 2), clock("x", 0)],
            repeated: Some(3),
            outside: 4,
            ..Reading::default()
        };
        insta::assert_snapshot!(lines(&reading).join("\n"), @r"
        okta: 1 event of 2 machines, 2025-04-22T00:00Z to 2025-04-22T23:59Z
        left out: 4 events from before or after the time asked for
        repeated: 3 events came before under the same id, or with the same bytes
        declared: fw* (2 logs): clock 3h ahead
        declared: x fits no log
        silent: okta from 2025-04-22T10:00Z to 2025-04-22T11:00Z; usually quiet for 2 min at most, silent from 30 min on
        silent: okta on dc1 since 2025-04-22T10:00Z; usually quiet for 2 min at most, silent from 30 min on
        ");
    }
}
