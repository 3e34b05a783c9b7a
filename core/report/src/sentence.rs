//! What happened, in words, from a record's own fields and the parts that entities play in it.
//!
//! Windows and Sysmon number what happened, clouds name it (as the field maps find), appliances write a sentence: tables turn the
//! first two into words, and the third are told as the log has them, in quotes. What no table knows is
//! told in the log's own words too, never guessed. Invariant: every text from a record is clipped
//! and made harmless. *Absent*: what a rule makes of it.

mod vendor;
mod windows;

use cordon_model::{Entity, EntityKind, Evidence, Item, Record, Role};

use crate::{record::name, visible::clipped};

/// Longest text of a record that is quoted in a sentence, in characters.
const QUOTED_CHARS_MAX: usize = 160;

/// Most entities named of one part.
const NAMES_MAX: usize = 4;

/// Where whom it was done to goes in a phrase.
const WHOM: &str = "{}";

/// What was done, in words that fit whoever did it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Phrase {
    /// Who did it, if that is no entity of the record: a program, a log.
    subject: Option<String>,
    /// What follows the name of whoever did it; `{}` stands for whom it was done to.
    words: String,
    /// How it ended, if the record says so apart.
    result: Option<String>,
}

impl Phrase {
    fn plain(words: impl Into<String>) -> Self {
        Self {
            subject: None,
            words: words.into(),
            result: None,
        }
    }

    fn by(subject: String, words: impl Into<String>) -> Self {
        Self {
            subject: Some(subject),
            ..Self::plain(words)
        }
    }
}

/// One sentence: who did what to whom, where, whence, with what and with which result.
pub(crate) fn sentence(evidence: &Evidence) -> String {
    let fields = Fields(&evidence.fields);
    let source = &*evidence.source;
    let told = match source.split('/').next() {
        Some("windows") => windows::phrase(source, fields),
        Some(_) | None => None,
    };
    let told = told.unwrap_or_else(|| vendor::phrase(source, &evidence.deed, fields));
    of_all(&told, &evidence.entities)
}

fn of_all(told: &Phrase, entities: &[Entity]) -> String {
    let of = |role| named(entities, role);
    let (actors, mut targets) = (of(Role::Actor), of(Role::Target));
    targets.retain(|target| !actors.contains(target));
    let whom = joined(&targets);
    let who = joined(&actors);
    let subject = match (&told.subject, actors.is_empty()) {
        (Some(subject), true) => subject.clone(),
        (Some(subject), false) => format!("{subject} of {who}"),
        (None, true) => "somebody".to_owned(),
        (None, false) => who,
    };
    let (phrase, beside) = if told.words.contains(WHOM) {
        let whom = if targets.is_empty() {
            "themselves"
        } else {
            &whom
        };
        (told.words.replacen(WHOM, whom, 1), None)
    } else {
        let beside = (!targets.is_empty()).then(|| format!("on {whom}"));
        (told.words.clone(), beside)
    };
    let mut text = format!("{subject} {phrase}");
    let host = Some(of(Role::Host)).filter(|hosts| !hosts.is_empty());
    let origin = Some(of(Role::Origin)).filter(|origins| !origins.is_empty());
    let mut means = means(entities);
    means.retain(|means| !phrase.contains(means.as_str()));
    let means = Some(means).filter(|means| !means.is_empty());
    let clauses = [
        beside,
        host.map(|hosts| format!("at {}", joined(&hosts))),
        origin.map(|origins| format!("from {}", joined(&origins))),
        means.map(|means| format!("with {}", joined(&means))),
    ];
    for clause in clauses.into_iter().flatten() {
        text.push_str(", ");
        text.push_str(&clause);
    }
    if let Some(result) = &told.result {
        text.push_str("; ");
        text.push_str(result);
    }
    text
}

/// Names of one part, each once, without those that tell a person nothing.
fn named(entities: &[Entity], role: Role) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for entity in entities.iter().filter(|entity| entity.role == role) {
        if matches!(entity.kind, EntityKind::Session) {
            continue;
        }
        let told = name(&entity.id);
        if !names.contains(&told) {
            names.push(told);
        }
    }
    names
}

/// Devices and applications with which it was done; sessions are numbers.
fn means(entities: &[Entity]) -> Vec<String> {
    let means = entities.iter().filter(|entity| entity.role == Role::Means);
    let told = means.filter(|entity| entity.kind != EntityKind::Session);
    let told = told.map(|entity| {
        let what = if entity.kind == EntityKind::Device {
            "device "
        } else {
            ""
        };
        format!("{what}{}", name(&entity.id))
    });
    let mut told: Vec<String> = told.collect();
    told.dedup();
    told
}

fn joined(names: &[String]) -> String {
    let shown = names.get(..NAMES_MAX).unwrap_or(names).join(" and ");
    match names.len().saturating_sub(NAMES_MAX) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// A text from a record as part of a sentence.
fn quoted(text: &str) -> String {
    format!("“{}”", clipped(&one_line(text), QUOTED_CHARS_MAX))
}

/// Line ends and the blanks around them become one blank: a sentence is one line.
fn one_line(text: &str) -> String {
    let parts = text.split(['\r', '\n', '\t']);
    let parts: Vec<&str> = parts
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" ")
}

/// The fields of a record, by path.
#[derive(Debug, Clone, Copy)]
struct Fields<'r>(&'r Record);

impl<'r> Fields<'r> {
    /// A text or number at a path: `a.b.c`, where a step into a list takes its first element; none if it
    /// is empty or stands for nothing.
    fn text(self, path: &str) -> Option<&'r str> {
        let found = self.0.get(path).or_else(|| self.walk(path))?;
        let text = found
            .spelled()
            .or_else(|| found.children().next()?.spelled())?;
        Some(text.trim()).filter(|text| !matches!(*text, "" | "-" | "null" | "N/A"))
    }

    fn walk(self, path: &str) -> Option<Item<'r>> {
        let mut at = self.0.root();
        for step in path.split('.') {
            let inner = at.get(step);
            at = inner.or_else(|| at.children().next()?.get(step))?;
        }
        Some(at)
    }

    /// The first of some paths that has a text.
    fn first(self, paths: &[&str]) -> Option<&'r str> {
        paths.iter().find_map(|path| self.text(path))
    }

    /// A text at a path, as part of a sentence; `something` if there is none.
    fn quoted(self, path: &str) -> String {
        self.text(path)
            .map_or_else(|| "something".to_owned(), quoted)
    }

    /// The last part of a path of Windows, such as `powershell.exe`.
    fn program(self, path: &str) -> String {
        let last = self
            .text(path)
            .map(|text| text.rsplit('\\').next().unwrap_or(text));
        last.map_or_else(|| "a program".to_owned(), name)
    }
}

#[cfg(test)]
mod tests;
