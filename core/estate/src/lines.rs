//! The form of the format with one node, edge, service or step a line, for large estates.
//!
//! Each line is a JSON object of its own; one with `cordon` is a head. Lines as programs write them are
//! read the short way (`plain`); whatever that refuses, and every service, goes the way of any other
//! text, so that a mistake is told as it is told there. Invariant: which way a line goes changes nothing
//! but the column at which a problem is told. At most one line is in memory.

use std::{
    io::{self, BufRead, Read as _},
    sync::Arc,
};

use cordon_model::{Edge, EdgePattern, Jewel, Node, NodeId, NodeIx};
use cordon_text::{Node as Text, Source, Span, parse_line};

use crate::{
    Reading,
    names::Wanted,
    place::Place,
    read::Parts,
    scalar::Reader,
    step::{Removes, Said},
};
use plain::{EdgeLine, Line, NodeLine, PatternLine, Quantities, StepLine, Word};

mod plain;

/// Longest line read, in bytes: a step that names every node of the largest estate known takes a
/// quarter of it.
pub(crate) const LINE_BYTES_MAX: u64 = 1 << 26;

/// Whether a text that begins like this has the form with one thing a line: its first line is an
/// object by itself and another begins after it, which no single JSON or YAML document has.
pub fn is_by_line(beginning: &str) -> bool {
    let beginning = beginning.trim_start_matches('\u{feff}').trim_start();
    let Some((first, rest)) = beginning.split_once('\n') else {
        return false;
    };
    first.starts_with('{') && first.trim_end().ends_with('}') && rest.trim_start().starts_with('{')
}

/// One text being read line by line.
pub(crate) struct Lines<'r, 'p> {
    reading: &'r mut Reading<'p>,
    name: Arc<str>,
    file: u32,
    line: u32,
    has_head: bool,
    quantities: Quantities,
}

impl<'r, 'p> Lines<'r, 'p> {
    pub(crate) fn new(reading: &'r mut Reading<'p>, name: Arc<str>, file: u32) -> Self {
        Self {
            reading,
            name,
            file,
            line: 0,
            has_head: false,
            quantities: Quantities::default(),
        }
    }

    /// Reads to the end.
    ///
    /// # Errors
    /// When the text cannot be read any further.
    pub(crate) fn read(mut self, mut text: impl BufRead) -> io::Result<()> {
        let mut line = Vec::new();
        loop {
            line.clear();
            let length = text
                .by_ref()
                .take(LINE_BYTES_MAX)
                .read_until(b'\n', &mut line)?;
            if length == 0 {
                break;
            }
            self.line = self.line.saturating_add(1);
            if line.last() != Some(&b'\n') && u64::try_from(length) == Ok(LINE_BYTES_MAX) {
                text.skip_until(b'\n')?;
                self.too_long();
            } else {
                self.any(line.trim_ascii());
            }
        }
        if self.line == 0 {
            self.headless();
        }
        Ok(())
    }

