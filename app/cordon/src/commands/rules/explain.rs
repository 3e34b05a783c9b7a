//! `cordon rules explain`: why a rule matches an event or does not.

mod told;

use std::path::PathBuf;

use cordon_detect::{Explanation, explain};
use cordon_event::Event;
use cordon_report::json::v1::{ExplanationDocument, explanation_document};
use cordon_sigma::{Correlation, Rule};
use cordon_text::nearest;

use crate::{
    Failure,
    console::Console,
    failure::Problems,
    library::{Entry, Library, library},
    one_event::one_event,
    render,
    sources::Sources,
    typed::{self, Format, RuleReading},
};

/// Prints the explanation.
///
/// # Errors
/// When the rule or the event cannot be found, or the rule does not match.
pub(crate) fn run(asked: &typed::Explain, console: &mut Console) -> Result<(), Failure> {
    let Found { library, word } = find(&asked.rule, &asked.reading)?;
    let entry = chosen(&library, word.as_deref(), &asked.rule)?;
    let event = one_event(&asked.event, asked.record, &Sources::default())?.event;
    let (rules, correlation) = match entry {
        Entry::Rule(rule) => (vec![rule], None),
        Entry::Correlation(correlation) => {
            let (rules, unknown) = behind(correlation, &library);
            (rules, Some(told::correlation(correlation, unknown)))
        }
    };
    let explained: Vec<(&Rule, Explanation)> = rules
        .into_iter()
        .map(|rule| (rule, explain(rule, &event)))
        .collect();
    let document = ExplanationDocument {
        format: "cordon/explanation/v1".to_owned(),
        matched: explained
            .iter()
            .any(|(_, told)| told.matched() || (asked.whatever_log && told.holds)),
        correlation,
        event: told::event(&event),
        rules: explained
            .iter()
            .map(|(rule, told)| told::rule(rule, told, asked))
            .collect(),
    };
    print(&document, &explained, console)?;
    verdict(&document, &explained, &event)
}

fn print(
    document: &ExplanationDocument,
    explained: &[(&Rule, Explanation)],
    console: &mut Console,
) -> Result<(), Failure> {
    if console.format != Format::Table {
        return console.json_text(&explanation_document(document));
    }
    let mut parts = vec![render::looked_at(&document.event, console.look)];
    if let Some(correlation) = &document.correlation {
        parts.push(render::correlation(correlation, console.look));
    }
    for (rule, (_, told)) in document.rules.iter().zip(explained) {
        parts.push(render::explanation(rule, told, console.look));
    }
    console.result(&parts.join("\n"))
}

/// Whether the answer is yes.
fn verdict(
    document: &ExplanationDocument,
    explained: &[(&Rule, Explanation)],
    event: &Event,
) -> Result<(), Failure> {
    if document.matched {
        return Ok(());
    }
    let only_log = explained.iter().any(|(_, told)| told.holds);
    let why = if only_log {
        format!(
            "no match: the detection holds, but the event is of {}; `--whatever-log` leaves that out",
            event.kind.source()
        )
    } else {
        "no match".to_owned()
    };
    Err(Failure::No(why))
}

/// Where to look for a rule, and which one is meant where it holds several.
struct Found {
    library: Library,
    word: Option<String>,
}

fn find(argument: &str, reading: &RuleReading) -> Result<Found, Failure> {
    let path = PathBuf::from(argument);
    if path.exists() {
        let library = library(&[path], reading)?;
        return Ok(Found {
            library,
            word: None,
        });
    }
    if let Some((file, word)) = argument.rsplit_once('#')
        && PathBuf::from(file).exists()
    {
        return Ok(Found {
            library: library(&[PathBuf::from(file)], reading)?,
            word: Some(word.to_owned()),
        });
    }
    Ok(Found {
        library: library(&[], reading)?,
        word: Some(argument.to_owned()),
    })
}

/// The rule meant: the one that is called so; the only one; the only correlation.
fn chosen<'l>(
    library: &'l Library,
    word: Option<&str>,
    argument: &str,
) -> Result<Entry<'l>, Failure> {
    if let Some(word) = word {
        let mut called = library.entries().filter(|entry| entry.is_called(word));
        return called.next().ok_or_else(|| unknown(library, word));
    }
    let mut entries = library.entries();
    match (entries.next(), entries.next()) {
        (Some(only), None) => return Ok(only),
        (None, _) => return Err(Failure::Input(no_rule(library))),
        (Some(_), Some(_)) => {}
    }
    if let [only] = library.correlations.as_slice() {
        return Ok(Entry::Correlation(only));
    }
    let titles: Vec<_> = library
        .entries()
        .map(|entry| format!("`{}`", entry.header().title))
        .take(5)
        .collect();
    let message = format!(
        "expected one rule, found several in {argument}: {} …",
        titles.join(", ")
    );
    let help = "write `#` and a title, id or name behind the file";
    Err(Failure::Input(Problems::of_arguments(
        "RULE", &message, help,
    )))
}

fn no_rule(library: &Library) -> Problems {
    Problems {
        report: library.problems.report.clone(),
        sources: library.problems.sources.clone(),
    }
    .or_no_rule()
}

fn unknown(library: &Library, word: &str) -> Failure {
    let words = library.entries().flat_map(|entry| {
        let header = entry.header();
        [Some(&*header.title), header.name.as_deref()]
            .into_iter()
            .flatten()
    });
    let message = format!("there is no file and no rule `{word}`");
    let help = nearest(word, words).map_or_else(
        || "`cordon rules list` shows what is built in".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    Failure::Input(Problems::of_arguments("RULE", &message, &help))
}

/// The plain rules behind a correlation, through others if need be, and references to nothing.
fn behind<'l>(correlation: &'l Correlation, library: &'l Library) -> (Vec<&'l Rule>, Vec<String>) {
    let (mut rules, mut unknown): (Vec<&Rule>, _) = (Vec::new(), Vec::new());
    let mut waiting = vec![correlation];
    let mut seen = vec![correlation];
    while let Some(correlation) = waiting.pop() {
        for reference in &correlation.rules {
            let mut found = false;
            for entry in library
                .entries()
                .filter(|entry| is_referred(*entry, &reference.to))
            {
                found = true;
                match entry {
                    Entry::Rule(rule) if !rules.contains(&rule) => rules.push(rule),
                    Entry::Correlation(inner) if !seen.contains(&inner) => {
                        seen.push(inner);
                        waiting.push(inner);
                    }
                    Entry::Rule(_) | Entry::Correlation(_) => {}
                }
            }
            unknown.extend((!found).then(|| reference.to.to_string()));
        }
    }
    (rules, unknown)
}

/// Correlations refer to rules by id or name, not by title.
fn is_referred(entry: Entry<'_>, word: &str) -> bool {
    let header = entry.header();
    header.id.as_deref() == Some(word) || header.name.as_deref() == Some(word)
}
