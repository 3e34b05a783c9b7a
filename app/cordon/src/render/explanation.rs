//! Why a rule matches an event or does not, as a person reads it.
//!
//! Each part has a mark in front, so that it reads the same without colour. Long values keep both
//! ends; the JSON form has them whole.

use std::borrow::Cow;

use cordon_detect::{
    Asks, Explanation, Judged, JudgedBody, JudgedLine, JudgedSelection, NearMiss, Seen, Term,
};
use cordon_report::json::v1::{ExplainedCorrelation, ExplainedEvent, ExplainedRule};
use cordon_sigma::Rule;

use super::{Look, Tone, counted, plain, prose::middle};

/// Most values of a list shown where none of them holds.
const WANTED_MAX: usize = 6;

/// Most values of an event's field shown.
const SEEN_MAX: usize = 3;

/// The event that is looked at, in a line.
pub(crate) fn looked_at(event: &ExplainedEvent, look: Look) -> String {
    let mut page = Page::new(look);
    let parts = [&event.product, &event.service].into_iter().flatten();
    let mut kind: Vec<&str> = parts.map(String::as_str).collect();
    kind.extend(event.categories.iter().map(String::as_str));
    kind.dedup();
    let kind = if kind.is_empty() {
        "no known log".to_owned()
    } else {
        kind.join(" ")
    };
    let line = format!("{} record {}: {kind}", event.log.path, event.log.record);
    page.text(0, &line, Tone::Plain);
    page.out
}

/// The whole explanation of one rule: its name, its verdict, then why.
pub(crate) fn explanation(rule: &ExplainedRule, told: &Explanation, look: Look) -> String {
    let mut page = Page::new(look);
    page.text(0, &rule.title, Tone::Heading);
    page.text(0, &format!("{}:{}", rule.file, rule.line), Tone::Dim);
    page.marked(0, rule.matched.into(), verdict(rule, told));
    page.out.push('\n');
    log(told, &mut page);
    let conditions = &told.conditions;
    for condition in conditions {
        let name = if conditions.len() > 1 {
            "one condition"
        } else {
            "condition"
        };
        page.marked(0, condition.holds.into(), name);
        term(condition, &told.selections, 1, &mut page);
    }
    for selection in &told.selections {
        page.out.push('\n');
        let file = selection.filter.as_deref();
        let file = file.map_or_else(String::new, |file| format!(" of {file}"));
        let line = format!("{}  (line {}{file})", selection.name, selection.span.line);
        page.marked(0, selection.body.holds.into(), &line);
        top(&selection.body, 1, &mut page);
    }
    page.out
}

/// Why an example came out otherwise than expected: the rule's condition and its selections.
pub(crate) fn failed_example(rule: &Rule, told: &Explanation, look: Look) -> String {
    let mut page = Page::new(look);
    let title = format!(
        "{}  {}:{}",
        rule.header.title, rule.header.file, rule.header.span.line
    );
    page.text(2, &title, Tone::Dim);
    let joined = |judged: &&Judged| !matches!(judged.term, Term::Selection(_));
    for condition in told.conditions.iter().filter(joined) {
        term(condition, &told.selections, 1, &mut page);
    }
    for selection in &told.selections {
        page.marked(1, selection.body.holds.into(), &selection.name);
        top(&selection.body, 2, &mut page);
    }
    page.out
}

/// What a correlation asks for, which no single event can show.
pub(crate) fn correlation(correlation: &ExplainedCorrelation, look: Look) -> String {
    let mut page = Page::new(look);
    let title = format!(
        "{}: a correlation, which several records complete",
        correlation.title
    );
    page.text(0, &title, Tone::Heading);
    let place = format!("{}:{}", correlation.file, correlation.line);
    page.text(2, &place, Tone::Dim);
    for asks in &correlation.asks {
        page.text(2, &format!("- {asks}"), Tone::Plain);
    }
    for unknown in &correlation.unknown {
        page.text(
            2,
            &format!("- `{unknown}` is not among the rules at hand"),
            Tone::Bad,
        );
    }
    page.out.push('\n');
    page.out
}