    fn any(&mut self, line: &[u8]) {
        let line = match self.line {
            1 => line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line),
            _ => line,
        };
        if line.is_empty() {
            return;
        }
        if self.has_head && self.plainly(line).is_some() {
            return;
        }
        match Source::decode(Arc::clone(&self.name), line.to_vec()) {
            Ok(source) => self.by_tree(&source),
            Err(undecoded) => {
                let mut problem = undecoded.problem;
                problem.span.line = self.line;
                problem.span.end_line = self.line;
                self.reading.report.push(problem);
                self.reading.whole = false;
            }
        }
    }

    /// Reads a line the short way; none if it has to go the other.
    fn plainly(&mut self, line: &[u8]) -> Option<()> {
        let parsed: Line<'_> = serde_json::from_slice(line).ok()?;
        let width = u32::try_from(line.len()).unwrap_or(u32::MAX);
        let place = Place {
            file: self.file,
            span: Span {
                line: self.line,
                column: 1,
                end_line: self.line,
                end_column: width.saturating_add(1),
            },
        };
        let source = Source::new(Arc::clone(&self.name), Arc::clone(&self.name));
        let read = &mut Reader {
            source: &source,
            file: self.file,
            report: &mut self.reading.report,
        };
        let parts = &mut self.reading.parts;
        let quantities = &mut self.quantities;
        match parsed {
            Line::Node(node) => add_node(parts, read, quantities, (node, place)),
            Line::Edge(edge) => add_edge(parts, read, quantities, (edge, place)),
            Line::Step(step) => add_step(parts, read, quantities, (step, place)),
        }
    }

    /// Reads a line the way any text is read.
    fn by_tree(&mut self, source: &Source) {
        let (documents, problems) = parse_line(source, self.line);
        self.reading.unread(problems);
        for document in &documents {
            if document.get("cordon").is_some() || !self.has_head {
                self.has_head = true;
                self.reading.document(source, self.file, document);
            } else {
                self.entry(source, document);
            }
        }
    }

    fn entry(&mut self, source: &Source, document: &Text) {
        let read = &mut Reader {
            source,
            file: self.file,
            report: &mut self.reading.report,
        };
        let Some(mut fields) = read.fields(document, "a line") else {
            self.reading.whole = false;
            return;
        };
        let things = ["node", "edge", "service", "step"].map(|key| fields.optional(key));
        let parts = &mut self.reading.parts;
        let names = &mut parts.names;
        let before = read.report.diagnostics.len();
        fields.finish(read.report);
        self.reading.whole &= read.report.diagnostics.len() == before;
        if things.iter().flatten().count() != 1 && read.report.diagnostics.len() == before {
            let message = "expected one of `node`, `edge`, `service` and `step`".to_owned();
            let help = "write each on a line of its own, as in `{\"node\": {…}}`".to_owned();
            read.wrong(document.span, "unclear-line", message, help);
            self.reading.whole = false;
            return;
        }
        let [node, edge, service, step] = things;
        if let Some(at) = node {
            parts.nodes.read(read, names, at);
        }
        if let Some(at) = service {
            parts.services.declare(read, names, at);
            parts.services.read(read, names, at);
        }
        if let Some(at) = edge {
            parts.edges.read(read, names, at);
        }
        if let Some(at) = step {
            parts.steps.read(read, names, &parts.edges, at);
        }
    }

    fn too_long(&mut self) {
        let message = format!("expected a line of fewer than {LINE_BYTES_MAX} bytes");
        let help = "split what it holds over several steps or nodes".to_owned();
        self.wrong("line-too-long", message, help);
    }

    fn headless(&mut self) {
        let message = "expected an estate, found an empty text".to_owned();
        let help = "begin it with the line `{\"cordon\": \"estate/v1\"}`".to_owned();
        self.line = 1;
        self.wrong("empty-text", message, help);
    }

    fn wrong(&mut self, code: &'static str, message: String, help: String) {
        let span = Span {
            line: self.line,
            end_line: self.line,
            ..Span::START
        };
        let place = Place {
            file: self.file,
            span,
        };
        let files = &self.reading.parts.names.files;
        files.wrong(place, (code, message, help), &mut self.reading.report);
        self.reading.whole = false;
    }
}

