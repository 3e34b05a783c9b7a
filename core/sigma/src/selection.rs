//! The named parts of a detection: maps, lists of maps, and keywords.

use std::sync::Arc;

use cordon_text::{Node, Span, Value};

use crate::{
    LogSource,
    item::{Item, Quantifier, Waiting},
    lower::{self, Place},
    modifier::{Plan, Shape},
    reader::Reader,
};

/// A named part of a detection, which conditions speak of.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// Its name.
    pub name: Arc<str>,
    /// Where it stands.
    pub span: Span,
    /// What it asks for.
    pub body: Body,
}

/// What a selection asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// All of these, as the lines of a map; never empty.
    All(Vec<Body>),
    /// One of these, as the entries of a list; never empty.
    Any(Vec<Body>),
    /// One field or keyword.
    Item(Item),
}

impl Body {
    /// Whether a value's placeholders wait for a pipeline.
    pub(crate) fn waits(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::waits),
            Self::Item(item) => !item.waiting.is_empty(),
        }
    }
}

/// Reads what stands under a selection's name; what is wrong is reported.
pub(crate) fn body(reader: &mut Reader<'_>, node: &Node, log: &LogSource) -> Option<Body> {
    match &node.value {
        Value::Mapping(entries) => {
            let items: Vec<_> = entries
                .iter()
                .filter_map(|(key, value)| item(reader, key, value, log))
                .collect();
            filled(
                reader,
                node,
                (items.len() == entries.len()).then_some(items),
            )
            .map(Body::All)
        }
        Value::Sequence(entries) => {
            let (keywords, parts): (Vec<_>, Vec<_>) =
                entries.iter().partition(|entry| entry.scalar().is_some());
            let mut bodies: Vec<_> = parts
                .iter()
                .filter_map(|part| body(reader, part, log))
                .collect();
            let mut complete = bodies.len() == parts.len();
            if !keywords.is_empty() {
                let item = tests(reader, Line::keywords(node), &keywords);
                complete &= item.is_some();
                bodies.extend(item.map(Body::Item));
            }
            filled(reader, node, complete.then_some(bodies)).map(Body::Any)
        }
        Value::Scalar(_) => tests(reader, Line::keywords(node), &[node]).map(Body::Item),
    }
}

/// The parts, if none was refused; having none is an error of its own.
fn filled(reader: &mut Reader<'_>, node: &Node, parts: Option<Vec<Body>>) -> Option<Vec<Body>> {
    let parts = parts?;
    if parts.is_empty() {
        let message = "a selection must ask for something, and this one is empty".to_owned();
        reader.error(node.span, "empty-selection", message);
        return None;
    }
    Some(parts)
}

/// A field with its modifiers, before its values are read.
struct Line<'l> {
    /// The field and its log; none for keywords.
    field: Option<(Arc<str>, &'l LogSource)>,
    plan: Plan,
    span: Span,
}

impl Line<'_> {
    /// Keywords without modifiers.
    fn keywords(node: &Node) -> Self {
        Self {
            field: None,
            plan: Plan::PLAIN,
            span: node.span,
        }
    }

    /// Whether a value can be read only after a pipeline filled its placeholders.
    fn waits(&self, reader: &Reader<'_>, text: &str) -> bool {
        self.plan.expand && reader.placeholders.waits(text)
    }
}

/// Reads one line of a map: `Field|modifier: value` or `'|all': [keywords]`.
fn item(reader: &mut Reader<'_>, key: &Node, value: &Node, log: &LogSource) -> Option<Body> {
    let written = key.scalar().map_or("", |scalar| scalar.text.as_str());
    let mut parts = written.split('|');
    let name = parts.next().unwrap_or_default();
    let plan = match Plan::read(parts) {
        Ok(plan) => plan,
        Err(refused) => {
            reader.problem(key.span, refused.code, refused.message, refused.help);
            return None;
        }
    };
    let span = Span {
        end_line: value.span.end_line,
        end_column: value.span.end_column,
        ..key.span
    };
    let field = (!name.is_empty()).then(|| (log.field(name), log));
    let line = Line { field, plan, span };
    if value.sequence().is_some_and(<[Node]>::is_empty) {
        let message = format!("`{written}` must have a value, and its list is empty");
        reader.error(value.span, "empty-selection", message);
        return None;
    }
    let nodes: Vec<_> = values(value).iter().collect();
    lint_values(reader, key, value, plan);
    tests(reader, line, &nodes).map(Body::Item)
}

/// The values of an item; one that stands alone is a list of one.
fn values(node: &Node) -> &[Node] {
    node.sequence().unwrap_or(std::slice::from_ref(node))
}

/// Lints what the specification forbids and what yet has a clear meaning.
fn lint_values(reader: &mut Reader<'_>, key: &Node, value: &Node, plan: Plan) {
    let every = matches!(plan.quantifier, Quantifier::All | Quantifier::NotAll);
    if every && values(value).len() == 1 {
        let message = "`all` wants a list of values, found one value".to_owned();
        let help = "remove `|all`, or list more values";
        reader.warning(key.span, "all-of-one", message, help);
    }
    if plan.shape == Some(Shape::Exists) && values(value).len() > 1 {
        let message = "`exists` takes one value, found a list".to_owned();
        let help = "write `true` or `false`; both together say nothing";
        reader.problem(value.span, "modifier-value", message, help);
    }
    for node in value.sequence().unwrap_or_default() {
        if node.is_null() {
            let message = "`null` stands within a list, where Sigma does not allow it".to_owned();
            let help = "put it into a selection of its own and join the two with `or`";
            reader.warning(node.span, "null-in-list", message, help);
        }
    }
}

fn tests(reader: &mut Reader<'_>, line: Line<'_>, nodes: &[&Node]) -> Option<Item> {
    let place = match line.field {
        Some((_, log)) => Place::Field(log),
        None => Place::Keyword,
    };
    let about_field = matches!(line.plan.shape, Some(Shape::Exists | Shape::FieldRef(_)));
    if line.field.is_none() && about_field {
        let message = "`exists` and `fieldref` want the name of a field before them".to_owned();
        reader.error(line.span, "modifier-combination", message);
        return None;
    }
    let (mut tests, mut waiting) = (Vec::new(), Vec::new());
    for node in nodes {
        match node.text().filter(|text| line.waits(reader, text)) {
            Some(text) => waiting.push(Waiting {
                text: text.to_owned(),
                plan: line.plan,
                span: node.span,
            }),
            None => tests.extend(lower::test(reader, node, line.plan, place)),
        }
    }
    (tests.len() + waiting.len() == nodes.len()).then_some(Item {
        field: line.field.map(|(name, _)| name),
        quantifier: line.plan.quantifier,
        tests,
        span: line.span,
        waiting,
    })
}
