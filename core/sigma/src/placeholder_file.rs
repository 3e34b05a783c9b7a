//! The file in which an organisation says what placeholders stand for.
//!
//! ```yaml
//! placeholders:
//!   Administrators: [root, 'adm-*']
//!   DomainControllers: dc1
//! ```
//!
//! A name said twice is an error, in one file or in two: neither would silently win. So is one without a
//! value, since a rule would then never match and say so to nobody.

use std::{collections::BTreeMap, sync::Arc};

use cordon_text::{Node, Report, Source, Span};

use crate::{Placeholders, reader::Reader};

/// Reads files of placeholders, which add up.
pub fn parse_placeholders(sources: &[Source]) -> (Placeholders, Report) {
    let mut read = Placeholders::none();
    let mut report = Report::default();
    let mut seen = BTreeMap::new();
    let none = Placeholders::none();
    for source in sources {
        let (documents, yaml) = cordon_text::parse(source);
        let mut reader = Reader {
            source,
            placeholders: &none,
            report: yaml,
        };
        if documents.is_empty() && !reader.report.has_errors() {
            let message = "a file of placeholders needs the key `placeholders`".to_owned();
            let help = "write `placeholders:` and under it a line `Name: [value]` for each";
            reader.problem(Span::START, "missing-key", message, help);
        }
        for document in &documents {
            take(&mut reader, document, &mut seen, &mut read);
        }
        report.extend(reader.report);
    }
    report.sort();
    (read, report)
}

/// Where each name was said first.
type Seen = BTreeMap<String, Arc<str>>;

fn take(reader: &mut Reader<'_>, document: &Node, seen: &mut Seen, into: &mut Placeholders) {
    let Some(mut fields) = reader.fields(document, "a file of placeholders") else {
        return;
    };
    let listed = fields.required("placeholders", &mut reader.report);
    fields.finish(&mut reader.report);
    let Some(listed) = listed else { return };
    let Some(entries) = listed.mapping() else {
        let message = format!(
            "expected names with their values, found {}",
            listed.describe()
        );
        let help = "write a line `Name: [value]` for each placeholder";
        reader.problem(listed.span, "wrong-type", message, help);
        return;
    };
    for (key, value) in entries {
        let written = key.scalar().map_or("", |scalar| scalar.text.as_str());
        let name = bare(written);
        let values = values(reader, name, value);
        if !Placeholders::may_be_named(name) {
            let message = format!("no rule can speak of a placeholder `{written}`");
            let help = "a name has letters, digits, `_`, `-` and `.` only";
            reader.problem(key.span, "placeholder-name", message, help);
        }
        if let Some(before) = seen.insert(name.to_owned(), Arc::clone(&reader.source.name)) {
            let message = format!("the placeholder `{name}` has values already, from {before}");
            let help = "put all its values into one list";
            reader.problem(key.span, "duplicate-key", message, help);
        }
        into.set(name, values);
    }
}

/// A name without percent signs: written with them, as it stands in rules, it means the same.
fn bare(written: &str) -> &str {
    let inner = written
        .strip_prefix('%')
        .and_then(|rest| rest.strip_suffix('%'));
    inner.unwrap_or(written)
}

fn values(reader: &mut Reader<'_>, name: &str, node: &Node) -> Vec<String> {
    if node.is_null() || node.sequence().is_some_and(<[Node]>::is_empty) {
        let message = format!("the placeholder `{name}` stands for nothing");
        let help = "list its values, or remove it: the rules that need it are then refused";
        reader.problem(node.span, "placeholder-empty", message, help);
        return Vec::new();
    }
    let texts = reader.texts(node, "a value");
    texts
        .into_iter()
        .map(|(text, _)| text.to_string())
        .collect()
}
