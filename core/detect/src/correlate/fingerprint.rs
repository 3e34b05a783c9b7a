//! What a correlation means, in a few bytes: the same for correlations that mean the same, so that windows
//! are never continued under another meaning.
//!
//! Everything counts that decides what joins a window and when it fires, the rules it builds on
//! included; titles, levels and places in files do not. Meanings are hashed as the compiler prints
//! them: another release may print one differently, and then windows are dropped, which is the
//! safe side.

use std::{
    fmt::{self, Write as _},
    sync::Arc,
};

use cordon_sigma::{Body, Correlation, Rule};
use sha2::{Digest as _, Sha256};

/// How many bytes of the digest are kept.
const BYTES: usize = 16;

/// How values are told apart, which windows remember: changed when that changes.
const VALUES: &str = "numbers by value, empty texts included";

/// What a rule or correlation means, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fingerprint(Arc<str>);

impl Fingerprint {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// That of a plain rule.
    pub(super) fn of_rule(rule: &Rule) -> Self {
        let mut hash = Hash::default();
        let (id, name) = (&rule.header.id, &rule.header.name);
        hash.add(&(id, name, &rule.log_source, &rule.conditions));
        for selection in &rule.selections {
            hash.add(&selection.name);
            hash.add_body(&selection.body);
        }
        hash.finish()
    }

    /// That of a correlation that builds on these.
    pub(super) fn of_correlation(correlation: &Correlation, on: &[Vec<Self>]) -> Self {
        let mut hash = Hash::default();
        hash.add(&VALUES);
        let (id, name) = (&correlation.header.id, &correlation.header.name);
        hash.add(&(id, name, &correlation.kind, &correlation.aliases));
        hash.add(&(&correlation.group_by, correlation.timespan_seconds, on));
        if let Some(absent) = &correlation.waits {
            hash.add(&("waits", absent));
        }
        // Aliases are said of references as they are written.
        for reference in &correlation.rules {
            hash.add(&reference.to);
        }
        hash.finish()
    }
}

#[derive(Default)]
struct Hash(Sha256);

impl fmt::Write for Hash {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

impl Hash {
    fn add(&mut self, meaning: &dyn fmt::Debug) {
        let written = writeln!(self, "{meaning:?}");
        debug_assert!(written.is_ok(), "a hash takes every text");
    }

    /// Adds what a selection asks for, without the places where it stands.
    fn add_body(&mut self, body: &Body) {
        match body {
            Body::All(parts) | Body::Any(parts) => {
                let word = if matches!(body, Body::All(_)) {
                    "all"
                } else {
                    "any"
                };
                self.add(&(word, parts.len()));
                for part in parts {
                    self.add_body(part);
                }
            }
            Body::Item(item) => self.add(&(&item.field, item.quantifier, &item.tests)),
        }
    }

    fn finish(self) -> Fingerprint {
        let mut text = String::new();
        for byte in self.0.finalize().iter().take(BYTES) {
            let written = write!(text, "{byte:02x}");
            debug_assert!(written.is_ok(), "a string takes every text");
        }
        Fingerprint(Arc::from(text))
    }
}

#[cfg(test)]
mod tests {
    use cordon_sigma::parse;
    use cordon_text::Source;

    use crate::RuleSet;

    const RULES: &str = "\
title: A
name: a
logsource: { product: p }
detection: { sel: { f: 1 }, condition: sel }
---
title: X
correlation: { type: event_count, rules: a, group-by: u, timespan: 1h, condition: { gte: 2 } }
";

    fn fingerprint(rules: &str) -> String {
        let parsed = parse(&Source::new("r.yml", rules));
        let (set, _) = RuleSet::compile(parsed.rules, parsed.correlations);
        set.correlations()[0].fingerprint.as_str().to_owned()
    }

    #[test]
    fn what_changes_the_meaning_changes_the_fingerprint_and_nothing_else_does() {
        let known = fingerprint(RULES);
        for (from, to, same) in [
            ("title: X", "title: Y\nlevel: high", true),
            ("title: A", "# a remark\ntitle: B", true),
            ("timespan: 1h", "timespan: 60m", true),
            ("timespan: 1h", "timespan: 2h", false),
            ("gte: 2", "gte: 3", false),
            ("group-by: u", "group-by: v", false),
            ("f: 1", "f: 2", false),
            ("f: 1", "g: 1", false),
            ("condition: sel }", "condition: not sel }", false),
            ("product: p", "product: q", false),
        ] {
            let changed = fingerprint(&RULES.replacen(from, to, 1));
            assert_eq!(changed == known, same, "{to}");
        }
    }
}
