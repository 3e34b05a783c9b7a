//! YAML (and so JSON) to nodes, on `saphyr-parser`'s events.

use std::collections::{BTreeMap, BTreeSet};

use saphyr_parser::{Event, Parser, ScalarStyle, Span as ParserSpan};

use crate::{Diagnostic, Node, Report, Scalar, Source, Span, Value, surrogates};

/// Deepest nesting accepted: far beyond any rule or estate, far below the stack.
const DEPTH_MAX: usize = 128;

/// Most nodes that aliases may add to one source: a "billion laughs" text stops within a second,
/// while any hand-written use of anchors fits.
const ALIASED_NODES_MAX: usize = 1_000_000;

/// Parses every document of a source.
///
/// Returns the documents that could be read and all problems found; a syntax error ends the
/// reading of its document, and each that is left out so has one error other than a repeated or
/// merging key. Empty documents are left out. Repeated keys are errors.
pub fn parse(source: &Source) -> (Vec<Node>, Report) {
    let mut builder = Builder::new(source);
    let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text);
    let text = surrogates::joined(text);
    let mut separators = separators(&text);
    let mut rest = Some(Separator { line: 0, at: 0 });
    while let Some(begin) = rest {
        builder.begin_at(begin.line);
        let Some(problem) = builder.read(text.get(begin.at..).unwrap_or_default()) else {
            break;
        };
        rest = separators.find(|separator| separator.line > builder.document);
        builder.give_up(*problem, rest.map(|next| next.line));
    }
    (builder.documents, builder.report)
}

/// Where a line begins that is `---` and so begins a document, whatever stands before it: the number
/// of lines before it, and its first byte.
#[derive(Debug, Clone, Copy)]
struct Separator {
    line: usize,
    at: usize,
}

fn separators(text: &str) -> impl Iterator<Item = Separator> {
    let (mut line, mut at) = (0, 0);
    let lines = text.split_inclusive(['\n', '\r']).map(move |row| {
        let here = Separator { line, at };
        at += row.len();
        // The second half of a line break begins no line.
        line += usize::from(
            !(row == "\n" && text.as_bytes().get(here.at.wrapping_sub(1)) == Some(&b'\r')),
        );
        (here, row)
    });
    lines.filter_map(|(here, row)| {
        let behind = row.strip_prefix("---")?;
        let alone = behind.is_empty() || behind.starts_with(char::is_whitespace);
        alone.then_some(here)
    })
}

struct Builder<'s> {
    source: &'s Source,
    report: Report,
    documents: Vec<Node>,
    /// How many lines stand before the text that the parser sees.
    lines_before: usize,
    /// How many lines stand before the document that was begun last.
    document: usize,
    /// Whether that document is whole.
    ended: bool,
    open: Vec<Open>,
    anchors: BTreeMap<usize, (Node, usize)>,
    nodes: usize,
    aliased: usize,
}

/// A list or mapping that has begun and not ended.
struct Open {
    start: Span,
    anchor: usize,
    nodes_before: usize,
    shape: Shape,
}

enum Shape {
    Sequence(Vec<Node>),
    Mapping {
        entries: Vec<(Node, Node)>,
        seen: BTreeSet<String>,
        key: Option<Node>,
    },
}

type Step = Result<(), Box<Diagnostic>>;

impl<'s> Builder<'s> {
    fn new(source: &'s Source) -> Self {
        Self {
            source,
            report: Report::default(),
            documents: Vec::new(),
            lines_before: 0,
            document: 0,
            ended: false,
            open: Vec::new(),
            anchors: BTreeMap::new(),
            nodes: 0,
            aliased: 0,
        }
    }

    /// Gets ready to read what stands behind so many lines.
    fn begin_at(&mut self, line: usize) {
        self.open.clear();
        (self.lines_before, self.document) = (line, line);
        self.ended = false;
    }

    /// Reads documents up to the end, or to what ends the reading of one.
    fn read(&mut self, text: &str) -> Option<Box<Diagnostic>> {
        for event in Parser::new_from_str(text) {
            let step = match event {
                Ok((event, span)) => self.take(event, span),
                Err(error) => {
                    let marker = error.marker();
                    let at = self.place(marker.line(), marker.col());
                    Err(Box::new(syntax(self.source, at, error.info())))
                }
            };
            if let Err(problem) = step {
                return Some(problem);
            }
        }
        None
    }

    /// Leaves out a document for what is wrong with it; the next one stands behind `next` lines. What
    /// was left open is seen at the end only, and told where it began.
    fn give_up(&mut self, mut problem: Diagnostic, next: Option<usize>) {
        let end = next.unwrap_or_else(|| self.source.text.lines().count());
        let beyond = lines_above(problem.span) >= end;
        if self.ended && beyond && next.is_some() {
            // The next one broke before it began: it is read by itself.
            return;
        }
        let begun = self.document;
        let left_out = |read: &mut Node| lines_above(read.span) >= begun;
        while self.documents.pop_if(left_out).is_some() {}
        if beyond {
            problem.span = self.open.last().map_or(problem.span, |open| open.start);
        }
        self.report.push(problem);
    }

