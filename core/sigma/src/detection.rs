//! What rules and filters have in common: named selections, and conditions over them.

use std::sync::Arc;

use cordon_text::Node;

use crate::{
    condition::{self, Expr, Noun, Unmatched},
    log_source::LogSource,
    reader::Reader,
    selection::{self, Selection},
};

/// The names of all selections, and the selections if all of them could be read. What stands under
/// the `reserved` keys is something else.
pub(crate) fn selections(
    reader: &mut Reader<'_>,
    detection: &Node,
    log: &LogSource,
    reserved: [&str; 2],
) -> (Vec<Arc<str>>, Option<Vec<Selection>>) {
    let entries = detection.mapping().unwrap_or_default();
    let mut names = Vec::new();
    let mut selections = Vec::new();
    for (key, value) in entries {
        let name = key.scalar().map_or("", |scalar| scalar.text.as_str());
        if reserved.contains(&name) {
            continue;
        }
        let name: Arc<str> = Arc::from(name);
        names.push(Arc::clone(&name));
        let body = selection::body(reader, value, log);
        selections.extend(body.map(|body| Selection {
            name,
            span: key.span,
            body,
        }));
    }
    let complete = names.len() == selections.len();
    (names, complete.then_some(selections))
}

/// The conditions, if all of them could be read; lints what they leave unused.
pub(crate) fn conditions(
    reader: &mut Reader<'_>,
    node: &Node,
    names: &[Arc<str>],
    detection: &Node,
) -> Option<Vec<Expr>> {
    let texts = reader.texts(node, "a condition");
    if texts.is_empty() && node.sequence().is_some_and(<[Node]>::is_empty) {
        let message = "a detection needs a condition, and this list is empty".to_owned();
        reader.error(node.span, "empty-condition", message);
    }
    let count = node.sequence().map_or(1, <[Node]>::len);
    let exprs: Vec<_> = texts
        .into_iter()
        .filter_map(|(text, node)| condition(reader, node, &text, names))
        .collect();
    if exprs.len() != count || exprs.is_empty() {
        return None;
    }
    let mut unused = names.to_vec();
    for expr in &exprs {
        expr.each_selection(&mut |place| {
            let used = names.get(place);
            unused.retain(|name| Some(name) != used);
        });
    }
    for name in unused {
        let span = detection.mapping().unwrap_or_default().iter();
        let key = span
            .map(|(key, _)| key)
            .find(|key| key.text() == Some(&name));
        let message = format!("no condition speaks of the selection `{name}`");
        let span = key.map_or(detection.span, |key| key.span);
        reader.warning(
            span,
            "unused-selection",
            message,
            "use it in the condition or remove it",
        );
    }
    Some(exprs)
}

fn condition(reader: &mut Reader<'_>, node: &Node, text: &str, names: &[Arc<str>]) -> Option<Expr> {
    let read = condition::read(text, Noun("selection"), names);
    reader.wrong_condition(node, &read.problems);
    for Unmatched { at, pattern } in read.unmatched {
        let message = format!("`{pattern}` matches no selection and is left out of the condition");
        let help = "remove it, or correct the pattern";
        reader.warning(node.part(at), "pattern-without-selection", message, help);
    }
    if !read.problems.is_empty() {
        return None;
    }
    if read.expr.is_none() {
        let message = "the condition speaks of no selection at all".to_owned();
        reader.error(node.span, "empty-condition", message);
    }
    read.expr
}
