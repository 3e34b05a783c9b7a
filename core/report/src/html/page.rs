//! What every section of the report needs: the case, the records it may link to, names and words.

use std::collections::{BTreeMap, BTreeSet};

use cordon_incident::Incident;
use cordon_model::{EventId, Money, NodeIx, ServiceIx, Timestamp};
use cordon_plan::{Draft, Infeasible, NoSteps, Outcome, Race, race};
use maud::{Markup, html};

use crate::{
    Case, amount,
    record::{Record, name, records},
};

/// Most records shown in one page: it stays below a few megabytes, which a telephone opens.
const RECORDS_MAX: usize = 300;

/// Most links to records after one statement.
const LINKS_MAX: usize = 8;

/// One report being written.
pub(crate) struct Page<'a> {
    pub(crate) case: &'a Case<'a>,
    /// The records shown, oldest first; record `n` is linked as `ev-n`, from 1.
    pub(crate) records: Vec<Record<'a>>,
    /// How many records there are beyond those.
    pub(crate) records_left_out: usize,
    /// Incidents that call for a decision first, else oldest first.
    pub(crate) incidents: Vec<&'a Incident>,
    /// The plan's steps against the intruder.
    pub(crate) race: Race,
    numbers: BTreeMap<&'a EventId, usize>,
}

/// The plan's steps against the intruder, if there is a plan.
fn raced(case: &Case<'_>) -> Race {
    match case.answer.map(|answer| &answer.outcome) {
        Some(Outcome::Plan(vetted)) => race(case.question, &vetted.draft().steps),
        Some(Outcome::Infeasible(_)) | None => Race::default(),
    }
}

impl<'a> Page<'a> {
    pub(crate) fn new(case: &'a Case<'a>) -> Self {
        let all = records(case.incidents);
        let total = all.len();
        let shown = choose(case, all);
        let mut numbers = BTreeMap::new();
        for (number, record) in (1..).zip(&shown) {
            numbers.entry(&record.evidence.id).or_insert(number);
        }
        let mut incidents: Vec<&Incident> = case.incidents.iter().collect();
        incidents.sort_by_key(|incident| !incident.calls_for_decision());
        Self {
            case,
            records_left_out: total - shown.len(),
            records: shown,
            incidents,
            race: raced(case),
            numbers,
        }
    }

    /// The plan, if there is one.
    pub(crate) fn draft(&self) -> Option<&'a Draft> {
        match &self.case.answer?.outcome {
            Outcome::Plan(vetted) => Some(vetted.draft()),
            Outcome::Infeasible(_) => None,
        }
    }

    /// Why there is no plan, if that is the answer.
    pub(crate) fn infeasible(&self) -> Option<&'a Infeasible> {
        match &self.case.answer?.outcome {
            Outcome::Plan(_) => None,
            Outcome::Infeasible(why) => Some(why),
        }
    }

    /// Why the plan has no steps, if it has none.
    pub(crate) fn no_steps(&self) -> Option<NoSteps> {
        let question = self.case.question;
        NoSteps::of(
            self.case.answer?,
            &question.footholds,
            &question.outside_estate,
        )
    }

    /// Those outside the estate who are likely held, some by name: `a; b; 3 more`. Names may hold
    /// commas themselves. None if there are none.
    pub(crate) fn outside(&self, shown_max: usize) -> Option<String> {
        let outside = &self.case.question.outside_estate;
        let names: Vec<String> = outside.iter().map(|id| name(id)).collect();
        (!names.is_empty()).then(|| apart(&names, shown_max))
    }

    /// What people call a node.
    pub(crate) fn node(&self, ix: NodeIx) -> String {
        let node = self.case.estate.node(ix);
        name(node.name.as_deref().unwrap_or(node.id.as_str()))
    }

    /// A node's id, harmless to show.
    pub(crate) fn node_id(&self, ix: NodeIx) -> String {
        name(self.case.estate.node(ix).id.as_str())
    }

    /// What people call a service.
    pub(crate) fn service(&self, ix: ServiceIx) -> String {
        let service = self.case.estate.service(ix);
        name(service.name.as_deref().unwrap_or(service.id.as_str()))
    }

    /// Money in full.
    pub(crate) fn money(&self, money: &Money) -> String {
        amount::money(money, self.case.estate.currency())
    }

    /// Money in few digits.
    pub(crate) fn brief(&self, money: &Money) -> String {
        amount::brief_money(money, self.case.estate.currency())
    }

    /// Links to the records that a statement rests on.
    pub(crate) fn links<'e>(&self, evidence: impl IntoIterator<Item = &'e EventId>) -> Markup {
        let mut numbers: Vec<usize> = Vec::new();
        let mut beyond = 0_usize;
        for id in evidence {
            match self.numbers.get(id) {
                Some(number) if numbers.contains(number) => {}
                Some(number) if numbers.len() < LINKS_MAX => numbers.push(*number),
                Some(_) | None => beyond += 1,
            }
        }
        html! {
            span.links {
                @for number in &numbers {
                    a.ev href=(format!("#ev-{number}")) aria-label=(format!("record {number}")) { (number) }
                    " "
                }
                @if beyond > 0 { span.soft { "+" (amount::count(beyond)) } }
            }
        }
    }
}

