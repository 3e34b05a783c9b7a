//! The old way to share parts between the documents of one file: `action: global`, `reset` and
//! `repeat`.
//!
//! As in pySigma: what is global lies on top of every later rule, until another `global` or a `reset`;
//! `repeat` lays its own keys over the rule before it. Correlations and filters take no part.

use cordon_text::{Node, Value};

use crate::reader::Reader;

/// What was said before a document and still holds.
#[derive(Default)]
pub(crate) struct Shared {
    global: Option<Node>,
    previous: Option<Node>,
}

impl Shared {
    /// Forgets the rule before, because what stood behind it is not known.
    pub(crate) fn forget(&mut self) {
        self.previous = None;
    }

    /// The document as it is meant; none if it only says something about the others.
    pub(crate) fn apply(&mut self, reader: &mut Reader<'_>, document: Node) -> Option<Node> {
        let Some(action) = document.get("action") else {
            return Some(self.complete(document));
        };
        match action.text() {
            Some("global") => {
                let body = without_action(document);
                self.previous = Some(body.clone());
                self.global = Some(body);
                None
            }
            Some("reset") => {
                self.global = None;
                if without_action(document.clone()).mapping() != Some(&[]) {
                    let message = "a document that resets says nothing else".to_owned();
                    let help = "put the rest into a document of its own, behind a line `---`";
                    reader.problem(action.span, "action-with-content", message, help);
                }
                None
            }
            Some("repeat") => {
                let Some(before) = self.previous.take() else {
                    let message = "there is nothing before this document to repeat".to_owned();
                    let help = "put it behind the rule that it varies, or remove `action`";
                    reader.problem(action.span, "nothing-to-repeat", message, help);
                    return None;
                };
                let whole = overlaid(before, without_action(document));
                self.previous = Some(whole.clone());
                Some(whole)
            }
            Some(_) | None => {
                let message = format!("there is no such action, found {}", action.describe());
                let help = "known actions: global, reset, repeat";
                reader.problem(action.span, "unknown-action", message, help);
                None
            }
        }
    }

    /// A rule under what is shared, which wins where both say something.
    fn complete(&mut self, document: Node) -> Node {
        let alone = ["correlation", "filter"]
            .iter()
            .any(|key| document.get(key).is_some());
        if alone {
            return document;
        }
        let whole = match &self.global {
            Some(global) => overlaid(document, global.clone()),
            None => document,
        };
        self.previous = Some(whole.clone());
        whole
    }
}

fn without_action(mut node: Node) -> Node {
    if let Value::Mapping(entries) = &mut node.value {
        entries.retain(|(key, _)| key.text() != Some("action"));
    }
    node
}

/// `base` with `top` laid over it: maps are joined key by key, anything else is replaced.
fn overlaid(base: Node, top: Node) -> Node {
    let span = base.span;
    match (base.value, top.value) {
        (Value::Mapping(mut entries), Value::Mapping(over)) => {
            for (key, value) in over {
                let place = entries.iter().position(|(k, _)| k.text() == key.text());
                match place.and_then(|place| entries.get_mut(place)) {
                    Some((_, slot)) => *slot = overlaid(slot.clone(), value),
                    None => entries.push((key, value)),
                }
            }
            let value = Value::Mapping(entries);
            Node { span, value }
        }
        (Value::Mapping(_) | Value::Sequence(_) | Value::Scalar(_), value) => {
            let span = top.span;
            Node { span, value }
        }
    }
}
