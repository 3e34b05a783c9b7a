//! What is known of each kind of step and attack edge: one page of `content/` a kind.

use std::collections::BTreeMap;

use cordon_model::{EdgeKind, Likelihood, Minutes, StepKind, Value};
use cordon_text::{Diagnostic, Report, Source, Span, parse};

use crate::{
    import::rule::{Relations, Rule, rules},
    recipe::{Recipe, recipes},
    scalar::plain_value,
};
use reader::{PageReader, is_attack, is_d3fend, is_fact};

mod reader;

/// What one kind of step does and how it is taken back.
#[derive(Debug, Clone, PartialEq)]
pub struct StepPage {
    /// The kind, which is also the name of the page's file.
    pub kind: StepKind,
    /// The kind in a few words.
    pub title: String,
    /// What the intruder loses by it.
    pub cuts: String,
    /// What the business loses by it.
    pub takes_down: String,
    /// How it is taken back; none if it only goes forward.
    pub undo: Option<String>,
    /// How to see that it worked.
    pub check: String,
    /// What goes wrong if nobody thinks of it.
    pub beware: Option<String>,
    /// How long it usually takes; a step's own minutes never come from here.
    pub minutes: Option<Minutes>,
    /// Whether steps of this kind only go forward.
    pub irreversible: bool,
    /// Whether steps of this kind reach a whole zone or everybody.
    pub wide: bool,
    /// Facts about a target that the cut may destroy, and that are taken before it where that can be done.
    pub volatile: Vec<String>,
    /// Identifiers of the MITRE D3FEND techniques.
    pub d3fend: Vec<String>,
    /// What carries it out if the step does not say.
    pub action: Option<Value>,
    /// Names of the standards and manuals behind it.
    pub references: Vec<String>,
    /// Why no such step is made from an estate, and a person writes them.
    pub by_hand: Option<String>,
    /// How such steps are made from an estate.
    pub(crate) made: Vec<Recipe>,
}

impl StepPage {
    /// Whether steps of this kind are made from an estate.
    pub fn is_made(&self) -> bool {
        !self.made.is_empty()
    }
}

/// What holding one end of an attack edge gives on the other.
#[derive(Debug, Clone, PartialEq)]
pub struct EdgePage {
    /// The kind, which is also the name of the page's file.
    pub kind: EdgeKind,
    /// The kind in a few words.
    pub title: String,
    /// What holding `from` gives on `to`.
    pub gives: String,
    /// What must be so for it to work.
    pub precondition: String,
    /// What it costs the intruder in time and skill.
    pub effort: String,
    /// How surely it works, in words.
    pub likelihood: String,
    /// Identifiers of the MITRE ATT&CK techniques.
    pub attack: Vec<String>,
    /// Names of the standards and manuals behind it.
    pub references: Vec<String>,
    /// How long it usually takes; importers write it where an inventory does not know.
    pub minutes: Option<Minutes>,
    /// How surely it usually works, likewise.
    pub chance: Option<Likelihood>,
    /// What BloodHound calls such edges, if it knows them.
    pub bloodhound: Option<String>,
    /// Rules that derive such edges from others.
    pub(crate) derived: Vec<Rule>,
}

/// The pages of all kinds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pages {
    steps: BTreeMap<StepKind, StepPage>,
    edges: BTreeMap<EdgeKind, EdgePage>,
    relations: Relations,
}

impl Pages {
    /// Reads pages of step kinds and of edge kinds, one text each, named like their files.
    ///
    /// Pages with an error are left out; the report holds all that is wrong with any.
    pub fn parse(steps: &[Source], edges: &[Source]) -> (Self, Report) {
        let mut report = Report::default();
        let mut pages = Self::default();
        for source in steps {
            let page = whole(source, &mut report, step_page);
            pages
                .steps
                .extend(page.map(|page| (page.kind.clone(), page)));
        }
        for source in edges {
            let page = whole(source, &mut report, edge_page);
            pages
                .edges
                .extend(page.map(|page| (page.kind.clone(), page)));
        }
        report.sort();
        (pages, report)
    }

    /// Adds files about relations that lead nobody on by themselves, and says all that is wrong with them.
    pub fn relations(&mut self, files: &[Source]) -> Report {
        let mut report = Report::default();
        for source in files {
            let (documents, own) = parse(source);
            report.extend(own);
            for document in &documents {
                self.relations.read(source, document, &mut report);
            }
        }
        report.sort();
        report
    }

    /// Whether a relation leads nobody on by itself.
    pub(crate) fn is_silent(&self, name: &str) -> bool {
        self.relations.silent.iter().any(|(known, _)| known == name)
    }