/// The records to show: those that say somebody is held, then the oldest.
fn choose<'a>(case: &'a Case<'a>, mut all: Vec<Record<'a>>) -> Vec<Record<'a>> {
    if all.len() <= RECORDS_MAX {
        return all;
    }
    let held = case.incidents.iter().flat_map(|incident| &incident.held);
    let cited: BTreeSet<&EventId> = held
        .flat_map(|held| &held.evidence)
        .chain(case.question.footholds.iter().flat_map(|f| &f.evidence))
        .collect();
    let is_cited = |record: &Record<'_>| cited.contains(&record.evidence.id);
    let mut room = RECORDS_MAX.saturating_sub(all.iter().filter(|r| is_cited(r)).count());
    all.retain(|record| {
        let keep = is_cited(record) || room > 0;
        if keep && !is_cited(record) {
            room -= 1;
        }
        keep
    });
    all.truncate(RECORDS_MAX);
    all
}

/// A section with its heading in the margin.
pub(crate) fn section(id: &str, heading: &str, body: &Markup) -> Markup {
    html! {
        section id=(id) {
            h2 { (heading) }
            div.body { (body) }
        }
    }
}

/// A moment, to the second, in UTC: `22 Apr 2025 14:03:11`.
pub(crate) fn moment(time: Option<Timestamp>) -> String {
    time.map_or_else(
        || "time unknown".to_owned(),
        |time| time.strftime("%-d %b %Y %H:%M:%S").to_string(),
    )
}

/// A moment, to the minute, in UTC: `22 Apr 14:03`.
pub(crate) fn minute(time: Option<Timestamp>) -> String {
    time.map_or_else(
        || "unknown".to_owned(),
        |time| time.strftime("%-d %b %H:%M").to_string(),
    )
}

/// Some of a list in words: `a`, `a and b`, `a, b and 3 others`.
pub(crate) fn listed(names: &[String], shown_max: usize) -> String {
    let shown: Vec<&str> = names.iter().take(shown_max).map(String::as_str).collect();
    let beyond = names.len() - shown.len();
    let joined = |names: &[&str]| names.join(", ");
    match (shown.split_last(), beyond) {
        (None, _) => String::new(),
        (Some((only, [])), 0) => (*only).to_owned(),
        (Some((last, first)), 0) => format!("{} and {last}", joined(first)),
        (Some(_), 1) => format!("{} and 1 other", joined(&shown)),
        (Some(_), n) => format!("{} and {} others", joined(&shown), amount::count(n)),
    }
}

/// Some of a list of names that may hold commas: `a; b; 3 more`.
pub(crate) fn apart(names: &[String], shown_max: usize) -> String {
    let shown = names.get(..names.len().min(shown_max)).unwrap_or_default();
    match names.len() - shown.len() {
        0 => shown.join("; "),
        beyond => format!("{}; {} more", shown.join("; "), amount::count(beyond)),
    }
}

/// A kebab-case word as people write it: `disable-account` is `Disable account`.
pub(crate) fn words(kebab: &str) -> String {
    let spaced = name(kebab).replace(['-', '_'], " ");
    let mut chars = spaced.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().collect::<String>() + chars.as_str(),
        None => spaced,
    }
}

#[cfg(test)]
mod tests {
    use super::{apart, listed, words};

    #[test]
    fn lists_are_written_as_people_do() {
        let names: Vec<String> = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
        assert_eq!(listed(&names[..1], 2), "a");
        assert_eq!(listed(&names[..2], 2), "a and b");
        assert_eq!(listed(&names[..3], 2), "a, b and 1 other");
        assert_eq!(listed(&names, 2), "a, b and 2 others");
        assert_eq!(listed(&[], 2), "");
        assert_eq!(apart(&names[..2], 2), "a; b");
        assert_eq!(apart(&names, 2), "a; b; 2 more");
    }

    #[test]
    fn kinds_read_as_words() {
        assert_eq!(words("disable-account"), "Disable account");
        assert_eq!(words(""), "");
    }
}
