//! One source being read: where problems go, and how plain values are taken from a document.

use std::sync::Arc;

use cordon_text::{Diagnostic, Fields, Node, Report, Scalar, ScalarKind, Source, Span};

use crate::{Placeholders, condition};

/// A source being read.
pub(crate) struct Reader<'s> {
    pub(crate) source: &'s Source,
    pub(crate) placeholders: &'s Placeholders,
    pub(crate) report: Report,
}

impl<'s> Reader<'s> {
    /// Reports an error.
    pub(crate) fn error(&mut self, span: Span, code: &'static str, message: String) {
        self.report
            .push(Diagnostic::error(self.source, span, code, message));
    }

    /// Reports an error and what to do next.
    pub(crate) fn problem(&mut self, span: Span, code: &'static str, message: String, help: &str) {
        self.report
            .push(Diagnostic::error(self.source, span, code, message).help(help));
    }

    /// Reports what is wrong with a condition, each at its word.
    pub(crate) fn wrong_condition(&mut self, node: &Node, problems: &[condition::Problem]) {
        for problem in problems {
            let (span, message) = (node.part(problem.at.clone()), problem.message.clone());
            self.problem(span, problem.code, message, &problem.help);
        }
    }

    /// Reports a lint and what to do next.
    pub(crate) fn warning(&mut self, span: Span, code: &'static str, message: String, help: &str) {
        let lint = Diagnostic::error(self.source, span, code, message)
            .warning()
            .help(help);
        self.report.push(lint);
    }

    /// Reports something worth knowing.
    pub(crate) fn note(&mut self, span: Span, code: &'static str, message: String) {
        let note = Diagnostic::error(self.source, span, code, message).note();
        self.report.push(note);
    }

    /// `true` or `false`; anything else is reported.
    pub(crate) fn flag(&mut self, node: &Node) -> Option<bool> {
        if let Some(ScalarKind::Bool(value)) = node.scalar().map(Scalar::kind) {
            return Some(value);
        }
        let message = format!("expected `true` or `false`, found {}", node.describe());
        self.error(node.span, "wrong-type", message);
        None
    }

    /// The keys of a mapping.
    pub(crate) fn fields<'n>(&mut self, node: &'n Node, what: &'static str) -> Option<Fields<'n>>
    where
        's: 'n,
    {
        Fields::of(self.source, node, what, &mut self.report)
    }

    /// The text of a scalar.
    pub(crate) fn text(&mut self, node: &Node, what: &str) -> Option<String> {
        if node.text().is_none() {
            let message = format!("expected {what}, found {}", node.describe());
            self.error(node.span, "wrong-type", message);
        }
        node.text().map(str::to_owned)
    }

    /// The texts under a key whose value is a list, each with its node; a scalar gets a warning.
    pub(crate) fn list<'n>(
        &mut self,
        node: &'n Node,
        key: &str,
        what: &str,
    ) -> Vec<(Arc<str>, &'n Node)> {
        if node.scalar().is_some() {
            let message = format!("`{key}` is a list, found {}", node.describe());
            let help = format!("write `{key}:` and the value on a line of its own behind `- `");
            self.warning(node.span, "not-a-list", message, &help);
        }
        self.texts(node, what)
    }

    /// The texts of a list of scalars, each with its node; one scalar is a list of one.
    pub(crate) fn texts<'n>(&mut self, node: &'n Node, what: &str) -> Vec<(Arc<str>, &'n Node)> {
        let items = node.sequence().unwrap_or(std::slice::from_ref(node));
        let texts = items.iter().filter_map(|item| {
            let text = self.text(item, what)?;
            Some((Arc::from(text), item))
        });
        texts.collect()
    }
}