    fn take(&mut self, event: Event<'_>, span: ParserSpan) -> Step {
        let at = self.whole(span);
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd => Ok(()),
            Event::DocumentEnd => {
                self.ended = true;
                Ok(())
            }
            Event::DocumentStart(_) => {
                self.ended = false;
                self.document = lines_above(at);
                self.anchors.clear();
                Ok(())
            }
            Event::Alias(anchor) => self.alias(anchor, at),
            Event::Scalar(text, style, anchor, tag) => {
                let said = tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
                let plain = style == ScalarStyle::Plain && !said;
                let scalar = Scalar {
                    text: text.into_owned(),
                    plain,
                };
                let node = Node {
                    span: at,
                    value: Value::Scalar(scalar),
                };
                self.nodes += 1;
                self.remember(anchor, &node, 1);
                self.put(node)
            }
            Event::SequenceStart(anchor, _tag) => {
                self.begin(anchor, at, Shape::Sequence(Vec::new()))
            }
            Event::MappingStart(anchor, _tag) => {
                let entries = Vec::new();
                self.begin(
                    anchor,
                    at,
                    Shape::Mapping {
                        entries,
                        seen: BTreeSet::new(),
                        key: None,
                    },
                )
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(at),
        }
    }

    fn begin(&mut self, anchor: usize, start: Span, shape: Shape) -> Step {
        if self.open.len() >= DEPTH_MAX {
            return Err(Box::new(too_deep(self.source, start)));
        }
        self.nodes += 1;
        self.open.push(Open {
            start,
            anchor,
            nodes_before: self.nodes - 1,
            shape,
        });
        Ok(())
    }

    fn end(&mut self, at: Span) -> Step {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let (value, end) = match open.shape {
            Shape::Sequence(items) => {
                let end = items.last().map_or(at, |n| n.span);
                (Value::Sequence(items), end)
            }
            Shape::Mapping { entries, .. } => {
                let end = entries.last().map_or(at, |(_, v)| v.span);
                (Value::Mapping(entries), end)
            }
        };
        let span = Span {
            end_line: end.end_line,
            end_column: end.end_column,
            ..open.start
        };
        let node = Node { span, value };
        self.remember(open.anchor, &node, self.nodes - open.nodes_before);
        self.put(node)
    }

    fn alias(&mut self, anchor: usize, at: Span) -> Step {
        let Some((node, weight)) = self.anchors.get(&anchor).cloned() else {
            let message = "an alias to something that is not complete yet".to_owned();
            let help = "let the anchor `&…` stand on something that ends before this `*…`";
            return Err(Box::new(self.error(at, "yaml-alias", message).help(help)));
        };
        self.nodes += weight;
        self.aliased += weight;
        if self.aliased > ALIASED_NODES_MAX {
            let message = format!("aliases expand to more than {ALIASED_NODES_MAX} parts");
            let help = "write the parts out instead: an alias of aliases multiplies them";
            return Err(Box::new(
                self.error(at, "yaml-too-large", message).help(help),
            ));
        }
        self.put(node)
    }

    /// Puts a finished node where it belongs: into the open collection, or on its own as a document.
    fn put(&mut self, node: Node) -> Step {
        let Some(open) = self.open.last_mut() else {
            if !node.is_null() {
                self.documents.push(node);
            }
            return Ok(());
        };
        match &mut open.shape {
            Shape::Sequence(items) => items.push(node),
            Shape::Mapping { entries, seen, key } => match key.take() {
                None => {
                    let Some(scalar) = node.scalar() else {
                        let message = format!("expected a key, found {}", node.describe());
                        let help = "begin the line with a word and a colon, such as `name: …`";
                        return Err(Box::new(
                            self.error(node.span, "yaml-key", message).help(help),
                        ));
                    };
                    let (text, span) = (scalar.text.clone(), node.span);
                    if scalar.plain && text == "<<" {
                        let message = "merge keys (`<<`) left YAML with version 1.2".to_owned();
                        let problem = Diagnostic::error(self.source, span, "yaml-merge", message)
                            .help("write the keys out; anchors and aliases for whole values work");
                        self.report.push(problem);
                    }
                    *key = Some(node);
                    if !seen.insert(text.clone()) {
                        let message = format!("the key `{text}` stands twice in this mapping");
                        let problem = self
                            .error(span, "duplicate-key", message)
                            .help("remove one of them; neither would silently win");
                        self.report.push(problem);
                    }
                }
                Some(key) => entries.push((key, node)),
            },
        }
        Ok(())
    }

    fn remember(&mut self, anchor: usize, node: &Node, weight: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, (node.clone(), weight));
        }
    }

    fn whole(&self, span: ParserSpan) -> Span {
        let start = self.place(span.start.line(), span.start.col());
        let end = self.place(span.end.line(), span.end.col());
        Span {
            end_line: end.line,
            end_column: end.column,
            ..start
        }
    }

    /// `saphyr-parser` counts lines from 1 and columns from 0.
    fn place(&self, line: usize, column: usize) -> Span {
        let line = self.lines_before.saturating_add(line.max(1));
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        let column = u32::try_from(column + 1).unwrap_or(u32::MAX);
        Span {
            line,
            column,
            end_line: line,
            end_column: column,
        }
    }

    fn error(&self, span: Span, code: &'static str, message: String) -> Diagnostic {
        Diagnostic::error(self.source, span, code, message)
    }
}

/// What the parser refuses. Its own limit on brackets within brackets is no matter of indentation.
fn syntax(source: &Source, at: Span, info: &str) -> Diagnostic {
    if info.contains("recursion limit") {
        return too_deep(source, at);
    }
    Diagnostic::error(source, at, "yaml-syntax", info.to_lowercase())
        .help("check the indentation and the quotes just before this place")
}

fn too_deep(source: &Source, at: Span) -> Diagnostic {
    let message = format!("nesting deeper than {DEPTH_MAX} levels");
    Diagnostic::error(source, at, "yaml-too-deep", message)
        .help("close brackets that were left open, or write it flatter")
}

/// How many lines stand before the one where something begins.
fn lines_above(span: Span) -> usize {
    usize::try_from(span.line - 1).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
