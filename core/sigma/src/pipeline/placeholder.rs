//! Steps that fill placeholders.

use std::sync::Arc;

use cordon_text::Fields;

use super::{
    kinds,
    refusal::Refusal,
    run::Run,
    text::{Piece, Text},
    value::Value,
};
use crate::{
    expand::EXPANSIONS_MAX,
    modifier::{Plan, Shape},
    reader::Reader,
};

/// A way to fill placeholders.
#[derive(Debug, Clone)]
pub(crate) struct Fill {
    pub(crate) with: With,
    only: Option<Vec<Arc<str>>>,
    but: Option<Vec<Arc<str>>>,
}

/// What placeholders are filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum With {
    /// Anything at all.
    Wildcard,
    /// Each of the values under `vars`.
    Values,
}

impl Fill {
    fn handles(&self, name: &Arc<str>) -> bool {
        self.only.as_ref().is_none_or(|names| names.contains(name))
            && self.but.as_ref().is_none_or(|names| !names.contains(name))
    }

    /// The values that a value stands for; none if it has no placeholder of this step.
    pub(crate) fn value(
        &self,
        value: &Value,
        run: &Run<'_>,
    ) -> Result<Option<Vec<Value>>, Refusal> {
        let (text, plan) = match value {
            Value::Text(text) => (text, None),
            Value::Open(text, plan) => (text, Some(*plan)),
            Value::Forms(_) | Value::Expression(_) | Value::Fixed(_) => return Ok(None),
        };
        if !text.placeholders().any(|name| self.handles(name)) {
            return Ok(None);
        }
        let filled = self.filled(text, plan, run)?;
        let as_before = |text| match plan {
            Some(plan) => Value::Open(text, plan),
            None => Value::Text(text),
        };
        Ok(Some(filled.into_iter().map(as_before).collect()))
    }

    fn filled(&self, text: &Text, plan: Option<Plan>, run: &Run<'_>) -> Result<Vec<Text>, Refusal> {
        let mut filled = vec![text.emptied()];
        for piece in &text.pieces {
            let options = match piece {
                Piece::Placeholder(name) if self.handles(name) => self.options(name, plan, run)?,
                Piece::Placeholder(_) | Piece::Text(_) | Piece::AnyRun | Piece::AnyChar => {
                    let mut same = text.emptied();
                    same.push(piece.clone());
                    vec![same]
                }
            };
            if filled.len().saturating_mul(options.len()) > EXPANSIONS_MAX {
                return Err(Refusal::new(
                    "placeholder-too-many",
                    "the placeholders stand for too many values together".to_owned(),
                    "use one placeholder in a value, or shorter lists",
                ));
            }
            let with = |start: &Text| -> Vec<Text> {
                let each = options.iter().map(|option| {
                    let mut whole = start.clone();
                    whole.append(option);
                    whole
                });
                each.collect()
            };
            filled = filled.iter().flat_map(with).collect();
        }
        Ok(filled)
    }

    /// What one placeholder stands for.
    fn options(
        &self,
        name: &Arc<str>,
        plan: Option<Plan>,
        run: &Run<'_>,
    ) -> Result<Vec<Text>, Refusal> {
        match (self.with, plan.map(|plan| plan.shape)) {
            (With::Wildcard, None) => Ok(vec![Text {
                pieces: vec![Piece::AnyRun],
                ..Text::default()
            }]),
            (With::Wildcard, Some(Some(Shape::Regex(_)))) => Ok(vec![literal(".*")]),
            (With::Wildcard, Some(_)) => Err(Refusal::new(
                "pipeline-value",
                format!("no wildcard can stand for `%{name}%` in a network or an encoded text"),
                "give the placeholder values with `value_placeholders`",
            )),
            (With::Values, shape) => {
                let Some(values) = run.vars.get(name) else {
                    // It goes on waiting, so that all that have none are told together at the end.
                    let mut open = Text::default();
                    open.push(Piece::Placeholder(Arc::clone(name)));
                    return Ok(vec![open]);
                };
                let values = values.as_ref().filter(|values| !values.is_empty());
                let values = values.ok_or_else(|| not_plain(name))?;
                let read = |value: &String| match shape {
                    None => Text::parse(value),
                    Some(_) => literal(value),
                };
                Ok(values.iter().map(read).collect())
            }
        }
    }

    pub(crate) fn read(
        reader: &mut Reader<'_>,
        fields: &mut Fields<'_>,
        with: With,
    ) -> Option<Self> {
        let (include, exclude) = (fields.optional("include"), fields.optional("exclude"));
        if let (Some(_), Some(exclude)) = (include, exclude) {
            let message = "`include` and `exclude` cannot stand together".to_owned();
            reader.problem(
                exclude.span,
                "pipeline-value",
                message,
                "remove one of the two",
            );
            return None;
        }
        let only = include.map(|node| kinds::list(reader, node));
        let but = exclude.map(|node| kinds::list(reader, node));
        if matches!((&only, &but), (Some(None), _) | (_, Some(None))) {
            return None;
        }
        Some(Self {
            with,
            only: only.flatten(),
            but: but.flatten(),
        })
    }
}

fn literal(text: &str) -> Text {
    let mut literal = Text::default();
    literal.push(Piece::Text(text.to_owned()));
    literal
}

fn not_plain(name: &str) -> Refusal {
    Refusal::new(
        "pipeline-value",
        format!("the values of `{name}` under `vars` are not all texts or numbers"),
        "write a text or a list of texts",
    )
}
