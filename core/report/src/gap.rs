//! The lines of a time line: what happened, and the times between in which nothing was told.
//!
//! A time without detections is not a time without records: between two records of one incident it is
//! said how many were read meanwhile, and of its own logs which wrote nothing though they did before and after.
//! Only where no log wrote anything may one be missing. A log that fell silent while it should
//! have spoken is a line of its own.

use std::collections::{BTreeMap, BTreeSet};

use cordon_incident::IncidentId;
use cordon_model::Timestamp;
use jiff::SignedDuration;

use crate::{
    Reading, SilenceFacts, amount,
    record::{Record, name},
};

/// From this long on, a time in which nothing was told is said.
const GAP_FROM: SignedDuration = SignedDuration::from_hours(1);

/// Most silent logs named in a line.
const LOGS_MAX: usize = 4;

/// A time between two records of one incident in which nothing was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gap<'a> {
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
    pub(crate) incident: &'a IncidentId,
    meanwhile: Meanwhile<'a>,
}

/// What was read of the time.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Meanwhile<'a> {
    /// So many records of so many logs, and none of these, which wrote before and after.
    Records(u64, usize, Vec<&'a str>),
    /// Nobody wrote anything.
    Nothing,
    /// When records were written was not kept.
    Unknown,
}

impl Gap<'_> {
    /// Whether no log wrote anything.
    pub(crate) fn is_empty(&self) -> bool {
        self.meanwhile == Meanwhile::Nothing
    }

    /// What is to be said of it, in words.
    pub(crate) fn sentence(&self) -> String {
        let long = amount::lasting(self.until.duration_since(self.from).as_mins());
        match &self.meanwhile {
            Meanwhile::Records(records, logs, silent) => {
                let number = usize::try_from(*records).unwrap_or(usize::MAX);
                let read = amount::plural(number, "record", "records");
                let logs = amount::plural(*logs, "log", "logs");
                let silent = silent_words(silent);
                let were = if *records == 1 { "was" } else { "were" };
                format!("Nothing told for {long}; {read} of {logs} {were} read meanwhile{silent}")
            }
            Meanwhile::Nothing => {
                format!("No record of any log for {long}: nobody wrote, or logs are missing")
            }
            Meanwhile::Unknown => format!(
                "Nothing told for {long}; how many records there were meanwhile is not known"
            ),
        }
    }
}

fn silent_words(silent: &[&str]) -> String {
    let names: Vec<String> = silent.iter().take(LOGS_MAX).map(|log| name(log)).collect();
    match silent.len() {
        0 => String::new(),
        all if all > LOGS_MAX => format!(
            ", none of {} and {} more, though they wrote before and after",
            names.join(", "),
            all - LOGS_MAX
        ),
        1 => format!(
            ", none of {}, though it wrote before and after",
            names.join("")
        ),
        _ => format!(
            ", none of {}, though they wrote before and after",
            names.join(" and ")
        ),
    }
}

/// A log that wrote nothing for much longer than it usually does, while an incident went on that it tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Silent<'a> {
    pub(crate) silence: &'a SilenceFacts,
    pub(crate) incidents: Vec<&'a IncidentId>,
}

impl Silent<'_> {
    /// What is to be said of it, in words.
    pub(crate) fn sentence(&self) -> String {
        let silence = self.silence;
        let host = silence.host.as_ref();
        let host = host.map_or_else(String::new, |host| format!(" on {}", name(host)));
        let wrote = match silence.until {
            Some(until) => format!(
                "wrote nothing for {}",
                amount::lasting(until.duration_since(silence.from).as_mins())
            ),
            None => "wrote nothing from here on".to_owned(),
        };
        format!(
            "The log {}{host} {wrote}; it is usually quiet for {} at most",
            name(&silence.log),
            amount::lasting(silence.usual_minutes)
        )
    }
}