fn verdict(rule: &ExplainedRule, told: &Explanation) -> &'static str {
    match (rule.matched, told.holds, told.log.fits) {
        (true, _, true) => "it matches",
        (true, _, false) => "its detection holds, and the log is left out",
        (false, true, _) => "no match: it is for another log",
        (false, false, true) => "no match: its condition does not hold",
        (false, false, false) => "no match: its condition does not hold, and it is for another log",
    }
}

fn log(told: &Explanation, page: &mut Page) {
    page.marked(0, told.log.fits.into(), "log");
    for part in &told.log.parts {
        let found: Vec<&str> = part.found.iter().map(|found| &**found).collect();
        let found = match found.as_slice() {
            [] => "the event has none".to_owned(),
            [one] if *one == &*part.wanted => String::new(),
            several => format!("the event is {}", several.join(", ")),
        };
        let line = format!("{} {}  {found}", part.part, part.wanted);
        page.marked(1, part.fits().into(), line.trim_end());
    }
}

fn term(judged: &Judged, selections: &[JudgedSelection], depth: usize, page: &mut Page) {
    let (words, parts): (String, &[Judged]) = match &judged.term {
        Term::Selection(place) => {
            let selection = selections.get(*place);
            let name = selection.map_or_else(String::new, |s| s.name.to_string());
            (name, &[])
        }
        Term::Not(inner) => ("not".to_owned(), std::slice::from_ref(inner)),
        Term::And(parts) => ("all of".to_owned(), parts),
        Term::Or(parts) => ("one of".to_owned(), parts),
    };
    page.marked(depth, judged.holds.into(), &words);
    for part in parts {
        term(part, selections, depth + 1, page);
    }
}

/// What stands under a selection's name. The lines of a map need no line that says "all of".
fn top(judged: &JudgedBody, depth: usize, page: &mut Page) {
    match &judged.asks {
        Asks::All(parts) => {
            for part in parts {
                body(part, depth, page);
            }
        }
        Asks::Any(_) | Asks::Line(_) => body(judged, depth, page),
    }
}

fn body(judged: &JudgedBody, depth: usize, page: &mut Page) {
    match &judged.asks {
        Asks::Line(asked) => line(asked, judged.holds.into(), depth, page),
        Asks::All(parts) if parts.len() == 1 => top(judged, depth, page),
        Asks::All(parts) => group("all of", (judged, parts), depth, page),
        Asks::Any(parts) => group("one of", (judged, parts), depth, page),
    }
}

fn group(
    words: &str,
    (judged, parts): (&JudgedBody, &[JudgedBody]),
    depth: usize,
    page: &mut Page,
) {
    page.marked(depth, judged.holds.into(), words);
    for part in parts {
        body(part, depth + 1, page);
    }
}

fn line(asked: &JudgedLine, mark: Mark, depth: usize, page: &mut Page) {
    let key = key(asked);
    let place = asked.span.line;
    if let [one] = asked.values.as_slice() {
        let wanted = visible(&one.wanted);
        page.marked(depth, mark, &format!("{key}: {wanted}  (line {place})"));
    } else {
        page.marked(depth, mark, &format!("{key}:  (line {place})"));
        values(asked, mark, depth + 1, page);
    }
    let indent = 2 * (depth + 1);
    page.text(indent, &seen(asked), Tone::Dim);
    for near in &asked.near {
        page.text(indent, &near_words(near), Tone::Plain);
    }
}

