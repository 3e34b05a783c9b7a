//! The law of explanations: they never disagree with the verdict, nor with themselves.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "recordings are found through the environment, and a test that cannot go on has failed"
)]

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use cordon_detect::{
    Asks, Explanation, Judged, JudgedBody, Match, RuleSet, SingleRule, Term, explain,
};
use cordon_event::{Degradation, Event, Hints, LogKind, Refusal, Sink, read};
use cordon_recordings::{files_ending, recording};
use cordon_sigma::{Rule, parse};
use cordon_text::Source;
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value, json};

/// Whether the tree of a condition follows from its selections, all the way up.
fn consistent(explanation: &Explanation) -> bool {
    fn term(judged: &Judged, whole: &Explanation) -> bool {
        let follows = match &judged.term {
            Term::Selection(place) => whole.selections[*place].body.holds,
            Term::Not(inner) => !inner.holds,
            Term::And(parts) => parts.iter().all(|part| part.holds),
            Term::Or(parts) => parts.iter().any(|part| part.holds),
        };
        let below = match &judged.term {
            Term::Selection(_) => true,
            Term::Not(inner) => term(inner, whole),
            Term::And(parts) | Term::Or(parts) => parts.iter().all(|part| term(part, whole)),
        };
        below && follows == judged.holds
    }
    fn body(judged: &JudgedBody) -> bool {
        match &judged.asks {
            Asks::All(parts) => {
                judged.holds == parts.iter().all(|part| part.holds) && parts.iter().all(body)
            }
            Asks::Any(parts) => {
                judged.holds == parts.iter().any(|part| part.holds) && parts.iter().all(body)
            }
            Asks::Line(line) => {
                let mut values = line.values.iter();
                let turned = line.modifiers.contains(&"neq");
                let held = if line.modifiers.contains(&"all") {
                    values.all(|value| value.holds)
                } else {
                    values.any(|value| value.holds)
                };
                judged.holds == (held != turned)
            }
        }
    }
    let conditions = &explanation.conditions;
    conditions.iter().all(|judged| term(judged, explanation))
        && explanation.holds == conditions.iter().any(|judged| judged.holds)
        && explanation.selections.iter().all(|s| body(&s.body))
}

/// The verdict of the full evaluation on one rule.
fn verdict(rule: &Rule, event: &Event) -> bool {
    let (set, _) = RuleSet::compile([rule.clone()], []);
    set.screen_in_full(event, &|_| Vec::new()).is_some()
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => "[aAbB*? /-]{0,3}".prop_map(Value::from),
        1 => (-2_i64..3).prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
    ]
}

fn line() -> impl Strategy<Value = (String, Value)> {
    let modifiers = vec![
        "",
        "|contains",
        "|startswith",
        "|endswith",
        "|contains|all",
        "|neq",
        "|contains|all|neq",
        "|cased",
        "|windash|contains",
        "|base64offset|contains",
        "|fieldref",
        "|exists",
        "|gte",
        "|hour",
    ];
    let field = select(vec!["f", "g", "h.i", ""]);
    (field, select(modifiers), vec(scalar(), 1..4)).prop_map(|(field, modifiers, values)| {
        let values: Vec<_> = values
            .into_iter()
            .map(|value| match modifiers {
                "|exists" => Value::from(value != json!(true)),
                "|gte" | "|hour" => value.as_i64().map_or(json!(1), Value::from),
                _ => value,
            })
            .collect();
        (format!("{field}{modifiers}"), Value::from(values))
    })
}

fn rule() -> impl Strategy<Value = String> {
    let conditions = vec![
        "a and b",
        "a or b",
        "a and not b",
        "not (a or b)",
        "all of them",
        "b",
    ];
    let selection = || vec(line(), 1..3).prop_map(Value::from_iter);
    let product = select(vec!["p", "q"]);
    (selection(), selection(), select(conditions), product).prop_map(
        |(a, b, condition, product)| {
            json!({
                "title": "t",
                "logsource": { "product": product },
                "detection": { "a": a, "b": [b, "k"], "condition": condition },
            })
            .to_string()
        },
    )
}

