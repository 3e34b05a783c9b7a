//! `cordon rules test`: rules on the examples that come with them.

use std::{
    collections::BTreeSet,
    sync::{Arc, OnceLock},
};

use cordon_detect::{RuleSet, SingleRule, one_name, tell};
use cordon_event::Event;
use cordon_report::json::v1::{ExampleLine, example_line, examples_document};
use cordon_text::Report;
use rayon::prelude::*;

use crate::{
    Failure,
    console::Console,
    examples::{Example, Examples, Given, RuleFile, examples},
    failure::Problems,
    library::{Entry, Library, Reading},
    render,
    typed::{self, Format},
};

/// Tries every example and prints how it came out.
///
/// # Errors
/// When a file cannot be read, an example is no example, or one comes out otherwise than expected.
pub(crate) fn run(asked: &typed::Test, console: &mut Console) -> Result<(), Failure> {
    let progress = console.progress("trying rules");
    let reading = Reading::new(&asked.reading)?;
    let found = examples(&asked.paths, &reading)?;
    let pack = Pack::new(&found, &reading);
    let tried: Vec<Tried<'_>> = found
        .files
        .par_iter()
        .flat_map_iter(|file| pack.tries(file))
        .collect();
    drop(progress);
    print(&tried, &pack, console)?;
    let counts = Counts::of(&found, &tried);
    if console.format == Format::Table {
        console.result(&counts.words())?;
    } else {
        console.remark(counts.words().trim_end());
    }
    let compiling = pack.report;
    drop(tried);
    let problems = problems(found, compiling);
    if problems.report.has_errors() {
        return Err(Failure::Input(problems));
    }
    if counts.rules == 0 {
        return Err(Failure::Input(problems.or_no_rule()));
    }
    counts.verdict(asked)
}

/// What is wrong with rules and examples, with the texts.
fn problems(found: Examples, mut report: Report) -> Problems {
    let mut sources = found.sources;
    report.extend(found.report);
    for file in found.files {
        let refused = file.library.refused > 0 && !file.examples.is_empty();
        if refused {
            report.extend(file.library.problems.report);
        }
        sources.extend(file.library.problems.sources);
    }
    report.sort();
    Problems { report, sources }
}

/// One example tried.
struct Tried<'f> {
    file: &'f RuleFile,
    example: &'f Example,
    rule: String,
    got: bool,
}

impl Tried<'_> {
    fn is_as_expected(&self) -> bool {
        self.got == self.example.expected
    }

    fn line(&self) -> ExampleLine {
        ExampleLine {
            rule: self.rule.clone(),
            file: self.example.file.clone(),
            n: self.example.n,
            expected: self.example.expected,
            got: self.got,
        }
    }
}

/// All rules under the paths together, as correlations need them.
struct Pack<'f> {
    files: &'f [RuleFile],
    set: OnceLock<Arc<RuleSet>>,
    report: Report,
}

impl<'f> Pack<'f> {
    /// Compiles the rules together if some correlation has to be tried.
    fn new(found: &'f Examples, reading: &Reading) -> Self {
        let mut pack = Self {
            files: &found.files,
            set: OnceLock::new(),
            report: Report::default(),
        };
        let is_tried =
            |file: &RuleFile| !file.library.correlations.is_empty() && !file.examples.is_empty();
        if found.files.iter().any(is_tried) {
            let (set, report) = pack.compile(reading);
            pack.report = report;
            pack.set = OnceLock::from(Arc::new(set));
        }
        pack
    }

    /// The rules under the paths; the built-in ones as well, if a correlation names what is not there.
    fn compile(&self, reading: &Reading) -> (RuleSet, Report) {
        let mut rules: Vec<_> = self
            .files
            .iter()
            .flat_map(|f| f.library.rules.clone())
            .collect();
        let mut correlations: Vec<_> = self
            .files
            .iter()
            .flat_map(|file| file.library.correlations.clone())
            .collect();
        let (set, report) = RuleSet::compile(&rules, &correlations);
        if !report.has_errors() {
            return (set, report);
        }
        let known: BTreeSet<String> = self
            .files
            .iter()
            .flat_map(|file| file.library.entries().flat_map(names))
            .collect();
        let is_new = |entry: Entry<'_>| names(entry).iter().all(|name| !known.contains(name));
        let built_in = Library::built_in(reading);
        rules.extend(
            built_in
                .rules
                .iter()
                .filter(|r| is_new(Entry::Rule(r)))
                .cloned(),
        );
        let more = built_in.correlations.iter();
        correlations.extend(more.filter(|c| is_new(Entry::Correlation(c))).cloned());
        RuleSet::compile(&rules, &correlations)
    }

