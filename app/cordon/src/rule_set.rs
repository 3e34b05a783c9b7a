//! The rules to match: the user's own, or those that ship with the binary.

use std::collections::{BTreeMap, BTreeSet};

use cordon_detect::RuleSet;
use cordon_event::FieldMap;
use cordon_incident::{Actors, Knowledge, Rates, Watched};

use crate::{
    Failure,
    console::Console,
    content,
    failure::Problems,
    library::{Library, library},
    typed::RuleFiles,
};

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
    /// Which techniques rules for each product name.
    pub(crate) techniques: Techniques,
    /// What is wrong, and what is doubtful.
    pub(crate) problems: Problems,
}

/// Tags of plain rules, by the product that they look at.
#[derive(Debug, Default)]
pub(crate) struct Techniques(BTreeMap<String, BTreeSet<String>>);

impl Techniques {
    fn add(&mut self, product: &str, tags: &[std::sync::Arc<str>]) {
        let known = self.0.entry(product.to_owned()).or_default();
        known.extend(tags.iter().map(|tag| tag.as_ref().to_owned()));
    }

    /// What rules could show in logs of some products.
    pub(crate) fn watched(&self, products: &BTreeSet<String>) -> Watched {
        let read = self
            .0
            .iter()
            .filter(|(product, _)| products.contains(*product));
        Watched::of_tags(read.flat_map(|(_, tags)| tags).map(String::as_str))
    }
}

/// Reads and compiles rules from files and folders; the built-in ones if none are named.
///
/// # Errors
/// When a file cannot be read, what placeholders stand for is not said clearly, or a pipeline cannot
/// be used.
pub(crate) fn rules(asked: &RuleFiles) -> Result<Rules, Failure> {
    Ok(compile(library(&asked.rules, &asked.reading)?))
}

fn compile(library: Library) -> Rules {
    let Library {
        rules,
        correlations,
        documents,
        mut refused,
        lost,
        mut problems,
    } = library;
    let read = rules.len() + correlations.len();
    let (set, compiling) = RuleSet::compile_beside(&lost, &rules, &correlations);
    refused += read - set.len();
    problems.report.extend(compiling);
    problems.report.sort();
    let mut products = BTreeMap::new();
    let mut techniques = Techniques::default();
    for rule in &rules {
        if let Some(product) = rule.log_source.product.as_deref() {
            *products.entry(product.to_owned()).or_default() += 1;
            techniques.add(product, &rule.header.tags);
        }
    }
    Rules {
        set,
        documents,
        refused,
        products,
        techniques,
        problems,
    }
}

/// Rules to work with. A refused rule does not hold up the others while an intruder is inside, but
/// it is said how many there are and how to see why.
///
/// # Errors
/// When a file cannot be read, placeholders are not said clearly, a pipeline cannot be used, or no
/// rule is left to work with.
pub(crate) fn usable_rules(asked: &RuleFiles, console: &Console) -> Result<Rules, Failure> {
    let rules = rules(asked)?;
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
    pub(crate) fn or_no_rule(self) -> Self {
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

/// What ships of rules and intruders: how often rules fire on ordinary days, and what actors do.
pub(crate) fn knowledge() -> Knowledge {
    let (rates, _our_own_tables_are_tested) = Rates::parse(&content::beliefs());
    let (actors, _our_own_profiles_are_tested) = Actors::parse(&content::actors());
    Knowledge {
        rates,
        actors,
        ..Knowledge::default()
    }
}

#[cfg(test)]
mod tests {
    use cordon_event::FieldMap;
    use cordon_text::Source;

    use super::{Library, RuleFiles, Rules, compile, rules};
    use crate::{content, library::Reading, texts::Texts};

    fn compiled(rules: &[&str]) -> Rules {
        let source = |(number, text): (usize, &&str)| Source::new(format!("{number}.yml"), *text);
        let texts = Texts {
            sources: rules.iter().enumerate().map(source).collect(),
            ..Texts::default()
        };
        compile(Library::read(texts, &Reading::default()))
    }

    const RULE: &str = "title: A\nname: a\nlogsource: { product: okta }\n\
                        detection: { s: { eventType: x }, condition: s }\n";

    #[test]
    fn every_built_in_rule_and_field_page_can_be_used() {
        let built_in = rules(&RuleFiles::default()).unwrap();
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
    fn a_filter_of_one_file_reaches_the_rules_of_another_and_is_counted() {
        let filter = |rules: &str| {
            format!(
                "title: F\nlogsource: {{ product: okta }}\n\
                 filter: {{ rules: {rules}, s: {{ user: x }}, condition: not s }}\n"
            )
        };
        let correlation = "title: C\nname: c\ncorrelation: { type: event_count, rules: [a], \
                           timespan: 5m, condition: { gte: 2 } }\n";
        let found = compiled(&[&filter("[a]"), RULE, correlation, &filter("[c]")]);
        assert_eq!((found.documents, found.refused, found.set.len()), (4, 1, 2));
        let codes: Vec<_> = found
            .problems
            .report
            .diagnostics
            .iter()
            .map(|d| d.code)
            .collect();
        assert_eq!(codes, ["filter-on-correlation"]);
    }

    #[test]
    fn what_is_no_rule_is_noted_and_not_counted() {
        let found = compiled(&[RULE, "a: 1\n"]);
        assert_eq!((found.documents, found.refused), (1, 0));
        assert_eq!(found.problems.report.diagnostics.len(), 1);
        assert!(!found.problems.report.has_errors());
    }
}
