//! What an id or a name refers to.

use std::{collections::BTreeMap, sync::Arc};

use cordon_sigma::{Correlation, Header};
use cordon_text::{Diagnostic, Report, Severity};

/// Something a correlation may build on, by its place in its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    Rule(usize),
    Correlation(usize),
}

/// Everything that has an id or a name. The documents of one file may share an id (they did under
/// `action: global`); a reference to it then means any of them.
#[derive(Debug)]
pub(super) struct Index<'r> {
    targets: BTreeMap<&'r str, Vec<(Target, &'r Header)>>,
}

impl<'r> Index<'r> {
    pub(super) fn new(
        rules: impl Iterator<Item = &'r Header>,
        correlations: &'r [Correlation],
    ) -> Self {
        let rules = rules
            .enumerate()
            .map(|(n, header)| (Target::Rule(n), header));
        let correlations = correlations.iter().enumerate();
        let all = rules.chain(correlations.map(|(n, c)| (Target::Correlation(n), &c.header)));
        let mut targets: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        for (target, header) in all {
            let named = header
                .name
                .as_ref()
                .filter(|name| Some(*name) != header.id.as_ref());
            for word in header.id.iter().chain(named) {
                targets.entry(word).or_default().push((target, header));
            }
        }
        Self { targets }
    }

    /// What a reference means.
    pub(super) fn get(&self, reference: &str) -> Vec<Target> {
        let found = self.targets.get(reference).map_or(&[][..], Vec::as_slice);
        found.iter().map(|(target, _)| *target).collect()
    }

    /// Whether a correlation lists what a reference means.
    pub(super) fn refers(&self, correlation: &Correlation, reference: &str) -> bool {
        correlation
            .rules
            .iter()
            .any(|listed| self.same(&listed.to, reference))
    }

    /// The field behind a `group-by` name for what stands at a position.
    pub(super) fn field(
        &self,
        correlation: &Correlation,
        position: usize,
        name: &Arc<str>,
    ) -> Arc<str> {
        let listed = correlation.rules.get(position);
        let by_rule = correlation.aliases.get(name);
        let field = listed.zip(by_rule).and_then(|(listed, by_rule)| {
            let mut fields = by_rule.iter();
            fields
                .find(|(rule, _)| self.same(&listed.to, rule))
                .map(|(_, field)| field)
        });
        Arc::clone(field.unwrap_or(name))
    }

    /// Warns of ids and names that different files share.
    pub(super) fn report_duplicates(&self, report: &mut Report) {
        for (word, targets) in &self.targets {
            let Some(((_, first), others)) = targets.split_first() else {
                continue;
            };
            for (_, header) in others.iter().filter(|(_, h)| h.file != first.file) {
                report.push(Diagnostic {
                    file: Arc::clone(&header.file),
                    span: header.span,
                    code: "duplicate-rule-id",
                    severity: Severity::Warning,
                    message: format!("`{word}` also names the rule in {}", first.file),
                    help: Some("give each rule an id of its own, or each file once".to_owned()),
                });
            }
        }
    }

    /// Whether two references mean the same.
    fn same(&self, one: &str, other: &str) -> bool {
        one == other || {
            let others = self.get(other);
            self.get(one).iter().any(|target| others.contains(target))
        }
    }
}
