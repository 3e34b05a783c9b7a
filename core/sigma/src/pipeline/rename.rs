//! Steps that give fields other names.

use std::{collections::BTreeMap, sync::Arc};

use cordon_text::{Fields, Node};

use super::{
    draft::{DraftBody, DraftItem, Marks},
    kinds,
    run::Run,
    spelling,
    step::Step,
    value::Value,
};
use crate::{Quantifier, Test, reader::Reader};

/// A way to rename fields.
#[derive(Debug, Clone)]
pub(crate) enum Rename {
    /// Names and what they become.
    Names(Mapping),
    /// Beginnings of names and what they become; the first that fits counts.
    Beginnings(Vec<(Arc<str>, Renamed)>),
    /// Something before each name.
    Prefix(Arc<str>),
    /// Something after each name.
    Suffix(Arc<str>),
    /// Another spelling of each name that has none of its own.
    Spelling(Mapping, spelling::Spelling),
}

/// Names and what they become; none stands for keywords.
pub(crate) type Mapping = BTreeMap<Option<Arc<str>>, Renamed>;

/// What a name becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Renamed {
    /// Another name.
    One(Arc<str>),
    /// Several names, of which one must fit.
    Many(Vec<Arc<str>>),
}

impl Renamed {
    /// The new names.
    pub(crate) fn names(&self) -> &[Arc<str>] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Many(names) => names,
        }
    }

    fn map(&self, change: impl Fn(&str) -> String) -> Self {
        match self {
            Self::One(name) => Self::One(Arc::from(change(name))),
            Self::Many(names) => Self::Many(names.iter().map(|n| Arc::from(change(n))).collect()),
        }
    }
}

impl Rename {
    /// What a field becomes; none if this says nothing of it.
    fn of(&self, field: Option<&Arc<str>>) -> Option<Renamed> {
        let one = |name: String| Some(Renamed::One(Arc::from(name)));
        match self {
            Self::Names(mapping) => mapping.get(&field.cloned()).cloned(),
            Self::Beginnings(pairs) => pairs.iter().find_map(|(start, renamed)| {
                let rest = field?.strip_prefix(&**start)?;
                Some(renamed.map(|start| format!("{start}{rest}")))
            }),
            Self::Prefix(prefix) => one(format!("{prefix}{}", field?)),
            Self::Suffix(suffix) => one(format!("{}{suffix}", field?)),
            Self::Spelling(mapping, spelling) => match mapping.get(&field.cloned()) {
                Some(renamed) => Some(renamed.clone()),
                None => one(spelling.of(field?)),
            },
        }
    }

    /// The names of a field that stands outside of selections.
    pub(crate) fn outside(
        &self,
        step: &Step,
        run: &mut Run<'_>,
        field: &Arc<str>,
    ) -> Vec<Arc<str>> {
        match self.of(Some(field)) {
            Some(renamed) if step.takes_field(Some(field), run) => {
                let names = renamed.names().to_vec();
                run.track(field, &names, step.id());
                names
            }
            Some(_) | None => vec![Arc::clone(field)],
        }
    }

    /// An item under its new names.
    pub(crate) fn item(
        &self,
        step: &Step,
        run: &mut Run<'_>,
        mut item: DraftItem,
    ) -> Option<DraftBody> {
        let compared = self.compared(step, run, &mut item);
        let renamed = self.of(item.field.as_ref());
        let takes = renamed.is_some() && step.takes_field(item.field.as_ref(), run);
        if !takes && !compared {
            return Some(DraftBody::Item(item));
        }
        if let Some(renamed) = &renamed {
            run.mapped(item.field.as_ref(), renamed.names());
        }
        let Some(renamed) = renamed.filter(|_| takes) else {
            item.marks.extend(step.id().cloned());
            return Some(DraftBody::Item(item));
        };
        if item.field.is_none() {
            item.values.iter_mut().for_each(Value::sought_in_field);
        }
        match renamed {
            Renamed::One(name) => {
                item.field = Some(name);
                item.marks.extend(step.id().cloned());
                Some(DraftBody::Item(item))
            }
            Renamed::Many(names) => {
                let mut body = spread(&item, &names);
                if let Some(body) = &mut body {
                    body.mark(step.id());
                }
                body
            }
        }
    }

