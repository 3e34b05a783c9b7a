//! The header of a line: priority, time, host, program.
//!
//! Three layouts: RFC 5424; RFC 3164 with its time without a year, or with an RFC 3339 time as
//! rsyslog and `ESXi` write it; and the files on an `ESXi` host itself, which have a level where others
//! have the host. What does not fit stays in the message.

use jiff::civil;
use memchr::{memchr, memrchr};

use super::{
    FACILITIES, SEVERITIES,
    words::{around_sign, first_word, is_in, table, trimmed},
};
use crate::{
    Degradation, Hints,
    time::{self, When, Zoneless},
};

/// A line taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header<'l> {
    pub(crate) priority: Option<u8>,
    pub(crate) when: Result<When, Degradation>,
    pub(crate) host: Option<&'l str>,
    pub(crate) app: Option<&'l str>,
    pub(crate) pid: Option<&'l str>,
    pub(crate) msgid: Option<&'l str>,
    /// RFC 5424's structured data, brackets included.
    pub(crate) structured: &'l str,
    pub(crate) message: &'l str,
}

impl<'l> Header<'l> {
    const fn bare(message: &'l str) -> Self {
        Self {
            priority: None,
            when: Err(Degradation::TimeMissing),
            host: None,
            app: None,
            pid: None,
            msgid: None,
            structured: "",
            message,
        }
    }

    /// Whether the line has no header at all.
    pub(crate) const fn is_bare(&self) -> bool {
        self.priority.is_none() && self.when.is_err() && self.app.is_none()
    }

    pub(crate) fn facility(&self) -> Option<&'static str> {
        let facility = usize::from(self.priority? / 8);
        FACILITIES.get(facility).copied()
    }

    pub(crate) fn severity(&self) -> Option<&'static str> {
        let severity = usize::from(self.priority? % 8);
        SEVERITIES.get(severity).copied()
    }
}

/// Takes a line apart.
pub(crate) fn parse<'l>(line: &'l str, hints: &Hints) -> Header<'l> {
    let (priority, rest) = priority(line);
    let header = match rest.strip_prefix("1 ").filter(|_| priority.is_some()) {
        Some(rest) => of_5424(rest, hints).unwrap_or_else(|| of_3164(rest, hints)),
        None => of_3164(rest, hints),
    };
    Header {
        priority: priority.or(header.priority),
        ..header
    }
}

fn priority(line: &str) -> (Option<u8>, &str) {
    let parsed = line.strip_prefix('<').and_then(|rest| {
        // Three digits, which are not worth a search.
        let end = rest.bytes().take(8).position(|b| b == b'>')?;
        let (number, rest) = (rest.get(..end)?, rest.get(end + 1..)?);
        let number: u8 = number.parse().ok().filter(|n| *n <= 191)?;
        Some((Some(number), rest.trim_ascii_start()))
    });
    parsed.unwrap_or((None, line))
}

/// The longest a word of the header may be, in bytes: RFC 5424's limit for host names.
const WORD_BYTES_MAX: usize = 255;

fn of_5424<'l>(rest: &'l str, hints: &Hints) -> Option<Header<'l>> {
    let mut rest = Some(rest);
    let mut word = || {
        let (word, after) =
            first_word(rest?).map_or((rest?, None), |(word, after)| (word, Some(after)));
        rest = after;
        (word.len() <= WORD_BYTES_MAX).then_some(word)
    };
    let (time, host, app, pid, msgid) = (word()?, word()?, word()?, word()?, word()?);
    let rest = rest.unwrap_or("-");
    // Many senders write a `1` and then whatever they like.
    let is_tag = app.ends_with(':') || app.contains('|');
    if is_tag || !rest.starts_with(['-', '[']) {
        return None;
    }
    let when = match time {
        "-" => Err(Degradation::TimeMissing),
        time => time::of_text(time, Zoneless::Local, hints).ok_or(Degradation::TimeUnreadable),
    };
    if time != "-" && when.is_err() && !time.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (structured, message) = structured(rest);
    let given = |word: &'l str| Some(word).filter(|word| *word != "-");
    Some(Header {
        priority: None,
        when,
        host: given(host),
        app: given(app),
        pid: given(pid),
        msgid: given(msgid),
        structured,
        message: trimmed(trimmed(message).trim_start_matches('\u{feff}')),
    })
}

