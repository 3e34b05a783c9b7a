//! Detection rules: which log, which selections, which condition.

use std::sync::Arc;

use cordon_text::{Fields, Node};

use crate::{
    condition::{self, Expr},
    header::{self, Header},
    reader::Reader,
    selection::{self, Selection},
};

/// A detection rule without errors.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// What it says about itself.
    pub header: Header,
    /// Which log it is for.
    pub log_source: LogSource,
    /// Its selections, in the order written.
    pub selections: Vec<Selection>,
    /// Its conditions; the rule matches if one holds. Never empty.
    pub conditions: Vec<Expr>,
}

/// Which log a rule is for, in lower case, spaces as `_`; at least one part is given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct LogSource {
    /// Such as `windows`.
    pub product: Option<Arc<str>>,
    /// Such as `security`.
    pub service: Option<Arc<str>>,
    /// Such as `process_creation`.
    pub category: Option<Arc<str>>,
}

impl LogSource {
    /// The field that a rule for this log means: names of Windows fields have no spaces.
    pub(crate) fn field(&self, name: &str) -> Arc<str> {
        if self.product.as_deref() == Some("windows") && name.contains(' ') {
            return Arc::from(name.replace(' ', ""));
        }
        Arc::from(name)
    }
}

/// Reads a rule; what is wrong with it is reported, all at once.
pub(crate) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Rule> {
    let header = header::read(reader, node);
    let mut fields = reader.fields(node, "a rule")?;
    let log_source = fields
        .required("logsource", &mut reader.report)
        .and_then(|node| log_source(reader, node));
    let log = log_source.clone().unwrap_or_default();
    let detection = fields.required("detection", &mut reader.report)?;
    let mut parts = reader.fields(detection, "a detection")?;
    let condition = parts.required("condition", &mut reader.report);
    if let Some(old) = parts.optional("timeframe") {
        let message = "`timeframe` left the Sigma language with the old aggregations".to_owned();
        let help = "write a correlation with a `timespan` instead";
        reader.problem(old.span, "aggregation-unsupported", message, help);
    }
    let (names, selections) = selections(reader, detection, &log);
    let conditions = conditions(reader, condition?, &names, detection);
    Some(Rule {
        header: header?,
        log_source: log_source?,
        selections: selections?,
        conditions: conditions?,
    })
}

fn log_source(reader: &mut Reader<'_>, node: &Node) -> Option<LogSource> {
    let mut fields = reader.fields(node, "a logsource")?;
    let log_source = LogSource {
        product: log_word(reader, &mut fields, "product"),
        service: log_word(reader, &mut fields, "service"),
        category: log_word(reader, &mut fields, "category"),
    };
    fields.optional("definition");
    fields.finish(&mut reader.report);
    if log_source == LogSource::default() {
        let message = "a logsource names a product, a service or a category".to_owned();
        let help = "add at least one of them; a rule for every log would be wrong by accident";
        reader.problem(node.span, "empty-logsource", message, help);
        return None;
    }
    Some(log_source)
}

fn log_word(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    key: &'static str,
) -> Option<Arc<str>> {
    let word = reader.text(fields.optional(key)?, "a word")?;
    Some(Arc::from(word.trim().to_lowercase().replace(' ', "_")))
}

/// The names of all selections, and the selections if all of them could be read.
fn selections(
    reader: &mut Reader<'_>,
    detection: &Node,
    log: &LogSource,
) -> (Vec<Arc<str>>, Option<Vec<Selection>>) {
    let entries = detection.mapping().unwrap_or_default();
    let mut names = Vec::new();
    let mut selections = Vec::new();
    for (key, value) in entries {
        let name = key.scalar().map_or("", |scalar| scalar.text.as_str());
        if matches!(name, "condition" | "timeframe") {
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
fn conditions(
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
    let read = match condition::read(text, names) {
        Ok(read) => read,
        Err(problem) => {
            reader.problem(node.span, problem.code, problem.message, &problem.help);
            return None;
        }
    };
    for pattern in read.unmatched {
        let message = format!("`{pattern}` matches no selection and is left out of the condition");
        let help = "remove it, or correct the pattern";
        reader.warning(node.span, "pattern-without-selection", message, help);
    }
    if read.expr.is_none() {
        let message = "the condition speaks of no selection at all".to_owned();
        reader.error(node.span, "empty-condition", message);
    }
    read.expr
}