    /// Renames the fields that an item is compared with; whether there were any.
    fn compared(&self, step: &Step, run: &mut Run<'_>, item: &mut DraftItem) -> bool {
        let mut any = false;
        let mut values = Vec::new();
        for value in std::mem::take(&mut item.values) {
            match value {
                Value::Fixed(Test::Field {
                    field,
                    relation,
                    cased,
                }) if step.takes_field(Some(&field), run) => {
                    any = true;
                    values.extend(self.outside(step, run, &field).into_iter().map(|field| {
                        Value::Fixed(Test::Field {
                            field,
                            relation,
                            cased,
                        })
                    }));
                }
                Value::Fixed(_)
                | Value::Text(_)
                | Value::Open(..)
                | Value::Forms(_)
                | Value::Expression(_) => values.push(value),
            }
        }
        item.values = values;
        any
    }
}

/// An item under several names, of which one must fit. What says that something is not there, or is
/// not so, must hold under every name: else it would hold always, because no event has them all.
fn spread(item: &DraftItem, names: &[Arc<str>]) -> Option<DraftBody> {
    let under = |values: &[&Value]| -> Vec<DraftBody> {
        let each = names.iter().filter(|_| !values.is_empty());
        each.map(|name| {
            DraftBody::Item(DraftItem {
                field: Some(Arc::clone(name)),
                values: values.iter().map(|value| (*value).clone()).collect(),
                marks: Marks::new(),
                ..item.clone()
            })
        })
        .collect()
    };
    let all: Vec<&Value> = item.values.iter().collect();
    if matches!(item.quantifier, Quantifier::None | Quantifier::NotAll) {
        return DraftBody::joined(under(&all), DraftBody::All);
    }
    let (missing, present): (Vec<&Value>, Vec<&Value>) =
        all.into_iter().partition(|value| value.says_missing());
    let missing = DraftBody::joined(under(&missing), DraftBody::All);
    let present = DraftBody::joined(under(&present), DraftBody::Any);
    let both = present.into_iter().chain(missing).collect();
    match item.quantifier {
        Quantifier::All => DraftBody::joined(both, DraftBody::All),
        Quantifier::Any | Quantifier::None | Quantifier::NotAll => {
            DraftBody::joined(both, DraftBody::Any)
        }
    }
}

/// Reads `mapping`, whose key may be nothing: keywords.
pub(crate) fn mapping(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Mapping> {
    let node = fields.required("mapping", &mut reader.report)?;
    let mut mapping = Mapping::new();
    for (key, renamed) in pairs(reader, node)? {
        let name: Option<Arc<str>> = key.text().map(Arc::from);
        // Rules for Windows drop the spaces of a name, so a name with spaces means both.
        if let Some(name) = name.as_deref().filter(|name| name.contains(' ')) {
            let joined = Some(Arc::from(name.replace(' ', "")));
            mapping.entry(joined).or_insert_with(|| renamed.clone());
        }
        mapping.insert(name, renamed);
    }
    Some(mapping)
}

/// Reads `mapping` of beginnings, in the order written.
pub(crate) fn beginnings(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
) -> Option<Vec<(Arc<str>, Renamed)>> {
    let node = fields.required("mapping", &mut reader.report)?;
    let mut found = Vec::new();
    for (key, renamed) in pairs(reader, node)? {
        let start = reader.text(key, "the beginning of a name")?;
        found.push((Arc::from(start), renamed));
    }
    Some(found)
}

fn pairs<'n>(reader: &mut Reader<'_>, node: &'n Node) -> Option<Vec<(&'n Node, Renamed)>> {
    let Some(entries) = node.mapping() else {
        let message = format!(
            "expected names and what they become, found {}",
            node.describe()
        );
        reader.error(node.span, "wrong-type", message);
        return None;
    };
    let mut pairs = Vec::new();
    for (key, value) in entries {
        let renamed = if value.sequence().is_some() {
            kinds::list(reader, value).map(Renamed::Many)
        } else {
            reader
                .text(value, "the name of a field")
                .map(|name| Renamed::One(Arc::from(name)))
        };
        pairs.extend(renamed.map(|renamed| (key, renamed)));
    }
    (pairs.len() == entries.len()).then_some(pairs)
}