/// Structured data and what follows it.
fn structured(rest: &str) -> (&str, &str) {
    if let Some(message) = rest.strip_prefix('-') {
        return ("", message);
    }
    let mut quoted = false;
    let mut escaped = false;
    let mut depth = 0_u32;
    for (at, c) in rest.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth = depth.saturating_sub(1),
            ' ' if !quoted && depth == 0 => return rest.split_at(at),
            _ => {}
        }
    }
    if rest.starts_with('[') && depth == 0 && !quoted {
        (rest, "")
    } else {
        ("", rest)
    }
}

fn of_3164<'l>(rest: &'l str, hints: &Hints) -> Header<'l> {
    let Some((when, after)) = leading_time(rest, hints) else {
        return tagged(Header::bare(rest));
    };
    let (priority, after) = spelled_priority(after);
    let (word, after_word) = first_word(after).unwrap_or((after, ""));
    let timed = Header {
        when: Ok(when),
        priority,
        ..Header::bare(after)
    };
    if is_peer(word) {
        // A program's own log, which names no host: what looks like a tag is the other end of a connection.
        return timed;
    }
    if is_level(word) {
        // A file on the host itself: level and program, no host.
        let header = tagged(Header {
            message: after_word.trim_ascii_start(),
            ..timed
        });
        return header;
    }
    let is_other = |b: u8| matches!(b, b'[' | b'=' | b',' | b'"');
    // Looked at without an early end, many together.
    let has_other = word.bytes().fold(false, |any, b| any | is_other(b));
    let is_host = !word.is_empty() && !word.ends_with(':') && !has_other;
    if is_host && !after_word.is_empty() {
        return tagged(Header {
            host: Some(word),
            message: after_word.trim_ascii_start(),
            ..timed
        });
    }
    tagged(timed)
}

/// `<local0.info>`, as a BSD machine's own files have it behind the time.
fn spelled_priority(text: &str) -> (Option<u8>, &str) {
    let parted = text.strip_prefix('<').and_then(|rest| {
        let (words, rest) = rest.split_once("> ")?;
        let (facility, severity) = words.split_once('.')?;
        let at = |all: &[&str], word| all.iter().position(|known| *known == word);
        let severity = match severity {
            "warn" => "warning",
            "error" => "err",
            word => word,
        };
        let (facility, severity) = (at(&FACILITIES, facility)?, at(&SEVERITIES, severity)?);
        Some((u8::try_from(facility * 8 + severity).ok(), rest))
    });
    parted.unwrap_or((None, text))
}

/// `ADDRESS:PORT`, with or without a name and a slash before it.
pub(super) fn is_peer(word: &str) -> bool {
    let bytes = word.as_bytes();
    let is_ported = bytes.last().is_some_and(u8::is_ascii_digit) && memchr(b':', bytes).is_some();
    let place = || word.rsplit_once('/').map_or(word, |(_, place)| place);
    is_ported && place().parse::<std::net::SocketAddr>().is_ok()
}

/// The levels of `ESXi`'s own files: words before version 8, abbreviations with a priority since.
fn is_level(word: &str) -> bool {
    const WORDS: [&str; 8] = [
        "info", "warning", "error", "verbose", "trivia", "panic", "debug", "notice",
    ];
    const SHORT: [&str; 8] = ["In", "Wa", "Er", "Db", "No", "Cr", "Al", "Em"];
    let is_short = || {
        let short = around_sign(word, b'(');
        short.is_some_and(|(short, _)| SHORT.contains(&short))
    };
    WORDS.contains(&word) || word.ends_with(')') && is_short()
}