fn add_node(
    parts: &mut Parts<'_>,
    read: &mut Reader<'_, '_>,
    quantities: &mut Quantities,
    (line, place): (NodeLine<'_>, Place),
) -> Option<()> {
    let loss = match &line.jewel {
        Some(jewel) => Some(quantities.money(jewel.loss)?),
        None => None,
    };
    let (names, nodes) = (&mut parts.names, &mut parts.nodes);
    let id = nodes.declare(read, names, &line.id, place);
    let kind = nodes.kind(read, names, &line.kind, place);
    let mut aliases = Vec::with_capacity(line.aliases.as_ref().map_or(0, Vec::len));
    for alias in line.aliases.into_iter().flatten() {
        names.claim(read, &alias, place, id);
        aliases.push(alias.into_string());
    }
    let why = line
        .jewel
        .and_then(|jewel| jewel.why)
        .map(Word::into_string);
    nodes.add(Node {
        id: NodeId::new(names.shared(id)),
        kind,
        name: line.name.map(Word::into_string),
        aliases,
        jewel: loss.map(|loss| Jewel { loss, why }),
    });
    Some(())
}

fn add_edge(
    parts: &mut Parts<'_>,
    read: &mut Reader<'_, '_>,
    quantities: &mut Quantities,
    (line, place): (EdgeLine<'_>, Place),
) -> Option<()> {
    let minutes = match line.minutes {
        Some(raw) => Some(quantities.minutes(raw)?),
        None => None,
    };
    let likelihood = match line.likelihood {
        Some(raw) => quantities.likelihood(raw)?,
        None => parts.edges.certain(),
    };
    let (names, edges) = (&mut parts.names, &mut parts.edges);
    let wanted = Wanted::Node("an edge");
    let from = NodeIx(names.used_text(read, &line.from, place, wanted).0);
    let to = NodeIx(names.used_text(read, &line.to, place, wanted).0);
    let mut ground = |id: &Word<'_>| {
        NodeIx(
            names
                .used_text(read, id, place, Wanted::Node("`grounds`"))
                .0,
        )
    };
    let grounds = line.grounds.unwrap_or_default();
    let grounds = grounds.iter().map(&mut ground).collect();
    let edge = Edge {
        from,
        to,
        kind: edges.kind(read, names, &line.kind, place),
        minutes,
        likelihood,
        unknown: line.unknown.map(Word::into_string),
    };
    edges.add(read, names, (edge, grounds), place);
    Some(())
}

fn add_step(
    parts: &mut Parts<'_>,
    read: &mut Reader<'_, '_>,
    quantities: &mut Quantities,
    (line, place): (StepLine<'_>, Place),
) -> Option<()> {
    let cost = quantities.money(line.cost)?;
    let minutes = match line.minutes {
        Some(raw) => Some(quantities.minutes(raw)?),
        None => None,
    };
    let names = &mut parts.names;
    let mut nodes = |ids: Option<Vec<Word<'_>>>, what| -> Vec<NodeIx> {
        let ids = ids.unwrap_or_default();
        let symbol = |id: &Word<'_>| names.used_text(read, id, place, Wanted::Node(what));
        ids.iter()
            .map(symbol)
            .map(|symbol| NodeIx(symbol.0))
            .collect()
    };
    let lists = line.removes.unwrap_or_default();
    let cut = nodes(lists.nodes, "`removes`");
    let takes_down = nodes(line.takes_down, "`takes_down`");
    let patterns = lists.edges.unwrap_or_default();
    let mut end = |id: &Word<'_>| {
        let wanted = Wanted::Node("`removes`");
        NodeIx(names.used_text(read, id, place, wanted).0)
    };
    let pattern = |pattern: &PatternLine<'_>| EdgePattern {
        from: end(&pattern.from),
        to: end(&pattern.to),
        kind: pattern
            .kind
            .as_ref()
            .map(|kind| parts.edges.named_kind(kind)),
    };
    let removes = Removes {
        nodes: cut,
        edges: patterns.iter().map(pattern).collect(),
        places: vec![place; patterns.len()],
    };
    let said = Said {
        id: names.declare_step(read, &line.id, place),
        kind: parts.steps.kind(read, names, &line.kind, place),
        removes,
        takes_down,
        cost: Some(cost),
        minutes,
        undo: line.undo.as_deref().map(Arc::from),
        check: line.check.as_deref().map(Arc::from),
        irreversible: line.irreversible,
        action: line.action.map(|action| Arc::new(action.0)),
    };
    parts.steps.add(read, names, said, place);
    Some(())
}
