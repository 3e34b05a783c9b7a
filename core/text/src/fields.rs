//! Reading a mapping key by key, so that what is missing, mistyped or unknown is all said at once.

use std::collections::BTreeSet;

use crate::{Diagnostic, Node, Report, Source, Span, nearest};

/// A mapping being read. Keys asked for are known; [`Fields::finish`] reports the others.
#[derive(Debug)]
pub struct Fields<'n> {
    source: &'n Source,
    what: &'static str,
    span: Span,
    entries: &'n [(Node, Node)],
    known: BTreeSet<&'static str>,
}

impl<'n> Fields<'n> {
    /// Begins to read a node that should be a mapping; `what` names it in messages (`a node`).
    pub fn of(
        source: &'n Source,
        node: &'n Node,
        what: &'static str,
        report: &mut Report,
    ) -> Option<Self> {
        let Some(entries) = node.mapping() else {
            let message = format!(
                "expected {what}, a mapping of keys, found {}",
                node.describe()
            );
            let help = "write keys and their values here, as in `key: …`";
            report.push(Diagnostic::error(source, node.span, "wrong-type", message).help(help));
            return None;
        };
        Some(Self {
            source,
            what,
            span: node.span,
            entries,
            known: BTreeSet::new(),
        })
    }

    /// Where the mapping stands.
    pub fn span(&self) -> Span {
        self.span
    }

    /// The value of a key that may be left out; null counts as left out.
    pub fn optional(&mut self, key: &'static str) -> Option<&'n Node> {
        self.written(key).filter(|value| !value.is_null())
    }

    /// The value of a key that may be left out, where null is a value too.
    pub fn written(&mut self, key: &'static str) -> Option<&'n Node> {
        self.known.insert(key);
        let found = self
            .entries
            .iter()
            .find(|(k, _)| k.scalar().is_some_and(|s| s.text == key));
        found.map(|(_, value)| value)
    }

    /// The value of a key that must be there.
    pub fn required(&mut self, key: &'static str, report: &mut Report) -> Option<&'n Node> {
        let found = self.optional(key);
        if found.is_none() {
            let message = format!("{} needs the key `{key}`", self.what);
            let problem = Diagnostic::error(self.source, self.span, "missing-key", message)
                .help(format!("add `{key}: …`"));
            report.push(problem);
        }
        found
    }

    /// Reports every key that was never asked for.
    pub fn finish(self, report: &mut Report) {
        for (key, _) in self.entries {
            let text = key.scalar().map_or("", |s| s.text.as_str());
            if self.known.contains(text) {
                continue;
            }
            let message = format!("{} has no key `{text}`", self.what);
            let help = if let Some(near) = nearest(text, self.known.iter().copied()) {
                format!("did you mean `{near}`?")
            } else {
                let known: Vec<_> = self.known.iter().copied().collect();
                format!("known keys: {}", known.join(", "))
            };
            report
                .push(Diagnostic::error(self.source, key.span, "unknown-key", message).help(help));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Fields;
    use crate::{Source, parse};

    #[test]
    fn missing_and_unknown_keys_are_all_reported_with_help() {
        let source = Source::new("e.yaml", "knd: user\nzebra: 1\n");
        let (documents, mut report) = parse(&source);
        let mut fields = Fields::of(&source, &documents[0], "a node", &mut report).unwrap();
        assert!(fields.required("id", &mut report).is_none());
        assert!(fields.required("kind", &mut report).is_none());
        fields.finish(&mut report);
        let told: Vec<_> = report
            .diagnostics
            .iter()
            .map(|d| (d.code, d.help.clone()))
            .collect();
        assert_eq!(
            told[2],
            ("unknown-key", Some("did you mean `kind`?".to_owned()))
        );
        assert_eq!(
            told[3],
            ("unknown-key", Some("known keys: id, kind".to_owned()))
        );
    }
}
