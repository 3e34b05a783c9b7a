//! Ids and names that several rules have: whoever refers to one of them means which?

use std::collections::BTreeMap;

use cordon_text::{Diagnostic, Report, Severity};

use crate::Header;

/// Warns of each rule whose id or name an earlier one has.
pub fn doubled<'r>(headers: impl IntoIterator<Item = &'r Header>) -> Report {
    let mut first: BTreeMap<&str, &Header> = BTreeMap::new();
    let mut report = Report::default();
    for header in headers {
        let words = [header.id.as_deref(), header.name.as_deref()];
        let taken = words
            .into_iter()
            .flatten()
            .find_map(|word| first.get(word).map(|earlier| (word, *earlier)));
        if let Some((word, earlier)) = taken {
            report.push(warning(header, word, earlier));
        }
        for word in words.into_iter().flatten() {
            first.entry(word).or_insert(header);
        }
    }
    report
}

fn warning(header: &Header, word: &str, earlier: &Header) -> Diagnostic {
    Diagnostic {
        file: header.file.clone(),
        span: header.span,
        severity: Severity::Warning,
        code: "doubled-rule",
        message: format!(
            "`{word}` is also what the rule `{}` is called, in {}:{}",
            earlier.title, earlier.file, earlier.span.line
        ),
        help: Some(
            "give each rule an id and a name of its own: what refers to this one means all of them, \
             and their detections cannot be told apart"
                .to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use cordon_text::Source;

    use super::doubled;
    use crate::parse;

    #[test]
    fn a_rule_that_is_called_like_another_is_told_once() {
        let rule = |id: &str, name: &str| {
            format!(
                "title: T\nid: {id}\nname: {name}\nlogsource: {{ product: okta }}\n\
                 detection: {{ s: {{ a: b }}, condition: s }}\n"
            )
        };
        let check = |rules: &[(&str, &str)], lines: &[u32]| {
            let texts: Vec<_> = rules.iter().map(|(id, name)| rule(id, name)).collect();
            let parsed = parse(&Source::new("r.yml", texts.join("---\n")));
            let report = doubled(parsed.rules.iter().map(|rule| &rule.header));
            let told: Vec<_> = report.diagnostics.iter().map(|d| d.span.line).collect();
            assert_eq!(told, lines, "{rules:?}");
        };
        check(&[("1", "a"), ("2", "b")], &[]);
        check(&[("1", "a"), ("1", "a"), ("3", "a")], &[7, 13]);
        check(&[("1", "a"), ("2", "1")], &[7]);
        check(&[("1", "1")], &[]);
    }
}
