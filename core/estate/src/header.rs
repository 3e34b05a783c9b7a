//! The head of a text: which format it is, whose estate it describes, and its sections.

use std::collections::BTreeSet;

use cordon_text::{Diagnostic, Node, Report, Source, Span};

use crate::{names::Place, scalar::Reader};

/// The format that is read here.
const FORMAT: &str = "estate/v1";

/// The sections of one document, each empty if left out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sections<'t> {
    pub(crate) source: &'t Source,
    pub(crate) nodes: &'t [Node],
    pub(crate) edges: &'t [Node],
    pub(crate) services: &'t [Node],
    pub(crate) steps: &'t [Node],
    /// Nothing at this level was wrong, so that no section can be missing by mistake.
    pub(crate) complete: bool,
}

/// What is said once for the whole estate.
#[derive(Debug, Default)]
pub(crate) struct Header<'t> {
    name: Option<(&'t str, Place<'t>)>,
    currency: Option<(&'t str, Place<'t>)>,
}

impl<'t> Header<'t> {
    /// Reads the head of a document; none if it is not an estate at all.
    pub(crate) fn open(
        &mut self,
        read: &mut Reader<'t, '_>,
        document: &'t Node,
    ) -> Option<Sections<'t>> {
        let before = read.report.diagnostics.len();
        if document.mapping().is_none() {
            let found = document.describe();
            let message = format!("expected an estate, a mapping of keys, found {found}");
            let help = format!("begin it with `cordon: {FORMAT}`");
            read.wrong(document.span, "wrong-type", message, help);
            return None;
        }
        let mut fields = read.fields(document, "an estate")?;
        let Some(format) = fields.optional("cordon") else {
            let message = "an estate needs the key `cordon`".to_owned();
            let help = format!("begin it with `cordon: {FORMAT}`");
            read.wrong(document.span, "missing-key", message, help);
            return None;
        };
        if format.text() != Some(FORMAT) {
            let message = format!(
                "expected the format `{FORMAT}`, found {}",
                format.describe()
            );
            let help = format!("write `cordon: {FORMAT}`");
            read.wrong(format.span, "unknown-format", message, help);
            return None;
        }
        let name = fields.optional("name");
        let currency = fields.optional("currency");
        let mut section = |key, what| {
            let found = fields.optional(key);
            found.map_or(&[][..], |list| read.list(list, what))
        };
        let nodes = section("nodes", "a list of nodes");
        let edges = section("edges", "a list of edges");
        let services = section("services", "a list of services");
        let steps = section("steps", "a list of steps");
        fields.finish(read.report);
        let complete = read.report.diagnostics.len() == before && !repeats_keys(document);
        state(read, &mut self.name, "name", name);
        state(read, &mut self.currency, "currency", currency);
        let source = read.source;
        Some(Sections {
            source,
            nodes,
            edges,
            services,
            steps,
            complete,
        })
    }

    /// The estate's name and currency, which some text must state; `first` is where to add them.
    pub(crate) fn close(self, first: &Source, report: &mut Report) -> Option<(String, String)> {
        let mut stated = |what: Option<(&str, Place<'_>)>, key, example| {
            if what.is_none() {
                let message = format!("no text of this estate states its `{key}`");
                let help = format!("add `{key}: {example}` to one of them");
                let problem = Diagnostic::error(first, Span::START, "missing-key", message);
                report.push(problem.help(help));
            }
            what.map(|(text, _)| text.to_owned())
        };
        let name = stated(self.name, "name", "Northgate");
        let currency = stated(self.currency, "currency", "GBP");
        name.zip(currency)
    }
}

/// Takes what a text states once for the whole estate, and refuses a second, different statement.
fn state<'t>(
    read: &mut Reader<'t, '_>,
    known: &mut Option<(&'t str, Place<'t>)>,
    key: &'static str,
    at: Option<&'t Node>,
) {
    let Some(at) = at else { return };
    let Some(text) = read.text(at, "a text") else {
        return;
    };
    match known {
        None => {
            let place = Place {
                source: read.source,
                span: at.span,
            };
            *known = Some((text, place));
        }
        Some((first, place)) if *first != text => {
            let message = format!("the {key} of this estate is `{first}` already, found `{text}`");
            let help = format!("it was stated at {place}; texts that add up describe one estate");
            read.wrong(at.span, "conflicting-header", message, help);
        }
        Some(_) => {}
    }
}

/// Whether a top-level key stands twice, as when two estates were pasted into one file.
fn repeats_keys(document: &Node) -> bool {
    let keys = document.mapping().unwrap_or(&[]).iter();
    let keys: Vec<_> = keys.filter_map(|(key, _)| key.text()).collect();
    keys.iter().collect::<BTreeSet<_>>().len() < keys.len()
}
