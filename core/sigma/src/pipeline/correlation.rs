//! Pipelines on correlations: the fields that they group by, count and know by other names.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    draft::Marks, refusal::Refusal, rename::Rename, rule_condition::Subject, run::Run, step::Step,
    transformation::Transformation,
};
use crate::{Correlation, CorrelationKind, Header, LogSource, Rule};

/// A correlation on its way through pipelines.
pub(crate) struct Passing<'d> {
    pub(crate) correlation: Correlation,
    pub(crate) marks: Marks,
    /// The log sources of the rules it builds on.
    pub(crate) logs: &'d [LogSource],
}

impl Passing<'_> {
    /// Does to it what a step does.
    pub(crate) fn step(&mut self, step: &Step, run: &mut Run<'_>) -> Result<(), Refusal> {
        let subject = Subject::Correlation {
            header: &self.correlation.header,
            marks: &self.marks,
            logs: self.logs,
        };
        if !step.takes(&subject, run)? {
            return Ok(());
        }
        if !matches!(step.does, Transformation::AddCondition(_)) {
            self.marks.extend(step.id().cloned());
        }
        match &step.does {
            Transformation::Rename(rename) => self.rename(rename, step, run),
            Transformation::ShownFields(change) => {
                change.apply(&mut self.correlation.header);
                Ok(())
            }
            Transformation::Nest(steps) => {
                let mut inner = run.nested();
                for step in steps {
                    self.step(step, &mut inner)?;
                }
                run.absorb(inner);
                Ok(())
            }
            Transformation::OnItems(_)
            | Transformation::AddCondition(_)
            | Transformation::ChangeLogSource(_)
            | Transformation::StrictMapping
            | Transformation::SetState(..)
            | Transformation::SetAttribute(..)
            | Transformation::FailRule(_) => step.apply_outside(run),
        }
    }

    fn rename(&mut self, rename: &Rename, step: &Step, run: &mut Run<'_>) -> Result<(), Refusal> {
        let shown = self.correlation.header.fields.iter();
        self.correlation.header.fields = shown
            .flat_map(|field| rename.outside(step, run, field))
            .collect();
        let places = &mut self.correlation.places;
        let mut single = |field: &mut Arc<str>, what: &str| -> Result<(), Refusal> {
            match rename.outside(step, run, field).as_slice() {
                [name] => {
                    places.rename(field, std::slice::from_ref(name));
                    *field = Arc::clone(name);
                }
                names => return Err(several(field, names, what)),
            }
            Ok(())
        };
        for fields in self.correlation.aliases.values_mut() {
            for field in fields.values_mut() {
                single(field, "an alias")?;
            }
        }
        let aliases = &self.correlation.aliases;
        let counted: &mut [Arc<str>] = match &mut self.correlation.kind {
            CorrelationKind::ValueCount { fields, .. } => fields,
            CorrelationKind::ValueMeasure { field, .. } => std::slice::from_mut(field),
            CorrelationKind::EventCount(_)
            | CorrelationKind::Temporal(_)
            | CorrelationKind::TemporalWhere(_)
            | CorrelationKind::TemporalOrdered(_) => &mut [],
        };
        for field in counted {
            if !aliases.contains_key(field) {
                single(field, "what is counted")?;
            }
        }
        let grouped = self.correlation.group_by.iter();
        self.correlation.group_by = grouped
            .flat_map(|field| {
                if aliases.contains_key(field) {
                    return vec![Arc::clone(field)];
                }
                let names = rename.outside(step, run, field);
                places.rename(field, &names);
                names
            })
            .collect();
        Ok(())
    }
}

fn several(field: &str, names: &[Arc<str>], what: &str) -> Refusal {
    let message = format!(
        "the pipeline gives `{field}` {} names (`{}`), and {what} can have only one",
        names.len(),
        names.join("`, `")
    );
    let help = "restrict the mapping with the condition `is_sigma_rule`";
    Refusal::new("pipeline-refused", message, help)
}

/// What rules and correlations are called, and which logs they look at.
#[derive(Default)]
pub(crate) struct Logs {
    rules: BTreeMap<Arc<str>, LogSource>,
    correlations: BTreeMap<Arc<str>, Vec<Arc<str>>>,
}

impl Logs {
    pub(crate) fn add_rule(&mut self, rule: &Rule) {
        for name in names(&rule.header) {
            self.rules.insert(name, rule.log_source.clone());
        }
    }

    pub(crate) fn add_correlation(&mut self, correlation: &Correlation) {
        let to: Vec<_> = correlation
            .rules
            .iter()
            .map(|r| Arc::clone(&r.to))
            .collect();
        for name in names(&correlation.header) {
            self.correlations.insert(name, to.clone());
        }
    }

    /// The log sources below a correlation, through others too.
    pub(crate) fn below(&self, correlation: &Correlation) -> Vec<LogSource> {
        let mut open: Vec<&Arc<str>> = correlation.rules.iter().map(|r| &r.to).collect();
        let mut seen: BTreeSet<&Arc<str>> = BTreeSet::new();
        let mut logs = Vec::new();
        while let Some(name) = open.pop() {
            if seen.insert(name) {
                logs.extend(self.rules.get(name).cloned());
                open.extend(self.correlations.get(name).into_iter().flatten());
            }
        }
        logs
    }
}

fn names(header: &Header) -> impl Iterator<Item = Arc<str>> {
    header.id.iter().chain(&header.name).cloned()
}
