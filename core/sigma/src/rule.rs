//! Detection rules: which log, which selections, which condition.

use std::ops::Range;

use cordon_text::Node;

use crate::{
    condition::Expr,
    detection,
    header::{self, Header},
    log_source::{self, LogSource},
    reader::Reader,
    selection::Selection,
};

/// A detection rule without errors.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// What it says about itself.
    pub header: Header,
    /// Which log it is for.
    pub log_source: LogSource,
    /// Its selections in the order written, then those of its filters.
    pub selections: Vec<Selection>,
    /// Its conditions; the rule matches if one holds. Never empty.
    pub conditions: Vec<Expr>,
    /// The filters that were joined to it.
    pub filters: Vec<Joined>,
}

impl Rule {
    /// Whether a value's placeholders wait for a pipeline.
    pub(crate) fn waits(&self) -> bool {
        self.selections.iter().any(|s| s.body.waits())
    }
}

/// A filter that was joined to a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Joined {
    /// What the filter says about itself, its file included.
    pub header: Header,
    /// Which of the rule's selections are the filter's.
    pub selections: Range<usize>,
}

/// Reads a rule; what is wrong with it is reported, all at once.
pub(crate) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Rule> {
    let header = header::read(reader, node);
    let mut fields = reader.fields(node, "a rule")?;
    let log_source = fields
        .required("logsource", &mut reader.report)
        .and_then(|node| log_source::read(reader, node));
    let log = log_source.clone().unwrap_or_default();
    let detection = fields.required("detection", &mut reader.report)?;
    let mut parts = reader.fields(detection, "a detection")?;
    let condition = parts.required("condition", &mut reader.report);
    if let Some(old) = parts.optional("timeframe") {
        let message = "`timeframe` left the Sigma language with the old aggregations".to_owned();
        let help = "write a correlation with a `timespan` instead";
        reader.problem(old.span, "aggregation-unsupported", message, help);
    }
    let (names, selections) =
        detection::selections(reader, detection, &log, ["condition", "timeframe"]);
    let conditions = detection::conditions(reader, condition?, &names, detection);
    Some(Rule {
        header: header?,
        log_source: log_source?,
        selections: selections?,
        conditions: conditions?,
        filters: Vec::new(),
    })
}
