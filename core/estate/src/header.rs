//! The head of a text: which format it is, whose estate it describes, and its sections.

use std::collections::BTreeSet;

use cordon_text::{Diagnostic, Node, Report, Source, Span};

use crate::{names::Names, place::Place, scalar::Reader};

/// The format that is read here.
const FORMAT: &str = "estate/v1";

/// The sections of one document, each empty if left out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sections<'t> {
    pub(crate) nodes: &'t [Node],
    pub(crate) edges: &'t [Node],
    pub(crate) services: &'t [Node],
    pub(crate) steps: &'t [Node],
    /// Nothing at this level was wrong, so that no section can be missing by mistake.
    pub(crate) complete: bool,
}

/// What is said once for the whole estate.
#[derive(Debug, Default)]
pub(crate) struct Header {
    name: Option<(String, Place)>,
    currency: Option<(String, Place)>,
}

impl Header {
    /// Reads the head of a document; none if it is not an estate at all.
    pub(crate) fn open<'t>(
        &mut self,
        read: &mut Reader<'t, '_>,
        names: &Names,
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
        state(read, names, &mut self.name, ("name", name));
        state(read, names, &mut self.currency, ("currency", currency));
        Some(Sections {
            nodes,
            edges,
            services,
            steps,
            complete,
        })
    }

    /// The estate's name and currency, which some text must state; `first` is where to add them.
    pub(crate) fn close(self, first: &Source, report: &mut Report) -> Option<(String, String)> {
        let mut stated = |what: Option<(String, Place)>, key, example| {
            if what.is_none() {
                let message = format!("no text of this estate states its `{key}`");
                let help = format!("add `{key}: {example}` to one of them");
                let problem = Diagnostic::error(first, Span::START, "missing-key", message);
                report.push(problem.help(help));
            }
            what.map(|(text, _)| text)
        };
        let name = stated(self.name, "name", "Northgate");
        let currency = stated(self.currency, "currency", "GBP");
        name.zip(currency)
    }
}

/// Takes what a text states once for the whole estate, and refuses a second, different statement.
fn state<'t>(
    read: &mut Reader<'t, '_>,
    names: &Names,
    known: &mut Option<(String, Place)>,
    (key, at): (&'static str, Option<&'t Node>),
) {
    let Some(at) = at else { return };
    let Some(text) = read.text(at, "a text") else {
        return;
    };
    match known {
        None => {
            *known = Some((text.to_owned(), read.place(at.span)));
        }
        Some((first, place)) if first != text => {
            let message = format!("the {key} of this estate is `{first}` already, found `{text}`");
            let help = format!(
                "it was stated at {}; texts that add up describe one estate",
                names.files.told(*place)
            );
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