fn record() -> impl Strategy<Value = Value> {
    let value = || prop_oneof![3 => scalar(), 1 => vec(scalar(), 0..3).prop_map(Value::from), 1 => Just(Value::Null)];
    let names = vec!["f", "g", "h.i", "F", "h"];
    vec((select(names), value()), 0..4).prop_map(|fields| {
        let mut fields: serde_json::Map<String, Value> = fields
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        if let Some(inner) = fields.remove("h") {
            fields.insert("h".to_owned(), json!([{ "i": inner }]));
        }
        Value::Object(fields)
    })
}

fn event(fields: Value) -> Event {
    let kind = LogKind {
        product: Some(Arc::from("p")),
        ..LogKind::default()
    };
    Event::of_fields(kind, fields)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn an_explanation_says_what_the_full_evaluation_says(text in rule(), fields in record()) {
        let event = event(fields);
        for rule in parse(&Source::new("r", text.as_str())).rules {
            let told = explain(&rule, &event);
            prop_assert_eq!(told.matched(), verdict(&rule, &event), "{} on {}", text, event.fields);
            prop_assert!(consistent(&told), "{} on {}: {:#?}", text, event.fields, told);
        }
    }
}

#[derive(Default)]
struct Collected(Vec<Event>);

impl Sink for Collected {
    fn event(&mut self, event: &Event, _degraded: &[Degradation]) {
        self.0.push(event.clone());
    }

    fn refusal(&mut self, _refusal: Refusal) {}
}

/// The records of real identity and cloud logs.
fn records(file: &Path) -> Vec<Event> {
    let text = fs::read_to_string(file).expect("the recording is text");
    let mut collected = Collected::default();
    for line in text.lines() {
        let labelled: Value = serde_json::from_str(line).expect("a line is JSON");
        let record = labelled["log"].to_string();
        read(
            &Arc::from("log"),
            &mut record.as_bytes(),
            &Hints::default(),
            &mut collected,
        )
        .expect("bytes in memory can be read");
    }
    collected.0
}

fn rules(folder: &Path) -> Vec<Rule> {
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a rule file is text");
        parse(&Source::new(path.display().to_string(), text)).rules
    };
    files_ending(folder, ".yml")
        .into_iter()
        .flat_map(read)
        .collect()
}

#[test]
fn explanations_agree_with_verdicts_on_real_rules_and_records() {
    let (Some(folder), Some(file)) = (
        recording("sigma-rules/rules/cloud"),
        recording("identity/labelled-events.jsonl"),
    ) else {
        return;
    };
    let mut all = rules(&folder);
    all.extend(rules(&folder.join("../identity")));
    let (set, _) = RuleSet::compile(&all, []);
    let singles: Vec<_> = all.iter().map(SingleRule::new).collect();
    let (mut asked, mut matched) = (0_usize, 0_usize);
    for (number, event) in (0_u32..).zip(records(&file)) {
        let found = set.screen_in_full(&event, &|_| Vec::new());
        let hits = found.into_iter().flat_map(Match::into_hits);
        let verdicts: Vec<_> = hits.map(|hit| hit.rule.0).collect();
        for (place, single) in (0_u32..).zip(&singles) {
            let expect = verdicts.contains(&place);
            // Explaining every miss would take minutes without telling more.
            if !expect && !single.holds(&event) && (place + number) % 40 != 0 {
                continue;
            }
            let told = single.explain(&event);
            assert_eq!(told.matched(), expect, "rule {place} on {}", event.fields);
            assert_eq!(told.holds, single.holds(&event));
            assert!(consistent(&told), "rule {place} on {}", event.fields);
            asked += 1;
            matched += usize::from(expect);
        }
    }
    eprintln!("{asked} explanations, {matched} of them of a match");
    assert!(matched > 0);
}