    /// Tries the examples of a file.
    fn tries(&self, file: &'f RuleFile) -> Vec<Tried<'f>> {
        let singles: Vec<_> = file.library.rules.iter().map(SingleRule::new).collect();
        let Some(subject) = subject(&file.library) else {
            return Vec::new();
        };
        let tried = file.examples.iter().map(|example| Tried {
            file,
            example,
            rule: subject.id().to_owned(),
            got: match &example.given {
                Given::Event(event) => singles.iter().any(|single| single.holds(event)),
                Given::Sequence(events) => self.completes(subject, events, file),
            },
        });
        tried.collect()
    }

    /// Whether a sequence completes a correlation.
    fn completes(&self, subject: Entry<'_>, events: &[Event], file: &RuleFile) -> bool {
        let Some(set) = self.set.get() else {
            return false;
        };
        let told = tell(set, events, one_name(&file.names));
        told.iter()
            .any(|detection| detection.rule.id.as_str() == subject.id())
    }
}

/// The rule that a file is about: its correlation, or else its first rule.
fn subject(library: &Library) -> Option<Entry<'_>> {
    let correlation = library.correlations.first().map(Entry::Correlation);
    correlation.or_else(|| library.rules.first().map(Entry::Rule))
}

fn names(entry: Entry<'_>) -> Vec<String> {
    let header = entry.header();
    let both = [header.id.as_deref(), header.name.as_deref()];
    both.into_iter().flatten().map(str::to_owned).collect()
}

fn print(tried: &[Tried<'_>], pack: &Pack<'_>, console: &mut Console) -> Result<(), Failure> {
    let lines = || tried.iter().map(Tried::line);
    match console.format {
        Format::Jsonl => {
            for line in lines() {
                console.json_text(&example_line(&line))?;
            }
            Ok(())
        }
        Format::Json => console.json_text(&examples_document(&lines().collect::<Vec<_>>())),
        Format::Table => {
            for wrong in tried.iter().filter(|tried| !tried.is_as_expected()) {
                console.result(&told(wrong, pack, console.look))?;
            }
            Ok(())
        }
    }
}

/// What came out otherwise than expected, and why.
fn told(wrong: &Tried<'_>, pack: &Pack<'_>, look: render::Look) -> String {
    let example = wrong.example;
    let (wanted, got) = if example.expected {
        ("should match", "does not")
    } else {
        ("should not match", "does")
    };
    let heading = format!("{}:{} {wanted} and {got}", example.file, example.n);
    let mut out = format!(
        "{}\n",
        look.paint(render::Tone::Bad, &render::plain(&heading))
    );
    match &example.given {
        Given::Event(event) => {
            for rule in &wrong.file.library.rules {
                let told = cordon_detect::explain(rule, event);
                if told.holds == wrong.got {
                    out.push_str(&render::failed_example(rule, &told, look));
                }
            }
        }
        Given::Sequence(events) => out.push_str(&links(wrong, events, pack)),
    }
    out.push('\n');
    out
}

/// How many records of a sequence each rule of the pack that saw any matched.
fn links(wrong: &Tried<'_>, events: &[Event], pack: &Pack<'_>) -> String {
    let Some(Entry::Correlation(correlation)) = subject(&wrong.file.library) else {
        return String::new();
    };
    let all = || pack.files.iter().flat_map(|file| &file.library.rules);
    let mut out = String::new();
    for reference in &correlation.rules {
        let named = all().filter(|rule| {
            names(Entry::Rule(rule))
                .iter()
                .any(|n| **n == *reference.to)
        });
        let matched: usize = named
            .map(SingleRule::new)
            .map(|single| events.iter().filter(|event| single.holds(event)).count())
            .sum();
        let line = format!(
            "  {}: {}\n",
            reference.to,
            render::counted(matched, "record")
        );
        out.push_str(&render::plain_lines(&line));
    }
    let timeless = events.iter().filter(|event| event.time.is_none()).count();
    if timeless > 0 {
        let records = render::counted(timeless, "record");
        let line = format!("  {records} without a readable time, which no window takes in\n");
        out.push_str(&render::plain_lines(&line));
    }
    out
}

/// How it all came out.
struct Counts {
    rules: usize,
    without: usize,
    examples: usize,
    wrong: usize,
}

impl Counts {
    fn of(found: &Examples, tried: &[Tried<'_>]) -> Self {
        let count = |file: &RuleFile| file.library.entries().count();
        let without = found.files.iter().filter(|file| file.examples.is_empty());
        Self {
            rules: found.files.iter().map(count).sum(),
            without: without.map(count).sum(),
            examples: tried.len(),
            wrong: tried.iter().filter(|tried| !tried.is_as_expected()).count(),
        }
    }

    fn words(&self) -> String {
        let right = self.examples - self.wrong;
        format!(
            "{}, {} without examples; {}: {right} as expected, {} not\n",
            render::counted(self.rules, "rule"),
            self.without,
            render::counted(self.examples, "example"),
            self.wrong
        )
    }

    /// Whether the answer is yes.
    fn verdict(&self, asked: &typed::Test) -> Result<(), Failure> {
        if self.wrong > 0 {
            let wrong = render::counted(self.wrong, "example");
            return Err(Failure::No(format!(
                "{wrong} came out otherwise than expected"
            )));
        }
        if asked.strict && self.without > 0 {
            let without = render::counted(self.without, "rule");
            return Err(Failure::No(format!("{without} without examples")));
        }
        Ok(())
    }
}