/// The values of a list. Of alternatives only those that hold are shown, if some do.
fn values(asked: &JudgedLine, mark: Mark, depth: usize, page: &mut Page) {
    let all = asked.modifiers.contains(&"all");
    let some = asked.values.iter().any(|value| value.holds);
    let shown: Vec<_> = asked
        .values
        .iter()
        .filter(|value| all || !some || value.holds)
        .take(if mark == Mark::Yes && all {
            usize::MAX
        } else {
            WANTED_MAX
        })
        .collect();
    for value in &shown {
        page.marked(depth, value.holds.into(), &visible(&value.wanted));
    }
    let more = asked.values.len() - shown.len();
    if more > 0 {
        page.text(
            2 * depth,
            &format!("… and {}", counted(more, "other value")),
            Tone::Dim,
        );
    }
}

/// A value whose ends can be seen: in quotes where blanks stand there.
fn visible(value: &str) -> Cow<'_, str> {
    if value.trim() == value && !value.is_empty() {
        Cow::Borrowed(value)
    } else {
        Cow::Owned(format!("'{value}'"))
    }
}

fn key(asked: &JudgedLine) -> String {
    let field = asked.field.as_deref().unwrap_or("any value");
    let mut key = field.to_owned();
    for modifier in &asked.modifiers {
        key.push('|');
        key.push_str(modifier);
    }
    key
}

/// What the event has.
fn seen(asked: &JudgedLine) -> String {
    match &asked.seen {
        Seen::Missing => "the event has no such field".to_owned(),
        Seen::Nothing => "the event has an empty list".to_owned(),
        Seen::Values(values) => {
            let few = values.iter().take(SEEN_MAX);
            let few: Vec<_> = few.map(|value| format!("\"{value}\"")).collect();
            let more = match values.len().saturating_sub(SEEN_MAX) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            format!("the event has {}{more}", few.join(", "))
        }
        Seen::Everything => {
            let mut shown = asked
                .values
                .iter()
                .filter_map(|value| value.shown_by.as_deref());
            shown.next().map_or_else(
                || "no value of the event has it".to_owned(),
                |value| format!("found in \"{value}\""),
            )
        }
    }
}

/// A guess in words.
pub(crate) fn near_words(near: &NearMiss) -> String {
    match near {
        NearMiss::OtherName { field, value } => {
            format!("near: the event has a field `{field}`, with \"{value}\"")
        }
        NearMiss::OtherPlace { text, .. } => {
            format!("near: the value has `{text}` in it, but not as wanted")
        }
        NearMiss::OtherDash { text, .. } => {
            format!("the value has `{text}` with another dash: `|windash` takes them all")
        }
        NearMiss::OtherField { field, text, value } => {
            format!("near: `{field}` has `{text}`: \"{value}\"")
        }
    }
}

/// Whether something holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Yes,
    No,
}

impl From<bool> for Mark {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

/// Lines of marks and words.
struct Page {
    out: String,
    look: Look,
}

impl Page {
    fn new(look: Look) -> Self {
        Self {
            out: String::new(),
            look,
        }
    }

    /// A line with a mark that says whether it holds.
    fn marked(&mut self, depth: usize, mark: Mark, words: &str) {
        let (mark, tone) = match mark {
            Mark::Yes => ("✓", Tone::Good),
            Mark::No => ("✗", Tone::Bad),
        };
        let indent = 2 * depth;
        let words = self.fitted(indent + 2, words);
        self.out.push_str(&" ".repeat(indent));
        self.out.push_str(&self.look.paint(tone, mark));
        self.out.push(' ');
        self.out.push_str(&words);
        self.out.push('\n');
    }

    /// A line of words.
    fn text(&mut self, indent: usize, words: &str, tone: Tone) {
        let words = self.fitted(indent, words);
        self.out.push_str(&" ".repeat(indent));
        self.out.push_str(&self.look.paint(tone, &words));
        self.out.push('\n');
    }

    fn fitted(&self, indent: usize, words: &str) -> String {
        plain(&middle(
            words,
            self.look.width.saturating_sub(indent).max(20),
        ))
    }
}
