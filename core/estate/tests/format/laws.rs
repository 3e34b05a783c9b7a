//! Laws that hold for any text.

use std::fmt::Write;

use cordon_text::Severity;
use proptest::prelude::*;

use crate::{HEAD, read_all};

/// Any tree of the words of the format, so that most of the reader is visited.
fn anything() -> impl Strategy<Value = String> {
    let words = "a b s x id kind from to cost needs all any at_least of removes nodes edges services \
        steps takes_down probe http jewel loss minutes likelihood cover 1 -1 0.5 2h true ~ admin-to";
    let words: Vec<_> = words.split_whitespace().map(str::to_owned).collect();
    let leaf = prop::sample::select(words.clone());
    leaf.prop_recursive(5, 60, 5, move |inner| {
        let key = prop::sample::select(words.clone());
        let list = prop::collection::vec(inner.clone(), 0..5);
        let map = prop::collection::btree_map(key, inner, 0..5);
        prop_oneof![
            list.prop_map(|items| format!("[{}]", items.join(", "))),
            map.prop_map(|entries| {
                let entries = entries.iter().map(|(key, value)| format!("{key}: {value}"));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_text_is_read_or_refused_with_an_error(
        sections in prop::collection::btree_map(
            prop::sample::select(vec!["nodes", "edges", "services", "steps"]), anything(), 0..5)
    ) {
        let mut text = HEAD.to_owned();
        for (key, value) in sections {
            writeln!(text, "{key}: {value}").unwrap();
        }
        match read_all(&[("e.yaml", &text)]) {
            Ok(read) => prop_assert!(!read.lints.has_errors()),
            Err(report) => {
                prop_assert!(report.has_errors());
                let helped = |d: &cordon_text::Diagnostic| d.help.is_some() || d.code == "wrong-type";
                prop_assert!(report.diagnostics.iter().all(helped));
                prop_assert!(report.diagnostics.iter().all(|d| d.severity != Severity::Note));
            }
        }
    }

    #[test]
    fn texts_in_any_order_make_the_same_statements(order in Just(vec![0, 1, 2]).prop_shuffle()) {
        let texts = [
            ("1", format!("{HEAD}nodes: [{{id: a, kind: host}}]\n")),
            ("2", "cordon: estate/v1\nnodes: [{id: b, kind: host}]\n".to_owned()),
            ("3", "cordon: estate/v1\nedges: [{from: a, to: b, kind: admin-to}, {from: b, to: c, kind: admin-to}]\n".to_owned()),
        ];
        let shuffled: Vec<_> = order.iter().map(|n| (texts[*n].0, texts[*n].1.as_str())).collect();
        let plain: Vec<_> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
        prop_assert_eq!(read_all(&shuffled).unwrap_err(), read_all(&plain).unwrap_err());
    }
}
