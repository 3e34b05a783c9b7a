//! Correlations that wait for their time to pass, so that absence can be told: `cordon: { waits: true }`.
//!
//! The specification judges a correlation whenever a record joins its window, so that `a and not b`
//! holds as soon as there is an `a`, whatever comes behind it. One that waits is judged when a timespan
//! has passed since the `a`. It is Cordon's own, and stands under `cordon` for that reason.

use std::collections::BTreeSet;

use cordon_text::Node;

use super::kind::CorrelationKind;
use crate::reader::Reader;

/// Reads whether a correlation waits, and for which of its rules; nothing if that is wrong.
#[expect(
    clippy::option_option,
    reason = "that nothing is waited for is an answer, and that it is written wrongly is none"
)]
pub(super) fn read(
    reader: &mut Reader<'_>,
    document: &Node,
    kind: &CorrelationKind,
) -> Option<Option<BTreeSet<usize>>> {
    let Some(node) = document.get("cordon").and_then(|own| own.get("waits")) else {
        return Some(None);
    };
    if !reader.flag(node)? {
        return Some(None);
    }
    if let CorrelationKind::TemporalWhere(condition) = kind {
        let absent = condition.absent();
        if !absent.is_empty() {
            return Some(Some(absent));
        }
    }
    let message = "a correlation waits for what does not come, and this one names nothing";
    let help =
        "write `type: temporal` with a condition such as `reset and not ticket`, or remove `waits`";
    reader.problem(node.span, "waits-for-nothing", message.to_owned(), help);
    None
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use cordon_text::Source;

    use crate::parse;

    fn read(kind: &str, own: &str) -> Result<Option<BTreeSet<usize>>, Vec<&'static str>> {
        let rule = |name| {
            format!(
                "title: {name}\nname: {name}\nlogsource: {{ product: p }}\n\
                 detection: {{ s: {{ k: {name} }}, condition: s }}\n---\n"
            )
        };
        let text = format!(
            "{}{}title: X\ncorrelation: {{ rules: [a, b], timespan: 1h, {kind} }}\ncordon: {own}\n",
            rule("a"),
            rule("b")
        );
        let parsed = parse(&Source::new("r.yml", text));
        let codes = parsed.report.diagnostics.iter().map(|d| d.code).collect();
        match parsed.correlations.as_slice() {
            [one] => Ok(one.waits.clone()),
            _ => Err(codes),
        }
    }

    #[test]
    fn what_waits_says_what_for() {
        let absence = "type: temporal, condition: a and not b";
        assert_eq!(
            read(absence, "{ waits: true }"),
            Ok(Some(BTreeSet::from([1])))
        );
        assert_eq!(read(absence, "{ waits: false }"), Ok(None));
        assert_eq!(read(absence, "{ holds: [actor] }"), Ok(None));
        for (kind, own, code) in [
            ("type: temporal", "{ waits: true }", "waits-for-nothing"),
            (
                "type: temporal, condition: a and b",
                "{ waits: true }",
                "waits-for-nothing",
            ),
            (
                "type: temporal_ordered, condition: a and not b",
                "{ waits: true }",
                "waits-for-nothing",
            ),
            (
                "type: event_count, condition: { gte: 2 }",
                "{ waits: true }",
                "waits-for-nothing",
            ),
            (absence, "{ waits: perhaps }", "wrong-type"),
        ] {
            assert_eq!(read(kind, own), Err(vec![code]), "{kind} {own}");
        }
    }
}
