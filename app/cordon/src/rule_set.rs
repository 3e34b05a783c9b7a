//! The rules to match: the user's own, or those that ship with the binary.

use std::{collections::BTreeMap, path::PathBuf};

use cordon_detect::RuleSet;
use cordon_event::FieldMap;
use cordon_sigma::parse;
use cordon_text::{Report, Source};
use rayon::prelude::*;

use crate::{Failure, console::Console, content, failure::Problems, texts};

/// Rules that can be used, and what is wrong with the others.
#[derive(Debug)]
pub(crate) struct Rules {
    /// Those that can be used, compiled.
    pub(crate) set: RuleSet,
    /// Rule documents found.
    pub(crate) documents: usize,
    /// How many of them cannot be used.
    pub(crate) refused: usize,
    /// How many plain rules look at each product.
    pub(crate) products: BTreeMap<String, usize>,
    /// What is wrong, and what is doubtful.
    pub(crate) problems: Problems,
}

/// Reads and compiles rules from files and folders; the built-in ones if none are named.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn rules(paths: &[PathBuf]) -> Result<Rules, Failure> {
    let texts = if paths.is_empty() {
        texts::Texts {
            sources: content::rules(),
            report: Report::default(),
        }
    } else {
        texts::files_and_folders(paths)?
    };
    Ok(compile(texts.sources, texts.report))
}

fn compile(sources: Vec<Source>, mut report: Report) -> Rules {
    let (mut documents, mut refused) = (0, 0);
    let (mut rules, mut correlations) = (Vec::new(), Vec::new());
    for parsed in sources.par_iter().map(parse).collect::<Vec<_>>() {
        documents += parsed.documents;
        refused += parsed.refused;
        rules.extend(parsed.rules);
        correlations.extend(parsed.correlations);
        report.extend(parsed.report);
    }
    let read = rules.len() + correlations.len();
    let (set, compiling) = RuleSet::compile(&rules, &correlations);
    refused += read - set.len();
    report.extend(compiling);
    report.sort();
    let mut products = BTreeMap::new();
    for product in rules
        .iter()
        .filter_map(|rule| rule.log_source.product.as_deref())
    {
        *products.entry(product.to_owned()).or_default() += 1;
    }
    Rules {
        set,
        products,
        documents,
        refused,
        problems: Problems { report, sources },
    }
}

/// Rules to work with. A refused rule does not hold up the others while an intruder is inside, but
/// it is said how many there are and how to see why.
///
/// # Errors
/// When a file cannot be read, or no rule is left to work with.
pub(crate) fn usable_rules(paths: &[PathBuf], console: &Console) -> Result<Rules, Failure> {
    let rules = rules(paths)?;
    if rules.set.is_empty() {
        return Err(Failure::Input(rules.problems.or_no_rule()));
    }
    if rules.refused > 0 || rules.problems.report.has_errors() {
        console.remark(&format!(
            "{} of {} rules cannot be used and are left out; `cordon rules check` says why",
            rules.refused, rules.documents
        ));
    }
    Ok(rules)
}

impl Problems {
    /// These problems if one is an error; else that there is no rule.
    fn or_no_rule(self) -> Self {
        if self.report.has_errors() {
            return self;
        }
        let message = "expected detection rules, found none in these files";
        Self::of_arguments("--rules", message, "name files or folders with Sigma rules")
    }
}

/// Which field of which log names whom.
pub(crate) fn field_map() -> FieldMap {
    let (fields, _our_own_pages_are_tested) = FieldMap::parse(&content::fields());
    fields
}

#[cfg(test)]
mod tests {
    use cordon_event::FieldMap;

    use super::{Report, Rules, Source, compile, rules};
    use crate::content;

    fn compiled(rules: &[&str]) -> Rules {
        let source = |(number, text): (usize, &&str)| Source::new(format!("{number}.yml"), *text);
        compile(
            rules.iter().enumerate().map(source).collect(),
            Report::default(),
        )
    }

    const RULE: &str = "title: A\nname: a\nlogsource: { product: okta }\n\
                        detection: { s: { eventType: x }, condition: s }\n";

    #[test]
    fn every_built_in_rule_and_field_page_can_be_used() {
        let built_in = rules(&[]).unwrap();
        assert_eq!(built_in.problems.report.diagnostics, []);
        assert_eq!(
            (built_in.refused, built_in.documents),
            (0, built_in.set.len())
        );
        let (_, report) = FieldMap::parse(&content::fields());
        assert_eq!(report.diagnostics, []);
    }

    #[test]
    fn a_correlation_that_names_no_rule_is_refused_and_counted() {
        let correlation = "title: C\ncorrelation: { type: event_count, rules: [b], \
                           group-by: [actor.id], timespan: 5m, condition: { gte: 2 } }\n";
        let found = compiled(&[RULE, correlation]);
        assert_eq!((found.documents, found.refused, found.set.len()), (2, 1, 1));
        assert!(found.problems.report.has_errors());
    }

    #[test]
    fn what_is_no_rule_is_noted_and_not_counted() {
        let found = compiled(&[RULE, "a: 1\n"]);
        assert_eq!((found.documents, found.refused), (1, 0));
        assert_eq!(found.problems.report.diagnostics.len(), 1);
        assert!(!found.problems.report.has_errors());
    }
}
