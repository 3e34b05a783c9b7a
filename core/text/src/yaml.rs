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
/// reading, but documents before it are kept. Empty documents are left out. Repeated keys are errors.
pub fn parse(source: &Source) -> (Vec<Node>, Report) {
    let mut builder = Builder::new(source);
    let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text);
    let text = surrogates::joined(text);
    for event in Parser::new_from_str(&text) {
        let step = match event {
            Ok((event, span)) => builder.take(event, span),
            Err(error) => {
                let marker = error.marker();
                let at = place(marker.line(), marker.col());
                Err(Box::new(syntax(source, at, error.info())))
            }
        };
        if let Err(problem) = step {
            builder.report.push(*problem);
            break;
        }
    }
    (builder.documents, builder.report)
}

struct Builder<'s> {
    source: &'s Source,
    report: Report,
    documents: Vec<Node>,
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
            open: Vec::new(),
            anchors: BTreeMap::new(),
            nodes: 0,
            aliased: 0,
        }
    }

    fn take(&mut self, event: Event<'_>, span: ParserSpan) -> Step {
        let at = whole(span);
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) => {
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
                self.place(node)
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
        self.place(node)
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
        self.place(node)
    }

    /// Puts a finished node where it belongs: into the open collection, or on its own as a document.
    fn place(&mut self, node: Node) -> Step {
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

fn whole(span: ParserSpan) -> Span {
    let start = place(span.start.line(), span.start.col());
    let end = place(span.end.line(), span.end.col());
    Span {
        end_line: end.line,
        end_column: end.column,
        ..start
    }
}

/// `saphyr-parser` counts lines from 1 and columns from 0.
fn place(line: usize, column: usize) -> Span {
    let line = u32::try_from(line.max(1)).unwrap_or(u32::MAX);
    let column = u32::try_from(column + 1).unwrap_or(u32::MAX);
    Span {
        line,
        column,
        end_line: line,
        end_column: column,
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::{ScalarKind, Source};

    fn codes(text: &str) -> Vec<(&'static str, u32, u32)> {
        let (_, report) = parse(&Source::new("t.yml", text));
        report
            .diagnostics
            .iter()
            .map(|d| (d.code, d.span.line, d.span.column))
            .collect()
    }

    #[test]
    fn documents_keys_and_places_are_kept() {
        let (documents, report) = parse(&Source::new("t", "a: 1\nb: ['2', x]\n---\nc: ~\n"));
        assert!(report.diagnostics.is_empty());
        assert_eq!(documents.len(), 2);
        let b = documents[0].get("b").unwrap().sequence().unwrap();
        assert_eq!(b[0].scalar().unwrap().kind(), ScalarKind::String);
        assert_eq!((b[1].span.line, b[1].span.column), (2, 10));
        assert!(documents[1].get("c").unwrap().is_null());
    }

    #[test]
    fn json_is_yaml() {
        let (documents, report) = parse(&Source::new("t", "{\"a\": {\"b\": [1, 2.50]}}"));
        assert!(report.diagnostics.is_empty());
        let b = documents[0]
            .get("a")
            .unwrap()
            .get("b")
            .unwrap()
            .sequence()
            .unwrap();
        assert_eq!(b[1].text(), Some("2.50"));
    }

    #[test]
    fn json_may_write_a_character_as_two_escapes() {
        let (documents, report) = parse(&Source::new("t", r#"{"a": "x\ud83d\ude00y"}"#));
        assert!(report.diagnostics.is_empty(), "{report:?}");
        assert_eq!(documents[0].get("a").unwrap().text(), Some("x😀y"));
    }

    #[test]
    fn a_value_tagged_as_text_is_text() {
        let (documents, report) = parse(&Source::new("t", "a: !!str 5\nb: !other 5\n"));
        assert!(report.diagnostics.is_empty(), "{report:?}");
        let kind = |key| documents[0].get(key).unwrap().scalar().unwrap().kind();
        assert_eq!(
            (kind("a"), kind("b")),
            (ScalarKind::String, ScalarKind::Integer)
        );
    }

    #[test]
    fn a_merge_key_is_an_error_and_a_quoted_one_a_key() {
        assert_eq!(
            codes("a: &x { b: 1 }\nc: { <<: *x }\n"),
            [("yaml-merge", 2, 6)]
        );
        assert_eq!(codes("'<<': 1\n"), []);
    }

    #[test]
    fn a_repeated_key_is_an_error_at_its_second_place() {
        assert_eq!(codes("a: 1\nb: 2\na: 3\n"), [("duplicate-key", 3, 1)]);
    }

    #[test]
    fn broken_text_keeps_the_documents_before_it() {
        let (documents, report) = parse(&Source::new("t", "a: 1\n---\nb: [1, 2\n"));
        assert_eq!(documents.len(), 1);
        assert_eq!(report.diagnostics[0].code, "yaml-syntax");
    }

    #[test]
    fn aliases_expand_and_a_bomb_is_refused() {
        let (documents, _) = parse(&Source::new("t", "a: &x [1, 2]\nb: *x\n"));
        assert_eq!(documents[0].get("b").unwrap().sequence().unwrap().len(), 2);
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for n in 1..9 {
            let p = n - 1;
            let row = format!(
                "a{n}: &a{n} [*a{p}, *a{p}, *a{p}, *a{p}, *a{p}, *a{p}, *a{p}, *a{p}, *a{p}, *a{p}]\n"
            );
            bomb.push_str(&row);
        }
        assert_eq!(codes(&bomb)[0].0, "yaml-too-large");
    }

    #[test]
    fn nesting_has_a_limit() {
        let deep = "[".repeat(200);
        assert_eq!(codes(&deep)[0].0, "yaml-too-deep");
    }

    #[test]
    fn what_ends_the_reading_says_what_to_do() {
        let bomb: String = std::iter::once("a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned())
            .chain(
                ("abcdefg".chars().zip("bcdefgh".chars())).map(|(from, to)| {
                    let all = vec![format!("*{from}"); 10].join(", ");
                    format!("{to}: &{to} [{all}]\n")
                }),
            )
            .collect();
        for (text, code, help) in [
            ("[".repeat(200), "yaml-too-deep", "brackets"),
            ("[".repeat(2000), "yaml-too-deep", "brackets"),
            ("- ".repeat(2000), "yaml-too-deep", "flatter"),
            (bomb, "yaml-too-large", "an alias of aliases"),
            ("a: &a [*a]\n".to_owned(), "yaml-alias", "anchor"),
            ("? [a]\n: b\n".to_owned(), "yaml-key", "a word and a colon"),
            ("a: [\n".to_owned(), "yaml-syntax", "indentation"),
        ] {
            let (_, report) = parse(&Source::new("t.yml", text.as_str()));
            let [problem] = report.diagnostics.as_slice() else {
                unreachable!("one problem ends the reading, found {report:?}");
            };
            assert_eq!(problem.code, code);
            let said = problem.help.as_deref().unwrap_or_default();
            assert!(said.contains(help), "{code}: {said}");
        }
    }
}