/// One line of a time line.
#[derive(Debug)]
pub(crate) enum Entry<'r, 'a> {
    /// Something that happened, with its number among the records, from 1.
    Happened(usize, &'r Record<'a>),
    /// Nothing told for long.
    Gap(Gap<'a>),
    /// A log fell silent.
    Silent(Silent<'a>),
}

impl Entry<'_, '_> {
    fn time(&self) -> Option<Timestamp> {
        match self {
            Self::Happened(_, record) => record.evidence.time,
            Self::Gap(gap) => Some(gap.from),
            Self::Silent(silent) => Some(silent.silence.from),
        }
    }
}

/// What is looked at of one incident on the way through the records.
#[derive(Debug, Default)]
struct Track<'a> {
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    logs: BTreeSet<&'a str>,
    hosts: BTreeSet<String>,
}

/// The lines of a time line: records, the times between those of one incident, and logs that fell silent.
/// A gap stands behind the record that it follows.
pub(crate) fn entries<'r, 'a>(
    records: &'r [Record<'a>],
    reading: &'a Reading,
) -> Vec<Entry<'r, 'a>> {
    let tracks = tracks(records);
    let mut last: BTreeMap<&IncidentId, Timestamp> = BTreeMap::new();
    let mut entries: Vec<Entry<'r, 'a>> = Vec::new();
    for (number, record) in (1..).zip(records) {
        entries.push(Entry::Happened(number, record));
        let Some(time) = record.evidence.time else {
            continue;
        };
        for incident in &record.incidents {
            let before = last.insert(incident, time);
            let long = before.filter(|before| time.duration_since(*before) >= GAP_FROM);
            if let (Some(from), Some(track)) = (long, tracks.get(incident)) {
                entries.push(Entry::Gap(Gap {
                    from,
                    until: time,
                    incident,
                    meanwhile: meanwhile(reading, (from, time), &track.logs),
                }));
            }
        }
    }
    entries.extend(silences(reading, &tracks).map(Entry::Silent));
    entries.sort_by_key(|entry| {
        let time = entry.time();
        (time.is_none(), time, !matches!(entry, Entry::Happened(..)))
    });
    entries
}

fn tracks<'a>(records: &[Record<'a>]) -> BTreeMap<&'a IncidentId, Track<'a>> {
    let mut tracks: BTreeMap<&IncidentId, Track<'_>> = BTreeMap::new();
    for record in records {
        for incident in &record.incidents {
            let track = tracks.entry(incident).or_default();
            let time = record.evidence.time;
            track.first = [track.first, time].into_iter().flatten().min();
            track.last = track.last.max(time);
            track.logs.insert(&record.evidence.source);
            let named = record.evidence.entities.iter();
            track
                .hosts
                .extend(named.map(|entity| entity.id.to_lowercase()));
        }
    }
    tracks
}

/// Logs that fell silent while an incident went on: those that it has records of, and machines that it names.
fn silences<'a>(
    reading: &'a Reading,
    tracks: &BTreeMap<&'a IncidentId, Track<'a>>,
) -> impl Iterator<Item = Silent<'a>> {
    reading.silences.iter().filter_map(|silence| {
        let is_its = |track: &Track<'_>| {
            let during = track
                .first
                .is_some_and(|first| silence.until.is_none_or(|u| u > first))
                && track.last.is_some_and(|last| silence.from < last);
            let host = silence.host.as_ref();
            let named = host.is_none_or(|host| track.hosts.contains(&host.to_lowercase()));
            during && named && track.logs.contains(silence.log.as_str())
        };
        let concerned = tracks.iter().filter(|(_, track)| is_its(track));
        let incidents: Vec<&IncidentId> = concerned.map(|(id, _)| *id).collect();
        (!incidents.is_empty()).then_some(Silent { silence, incidents })
    })
}

/// What was read of the whole minutes between two points in time.
fn meanwhile<'a>(
    reading: &Reading,
    (from, until): (Timestamp, Timestamp),
    logs: &BTreeSet<&'a str>,
) -> Meanwhile<'a> {
    let minute = |time: Timestamp| time.as_second().div_euclid(60);
    let (first, last) = (minute(from) + 1, minute(until) - 1);
    let known = reading
        .activity
        .iter()
        .all(|log| log.known_from.is_none_or(|known| known <= from));
    if reading.activity.is_empty() || !known {
        return Meanwhile::Unknown;
    }
    let (mut records, mut wrote, mut silent) = (0_u64, 0_usize, Vec::new());
    for log in &reading.activity {
        let before = log
            .minutes
            .partition_point(|(time, _)| minute(*time) < first);
        let within = log.minutes.iter().skip(before);
        let within: u64 = within
            .take_while(|(time, _)| minute(*time) <= last)
            .map(|(_, n)| n)
            .sum();
        records += within;
        wrote += usize::from(within > 0);
        let after = log
            .minutes
            .last()
            .is_some_and(|(time, _)| minute(*time) > last);
        if within == 0 && before > 0 && after {
            silent.extend(logs.get(log.log.as_str()));
        }
    }
    if records == 0 {
        Meanwhile::Nothing
    } else {
        Meanwhile::Records(records, wrote, silent)
    }
}

#[cfg(test)]
mod tests;