    /// Every rule, with the name of the relation that it derives. That of a kind of edge is named like
    /// the page.
    pub(crate) fn rules(&self) -> Vec<(String, Rule)> {
        let of_page = |page: &EdgePage| {
            let rules = page.derived.iter().cloned();
            let rules = rules.map(|rule| (page.kind.to_string(), rule));
            rules.collect::<Vec<_>>()
        };
        let own = self.edges.values().flat_map(of_page);
        self.relations.rules.iter().cloned().chain(own).collect()
    }

    /// The page of a kind of step.
    pub fn step(&self, kind: &str) -> Option<&StepPage> {
        self.steps.get(kind)
    }

    /// The page of a kind of attack edge.
    pub fn edge(&self, kind: &str) -> Option<&EdgePage> {
        self.edges.get(kind)
    }

    /// All pages of steps, by kind.
    pub fn steps(&self) -> impl Iterator<Item = &StepPage> + Clone {
        self.steps.values()
    }

    /// All pages of attack edges, by kind.
    pub fn edges(&self) -> impl Iterator<Item = &EdgePage> + Clone {
        self.edges.values()
    }
}

/// Reads the one document of a page; none if anything in it is wrong.
fn whole<P>(
    source: &Source,
    report: &mut Report,
    page: fn(&mut PageReader<'_, '_>) -> Option<P>,
) -> Option<P> {
    let (documents, mut own) = parse(source);
    let mut found = None;
    if let [document] = documents.as_slice() {
        if let Some(mut reader) = PageReader::of(source, document, &mut own) {
            found = page(&mut reader);
            reader.finish();
        }
    } else if !own.has_errors() {
        let message = format!("expected one page, found {} documents", documents.len());
        let problem = Diagnostic::error(source, Span::START, "not-one-page", message);
        own.push(problem.help("put each kind into a file of its own"));
    }
    let sound = !own.has_errors();
    report.extend(own);
    found.filter(|_| sound)
}

fn step_page(page: &mut PageReader<'_, '_>) -> Option<StepPage> {
    let kind = page.kind();
    let title = page.text("title");
    let cuts = page.text("cuts");
    let takes_down = page.text("takes_down");
    let check = page.text("check");
    let beware = page.optional_text("beware");
    let (irreversible, undo) = page.undo();
    let minutes = page
        .fields
        .optional("minutes")
        .and_then(|at| page.read.minutes(at));
    let wide = page.fields.optional("wide");
    let wide = wide.and_then(|at| page.read.flag(at));
    let volatile = page.fields.optional("volatile");
    let fact = "the name of a fact such as `sessions`";
    let volatile = volatile.map(|at| page.words(at, is_fact, fact));
    let d3fend = page.texts("d3fend", is_d3fend, "a D3FEND identifier such as `D3-AL`");
    let action = page.action().map(plain_value);
    let references = page.texts("references", |_| true, "the name of a standard or manual");
    let by_hand = page.optional_text("by_hand");
    let made = page.fields.optional("made");
    let made = made.map(|at| recipes(&mut page.read, at));
    Some(StepPage {
        kind: StepKind::new(kind?),
        title: title?,
        cuts: cuts?,
        takes_down: takes_down?,
        undo,
        check: check?,
        beware,
        minutes,
        irreversible,
        wide: wide.unwrap_or(false),
        volatile: volatile.unwrap_or_default(),
        d3fend,
        action,
        references,
        by_hand,
        made: made.unwrap_or_default(),
    })
}

fn edge_page(page: &mut PageReader<'_, '_>) -> Option<EdgePage> {
    let kind = page.kind();
    let title = page.text("title");
    let gives = page.text("gives");
    let precondition = page.text("precondition");
    let effort = page.text("effort");
    let likelihood = page.text("likelihood");
    let attack = page.texts(
        "attack",
        is_attack,
        "an ATT&CK identifier such as `T1021.001`",
    );
    let references = page.texts("references", |_| true, "the name of a standard or manual");
    let minutes = page.fields.optional("minutes");
    let minutes = minutes.and_then(|at| page.read.minutes(at));
    let chance = page.fields.optional("chance");
    let chance = chance.and_then(|at| page.read.likelihood(at));
    let bloodhound = page.optional_text("bloodhound");
    let derived = page.fields.optional("derived");
    let derived = derived.map(|at| rules(&mut page.read, at));
    Some(EdgePage {
        minutes,
        chance,
        bloodhound,
        derived: derived.unwrap_or_default(),
        kind: EdgeKind::new(kind?),
        title: title?,
        gives: gives?,
        precondition: precondition?,
        effort: effort?,
        likelihood: likelihood?,
        attack,
        references,
    })
}