/// The time a line begins with, and what follows it.
fn leading_time<'l>(line: &'l str, hints: &Hints) -> Option<(When, &'l str)> {
    if line.starts_with(|c: char| c.is_ascii_digit()) {
        let (word, rest) = first_word(line)?;
        if word.len() >= 19 {
            // ESXi 7 puts a colon after the time of some files.
            let time = word.strip_suffix(':').unwrap_or(word);
            let when = time::of_text(time, Zoneless::Local, hints)?;
            return Some((when, rest.trim_ascii_start()));
        }
        let (date_and_time, rest) = line.split_at_checked(19)?;
        let when = time::of_text(date_and_time, Zoneless::Local, hints)?;
        return Some((when, rest.trim_ascii_start()));
    }
    if let Some(known) = classic_time(line, hints).or_else(|| time_of_c(line, hints)) {
        return Some(known);
    }
    // With a year, as Cisco's devices write it.
    if let Some((head, rest)) = line.split_at_checked(20)
        && let Some(rest) = rest.strip_prefix(' ')
        && let Some(when) = time::of_named_day(head, Zoneless::Local, hints)
    {
        return Some((when, rest.trim_ascii_start()));
    }
    let mut rest = line;
    let mut word = || {
        let (word, after) = first_word(rest.trim_ascii_start())?;
        rest = after;
        Some(word)
    };
    let month = time::month(word()?)?;
    let day: i8 = word()?.parse().ok()?;
    let third = word()?;
    if let Ok(year) = third.parse::<i16>() {
        let date = civil::Date::new(year, month, day).ok()?;
        let clock = time::time_of_day(word()?.trim_end_matches(':'))?;
        let local = date.to_datetime(clock);
        let when = time::at_zone(local, Zoneless::Local, hints)?;
        return Some((when, rest.trim_ascii_start()));
    }
    let clock = time::time_of_day(third.trim_end_matches(':'))?;
    let when = time::without_year(month, day, clock, hints)?;
    Some((when, rest.trim_ascii_start()))
}

/// `Apr 17 10:00:00`, with nothing but that many signs.
fn classic_time<'l>(line: &'l str, hints: &Hints) -> Option<(When, &'l str)> {
    if let Some((head, rest)) = line.split_at_checked(15)
        && let Some(rest) = rest.strip_prefix(' ')
        && let Some(when) = time::of_named_day_without_year(head, hints)
    {
        return Some((when, rest.trim_ascii_start()));
    }
    let (month, rest) = line.split_at_checked(3)?;
    let (day, rest) = rest.strip_prefix(' ')?.split_at_checked(2)?;
    let (clock, rest) = rest.strip_prefix(' ')?.split_at_checked(8)?;
    let day = day.strip_prefix(' ').unwrap_or(day).parse().ok()?;
    let rest = rest.strip_prefix(' ')?.trim_ascii_start();
    // A year may stand there as well.
    let clock = Some(clock).filter(|clock| clock.get(2..3) == Some(":"))?;
    let (month, clock) = (time::month(month)?, time::time_of_day(clock)?);
    Some((time::without_year(month, day, clock, hints)?, rest))
}

/// `Fri Apr 17 10:00:00 2026`, as C spells a time.
fn time_of_c<'l>(line: &'l str, hints: &Hints) -> Option<(When, &'l str)> {
    const DAYS: [&str; 7] = ["Mon ", "Tue ", "Wed ", "Thu ", "Fri ", "Sat ", "Sun "];
    let mut rest = DAYS.iter().find_map(|day| line.strip_prefix(day))?;
    let mut word = || {
        let (word, after) = first_word(rest.trim_ascii_start())?;
        rest = after;
        Some(word)
    };
    let (month, day) = (time::month(word()?)?, word()?.parse().ok()?);
    let (clock, year) = (time::time_of_day(word()?)?, word()?);
    let year = Some(year).filter(|year| year.len() == 4)?.parse().ok()?;
    let date = civil::Date::new(year, month, day).ok()?;
    let when = time::at_zone(date.to_datetime(clock), Zoneless::Local, hints)?;
    Some((when, rest.trim_ascii_start()))
}

/// What names of programs are made of.
const NAME: [bool; 256] =
    table(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./");

/// Takes `program[pid]:` off the message, if it begins with that.
fn tagged(header: Header<'_>) -> Header<'_> {
    let text = header.message;
    let end = text.bytes().position(|b| !is_in(&NAME, b));
    let end = end.unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    let is_word = name.bytes().any(|b| b.is_ascii_alphabetic());
    if !is_word || name.len() > WORD_BYTES_MAX {
        return header;
    }
    let numbered = rest.strip_prefix('[');
    let (pid, rest) = match numbered.and_then(|rest| around_sign(rest, b']')) {
        Some((pid, rest)) if pid.len() <= 16 && !pid.contains(' ') => (Some(pid), rest),
        Some(_) | None => (None, rest),
    };
    let message = match (rest.strip_prefix(':'), pid) {
        (Some(message), _) => message,
        // ESXi's own files have no colon, but always a number.
        (None, Some(_)) if rest.starts_with(' ') => rest,
        (None, _) => return header,
    };
    let path = memrchr(b'/', name.as_bytes());
    let name = path.and_then(|at| name.get(at + 1..)).unwrap_or(name);
    Header {
        app: Some(name),
        pid,
        message: trimmed(message),
        ..header
    }
}
